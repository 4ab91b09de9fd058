"""Demand in the sample region: requisitions, hiring intent and public figures by occupation.

Two occupations are planted as short: their seats stay open far longer. Seats filled out of a program are
filled sooner; some seats are cancelled, which competes with filling. Firms report requisitions once a year,
so a seat is seen open before it is seen filled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pydantic import JsonValue

from warehouse.sample.draws import Bools, Days, Floats, Ints, stream
from warehouse.sample.enrollments import Files
from warehouse.sample.region import AREAS, PLANNED, PROGRAMS, SECTORS
from warehouse.sample.registers import fund_start
from warehouse.sample.systems.system import OPERATOR, Drawn, in_boxes
from warehouse.sample.text import BLANK, Texts, cents_texts, day_texts, flag_texts, frame, only_where

SHORT = ("51-9161", "29-2061")
"""Occupations in which seats are hard to fill."""

DAYS_TO_FILL, DAYS_TO_FILL_SHORT, DAYS_FROM_PROGRAM = 42.0, 125.0, 24.0
"""Medians of the latent time to fill a seat: usual, in a short occupation, out of a program."""

DAYS_TO_CANCEL = 420.0
"""Median of the latent time to cancel it."""

_SEATS_PER_HEAD = 0.012
_FROM_PROGRAM = 0.3
_CHANNELS = ("INTERNAL_MOVE", "PROMOTION", "REFERRAL", "WORKFORCE_BOARD", "AGENCY", "OTHER_EXTERNAL")
_CHANNEL_SHARES = (0.16, 0.14, 0.2, 0.1, 0.12, 0.28)
_CRITICAL = 0.2
_INTENT_QUARTERS, _AHEAD = 6, 4
_TRAINED = {one.soc_code: one.credential_id for one in PROGRAMS}


@dataclass(frozen=True)
class Seats:
    """Arrays over requisition lines, sorted by firm and day of opening; NaT where it has not happened."""

    firms: Ints
    numbers: Ints
    socs: Texts
    counts: Ints
    opened: Days
    approved: Days
    accepted: Days
    cancelled: Days
    channels: Texts
    critical: Bools


def draw(files: Files) -> Drawn:
    """Requisitions and intent of every firm since the fund began; public figures for every occupation."""
    seats = _seats(files)
    frames = {
        "demand_requisition": _requisitions(files, seats),
        "hiring_intent": _intent(files, seats),
        "occupation_reference": _public_figures(files),
    }
    return Drawn(frames, _truth(files, seats))


def _seats(files: Files) -> Seats:
    settings = files.region.settings
    rng, quarters = stream(settings.seed, "requisitions"), range(fund_start(files), settings.quarters)
    heads = files.book.heads[:, quarters.start :]
    firms, steps = np.nonzero(np.ones_like(heads))
    lines = rng.poisson(heads[firms, steps] * _SEATS_PER_HEAD)
    firms, quarter = np.repeat(firms, lines), np.repeat(steps + quarters.start, lines)
    order = np.lexsort((quarter, firms))
    firms, quarter = firms[order], quarter[order]
    opened = files.calendar.after_start(quarter, rng.integers(0, 88, len(firms)))
    return _resolved(files, firms, opened, rng)


def _resolved(files: Files, firms: Ints, opened: Days, rng: np.random.Generator) -> Seats:
    """What becomes of each line: filled or cancelled, whichever comes first, if it comes by the last day."""
    count = len(firms)
    sectors = files.region.firms.sectors[firms]
    turns = rng.integers(0, 1 << 30, count)
    socs = np.array(
        [SECTORS[s].soc_codes[t % len(SECTORS[s].soc_codes)] for s, t in zip(sectors, turns, strict=True)],
        dtype=object,
    )
    programmed = np.isin(socs, list(_TRAINED)) & (rng.random(count) < _FROM_PROGRAM)
    filling, cancelling = _wait(_medians(socs, programmed), rng), _wait(np.full(count, DAYS_TO_CANCEL), rng)
    approved = opened + rng.integers(0, 15, count).astype("timedelta64[D]")
    accepted = _by_last_day(files, approved + filling, filling <= cancelling)
    channels = np.array(_CHANNELS, dtype=object)[rng.choice(len(_CHANNELS), count, p=_CHANNEL_SHARES)]
    return Seats(
        firms=firms,
        numbers=np.arange(count),
        socs=socs,
        counts=1 + rng.poisson(0.4, count),
        opened=opened,
        approved=_by_last_day(files, approved, np.ones(count, dtype=bool)),
        accepted=accepted,
        cancelled=_by_last_day(files, approved + cancelling, filling > cancelling),
        channels=np.where(programmed, "CONSORTIUM_PROGRAM", channels),
        critical=rng.random(count) < _CRITICAL,
    )


def _medians(socs: Texts, programmed: Bools) -> Floats:
    usual = np.where(np.isin(socs, SHORT), DAYS_TO_FILL_SHORT, DAYS_TO_FILL)
    medians: Floats = np.where(programmed, DAYS_FROM_PROGRAM, usual)
    return medians


def _wait(medians: Floats, rng: np.random.Generator) -> np.typing.NDArray[np.timedelta64]:
    """Exponential times with these medians, in whole days from 1."""
    days = np.ceil(rng.exponential(medians / np.log(2)))
    whole: np.typing.NDArray[np.timedelta64] = np.maximum(days, 1).astype("timedelta64[D]")
    return whole


def _by_last_day(files: Files, days: Days, happens: Bools) -> Days:
    known: Days = np.where(happens & (days <= files.calendar.last_day), days, np.datetime64("NaT", "D"))
    return known


def _requisitions(files: Files, seats: Seats) -> pd.DataFrame:
    """A line in the file of the year it was opened in, and in each later one until it has ended."""
    ends = _file_ends(files)
    last_days = files.calendar.first_days[ends + 1] - np.timedelta64(1, "D")
    ended = np.where(np.isnat(seats.accepted), seats.cancelled, seats.accepted)
    first = np.searchsorted(last_days, seats.opened)
    latest = np.where(np.isnat(ended), len(ends) - 1, np.searchsorted(last_days, ended))
    reports = latest - first + 1
    line = np.repeat(np.arange(len(seats.firms)), reports)
    file = np.repeat(first, reports) + np.arange(len(line)) - np.repeat(np.cumsum(reports) - reports, reports)
    rows = _described(files, seats, line, last_days[file])
    return in_boxes(rows, files.region.firms.ids[seats.firms[line]], files.periods(ends[file]))


def _file_ends(files: Files) -> Ints:
    """The quarters whose files carry requisitions: the last of each year, and the region's last."""
    calendar = files.region.settings.calendar
    started = [n for n in range(fund_start(files), len(calendar)) if calendar[n].number == 4]
    return np.array(sorted({*started, len(calendar) - 1}), dtype=np.int64)


def _described(files: Files, seats: Seats, line: Ints, known_by: Days) -> pd.DataFrame:
    """The lines as they stood on the last day of their file's quarter."""

    def known(days: Days) -> Texts:
        return day_texts(np.where(days[line] <= known_by, days[line], np.datetime64("NaT", "D")))

    accepted = known(seats.accepted)
    socs, count = seats.socs[line], len(line)
    credentials = np.array([_TRAINED.get(soc, BLANK) for soc in socs], dtype=object)
    columns = {
        "firm_id": files.region.firms.ids[seats.firms[line]],
        "requisition_id": [f"REQ-{number:06d}" for number in seats.numbers[line]],
        "soc_code": socs,
        "county_fips": files.region.firms.counties[seats.firms[line]],
        "seats": [str(seats_) for seats_ in seats.counts[line]],
        "opened_on": day_texts(seats.opened[line]),
        "approved_on": known(seats.approved),
        "accepted_on": accepted,
        "cancelled_on": known(seats.cancelled),
        "fill_channel": only_where(accepted != BLANK, seats.channels[line]),
        "critical_role": flag_texts(seats.critical[line]),
        "required_credential_id": credentials,
    }
    return frame(columns, count)


def _intent(files: Files, seats: Seats) -> pd.DataFrame:
    """What each firm expects in its first two occupations over the next four quarters."""
    settings, firms = files.region.settings, files.region.firms
    rng, stated = (
        stream(settings.seed, "intent"),
        range(settings.quarters - _INTENT_QUARTERS, settings.quarters),
    )
    grid = [
        (firm, quarter, soc, ahead)
        for firm in range(len(firms))
        for quarter in stated
        for soc in SECTORS[firms.sectors[firm]].soc_codes[:2]
        for ahead in range(_AHEAD)
    ]
    last, expected = settings.calendar[-1], rng.poisson(3.0, len(grid))
    columns = {
        "firm_id": [firms.ids[firm] for firm, *_ in grid],
        "stated_quarter": [str(settings.calendar[quarter]) for _, quarter, *_ in grid],
        "soc_code": [soc for *_, soc, _ in grid],
        "county_fips": [firms.counties[firm] for firm, *_ in grid],
        "expected_quarter": [
            str(last + (quarter + ahead - settings.quarters + 1)) for _, quarter, _, ahead in grid
        ],
        "seats_expected": [str(number) for number in expected],
        "seats_requisitioned": [str(number // 3) for number in expected],
    }
    rows = frame(columns, len(grid))
    return in_boxes(rows, rows["firm_id"], rows["stated_quarter"])


def _public_figures(files: Files) -> pd.DataFrame:
    """Employment, openings and wages by occupation and county: invented, shaped as a state projects them."""
    rng = stream(files.region.settings.seed, "public figures")
    counties = [fips for area in AREAS for fips, _ in area.counties]
    socs = sorted({soc for sector in SECTORS for soc in sector.soc_codes})
    grid = [(soc, county) for soc in socs for county in counties]
    employed, hourly = rng.integers(300, 4_000, len(grid)), rng.integers(1_700, 4_200, len(grid))
    columns = {
        "soc_code": [soc for soc, _ in grid],
        "geo_level": "C",
        "geography": [county for _, county in grid],
        "public_source": "STATE_PROJECTIONS",
        "reference_year": "2024",
        "target_year": "2034",
        "employment_count": [str(number) for number in employed],
        "annual_openings_count": [str(number * 11 // 100) for number in employed],
        "median_hourly_wage_usd": cents_texts(hourly),
        "median_annual_wage_usd": cents_texts(hourly * 2_080),
        "retrieved_on": str(files.calendar.last_day),
    }
    return in_boxes(frame(columns, len(grid)), OPERATOR, str(files.region.settings.calendar[-1]))


def _truth(files: Files, seats: Seats) -> dict[str, JsonValue]:
    filled, cancelled = ~np.isnat(seats.accepted), ~np.isnat(seats.cancelled)
    return {
        "short_occupations": list(SHORT),
        "duplicated_fields": [*sorted({one.cip_code for one in PLANNED})],
        "latent_median_days_to_fill": {"usual": DAYS_TO_FILL, "short": DAYS_TO_FILL_SHORT},
        "latent_median_days_from_program": DAYS_FROM_PROGRAM,
        "latent_median_days_to_cancel": DAYS_TO_CANCEL,
        "lines": len(seats.firms),
        "seats": {
            "filled": int(seats.counts[filled].sum()),
            "cancelled": int(seats.counts[cancelled].sum()),
            "open": int(seats.counts[~filled & ~cancelled].sum()),
        },
        "firms": len(files.region.firms),
    }
