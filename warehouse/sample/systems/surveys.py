"""Surveys and audits of the sample region: what learners and supervisors answer, what auditors find.

The mean answer at each of Kirkpatrick's levels is planted, and so is the share that answers. One instrument
is answered by too few for anything to be told of it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from pydantic import JsonValue

from warehouse.sample.draws import Days, Ints, choose, stream
from warehouse.sample.enrollments import Files
from warehouse.sample.registers import fund_start
from warehouse.sample.systems.system import OPERATOR, Drawn, in_boxes
from warehouse.sample.text import BLANK, day_texts, frame, number_texts, only_where

MEANS: Mapping[str, float] = {"L1": 4.2, "L2": 3.8, "L3": 3.4}
"""The mean answer, on a scale from 1 to 5, by Kirkpatrick level."""

ANSWERS = 0.62
"""The share of questionnaires that come back."""

OVERDUE = 6
"""Audit findings that are past their day and still open."""

_ROLE = {"L1": "LEARNER", "L2": "LEARNER", "L3": "SUPERVISOR"}
_AFTER = {"L1": 3, "L2": 10, "L3": 95}
_RARE, _ASKED_RARELY = "PILOT-2025", 7
_FINDINGS_A_YEAR = 12


def draw(files: Files) -> Drawn:
    """Answers of everybody who completed, and the findings of every year's audits."""
    answers = pd.concat([*(_answers(files, level) for level in MEANS), _rare(files)], ignore_index=True)
    answered = {
        level: int(((answers["kirkpatrick_level"] == level) & (answers["value"] != BLANK)).sum())
        for level in MEANS
    }
    frames = {
        "survey_response": answers.sort_values(["box", "quarter"], kind="stable", ignore_index=True),
        "audit_finding": _findings(files),
    }
    truth: dict[str, JsonValue] = {
        "mean_answer": dict(MEANS),
        "response_share": ANSWERS,
        "answered": dict(answered),
        "too_few": _RARE,
        "findings_overdue": OVERDUE,
        "findings": len(frames["audit_finding"]),
    }
    return Drawn(frames, truth)


def _answers(files: Files, level: str) -> pd.DataFrame:
    rng, terms = stream(files.region.settings.seed, "survey", level), files.terms
    asked_on = terms.end + np.timedelta64(_AFTER[level], "D")
    which = np.flatnonzero(terms.is_over & terms.completed)
    which = which[asked_on[which] <= files.calendar.last_day]
    values = np.clip(np.round(rng.normal(MEANS[level], 0.7, len(which))), 1, 5).astype(np.int64)
    rows = _rows(files, (f"{level}-2023", level), which, asked_on[which])
    came_back = rng.random(len(which)) < ANSWERS
    return rows.assign(
        value=only_where(came_back, number_texts(values)),
        no_answer_reason=only_where(~came_back, "NOT_RETURNED"),
    )


def _rare(files: Files) -> pd.DataFrame:
    """Every answer of an instrument that was handed to a few."""
    terms = files.terms
    which = np.flatnonzero(terms.is_over & terms.completed)[:_ASKED_RARELY]
    rows = _rows(files, (_RARE, "L1"), which, terms.end[which])
    return rows.assign(value="5", no_answer_reason=BLANK)


def _rows(files: Files, of: tuple[str, str], terms: Ints, days: Days) -> pd.DataFrame:
    instrument, level = of
    seats = files.terms.seats[terms]
    columns = {
        "instrument_id": instrument,
        "wave": "1",
        "response_id": [f"{instrument}-{term:06d}" for term in terms],
        "question_id": f"{level}-Q1",
        "respondent_role": _ROLE[level],
        "kirkpatrick_level": level,
        "learner_key": BLANK,
        "key_epoch": BLANK,
        "program_id": files.of_program("program_id", seats),
        "asked_on": day_texts(days),
        "value": BLANK,
        "scale_least": "1",
        "scale_most": "5",
        "no_answer_reason": BLANK,
    }
    return in_boxes(frame(columns, len(terms)), OPERATOR, files.periods(files.calendar.quarter_of(days)))


def _findings(files: Files) -> pd.DataFrame:
    """Twelve findings a year: nearly all resolved, the newest six overdue."""
    settings = files.region.settings
    rng, quarters = stream(settings.seed, "audits"), range(fund_start(files) + 3, settings.quarters, 4)
    quarter = np.repeat(np.array(quarters), _FINDINGS_A_YEAR)
    count = len(quarter)
    found = files.calendar.before_end(quarter, rng.integers(60, 85, count))
    due = found + np.timedelta64(30, "D")
    resolved = found + rng.integers(5, 50, count).astype("timedelta64[D]")
    is_open = np.arange(count) >= count - OVERDUE
    kinds = choose(("DATA_VALIDATION", "PRIVACY", "FINANCIAL", "CREDENTIAL"), (5, 2, 2, 1), count, rng)
    firms = files.region.firms.ids[rng.integers(0, len(files.region.firms), count)]
    columns = {
        "finding_id": [f"AF-{number:04d}" for number in range(count)],
        "audit_id": [f"AU-{period}" for period in files.periods(quarter)],
        "audit_kind": kinds,
        "audited_by": "INDEPENDENT",
        "firm_id": firms,
        "checked_contract": only_where(kinds == "DATA_VALIDATION", "wage"),
        "severity": choose(("MAJOR", "MINOR", "OBSERVATION"), (3, 5, 4), count, rng),
        "statement": "Records and documents differ.",
        "rows_affected": number_texts(rng.integers(1, 40, count)),
        "found_on": day_texts(found),
        "due_on": day_texts(due),
        "resolved_on": only_where(~is_open, day_texts(resolved)),
        "resolution": only_where(~is_open, "CORRECTED"),
    }
    return in_boxes(frame(columns, count), OPERATOR, files.periods(quarter))
