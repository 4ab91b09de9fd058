"""Skills in the sample region: competencies, what programs teach, assessments in training and at work.

Planted: the gain from before to after, how often two raters agree, one site that rates higher, and one
occupation whose workers fall far short. Levels are O*NET's, 0 to 7.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import JsonValue

from warehouse.sample.draws import Bools, Days, Floats, Ints, stream
from warehouse.sample.enrollments import Files
from warehouse.sample.region import PROGRAMS, SECTORS
from warehouse.sample.registers import fund_start
from warehouse.sample.seats import OUT
from warehouse.sample.systems.system import OPERATOR, Drawn, in_boxes, reporting_quarters
from warehouse.sample.text import BLANK, Texts, day_texts, frame

COMPETENCIES = {
    "READING": ("Reading comprehension", "2.A.1.a"),
    "MATH": ("Mathematics", "2.A.1.e"),
    "CRITICAL": ("Critical thinking", "2.A.2.a"),
    "CONTROL": ("Operation and control", "2.B.3.h"),
    "TROUBLE": ("Troubleshooting", "2.B.3.k"),
    "QUALITY": ("Quality control analysis", "2.B.3.m"),
}
"""What is assessed: its name, and the element of O*NET's content model."""

GAIN, CUT = 1.1, 3.0
"""Mean gain from before to after training, and the level that passes."""

SECOND_RATER, SAME_LEVEL = 0.5, 0.85
"""Share of assessments after training that two raters see, and how often the second sees the same level."""

GENEROUS_SITE, GENEROSITY = "SITE-C", 0.5
"""The site whose raters give more, and how much more."""

SHORT_OCCUPATION = "49-9041"
"""The occupation whose workers' levels are planted low."""

_BEFORE, _SPREAD, _GAIN_SPREAD = 2.0, 0.6, 0.5
_USUAL_LEVEL, _SHORT_LEVEL = 3.6, 1.2
_SITES = ("SITE-A", "SITE-B", "SITE-C")
_SEEN_AT_WORK = 0.6
_NAMES = tuple(COMPETENCIES)
Pairs = dict[str, Ints | Floats | Texts | Days]


def draw(files: Files) -> Drawn:
    """The registers of competencies, and every assessment."""
    trained, at_work = _of_training(files), _at_work(files)
    rows = pd.concat([trained, at_work], ignore_index=True)
    frames = {
        "competency": _competencies(files),
        "program_competency": _taught(files),
        "skill_assessment": rows.sort_values(["box", "quarter"], kind="stable", ignore_index=True),
    }
    return Drawn(frames, _truth(trained))


def _taught_by(program: int) -> tuple[str, ...]:
    """The two competencies that a program teaches."""
    return _NAMES[program % len(_NAMES)], _NAMES[(program + 3) % len(_NAMES)]


def _competencies(files: Files) -> pd.DataFrame:
    columns = {
        "competency_id": list(COMPETENCIES),
        "name": [name for name, _ in COMPETENCIES.values()],
        "framework": "ONET",
        "onet_element_id": [element for _, element in COMPETENCIES.values()],
        "category": "SKILL",
        "mastery_level": "3",
        "valid_from": str(files.calendar.first_days[fund_start(files)]),
    }
    rows = frame(columns, len(COMPETENCIES))
    return in_boxes(rows, OPERATOR, str(files.region.settings.calendar[fund_start(files)]))


def _taught(files: Files) -> pd.DataFrame:
    offered = files.region.settings.offered
    pairs = [(one.program_id, name) for number, one in enumerate(offered) for name in _taught_by(number)]
    columns = {
        "program_id": [program for program, _ in pairs],
        "competency_id": [name for _, name in pairs],
        "entry_level": "1",
        "target_level": "3",
        "is_assessed": "1",
        "clock_hours": "60",
        "valid_from": str(files.calendar.first_days[fund_start(files)]),
    }
    rows = frame(columns, len(pairs))
    return in_boxes(rows, OPERATOR, str(files.region.settings.calendar[fund_start(files)]))


def _of_training(files: Files) -> pd.DataFrame:
    """Before and after, two competencies each; of the ratings after, many by a second rater."""
    rng, terms = stream(files.region.settings.seed, "assessments"), files.terms
    which = np.repeat(np.flatnonzero(~terms.is_repeat), 2)
    names = np.array(
        [_taught_by(int(p)) for p in files.region.seats.programs[terms.seats[which[::2]]]]
    ).ravel()
    sites = np.array(_SITES, dtype=object)[terms.seats[which] % len(_SITES)]
    before = _quarters_of_a_level(rng.normal(_BEFORE, _SPREAD, len(which)))
    gained = before + rng.normal(GAIN, _GAIN_SPREAD, len(which))
    after = _quarters_of_a_level(gained + np.where(sites == GENEROUS_SITE, GENEROSITY, 0.0))
    off = np.where(rng.random(len(which)) < SAME_LEVEL, 0.0, rng.choice([-1.0, 1.0], len(which)))
    second = _quarters_of_a_level(after + off)
    over = terms.is_over[which] & terms.completed[which]
    twice = over & (rng.random(len(which)) < SECOND_RATER)
    everyone = np.ones(len(which), dtype=bool)
    rated = (
        ("PRE", before, terms.start[which], everyone, "R1"),
        ("POST", after, terms.end[which], over, "R1"),
        ("POST", second, terms.end[which], twice, "R2"),
    )
    rows = [
        _rows(files, which[seen], (occasion, names[seen], sites[seen], rater), (levels[seen], days[seen]))
        for occasion, levels, days, seen, rater in rated
    ]
    return pd.concat(rows, ignore_index=True)


def _quarters_of_a_level(levels: Floats) -> Floats:
    """Levels as raters give them: in quarters, from 0 to 7."""
    given: Floats = np.clip(np.round(levels * 4) / 4, 0, 7)
    return given


def _rows(
    files: Files, terms: Ints, marks: tuple[str, Texts, Texts, str], given: tuple[Floats, Days]
) -> pd.DataFrame:
    (occasion, names, sites, rater), (levels, days) = marks, given
    seats = files.terms.seats[terms]
    columns = {
        "learner_key": files.keys(seats),
        "key_epoch": "1",
        "competency_id": names,
        "assessed_on": day_texts(days),
        "occasion": occasion,
        "program_id": files.of_program("program_id", seats),
        "level": _level_texts(levels),
        "cut_level": f"{CUT:.2f}",
        "method": "PERFORMANCE",
        "rater_role": "INSTRUCTOR" if rater == "R1" else "ASSESSOR",
        "rater_id": [f"{site}-{rater}" for site in sites],
        "site_id": sites,
        "soc_code": BLANK,
    }
    sponsors = files.region.firms.ids[files.region.seats.sponsors[seats]]
    return in_boxes(
        frame(columns, len(terms)), sponsors, reporting_quarters(files, files.calendar.quarter_of(days))
    )


def _level_texts(levels: Floats) -> Texts:
    return np.array([f"{level:.2f}" for level in levels], dtype=object)


def _at_work(files: Files) -> pd.DataFrame:
    """Supervisors' ratings of learners at work in the last quarter, all competencies, to map skills."""
    settings, region = files.region.settings, files.region
    rng = stream(settings.seed, "skills at work")
    firms = files.careers.history[:, -1]
    seats = np.flatnonzero((firms != OUT) & (rng.random(len(firms)) < _SEEN_AT_WORK))
    socs = _occupations(files, seats, firms[seats])
    person, name = (
        np.repeat(np.arange(len(seats)), len(_NAMES)),
        np.tile(np.array(_NAMES, dtype=object), len(seats)),
    )
    is_short: Bools = socs[person] == SHORT_OCCUPATION
    levels = rng.normal(np.where(is_short, _SHORT_LEVEL, _USUAL_LEVEL), 0.4)
    columns = {
        "learner_key": files.keys(seats[person]),
        "key_epoch": "1",
        "competency_id": name,
        "assessed_on": str(files.calendar.first_days[settings.quarters - 1] + np.timedelta64(40, "D")),
        "occasion": "INVENTORY",
        "program_id": BLANK,
        "level": _level_texts(_quarters_of_a_level(levels)),
        "cut_level": BLANK,
        "method": "RATING",
        "rater_role": "SUPERVISOR",
        "rater_id": [f"SUP-{firm}" for firm in region.firms.ids[firms[seats[person]]]],
        "site_id": BLANK,
        "soc_code": socs[person],
    }
    boxes = region.firms.ids[firms[seats[person]]]
    return in_boxes(frame(columns, len(person)), boxes, str(settings.calendar[-1]))


def _occupations(files: Files, seats: Ints, firms: Ints) -> Texts:
    """The occupation of each person: their program's where they completed it, else their firm's."""
    bents = files.region.people.bents[files.careers.learners[seats]]
    codes = [SECTORS[sector].soc_codes for sector in files.region.firms.sectors[firms]]
    usual = np.array([of[bent % len(of)] for of, bent in zip(codes, bents, strict=True)], dtype=object)
    chosen: Texts = np.where(files.region.seats.completed[seats], files.of_program("soc_code", seats), usual)
    return chosen


def _truth(trained: pd.DataFrame) -> dict[str, JsonValue]:
    after = trained[trained["occasion"] == "POST"]
    first = after[after["rater_role"] == "INSTRUCTOR"]
    key = ["learner_key", "competency_id", "assessed_on"]
    both = first.merge(after[after["rater_role"] == "ASSESSOR"], on=key, suffixes=("", "_second"))
    passes = pd.DataFrame({end: both[f"level{end}"].astype(float) >= CUT for end in ("", "_second")})
    return {
        "mean_gain": GAIN,
        "generous_site": GENEROUS_SITE,
        "generosity": GENEROSITY,
        "short_occupation": SHORT_OCCUPATION,
        "pairs_of_raters": len(both),
        "agreeing_on_the_cut": int((passes[""] == passes["_second"]).sum()),
        "assessed_competencies": len(COMPETENCIES),
        "programs": len(PROGRAMS),
    }
