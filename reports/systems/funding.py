"""The fund's rules at work: what firms were assessed, paid, had matched and gave in kind.

Statements of single firms are private and are no table of this module. The cash book is in ``fund_tables``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from reports.systems.reference import SystemReference
from reports.systems.table import Marts, SystemTable

_SIZES: Mapping[str, str] = {
    "0": "Size not registered",
    "1": "Fewer than 20 employees",
    "2": "20 to 49 employees",
    "3": "50 to 249 employees",
    "4": "250 to 499 employees",
    "5": "500 employees and more",
}
_GIFTS: Mapping[str, str] = {
    "FACILITY": "Facilities",
    "EQUIPMENT": "Equipment",
    "INSTRUCTOR": "Instructors' time",
    "CURRICULUM": "Curriculum",
}


def _by_size(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return _dollars(rows, rows["amount_usd"]).assign(
        metric_id="account_" + rows["line"],
        group_dim="firm_size",
        group_value=rows["size_class"],
        label=rows["size_class"].map(_SIZES),
    )


def _gifts(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return _dollars(rows, rows["in_kind_usd"]).assign(
        metric_id="in_kind_value",
        group_dim="in_kind_category",
        group_value=rows["category_code"],
        label=rows["category_code"].map(lambda code: _GIFTS.get(code, str(code).capitalize())),
    )


_BANDS: Mapping[str, str] = {
    "below 0.8": "Less than 0.8 times",
    "0.8 to 1.25": "0.8 to 1.25 times",
    "above 1.25": "More than 1.25 times",
    "pays nothing": "Pays nothing",
}
_BENEFITS: Mapping[str, str] = {
    "payroll_taxes": "Payroll taxes on wages",
    "income_taxes": "Income taxes on wages",
    "turnover_cost": "Cost of turnover",
}


def _balance(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return rows.assign(
        metric_id="firms_by_balance",
        unit="firms",
        group_dim="benefit_over_contribution",
        group_value=rows["band"],
        label=rows["band"].map(_BANDS),
        denominator=rows["parents"],
        value=rows["parents"],
        cohort_start=rows["first_quarter"],
        cohort_end=rows["newest_quarter"],
    )


def _public(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return rows.assign(
        metric_id="public_benefit",
        unit="usd_total",
        group_dim="assumption",
        group_value=rows["assumption_id"],
        label=[
            f"{_BENEFITS.get(name, name)}: {low:g} to {high:g} of the base"
            for name, low, high in zip(
                rows["assumption_id"], rows["low_share"], rows["high_share"], strict=True
            )
        ],
        is_wage_derived=True,
        denominator=rows["persons"],
        value=rows["central_usd"],
        value_lower=rows["low_usd"],
        value_upper=rows["high_usd"],
    )


def _dollars(rows: pd.DataFrame, amounts: pd.Series) -> pd.DataFrame:
    """Amounts that add up firms' money, to the cent."""
    return rows.assign(
        unit="usd",
        value=amounts,
        money=amounts,
        denominator=None,
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
    )


SECTION = "The training fund"

TABLES = (
    SystemTable(
        name="contributions_by_size",
        description="What firms were assessed, paid and had matched, by their size, in dollars to the cent",
        mart="agg_contributions_by_size",
        contributors="agg_contributions_by_size_contributors",
        keys=("line", "size_class"),
        cells=_by_size,
        section=SECTION,
        member=("size of firm", "sizes of firm"),
        is_drawn=False,
        foots={
            "account_assessed": "fund_assessed",
            "account_paid": "fund_contributions",
            "account_matched": "fund_match",
        },
    ),
    SystemTable(
        name="gifts_in_kind",
        description="What firms gave in kind, by category, at its recorded value",
        mart="agg_in_kind",
        contributors="agg_in_kind_contributors",
        keys=("category_code",),
        cells=_gifts,
        section=SECTION,
        member=("category", "categories"),
        is_drawn=False,
        foots={"in_kind_value": "fund_in_kind"},
    ),
    SystemTable(
        name="contribution_balance",
        description="Firms by their share of the fund's benefit over their share of contributions",
        mart="agg_contribution_balance",
        contributors="agg_contribution_balance_contributors",
        keys=("band",),
        cells=_balance,
        section=SECTION,
        member=("band", "bands"),
        is_drawn=False,
    ),
    SystemTable(
        name="public_benefits",
        description="Taxes and turnover behind the wages of people who left training, under assumptions",
        mart="agg_public_benefits",
        contributors="agg_public_benefit_contributors",
        keys=("assumption_id",),
        cells=_public,
        section=SECTION,
        member=("benefit", "benefits"),
        is_drawn=False,
    ),
)


def _newest_outlays(frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """The last four quarters that the rule speaks of."""
    for row in frame.sort_values("period").tail(4).to_dict("records"):
        stated = row["state"] == "STATED"
        rate = f"{float(row['unemployment_rate']):.2f}" if stated else "not yet available"
        mean = f"{float(row['unemployment_mean']):.2f}" if stated else ""
        yield str(row["period"]), rate, mean, f"{float(row['factor']):.3f}" if stated else ""


REFERENCES = (
    # No dollars: outlays of quarters in a row give away what came in between, by source.
    SystemReference(
        name="outlay_rule",
        description="The rule that leans against the cycle, by quarter, with its parameters; the outlay "
        "without it is the outlay over the factor, unless the reserve cut it",
        mart="agg_outlay",
        columns={
            "period": "Quarter the outlay is for",
            "funding_rule_version": "Version of the funding rule in force on its first day",
            "unemployment_quarter": "Quarter whose unemployment decides",
            "unemployment_rate": "Unemployment in it, percentage points",
            "unemployment_mean": "Its mean over 32 quarters",
            "quarters_in_mean": "Quarters of the 32 that are known",
            "cycle_beta": "Change of the factor per point above the mean",
            "factor_least": "Least factor",
            "factor_most": "Largest factor",
            "reserve_floor": "Reserve kept, as a share of the base",
            "factor": "Outlay over the outlay without the rule; empty where not all quarters are known",
            "state": "STATED or NOT_ENOUGH_DATA",
        },
        section=SECTION,
        header=("Quarter", "Unemployment the quarter before", "Its mean over 8 years", "Outlay factor"),
        lines=_newest_outlays,
    ),
)
