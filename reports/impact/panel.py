"""The panel that every estimator reads: persons × quarters, a firm each, and the quarter of enrollment.

Also who may be estimated at all: the floors below which the answer is a refusal. Reading files and tables
does not belong here.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from reports.impact.results import NotEstimable, Reason

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NEVER = np.iinfo(np.int64).max // 4
"""The entry of somebody who never enrolls: later than any quarter."""

MIN_PARTICIPANTS = 100
MIN_UNITS = 10
MIN_COWORKERS = 3
"""A quarter of a firm is used only where so many untreated people are seen in it."""


@dataclass(frozen=True)
class Window:
    """Effect quarters ``first``..``last`` after entry; ``skip`` quarters before entry are left out."""

    first: int = 4
    last: int = 8
    skip: int = 4

    def __str__(self) -> str:
        return f"quarters {self.first} to {self.last} after entry"


@dataclass(frozen=True)
class Panel:
    """``outcome``: persons × quarters, NaN where not observed; ``entry``: column of the first quarter of
    enrollment, NEVER for those who never enroll; ``unit``: 0, 1, … per person, persons sorted by it.

    The unit is fixed for a person (the firm at enrollment, or of most quarters): later moves do not change
    it, so the effect is one of intent to treat.
    """

    outcome: Floats
    entry: Ints
    unit: Ints
    quarters: tuple[Hashable, ...]

    @classmethod
    def of(
        cls, outcome: Floats, entry: Ints, unit: Sequence[Hashable] | Ints, quarters: Sequence[Hashable] = ()
    ) -> Panel:
        """A panel from arrays in any order of persons; a person without any quarter is left out."""
        _, codes = np.unique(np.asarray(unit), return_inverse=True)
        order = np.argsort(codes, kind="stable")
        order = order[np.isfinite(outcome[order]).any(axis=1)]
        named = tuple(quarters) or tuple(range(outcome.shape[1]))
        _, units = np.unique(codes[order], return_inverse=True)
        return cls(outcome[order].astype(float), entry[order].astype(np.int64), units.astype(np.int64), named)

    @property
    def shape(self) -> tuple[int, int]:
        """Persons and quarters."""
        return len(self.outcome), self.outcome.shape[1]

    @cached_property
    def observed(self) -> Bools:
        """Where an outcome is observed."""
        return np.isfinite(self.outcome)

    @cached_property
    def filled(self) -> Floats:
        """The outcome with 0 where it is not observed."""
        return np.where(self.observed, self.outcome, 0.0)

    @cached_property
    def event(self) -> Ints:
        """Quarters since enrollment of every cell; far below zero for those who never enroll."""
        event: Ints = np.arange(self.shape[1])[None, :] - self.entry[:, None]
        return event

    @property
    def is_participant(self) -> Bools:
        """Who enrolls, within the panel or after it."""
        is_participant: Bools = self.entry < NEVER
        return is_participant

    @property
    def unit_count(self) -> int:
        """How many units there are."""
        return int(self.unit[-1]) + 1 if len(self.unit) else 0

    @cached_property
    def starts(self) -> Ints:
        """The first person of each unit."""
        return np.flatnonzero(np.diff(self.unit, prepend=-1)).astype(np.int64)

    def untreated(self, skip: int) -> Bools:
        """Observed cells of the never enrolled, and of participants more than ``skip`` quarters before."""
        untreated: Bools = self.observed & (self.event < -skip)
        return untreated

    def within(self, window: Window) -> Bools:
        """Observed cells of participants in the quarters of a window after their entry."""
        inside: Bools = self.observed & (self.event >= window.first) & (self.event <= window.last)
        return inside

    @property
    def history(self) -> int:
        """Quarters of the panel before the first enrollment."""
        enrolled = self.entry[self.is_participant]
        return int(np.clip(enrolled.min(), 0, self.shape[1])) if len(enrolled) else self.shape[1]

    def of_persons(self, chosen: Bools) -> Panel:
        """The panel of some persons only."""
        return Panel.of(self.outcome[chosen], self.entry[chosen], self.unit[chosen], self.quarters)

    def with_outcome(self, outcome: Floats) -> Panel:
        """The same people with another outcome (same persons and quarters)."""
        return Panel.of(outcome, self.entry, self.unit, self.quarters)


@dataclass(frozen=True)
class Floors:
    """The least an estimate may rest on."""

    participants: int = MIN_PARTICIPANTS
    units: int = MIN_UNITS


def refusal(panel: Panel, window: Window, floors: Floors | None = None) -> NotEstimable | None:
    """Why no estimate of this panel can be given at all; None when one can."""
    floors = floors or Floors()
    seen = panel.within(window).any(axis=1)
    seen = np.logical_and(seen, panel.untreated(window.skip).any(axis=1))
    both = units_with_both(panel, seen)
    found = f"{_below(seen.sum())} participants"
    needed = f"{floors.participants} seen before enrollment and in {window}"
    return _first(
        (
            (_has_one_period(panel), Reason.ONE_PERIOD, "one quarter", "several"),
            (bool(panel.is_participant.all()), Reason.NO_COMPARISON, "nobody", "at least one a firm"),
            (not seen.any(), Reason.EMPTY_WINDOW, "no participant seen before and after", str(window)),
            (bool(seen.sum() < floors.participants), Reason.FEW_PARTICIPANTS, found, needed),
            (both < floors.units, Reason.FEW_UNITS, f"{both} firms with both groups", f"{floors.units}"),
            (_is_constant(panel), Reason.NO_VARIATION, "one and the same value", "an outcome that varies"),
        )
    )


def member_refusal(panel: Panel, window: Window, floors: Floors) -> NotEstimable | None:
    """The same for a panel whose members are the units: treated members, and members never treated."""
    seen = panel.within(window).any(axis=1)
    seen &= panel.untreated(window.skip).any(axis=1)
    never = int((~panel.is_participant).sum())
    found = f"{_below(seen.sum())} treated members"
    needed = f"{floors.participants} seen before and after"
    return _first(
        (
            (_has_one_period(panel), Reason.ONE_PERIOD, "one period", "several"),
            (never == 0, Reason.NO_COMPARISON, "no member that was never treated", f"{floors.units}"),
            (bool(seen.sum() < floors.participants), Reason.FEW_PARTICIPANTS, found, needed),
            (never < floors.units, Reason.FEW_UNITS, f"{never} members never treated", f"{floors.units}"),
            (_is_constant(panel), Reason.NO_VARIATION, "one and the same value", "an outcome that varies"),
        )
    )


def _first(cases: tuple[tuple[bool, Reason, str, str], ...]) -> NotEstimable | None:
    for holds, reason, found, needed in cases:
        if holds:
            return NotEstimable("effect", reason, found, needed)
    return None


def units_with_both(panel: Panel, participants: Bools) -> int:
    """How many units have at least one of ``participants`` and one person who never enrolls."""
    count = panel.unit_count
    treated = np.bincount(panel.unit[participants], minlength=count)
    never = np.bincount(panel.unit[~panel.is_participant], minlength=count)
    return int(((treated > 0) & (never > 0)).sum())


def _below(count: int) -> str:
    """A count as it may be printed: small ones are not told apart."""
    return "fewer than 10" if count < 10 else f"{count}"


def _has_one_period(panel: Panel) -> bool:
    return bool(panel.observed.any(axis=0).sum() < 2)


def _is_constant(panel: Panel) -> bool:
    values = panel.outcome[panel.observed]
    return bool(np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())))


def pattern_keys(seen: Bools) -> Ints:
    """A number for each row's pattern of True and False, equal where the patterns are, in their order."""
    rows, count = len(seen), -(-seen.shape[1] // 63)
    padded = np.zeros((rows, count * 63), dtype=bool)
    padded[:, : seen.shape[1]] = seen
    bits = np.zeros((rows, count, 64), dtype=bool)
    bits[:, :, 1:] = padded.reshape(rows, count, 63)
    words = np.packbits(bits.reshape(rows, count * 64), axis=1).view(">i8").astype(np.int64)
    if words.shape[1] == 1:
        return words[:, 0]
    numbers: Ints = np.unique(words, axis=0, return_inverse=True)[1].astype(np.int64)
    return numbers
