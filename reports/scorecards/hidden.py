"""Why figures on a page are hidden or missing: the part of the page that every [c] links to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reports.document import Block, Note, Points, Section, Terms
from reports.published import HIDDEN, Published
from reports.scorecards.marks import SHORTHAND

WHY = "why"
"""The section's id, which the mark of a hidden figure links to."""
_RULE = (
    "A figure is published only where it gives no person and no firm away, not even to a member that "
    "subtracts its own rows. Where it would, it is hidden from everybody, and so from this page. The "
    "consortium’s report says in its chapter “Data quality” which figures are hidden, and in “Method” by "
    "which rule."
)


def why(published: Published, sections: Sequence[Section], used: Collection[tuple[str, str]]) -> Section:
    """What the marks mean that stand on the page, and what the release says of those figures it withholds.

    ``used``: the published figures that the page shows, by table and measure.
    """
    cells = " ".join(
        cell for section in sections for table in section.tables() for row in table.rows for cell in row
    )
    marks = tuple((mark, meaning) for mark, meaning in SHORTHAND if mark in cells or mark == HIDDEN)
    notes: tuple[Block, ...] = (Note(_RULE), *_statements(published, used if HIDDEN in cells else ()))
    return Section(WHY, "Why a figure is hidden or missing", (*notes, Terms(marks)))


def _statements(published: Published, used: Collection[tuple[str, str]]) -> tuple[Block, ...]:
    said = published.texts("withheld", ("table_name", "metric_id", "measure", "statement"))
    lines = tuple(
        f"{measure}, in {name.replace('_', ' ')}. {statement}"
        for name, metric, measure, statement in said
        if (name, metric) in used
    )
    return (Points(lines),) if lines else ()
