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
    return {
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
