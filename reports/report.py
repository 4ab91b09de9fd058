"""The impact report: what the document says, from published tables and release facts only.

Sentences about findings come from ``findings.py``; the look is in ``page.py`` and ``charts.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

import pandas as pd

from reports import findings, method, wording
from reports.alerts import alerts
from reports.document import Block, Document, Figure, KeyFigure, Note, Section, Table, Terms
from reports.facts import ReleaseFacts
from reports.figures import (
    ByMember,
    Cohorts,
    balances,
    by_member,
    cohorts,
    fund_table,
    member_table,
    sources_table,
    unit_costs,
)
from reports.measures import measure
from reports.published import Published, Row
from reports.study_cards import card_blocks
from reports.systems import SYSTEM_REFERENCES, SYSTEM_TABLES
from reports.systems.impact import SECTION as EFFECTS_SECTION

KEY_FIGURES = (
    "participants_served",
    "completion_rate",
    "credential_attainment",
    "employment_rate_q2",
    "median_earnings_q2",
)
OUTCOMES = (
    *KEY_FIGURES[:4],
    "employment_rate_q4",
    "median_earnings_q2",
    "retention_same_employer_q2_q4",
    "real_earnings_change",
    "on_time_completion",
    "any_program_credential",
    "measurable_skill_gains",
    "training_related_employment",
    "real_hourly_wage_change",
    "retention_q4",
    "retention_q8",
    "retention_same_employer_q2_q8",
    "employment_rate_q2_wioa",
    "employment_rate_q4_wioa",
    "median_earnings_q2_wioa",
)

UNIT_COSTS = ("cost_per_participant", "cost_per_completer", "cost_per_placement_q2")

QUALITY, FUND = "Data quality", "The training fund"

CAVEAT = (
    "Employment and pay are consortium-observed: they come from member firms' records. Somebody who works "
    "elsewhere is not observed here, which is not the same as not employed. Read employment as a lower bound."
)
DESCRIPTIVE = (
    "These figures describe what happened to people who took part. They do not show what would have "
    "happened without the training."
)


def impact_report(tables: Mapping[str, pd.DataFrame], facts: ReleaseFacts) -> Document:
    """The committee's report on one release. ``tables``: published tables by name, as frames or read back."""
    published = Published(tables)
    return Document(
        title=f"Training outcomes and the pooled fund, {_quarter_in_words(facts.period)}",
        subtitle=f"{facts.consortium_name}, {facts.region}",
        facts=_head(facts),
        notice=facts.policy.notice if facts.policy.is_off else "",
        headline=findings.headline(published),
        caveat=CAVEAT,
        key_figures=tuple(_key_figures(published, facts)),
        alerts=alerts(published),
        decisions=facts.decisions or ("No decision is asked of the committee in this release.",),
        restated=facts.restated or ("No figure is restated in this release.",),
        sections=tuple(section for section in _sections(published, facts) if section.blocks),
        footer=_footer(facts),
    )


def _quarter_in_words(period: str) -> str:
    year, _, quarter = period.partition("-Q")
    ordinal = {"1": "first", "2": "second", "3": "third", "4": "fourth"}[quarter]
    return f"{ordinal} quarter {year}"


def _head(facts: ReleaseFacts) -> tuple[tuple[str, str], ...]:
    status = "Provisional, to be revised" if facts.status == "provisional" else "Final"
    following = "Not announced yet" if facts.next_on is None else wording.day(facts.next_on)
    return (
        ("Status", status),
        ("Published", wording.day(facts.published_on)),
        ("Next release", following),
        ("Release", facts.release_id),
    )


def _footer(facts: ReleaseFacts) -> tuple[str, ...]:
    return (
        f"Release {facts.release_id}, version {facts.version}. Metric rules {facts.rule_version}, "
        f"program {facts.code_version}.",
        f"Disclosure policy “{facts.policy.name}”, version {facts.policy.version}. {facts.policy.notice}",
        f"Made from entry {facts.ledger_seq} of the submission ledger, {facts.ledger_hash[:16]}…",
    )


def _key_figures(published: Published, facts: ReleaseFacts) -> Iterator[KeyFigure]:
    for metric in KEY_FIGURES:
        rows = published.rows("outcomes_consortium", metric)
        if rows:
            yield _key_figure(rows[0], published.rows("outcomes_by_cohort", metric), facts)
    cost = next(
        (row for row in published.rows("unit_costs", "cost_per_completer") if not _is_program(row)), None
    )
    if cost is not None:
        yield _key_figure(cost, (), facts)


def _is_program(row: Row) -> bool:
    return row.label != "All programs"


def _key_figure(row: Row, by_cohort: tuple[Row, ...], facts: ReleaseFacts) -> KeyFigure:
    where = wording.window(row.start, row.end)
    counted = "" if row.denominator is None else f"{row.denominator:,} {row.measure.counted}, "
    interval = "" if row.interval is None else f"95% interval {wording.span(row.interval, row.unit)}"
    return KeyFigure(
        title=row.measure.title,
        value=wording.number(row),
        interval=interval or ("Counted, so without a margin of error" if row.is_shown else "Not shown"),
        basis=f"{counted}{where}" if row.is_shown else "",
        change=findings.change_on_year(by_cohort) if row.is_shown else "",
        target=findings.target_gap(row, facts.targets.get(row.metric_id)),
    )


def _sections(published: Published, facts: ReleaseFacts) -> Iterator[Section]:
    yield Section("reading", "How to read the figures", (Note(method.READING), Terms(method.SHORTHAND)))
    yield Section("outcomes", "Outcomes of the whole consortium", _consortium(published))
    yield Section("programs", "By program", tuple(_members(published, _PROGRAM_FIGURES)))
    yield Section("cohorts", "Over time", tuple(_cohort_figures(published, facts)))
    yield Section("areas", "By workforce area", tuple(_members(published, _AREA_FIGURES)))
    yield Section("sectors", "By industry sector", tuple(_members(published, _SECTOR_FIGURES)))
    if "earnings_by_arm" in published.frames:
        yield Section("study", "Earnings in the randomized study", tuple(_study(published)))
    yield Section("fund", FUND, (*_fund(published), *_system_figures(published, FUND)))
    for title in _SYSTEM_SECTIONS:
        cards = card_blocks(published) if title == EFFECTS_SECTION else ()
        yield Section(_section_id(title), title, (*cards, *_system_figures(published, title)))
    yield Section("quality", QUALITY, (*_quality(published), *_system_figures(published, QUALITY)))
    yield Section("withheld", "What is withheld", _withheld(published))
    yield Section("method", "Method", method.method(facts))
    yield Section("definitions", "Definitions", method.definitions(published))
    yield Section("revisions", "Revisions", method.revisions(facts))
    yield Section("glossary", "Glossary", (Terms(method.GLOSSARY),))
    yield Section("contact", "Contact", method.contact(facts))


def _consortium(published: Published) -> tuple[Block, ...]:
    rows = list(chain.from_iterable(published.rows("outcomes_consortium", metric) for metric in OUTCOMES))
    if not rows:
        return ()
    table = Table(
        "all-outcomes",
        "All outcomes, whole consortium, mature cohorts",
        ("Measure", "Value", "95% interval", "Count", "Cohorts"),
        tuple(
            (
                row.measure.title,
                wording.number(row),
                _interval(row),
                _people(row),
                wording.window(row.start, row.end),
            )
            for row in rows
        ),
    )
    bases = sorted({row.base for row in rows if row.base})
    prices = f" Real amounts are in prices of {wording.listed(tuple(bases))}." if bases else ""
    return (Note(DESCRIPTIVE + prices), table)


def _interval(row: Row) -> str:
    if row.interval is None:
        return "[z]" if row.is_shown else row.mark
    return wording.span(row.interval, row.unit)


def _people(row: Row) -> str:
    count = row.numerator if row.denominator is None else row.denominator
    return row.mark if count is None else f"{count:,}"


_SYSTEM_SECTIONS = tuple(
    title
    for title in dict.fromkeys(
        [*(table.section for table in SYSTEM_TABLES), *(words.section for words in SYSTEM_REFERENCES)]
    )
    if title not in (QUALITY, FUND)
)
_PROGRAM_FIGURES = tuple(
    ByMember("outcomes_by_program", metric, "program", "programs")
    for metric in ("employment_rate_q2", "completion_rate", "median_earnings_q2")
)
_AREA_FIGURES = (ByMember("outcomes_by_area", "employment_rate_q2", "workforce area", "workforce areas"),)
_SECTOR_FIGURES = (ByMember("outcomes_by_sector", "employment_rate_q2", "sector", "sectors"),)


def _members(published: Published, wanted: tuple[ByMember, ...]) -> Iterator[Block]:
    for figure in wanted:
        rows = published.rows(figure.table, figure.metric_id)
        yield from _figure_or_note(rows, figure.metric_id, by_member(figure, rows))


def _cohort_figures(published: Published, facts: ReleaseFacts) -> Iterator[Block]:
    for metric in ("employment_rate_q2", "median_earnings_q2"):
        rows = published.rows("outcomes_by_cohort", metric)
        yield from _figure_or_note(
            rows, metric, cohorts(Cohorts(metric, facts.status == "provisional"), rows)
        )


def _section_id(title: str) -> str:
    return title.lower().replace(" ", "-").replace(",", "")


def _system_figures(published: Published, title: str) -> Iterator[Block]:
    """The figures of every system whose tables belong in this section: one for each measure of each table."""
    for table in SYSTEM_TABLES:
        if table.section == title and table.name in published.frames:
            for metric in dict.fromkeys(published.frames[table.name]["metric_id"]):
                figure = ByMember(table.name, str(metric), *table.member)
                rows = published.rows(table.name, str(metric))
                drawn = by_member if table.is_drawn else member_table
                yield from _figure_or_note(rows, str(metric), drawn(figure, rows))
            yield from table.remarks(published) if table.remarks else ()
    for reference in SYSTEM_REFERENCES:
        if reference.section == title and reference.name in published.frames:
            lines = tuple(reference.lines(published.frames[reference.name]))
            table_id = reference.name.replace("_", "-")
            if lines:
                yield Table(table_id, reference.description, reference.header, lines, is_numeric=False)


def _figure_or_note(rows: tuple[Row, ...], metric: str, figure: Figure | Table) -> Iterator[Block]:
    """The figure or table, or one sentence in its place when none of its rows carries a value."""
    if any(row.is_shown for row in rows):
        yield figure
    elif rows:
        why = "withheld under the disclosure policy [c]" if rows[0].mark == "[c]" else "not available yet [x]"
        yield Note(f"{measure(metric).title}: {why}.", is_notice=True)


def _study(published: Published) -> Iterator[Block]:
    rows = published.rows("earnings_by_arm", "mean_annual_earnings")
    for year in sorted({row.start[:4] for row in rows}):
        arms = {row.group: row for row in rows if row.start.startswith(year)}
        if {"participants", "comparison"} <= set(arms):
            yield Note(f"{year}. {findings.mean_contrast(arms['participants'], arms['comparison'])}.")
    yield Table(
        "arms",
        "Mean annual earnings by arm of the study",
        ("Year and arm", "Mean", "95% interval", "People"),
        tuple((f"{r.start[:4]}, {r.label}", wording.number(r), _interval(r), _people(r)) for r in rows),
    )


def _fund(published: Published) -> Iterator[Block]:
    ledger = fund_table(published)
    if ledger.rows:
        yield from (Note(method.FUND), balances(published), sources_table(published), ledger)
    elif published.rows("fund_ledger", "fund_closing"):
        yield Note("The fund ledger is withheld under the disclosure policy [c].", is_notice=True)
    yield from _unit_costs(published)
    rows = published.rows("unit_costs", "cost_per_completer")
    programs = tuple(row for row in rows if _is_program(row))
    yield from _figure_or_note(programs, "cost_per_completer", unit_costs(programs))


def _unit_costs(published: Published) -> Iterator[Block]:
    """The consortium's three unit costs in one table."""
    rows = [r for metric in UNIT_COSTS for r in published.rows("unit_costs", metric) if not _is_program(r)]
    if rows:
        yield Table(
            "unit-costs-summary",
            "What the fund paid out per person, all programs",
            ("Measure", "Value", "Count", "Cohorts"),
            tuple(
                (r.measure.title, wording.number(r), _people(r), wording.window(r.start, r.end)) for r in rows
            ),
        )


def _quality(published: Published) -> tuple[Block, ...]:
    rows = published.rows("intake_quality", "rows_accepted")
    if not rows:
        return ()
    table = Table(
        "intake",
        "Rows received from firms and accepted, by extract, rounded",
        ("Extract", "Rows received", "Rows accepted", "Set aside", "Share accepted"),
        tuple((row.label, *_row_counts(row), _fine_share(row)) for row in rows),
    )
    return (Note(method.QUALITY), table)


def _row_counts(row: Row) -> tuple[str, str, str]:
    if row.denominator is None or row.numerator is None:
        return row.mark, row.mark, row.mark
    return f"{row.denominator:,}", f"{row.numerator:,}", f"{row.denominator - row.numerator:,}"


def _fine_share(row: Row) -> str:
    return row.mark if row.value is None else f"{row.value:.1%}"


def _withheld(published: Published) -> tuple[Block, ...]:
    rows = published.texts("withheld", ("measure", "table_name"))
    if not rows:
        return (Note("Nothing: every measure of every table in this release meets the publication rules."),)
    table = Table(
        "withheld-list",
        "Measures withheld, by table",
        ("Measure", "Left out of table"),
        rows,
        is_numeric=False,
    )
    return (Note(method.WITHHELD), table)
