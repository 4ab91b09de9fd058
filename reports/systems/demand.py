"""Demand: how long seats wait to be filled, and how many are filled from within.

What waiting means is the mart's; which occupations are shown is decided by the gate and by nothing here.
"""

from __future__ import annotations

import pandas as pd

from contracts.codesets import titles
from reports.systems.table import Marts, Sum, SystemTable

_ROLES = {"all": "All seats", "critical": "Critical roles", "other": "Other roles"}
TIERS = {
    "TIER1": "Suppliers, first tier",
    "TIER2": "Suppliers, second tier",
    "SERVICE": "Services",
    "unreported": "Place in the value chain not reported",
}
"""Places in the value chain, in words; a consortium may name others."""


def _waits(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    is_occupation = rows["group_dim"] == "occupation"
    return rows.assign(
        metric_id="time_to_fill",
        unit="days",
        label=list(map(_named, rows["group_dim"], rows["group_value"])),
        soc_level=is_occupation.map({True: "D", False: None}),
        occupation=rows["group_value"].where(is_occupation),
        denominator=rows["seats"],
        value=rows["median_days"].astype("Float64"),
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
        value_status=rows["median_days"].notna().map({True: 1, False: -1}),
    )


def _named(dim: str, group: str) -> str:
    if dim == "occupation":
        return titles("soc_2018").get(group, f"Occupation {group}")
    return TIERS.get(group, group) if dim == "tier" else _ROLES[group]


def _from_within(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return rows.assign(
        metric_id="internal_fill_rate",
        unit="share",
        group_dim="role",
        group_value=rows["role"],
        label=rows["role"].map(_ROLES),
        numerator=rows["internal_seats"],
        denominator=rows["filled_seats"],
        value=rows["internal_share"],
        value_lower=rows["internal_lower"],
        value_upper=rows["internal_upper"],
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
    )


_SECTION = "Demand for talent"

TABLES = (
    SystemTable(
        name="time_to_fill",
        description="Days until half of the seats are filled: all, by occupation, role, place in the chain",
        mart="agg_time_to_fill",
        contributors="agg_time_to_fill_contributors",
        keys=("group_dim", "group_value"),
        cells=_waits,
        section=_SECTION,
        member=("group of seats", "groups of seats"),
        adds_up=(
            Sum({"group_dim": "all"}, {"group_dim": "occupation"}),
            Sum({"group_dim": "all"}, {"group_dim": "role"}),
        ),
    ),
    SystemTable(
        name="internal_fill",
        description="Seats filled by an internal move or a promotion, over seats filled, by kind of role",
        mart="agg_internal_fill",
        contributors="agg_internal_fill_contributors",
        keys=("role",),
        cells=_from_within,
        section=_SECTION,
        member=("kind of role", "kinds of role"),
        adds_up=(Sum({"group_value": "all"}),),
    ),
)
