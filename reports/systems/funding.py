"""The fund's rules at work: what firms were assessed, paid, had matched and gave in kind.

Statements of single firms are private and are no table of this module. The cash book is in ``fund_tables``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

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
    ),
)
