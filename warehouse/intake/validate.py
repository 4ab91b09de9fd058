"""Every landed submission judged: in bounded batches of one contract, files first, ledger after.

Per batch: read, judge, write the files, then one ledger transaction with the verdicts and the receipts.
Killed anywhere and run again it ends in the same files and the same chain. What each step does belongs to
its own module; taking drops belongs to the landing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby

import duckdb
import pyarrow as pa
from pydantic import JsonValue

from contracts import contract
from contracts.corrections import correction_of
from contracts.model import Contract, Party
from contracts.statements import Statements
from warehouse.duck import connect
from warehouse.home import Home
from warehouse.in_force import KINDS, placed_submissions
from warehouse.intake.comparing import compare_with_earlier
from warehouse.intake.context import load_context, referred_to
from warehouse.intake.fairness import batches
from warehouse.intake.findings import FileFinding
from warehouse.intake.identifying import refuse_identifying
from warehouse.intake.judging import judge
from warehouse.intake.lists import lookup_lists
from warehouse.intake.majors import Versions
from warehouse.intake.opting_in import REGISTER, refuse_not_opted_in
from warehouse.intake.reading import Reading, ragged_rows, read_batch
from warehouse.intake.receipts import receipt_facts, receipt_items
from warehouse.intake.records import RecordCounter, index_records
from warehouse.intake.rejudging import require_agreement
from warehouse.intake.so_far import SoFar
from warehouse.intake.tries import Tries
from warehouse.intake.witness import Witness
from warehouse.intake.writing import Verdict, write_batch
from warehouse.lake import (
    REJECTED,
    Submission,
    ensure_schemas,
)
from warehouse.ledger import RECEIVED, REFUSED, STATED, VALIDATED, Ledger, NewEntry
from warehouse.outbox import deliver
from warehouse.programs import statements_of
from warehouse.turns import alone

MAX_BATCH_BYTES = 256_000_000
"""A batch ends before its files exceed this: memory is bounded by the batch, not by the number of drops."""

OnProgress = Callable[[int, int], None]
Instrument = Callable[[str], None]
"""Told the name of each point at which a crash must do no harm; tests kill the process there."""


@dataclass(frozen=True)
class IntakeReport:
    """What one run judged: submissions, those of them with nothing accepted, and rows.

    ``disputed``: batches in which the witness found otherwise.
    """

    submissions: int = 0
    rejected: int = 0
    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    disputed: int = 0


@dataclass(frozen=True)
class _Run:
    """What one run of the intake works with."""

    home: Home
    ledger: Ledger
    counter: RecordCounter
    tries: Tries
    at: Instrument
    witness: Witness | None
    so_far: SoFar


@dataclass(frozen=True)
class _Bench:
    """What one contract's batches are judged on: the open engine, with the context loaded."""

    con: duckdb.DuckDBPyConnection
    contract: type[Contract]
    program: Statements
    lists: Mapping[str, Set[str]]
    refused: Mapping[str, FileFinding]

    @property
    def versions(self) -> Versions:
        """The contract with the older majors that may be sent in its place."""
        return Versions(self.contract)


def validate_landed(
    home: Home,
    ledger: Ledger,
    on_progress: OnProgress | None = None,
    *,
    counter: RecordCounter = index_records,
    at: Instrument = lambda _point: None,
    witness: Witness | None = None,
) -> IntakeReport:
    """Judge every submission that is neither held nor waiting and has no verdict yet.

    Corrections come after the files they correct, so that their rows are judged beside the rows that count.

    ``counter`` is the second counter of records; ``witness`` looks at each batch as a whole, if given.
    IntakeError INT-010 when the compiled rules and the second judge disagree, INT-011 when rows do not add
    up, INT-012 when the engine fails; nothing of that batch is recorded then. One run works at a time, a
    second one waits; one that was overtaken all the same records nothing (LedgerError LED-004).
    """
    tally: Counter[str] = Counter()
    with alone(home.lake / ".lock"), ledger.turn("intake"):
        deliver(home, ledger)
        ensure_schemas(home)
        tries = Tries.read(ledger.entries(RECEIVED, STATED, REFUSED, VALIDATED))
        run, pending = _Run(home, ledger, counter, tries, at, witness, SoFar(ledger)), unjudged(ledger)
        for verdicts in _judge_all(run, pending):
            tally.update(_counts(verdicts))
            if on_progress:
                on_progress(tally["submissions"], len(pending))
    return IntakeReport(**tally)


def unjudged(ledger: Ledger) -> list[Submission]:
    """What landed, is not held and has no verdict yet, in the order of ``Submission.turn``."""
    entries = list(ledger.entries(*KINDS))
    judged = {entry.body["submission_id"] for entry in entries if entry.kind == VALIDATED}
    waiting = [one for one in placed_submissions(entries) if one.submission_id not in judged]
    return sorted(waiting, key=lambda one: one.turn)


def _judged_by(one: Submission) -> tuple[type[Contract], int]:
    """The contract a submission is held against, and its wave: each is judged beside what stands then."""
    of = contract(one.contract)
    return (correction_of(of) if one.wave else of, one.wave)


def _judge_all(run: _Run, pending: Sequence[Submission]) -> Iterator[list[Verdict]]:
    """The verdicts, batch by batch, recorded and delivered; which comes next says ``fairness``."""
    cut = batches(pending, run.home.config.intake.batch_files, MAX_BATCH_BYTES)
    for kind, group in groupby(cut, key=lambda batch: _judged_by(batch[0])):
        yield from _judge_contract(run, kind[0], [one for one in pending if _judged_by(one) == kind], group)


def _judge_contract(
    run: _Run, of: type[Contract], pending: Sequence[Submission], cut: Iterable[Sequence[Submission]]
) -> Iterator[list[Verdict]]:
    """The verdicts on batches of one contract, of which ``pending`` waits in all."""
    engine = run.home.config.engine
    spill = run.home.lake / ".spill"
    with connect(threads=engine.threads, memory_limit=engine.memory_limit, spill=spill) as con:
        bench = _set_up(run, con, of, pending)
        for batch in cut:
            verdicts = _judge_batch(run, bench, batch)
            _record(run, bench, verdicts)
            yield verdicts


def _set_up(
    run: _Run, con: duckdb.DuckDBPyConnection, of: type[Contract], pending: Sequence[Submission]
) -> _Bench:
    program = statements_of(of)
    in_force = run.so_far.in_force(referred_to(program) | ({REGISTER} if of.meta.opt_in else set()))
    load_context(con, run.home, program, in_force, {one.firm_id for one in pending})
    refused = refuse_not_opted_in(con, run.home, of, in_force, pending)
    return _Bench(con, of, program, lookup_lists(con, of), refused)


def _judge_batch(run: _Run, bench: _Bench, batch: Sequence[Submission]) -> list[Verdict]:
    """Read, judge twice, and write the files; the verdicts stand in the order of the batch."""
    admitted = [one for one in batch if one.submission_id not in bench.refused]
    readings = read_batch(bench.con, run.home, bench.versions, admitted, run.counter)
    readings = refuse_identifying(bench.con, bench.contract, readings)
    judgement = judge(bench.con, bench.program, bench.contract.meta.name, ragged_rows(run.home, readings))
    require_agreement(bench.contract, judgement.quarantine, judgement.violations, bench.lists)
    readings += [
        Reading(one, (bench.refused[one.submission_id],))
        for one in batch
        if one.submission_id in bench.refused
    ]
    verdicts = _compared(run, bench, write_batch(run.home, readings, judgement), judgement.accepted)
    run.at("written")
    places = {one.submission_id: place for place, one in enumerate(batch)}
    return sorted(verdicts, key=lambda one: places[one.reading.submission.submission_id])


def _compared(run: _Run, bench: _Bench, verdicts: Sequence[Verdict], accepted: pa.Table) -> list[Verdict]:
    """The verdicts, each beside its firm's quarter before as the ledger has it now; and the witness's word.

    What is in force is asked anew for every batch: a run that was killed before it must say the same. Of
    registers nothing is asked: they are the operator's own, dozens of small batches without a quarter before.
    """
    if bench.contract.meta.dropped_by is not Party.FIRM:
        return list(verdicts)
    in_force = run.so_far.in_force({bench.contract.meta.name})
    submissions = [one.reading.submission for one in verdicts]
    found = compare_with_earlier(bench.con, run.home, bench.contract, in_force, accepted, submissions)
    said = None
    if run.witness and len(accepted):
        findings = [one for several in found.values() for one in several]
        said = run.witness(bench.con, bench.contract, accepted, findings)
    return [
        replace(one, compared=found.get(one.reading.submission.submission_id, ()), witnessed=said)
        for one in verdicts
    ]


def _record(run: _Run, bench: _Bench, verdicts: Sequence[Verdict]) -> None:
    """One transaction for the batch, then its receipts."""
    run.ledger.append_many([_entry(run, bench.contract, verdict) for verdict in verdicts])
    run.at("recorded")
    deliver(run.home, run.ledger)
    run.at("delivered")


def _entry(run: _Run, of: type[Contract], verdict: Verdict) -> NewEntry:
    codes = (finding.code for finding in verdict.reading.findings)
    since = run.tries.since(run.home, verdict.reading.submission, codes)
    facts = receipt_facts(of, verdict, since)
    body: dict[str, JsonValue] = {
        "submission_id": verdict.reading.submission.submission_id,
        "contract_version": of.meta.version,
        "status": verdict.status,
        "rows_in": verdict.reading.rows_in,
        "accepted": verdict.accepted,
        "quarantined": verdict.quarantined,
        "violations": dict(verdict.code_counts),
        "accepted_sha256": verdict.accepted_sha256,
    }
    run.tries.remember(VALIDATED, body)
    return NewEntry(VALIDATED, body, receipt_items(facts))


def _counts(verdicts: Iterable[Verdict]) -> Counter[str]:
    tally = Counter(submissions=0)
    verdicts = list(verdicts)
    tally["disputed"] += any(one.witnessed and one.witnessed.failed for one in verdicts)
    for one in verdicts:
        tally["submissions"] += 1
        tally["rejected"] += one.status == REJECTED
        tally["rows_in"] += one.reading.rows_in
        tally["accepted"] += one.accepted
        tally["quarantined"] += one.quarantined
    return tally
