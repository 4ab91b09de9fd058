"""The public summary: one page in plain words, from published cells and the facts of the release only.

For a reader who knows nothing of the consortium: what happened, what is not known yet, how people and firms
are protected. Four figures at most. What a committee needs is on page one (``report.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from contracts.quarters import Quarter
from reports import wording
from reports.document import (
    Block,
    Chapter,
    Chart,
    ChartKind,
    Document,
    Figure,
    KeyFigure,
    Note,
    Points,
    Section,
    Table,
)
from reports.facts import ReleaseFacts
from reports.figures import point
from reports.page import SheetLink, render_sheet
from reports.published import HIDDEN, Published, Row
from reports.report import footer

NAME = "report/summary.html"
"""Where it lies in a release, beside the chapters."""
LINKS = (
    SheetLink("../report.html", "The whole report"),
    SheetLink("method.html", "How it is made"),
    SheetLink("data-quality.html", "What is held back"),
)
TABLE = "outcomes_consortium"
CAVEAT = (
    "A figure from people is never exact. The margin of error says how far off it may be: in 19 of 20 such "
    "cases the true figure lies inside."
)


@dataclass(frozen=True)
class Plain:
    """One measure in plain words: the title of its figure, of whom it is, and what they did."""

    metric_id: str
    title: str
    who: str
    did: str

    def sentence(self, share: float) -> str:
        """About how many of whom did what, without a full stop."""
        opening = in_tenths(share)
        return f"{opening[0].upper()}{opening[1:]} {self.who} {self.did}"


PLAIN = (
    Plain(
        "completion_rate", "Finished their training", "people whose training came to an end", "finished it"
    ),
    Plain("any_program_credential", "Earned a credential", "people who finished", "earned a credential"),
    Plain(
        "employment_rate_q2",
        "Had a job half a year later",
        "people who left training",
        "had a job with a member firm half a year later",
    ),
)
SERVED = "participants_served"


def render_summary(tables: Mapping[str, pd.DataFrame], facts: ReleaseFacts) -> dict[str, bytes]:
    """The page by its name below the release's folder. ``tables``: published tables by name."""
    return {NAME: render_sheet(public_summary(Published(tables), facts), LINKS, is_alone=False)}


def public_summary(published: Published, facts: ReleaseFacts) -> Document:
    """The summary of one release."""
    rates = [(plain, row) for plain in PLAIN for row in published.rows(TABLE, plain.metric_id)[:1]]
    finding = _headline(rates)
    sections = (
        Section("happened", "What happened", tuple(_happened(published, rates))),
        Section("unknown", "What is not known yet", (Points(tuple(_unknown(published, facts))),)),
        Section("people", "How people are protected", (Points(tuple(_people(facts))),)),
        Section("firms", "How firms are protected", (Points(tuple(_firms(facts))),)),
    )
    return Document(
        title="Training in plain words",
        subtitle=f"{facts.consortium_name}, {facts.region}",
        facts=_head(facts),
        notice=facts.policy.notice if facts.policy.is_off else "",
        headline=finding,
        caveat=CAVEAT,
        key_figures=tuple(_key_figures(published, rates)),
        alerts=(),
        decisions=(),
        restated=(),
        shorthand=(),
        chapters=(Chapter("summary", "Training in plain words", "Summary", finding, sections),),
        footer=footer(facts),
    )


def in_tenths(share: float) -> str:
    """A share for a sentence: ``about 8 in 10``, ``fewer than 1 in 20``, ``nearly all``."""
    if share < 0.05:
        return "fewer than 1 in 20"
    return "nearly all" if share >= 0.95 else f"about {max(1, round(share * 10))} in 10"


def _head(facts: ReleaseFacts) -> tuple[tuple[str, str], ...]:
    following = "Not known yet" if facts.next_on is None else wording.day(facts.next_on)
    return (
        ("Covers", f"To the {wording.period(facts.period)}"),
        ("Came out", wording.day(facts.published_on)),
        ("Next one", following),
    )


def _headline(rates: Sequence[tuple[Plain, Row]]) -> str:
    """The last of the steps that can be shown: a job, else a credential, else an end."""
    for plain, row in reversed(rates):
        if row.value is not None and row.interval is not None:
            margin = wording.span(row.interval, row.unit)
            said = wording.number(row)
            return f"{plain.sentence(row.value)}: {said}, with a margin of error from {margin}."
    return "No result can be shown yet."


def _key_figures(published: Published, rates: Sequence[tuple[Plain, Row]]) -> Iterator[KeyFigure]:
    for row in published.rows(TABLE, SERVED)[:1]:
        yield KeyFigure("People who took part", _said(row), "", _when(row), "", "")
    for plain, row in rates:
        margin = "" if row.interval is None else f"Margin of error: {wording.span(row.interval, row.unit)}"
        people = "" if row.denominator is None else f"Of {row.denominator:,} people, {_when(row)}"
        yield KeyFigure(plain.title, _said(row), margin, people, "", "")


def _said(row: Row) -> str:
    """A value in words: a mark in brackets says nothing to a reader who has not read what it means."""
    if row.is_shown:
        return wording.number(row)
    return "Held back" if row.mark == HIDDEN else "Not known yet"


def _when(row: Row) -> str:
    return wording.months(row.start, row.end) if row.start else ""


def _happened(published: Published, rates: Sequence[tuple[Plain, Row]]) -> Iterator[Block]:
    for row in published.rows(TABLE, SERVED)[:1]:
        if row.is_shown:
            yield Note(
                f"Firms in the region pool money to train people. {wording.number(row)} people took part "
                f"{_when(row)}."
            )
    told = [(plain, row) for plain, row in rates if row.value is not None]
    if told:
        yield Points(
            tuple(f"{plain.sentence(row.value or 0.0)} ({wording.number(row)})." for plain, row in told)
        )
        yield _figure(told)


def _figure(told: Sequence[tuple[Plain, Row]]) -> Figure:
    best = told[-1]
    chart = Chart(
        "in-short",
        ChartKind.ROWS,
        f"{best[0].title}: {wording.number(best[1])}",
        f"Dots with lines for the margin of error, one row for each of {len(told)} shares. The table has "
        "each.",
        "share",
        tuple(point(row, plain.title) for plain, row in told),
    )
    table = Table(
        "in-short-table",
        "The same in numbers",
        ("What", "Share", "Margin of error", "Of how many people"),
        tuple(
            (plain.title, wording.number(row), wording.interval(row), wording.count(row))
            for plain, row in told
        ),
    )
    return Figure(chart, "Each share is of the people for whom it can be known by now.", table)


def _unknown(published: Published, facts: ReleaseFacts) -> Iterator[str]:
    job = next(iter(published.rows(TABLE, "employment_rate_q2")), None)
    if job is not None and job.end:
        last = Quarter.parse(job.end).last_day
        yield (
            f"How people fare who left after {last:%B %Y}. Half a year has to pass, and every firm has to "
            "send its pay records."
        )
    yield "Who works outside the member firms. We do not see it, so the share with a job may be higher."
    if _has_estimate(published):
        yield (
            "What would have happened without the training. The figures here do not say so. The full report "
            "has an estimate, and says how sure it is."
        )
    else:
        yield "What would have happened without the training. Nothing here says so, and no estimate is out."
    withheld = len(published.texts("withheld", ("metric_id",)))
    if withheld:
        yield f"Some details. In {withheld} places, a table holds figures back to protect people or firms."
    if facts.next_on is not None:
        again = wording.day(facts.next_on)
        yield f"The newest figures may still change a little. They are looked at again on {again}."


def _has_estimate(published: Published) -> bool:
    """Whether the report shows any effect: a consortium may be too small for one."""
    effects = published.frames.get("effects")
    metrics = () if effects is None else effects["metric_id"].unique()
    return any(row.is_shown for metric in metrics for row in published.rows("effects", metric))


def _people(facts: ReleaseFacts) -> Iterator[str]:
    yield "Firms send no names. A code stands in the place of each person; the data house has no key to it."
    if facts.policy.is_off:
        yield "This data was public before, so no figure is held back."
        return
    yield f"No figure on people rests on fewer than {facts.policy.count.min_persons} of them."
    yield f"Counts are rounded to the nearest {facts.policy.round_counts_to}."
    yield (
        "A figure that could give somebody away is left out. So is any other figure that it could be worked "
        "out from."
    )


def _firms(facts: ReleaseFacts) -> Iterator[str]:
    yield "No firm is named, and no figure is of one firm alone."
    if facts.policy.is_off:
        return
    wages, counts = facts.policy.wage_derived.min_firms, facts.policy.count.min_firms
    yield (
        f"A figure on pay rests on at least {wages} firms with different owners, any other figure on at "
        f"least {counts}."
    )
    yield (
        "Before a release comes out, a second program tries to break it, also with what a member firm knows "
        "of itself. If it can, nothing comes out."
    )
