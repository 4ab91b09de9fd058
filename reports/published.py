"""Published tables as the page reads them: rows with plain Python values, whatever file they came back from.

This is the only source of numbers for documents and charts. Marts do not belong here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd

from contracts.quarters import Quarter, quarters_between
from reports.disclosure.rules import VALUE_STATUSES
from reports.intervals import Interval
from reports.measures import Measure, measure

CONFIDENTIAL = (5, 11)
HIDDEN, MISSING = "[c]", "[x]"
"""What stands in the place of a value: that it is withheld, or that there is none."""
WHOLE = "All programs"
"""How the label of a row of all programs together begins."""


@dataclass(frozen=True)
class Row:
    """One published row; ``value`` is None unless its status carries one. ``dimension`` is what ``group`` is
    one of: sex, occupation.
    """

    metric_id: str
    label: str
    group: str
    start: str
    end: str
    status: int
    unit: str
    value: float | None
    cents: Decimal | None
    interval: Interval | None
    numerator: int | None
    denominator: int | None
    base: str
    dimension: str = ""

    @property
    def measure(self) -> Measure:
        """What the row measures."""
        return measure(self.metric_id)

    @property
    def is_shown(self) -> bool:
        """Whether the row carries a value."""
        return self.value is not None

    @property
    def is_whole(self) -> bool:
        """Whether the row is of all programs together, not of one."""
        return self.label.startswith(WHOLE)

    @property
    def mark(self) -> str:
        """The shorthand that stands in the place of a missing value."""
        return "" if self.is_shown else mark_of(self.status)

    @property
    def quarters(self) -> list[str]:
        """Every quarter from its first to its last."""
        return [str(one) for one in quarters_between(Quarter.parse(self.start), Quarter.parse(self.end))]


def mark_of(status: int) -> str:
    """What stands in the place of a value under a status that carries none."""
    return HIDDEN if status in CONFIDENTIAL else MISSING


@dataclass(frozen=True)
class Published:
    """All published tables of one release. ``read``: rows of a table by measure, once they were read."""

    frames: Mapping[str, pd.DataFrame]
    read: dict[str, Mapping[str, tuple[Row, ...]]] = field(default_factory=dict, init=False, repr=False)

    def rows(self, table: str, metric_id: str) -> tuple[Row, ...]:
        """The rows of one measure in one table, in published order; none where the table is not there."""
        if table not in self.frames:
            return ()
        if table not in self.read:
            self.read[table] = _by_measure(self.frames[table])
        return self.read[table].get(metric_id, ())

    def one(self, table: str, metric_id: str) -> Row | None:
        """The only row of a measure in a table, if it carries a value."""
        shown = [row for row in self.rows(table, metric_id) if row.is_shown]
        return shown[0] if len(shown) == 1 else None

    def texts(self, table: str, columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """The rows of a table of words; a column that is not there is empty."""
        frame = self.frames.get(table)
        if frame is None:
            return ()
        return tuple(tuple(_text(raw.get(c)) for c in columns) for raw in frame.to_dict("records"))


def _by_measure(frame: pd.DataFrame) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = {}
    for raw in frame.to_dict("records"):
        found.setdefault(str(raw["metric_id"]), []).append(_row(raw))
    return {metric: tuple(rows) for metric, rows in found.items()}


def _row(raw: Mapping[Any, Any]) -> Row:
    status = int(raw["value_status"])
    carries = status in VALUE_STATUSES and not pd.isna(raw["value"])
    is_cents = isinstance(raw["value"], Decimal)
    return Row(
        metric_id=raw["metric_id"],
        label=_text(raw["label"]),
        group=_text(raw["group_value"]),
        start=_text(raw["cohort_start"]),
        end=_text(raw["cohort_end"]),
        status=status,
        unit=_text(raw["unit"]),
        value=float(raw["value"]) if carries else None,
        cents=Decimal(str(raw["value"])) if carries and (is_cents or raw["unit"] == "usd") else None,
        interval=_interval(raw) if carries else None,
        numerator=_whole(raw["numerator_rounded_count"]),
        denominator=_whole(raw["denominator_rounded_count"]),
        base=_text(raw["base_price_period"]),
        dimension=_text(raw.get("group_dim")),
    )


def _interval(raw: Mapping[Any, Any]) -> Interval | None:
    if pd.isna(raw["value_lower"]) or pd.isna(raw["value_upper"]):
        return None
    return Interval(float(raw["value_lower"]), float(raw["value_upper"]))


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
