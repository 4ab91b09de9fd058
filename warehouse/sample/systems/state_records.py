"""The state's wage records in the sample region: what a workforce board answers about those who exited.

Somebody whom no member pays works elsewhere with a planted chance. The newest quarter is not yet available,
which is not a no. What members pay belongs in ``wages``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import JsonValue

from warehouse.sample.draws import Bools, Ints, hex_key, stream
from warehouse.sample.enrollments import Files
from warehouse.sample.region import AREAS
from warehouse.sample.seats import OUT
from warehouse.sample.systems.system import OPERATOR, Drawn, in_boxes
from warehouse.sample.text import BLANK, Texts, cents_texts, frame, only_where

EMPLOYED_ELSEWHERE = 0.45
"""Of person-quarters after exit that no member pays: the share paid by somebody else in the state."""

_OTHER_EMPLOYERS = 400
_MEDIAN_CENTS, _SPREAD = 780_000.0, 0.4
_KEPT_YEARS = 5


def draw(files: Files) -> Drawn:
    """One answer for each person with an exit and quarter since, in one file a quarter."""
    seats, quarters = _asked(files)
    rng, count = stream(files.region.settings.seed, "state records"), len(seats)
    cents = files.book.seats[seats, quarters]
    paid = cents > 0
    elsewhere = ~paid & (rng.random(count) < EMPLOYED_ELSEWHERE)
    outside = np.exp(rng.normal(np.log(_MEDIAN_CENTS), _SPREAD, count)).astype(np.int64)
    others = rng.integers(0, _OTHER_EMPLOYERS, count)
    known = quarters < files.region.settings.quarters - 1
    rows = _rows(files, seats, quarters, paid | elsewhere, known).assign(
        wages_usd=only_where((paid | elsewhere) & known, cents_texts(np.where(paid, np.abs(cents), outside))),
        employer_id_hash=only_where(
            (paid | elsewhere) & known,
            np.where(paid, _accounts(files, seats, quarters), _outside_accounts(files, others)),
        ),
    )
    answered = ~paid & known
    truth: dict[str, JsonValue] = {
        "employed_elsewhere": EMPLOYED_ELSEWHERE,
        "person_quarters_no_member_pays": int(answered.sum()),
        "of_them_employed": int((elsewhere & known).sum()),
        "newest_quarter": str(files.region.settings.calendar[-1]),
    }
    return Drawn({"ui_match": in_boxes(rows, OPERATOR, files.periods(quarters))}, truth)


def _asked(files: Files) -> tuple[Ints, Ints]:
    """Seat and quarter of everything asked: each quarter after a person's first exit."""
    terms, calendar = files.terms, files.calendar
    first_exit = np.full(len(files.region.seats), files.region.settings.quarters)
    over = terms.is_over
    np.minimum.at(first_exit, terms.seats[over], calendar.quarter_of(terms.exit[over]))
    quarters = np.arange(files.region.settings.quarters)
    seats, asked = np.nonzero(quarters[None, :] > first_exit[:, None])
    return seats.astype(np.int64), asked.astype(np.int64)


def _accounts(files: Files, seats: Ints, quarters: Ints) -> Texts:
    """The account of the member that pays: the firm of the seat's history, else the side job's."""
    firms = files.careers.history[seats, quarters]
    side = files.region.people.second_firms[files.careers.learners[seats]]
    names = [
        hex_key(files.region.settings.seed, "account", int(firm)) for firm in range(len(files.region.firms))
    ]
    accounts: Texts = np.array(names, dtype=object)[np.where(firms == OUT, np.maximum(side, 0), firms)]
    return accounts


def _outside_accounts(files: Files, others: Ints) -> Texts:
    seed = files.region.settings.seed
    names = [hex_key(seed, "outside account", number) for number in range(_OTHER_EMPLOYERS)]
    accounts: Texts = np.array(names, dtype=object)[others]
    return accounts


def _rows(files: Files, seats: Ints, quarters: Ints, employed: Bools, known: Bools) -> pd.DataFrame:
    received = files.calendar.first_days[quarters + 1] + np.timedelta64(30, "D")
    destroyed = received + np.timedelta64(365 * _KEPT_YEARS, "D")
    areas = np.array([area.code for area in AREAS], dtype=object)
    columns = {
        "learner_key": files.keys(seats),
        "key_epoch": "1",
        "year_quarter": files.periods(quarters),
        "employed": np.where(known, np.where(employed, "1", "0"), "9"),
        "match_type": np.where(known, np.where(employed, "1", "0"), "5"),
        "wages_usd": BLANK,
        "employer_id_hash": BLANK,
        "employer_state": only_where(employed & known, "55"),
        "lwdb_code": areas[files.region.seats.areas[seats]],
        "data_agreement_id": "DSA-1",
        "origin": "UC",
        "received_on": np.datetime_as_string(received).astype(object),
        "destroy_after": np.datetime_as_string(destroyed).astype(object),
    }
    return frame(columns, len(seats))
