"""The report as a document: sections, figures, tables, notes, alerts. One model for every format.

What the parts are, not what they say (``report.py``) nor how they look (``page.py``, ``charts.py``).
Every number in a document comes from a published table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class ChartKind(StrEnum):
    """Dots with whiskers in rows (one per member) or along time, or columns along time."""

    ROWS = "rows"
    SERIES = "series"
    COLUMNS = "columns"


@dataclass(frozen=True)
class Point:
    """One mark of a chart: a published value with its interval, or a labeled gap where there is none."""

    label: str
    value: float | None
    lower: float | None
    upper: float | None
    printed: str
    is_provisional: bool = False


@dataclass(frozen=True)
class Chart:
    """A picture of published values. ``title`` states the finding, ``description`` says what is drawn.

    ``unit`` is that of the published rows: it decides how the axis is labeled.
    """

    chart_id: str
    kind: ChartKind
    title: str
    description: str
    unit: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Table:
    """A table of printed cells; the first cell of each row names the row."""

    table_id: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_numeric: bool = True


@dataclass(frozen=True)
class Figure:
    """A chart with its caption and, directly under it, the table of its data."""

    chart: Chart
    note: str
    table: Table


@dataclass(frozen=True)
class Note:
    """A paragraph; ``is_notice`` sets it apart. ``finding``: its sentence that the contents repeat."""

    text: str
    is_notice: bool = False
    finding: str = ""


@dataclass(frozen=True)
class Terms:
    """Terms and what they mean."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Points:
    """A list of short statements."""

    items: tuple[str, ...]


Block = Figure | Table | Note | Terms | Points


@dataclass(frozen=True)
class Section:
    """A titled part of a chapter."""

    section_id: str
    title: str
    blocks: tuple[Block, ...]

    def tables(self) -> Iterator[Table]:
        """Its tables, those under charts among them, in order."""
        for block in self.blocks:
            if isinstance(block, Figure | Table):
                yield block.table if isinstance(block, Figure) else block


@dataclass(frozen=True)
class Chapter:
    """What the report says on one subject: a page of its own, with the sentence that the contents give it.

    The heading of a chapter's only section is the chapter's own.
    """

    chapter_id: str
    title: str
    part: str
    finding: str
    sections: tuple[Section, ...]

    def figures(self) -> Iterator[Figure]:
        """Its charts with their tables, in order."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, Figure))


@dataclass(frozen=True)
class KeyFigure:
    """A figure of page one: its value, interval, people, change on the year and target, as printed."""

    title: str
    value: str
    interval: str
    basis: str
    change: str
    target: str


@dataclass(frozen=True)
class Alert:
    """Something to act on: what, since when, on how many, and who acts."""

    what: str
    since: str
    on_how_many: str
    who_acts: str


@dataclass(frozen=True)
class Document:
    """The whole report. ``facts`` are label and text pairs for the head of the page; ``shorthand`` explains
    the marks that stand in the place of a value.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    notice: str
    headline: str
    caveat: str
    key_figures: tuple[KeyFigure, ...]
    alerts: tuple[Alert, ...]
    decisions: tuple[str, ...]
    restated: tuple[str, ...]
    shorthand: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    footer: tuple[str, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of all chapters, in order."""
        return tuple(section for chapter in self.chapters for section in chapter.sections)

    @property
    def lists_revisions(self) -> bool:
        """Whether its page of revisions lists cells, so that page one leads there."""
        pages = (chapter for chapter in self.chapters if chapter.chapter_id == "revisions")
        return any(True for chapter in pages for section in chapter.sections for _ in section.tables())
