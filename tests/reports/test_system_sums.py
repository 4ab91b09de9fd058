"""What a system's table declares of its counts: which rows add up to which, here and across tables."""

from __future__ import annotations

import pandas as pd

from reports.disclosure.policy import load_preset
from reports.facts import ReleaseFacts
from reports.systems import SYSTEM_TABLES, candidate
from reports.systems.groups import TABLES

WINDOW = {"cohort_start": "2024Q1", "cohort_end": "2025Q4"}
WHOLE = ("outcomes_consortium", "completion_rate | consortium | all | 2024Q1 | 2025Q4")


def _marts(metric: str) -> dict[str, pd.DataFrame]:
    groups = [("sex", "female"), ("sex", "male"), ("age", "under_25"), ("age", "25_to_54")]
    rows = pd.DataFrame(groups, columns=["group_dim", "group_value"]).assign(
        **WINDOW,
        metric_id=metric,
        newest_quarter="2025Q4",
        numerator=20,
        denominator=40,
        persons=40,
        unit="share",
        value=0.5,
        value_fuzzy=None,
        is_wage_derived=False,
    )
    behind = rows[["group_dim", "group_value", "metric_id"]].assign(
        parent_group_id="P1", persons=40, numerator_persons=20, amount_usd=0
    )
    whole = {"metric_id": "completion_rate", "breakdown": "consortium", "member": "all", **WINDOW}
    return {
        "agg_equity_outcomes": rows,
        "agg_equity_outcomes_contributors": behind,
        "agg_outcomes": pd.DataFrame([whole, whole | {"breakdown": "cohort", "member": "2024Q1"}]),
    }


def _sums(metric: str, facts: ReleaseFacts) -> list[dict[str, int]]:
    asked = candidate(TABLES[0], _marts(metric), load_preset("board"), facts)
    return [{" ".join(cell): sign for cell, sign in sum_.items()} for sum_ in asked.equations or ()]


def _of(*groups: str) -> dict[str, int]:
    return {f"equity_outcomes {group}": 1 for group in groups}


def test_divisions_of_the_same_people_add_up_to_the_consortiums_row(facts: ReleaseFacts) -> None:
    age = _of("age | under_25 | completion_rate", "age | 25_to_54 | completion_rate")
    sex = _of("sex | female | completion_rate", "sex | male | completion_rate")
    assert _sums("completion_rate", facts) == [age | {" ".join(WHOLE): -1}, sex | dict.fromkeys(age, -1)]


def test_divisions_are_held_against_each_other_where_no_whole_is_published(facts: ReleaseFacts) -> None:
    metric = "access_to_credential_training"
    age = _of(f"age | under_25 | {metric}", f"age | 25_to_54 | {metric}")
    sex = _of(f"sex | female | {metric}", f"sex | male | {metric}")
    assert _sums(metric, facts) == [sex | dict.fromkeys(age, -1)]


def test_tables_that_divide_people_say_how_they_add_up() -> None:
    silent = {table.name for table in SYSTEM_TABLES if table.adds_up is None}
    # Money, means, estimates and shares of different wholes: one hidden row hides the measure.
    assert silent == {
        *("survey_scores", "incentive_awards", "skill_gains", "skills_gap"),
        *("effects", "effects_by_program", "effects_by_group", "training_costs", "fill_channels"),
        *(
            "contributions_by_size",
            "gifts_in_kind",
            "performance_payables",
            "contribution_balance",
            "public_benefits",
        ),
        *("bottlenecks", "demand_cycle", "upward_mobility", "pathways"),
        *("credential_integrity", "credential_recognition"),
        *("alert_signals", "tier_gates", "pilot_verdicts"),
    }
