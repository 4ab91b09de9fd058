"""Which groups fall below four fifths of another, told from published counts and from nothing else.

The mart flags on exact counts for the operator; what is printed is reckoned anew from what is printed beside
it (rule P5). Which cells are published does not belong here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.document import Block, Note, Table
from reports.intervals import newcombe
from reports.measures import Statistic
from reports.published import Published, Row
from reports.wording import number, points

RESIDUAL = "undisclosed_or_small"
"""The group of those who did not answer and of groups too small to stand alone: held against nobody."""

FOUR_FIFTHS = Fraction(4, 5)
"""A selection rate below four fifths of the highest is evidence of adverse impact (29 CFR 1607.4(D))."""

FALSE_DISCOVERY_RATE = 0.05


@dataclass(frozen=True)
class Gap:
    """A group held against the group of its dimension with the highest rate."""

    group: Row
    reference: Row
    ratio: float
    is_below: bool
    lower: float
    upper: float
    p_value: float


def gaps(rows: Sequence[Row]) -> list[Gap]:
    """Every published group against the highest of its dimension; one measure's rows in."""
    by_dimension: dict[str, list[Row]] = {}
    for row in rows:
        if row.numerator is not None and row.denominator and row.group != RESIDUAL:
            by_dimension.setdefault(row.label.split(":")[0], []).append(row)
    found = []
    for groups in by_dimension.values():
        reference = max(groups, key=_rate)
        found += [_gap(row, reference) for row in groups if row is not reference]
    return found


def flagged(found: Sequence[Gap]) -> list[Gap]:
    """Gaps below four fifths whose interval excludes 0 and that survive Benjamini and Hochberg at 5 %."""
    ordered = sorted(found, key=lambda gap: gap.p_value)
    surviving = ordered[: discoveries([gap.p_value for gap in ordered])]
    return [gap for gap in surviving if gap.is_below and gap.lower > 0]


def discoveries(p_values: Sequence[float]) -> int:
    """How many of the p-values, smallest first, survive Benjamini and Hochberg's correction at 5 %.

    Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57.
    """
    ranked = enumerate(p_values, start=1)
    passing = [rank for rank, p in ranked if p <= FALSE_DISCOVERY_RATE * rank / len(p_values)]
    return max(passing, default=0)


def four_fifths(published: Published, table: str, metrics: Sequence[str]) -> list[Block]:
    """What the four-fifths rule finds in a published table: a note, and a table of the groups it flags."""
    found: list[Gap] = []
    looked_at = 0
    for metric in metrics:
        rows = published.rows(table, metric)
        if rows and rows[0].measure.statistic is Statistic.RATE:
            of_metric = gaps(rows)
            looked_at += len(of_metric)
            found += flagged(of_metric)
    if not looked_at:
        return []
    count = f"{len(found)}" if found else "None"
    are = "are" if len(found) > 1 else "is"
    verdict = f"{count} of {looked_at} comparisons between groups {are} flagged by the four-fifths rule"
    note = Note(f"{verdict}. {_RULE}", finding=verdict)
    return [note, _listed(found)] if found else [note]


_RULE = (
    "A group is named when its rate is below four fifths of the highest rate in its dimension, the 95% "
    "interval of the difference excludes zero, and the finding survives a correction for looking at many "
    "groups (Benjamini and Hochberg, 5%). It says where to look, not why."
)


def _listed(found: Sequence[Gap]) -> Table:
    return Table(
        "four-fifths",
        "Groups below four fifths of the highest rate",
        ("Measure", "Group", "Rate", "Highest", "Ratio", "Difference in points, 95% interval"),
        tuple(
            (
                gap.group.measure.title,
                gap.group.label,
                number(gap.group),
                f"{number(gap.reference)} ({gap.reference.label})",
                f"{gap.ratio:.2f}",
                f"{points(gap.lower)} to {points(gap.upper)}",
            )
            for gap in found
        ),
    )


def _rate(row: Row) -> float:
    return (row.numerator or 0) / (row.denominator or 1)


def _gap(row: Row, reference: Row) -> Gap:
    mine, theirs = (
        (row.numerator or 0, row.denominator or 1),
        (reference.numerator or 0, reference.denominator or 1),
    )
    interval = newcombe(theirs, mine)
    ratio = Fraction(mine[0] * theirs[1], mine[1] * theirs[0]) if theirs[0] else Fraction(1)
    ends = (interval.lower, interval.upper)
    return Gap(row, reference, float(ratio), ratio < FOUR_FIFTHS, *ends, _p_value(mine, theirs))


def _p_value(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Two-sided test of two proportions, pooled."""
    pooled = (one[0] + other[0]) / (one[1] + other[1])
    error = math.sqrt(pooled * (1 - pooled) * (1 / one[1] + 1 / other[1]))
    return math.erfc(abs(one[0] / one[1] - other[0] / other[1]) / error / math.sqrt(2)) if error else 1.0
