"""Groups of people, their skills and how they are trained, each spread evenly over nine firms.

One group (single parents) completes far less often than the other, and nothing else differs by a fifth.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

_PARENTS = tuple(f"G{number}" for number in range(1, 10))
_WINDOW = {"cohort_start": "2023Q4", "cohort_end": "2025Q4", "newest_quarter": "2025Q4"}
_QUARTERS = {"first_quarter": "2023Q4", "last_quarter": "2025Q4"}
_GROUPS = {
    "equity_outcomes": (
        ("sex", "female", "completion_rate", 450, 360),
        ("sex", "male", "completion_rate", 450, 369),
        ("single_parent", "yes", "completion_rate", 180, 90),
        ("single_parent", "no", "completion_rate", 630, 540),
        ("single_parent", "undisclosed_or_small", "completion_rate", 90, 45),
    ),
    "support_outcomes": (
        ("any", "provided", "completion_rate", 270, 234),
        ("any", "unmet", "completion_rate", 135, 90),
    ),
    "incentive_outcomes": (
        ("incentive", "awarded", "completion_rate", 450, 387),
        ("incentive", "none", "completion_rate", 450, 333),
    ),
    "mentoring_outcomes": (
        ("mentoring_dose", "none", "completion_rate", 360, 270),
        ("mentoring_dose", "4_to_7", "completion_rate", 270, 243),
    ),
    "delivery_outcomes": (
        ("delivery_mode", "in_person", "completion_rate", 720, 576),
        ("delivery_mode", "blended", "completion_rate", 180, 144),
    ),
}
_COMPETENCIES = (("all", 450), ("READING", 225))
_OCCUPATIONS = (("51-4121", 180), ("49-9041", 90))
_STARTS = (("all", "all", 450), ("hired", "program_hire", 180), ("hired", "other_hire", 270))
_SCORES = (("level", "L1", 450), ("level", "L3", 180))
_AWARDS = (("all", 2024, 180), ("all", 2025, 270))
_STEPS = (("all", 450, 387), ("1", 270, 234))


def marts() -> dict[str, pd.DataFrame]:
    """Every mart that the tables of groups, skills and practice read."""
    made: dict[str, pd.DataFrame] = {}
    for name, rows in _GROUPS.items():
        made |= _groups(name, rows)
    return made | _skills() | _practice()


def _groups(name: str, rows: tuple[tuple[Any, ...], ...]) -> dict[str, pd.DataFrame]:
    keys = ["group_dim", "group_value", "metric_id"]
    frame = pd.DataFrame(rows, columns=[*keys, "denominator", "numerator"]).assign(**_WINDOW, unit="share")
    share = frame["numerator"] / frame["denominator"]
    stated = frame.assign(persons=frame["denominator"], value=share, value_fuzzy=None, is_wage_derived=False)
    return _pair(name, stated.assign(value_lower=share - 0.03, value_upper=share + 0.03), keys, "numerator")


def _pair(name: str, rows: pd.DataFrame, keys: list[str], hits: str | None) -> dict[str, pd.DataFrame]:
    """A mart and its contributors: each row's people in nine equal parts, one for each firm."""
    parts = rows.merge(pd.DataFrame({"parent_group_id": _PARENTS}), how="cross")
    behind = parts[[*keys, "parent_group_id"]].assign(
        persons=parts["denominator"] // 9,
        numerator_persons=parts[hits] // 9 if hits else 0,
        amount_usd=0,
    )
    return {f"agg_{name}": rows, f"agg_{name}_contributors": behind}


def _skills() -> dict[str, pd.DataFrame]:
    gains = pd.DataFrame(_COMPETENCIES, columns=["competency", "denominator"]).assign(**_QUARTERS)
    gains = gains.assign(pairs=gains["denominator"], persons=gains["denominator"], mean_gain=1.1, sd_gain=0.5)
    ratings = pd.DataFrame(_COMPETENCIES, columns=["competency", "denominator"]).assign(**_QUARTERS)
    ratings = ratings.assign(ratings=ratings["denominator"], kappa=[0.82, None])
    gaps = pd.DataFrame(_OCCUPATIONS, columns=["soc_code", "denominator"]).assign(**_QUARTERS)
    gaps = gaps.assign(assessed_persons=gaps["denominator"], coverage_share=0.25, gap_per_head=[0.4, 3.1])
    starts = pd.DataFrame(_STARTS, columns=["group_dim", "group_value", "denominator"]).assign(**_QUARTERS)
    starts = starts.assign(metric_id="time_to_productivity", jobs=starts["denominator"])
    starts = starts.assign(median_days=pd.array([95, 80, None], dtype="Int64"))
    return {
        **_pair("skill_gains", gains, ["competency"], None),
        **_pair("rater_agreement", ratings, ["competency"], None),
        **_pair("skills_gap", gaps, ["soc_code"], None),
        **_pair("time_to_productivity", starts, ["metric_id", "group_dim", "group_value"], None),
    }


def _practice() -> dict[str, pd.DataFrame]:
    scores = pd.DataFrame(_SCORES, columns=["group_dim", "group_value", "denominator"]).assign(**_QUARTERS)
    scores = scores.assign(responders=scores["denominator"], response_share=0.62, mean_score=0.8)
    scores = scores.assign(score_lower=0.78, score_upper=0.82)
    awards = pd.DataFrame(_AWARDS, columns=["tier", "award_year", "denominator"]).assign(**_QUARTERS)
    awards = awards.assign(financial_awards=awards["denominator"], mean_award_usd=[431.0, 506.0])
    steps = pd.DataFrame(_STEPS, columns=["step", "denominator", "on_step"]).assign(**_QUARTERS)
    share = steps["on_step"] / steps["denominator"]
    steps = steps.assign(quarters=steps["denominator"], persons=steps["denominator"], on_step_share=share)
    steps = steps.assign(on_step_lower=share - 0.03, on_step_upper=share + 0.03)
    return {
        **_pair("survey_scores", scores, ["group_dim", "group_value"], None),
        **_pair("incentive_awards", awards, ["tier", "award_year"], None),
        **_pair("on_step", steps, ["step"], "on_step"),
    }
