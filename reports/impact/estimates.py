"""Every effect of a region, as two frames in the shape of marts: the effects, and the firms behind each.

Exact numbers, for the disclosure gate: nothing here is rounded or published. Who calls this and where the
frames are kept is the journey's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reports.impact.group_estimates import GROUP_CONTRIBUTORS, GROUPS, estimate_groups
from reports.impact.outcomes import OUTCOMES, Outcome, Region, period_of, programs_of
from reports.impact.panel import Floats, Ints, Panel, Window
from reports.impact.performance import PERFORMANCE, PERFORMANCE_CONTRIBUTORS, estimate_performance
from reports.impact.results import Answer, Estimate, NotEstimable
from reports.impact.retention import cohort_difference
from reports.impact.study import Study, study
from reports.impact.verdict import judge_alone
from reports.impact.words import headline

EFFECTS, CONTRIBUTORS = "agg_effects", "agg_effect_contributors"
PROGRAM_EFFECTS, PROGRAM_CONTRIBUTORS = "agg_program_effects", "agg_program_effect_contributors"
ESTIMATED = (
    *(EFFECTS, CONTRIBUTORS, PROGRAM_EFFECTS, PROGRAM_CONTRIBUTORS),
    *(GROUPS, GROUP_CONTRIBUTORS, PERFORMANCE, PERFORMANCE_CONTRIBUTORS),
)
"""Marts that are estimated instead of selected: they lie beside the warehouse of a build."""

KEYS = ("metric_id", "program_id", "interval")
ALL = "all"

EFFECT_COLUMNS: dict[str, str] = {
    "metric_id": "string[pyarrow]",
    "program_id": "string[pyarrow]",
    "interval": "string[pyarrow]",
    "unit": "string[pyarrow]",
    "value": "Float64",
    "value_lower": "Float64",
    "value_upper": "Float64",
    "detectable": "Float64",
    "persons": "Int64",
    "first_quarter": "string[pyarrow]",
    "last_quarter": "string[pyarrow]",
    "verdict": "string[pyarrow]",
    "sentence": "string[pyarrow]",
    "flags": "string[pyarrow]",
    "reason": "string[pyarrow]",
    "estimator": "string[pyarrow]",
    "history": "Int64",
    "specifications": "Int64",
    "attrition_participants": "Float64",
    "attrition_comparison": "Float64",
}
"""One row per metric × program (or all) × interval (default, careful, or one of those beside them)."""

_CONTRIBUTOR_COLUMNS = {
    "metric_id": "string[pyarrow]",
    "program_id": "string[pyarrow]",
    "interval": "string[pyarrow]",
    "parent_group_id": "string[pyarrow]",
    "persons": "Int64",
    "numerator_persons": "Int64",
    "amount_usd": "Float64",
}


@dataclass(frozen=True)
class Estimated:
    """The frames by mart name, and every study as it came out: internal, for the operator."""

    marts: dict[str, pd.DataFrame]
    studies: dict[tuple[str, str], Study]


def estimate_effects(region: Region | None, groups: pd.DataFrame, performance: pd.DataFrame) -> Estimated:
    """Every outcome for the whole consortium and each program, earnings by group, firms' performance.

    ``region``: ``region_of`` the rows of ``fct_effect_quarter``, which need not be kept; ``groups``: rows of
    ``fct_effect_group``; ``performance``: of ``fct_performance_quarter``.
    """
    found = [] if region is None else list(_of_region(region))
    effects = [row for one in found for row in one.effects]
    behind = [row for one in found for row in one.contributors]
    marts = {
        EFFECTS: _typed(effects, EFFECT_COLUMNS, of_programs=False),
        CONTRIBUTORS: _typed(behind, _CONTRIBUTOR_COLUMNS, of_programs=False),
        PROGRAM_EFFECTS: _typed(effects, EFFECT_COLUMNS, of_programs=True),
        PROGRAM_CONTRIBUTORS: _typed(behind, _CONTRIBUTOR_COLUMNS, of_programs=True),
        **estimate_groups(region, groups),
        **estimate_performance(performance),
    }
    return Estimated(marts, {one.key: one.study for one in found if one.study is not None})


def _typed(rows: list[dict[str, Any]], columns: dict[str, str], *, of_programs: bool) -> pd.DataFrame:
    chosen = [row for row in rows if (row["program_id"] != ALL) == of_programs]
    return pd.DataFrame(chosen, columns=list(columns)).astype(columns)


@dataclass(frozen=True)
class _Found:
    key: tuple[str, str]
    effects: list[dict[str, Any]]
    contributors: list[dict[str, Any]]
    study: Study | None


def _of_region(region: Region) -> Iterator[_Found]:
    for outcome in OUTCOMES:
        values = outcome.values(region)
        programs = programs_of(region) if outcome.by_program else ()
        for program in (None, *programs):
            if np.isfinite(values).any():
                yield _of_outcome(region, outcome, values, program)


def _of_outcome(region: Region, outcome: Outcome, values: Floats, program: str | None) -> _Found:
    persons = region.persons(values, program)
    panel = region.panel(values, persons)
    name = program or ALL
    if outcome.is_survival:
        answers, words, found = _survival(region, panel, persons)
    else:
        found = study(panel)
        answers, words = _answers(found), _words(found)
    base = {"metric_id": outcome.metric_id, "program_id": name, "unit": outcome.unit, **words}
    base |= period_of(panel)
    effects = [base | _numbers(interval, answer) for interval, answer in answers.items()]
    # One count of people for all estimators: samples that differ by a few would tell about those few.
    effects = [one | {"persons": effects[0].get("persons")} if "persons" in one else one for one in effects]
    if found is not None and found.careful is not None:
        effects[0]["detectable"] = found.careful.detectable
    behind = _behind(region, panel, persons)
    contributors = [
        {"metric_id": outcome.metric_id, "program_id": name, "interval": interval} | one
        for interval, answer in answers.items()
        if isinstance(answer, Estimate)
        for one in behind
    ]
    return _Found((outcome.metric_id, name), effects, contributors, found)


def _answers(found: Study) -> dict[str, Answer]:
    """What is published of a study: the two intervals that count, and what is printed beside them."""
    careful: Answer = found.careful or NotEstimable("careful", *_why(found))
    answers: dict[str, Answer] = {"default": found.default, "careful": careful}
    return answers | {name: found.beside[name] for name in BESIDE if name in found.beside}


BESIDE = ("symmetric", "callaway_santanna_base_5", "union", "skip_2", "skip_6", "placebo")


def _why(found: Study) -> tuple[Any, str, str]:
    refusals = [one for one in found.adjusted.values() if isinstance(one, NotEstimable)]
    one = refusals[0] if refusals else found.default
    assert isinstance(one, NotEstimable)
    return one.reason, one.found, one.needed


def _words(found: Study) -> dict[str, Any]:
    return {
        "verdict": found.judgement.verdict.value,
        # Without the number that ends it: numbers are published rounded, or not at all.
        "sentence": headline(found).split(" This study would")[0],
        "flags": " ".join(found.judgement.flags),
        "history": found.history,
        "specifications": found.specifications,
        "attrition_participants": found.flow.attrition_participants,
        "attrition_comparison": found.flow.attrition_comparison,
    }


def _survival(
    region: Region, panel: Panel, persons: Ints
) -> tuple[dict[str, Answer], dict[str, Any], Study | None]:
    """Retention: a difference within firm and quarter of entry, never called positive."""
    at_risk = (region.wages[persons] > 0) & (region.employer[persons] == region.home[persons][:, None])
    answer = cohort_difference(panel, at_risk, Window(), "difference among those employed before")
    verdict = judge_alone(answer, is_settled=False).verdict
    sentence = "Descriptive: of those on the payroll just before, compared within firm and quarter of entry."
    words = {"verdict": verdict.value, "sentence": sentence, "flags": "", "history": panel.history}
    return {"default": answer}, words | {"specifications": 1}, None


def _numbers(interval: str, answer: Answer) -> dict[str, Any]:
    if isinstance(answer, NotEstimable):
        return {"interval": interval, "reason": answer.reason.value, "estimator": answer.name}
    return {
        "interval": interval,
        "estimator": answer.name,
        "value": answer.value,
        "value_lower": answer.lower if np.isfinite(answer.lower) else None,
        "value_upper": answer.upper if np.isfinite(answer.upper) else None,
        "detectable": answer.detectable,
        "persons": answer.persons,
    }


def _behind(region: Region, panel: Panel, persons: Ints) -> list[dict[str, Any]]:
    """Per parent with both groups, the participants in the window and what members paid them in it."""
    window = Window()
    used = panel.within(window) & panel.untreated(window.skip).any(axis=1, keepdims=True)
    home = region.home[persons]
    never = np.bincount(home[~panel.is_participant], minlength=len(region.parents))
    people = np.bincount(home[used.any(axis=1)], minlength=len(region.parents))
    pay = np.bincount(home, region.paid(persons, used), minlength=len(region.parents))
    return [
        {
            "parent_group_id": name,
            "persons": int(people[number]),
            "numerator_persons": 0,
            "amount_usd": round(float(pay[number]), 2),
        }
        for number, name in enumerate(region.parents)
        if people[number] > 0 and never[number] > 0
    ]
