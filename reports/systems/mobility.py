"""Mobility between members, pooled: no firm and no pair of firms is in any table, and no rate by origin.

What a move is, is the marts'; the newest window whose wage extracts are all in is shown.
"""

from __future__ import annotations

import pandas as pd

from contracts.codesets import titles
from reports.systems.table import Marts, Sum, SystemTable

_SECTION = "Mobility and careers"
_YEAR = 4
_CELL = ("horizon", "base_quarter", "group_dim", "group_value")
_EMPLOYERS = {"all": "All", "same": "With the same employer", "another": "With another member"}


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    """The newest base quarter, one year ahead."""
    chosen = rows[rows["is_newest"].astype(bool) & (rows["horizon"] == _YEAR)]
    return chosen.assign(cohort_start=chosen["base_quarter"], cohort_end=chosen["base_quarter"])


def group_label(dim: str, value: str) -> str:
    """What a group of workers is called."""
    if dim == "all":
        return "All workers"
    if dim == "area":
        return "Area not reported" if value == "unreported" else f"Workforce area {value}"
    return titles("soc_2018").get(value, "Occupation not reported")


def _labeled(rows: pd.DataFrame) -> pd.DataFrame:
    newest = _newest(rows)
    return newest.assign(label=list(map(group_label, newest["group_dim"], newest["group_value"])))


def _moves(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    cells = _labeled(rows)
    return cells.assign(
        metric_id="mobility_rate",
        unit="share",
        numerator=cells["movers"],
        denominator=cells["persons"],
        value=cells["mobility_rate"],
        value_lower=cells["mobility_lower"],
        value_upper=cells["mobility_upper"],
    )


def _upward(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    cells = _labeled(rows[rows["group_dim"] == "all"])
    return cells.assign(
        metric_id="upward_mobility",
        unit="share",
        numerator=cells["upward_movers"],
        denominator=cells["movers_compared"],
        persons=cells["movers_compared"],
        value=cells["upward_share"],
        value_lower=cells["upward_lower"],
        value_upper=cells["upward_upper"],
        value_status=cells["movers_compared"].gt(0).map({True: 1, False: -2}),
    )


def _retention(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    cells = _labeled(rows)
    return cells.assign(
        metric_id="job_retention",
        unit="share",
        numerator=cells["observed_later"],
        denominator=cells["persons"],
        value=cells["retained_share"],
        value_lower=cells["retained_lower"],
        value_upper=cells["retained_upper"],
    )


def _pay(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    cells = _newest(rows)
    return cells.assign(
        metric_id="wage_change",
        unit="usd_per_quarter",
        group_dim="employer",
        group_value=cells["employer"],
        label=cells["employer"].map(_EMPLOYERS),
        denominator=cells["persons"],
        value=cells["fuzzy_median_usd"],
        value_lower=cells["median_lower_usd"],
        value_upper=cells["median_upper_usd"],
    )


def _paths(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    """Major groups only: between single occupations too few people pass."""
    cells = rows[rows["soc_level"] == "G"]
    names = titles("soc_2018")
    pairs = zip(cells["from_occupation"], cells["to_occupation"], strict=True)
    return cells.assign(
        metric_id="pathway_share",
        unit="share",
        group_dim="pathway",
        group_value=cells["from_occupation"] + ">" + cells["to_occupation"],
        label=[f"{_short(names.get(a, a))} to {_short(names.get(b, b))}" for a, b in pairs],
        occupation=cells["from_occupation"],
        soc_level="G",
        numerator=cells["steps"],
        denominator=cells["observed"],
        value=cells["step_share"],
        cohort_start=cells["first_quarter"],
        cohort_end=cells["newest_quarter"],
    )


def _short(title: str) -> str:
    return title.removesuffix(" Occupations")


_BY_AREA_AND_OCCUPATIONS = (
    Sum({"group_dim": "all"}, {"group_dim": "area"}),
    Sum({"group_dim": "all"}, {"group_dim": "soc_group"}),
)
_GROUPS = ("group of workers", "groups of workers")

TABLES = (
    SystemTable(
        name="mobility",
        description="Workers whose main employer became another member within four quarters, pooled",
        mart="agg_mobility",
        contributors="agg_mobility_contributors",
        keys=_CELL,
        cells=_moves,
        section=_SECTION,
        member=_GROUPS,
        adds_up=_BY_AREA_AND_OCCUPATIONS,
    ),
    SystemTable(
        name="upward_mobility",
        description="Movers whose real pay is at least 1.05 times what it was, all members pooled",
        mart="agg_mobility",
        contributors="agg_upward_mobility_contributors",
        keys=_CELL,
        cells=_upward,
        section=_SECTION,
        member=_GROUPS,
    ),
    SystemTable(
        name="job_retention",
        description="Workers whom any member pays four quarters later, pooled; a lower bound",
        mart="agg_job_retention",
        contributors="agg_job_retention_contributors",
        keys=_CELL,
        cells=_retention,
        section=_SECTION,
        member=_GROUPS,
        adds_up=_BY_AREA_AND_OCCUPATIONS,
    ),
    SystemTable(
        name="wage_change",
        description="Median change of real quarterly pay over a year, with the same employer and another",
        mart="agg_wage_change",
        contributors="agg_wage_change_contributors",
        keys=("horizon", "base_quarter", "employer"),
        cells=_pay,
        section=_SECTION,
        member=("kind of job", "kinds of job"),
        adds_up=(Sum({"group_value": "all"}),),
    ),
    SystemTable(
        name="pathways",
        description="From one group of occupations to another within a year, five years pooled",
        mart="agg_pathways",
        contributors="agg_pathway_contributors",
        keys=("soc_level", "from_occupation", "to_occupation"),
        cells=_paths,
        section=_SECTION,
        member=("pathway", "pathways"),
    ),
)
