"""How effects differ by group and by dose, for the report: descriptive, from published rows alone.

Which differences stand out is told from published intervals (Benjamini and Hochberg), never from exact ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from reports import wording
from reports.document import Block, Note, Table
from reports.equity import discoveries
from reports.figures import ByMember, by_member
from reports.intervals import Z95
from reports.published import Published, Row

TABLE = "effects_by_group"

_DESCRIPTIVE = (
    "Effects by group and by dose are descriptions. Nobody is put into a group, or given a dose, by chance, "
    "and there is no careful interval for a difference. Groups of fewer than 100 participants seen before "
    "and after, or at fewer than 10 firms, are not estimated."
)


def group_blocks(published: Published) -> Iterator[Block]:
    """A note with what stands out, then contrasts and effects by trait and by dose."""
    contrasts = [row for kind in ("trait", "dose") for row in _shown(published, f"contrast_by_{kind}")]
    every = [row for kind in ("trait", "dose") for row in published.rows(TABLE, f"effect_by_{kind}")]
    if not any(row.is_shown for row in every):
        return
    missing = sum(not row.is_shown for row in every)
    yield Note(f"{_DESCRIPTIVE} {missing} of {len(every)} groups cannot be shown. {_standing_out(contrasts)}")
    for kind, titled in (("trait", "who people are"), ("dose", "support, incentive, mentoring and delivery")):
        rows = tuple(_shown(published, f"contrast_by_{kind}"))
        if rows:
            figure = ByMember(TABLE, f"contrast_by_{kind}", "group", "groups", lambda rows, _: _title(rows))
            yield by_member(figure, rows)
        shown = _shown(published, f"effect_by_{kind}")
        if shown:
            yield _effects(kind, f"Effect on quarterly pay by {titled}: descriptive", shown)


def _shown(published: Published, metric: str) -> list[Row]:
    return [row for row in published.rows(TABLE, metric) if row.is_shown]


def _effects(kind: str, caption: str, rows: Sequence[Row]) -> Table:
    cells = tuple((row.label, wording.number(row), wording.interval(row), wording.count(row)) for row in rows)
    header = ("Group", "Value", "95% interval", "Participants")
    return Table(f"effects-by-{kind}", caption, header, cells)


def _title(rows: Sequence[Row]) -> str:
    found = standing_out(rows)
    if not found:
        return "Descriptive: no difference between groups stands out beyond the margin of error"
    return f"Descriptive: differences stand out for {wording.listed(tuple(row.label for row in found))}"


def _standing_out(contrasts: Sequence[Row]) -> str:
    found = standing_out(contrasts)
    after = "after a correction for looking at many"
    if not found:
        return f"Of {len(contrasts)} differences looked at, none stands out {after}."
    named = wording.listed(tuple(row.label for row in found))
    return f"Of {len(contrasts)} differences looked at, {len(found)} stand out {after}: {named}."


def standing_out(contrasts: Sequence[Row]) -> list[Row]:
    """The differences that survive Benjamini and Hochberg at 5 %, from published values and intervals."""
    tested = sorted((row for row in contrasts if row.interval is not None), key=_p_value)
    return tested[: discoveries([_p_value(row) for row in tested])]


def _p_value(row: Row) -> float:
    """Two-sided, by the normal distribution: the standard error that the interval's half-width implies."""
    if row.interval is None or row.value is None or row.interval.upper <= row.interval.lower:
        return 1.0
    error = (row.interval.upper - row.interval.lower) / 2 / Z95
    return math.erfc(abs(row.value) / error / math.sqrt(2))
