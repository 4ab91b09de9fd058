"""Skills: gains in training, agreement of raters, gaps by occupation, time to proficiency and productivity.

What a level means is the mart's and O*NET's; sites are the operator's to compare and are not published.
"""

from __future__ import annotations

import pandas as pd

from contracts.codesets import titles
from reports.intervals import Z95
from reports.systems.table import Marts, Sum, SystemTable

_SECTION = "Skills"
_ALL = "All competencies"


def _named(competency: str) -> str:
    return _ALL if competency == "all" else f"Competency {competency}"


def _gains(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    half = Z95 * rows["sd_gain"] / rows["pairs"].astype("float64").pow(0.5)
    return _by_competency(rows).assign(
        metric_id="skills_proficiency_gain",
        unit="points",
        denominator=rows["pairs"],
        persons=rows["persons"],
        value=rows["mean_gain"],
        value_lower=rows["mean_gain"] - half,
        value_upper=rows["mean_gain"] + half,
    )


def _agreement(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return _by_competency(rows).assign(
        metric_id="rater_agreement",
        unit="ratio",
        denominator=rows["ratings"],
        value=rows["kappa"],
        value_status=rows["kappa"].notna().map({True: 1, False: -2}),
    )


def _by_competency(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        group_dim="competency",
        group_value=rows["competency"],
        label=rows["competency"].map(_named),
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
    )


def _gap(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    names = titles("soc_2018")
    pairs = zip(rows["soc_code"], rows["coverage_share"], strict=True)
    return rows.assign(
        metric_id="skills_gap",
        unit="points",
        label=[f"{names.get(soc, soc)} ({share:.0%} of skills' weight assessed)" for soc, share in pairs],
        group_dim="occupation",
        group_value=rows["soc_code"],
        soc_level="D",
        occupation=rows["soc_code"],
        denominator=rows["assessed_persons"],
        value=rows["gap_per_head"],
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
    )


_HIRED = {"all": "All jobs begun", "program_hire": "Hired out of a program", "other_hire": "Other jobs begun"}


def _starts(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    is_occupation = rows["group_dim"] == "occupation"
    names = titles("soc_2018")
    return rows.assign(
        unit="days",
        label=[_HIRED.get(group) or names.get(group, group) for group in rows["group_value"]],
        soc_level=is_occupation.map({True: "D", False: None}),
        occupation=rows["group_value"].where(is_occupation),
        denominator=rows["jobs"],
        value=rows["median_days"].astype("Float64"),
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
        value_status=rows["median_days"].notna().map({True: 1, False: -1}),
    )


TABLES = (
    SystemTable(
        name="skill_gains",
        description="Gains in level from before to after training, by competency",
        mart="agg_skill_gains",
        contributors="agg_skill_gains_contributors",
        keys=("competency",),
        cells=_gains,
        section=_SECTION,
        member=("competency", "competencies"),
    ),
    SystemTable(
        name="rater_agreement",
        description="Agreement of two raters of one performance, by competency",
        mart="agg_rater_agreement",
        contributors="agg_rater_agreement_contributors",
        keys=("competency",),
        cells=_agreement,
        section=_SECTION,
        member=("competency", "competencies"),
        adds_up=(Sum({"group_value": "all"}),),
    ),
    SystemTable(
        name="skills_gap",
        description="How far levels at work fall short of what O*NET asks, by occupation",
        mart="agg_skills_gap",
        contributors="agg_skills_gap_contributors",
        keys=("soc_code",),
        cells=_gap,
        section=_SECTION,
        member=("occupation", "occupations"),
    ),
    SystemTable(
        name="time_to_productivity",
        description="Days until half of those who begin a job work to standard, and are fully productive",
        mart="agg_time_to_productivity",
        contributors="agg_time_to_productivity_contributors",
        keys=("metric_id", "group_dim", "group_value"),
        cells=_starts,
        section=_SECTION,
        member=("group of jobs", "groups of jobs"),
        adds_up=(
            Sum({"group_dim": "all"}, {"group_dim": "occupation"}),
            Sum({"group_dim": "all"}, {"group_dim": "hired"}),
        ),
    ),
)
