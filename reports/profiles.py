"""A chapter for each program and each workforce area: all its published measures beside those of the whole.

For a program they are what a performance report on training providers asks (ETA-9171: who took part, who
completed, credentials, employment, earnings, cost), on the consortium's own definitions. Nothing is ranked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports import findings, wording
from reports.document import Chapter, Chart, ChartKind, Figure, Note, Section, Table
from reports.figures import point
from reports.measures import Statistic
from reports.published import MISSING, Published, Row

PROGRAMS, AREAS = "Program by program", "Area by area"
"""The parts of the report that hold them."""

_READING = (
    "“All” is the whole consortium, this {kind} included. A measure is named above or below only where the "
    "two 95% intervals do not overlap. Whom they serve differs, so a difference is no verdict on the {kind}."
)


@dataclass(frozen=True)
class Kind:
    """What there is a chapter for each of: its word, its part of the report, its tables and its column."""

    word: str
    part: str
    table: str
    column: str
    more: tuple[str, ...] = ()


KINDS = (
    Kind("program", PROGRAMS, "outcomes_by_program", "program_id", ("unit_costs",)),
    Kind("area", AREAS, "outcomes_by_area", "geography"),
)


@dataclass(frozen=True)
class Compared:
    """One measure of a member and the same of the whole consortium, where that is published."""

    own: Row
    whole: Row | None


def profiles(published: Published) -> Iterator[Chapter]:
    """The chapters, programs first, each in the order of its table."""
    for kind in KINDS:
        frame = published.frames.get(kind.table)
        if frame is not None:
            named = frame[[kind.column, "label"]].dropna().drop_duplicates()
            for place, (code, label) in enumerate(named.itertuples(index=False, name=None), start=1):
                yield _chapter(
                    kind, str(code), f"{kind.word}-{place}", _compared(published, kind, str(label))
                )


def _compared(published: Published, kind: Kind, label: str) -> list[Compared]:
    found = []
    for table, whole in ((kind.table, "outcomes_consortium"), *((name, name) for name in kind.more)):
        for metric in (
            dict.fromkeys(map(str, published.frames[table]["metric_id"])) if table in published.frames else ()
        ):
            own = [row for row in published.rows(table, metric) if row.label == label]
            others = [row for row in published.rows(whole, metric) if row.is_whole]
            found += [Compared(row, others[0] if others else None) for row in own]
    return found


def _chapter(kind: Kind, code: str, short: str, compared: Sequence[Compared]) -> Chapter:
    title = compared[0].own.label if compared else code
    note = Note(_READING.format(kind=kind.word))
    rates = [one for one in compared if one.own.measure.statistic is Statistic.RATE]
    shown = (_figure(short, title, rates),) if any(one.own.is_shown for one in rates) else ()
    table = _table(short, title, compared)
    return Chapter(
        f"{kind.word}-{_as_file(code)}",
        title,
        kind.part,
        _standing(compared),
        (Section(short, title, (note, table, *shown)),),
    )


def _standing(compared: Sequence[Compared]) -> str:
    return findings.standing([(one.own, one.whole) for one in compared if one.whole is not None])


def _as_file(code: str) -> str:
    """A code as part of a file's name: what is no letter, digit or dash is written by its number."""
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign == "-") else f"_{ord(sign):x}" for sign in code
    )


def _table(short: str, title: str, compared: Sequence[Compared]) -> Table:
    cells = tuple(
        (
            one.own.measure.title,
            wording.number(one.own),
            wording.interval(one.own),
            wording.count(one.own),
            MISSING if one.whole is None else wording.number(one.whole),
            MISSING if one.whole is None else wording.interval(one.whole),
            wording.window(one.own.start, one.own.end),
        )
        for one in compared
    )
    header = ("Measure", "Value", "95% interval", "Count", "All", "95% interval of all", "Cohorts")
    return Table(f"{short}-measures", f"{title}: every measure, beside the whole consortium", header, cells)


def _figure(short: str, title: str, compared: Sequence[Compared]) -> Figure:
    """The rates of one member with their intervals, in the order of the table."""
    rates = [one.own for one in compared]
    points = tuple(point(row, row.measure.title) for row in rates)
    chart = Chart(
        f"{short}-rates",
        ChartKind.ROWS,
        f"Rates. {_standing(compared)}",
        f"Dots with lines for 95% intervals, one row per rate of {title}. The table has every value.",
        "share",
        points,
    )
    cells = tuple((row.measure.title, wording.number(row), wording.interval(row)) for row in rates)
    table = Table(f"{short}-rates-table", f"Rates of {title}", ("Measure", "Value", "95% interval"), cells)
    return Figure(chart, "Each rate is out of people of its own, counted in the table above.", table)
