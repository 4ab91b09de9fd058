"""From long rows (person, unit, time, entry, outcome) to the panel that the estimators read, or a clear
refusal.

Files are read elsewhere. No message holds a value of a row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from contracts.errors import PanelError
from contracts.quarters import Quarter
from reports.impact.panel import NEVER, Floats, Ints, Panel

MAX_PERIODS = 400


@dataclass(frozen=True)
class Columns:
    """What each column is called. ``entry`` holds the first quarter of enrollment, blank or 0 for never."""

    person: str
    unit: str
    time: str
    entry: str
    outcome: str

    @property
    def all(self) -> tuple[str, ...]:
        """The five names."""
        return (self.person, self.unit, self.time, self.entry, self.outcome)


def panel_of(rows: pd.DataFrame, columns: Columns) -> Panel:
    """The panel of long rows, one row per person and quarter.

    ``time`` and ``entry`` are both whole numbers or both quarters written 2026Q1. A person who is seen at
    several units belongs to the one of the last quarter before entry, or, never entering, to the one of most
    quarters.

    PanelError IMP-004 no rows, IMP-005 times that cannot be read or lie too far apart, IMP-006 a blank person
    or unit, IMP-007 a person twice in a quarter, IMP-008 entries that differ within a person, IMP-009
    outcomes that are not numbers.
    """
    if rows.empty:
        raise _error("IMP-004", "no rows", "one row per person and quarter", "the panel", "Check the file.")
    persons, person_count = _codes(rows[columns.person], columns.person)
    units, _ = _codes(rows[columns.unit], columns.unit)
    time = _times(rows[columns.time], columns.time, never=False)
    entry = _times(rows[columns.entry], columns.entry, never=True)
    entry = np.where((entry == 0) & (time.min() > 0), NEVER, entry)
    first, quarters = int(time.min()), int(time.max() - time.min()) + 1
    _require_close(quarters, columns.time)
    place = persons * quarters + (time - first)
    _require_once(place, person_count * quarters, columns)
    of_person = _entries(persons, entry, person_count, columns)
    outcome = np.full(person_count * quarters, np.nan)
    outcome[place] = _numbers(rows[columns.outcome], columns.outcome)
    return Panel.of(
        outcome.reshape(person_count, quarters),
        np.where(of_person == NEVER, NEVER, of_person - first),
        home_units(persons, units, time, of_person),
        _labels(rows[columns.time], first, quarters),
    )


def _codes(column: pd.Series, name: str) -> tuple[Ints, int]:
    codes, values = pd.factorize(column)
    if (codes < 0).any():
        raise _error(
            "IMP-006",
            f"{int((codes < 0).sum())} blank cells",
            "a value in every row",
            name,
            "Fill or drop them.",
        )
    return codes.astype(np.int64), len(values)


def _times(column: pd.Series, name: str, *, never: bool) -> Ints:
    """Running numbers of quarters or periods; NEVER for a blank one where that is allowed."""
    codes, values = pd.factorize(column)
    numbers = np.array([_time(value, name) for value in values] + [NEVER], dtype=np.int64)
    if not never and (codes < 0).any():
        raise _error(
            "IMP-006",
            f"{int((codes < 0).sum())} blank cells",
            "a time in every row",
            name,
            "Fill or drop them.",
        )
    return numbers[codes]


def _time(value: object, name: str) -> int:
    text = str(value).strip()
    try:
        return Quarter.parse(text).index
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        number = np.nan
    if text == "" or number in (float("inf"), float("-inf")):
        return NEVER
    if number != np.floor(number):
        raise _error(
            "IMP-005",
            "a time that is neither a whole number nor a quarter",
            "whole numbers, or quarters written 2026Q1",
            name,
            "Write every period of the column in one of the two ways.",
        )
    return int(number)


def _require_close(quarters: int, name: str) -> None:
    if quarters > MAX_PERIODS:
        raise _error(
            "IMP-005",
            f"periods {quarters:,} apart",
            f"at most {MAX_PERIODS}, one step from each period to the next",
            name,
            "Number the periods 1, 2, 3, …, or write quarters as 2026Q1.",
        )


def _require_once(place: Ints, size: int, columns: Columns) -> None:
    twice = int((np.bincount(place, minlength=size) > 1).sum())
    if twice:
        raise _error(
            "IMP-007",
            f"{twice:,} persons and periods with more than one row",
            "one row per person and period",
            f"{columns.person}, {columns.time}",
            "Add up what belongs together, or name the column that tells persons apart.",
        )


def _entries(persons: Ints, entry: Ints, count: int, columns: Columns) -> Ints:
    lowest, highest = np.full(count, NEVER), np.full(count, -NEVER)
    np.minimum.at(lowest, persons, entry)
    np.maximum.at(highest, persons, entry)
    differ = int((lowest != highest).sum())
    if differ:
        raise _error(
            "IMP-008",
            f"{differ:,} persons with more than one entry",
            "the same first entry in all rows of a person",
            columns.entry,
            "Keep the first entry; write it in every row of the person.",
        )
    return lowest


def _numbers(column: pd.Series, name: str) -> Floats:
    numbers = pd.to_numeric(column, errors="coerce")
    values: Floats = numbers.to_numpy(dtype=float, na_value=np.nan)
    wrong = int((numbers.isna() & column.notna()).sum()) + int(np.isinf(values).sum())
    if wrong:
        raise _error(
            "IMP-009", f"{wrong:,} cells that are not numbers", "numbers, blank where not observed", name,
            "Write plain numbers with a decimal point.",
        )  # fmt: skip
    return values


def home_units(persons: Ints, units: Ints, time: Ints, entry: Ints) -> Ints:
    """Everybody's unit: of the last quarter before entry, else of most quarters (the earliest on a tie)."""
    frame = pd.DataFrame({"person": persons, "unit": units, "time": time})
    before = frame["time"].to_numpy() < entry[persons]
    enrolls = (entry != NEVER)[persons]
    last = frame[before & enrolls].sort_values("time", kind="stable").groupby("person")["unit"].last()
    counts = frame.groupby(["person", "unit"], sort=False)["time"].agg(["size", "min"]).reset_index()
    usual = counts.sort_values(["person", "size", "min"], ascending=[True, False, True], kind="stable")
    home = usual.drop_duplicates("person").set_index("person")["unit"]
    home.update(last)
    result: Ints = home.sort_index().to_numpy(dtype=np.int64)
    return result


def _labels(column: pd.Series, first: int, quarters: int) -> tuple[str, ...]:
    is_quarter = "Q" in str(column.iloc[0])
    if is_quarter:
        start = Quarter(first // 4, first % 4 + 1)
        return tuple(str(start + step) for step in range(quarters))
    return tuple(str(first + step) for step in range(quarters))


def _error(code: str, found: str, expected: str, where: str, remedy: str) -> PanelError:
    return PanelError(code, found=found, expected=expected, where=where, remedy=remedy)
