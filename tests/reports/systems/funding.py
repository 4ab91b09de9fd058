"""Accounts of nine firms of two sizes, and gifts of two kinds, spread evenly."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

_PARENTS = tuple(f"G{number}" for number in range(1, 10))
_WINDOW = {"first_quarter": "2023Q1", "last_quarter": "2026Q2"}
_ACCOUNTS = tuple(
    (line, size, Decimal(amount))
    for line, amount in (("assessed", "90000.09"), ("paid", "81000.18"), ("matched", "45000.00"))
    for size in ("2", "3")
)
_GIFTS = (("FACILITY", Decimal("9000.27")), ("OVENS", Decimal("1800.00")))


def marts() -> dict[str, pd.DataFrame]:
    """Accounts by size and gifts in kind with their contributors, in the columns that publication reads."""
    accounts = pd.DataFrame(_ACCOUNTS, columns=["line", "size_class", "amount_usd"]).assign(**_WINDOW)
    gifts = pd.DataFrame(_GIFTS, columns=["category_code", "in_kind_usd"]).assign(**_WINDOW)
    balance = pd.DataFrame({"band": ["below 0.8", "above 1.25"], "parents": [12, 14]}).assign(
        first_quarter="2023Q1", newest_quarter="2026Q2"
    )
    many = pd.DataFrame(
        [
            (band, f"G{band}{number}")
            for band, n in zip(balance["band"], balance["parents"], strict=True)
            for number in range(n)
        ],
        columns=["band", "parent_group_id"],
    ).assign(persons=1, numerator_persons=0, amount_usd=Decimal(0))
    return {
        "agg_contribution_balance": balance,
        "agg_contribution_balance_contributors": many,
        "agg_public_benefits": _benefits(),
        "agg_public_benefit_contributors": _benefits()[["assumption_id"]]
        .merge(pd.DataFrame({"parent_group_id": _PARENTS}), how="cross")
        .assign(persons=10, numerator_persons=0, amount_usd=Decimal("60000.00")),
        "agg_outlay": _outlay(),
        "agg_contributions_by_size": accounts,
        "agg_contributions_by_size_contributors": _spread(accounts, ["line", "size_class"], "amount_usd"),
        "agg_in_kind": gifts,
        "agg_in_kind_contributors": _spread(gifts, ["category_code"], "in_kind_usd"),
    }


def _spread(rows: pd.DataFrame, keys: list[str], amount: str) -> pd.DataFrame:
    """Each amount in nine equal parts, one for each firm."""
    parts = rows[[*keys, amount]].merge(pd.DataFrame({"parent_group_id": _PARENTS}), how="cross")
    return parts.assign(persons=1, numerator_persons=0, amount_usd=parts[amount] / 9)[
        [*keys, "parent_group_id", "persons", "numerator_persons", "amount_usd"]
    ]


def _benefits() -> pd.DataFrame:
    """One benefit of nine firms with ten people each."""
    return pd.DataFrame(
        [("payroll_taxes", 90, 0.153, 0.153, 0.153, 82620.0, 82620.0, 82620.0)],
        columns=[
            *("assumption_id", "persons", "low_share", "central_share", "high_share"),
            *("low_usd", "central_usd", "high_usd"),
        ],
    ).assign(cohort_start="2023Q4", cohort_end="2025Q4", newest_quarter="2026Q2")


def _outlay() -> pd.DataFrame:
    """A quarter with a factor, and the next, for which unemployment is not known yet."""
    rule = {"funding_rule_version": "1.0", "cycle_beta": 0.1, "factor_least": 0.8, "factor_most": 1.2}
    told = {"unemployment_rate": 5.0, "unemployment_mean": 4.0, "quarters_in_mean": 32, "factor": 1.1}
    ahead = {"unemployment_rate": None, "unemployment_mean": 4.0, "quarters_in_mean": 31, "factor": None}
    return pd.DataFrame(
        [
            {"period": "2026Q2", "unemployment_quarter": "2026Q1", **told, "state": "STATED"},
            {"period": "2026Q3", "unemployment_quarter": "2026Q2", **ahead, "state": "NOT_ENOUGH_DATA"},
        ]
    ).assign(**rule, reserve_floor=0.25)
