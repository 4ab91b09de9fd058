"""What a release restated, in words for page one and cell by cell for its page of revisions.

Which cells those are is found in ``revisions``, from the published tables of two releases. A value stands
here only where both releases show one: what is hidden by now is not said again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports import wording
from reports.disclosure.rules import VALUE_STATUSES
from reports.document import Block, Note, Table
from reports.measures import measure
from reports.published import MISSING, mark_of

SHOWN = 100
"""So many cells are listed; the site's revisions.csv has all."""
NAMED = 3
_NOW_HIDDEN, _NOW_SHOWN, _OTHER = "no longer shown", "shown for the first time", "still not shown"


@dataclass(frozen=True)
class Revised:
    """Cells that differ between a release and the one before, as ``revisions.revised_cells`` gives them."""

    cells: pd.DataFrame

    def in_words(self) -> tuple[str, ...]:
        """How many figures differ, and of which measures; nothing where none does."""
        if self.cells.empty:
            return ()
        kinds = self.cells.apply(became, axis=1)
        said = [
            f"{count} {words}"
            for kind, words in (
                ("", "with another value"),
                *((one, one) for one in (_NOW_HIDDEN, _NOW_SHOWN)),
            )
            if (count := int((kinds == kind).sum()))
        ]
        figures = (
            "figure of the last release reads" if len(self.cells) == 1 else "figures of the last release read"
        )
        whole = f"{len(self.cells)} {figures} differently in this one"
        return (f"{whole}: {wording.listed(tuple(said))}." if said else f"{whole}.", *self._measures())

    def _measures(self) -> Iterator[str]:
        """The measures most concerned, and how many others."""
        counts = self.cells["metric_id"].value_counts()
        for metric, count in list(counts.items())[:NAMED]:
            yield f"{measure(str(metric)).title}: {count} {'figure' if count == 1 else 'figures'}."
        if len(counts) > NAMED:
            yield f"And {len(counts) - NAMED} more measures."

    def blocks(self) -> tuple[Block, ...]:
        """The table of the cells, the first of them where there are many; nothing where none differs."""
        if self.cells.empty:
            return ()
        listed = self.cells.head(SHOWN)
        table = Table(
            "revised-cells",
            "Cells that read differently than in the last release",
            ("Measure", "Of", "Quarters", "In table", "Before", "Now"),
            tuple(_line(cell) for cell in listed.to_dict("records")),
            is_numeric=False,
        )
        if len(self.cells) <= SHOWN:
            return (table,)
        return (
            table,
            Note(f"The first {SHOWN} of {len(self.cells)}. The site’s revisions.csv has all of them."),
        )


def _line(cell: Mapping[Any, Any]) -> tuple[str, ...]:
    return *named(cell), *_values(cell)


def named(cell: Mapping[Any, Any]) -> tuple[str, str, str, str]:
    """A cell's measure, whom or what it is of, its quarters and its table, in words; a table of words has no
    measure.
    """
    title = measure(cell["metric_id"]).title if cell["metric_id"] else "Words"
    window = wording.window(cell["cohort_start"], cell["cohort_end"])
    return title, cell["label"], window, cell["table_name"].replace("_", " ")


def _values(cell: Mapping[Any, Any]) -> tuple[str, str]:
    """Both values where both releases show one, else words or marks."""
    kind = became(cell)
    if kind == _NOW_HIDDEN:
        return "shown", mark_of(int(cell["status_after"]))
    if kind == _NOW_SHOWN:
        return "not shown", wording.in_unit(float(cell["after"]), cell["unit"])
    if kind == _OTHER:
        return "not shown", "not shown"
    return _printed(cell["before"], cell["unit"]), _printed(cell["after"], cell["unit"])


def _printed(value: str, unit: str) -> str:
    return wording.in_unit(float(value), unit) if value else MISSING


def became(cell: Mapping[Any, Any] | pd.Series[Any]) -> str:
    """What became of a cell that two releases have; blank where both show a value."""
    was, now = (int(cell[name]) in VALUE_STATUSES for name in ("status_before", "status_after"))
    if was and now:
        return ""
    return _NOW_HIDDEN if was else _NOW_SHOWN if now else _OTHER
