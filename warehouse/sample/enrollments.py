"""Enrollment extracts: a row when somebody enters, the row again with its outcome when they exit.

One row per enrollment and quarter in which it is new or changed, with ``box`` (firm id) and ``quarter`` (of
the file) before the contract's columns. New entrants have no firm_id: the box of the sponsor drops them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from warehouse.sample.careers import Careers, Region
from warehouse.sample.draws import Bools, Ints, choose, stream
from warehouse.sample.inequity import UNEQUAL, single_parents
from warehouse.sample.paybook import PRIOR, UNOBSERVED, PayBook
from warehouse.sample.region import AREAS
from warehouse.sample.terms import Calendar, Terms
from warehouse.sample.text import (
    BLANK,
    Texts,
    cents_texts,
    day_texts,
    flag_texts,
    frame,
    number_texts,
    only_where,
)

_BARRIERS = {
    "long_term_unemployed": 0.06,
    "homeless": 0.02,
    "ex_offender": 0.05,
    "low_income": 0.35,
    "ell": 0.12,
    "basic_skills_deficient": 0.10,
    "cultural_barriers": 0.05,
    "single_parent": 0.14,
}
_RACES = {
    "race_aian": 0.02,
    "race_asian": 0.07,
    "race_black": 0.18,
    "race_nhpi": 0.01,
    "race_white": 0.70,
    "race_mena": 0.02,
}
_SUPPORTS = {"support_transport_usd": 0.15, "support_childcare_usd": 0.08, "support_stipend_usd": 0.12}
_UNDISCLOSED = 0.04
_SOURCES = ("FUND", "EMPLOYER", "WIOA_ADULT", "WIOA_DW", "STATE", "PHILANTHROPY")
_SOURCE_SHARES = (0.62, 0.14, 0.10, 0.05, 0.06, 0.03)


@dataclass(frozen=True)
class Reports:
    """Which term is reported in which quarter; ``shows_exit`` whether its outcome is known by then."""

    terms: Ints
    quarters: Ints
    shows_exit: Bools


@dataclass(frozen=True)
class Files:
    """Everything the operational extracts are made from, once all quarters are walked."""

    region: Region
    careers: Careers
    terms: Terms
    book: PayBook

    @property
    def calendar(self) -> Calendar:
        """The region's days."""
        return Calendar.of(self.region.settings)

    def keys(self, seats: Ints) -> Texts:
        """The learners' pseudonyms of these seats."""
        keys = self.region.people.keys[self.careers.learners[seats]]
        return keys.astype(str).astype(object)

    def periods(self, quarters: Ints) -> Texts:
        """Quarter numbers as 2026Q1."""
        names = np.array([str(quarter) for quarter in self.region.settings.calendar], dtype=object)
        return names[quarters]

    def of_program(self, name: str, seats: Ints) -> Texts:
        """An attribute of the program of each of these seats."""
        values = np.array([getattr(program, name) for program in self.region.settings.offered], dtype=object)
        chosen: Texts = values[self.region.seats.programs[seats]]
        return chosen


def enrollment_rows(files: Files) -> pd.DataFrame:
    """Every enrollment row of every file, sorted by box, quarter and term."""
    terms, calendar = files.terms, files.calendar
    entry, leave = calendar.quarter_of(terms.entry), calendar.quarter_of(terms.exit)
    everyone = np.arange(len(terms))
    opening = everyone[~terms.is_over | (entry < leave)]
    closing = everyone[terms.is_over]
    reports = Reports(
        terms=np.append(opening, closing),
        quarters=np.append(entry[opening], leave[closing]),
        shows_exit=np.append(np.zeros(len(opening), dtype=bool), np.ones(len(closing), dtype=bool)),
    )
    described = pd.concat([_training(files), _person(files), _circumstances(files)], axis=1)
    rows = described.iloc[reports.terms].reset_index(drop=True)
    for column in (
        "exit_date",
        "other_reason_for_exit",
        "training_completed",
        "training_end_date",
        "msg_milestone_date",
    ):
        rows[column] = only_where(reports.shows_exit, rows[column])
    rows.insert(0, "quarter", files.periods(reports.quarters))
    rows.insert(0, "box", files.region.firms.ids[files.region.seats.sponsors[terms.seats[reports.terms]]])
    return rows.iloc[np.lexsort((reports.terms, reports.quarters, rows["box"]))].reset_index(drop=True)


def _training(files: Files) -> pd.DataFrame:
    terms, seats = files.terms, files.region.seats
    seat, over = terms.seats, terms.is_over
    ojt = seats.on_the_job_only[seat]
    midway = terms.start + (terms.end - terms.start) // 2
    completed = over & terms.completed
    cohorts = files.of_program("program_id", seat) + "-" + files.periods(seats.entry_quarters[seat])
    columns = {
        "firm_id": only_where(~seats.new_entrant[seat], files.region.firms.ids[seats.sponsors[seat]]),
        "learner_key": files.keys(seat),
        "key_epoch": "1",
        "program_id": files.of_program("program_id", seat),
        "cohort_id": only_where(~terms.is_repeat, cohorts),
        "entry_date": day_texts(terms.entry),
        "training_start_date": day_texts(terms.start),
        "exit_date": day_texts(terms.exit),
        "other_reason_for_exit": only_where(over, [f"{reason:02d}" for reason in terms.excluded]),
        "training_type": np.where(ojt, "01", np.where(seats.new_entrant[seat], "06", "02")),
        "program_of_study_outcome": np.where(ojt, "8", "18"),
        "cip_code": files.of_program("cip_code", seat),
        "onet_soc_code": files.of_program("soc_code", seat) + ".00",
        "training_completed": only_where(over, flag_texts(terms.completed)),
        "training_end_date": day_texts(terms.end),
        "enrolled_in_credential_program_date": only_where(~ojt, day_texts(terms.start)),
        "msg_milestone_date": only_where(completed & ~ojt, day_texts(midway)),
    }
    return frame(columns, len(terms))


def _person(files: Files) -> pd.DataFrame:
    """What is drawn once for each learner, and so the same in a repeated enrollment."""
    settings, seats = files.region.settings, files.region.seats
    rng, count = stream(settings.seed, "learners"), len(seats)

    def disclosed(share: float) -> Texts:
        return only_where(
            np.ones(count, dtype=bool),
            choose(
                ("1", "0", "9"),
                (share * (1 - _UNDISCLOSED), (1 - share) * (1 - _UNDISCLOSED), _UNDISCLOSED),
                count,
                rng,
            ),
        )

    ages = np.clip(np.where(seats.new_entrant, rng.normal(27, 8, count), rng.normal(37, 10, count)), 18, 66)
    status = choose(("0", "3"), (0.8, 0.2), count, rng)
    columns = {
        "sex": choose(("1", "2", "3", "9"), (0.50, 0.47, 0.01, 0.02), count, rng),
        "hispanic": disclosed(0.11),
        **{name: disclosed(share) for name, share in _RACES.items()},
        "age_at_entry": number_texts(ages.astype(np.int64)),
        "disability": disclosed(0.07),
        "education_level": choose(tuple("012345678"), (3, 9, 45, 8, 17, 9, 6, 2, 1), count, rng),
        "employment_status_entry": np.where(seats.new_entrant, status, "1"),
        "incumbent_worker": flag_texts(~seats.new_entrant),
        **{name: disclosed(share) for name, share in _BARRIERS.items()},
        UNEQUAL: single_parents(files.region),
        "msfw": choose(("0", "1"), (0.98, 0.02), count, rng),
        # A firm's file never holds 50 residents of a county: residence is coarsened to the workforce area.
        "residence_county_fips": BLANK,
        "lwdb_code": np.array([area.code for area in AREAS], dtype=object)[seats.areas],
    }
    return frame(columns, count).iloc[files.terms.seats].reset_index(drop=True)


def _circumstances(files: Files) -> pd.DataFrame:
    terms, count = files.terms, len(files.terms)
    rng = stream(files.region.settings.seed, "circumstances")
    entry = files.calendar.quarter_of(terms.entry)
    columns: dict[str, Texts] = {
        f"wages_q{before}_prior": _prior(files.book, terms.seats, entry - before)
        for before in range(PRIOR, 0, -1)
    }
    for name, share in _SUPPORTS.items():
        granted = rng.random(count) < share
        columns[name] = only_where(granted, cents_texts(rng.integers(5_000, 60_000, count)))
    columns |= {
        "flexible_schedule": flag_texts(rng.random(count) < 0.3),
        "funding_source": choose(_SOURCES, _SOURCE_SHARES, count, rng),
        "pay_for_performance": flag_texts(rng.random(count) < 0.15),
    }
    return frame(dict(columns), count)


def _prior(book: PayBook, seats: Ints, quarters: Ints) -> Texts:
    """Whole dollars of an earlier quarter, blank where no member paid the person."""
    cents = book.seats[seats, quarters]
    return number_texts(np.where(cents == UNOBSERVED, UNOBSERVED, (cents + 50) // 100))
