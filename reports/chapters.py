"""The chapters of the impact report: what each holds, and the sentence that says what it finds.

Page one is in ``report.py``. A new system's tables find their chapter by the section they name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from reports import findings, method, wording
from reports.document import Block, Chapter, Figure, Note, Section, Table, Terms
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
from reports.group_blocks import group_blocks
from reports.measures import measure
from reports.meeting import MEETING, since_last_meeting
from reports.performance_cards import performance_blocks
from reports.profiles import profiles
from reports.published import Published, Row
from reports.restated import Revised
from reports.return_blocks import return_blocks
from reports.study_cards import card_blocks
from reports.systems import SYSTEM_REFERENCES, SYSTEM_TABLES
from reports.systems.funding import SECTION as FUND
from reports.systems.impact import SECTION as EFFECTS
from reports.systems.returns import SECTION as GOT

FINDINGS, BEHIND = "What the figures show", "What lies behind them"
"""The first and the last part of the report; between them stand the profiles of programs and areas."""

QUALITY = "Data quality"
OUTCOMES = (
    "participants_served",
    "completion_rate",
    "credential_attainment",
    "employment_rate_q2",
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

DESCRIPTIVE = (
    "These figures describe what happened to people who took part. They do not show what would have "
    "happened without the training."
)
_SYSTEM_CHAPTERS = tuple(
    title
    for title in dict.fromkeys(
        [*(table.section for table in SYSTEM_TABLES), *(words.section for words in SYSTEM_REFERENCES)]
    )
    if title not in ("", QUALITY, FUND, EFFECTS, GOT)
)


def chapters(published: Published, facts: ReleaseFacts, revised: Revised) -> tuple[Chapter, ...]:
    """The chapters that have something to show, in the order in which they are read."""
    every = chain(_findings(published, facts), profiles(published), _behind(published, facts, revised))
    return tuple(chapter for chapter in every if chapter.sections)


def _findings(published: Published, facts: ReleaseFacts) -> Iterator[Chapter]:
    yield _chapter("Outcomes", FINDINGS, *_outcomes(published, facts))
    if "earnings_by_arm" in published.frames:
        study = "Earnings in the randomized study"
        yield _chapter(study, FINDINGS, _section("study", study, _study(published)))
    effects = (*card_blocks(published), *_system_figures(published, EFFECTS))
    by_group = _section("effects-by-group", "By group and by dose, descriptive", group_blocks(published))
    got = (*return_blocks(published), *_system_figures(published, GOT))
    firms = _section("performance", "Output, quality and safety at firms", performance_blocks(published))
    sections = (_section("effects", "Effects", effects), by_group, firms, _section("returns", GOT, got))
    yield _chapter(EFFECTS, FINDINGS, *sections, finding=_first_finding([*effects]))
    fund = (*_fund(published), *_system_figures(published, FUND))
    yield _chapter(FUND, FINDINGS, _section("fund", FUND, fund))
    for title in _SYSTEM_CHAPTERS:
        blocks = _system_figures(published, title)
        yield _chapter(title, FINDINGS, _section(_id(title), title, blocks))
    yield _chapter(MEETING, FINDINGS, *since_last_meeting(published, facts.restated))


def _behind(published: Published, facts: ReleaseFacts, revised: Revised) -> Iterator[Chapter]:
    yield _chapter(
        "How to read the figures",
        BEHIND,
        _section("reading", "Intervals and shorthand", (Note(method.READING), Terms(method.SHORTHAND))),
        _section("glossary", "Glossary", (Terms(method.GLOSSARY),)),
        _section("contact", "Contact", method.contact(facts)),
        finding="Intervals, the shorthand in square brackets, and the words of this report.",
    )
    quality = (*_quality(published), *_system_figures(published, QUALITY))
    yield _chapter(
        QUALITY,
        BEHIND,
        _section("quality", "Rows received and facts checked", quality),
        _section("withheld", "What is withheld", _withheld(published)),
    )
    yield _chapter(
        "Method",
        BEHIND,
        _section("method", "Method", _method(published, facts)),
        finding="How records become figures, and how people and firms are protected.",
    )
    yield _chapter(
        "Definitions",
        BEHIND,
        _section("definitions", "Definitions", method.definitions(published)),
        finding="What every measure counts, out of what, and who is left out.",
    )
    # A correction lists its cells itself, with what else differs of them.
    listed = () if facts.correction else revised.blocks()
    yield _chapter(
        "Revisions",
        BEHIND,
        _section("revisions", "Revisions", (*method.revisions(facts), *listed)),
        finding=_restated(facts),
    )


def _method(published: Published, facts: ReleaseFacts) -> tuple[Block, ...]:
    has = published.frames
    states_returns = "returns" in has and len(has["returns"]) > 0
    return method.method(facts, estimates_effects="effects" in has, states_returns=states_returns)


def _restated(facts: ReleaseFacts) -> str:
    if facts.correction is not None:
        return f"Corrects {facts.correction.of}: {facts.correction.reason}"
    return facts.restated[0] if facts.restated else "No figure is restated in this release."


def _section(section_id: str, title: str, blocks: Iterable[Block]) -> Section:
    return Section(section_id, title, tuple(blocks))


def _chapter(title: str, part: str, *sections: Section, finding: str = "") -> Chapter:
    filled = tuple(section for section in sections if section.blocks)
    blocks = [block for section in filled for block in section.blocks]
    return Chapter(_id(title), title, part, finding or _first_finding(blocks), filled)


def _first_finding(blocks: list[Block]) -> str:
    """What a chapter says in one sentence: a note's finding, its first chart's, or its first table's."""
    said = [block.finding for block in blocks if isinstance(block, Note) and block.finding]
    said += [block.chart.title for block in blocks if isinstance(block, Figure)]
    said += [block.caption for block in blocks if isinstance(block, Table)]
    said += [block.text for block in blocks if isinstance(block, Note)]
    return next(iter(said), "")


def _id(title: str) -> str:
    return title.lower().replace(" ", "-").replace(",", "")


def _outcomes(published: Published, facts: ReleaseFacts) -> Iterator[Section]:
    yield _section("consortium", "The whole consortium", _consortium(published))
    yield _section("programs", "By program", _members(published, _PROGRAM_FIGURES))
    yield _section("cohorts", "Over time", _cohort_figures(published, facts))
    yield _section("areas", "By workforce area", _members(published, _AREA_FIGURES))
    yield _section("sectors", "By industry sector", _members(published, _SECTOR_FIGURES))


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
                wording.interval(row),
                wording.count(row),
                wording.window(row.start, row.end),
            )
            for row in rows
        ),
    )
    bases = sorted({row.base for row in rows if row.base})
    prices = f" Real amounts are in prices of {wording.listed(tuple(bases))}." if bases else ""
    return (Note(DESCRIPTIVE + prices), table)


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


def _system_figures(published: Published, title: str) -> Iterator[Block]:
    """The figures of every system whose tables belong in this section: one for each measure of each table."""
    for table in SYSTEM_TABLES:
        if table.section == title and table.name in published.frames:
            for metric in dict.fromkeys(published.frames[table.name]["metric_id"]):
                figure = ByMember(table.name, str(metric), *table.member, table.finding)
                rows = published.rows(table.name, str(metric))
                if rows and rows[0].unit in wording.WORDS:
                    yield from _tally(rows)
                drawn = by_member if table.is_drawn else member_table
                yield from _figure_or_note(rows, str(metric), drawn(figure, rows))
            yield from table.remarks(published) if table.remarks else ()
    for reference in SYSTEM_REFERENCES:
        if reference.section == title and reference.name in published.frames:
            lines = tuple(reference.lines(published.frames[reference.name]))
            table_id = reference.name.replace("_", "-")
            if lines:
                yield Table(table_id, reference.description, reference.header, lines, is_numeric=False)


def _tally(rows: tuple[Row, ...]) -> Iterator[Note]:
    """How often each verdict was reached, above the table of all."""
    if sentence := findings.tally(rows):
        yield Note(f"{sentence}.", finding=sentence)


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
        tuple(
            (f"{r.start[:4]}, {r.label}", wording.number(r), wording.interval(r), wording.count(r))
            for r in rows
        ),
    )


def _fund(published: Published) -> Iterator[Block]:
    ledger = fund_table(published)
    if ledger.rows:
        yield from (Note(method.FUND), balances(published), sources_table(published), ledger)
    elif published.rows("fund_ledger", "fund_closing"):
        yield Note("The fund ledger is withheld under the disclosure policy [c].", is_notice=True)
    yield from _unit_costs(published)
    rows = published.rows("unit_costs", "cost_per_completer")
    programs = tuple(row for row in rows if not row.is_whole)
    yield from _figure_or_note(programs, "cost_per_completer", unit_costs(programs))


def _unit_costs(published: Published) -> Iterator[Block]:
    """The consortium's three unit costs in one table."""
    rows = [r for metric in UNIT_COSTS for r in published.rows("unit_costs", metric) if r.is_whole]
    if rows:
        yield Table(
            "unit-costs-summary",
            "What the fund paid out per person, all programs",
            ("Measure", "Value", "Count", "Cohorts"),
            tuple(
                (r.measure.title, wording.number(r), wording.count(r), wording.window(r.start, r.end))
                for r in rows
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
