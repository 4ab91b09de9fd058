"""Terms: the periods of training with their calendar days, one or two for each seat.

Some who withdrew come back: less than 90 days after their exit (one period of participation for WIOA) or
later (two). How a term becomes enrollment rows belongs in ``enrollments``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warehouse.sample.draws import Bools, Days, Ints, stream
from warehouse.sample.seats import COUNTED, Path, Seats
from warehouse.sample.settings import SampleSettings

MERGING_GAP_DAYS = 90
"""Less than this between an exit and the next entry is one period of participation (TEGL 10-16)."""

DIP_EVERY = 2
"""Of those who would complete in the last exit quarter, one in so many does not."""

_RETURNING = 0.45
"""Of the withdrawn incumbents who stayed with their firm."""
_REPEAT_COMPLETED = 0.8
Draft = dict[str, npt.NDArray[Any]]

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Terms:
    """Arrays over terms, sorted by seat, then entry. A term in progress has neither end nor exit (NaT).

    ``is_over`` says which have; ``completed`` and ``excluded`` mean nothing for the others.
    """

    seats: Ints
    entry: Days
    start: Days
    end: Days
    exit: Days
    completed: Bools
    excluded: Ints
    is_repeat: Bools

    def __len__(self) -> int:
        return len(self.seats)

    @property
    def is_over(self) -> Bools:
        """Which terms ended within the region's quarters."""
        return ~np.isnat(self.exit)


@dataclass(frozen=True)
class Calendar:
    """The region's days: the first day of each quarter, three quarters beyond the last included."""

    first_days: Days
    quarters: int

    @classmethod
    def of(cls, settings: SampleSettings) -> Calendar:
        """The calendar of a region."""
        last = settings.calendar[-1]
        days = [quarter.first_day for quarter in settings.calendar] + [
            (last + step).first_day for step in range(1, 6)
        ]
        return cls(np.array(days, dtype="datetime64[D]"), settings.quarters)

    @property
    def last_day(self) -> np.datetime64:
        """The last day anything is known of."""
        last: np.datetime64 = self.first_days[self.quarters] - np.timedelta64(1, "D")
        return last

    def quarter_of(self, days: Days) -> Ints:
        """The number of the quarter each day lies in (days beyond the last: later numbers)."""
        return np.searchsorted(self.first_days, days, side="right").astype(np.int64) - 1

    def after_start(self, quarters: Ints, days: Ints) -> Days:
        """Days counted from the first day of a quarter."""
        counted: Days = self.first_days[quarters] + days.astype("timedelta64[D]")
        return counted

    def before_end(self, quarters: Ints, days: Ints) -> Days:
        """Days counted back from the last day of a quarter."""
        counted: Days = self.first_days[quarters + 1] - (days + 1).astype("timedelta64[D]")
        return counted


def plan_terms(settings: SampleSettings, seats: Seats) -> Terms:
    """Lay every seat's period, and the repeated ones, on the calendar."""
    calendar = Calendar.of(settings)
    first = _first_terms(settings, seats, calendar)
    again = _repeats(settings, seats, first)
    both = {name: np.concatenate([first[name], again[name]]) for name in first}
    open_still = both["exit"] > calendar.last_day
    for name in ("end", "exit"):
        both[name][open_still] = np.datetime64("NaT")
    order = np.lexsort((both["entry"], both["seats"]))
    return Terms(**{name: values[order] for name, values in both.items()})


def effect_quarters(terms: Terms, seats: Seats, calendar: Calendar) -> Ints:
    """Per seat: the exit quarter of the term that was completed; a huge number where none was."""
    quarters = np.full(len(seats), _NEVER)
    done = terms.is_over & terms.completed
    quarters[terms.seats[done]] = calendar.quarter_of(terms.exit[done])
    return quarters


def _first_terms(settings: SampleSettings, seats: Seats, calendar: Calendar) -> Draft:
    rng, count = stream(settings.seed, "terms"), len(seats)
    entry = calendar.after_start(seats.entry_quarters, 4 + 3 * seats.programs + rng.integers(0, 7, count))
    completed_end = calendar.before_end(seats.exit_quarters, rng.integers(15, 31, count))
    withdrawn_end = calendar.after_start(seats.exit_quarters, rng.integers(3, 51, count))
    end = np.where(seats.completed, completed_end, withdrawn_end)
    last_service = np.where(seats.completed, rng.integers(0, 14, count), rng.integers(0, 6, count))
    return {
        "seats": np.arange(count),
        "entry": entry,
        "start": entry + rng.integers(0, 10, count).astype("timedelta64[D]"),
        "end": end,
        "exit": end + last_service.astype("timedelta64[D]"),
        "completed": _dipped(settings, seats),
        "excluded": seats.excluded.copy(),
        "is_repeat": np.zeros(count, dtype=bool),
    }


def _dipped(settings: SampleSettings, seats: Seats) -> Bools:
    """Who completes: as planned, but in the last exit quarter every other one does not (a planted alert)."""
    completed = seats.completed.copy()
    last = np.flatnonzero(completed & (seats.exit_quarters == settings.quarters - 1))
    completed[last[::DIP_EVERY]] = False
    return completed


def _repeats(settings: SampleSettings, seats: Seats, first: Draft) -> Draft:
    rng = stream(settings.seed, "repeats")
    stayed = (seats.paths == Path.STAYED) & ~seats.new_entrant & (seats.excluded == COUNTED)
    able = np.flatnonzero(~seats.completed & stayed & ~seats.on_the_job_only)
    able = able[first["exit"][able] + 2 * MERGING_GAP_DAYS < Calendar.of(settings).last_day]
    who = np.sort(rng.permutation(able)[: round(_RETURNING * len(able))])
    entry = first["exit"][who] + _gaps(len(who), rng).astype("timedelta64[D]")
    start = entry + rng.integers(0, 6, len(who)).astype("timedelta64[D]")
    end = start + rng.integers(60, 101, len(who)).astype("timedelta64[D]")
    return {
        "seats": who,
        "entry": entry,
        "start": start,
        "end": end,
        "exit": end + rng.integers(0, 10, len(who)).astype("timedelta64[D]"),
        "completed": rng.random(len(who)) < _REPEAT_COMPLETED,
        "excluded": np.full(len(who), COUNTED),
        "is_repeat": np.ones(len(who), dtype=bool),
    }


def _gaps(count: int, rng: np.random.Generator) -> Ints:
    """Days without service, in turns below the merging gap and from it on; the first two lie right at it."""
    short = rng.integers(20, MERGING_GAP_DAYS, count)
    gaps = np.where(np.arange(count) % 2 == 0, short, short + MERGING_GAP_DAYS - 20)
    gaps[:2] = [MERGING_GAP_DAYS - 1, MERGING_GAP_DAYS][:count]
    return gaps
