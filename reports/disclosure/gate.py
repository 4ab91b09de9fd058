"""The gate: the only way from an exact table to a published one.

Every row is judged by the rules; rows that fail, and rows that would give them away, are hidden
(``suppression``). Only rows that stay are handed to the function that rounds them, so nothing after the gate
can see a hidden number.

``PublishedTable`` can be made here and nowhere else. Building tables does not belong here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, final

import pandas as pd
import pyarrow as pa

from contracts.errors import DisclosureError
from reports.disclosure.amounts import amounts_shown, parts_of, table_of
from reports.disclosure.joint import CellRef, Equation
from reports.disclosure.policy import Policy
from reports.disclosure.protect.evidence import Evidence
from reports.disclosure.restating import Restating, tied
from reports.disclosure.rules import FINDING_COLUMNS, SUPPRESSED, VALUE_STATUSES, Reason, findings_of_tables
from reports.disclosure.standing import Restated, Standing, as_they_stood, rows_by_cell
from reports.disclosure.suppression import EARLIER, Asking, Suppressed, suppressed
from reports.disclosure.vintages import Before, Formerly, vintage
from reports.measures import Statistic, measure

MeasureKey = tuple[str, str]
"""A withholding unit: (published table, metric_id)."""

EXACT_COLUMNS = ("persons", "numerator", "denominator", "value", "value_lower", "value_upper", "money")
"""Columns of a candidate's cells that hold exact numbers: blanked before a withheld row goes on."""

VALUE_COLUMNS = (
    "value",
    "value_lower",
    "value_upper",
    "numerator_rounded_count",
    "denominator_rounded_count",
)
"""Columns of a published table that must be empty unless the row's status carries a value."""

_MEMBER = ("breakdown", "member")
_WHEN = ("cohort_start", "cohort_end", "period", "funding_source")

EXPLANATION_COLUMNS = ("table_name", "metric_id", "cell", "reason", "measured_by")
WITHHELD_WORDS = (
    "Withheld: no cell of this measure is shown in this table, because some do not meet the publication "
    "rules and the others would give them away."
)
PARTLY_WITHHELD_WORDS = (
    "Withheld in part: the cells marked [c] do not meet the publication rules, or would give away one "
    "that does not."
)

_KEY = object()


@dataclass(frozen=True)
class Candidate:
    """A table that asks to be published.

    ``cells``: one row per cell_id, the columns that ``rules.findings`` reads, EXACT_COLUMNS, and whatever
    ``finish`` needs. ``contributors``: one row per cell_id × parent_group_id. ``finish`` turns cells whose
    withheld numbers are blanked into rounded, published rows, in their order, each under its cell's index.
    ``shares_counts_with`` names, per metric_id, the measures whose published counts would reveal its own: its
    row about somebody is hidden whenever theirs is.

    ``equations`` say how rows add up, in this table and to rows of others. Where that is not declared (None),
    and where ``is_whole``, a measure is shown whole or not at all. Denominators of ``plain_denominators`` are
    counts, though the measure is derived from wages. Hiding a row costs ``weight``.
    """

    name: str
    description: str
    columns: Mapping[str, str]
    cells: pd.DataFrame
    contributors: pd.DataFrame
    finish: Callable[[pd.DataFrame], pd.DataFrame]
    shares_counts_with: Mapping[str, frozenset[MeasureKey]] = field(default_factory=dict)
    equations: tuple[Equation, ...] | None = None
    is_whole: bool = False
    plain_denominators: frozenset[str] = frozenset()
    weight: float = 1.0


@dataclass(frozen=True)
class Reference:
    """A table of words, with no number about people, firms or money in it."""

    name: str
    description: str
    columns: Mapping[str, str]
    rows: pd.DataFrame


@final
class PublishedTable:
    """A table that passed the gate. Nobody else can make one; its frame cannot be changed in place."""

    __slots__ = ("_frame", "columns", "description", "fingerprint", "name")

    def __init__(self, key: object, source: Candidate | Reference, frame: pd.DataFrame) -> None:
        if key is not _KEY:
            raise DisclosureError(
                "DIS-001",
                found="a PublishedTable made outside the disclosure gate",
                expected="a table that reports.disclosure.gate passed",
                where=f"table {source.name}",
                remedy="Hand the table to the gate as a Candidate.",
            )
        self.name = source.name
        self.description = source.description
        self.columns = {name: source.columns[name] for name in frame.columns}
        self._frame = frame.copy()
        self.fingerprint = _fingerprint(frame)

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the published rows."""
        return self._frame.copy()

    def is_untouched(self) -> bool:
        """Whether the rows are still those that passed the gate."""
        return _fingerprint(self._frame) == self.fingerprint


RowsByMetric = Mapping[str, Mapping[str, pd.DataFrame]]
"""Cells by table and metric."""


@dataclass(frozen=True)
class Passage:
    """What the gate let through, why it held the rest back, and the proof (neither is ever published).

    ``amounts``: rows of ``amounts.SCHEMA``, for the evidence. ``kept_back``: the tables and measures
    (table_name, metric_id) of which a correction keeps a figure that would read differently by now.
    """

    tables: Mapping[str, PublishedTable]
    explanations: pd.DataFrame
    evidence: Evidence
    amounts: pa.Table
    kept_back: tuple[MeasureKey, ...] = ()


def pass_gate(
    candidates: Sequence[Candidate],
    references: Sequence[Reference],
    policy: Policy,
    published_on: date,
    earlier: Sequence[Evidence] = (),
    *,
    standing: Standing | None = None,
) -> Passage:
    """Judge every candidate cell by ``policy`` and publish what passes, on the day ``published_on``.

    ``earlier``: the evidence of earlier releases, oldest first; counts shown there stay as they were shown,
    but for those that the policy revises in batches and whose change gives nobody away.
    ``standing``: what was published last. What it shows of counts and amounts is stated anew where this
    release corrects it, or the policy revises in batches, and the change gives nobody away; else it stays.

    Out: the published tables by name, among them ``withheld`` (table_name × metric_id, public words only),
    the operator's explanations (EXPLANATION_COLUMNS: one row per hidden cell and rule or attack), and the
    evidence. DisclosureError DIS-002 when a finished row still carries what was hidden, DIS-005 when a cell
    cannot be protected.
    """
    before = Before.of(earlier)
    restated = _restated(candidates, standing) if standing else {}
    may_change = policy.revision == "batch" or (standing is not None and standing.is_corrected)
    restating = _restating(candidates, restated, before, policy) if may_change else None
    anew: frozenset[CellRef] = restating.free() if restating else frozenset()
    judge = partial(_judged, candidates, policy, published_on, restated, before)
    made = judge(anew)
    # By how much the rows changed that only this release hides, the others tell: that may be about too few.
    while restating and (fewer := anew & restating.free(made.result.rows)) != anew:
        anew, made = fewer, judge(fewer)
    candidates, free, asking, result = made.candidates, made.free, made.asking, made.result
    tables: dict[str, PublishedTable] = {}
    amounts: list[tuple[Any, ...]] = []
    kept_back: list[MeasureKey] = []
    for c in candidates:
        shown, was = _shown(c, result.rows), restated.get(c.name)
        if was is not None:
            kept = was.kept(shown, free[c.name])
            kept_back += sorted({(c.name, was.metrics[cell]) for cell in kept})
            shown = as_they_stood(shown, was.stands, kept)
        amounts += amounts_shown(c.name, c.cells, rows_by_cell(shown), parts_of(c.contributors))
        tables[c.name] = PublishedTable(_KEY, c, shown.reset_index(drop=True))
    tables["withheld"] = _withheld_table(tables)
    tables |= {r.name: PublishedTable(_KEY, r, r.rows) for r in references}
    explained = _explained(asking, result)
    return Passage(tables, explained, result.evidence, table_of(amounts), tuple(kept_back))


@dataclass(frozen=True)
class _Judged:
    """What is hidden when the rows that are ``free``, by table, are stated anew."""

    candidates: Sequence[Candidate]
    free: Mapping[str, Collection[str]]
    asking: Sequence[Asking]
    result: Suppressed


def _judged(
    candidates: Sequence[Candidate],
    policy: Policy,
    published_on: date,
    restated: Mapping[str, Restated],
    before: Before,
    anew: Collection[CellRef],
) -> _Judged:
    free = {c.name: {cell for name, cell in anew if name == c.name} for c in candidates}
    candidates, hidden = _vintages(candidates, restated, before, free)
    rows = _by_metric(candidates)
    found = _findings(candidates, policy, published_on)
    asking = [_kept_hidden(_asking(c, rows, found), hidden[c.name]) for c in candidates]
    return _Judged(candidates, free, asking, suppressed(asking, policy))


def _restated(candidates: Sequence[Candidate], standing: Standing) -> Mapping[str, Restated]:
    """Every table beside what was published of it before."""
    fresh = {c.name: _finished(c, c.cells) for c in candidates}
    return {c.name: Restated.of(c.name, c.cells, fresh[c.name], standing) for c in candidates}


def _restating(
    candidates: Sequence[Candidate], restated: Mapping[str, Restated], before: Before, policy: Policy
) -> Restating:
    """What decides which rows of all tables may be stated anew."""
    sums = [equation for c in candidates for equation in c.equations or ()]
    wholes = [(c.name, c.cells) for c in candidates if c.is_whole or c.equations is None]
    # A mean times its count is a sum: means of a measure change together.
    wholes += [(c.name, c.cells[c.cells["statistic"] == Statistic.MEAN]) for c in candidates]
    rows = _by_metric(candidates)
    shared = [pair for c in candidates for pair in _depends(c, rows)]
    tables = {c.name: (c.cells, c.contributors) for c in candidates}
    amounts = [
        row
        for c in candidates
        if c.name in restated
        for row in restated[c.name].amounts_held(c.cells, c.contributors, policy)
    ]
    ties = [*tied(sums, wholes), *shared]
    return Restating.of(tables, ties, before, policy, sums=sums, amounts=amounts)


def _vintages(
    candidates: Sequence[Candidate],
    restated: Mapping[str, Restated],
    before: Before,
    free: Mapping[str, Collection[str]],
) -> tuple[list[Candidate], Mapping[str, frozenset[str]]]:
    """Every table as this release may show it, and the rows of each that must stay hidden; ``free``: those of
    each that are stated anew.
    """
    found, hidden = [], {}
    for c in candidates:
        was = restated.get(c.name)
        formerly = was.formerly(free[c.name]) if was else Formerly()
        made = vintage(c.name, c.cells, c.contributors, before, free[c.name], formerly)
        found.append(replace(c, cells=made.cells, contributors=made.contributors))
        hidden[c.name] = made.hidden | (was.hidden(free[c.name]) if was else set())
    return found, hidden


def _by_metric(candidates: Sequence[Candidate]) -> RowsByMetric:
    """Each table's cells by metric, parted once: every table asks for many metrics of many others."""
    return {c.name: {str(metric): rows for metric, rows in c.cells.groupby("metric_id")} for c in candidates}


@dataclass(frozen=True)
class _Found:
    """Every rule that rows break, by table; ``plain``: that their denominators would, as counts."""

    rows: Mapping[str, pd.DataFrame]
    plain: Mapping[str, pd.DataFrame]


def _findings(candidates: Sequence[Candidate], policy: Policy, published_on: date) -> _Found:
    asked = {c.name: (c.cells, c.contributors) for c in candidates}
    plain = {c.name: (_plain(c), c.contributors) for c in candidates if c.plain_denominators}
    return _Found(
        findings_of_tables(asked, policy, published_on), findings_of_tables(plain, policy, published_on)
    )


def _plain(candidate: Candidate) -> pd.DataFrame:
    """The rows whose denominators are counts, as such."""
    plain = candidate.cells[candidate.cells["metric_id"].isin(candidate.plain_denominators)]
    return plain.assign(is_wage_derived=False, statistic=Statistic.COUNT)


def _asking(candidate: Candidate, rows: RowsByMetric, found: _Found) -> Asking:
    return Asking(
        name=candidate.name,
        cells=candidate.cells,
        contributors=candidate.contributors,
        found=found.rows[candidate.name],
        plain=found.plain.get(candidate.name, pd.DataFrame(columns=["cell_id"])),
        equations=candidate.equations or (),
        is_whole=candidate.is_whole or candidate.equations is None,
        depends=tuple(_depends(candidate, rows)),
        plain_denominators=candidate.plain_denominators,
        weight=candidate.weight,
    )


def _kept_hidden(asking: Asking, hidden: frozenset[str]) -> Asking:
    """The table with the rows that an earlier release hid."""
    rows = asking.cells[asking.cells["cell_id"].isin(hidden)][["cell_id", "metric_id"]]
    stays = rows.assign(reason=str(Reason.TEMPORAL_DIFF), measured_by=EARLIER)
    return replace(asking, found=pd.concat([asking.found, stays])) if len(rows) else asking


def _depends(candidate: Candidate, rows: RowsByMetric) -> Iterator[tuple[CellRef, CellRef]]:
    """Each row with the rows whose counts are its own."""
    for metric, sources in candidate.shares_counts_with.items():
        ours = rows[candidate.name].get(metric)
        for table, source in sorted(sources):
            theirs = rows.get(table, {}).get(source)
            if ours is not None and theirs is not None:
                yield from _pairs((candidate.name, ours), (table, theirs))


def _pairs(
    ours: tuple[str, pd.DataFrame], theirs: tuple[str, pd.DataFrame]
) -> Iterator[tuple[CellRef, CellRef]]:
    """Rows about the same member and time; where a row has no such partner, all of its member's."""
    known = ours[1].columns.intersection(theirs[1].columns)
    member = [name for name in _MEMBER if name in known]
    exact = [*member, *(name for name in _WHEN if name in known)]
    mine, others = ours[1][["cell_id", *exact]], theirs[1][["cell_id", *exact]]
    closest = _matched(mine, others, exact)
    rest = _matched(mine[~mine["cell_id"].isin(closest["cell_id_x"])], others, member)
    for pairs in (closest, rest):
        for own, other in zip(pairs["cell_id_x"].tolist(), pairs["cell_id_y"].tolist(), strict=True):
            yield (ours[0], own), (theirs[0], other)


def _matched(mine: pd.DataFrame, others: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    if on:
        return mine.merge(others, on=on)
    return mine[["cell_id"]].merge(others[["cell_id"]], how="cross", suffixes=("_x", "_y"))


def _shown(candidate: Candidate, hidden: frozenset[CellRef]) -> pd.DataFrame:
    """The published rows of a table, by cell_id."""
    cells = candidate.cells.copy()
    # A row that carries no value has nothing to hide and keeps saying why.
    is_hidden = cells["cell_id"].map(lambda cell: (candidate.name, cell) in hidden).astype(bool)
    cells.loc[is_hidden & cells["value_status"].isin(VALUE_STATUSES), "value_status"] = SUPPRESSED
    rows = _finished(candidate, cells)
    _refuse_leaks(candidate.name, rows, cells)
    return rows


def _finished(candidate: Candidate, cells: pd.DataFrame) -> pd.DataFrame:
    """Cells as published rows, by cell_id; those whose status carries no value without their numbers."""
    is_silent = ~cells["value_status"].isin(VALUE_STATUSES)
    blanked = cells.assign(**{column: cells[column].mask(is_silent) for column in EXACT_COLUMNS})
    return candidate.finish(blanked.set_axis(pd.Index(cells["cell_id"], name="cell_id", dtype=object)))


def _refuse_leaks(name: str, rows: pd.DataFrame, cells: pd.DataFrame) -> None:
    silent = rows[~rows["value_status"].isin(VALUE_STATUSES)]
    says = [column for column in VALUE_COLUMNS if silent[column].notna().any()]
    if says or sorted(rows["value_status"]) != sorted(cells["value_status"]):
        raise DisclosureError(
            "DIS-002",
            found=f"numbers or a status that the gate did not give, in columns {says}",
            expected="empty values in every row that is withheld, immature or undefined",
            where=f"table {name}",
            remedy="The table's finish function must not bring in numbers of its own.",
        )


def _withheld_table(tables: Mapping[str, PublishedTable]) -> PublishedTable:
    listed = [
        (name, metric, measure(metric).title, words)
        for name, table in sorted(tables.items())
        for metric, words in _withheld_words(table.frame)
    ]
    rows = pd.DataFrame(listed, columns=["table_name", "metric_id", "measure", "statement"], dtype="str")
    columns = {
        "table_name": "The published table the measure is left out of",
        "metric_id": "The measure, as in metric_definitions",
        "measure": "The measure in words",
        "statement": "What the public is told",
    }
    reference = Reference("withheld", "Measures withheld from this release, by table", columns, rows)
    return PublishedTable(_KEY, reference, rows)


def _withheld_words(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for metric, status in rows.groupby("metric_id")["value_status"]:
        if (status == SUPPRESSED).any():
            is_partly = status.isin(VALUE_STATUSES).any()
            yield str(metric), PARTLY_WITHHELD_WORDS if is_partly else WITHHELD_WORDS


def _explained(asking: Sequence[Asking], result: Suppressed) -> pd.DataFrame:
    """One row per hidden cell and the rule it breaks, or the cells that it would give away."""
    tables = [found.assign(table_name=name) for name, found in result.found.items()]
    named = {(name, cell) for name, found in result.found.items() for cell in found["cell_id"]}
    metrics = {
        (t.name, cell): metric
        for t in asking
        for cell, metric in zip(t.cells["cell_id"], t.cells["metric_id"], strict=True)
    }
    linked = pd.DataFrame(
        [
            (cell, metrics[table, cell], str(Reason.COMPLEMENTARY), _attack(result, (table, cell)), table)
            for table, cell in sorted(result.rows - named)
        ],
        columns=[*FINDING_COLUMNS, "table_name"],
    )
    explained = pd.concat([*tables, linked]).rename(columns={"cell_id": "cell"})[list(EXPLANATION_COLUMNS)]
    return explained.sort_values(list(EXPLANATION_COLUMNS)).reset_index(drop=True)


def _attack(result: Suppressed, row: CellRef) -> str:
    targets = result.protects.get(row, ())
    if not targets:
        return "shares its counts, or its measure, with a hidden cell"
    more = f" and {len(targets) - 1} more" if len(targets) > 1 else ""
    return f"by subtraction gives away {targets[0][0]}: {targets[0][1]}{more}"


def _fingerprint(frame: pd.DataFrame) -> str:
    text = frame.to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(f"{list(frame.columns)}\n{text}".encode()).hexdigest()
