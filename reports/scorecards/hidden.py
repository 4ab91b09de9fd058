"""Why figures on a page are hidden or missing: the part of the page that every [c] links to."""

from __future__ import annotations

from collections.abc import Sequence

from reports.document import Block, Note, Points, Section, Terms
from reports.published import Published
from reports.scorecards.marks import HIDDEN, SHORTHAND

WHY = "why"
"""The section's id, which the mark of a hidden figure links to."""
_RULE = (
    "A figure is published only where it gives no person and no firm away, not even to a member that "
    "subtracts its own "
    "rows. Where it would, it is hidden from everybody, and so from this page. The consortium’s report says "
    "in its "
    "chapter “Data quality” which figures are hidden, and in “Method” by which rule."
)


def why(published: Published, sections: Sequence[Section]) -> Section:
    """What the marks mean that stand on the page, and what the release says of what it withholds."""
    cells = " ".join(
        cell for section in sections for table in section.tables() for row in table.rows for cell in row
    )
    marks = tuple((mark, meaning) for mark, meaning in SHORTHAND if mark in cells or mark == HIDDEN)
    notes: tuple[Block, ...] = (Note(_RULE), *_statements(published, HIDDEN in cells))
    return Section(WHY, "Why a figure is hidden or missing", (*notes, Terms(marks)))


def _statements(published: Published, has_hidden: bool) -> tuple[Block, ...]:
    said = published.texts("withheld", ("table_name", "measure", "statement")) if has_hidden else ()
    tables = ("outcomes_consortium", "outcomes_by_program", "outcomes_by_cohort", "fund_ledger", "unit_costs")
    lines = tuple(
        f"{measure}, in {name.replace('_', ' ')}: {statement}"
        for name, measure, statement in said
        if name in tables
    )
    return (Points(lines),) if lines else ()
