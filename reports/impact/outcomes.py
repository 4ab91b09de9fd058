"""From the warehouse's person-quarters to one panel for each outcome: what is measured, on whom, and at which
firm.

Intent to treat from the first entry into any program. Person-level: nothing here leaves the build zone.
Estimating and publishing belong elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from contracts.quarters import Quarter
from reports.impact.frame import home_units
from reports.impact.panel import NEVER, Bools, Floats, Ints, Panel, Window

_Kind = TypeVar("_Kind", bound=np.generic)

MART = "fct_effect_quarter"
COLUMNS = (
    *("learner_key", "year_quarter", "parent_group_id", "real_wages_usd", "hours_paid", "entry_quarter"),
    *("program_id", "enrolling_parent_id"),
)
GROUP_MART = "fct_effect_group"
GROUP_COLUMNS = ("learner_key", "topic", "group_dim", "group_value", "reference_value")
MIN_HOURS = 20.0
"""An hourly rate is taken only from so many hours in the quarter."""

RATES = (3.625, 250.0)
"""USD an hour: half the federal minimum, and a ceiling; what lies outside is a slip of hours or pay."""


@dataclass(frozen=True)
class Region:
    """Persons × quarters of a whole region, persons in one order in every array.

    ``wages``: real USD, NaN where nobody reported; ``hours``: NaN where a job lacks them; ``employer``: code
    of the parent that paid most, −1 where nobody reported; ``home``: the parent a person counts for;
    ``program``: of the first entry, blank without one; ``keys``: the persons' pseudonyms, to join what else
    is known of them.
    """

    quarters: tuple[str, ...]
    wages: Floats
    hours: Floats
    employer: Ints
    home: Ints
    entry: Ints
    program: npt.NDArray[np.object_]
    parents: tuple[str, ...]
    keys: tuple[str, ...]

    def persons(self, outcome: Floats, program: str | None = None) -> Ints:
        """Who is in the panel of an outcome, in order; with ``program``, its participants and everybody who
        never enrolled.
        """
        chosen = np.flatnonzero(self._of_program(program) & np.isfinite(outcome).any(axis=1))
        ordered: Ints = chosen[np.argsort(self.home[chosen], kind="stable")].astype(np.int64)
        return ordered

    def panel(self, outcome: Floats, persons: Ints) -> Panel:
        """The panel of an outcome over these persons."""
        return Panel.of(outcome[persons], self.entry[persons], self.home[persons], self.quarters)

    def paid(self, persons: Ints, inside: Bools) -> Floats:
        """Real USD that members paid each of the persons in the quarters that are ``inside``."""
        some = np.flatnonzero(inside.any(axis=1))
        paid = np.zeros(len(persons))
        paid[some] = np.where(inside[some], np.nan_to_num(self.wages[persons[some]]), 0.0).sum(axis=1)
        return paid

    def _of_program(self, program: str | None) -> Bools:
        if program is None:
            return np.ones(len(self.entry), dtype=bool)
        belongs: Bools = (self.program == program) | (self.entry == NEVER)
        return belongs


@dataclass(frozen=True)
class Outcome:
    """One outcome: its measure, unit, and value for every person and quarter of a region (NaN: not observed).

    ``is_survival``: of those employed just before entry, how many are still there; else an effect on a level.
    ``by_program``: also estimated for each program.
    """

    metric_id: str
    unit: str
    values: Callable[[Region], Floats]
    is_survival: bool = False
    by_program: bool = False


def region_of(rows: pd.DataFrame) -> Region | None:
    """The region of the mart's rows; None where there is no row, or nobody ever entered a program."""
    is_known = rows["real_wages_usd"].notna()
    usable = rows if is_known.all() else rows[is_known]
    if usable.empty or usable["entry_quarter"].isna().all():
        return None
    persons, keys = pd.factorize(usable["learner_key"], sort=True)
    index = _each(usable["year_quarter"], lambda text: Quarter.parse(text).index)
    first, count = int(index.min()), int(index.max() - index.min()) + 1
    parents = sorted({str(name) for column in _PARENTS for name in usable[column].dropna().unique()})
    code = {name: number for number, name in enumerate(parents)}
    employer = _each(usable["parent_group_id"], lambda name: code[name])
    of_person = usable.iloc[np.unique(persons, return_index=True)[1]]
    entry = _each(of_person["entry_quarter"], lambda text: Quarter.parse(text).index - first, blank=NEVER)
    enrolling = _each(of_person["enrolling_parent_id"], lambda name: code[name], blank=-1)
    home = home_units(persons.astype(np.int64), employer, index - first, entry)
    shape, place = (len(keys), count), persons * count + index - first
    return Region(
        quarters=tuple(str(Quarter(first // 4, first % 4 + 1) + step) for step in range(count)),
        wages=_placed(_floats(usable["real_wages_usd"]), place, shape),
        hours=_placed(_floats(usable["hours_paid"]), place, shape),
        employer=_placed(employer, place, shape, blank=-1),
        home=np.where(enrolling < 0, home, enrolling),
        entry=entry,
        program=_named(of_person["program_id"]),
        parents=tuple(parents),
        keys=tuple(map(str, keys)),
    )


_PARENTS = ("parent_group_id", "enrolling_parent_id")


def _each(column: pd.Series, number: Callable[[str], int], blank: int = -1) -> Ints:
    """A number for every row, asked once for each different text; ``blank`` where there is none."""
    codes, texts = pd.factorize(column)
    numbers: Ints = np.array([*(number(str(text)) for text in texts), blank], dtype=np.int64)[codes]
    return numbers


def _named(column: pd.Series) -> npt.NDArray[np.object_]:
    codes, texts = pd.factorize(column)
    return np.array([*map(str, texts), ""], dtype=object)[codes]


def _floats(column: pd.Series) -> Floats:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _placed(
    values: npt.NDArray[_Kind], place: Ints, shape: tuple[int, int], blank: float = np.nan
) -> npt.NDArray[_Kind]:
    table = np.full(shape[0] * shape[1], blank, dtype=values.dtype)
    table[place] = values
    return table.reshape(shape)


def period_of(panel: Panel) -> dict[str, str]:
    """The first and the last quarter in which an effect is measured; none where there is no such cell."""
    quarters = np.flatnonzero(panel.within(Window()).any(axis=0))
    if not len(quarters):
        return {}
    first, last = (str(panel.quarters[int(quarters[end])]) for end in (0, -1))
    return {"first_quarter": first, "last_quarter": last}


def earnings(region: Region) -> Floats:
    """Real quarterly earnings from all members, observed zeros included."""
    return region.wages


def log_earnings(region: Region) -> Floats:
    """A hundred times the logarithm of real quarterly earnings, where there were any."""
    return np.log(np.where(region.wages > 0, region.wages, np.nan)) * 100


def hours(region: Region) -> Floats:
    """Hours paid in the quarter by all members."""
    return region.hours


def hourly_wage(region: Region) -> Floats:
    """Real earnings an hour, where hours and rate are plausible."""
    enough = np.where(region.hours >= MIN_HOURS, region.hours, np.nan)
    rate = region.wages / enough
    plausible: Floats = np.where((rate >= RATES[0]) & (rate <= RATES[1]), rate, np.nan)
    return plausible


def employment(region: Region) -> Floats:
    """100 in a quarter with pay from any member, else 0, from the first quarter a person was seen."""
    return _from_first_seen(region, region.wages > 0)


def same_firm(region: Region) -> Floats:
    """100 in a quarter in which the person's own parent firm paid most, else 0, from when first seen."""
    return _from_first_seen(region, (region.wages > 0) & (region.employer == region.home[:, None]))


def _from_first_seen(region: Region, holds: Bools) -> Floats:
    seen = np.maximum.accumulate(np.isfinite(region.wages), axis=1)
    shares: Floats = np.where(seen, 100.0 * holds, np.nan)
    return shares


OUTCOMES = (
    Outcome("effect_earnings", "usd_per_quarter", earnings, by_program=True),
    Outcome("effect_log_earnings", "points", log_earnings),
    Outcome("effect_hours", "hours", hours),
    Outcome("effect_hourly_wage", "usd_per_hour", hourly_wage),
    Outcome("retention_difference_consortium", "points", employment, is_survival=True, by_program=True),
    Outcome("retention_difference_firm", "points", same_firm, is_survival=True),
)
"""The primary one first. Retention with the consortium is employment with any member."""


def programs_of(region: Region) -> Iterator[str]:
    """The programs that somebody entered first, in order."""
    yield from sorted({*region.program.tolist()} - {""})
