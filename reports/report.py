"""The impact report: page one and the chapters, from published tables and release facts only.

What each chapter holds is in ``chapters.py``; sentences about findings come from ``findings.py``; the look is
in ``page.py`` and ``charts.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from reports import findings, method, wording
from reports.alerts import alerts
from reports.chapters import chapters
from reports.document import Document, KeyFigure
from reports.facts import ReleaseFacts
from reports.published import Published, Row
from reports.restated import Revised
from reports.revisions import changed_and_kept, revised_cells

KEY_FIGURES = (
    "participants_served",
    "completion_rate",
    "credential_attainment",
    "employment_rate_q2",
    "median_earnings_q2",
)
CAVEAT = (
    "Employment and pay are consortium-observed: they come from member firms' records. Somebody who works "
    "elsewhere is not observed here, which is not the same as not employed. Read employment as a lower bound."
)


def impact_report(
    tables: Mapping[str, pd.DataFrame],
    facts: ReleaseFacts,
    before: Mapping[str, pd.DataFrame] | None = None,
) -> Document:
    """The committee's report on one release. ``tables``: published tables by name, as frames or read back;
    ``before``: those of the release before it, None for the first.

    What was restated is what both show and say differently, unless the facts say it in words of their own.
    """
    published = Published(tables)
    revised = Revised(revised_cells(before or {}, tables))
    facts = replace(facts, restated=facts.restated or (*_correcting(facts), *revised.in_words()))
    return Document(
        title=f"Training outcomes and the pooled fund, {wording.period(facts.period)}",
        subtitle=f"{facts.consortium_name}, {facts.region}",
        facts=_head(facts),
        notice=facts.policy.notice if facts.policy.is_off else "",
        headline=findings.headline(published),
        caveat=CAVEAT,
        key_figures=tuple(key_figures(published, facts.targets)),
        alerts=alerts(published),
        decisions=facts.decisions or ("No decision is asked of the committee in this release.",),
        restated=facts.restated or ("No figure is restated in this release.",),
        shorthand=method.SHORTHAND,
        chapters=chapters(published, facts, revised),
        footer=footer(facts),
    )


def _head(facts: ReleaseFacts) -> tuple[tuple[str, str], ...]:
    status = "Provisional, to be revised" if facts.status == "provisional" else "Final"
    following = "Not announced yet" if facts.next_on is None else wording.day(facts.next_on)
    return (
        ("Status", status),
        ("Published", wording.day(facts.published_on)),
        *_corrected(facts),
        ("Next release", following),
        ("Release", facts.release_id),
    )


def _correcting(facts: ReleaseFacts) -> tuple[str, ...]:
    if facts.correction is None:
        return ()
    said = f"This version corrects {facts.correction.of}: {facts.correction.reason}"
    keeps = facts.affected is not None and len(changed_and_kept(facts.affected)[1]) > 0
    return (said, method.kept_back_in_words(facts.correction)) if keeps else (said,)


def _corrected(facts: ReleaseFacts) -> tuple[tuple[str, str], ...]:
    if facts.correction is None:
        return ()
    return (("Corrected", f"{wording.day(facts.correction.on)}, {facts.version} of {facts.correction.of}"),)


def footer(facts: ReleaseFacts) -> tuple[str, ...]:
    """What stands at the end of every page of a release."""
    return (
        f"Release {facts.release_id}, version {facts.version}. Metric rules {facts.rule_version}, "
        f"program {facts.code_version}.",
        f"Disclosure policy “{facts.policy.name}”, version {facts.policy.version}. {facts.policy.notice}",
        f"Made from entry {facts.ledger_seq} of the submission ledger, {facts.ledger_hash[:16]}…",
    )


def key_figures(published: Published, targets: Mapping[str, float] | None = None) -> Iterator[KeyFigure]:
    """The figures of page one: four to six, those that the release has. ``targets``: by metric id."""
    for metric in KEY_FIGURES:
        rows = published.rows("outcomes_consortium", metric)
        if rows:
            yield _key_figure(rows[0], published.rows("outcomes_by_cohort", metric), targets or {})
    cost = next((row for row in published.rows("unit_costs", "cost_per_completer") if row.is_whole), None)
    if cost is not None:
        yield _key_figure(cost, (), targets or {})


def _key_figure(row: Row, by_cohort: tuple[Row, ...], targets: Mapping[str, float]) -> KeyFigure:
    where = wording.window(row.start, row.end)
    counted = "" if row.denominator is None else f"{row.denominator:,} {row.measure.counted}, "
    interval = "" if row.interval is None else f"95% interval {wording.span(row.interval, row.unit)}"
    return KeyFigure(
        title=row.measure.title,
        value=wording.number(row),
        interval=interval or ("Counted, so without a margin of error" if row.is_shown else "Not shown"),
        basis=f"{counted}{where}" if row.is_shown else "",
        change=findings.change_on_year(by_cohort) if row.is_shown else "",
        target=findings.target_gap(row, targets.get(row.metric_id)),
    )
