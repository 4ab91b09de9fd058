"""Outcomes by groups of people: who they are, which supports, incentives or mentors they had, how they learn.

Groups, gaps and flags are the marts'; which cells are shown is decided by the gate and by nothing here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from reports.document import Block
from reports.equity import RESIDUAL, four_fifths
from reports.measures import Statistic, measure
from reports.published import Published
from reports.systems.practice import PRACTICE
from reports.systems.table import Marts, Partition, Sum, SystemTable

_DIMENSIONS = {
    "sex": "Sex",
    "race_ethnicity": "Race and ethnicity",
    "age": "Age at entry",
    "disability": "Disability",
    "standing": "Standing at entry",
    "single_parent": "Single parent",
    "low_income": "Low income",
    "ell": "English learner",
    "basic_skills_deficient": "Basic skills deficient",
    "ex_offender": "Formerly incarcerated",
    "long_term_unemployed": "Long-term unemployed",
    "incentive": "Incentive before the outcome",
    "incentive_type": "First incentive",
    "mentoring_dose": "Mentoring sessions",
    "mentoring_mode": "Main form of mentoring",
    "delivery_mode": "Delivery",
    "work_based_learning": "Work-based learning",
}
_GROUPS = {
    RESIDUAL: "undisclosed or small",
    "1_to_3": "1 to 3",
    "4_to_7": "4 to 7",
    "8_or_more": "8 or more",
    "25_to_54": "25 to 54",
    "55_and_over": "55 and over",
    "under_25": "under 25",
    **{name: name.capitalize() for name in ("asian", "black", "hispanic", "white")},
}


def group_label(dimension: str, group: str) -> str:
    """A group in words: ``Single parent: yes``."""
    words = _GROUPS.get(group, group.replace("_", " "))
    return f"{_DIMENSIONS.get(dimension, dimension.replace('_', ' ').capitalize())}: {words}"


def _by_group(label: Callable[[str, str], str]) -> Callable[[pd.DataFrame, Marts], pd.DataFrame]:
    def cells(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
        pairs = zip(rows["group_dim"], rows["group_value"], strict=True)
        is_median = rows["metric_id"].map(lambda name: measure(name).statistic is Statistic.MEDIAN)
        return rows.assign(
            label=[label(dimension, group) for dimension, group in pairs],
            value=rows["value"].mask(is_median.astype(bool), rows["value_fuzzy"]),
        )

    return cells


def support_label(support: str, standing: str) -> str:
    """A support and whether who needed it had it, in words."""
    subject = "Any support" if support == "any" else support.replace("_", " ").capitalize()
    return f"{subject}: {'provided' if standing == 'provided' else 'needed, not provided'}"


_KEYS = ("group_dim", "group_value", "metric_id")


def _table(name: str, description: str, section: str, label: Callable[[str, str], str]) -> SystemTable:
    return SystemTable(
        name=name,
        description=description,
        mart=f"agg_{name}",
        contributors=f"agg_{name}_contributors",
        keys=_KEYS,
        cells=_by_group(label),
        section=section,
        member=("group", "groups"),
        adds_up=(Partition("group_dim"),),
    )


def _four_fifths(published: Published) -> list[Block]:
    return four_fifths(published, "equity_outcomes", _JUDGED)


_SERVED = "Who is served, and how it goes"
_JUDGED = ("access_to_credential_training", "completion_rate", "credential_attainment", "employment_rate_q2")

TABLES = (
    replace(
        _table("equity_outcomes", "Outcomes by who people are at entry", _SERVED, group_label),
        remarks=_four_fifths,
    ),
    replace(
        _table(
            "support_outcomes",
            "Completion of those who received a support and of those who needed it and went without",
            _SERVED,
            support_label,
        ),
        # Few have two supports: who has any is nearly the sum of those who have each.
        adds_up=(Sum({"group_dim": "any"}, by=("group_value",)),),
    ),
    _table("incentive_outcomes", "Outcomes with and without an early incentive", PRACTICE, group_label),
    _table("mentoring_outcomes", "Outcomes by sessions and form of mentoring", PRACTICE, group_label),
    _table("delivery_outcomes", "Outcomes by delivery and work-based learning", PRACTICE, group_label),
)
