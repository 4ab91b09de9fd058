"""Metrics by name, for registers that hang money, a verdict or an alert on one, and how a metric is held
against a threshold.

What a metric means is defined where it is computed, in the dbt project; its name is the same there.
"""

from __future__ import annotations

from contracts.fields import OneOf, Privacy

METRICS = {
    "participants_served": "persons with an open enrollment",
    "completion_rate": "completed / completed or withdrew",
    "on_time_completion": "completed within one and a half times the planned weeks",
    "credential_attainment": "exiters with a recognized credential",
    "measurable_skill_gains": "participants with a documented gain in the program year",
    "employment_rate_q2": "exiters employed in the second quarter after exit",
    "employment_rate_q4": "exiters employed in the fourth quarter after exit",
    "median_earnings_q2": "median earnings in the second quarter after exit",
    "training_related_employment": "employed in work related to the training",
    "retention_same_employer_q2_q4": "same employer in the second and fourth quarter after exit",
    "retention_q4": "employed by a member in Q4 / in Q2",
    "retention_q8": "employed by a member in Q8 / in Q2",
    "real_earnings_change": "real earnings after exit less before entry",
    "real_hourly_wage_change": "real hourly wage after exit less before entry",
    "stack_progression": "holders who attain the next credential of a ladder",
    "cross_firm_mobility": "persons whose primary employer becomes another member",
    "credential_integrity": "movers whose credential is active and recognized",
    "time_to_fill": "days from approval to acceptance of a seat",
    "time_to_productivity": "days from start to full productivity",
    "internal_fill_rate": "seats filled from within / seats filled",
    "skills_proficiency_gain": "level after less level before",
    "skills_gap": "required less current level, weighted",
    "equity_gap": "highest group's rate less the group's",
    "survey_score": "mean answer to an instrument",
    "verified_rate": "reported facts that a spot check confirmed",
    "rows_accepted": "rows of an extract that met its contract",
    "fund_balance": "closing balance of the fund",
    "cost_per_participant": "disbursed / participants served",
    "cost_per_completer": "disbursed / completers",
    "cost_per_placement_q2": "disbursed / placements in the second quarter",
    "output": "output of an establishment",
    "quality": "quality of an establishment's work",
    "safety": "safety of an establishment's work",
}
"""Every metric something can hang on, by its name in ``metric_definitions`` where it is published."""


def metric(description: str) -> OneOf:
    """One metric by its name."""
    return OneOf(METRICS, description=description, privacy=Privacy.PUBLIC)


def direction() -> OneOf:
    """Which side of the threshold is the good one."""
    sides = {"AT_LEAST": "at or above the threshold", "AT_MOST": "at or below the threshold"}
    return OneOf(sides, description="Which side of the threshold is met.", privacy=Privacy.PUBLIC)


def tested_on() -> OneOf:
    """What is held against the threshold."""
    held = {
        "POINT": "the point estimate",
        "LOWER_LIMIT": "the unfavorable limit of the 95 % interval",
    }
    return OneOf(held, description="What is held against the threshold.", privacy=Privacy.PUBLIC)
