"""How training is run: what people answer in surveys, what awards are worth, what apprentices are paid.

Scores, means and steps are the marts'; outcomes by incentive, mentoring and delivery are in ``groups``.
"""

from __future__ import annotations

import pandas as pd

from reports.systems.table import Marts, Sum, SystemTable

PRACTICE = "How training is run"

_LEVELS = {"L1": "Reaction (level 1)", "L2": "Learning (level 2)", "L3": "Behavior on the job (level 3)"}


def _scores(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return rows.assign(
        metric_id="survey_score",
        unit="ratio",
        label=[
            f"{_LEVELS.get(group, f'Instrument {group}')}, {share:.0%} answered"
            for group, share in zip(rows["group_value"], rows["response_share"], strict=True)
        ],
        denominator=rows["responders"],
        value=rows["mean_score"],
        value_lower=rows["score_lower"],
        value_upper=rows["score_upper"],
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
    )


def _awards(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    tiers = rows["tier"].map(lambda tier: "all tiers" if tier == "all" else f"tier {tier}")
    return rows.assign(
        metric_id="mean_award",
        unit="usd_per_award",
        group_dim="tier",
        group_value=rows["tier"],
        label=rows["award_year"].astype("str") + ", " + tiers,
        denominator=rows["financial_awards"],
        value=rows["mean_award_usd"],
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
        value_status=rows["financial_awards"].gt(0).map({True: 1, False: -2}),
    )


def _on_step(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return rows.assign(
        metric_id="on_step_rate",
        unit="share",
        group_dim="step",
        group_value=rows["step"],
        label=rows["step"].map(lambda step: "All steps" if step == "all" else f"Step {step}"),
        numerator=rows["on_step"],
        denominator=rows["quarters"],
        persons=rows["persons"],
        value=rows["on_step_share"],
        value_lower=rows["on_step_lower"],
        value_upper=rows["on_step_upper"],
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
    )


TABLES = (
    SystemTable(
        name="survey_scores",
        description="Mean answers to surveys, by Kirkpatrick level and by instrument",
        mart="agg_survey_scores",
        contributors="agg_survey_scores_contributors",
        keys=("group_dim", "group_value"),
        cells=_scores,
        section=PRACTICE,
        member=("level or instrument", "levels and instruments"),
    ),
    SystemTable(
        name="incentive_awards",
        description="What an award of money was worth on average, by calendar year and tier",
        mart="agg_incentive_awards",
        contributors="agg_incentive_awards_contributors",
        keys=("tier", "award_year"),
        cells=_awards,
        section=PRACTICE,
        member=("year and tier", "years and tiers"),
    ),
    SystemTable(
        name="on_step",
        description="Quarters on an apprenticeship step that were paid at least the step's rate",
        mart="agg_on_step",
        contributors="agg_on_step_contributors",
        keys=("step",),
        cells=_on_step,
        section=PRACTICE,
        member=("step", "steps"),
        adds_up=(Sum({"group_value": "all"}),),
    ),
)
