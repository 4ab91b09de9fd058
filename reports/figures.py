"""The report's figures: published rows turned into a chart, its caption and the table of its data.

The title of each is a finding computed from the same rows. Drawing belongs to ``charts.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from reports import findings, wording
from reports.document import Chart, ChartKind, Figure, Point, Table
from reports.measures import measure
from reports.published import Published, Row

LEDGER_LINES = (
    *("fund_opening", "fund_contributions", "fund_match", "fund_interest", "fund_transfers_in"),
    *("fund_transfers_out", "fund_disbursed", "fund_lapsed", "fund_closing"),
)


@dataclass(frozen=True)
class ByMember:
    """A measure of a table, drawn for each member (program, area, sector); ``finding`` says what it shows."""

    table: str
    metric_id: str
    member: str
    members: str
    finding: Callable[[tuple[Row, ...], str], str] = findings.contrast


@dataclass(frozen=True)
class Cohorts:
    """A measure drawn over quarterly cohorts; the newest is provisional while a revision is to come."""

    metric_id: str
    has_provisional: bool


def by_member(figure: ByMember, rows: tuple[Row, ...]) -> Figure:
    """Dots and whiskers, one row per member in the order of the table: never ranked."""
    chart = Chart(
        chart_id=f"{figure.table}-{figure.metric_id}".replace("_", "-"),
        kind=ChartKind.ROWS,
        title=figure.finding(rows, figure.members),
        description=_description(rows, f"one row per {figure.member}"),
        unit=rows[0].unit if rows else "",
        points=tuple(point(row) for row in rows),
    )
    return Figure(chart, _note(rows), member_table(figure, rows))


def member_table(figure: ByMember, rows: tuple[Row, ...]) -> Table:
    """The same rows as a table only, for amounts and verdicts; columns that no row fills are left out."""
    columns = {
        figure.member.capitalize(): [row.label for row in rows],
        "Value": [wording.number(row) for row in rows],
        "95% interval": [wording.interval(row) for row in rows] if any(row.interval for row in rows) else [],
        "Count": [_people(row) for row in rows] if any(row.denominator for row in rows) else [],
    }
    kept = {name: cells for name, cells in columns.items() if cells}
    chart_id = f"{figure.table}-{figure.metric_id}".replace("_", "-")
    caption = f"{measure(figure.metric_id).title}, by {figure.member}"
    return Table(f"{chart_id}-table", caption, tuple(kept), tuple(zip(*kept.values(), strict=True)))


def cohorts(figure: Cohorts, rows: tuple[Row, ...]) -> Figure:
    """Dots and whiskers along the quarters of exit, with labeled gaps where a cohort has no value yet."""
    subject = measure(figure.metric_id)
    shown = [row for row in rows if row.is_shown]
    newest = shown[-1] if shown and figure.has_provisional else None
    chart = Chart(
        chart_id=f"cohorts-{figure.metric_id}".replace("_", "-"),
        kind=ChartKind.SERIES,
        title=findings.trend(rows),
        description=_description(rows, "one dot per quarterly cohort, in order of time"),
        unit=rows[0].unit if rows else "",
        points=tuple(point(row, is_provisional=row is newest) for row in rows),
    )
    header = ("Cohort", "Value", "95% interval", "Count")
    cells = tuple(
        (
            row.label,
            wording.number(row) + (" [p]" if row is newest else ""),
            wording.interval(row),
            _people(row),
        )
        for row in rows
    )
    note = "Open dot: provisional [p]. " + _note(rows) if newest else _note(rows)
    return Figure(
        chart, note, Table(f"{chart.chart_id}-table", f"{subject.title}, by quarter of exit", header, cells)
    )


def unit_costs(rows: tuple[Row, ...]) -> Figure:
    """What the fund paid per completer, one row per program."""
    chart = Chart(
        chart_id="unit-costs",
        kind=ChartKind.ROWS,
        title=findings.contrast(rows, "programs"),
        description=_description(rows, "one row per program"),
        unit="usd",
        points=tuple(point(row) for row in rows),
    )
    cells = tuple(
        (row.label, wording.number(row), _people(row), wording.window(row.start, row.end)) for row in rows
    )
    header = ("Program", "Dollars per completer", "Completers", "Cohorts")
    table = Table("unit-costs-table", "Fund dollars per completer, by program", header, cells)
    return Figure(chart, "Money paid out by the fund over completers; in-kind gifts are not in it.", table)


def balances(published: Published) -> Figure:
    """What the fund held at the end of each quarter, all sources together."""
    totals = totals_by_quarter(published, "fund_closing")
    chart = Chart(
        chart_id="fund-balance",
        kind=ChartKind.COLUMNS,
        title=findings.fund_balance(totals),
        description=_balances_in_words(totals),
        unit="usd",
        points=tuple(_balance(quarter, totals[quarter]) for quarter in sorted(totals)),
    )
    rows = tuple((quarter, wording.dollars_and_cents(totals[quarter])) for quarter in sorted(totals))
    table = Table("fund-balance-table", "Closing balance by quarter", ("Quarter", "Closing balance"), rows)
    return Figure(chart, "Cash at the end of each quarter, from the fund's books.", table)


def _balance(quarter: str, total: Decimal) -> Point:
    return Point(quarter, float(total), None, None, wording.rounded_dollars(total))


def _balances_in_words(totals: dict[str, Decimal]) -> str:
    if not totals:
        return "No balance can be shown."
    ends = [f"{wording.rounded_dollars(totals[q])} in {q}" for q in (min(totals), max(totals))]
    return f"Columns, one per quarter, from {ends[0]} to {ends[1]}. The table below has every balance."


def fund_table(published: Published) -> Table:
    """The cash ledger by quarter, all sources together, to the cent; no rows when it is withheld."""
    lines = {line: totals_by_quarter(published, line) for line in _used_lines(published)}
    quarters = sorted(lines.get("fund_closing", ()), reverse=True)
    cells = tuple(
        (quarter, *(wording.dollars_and_cents(line.get(quarter, Decimal(0))) for line in lines.values()))
        for quarter in quarters
    )
    header = ("Quarter", *(measure(line).title for line in lines))
    return Table("fund-ledger-table", "Cash of the fund by quarter, all sources", header, cells)


def _used_lines(published: Published) -> tuple[str, ...]:
    """The ledger's lines that this fund has ever had an amount in."""
    return tuple(line for line in LEDGER_LINES if published.rows("fund_ledger", line))


def sources_table(published: Published) -> Table:
    """The newest quarter's cash by source of funding, to the cent; no rows when the ledger is withheld."""
    lines = _used_lines(published)
    rows = [row for line in lines for row in published.rows("fund_ledger", line) if row.cents is not None]
    newest = max((row.start for row in rows), default="")
    amounts = {(row.label, row.metric_id): row.cents or Decimal(0) for row in rows if row.start == newest}
    cells = tuple(
        (
            source,
            *(wording.dollars_and_cents(amounts.get((source, line), Decimal(0))) for line in lines),
        )
        for source in dict.fromkeys(source for source, _ in amounts)
    )
    header = ("Source", *(measure(line).title for line in lines))
    return Table("fund-sources-table", f"Cash of the fund in {newest}, by source", header, cells)


def totals_by_quarter(published: Published, line: str) -> dict[str, Decimal]:
    """One line of the ledger by quarter, summed over sources; empty as soon as one source has no value."""
    rows = published.rows("fund_ledger", line)
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.cents is None:
            return {}
        totals[row.start] += row.cents
    return dict(totals)


def point(row: Row, label: str = "", *, is_provisional: bool = False) -> Point:
    """A row as a mark under its own label, or another."""
    lower, upper = (None, None) if row.interval is None else (row.interval.lower, row.interval.upper)
    return Point(label or row.label, row.value, lower, upper, wording.number(row), is_provisional)


def _people(row: Row) -> str:
    return row.mark if row.denominator is None else f"{row.denominator:,}"


def _note(rows: tuple[Row, ...]) -> str:
    windows = sorted({wording.window(row.start, row.end) for row in rows if row.is_shown})
    meaning = rows[0].measure.meaning if rows else ""
    whiskers = " Lines show 95% intervals." if any(row.interval for row in rows) else ""
    pooled = f" Cohorts of {windows[0]}." if len(windows) == 1 else ""
    counts = f" Counts are of {rows[0].measure.counted}." if rows else ""
    return f"{meaning[:1].upper()}{meaning[1:]}.{whiskers}{pooled}{counts}"


def _description(rows: tuple[Row, ...], layout: str) -> str:
    """What is drawn, for a reader who does not see it: layout, ends of the range, gaps."""
    shown = [row for row in rows if row.value is not None]
    gaps = len(rows) - len(shown)
    missing = f" {gaps} without a value, marked [c] or [x]." if gaps else ""
    if not shown:
        return f"An empty chart, {layout}.{missing}"
    low, high = min(shown, key=_by_value), max(shown, key=_by_value)
    ends = f"from {wording.number(low)} ({low.label}) to {wording.number(high)} ({high.label})"
    whiskers = " with lines for 95% intervals" if any(row.interval for row in shown) else ""
    return f"Dots{whiskers}, {layout}, {ends}.{missing} The table below has every value."


def _by_value(row: Row) -> float:
    return 0.0 if row.value is None else row.value
