"""What the fund got for it, in words first: the report's section on returns, from published tables alone.

Reckoning is ``return_tables``'. No sentence says more than the interval does, and none is made of a withheld
figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reports import wording
from reports.document import Block, Chart, ChartKind, Figure, Note, Points, Table
from reports.figures import point
from reports.impact.returns import BENEFITS, COSTS, LEDGERS, SOCIETY
from reports.labels import FUNDING_SOURCES
from reports.measures import measure
from reports.published import HIDDEN, MISSING, Published, Row
from reports.return_tables import (
    BENEFIT,
    BREAK_EVEN,
    BY_PROGRAM,
    COST,
    HOURS,
    LINE,
    NET,
    OBSERVED,
    PAYBACK,
    RATIO,
    RETURNS,
    SCENARIO,
)
from reports.savings import SAVINGS
from reports.systems.returns import COST_WORDS

_ORDER = (*LEDGERS, SOCIETY)

_LEDGER_NOTE = (
    "Dollars a participant, in prices of one base quarter, at the quarter of entry. Lines show 95% "
    "intervals: they hold the careful interval of the effect and the ranges of what is assumed. What one "
    "ledger pays another (pay, taxes, stipends) cancels in society. Rounded, ends of intervals outward, so "
    "sums may differ by a step."
)
_SAVINGS_NOTE = (
    "Savings in time to fill, turnover and ramp-up stand beside the ledgers and in none of them. They rest "
    "on descriptions, which do not show what training changed, and they overlap: the cost of replacing "
    "somebody holds the empty seat and the ramp-up of the successor. They must not be added up."
)


def return_blocks(published: Published) -> Iterator[Block]:
    """The blocks of the section; one sentence where the returns are withheld or cannot be stated."""
    net = _by_ledger(published, NET)
    if not net:
        return
    if SOCIETY not in net or not net[SOCIETY].is_shown:
        mark = net[SOCIETY].mark if SOCIETY in net else MISSING
        why = f"withheld under the disclosure policy {HIDDEN}" if mark == HIDDEN else _NOT_THERE
        yield Note(f"What the fund got for it: {why}.", is_notice=True)
        return
    yield Note(f"{verdict(net[SOCIETY])}. {_rests_on(published)}", finding=verdict(net[SOCIETY]))
    yield from _ledgers(published, tuple(net[name] for name in _ORDER if name in net))
    yield Points(tuple(_assumed(published)))
    yield from _scenarios(published)
    yield from _programs(published)
    yield from _lines(published)
    yield from _costs(published)
    yield from _savings(published)


_NOT_THERE = "not available: there is no careful effect, or a cost that it is held against is missing [x]"


def verdict(society: Row) -> str:
    """What may be said of society's net present value: a side of zero only if its interval lies there."""
    span = wording.span(society.interval, society.unit)
    said = f"a net {wording.number(society)} a participant (95% interval {span})"
    interval = society.interval
    if interval is None or interval.lower <= 0 <= interval.upper:
        return f"For society, what training came to cannot be told from what it cost: {said}"
    side = "more" if interval.lower > 0 else "less"
    return f"For society, training came to {side} than it cost: {said}"


def said_of_returns(published: Published) -> str:
    """One sentence for the card of the effect: what it came to, under which set; empty where not shown."""
    society = _by_ledger(published, NET).get(SOCIETY)
    if society is None or not society.is_shown:
        return ""
    version, _ = _set(published)
    under = f", under assumption set {version}" if version else ""
    return f"{verdict(society)}{under}."


def _by_ledger(published: Published, metric: str) -> dict[str, Row]:
    return {row.group: row for row in published.rows(RETURNS, metric)}


def _rests_on(published: Published) -> str:
    """What the effect under it may be called."""
    cards = published.frames.get("study_cards")
    if cards is None:
        return ""
    said = [str(one) for one in cards.loc[cards["metric_id"] == "effect_earnings", "statement"].dropna()]
    return f"It rests on the effect on earnings. {said[0]}" if said else ""


def _ledgers(published: Published, rows: Sequence[Row]) -> Iterator[Block]:
    benefit, cost, observed, ratio = (_by_ledger(published, one) for one in (BENEFIT, COST, OBSERVED, RATIO))
    cells = tuple(
        (
            row.label,
            wording.number(benefit[row.group]),
            wording.number(cost[row.group]),
            wording.number(row),
            wording.interval(row),
        )
        for row in rows
    )
    header = ("Ledger", "Benefits", "Net costs", "Net present value", "95% interval")
    table = Table("return-ledgers-table", "What training came to, a participant, by ledger", header, cells)
    said = ", ".join(f"{row.label.lower()} {wording.number(row)}" for row in rows)
    yield Figure(
        _chart("return-ledgers", f"By ledger: {said}", rows, "one row per ledger"), _LEDGER_NOTE, table
    )
    alone = tuple(
        (
            row.label,
            wording.number(observed[row.group]),
            wording.interval(observed[row.group]),
            _ratio(ratio[row.group]),
        )
        for row in rows
    )
    yield Table(
        "return-observed-table",
        "Net present value from the observed quarters alone, nothing projected; the ratio with projection",
        ("Ledger", "Observed quarters alone", "95% interval", "Benefits over net costs"),
        alone,
    )


def _ratio(row: Row) -> str:
    """No ratio where net cost is not above zero, or may not be."""
    return "none" if row.status == -2 else f"{wording.number(row)} ({wording.interval(row)})"


def _chart(chart_id: str, title: str, rows: Sequence[Row], layout: str) -> Chart:
    shown = [row for row in rows if row.value is not None]
    ends = f", from {wording.number(_least(shown))} to {wording.number(_most(shown))}" if shown else ""
    return Chart(
        chart_id=chart_id,
        kind=ChartKind.ROWS,
        title=title,
        description=f"Dots with lines for 95% intervals, {layout}{ends}. The table below has every value.",
        unit=rows[0].unit,
        points=tuple(point(row) for row in rows),
    )


def _least(rows: Sequence[Row]) -> Row:
    return min(rows, key=lambda row: row.value or 0.0)


def _most(rows: Sequence[Row]) -> Row:
    return max(rows, key=lambda row: row.value or 0.0)


def _assumed(published: Published) -> Iterator[str]:
    """What is assumed, in the numbers of the published set, and what follows for the break-even."""
    version, said = _set(published)
    if said:
        yield (
            f"Assumed (set {version}): the gain of the fourth to eighth quarter is the effect; nothing is "
            f"counted before; after it {said['fade_rate']:.0%} is lost each year until quarter "
            f"{said['horizon_quarters']:.0f}; dollars are discounted at {said['discount_rate']:.0%} a year."
        )
        yield (
            f"A dollar of pay and its side costs goes with ${said['output_per_pay']:.2f} of output: firms "
            "gain only as far as it is more. Pay is a worker's gain and a firm's cost alike."
        )
        yield (
            f"Of the hours in class, {said['paid_time_share']:.0%} are paid as work and "
            f"{said['lost_pay_share']:.0%} of pay is lost; {_hours(published)}each public dollar costs "
            f"{said['excess_burden']:.0%} more to raise."
        )
        yield "Participants who are no longer seen count with nothing, and so do those outside member firms."
    yield from _break_even(published)


def _set(published: Published) -> tuple[str, Mapping[str, float]]:
    """The published set's version, and the central value of everything assumed; empty where there is none."""
    rows = published.texts("return_assumptions", ("assumption_id", "central", "assumption_set"))
    return rows[0][2] if rows else "", {name: float(value) for name, value, _ in rows}


def _hours(published: Published) -> str:
    row = published.one(RETURNS, HOURS)
    return "" if row is None else f"the programs' hours are {wording.number(row)} on average; "


def _break_even(published: Published) -> Iterator[str]:
    fade = published.one(RETURNS, BREAK_EVEN)
    if fade is None or fade.value is None:
        return
    if fade.value <= 0:
        yield "Society does not break even, even if nothing of the gain is ever lost."
    elif fade.value >= 100:
        yield "Society has its costs back from the observed quarters alone."
    else:
        yield (
            f"Society breaks even as long as less than {fade.value:.0f}% of the gain is lost each year "
            f"(95% interval {_percents(fade)}; 0%: it never does, 100%: from the observed quarters alone)."
        )
    yield from _payback(published)


def _percents(fade: Row) -> str:
    return "" if fade.interval is None else f"{fade.interval.lower:.0f}% to {fade.interval.upper:.0f}%"


def _payback(published: Published) -> Iterator[str]:
    row, horizon = published.one(RETURNS, PAYBACK), _set(published)[1].get("horizon_quarters")
    if row is None or row.value is None or row.interval is None or horizon is None:
        return
    central, first, last = (
        f"after {quarter:.0f} quarters" if quarter <= horizon else "not within the quarters counted"
        for quarter in (row.value, row.interval.lower, row.interval.upper)
    )
    yield f"It has its costs back {central} (95% interval: {first}, to {last})."


def _scenarios(published: Published) -> Iterator[Block]:
    rows = published.rows(RETURNS, SCENARIO)
    if any(row.is_shown for row in rows):
        low, high = _least(rows), _most(rows)
        title = (
            f"Under other choices society's net present value ranges from {wording.number(low)} "
            f"({low.label.lower()}) to {wording.number(high)} ({high.label.lower()})"
        )
        note = "One choice changed at a time, all else as in the set. Lines show 95% intervals."
        table = _table("return-scenarios-table", measure(SCENARIO).title, "Choice", rows)
        yield Figure(_chart("return-scenarios", title, rows, "one row per choice"), note, table)


def _programs(published: Published) -> Iterator[Block]:
    rows = tuple(
        replace(row, label=row.label.rpartition(", ")[0])
        for row in published.rows(BY_PROGRAM, NET)
        if row.group == SOCIETY
    )
    if any(row.is_shown for row in rows):
        title = "Society's net present value, a participant, where a program's sample carries an effect"
        note = (
            "Costs of a program are those of all, in proportion to what the fund paid per participant. "
            "[x]: no effect can be estimated."
        )
        table = _table("returns-by-program-table", title, "Program", rows)
        yield Figure(_chart("returns-by-program", title, rows, "one row per program"), note, table)


def _lines(published: Published) -> Iterator[Table]:
    rows = sorted(published.rows(RETURNS, LINE), key=lambda row: _place(row.group))
    if any(row.is_shown for row in rows):
        yield _table("ledger-lines", "Lines of the ledgers, dollars a participant", "Line", rows)


def _place(group: str) -> tuple[int, int]:
    """By ledger, then gains before costs."""
    ledger, _, line = group.partition(":")
    return _ORDER.index(ledger), (*BENEFITS, *COSTS).index(line)


def _costs(published: Published) -> Iterator[Table]:
    """What training took, kinds down and bearers across."""
    rows = {row.group: row for row in published.rows("training_costs", "training_cost")}
    if not any(row.is_shown for row in rows.values()):
        return
    kinds = dict.fromkeys(group.partition(":")[2] for group in rows)
    bearers = [source for source in FUNDING_SOURCES if any(group.startswith(f"{source}:") for group in rows)]
    yield Table(
        "training-costs-table",
        "What training took in all, in prices of the base quarter, by kind and by who bore it",
        ("Kind", *(FUNDING_SOURCES[source] for source in bearers)),
        tuple(
            (
                COST_WORDS.get(kind, kind.lower()).capitalize(),
                *(_cost(rows, source, kind) for source in bearers),
            )
            for kind in kinds
        ),
    )


def _cost(rows: Mapping[str, Row], source: str, kind: str) -> str:
    row = rows.get(f"{source}:{kind}")
    return "[z]" if row is None else wording.number(row)


def _savings(published: Published) -> Iterator[Block]:
    rows = [row for metric in SAVINGS for row in published.rows(RETURNS, metric)]
    if any(row.is_shown for row in rows):
        yield Note(_SAVINGS_NOTE)
        rests_on = {said[0]: said[1] for said in published.texts(RETURNS, ("metric_id", "evidence"))}
        cells = tuple(
            (row.label, wording.number(row), wording.interval(row), rests_on.get(row.metric_id, ""))
            for row in rows
        )
        header = ("Saving", "Value", "95% interval", "Evidence")
        yield Table("described-savings", "Savings described, in dollars", header, cells)


def _table(table_id: str, title: str, what: str, rows: Sequence[Row]) -> Table:
    cells = tuple((row.label, wording.number(row), wording.interval(row)) for row in rows)
    return Table(table_id, title, (what, "Value", "95% interval"), cells)
