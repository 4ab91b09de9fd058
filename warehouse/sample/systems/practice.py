"""How training is run in the sample region: supports against barriers, early incentives, mentoring.

Each is drawn knowing who completed, so that what it goes along with is planted and nothing else changes. That
is a way of planting an association, not a claim that supports or mentors cause anything.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from pydantic import JsonValue

from warehouse.sample.apprentices import ON_STEP
from warehouse.sample.draws import Days, Ints, choose, hex_key, stream
from warehouse.sample.enrollments import Files
from warehouse.sample.systems.system import Drawn, in_boxes, reporting_quarters
from warehouse.sample.text import cents_texts, day_texts, frame, number_texts, only_where

PROVIDED = {True: 0.75, False: 0.42}
"""Of those who needed a support: the share who received it, among completers and among those who withdrew."""

AWARDED = {True: 0.55, False: 0.35}
"""Of participants: the share with an award before the outcome, likewise."""

MENTORED, SESSIONS = {True: 0.65, False: 0.45}, {True: 6.0, False: 3.0}
"""Share of participants with a mentor, and their mean sessions, likewise."""

AWARD_GROWTH = 0.04
"""How much the mean financial award grows a quarter: the reward inflation that the monitor has to show."""

_NEEDED = 0.5
_SUPPORTS = ("TRANSPORT", "CHILDCARE", "STIPEND")
_KINDS, _KIND_SHARES = ("FINANCIAL", "TIME", "RECOGNITION", "ACCESS"), (0.5, 0.2, 0.2, 0.1)
_MODES, _MODE_SHARES = ("ONE_TO_ONE", "GROUP", "PEER_CIRCLE", "MICRO"), (0.5, 0.25, 0.15, 0.1)
_FIRST_AWARD_CENTS = 40_000


def draw(files: Files) -> Drawn:
    """Supports, awards and mentors of everybody in training; what each was planted to go along with."""
    frames = {
        "support_service": _supports(files),
        "incentive_award": _awards(files),
        "mentoring_pair": _pairs(files),
    }
    truth: dict[str, JsonValue] = {
        "provided_of_needed": _by_outcome(PROVIDED),
        "awarded": _by_outcome(AWARDED),
        "mentored": _by_outcome(MENTORED),
        "award_growth_a_quarter": AWARD_GROWTH,
        "paid_on_step": ON_STEP,
        "needs": len(frames["support_service"]),
    }
    return Drawn(frames, truth)


def _by_outcome(shares: Mapping[bool, float]) -> dict[str, JsonValue]:
    return {"completed": shares[True], "withdrew": shares[False]}


def _chance(files: Files, shares: Mapping[bool, float]) -> np.typing.NDArray[np.float64]:
    """The share of each term by its outcome; a term in progress is taken for a completed one."""
    terms = files.terms
    done = terms.completed | ~terms.is_over
    return np.where(done, shares[True], shares[False])


def _boxed(files: Files, rows: pd.DataFrame, terms: Ints, days: Days) -> pd.DataFrame:
    """Rows in the sponsors' files of the years in which they happened."""
    sponsors = files.region.seats.sponsors[files.terms.seats[terms]]
    quarters = reporting_quarters(files, files.calendar.quarter_of(days))
    return in_boxes(rows, files.region.firms.ids[sponsors], quarters)


def _who(files: Files, terms: Ints) -> dict[str, object]:
    seats = files.terms.seats[terms]
    return {
        "learner_key": files.keys(seats),
        "key_epoch": "1",
        "program_id": files.of_program("program_id", seats),
    }


def _supports(files: Files) -> pd.DataFrame:
    rng, count = stream(files.region.settings.seed, "supports"), len(files.terms)
    found = files.terms.entry + rng.integers(0, 4, count).astype("timedelta64[D]")
    provided = rng.random(count) < _chance(files, PROVIDED)
    kinds = choose(_SUPPORTS, (1.0, 1.0, 1.0), count, rng)
    since = found + rng.integers(1, 15, count).astype("timedelta64[D]")
    cents = rng.integers(8_000, 90_000, count)
    needed = np.flatnonzero((rng.random(count) < _NEEDED) & (since <= files.calendar.last_day))
    columns = {
        **_who(files, needed),
        "support_type": kinds[needed],
        "need_found_on": day_texts(found[needed]),
        "support_status": np.where(provided, "PROVIDED", "UNFUNDED")[needed],
        "provided_from": only_where(provided, day_texts(since))[needed],
        "amount_usd": only_where(provided, cents_texts(cents))[needed],
    }
    return _boxed(files, frame(columns, len(needed)), needed, found[needed])


def _midway(files: Files) -> Days:
    """A day in the middle of each term's training; of one in progress, three weeks after its start."""
    terms = files.terms
    known = np.where(np.isnat(terms.end), terms.start + np.timedelta64(42, "D"), terms.end)
    middle: Days = terms.start + (known - terms.start) // 2
    return middle


def _awards(files: Files) -> pd.DataFrame:
    """One award midway to many, and one for completing to every second completer, which must not count."""
    rng, count = stream(files.region.settings.seed, "awards"), len(files.terms)
    middle, terms = _midway(files), files.terms
    early = np.flatnonzero(
        (rng.random(count) < _chance(files, AWARDED)) & (middle <= files.calendar.last_day)
    )
    late = np.flatnonzero(terms.is_over & terms.completed & (np.arange(count) % 2 == 0))
    which = np.append(early, late)
    days = np.append(middle[early], terms.end[late])
    milestones = np.where(np.arange(len(which)) < len(early), "MODULE_COMPLETED", "TRAINING_COMPLETED")
    kinds = choose(_KINDS, _KIND_SHARES, len(which), rng)
    since = files.calendar.quarter_of(days) - files.region.settings.quarters_before_entry
    cents = (_FIRST_AWARD_CENTS * (1 + AWARD_GROWTH) ** since * rng.uniform(0.8, 1.2, len(which))).astype(
        np.int64
    )
    is_money, is_time = kinds == "FINANCIAL", kinds == "TIME"
    columns = {
        **_who(files, which),
        "milestone": milestones,
        "incentive_type": kinds,
        "awarded_on": day_texts(days),
        "amount_usd": only_where(is_money, cents_texts(cents)),
        "hours_granted": only_where(is_time, number_texts(rng.integers(2, 17, len(which)))),
        "award_tier": number_texts(1 + rng.integers(0, 3, len(which))),
    }
    return _boxed(files, frame(columns, len(which)), which, days)


def _pairs(files: Files) -> pd.DataFrame:
    rng, count = stream(files.region.settings.seed, "mentors"), len(files.terms)
    terms, done = files.terms, files.terms.completed | ~files.terms.is_over
    started = terms.start + rng.integers(0, 10, count).astype("timedelta64[D]")
    sessions = 1 + rng.poisson(np.where(done, SESSIONS[True], SESSIONS[False]) - 1)
    mentored = rng.random(count) < _chance(files, MENTORED)
    which = np.flatnonzero(mentored & (started <= files.calendar.last_day))
    modes = choose(_MODES, _MODE_SHARES, count, rng)
    in_group = np.isin(modes, ("GROUP", "PEER_CIRCLE"))
    mentors = [hex_key(files.region.settings.seed, "mentor", int(one)) for one in rng.integers(0, 600, count)]
    columns = {
        "mentor_key": np.array(mentors, dtype=object)[which],
        "mentee_key": files.keys(terms.seats[which]),
        "key_epoch": "1",
        "mode": modes[which],
        "group_id": only_where(in_group, [f"GR-{one}" for one in rng.integers(0, 200, count)])[which],
        "program_id": files.of_program("program_id", terms.seats[which]),
        "started_on": day_texts(started[which]),
        "ended_on": day_texts(terms.end[which]),
        "sessions_held": number_texts(sessions[which]),
        "hours_held": number_texts(sessions[which]),
    }
    return _boxed(files, frame(columns, len(which)), which, started[which])
