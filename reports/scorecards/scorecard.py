"""The scorecard: people, pay, seats and data of one firm, each beside what the release says of all members.

Money is on the statement. Nothing is ranked, no other firm is named, and no figure is "of all others".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports import wording
from reports.document import (
    Block,
    Chart,
    ChartKind,
    Document,
    Figure,
    KeyFigure,
    Note,
    Point,
    Section,
    Table,
)
from reports.figures import point
from reports.published import MISSING, Row
from reports.scorecards.marks import (
    FEW,
    NOT_YET,
    Own,
    counted,
    is_early,
    mean_pay,
    published,
    published_span,
    rate,
)
from reports.scorecards.member import CONSORTIUM, Beside, Member
from reports.scorecards.sheet import Sheet
from reports.scorecards.waiting import FILLED, OPEN, median_wait, seats_of
from warehouse.attendance import USABLE, FirmStanding
from warehouse.own_figures import (
    COMPLETED,
    CREDENTIALED,
    EMPLOYED,
    PAID,
    RETAINED,
    SERVED,
    SentRows,
    Tally,
)

CHAPTER = "Scorecard"
CAVEAT = (
    "Your own figures come from the rows your firm sent, and from nothing else. The figures of all members "
    "are those of the release, which anybody may read. No number here comes from another firm's rows."
)
RATES = (
    (COMPLETED, "Training completed"),
    (CREDENTIALED, "Completers with a credential"),
    (EMPLOYED, "On a payroll, two quarters on"),
    (RETAINED, "Same employer, four quarters on"),
)
USED = frozenset(
    {(CONSORTIUM, metric) for metric in (SERVED, PAID, *(metric for metric, _ in RATES))}
    | {("outcomes_by_program", SERVED), ("outcomes_by_program", COMPLETED), ("outcomes_by_cohort", SERVED)}
    | {("time_to_fill", "time_to_fill"), ("internal_fill", "internal_fill_rate")}
    | {("intake_quality", "rows_accepted")}
)
"""The published figures that stand on the page, by table and measure."""
_READING = (
    "“You” counts people whom your firm enrolled; “all members” holds your firm too. Quarters count from the "
    "end of training. On a payroll means on yours for “you”, and on any member’s for “all members”: somebody "
    "who moved to another member counts in theirs and not in yours. Where two 95% intervals overlap, do not "
    "read a difference."
)


@dataclass(frozen=True)
class Pair:
    """One rate: what it is called, the firm's own, and the published one of all members."""

    title: str
    own: Own
    row: Row | None


def scorecard(member: Member, beside: Beside) -> Document:
    """The scorecard of one firm for one release."""
    pairs = [_pair(metric, title, member, beside) for metric, title in RATES]
    sections = (
        Section("people", "Your people in training", tuple(_people(member, beside, pairs))),
        Section("pay", "What they earn", tuple(_pay(member, beside))),
        Section("seats", "Filling seats", tuple(_seats(member, beside))),
        Section("data", "The data you send", tuple(_data(member, beside))),
    )
    figures = tuple(_key_figures(member, beside, pairs))
    return Sheet("scorecard", CHAPTER, _headline(pairs), CAVEAT, figures, sections, USED).document(
        member, beside
    )


def _pair(metric: str, title: str, member: Member, beside: Beside) -> Pair:
    row = beside.consortium(metric)
    own = Own(None, NOT_YET) if row is not None and is_early(row) else rate(member.own.tally(metric))
    return Pair(title, own, row)


def _headline(pairs: Sequence[Pair]) -> str:
    """The first rate that both sides have, in a sentence, with whether the difference means anything."""
    for pair in pairs:
        row, own = pair.row, pair.own
        if own.interval is not None and row is not None and row.interval is not None:
            apart = "beyond" if not own.interval.overlaps(row.interval) else "within"
            return (
                f"{pair.title}: {own.printed} of your people, {wording.number(row)} of all members’ "
                f"{wording.months(row.start, row.end)}. The difference is {apart} the margin of error."
            )
    return "Too few of your people have finished training for a figure that means something yet."


def _key_figures(member: Member, beside: Beside, pairs: Sequence[Pair]) -> Iterator[KeyFigure]:
    served = beside.consortium(SERVED)
    yield _key("People in training", counted(member.own.tally(SERVED)), "", served)
    for pair in pairs:
        spoken = "" if pair.own.interval is None else f"{pair.own.basis}, 95% interval {pair.own.span}"
        yield _key(pair.title, pair.own, spoken, pair.row)
    wait, row = median_wait(member.own.seats), beside.whole("time_to_fill", "time_to_fill")
    yield _key("Days to fill a seat, median", _days(member, wait), "", row)


def _key(title: str, own: Own, spoken: str, row: Row | None) -> KeyFigure:
    window = "" if row is None or not row.start else f", {wording.window(row.start, row.end)}"
    span = "" if row is None or row.interval is None else f" ({wording.span(row.interval, row.unit)})"
    return KeyFigure(title, own.printed, spoken, f"All members: {published(row)}{span}{window}", "", "")


def _days(member: Member, wait: int | None) -> Own:
    if seats_of(member.own.seats) < FEW:
        return Own(None, MISSING)
    return Own(None, "not reached") if wait is None else Own(float(wait), f"{wait} days")


# --- people -----------------------------------------------------------------------------------------


def _people(member: Member, beside: Beside, pairs: Sequence[Pair]) -> Iterator[Block]:
    yield Note(_READING)
    yield from _rates(pairs)
    if programs := _programs(member, beside):
        yield programs
    yield from _over_time(member, beside)


def _rates(pairs: Sequence[Pair]) -> Iterator[Block]:
    table = Table(
        "rates",
        "Your people and all members’ people",
        ("Measure", "You", "95% interval", "Counted", "All members", "95% interval of all"),
        tuple(
            (
                pair.title,
                pair.own.printed,
                pair.own.span,
                pair.own.basis or pair.own.printed,
                published(pair.row),
                published_span(pair.row),
            )
            for pair in pairs
        ),
    )
    points = [mark for pair in pairs for mark in _marks(pair)]
    if not any(mark.value is not None for mark in points):
        yield table
        return
    apart = [pair for pair in pairs if _is_apart(pair)]
    title = (
        f"Beyond the margin of error: {wording.listed(tuple(pair.title for pair in apart)).lower()}"
        if apart
        else "Your rates and those of all members are within the margin of error"
    )
    chart = Chart(
        "your-rates",
        ChartKind.ROWS,
        title,
        "Dots with lines for 95% intervals, two rows for each rate: yours, then that of all members. The "
        "table has every value.",
        "share",
        tuple(points),
    )
    yield Figure(
        chart, "For each rate, yours comes first. Few people make wide lines: read those with care.", table
    )


def _marks(pair: Pair) -> Iterator[Point]:
    lower, upper = (
        (None, None) if pair.own.interval is None else (pair.own.interval.lower, pair.own.interval.upper)
    )
    yield Point(pair.title, pair.own.value, lower, upper, pair.own.printed)
    if pair.row is not None and not is_early(pair.row):
        yield point(pair.row, "… of all members")


def _is_apart(pair: Pair) -> bool:
    if pair.own.interval is None or pair.row is None or pair.row.interval is None:
        return False
    return not pair.own.interval.overlaps(pair.row.interval)


def _programs(member: Member, beside: Beside) -> Table | None:
    """Own people by program beside the published rate of each program."""
    own = member.own
    taken = [program for program in own.programs if own.tally(SERVED, program).counted]
    rows = tuple(
        (
            own.programs[program],
            counted(own.tally(SERVED, program)).printed,
            rate(own.tally(COMPLETED, program)).printed,
            published(beside.named("outcomes_by_program", SERVED, own.programs[program])),
            published(beside.named("outcomes_by_program", COMPLETED, own.programs[program])),
        )
        for program in sorted(taken, key=lambda program: own.programs[program])
    )
    header = ("Program", "Your people", "Completed", "All members’ people", "Completed, all members")
    return Table("programs", "By program", header, rows) if rows else None


def _over_time(member: Member, beside: Beside) -> Iterator[Block]:
    """People in training in each quarter of the window, beside the published count."""
    row = beside.consortium(SERVED)
    if row is None or is_early(row):
        return
    quarters = row.quarters
    own = [counted(member.own.tally(SERVED, quarter)) for quarter in quarters]
    if not any(one.value for one in own):
        return
    by_cohort = {one.start: one for one in beside.published.rows("outcomes_by_cohort", SERVED)}
    table = Table(
        "by-quarter",
        "People in training, quarter by quarter",
        ("Quarter", "You", "All members"),
        tuple(
            (quarter, one.printed, published(by_cohort.get(quarter)))
            for quarter, one in zip(quarters, own, strict=True)
        ),
    )
    points = tuple(
        Point(quarter, one.value, None, None, one.printed) for quarter, one in zip(quarters, own, strict=True)
    )
    newest = own[-1].printed if own[-1].value is not None else f"fewer than {FEW}"
    chart = Chart(
        "your-people",
        ChartKind.COLUMNS,
        f"You had {newest} people in training in {quarters[-1]}",
        f"Columns, one per quarter, from {quarters[0]} to {quarters[-1]}. The table below has every count.",
        "persons",
        points,
    )
    yield Figure(
        chart, "People whom your firm enrolled and who were in training on any day of the quarter.", table
    )


# --- pay, seats, data -------------------------------------------------------------------------------


def _pay(member: Member, beside: Beside) -> Iterator[Block]:
    row = beside.consortium(PAID)
    own = Own(None, NOT_YET) if row is not None and is_early(row) else mean_pay(member.own.tally(PAID))
    yield Note(
        "What your firm paid, in the second quarter after training, to people whom it had enrolled: a mean "
        f"over {FEW} people or more, never a person. The published figure is a median, over all members. A "
        "mean and a median are different things, and nobody’s pay should be set by either."
    )
    cells = (own.printed, own.basis or own.printed, published(row), published_span(row))
    header = ("Measure", "You, mean", "Counted", "All members, median", "95% interval of all", "Quarters")
    window = MISSING if row is None else wording.window(row.start, row.end)
    yield Table(
        "pay",
        "Pay in the second quarter after training",
        header,
        (("Dollars in the quarter", *cells, window),),
    )


def _seats(member: Member, beside: Beside) -> Iterator[Block]:
    lines = member.own.seats
    if not lines:
        yield Note("You sent no requisitions, so nothing is said of how long your seats wait.")
        return
    filled = [line for line in lines if line.outcome == FILLED]
    within = rate(Tally(seats_of(filled), seats_of([line for line in filled if line.is_internal])))
    still_open = seats_of([line for line in lines if line.outcome == OPEN])
    waiting = beside.whole("time_to_fill", "time_to_fill")
    internal = beside.whole("internal_fill", "internal_fill_rate")
    yield Note(
        "From approval to acceptance, in days. The median is the first day by which half of the seats were "
        "filled; open seats count as still waiting."
    )
    yield Table(
        "seats",
        "Your seats and all members’ seats",
        ("Measure", "You", "All members"),
        (
            (
                "Days to fill a seat, median",
                _days(member, median_wait(lines)).printed,
                published(waiting),
            ),
            ("Filled from within", within.printed, published(internal)),
            ("Seats asked for", f"{seats_of(lines):,}", _behind(waiting)),
            ("Seats filled", f"{seats_of(filled):,}", _behind(internal)),
            ("Seats open", f"{still_open:,}", MISSING),
        ),
    )


def _behind(row: Row | None) -> str:
    """How many a published figure is out of."""
    if row is None or row.denominator is None:
        return MISSING if row is None else published(row)
    return f"{row.denominator:,}"


def _data(member: Member, beside: Beside) -> Iterator[Block]:
    yield from _standing(member)
    everybody = {row.group: row for row in beside.published.rows("intake_quality", "rows_accepted")}
    rows = tuple(_sent(one, everybody[one.contract]) for one in member.own.sent if one.contract in everybody)
    if rows:
        header = ("Extract", "Rows you sent", "Accepted", "Share accepted", "All members")
        yield Table("sent", "Rows that count, by extract, since you joined", header, rows)


def _sent(one: SentRows, row: Row) -> tuple[str, ...]:
    share = MISSING if not one.rows_in else f"{one.accepted / one.rows_in:.1%}"
    everybody = f"{row.value:.1%}" if row.value is not None else published(row)
    return row.label, f"{one.rows_in:,}", f"{one.accepted:,}", share, everybody


def _standing(member: Member) -> Iterator[Block]:
    """The data-quality scores of the newest quarters that were due, and what they are made of."""
    scored = [one for one in member.standings if one.score is not None and one.places]
    if not scored:
        yield Note("No data-quality score yet: nothing was due from you.")
        return
    newest = scored[-1]
    yield Note(
        f"Your data-quality score for {newest.places[0].period}: {newest.score} of 100. It is the mean of "
        "three shares: extracts in, extracts in time, and rows accepted. No score of another firm is "
        "published, nor a mean of scores."
    )
    yield Table(
        "standing",
        "Your data-quality score by quarter",
        ("Quarter", "Score", "Extracts in", "In time", "Rows", "Accepted"),
        tuple(_quarter(one) for one in scored),
    )


def _quarter(standing: FirmStanding) -> tuple[str, ...]:
    places = standing.places
    return (
        places[0].period,
        str(standing.score),
        f"{sum(one.state in USABLE for one in places)} of {len(places)}",
        f"{sum(one.state in USABLE and not one.is_late for one in places)} of {len(places)}",
        f"{sum(one.rows_in for one in places):,}",
        f"{sum(one.accepted for one in places):,}",
    )
