"""A contract's present version, run over what firms have sent: how many rows would newly fail, and of whom.

The files are read again from landing, byte for byte as they came, so that a shape only some firms use is not
overlooked. The baseline is what intake found then; registers and code sets are as they are now. Counts only:
no record, no value. Nothing is written into the home.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.codes import Severity
from contracts.corrections import correction_of
from contracts.model import Contract
from contracts.statements import ContextTable, Statements
from warehouse.duck import connect, identifier
from warehouse.home import Home
from warehouse.in_force import KINDS, placed_submissions, submissions_in_force
from warehouse.intake.context import load_context
from warehouse.intake.fairness import batches
from warehouse.intake.judging import Judgement, judge
from warehouse.intake.majors import Versions
from warehouse.intake.reading import Reading, ragged_rows, read_batch
from warehouse.intake.records import index_records
from warehouse.intake.validate import MAX_BATCH_BYTES
from warehouse.lake import InForce, Submission, accepted_path, schema_path
from warehouse.ledger import VALIDATED, Entry, Ledger
from warehouse.lineage import CORRECTION
from warehouse.programs import statements_of

OnProgress = Callable[[int, int], None]

_REGISTER = "ref_"


@dataclass(frozen=True)
class NewlyFailing:
    """One firm and code: rows that were accepted and would now be kept out, for this code among others."""

    firm_id: str
    code: str
    rows: int


@dataclass(frozen=True)
class ReplayedFirm:
    """One firm: files and accepted rows replayed, and how many of these rows would now be kept out."""

    firm_id: str
    submissions: int
    accepted: int
    newly_failing: int


@dataclass(frozen=True)
class Replay:
    """What a version would have made of the past; both parts are sorted by firm."""

    contract: str
    version: str
    firms: tuple[ReplayedFirm, ...]
    findings: tuple[NewlyFailing, ...]

    @property
    def newly_failing(self) -> int:
        """Rows of all firms that would newly fail."""
        return sum(firm.newly_failing for firm in self.firms)


def replay(
    home: Home, ledger: Ledger, contract: type[Contract], on_progress: OnProgress | None = None
) -> Replay:
    """Judge every submission of a contract that intake has judged, corrected and superseded ones included.

    A row that was quarantined then cannot newly fail. A file the version would refuse fails with all its rows
    that were accepted. IntakeError INT-012 when the engine cannot run the program.
    """
    entries = list(ledger.entries(*KINDS))
    past, in_force = _past(contract, entries), submissions_in_force(entries)
    tally = _Tally()
    engine = home.config.engine
    with connect(threads=engine.threads, memory_limit=engine.memory_limit) as con:
        for of, submissions in _by_kind(contract, past):
            program = statements_of(of)
            _load_context(con, home, program, in_force, {one.firm_id for one in submissions})
            for batch in batches(submissions, home.config.intake.batch_files, MAX_BATCH_BYTES):
                _replay_batch(_Bench(con, home, of, program), batch, tally)
                if on_progress:
                    on_progress(tally.files, len(past))
    return tally.report(contract)


@dataclass(frozen=True)
class _Bench:
    """What batches are judged on."""

    con: duckdb.DuckDBPyConnection
    home: Home
    contract: type[Contract]
    program: Statements


class _Tally:
    """Counts by firm, and by firm and code."""

    def __init__(self) -> None:
        self._submissions: Counter[str] = Counter()
        self._accepted: Counter[str] = Counter()
        self._failing: Counter[str] = Counter()
        self._codes: Counter[tuple[str, str]] = Counter()

    @property
    def files(self) -> int:
        """Submissions counted so far."""
        return self._submissions.total()

    def add(self, firm_id: str, accepted: int, failing: Iterable[Set[str]]) -> None:
        """One submission: ``failing`` holds the codes of every row that newly fails."""
        rows = list(failing)
        self._submissions[firm_id] += 1
        self._accepted[firm_id] += accepted
        self._failing[firm_id] += len(rows)
        self._codes.update((firm_id, code) for codes in rows for code in codes)

    def report(self, contract: type[Contract]) -> Replay:
        """Everything counted, sorted."""
        firms = (
            ReplayedFirm(firm, self._submissions[firm], self._accepted[firm], self._failing[firm])
            for firm in sorted(self._submissions)
        )
        findings = (NewlyFailing(firm, code, rows) for (firm, code), rows in sorted(self._codes.items()))
        return Replay(contract.meta.name, contract.meta.version, tuple(firms), tuple(findings))


def _past(contract: type[Contract], entries: Sequence[Entry]) -> list[Submission]:
    judged = {entry.body["submission_id"] for entry in entries if entry.kind == VALIDATED}
    mine = (one for one in placed_submissions(entries) if one.contract == contract.meta.name)
    return sorted((one for one in mine if one.submission_id in judged), key=lambda one: one.turn)


def _by_kind(
    contract: type[Contract], past: Iterable[Submission]
) -> Iterator[tuple[type[Contract], list[Submission]]]:
    """Whole files under the contract, corrections under what it asks of a correction."""
    for is_correction, group in groupby(past, key=lambda one: one.submission_type == CORRECTION):
        yield (correction_of(contract) if is_correction else contract), list(group)


def _load_context(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    program: Statements,
    in_force: Sequence[InForce],
    firms: Set[str],
) -> None:
    """Context tables; a register that the home's lake has never heard of is empty."""
    unheard = {table.name for table in program.context if _is_unheard(home, table)}
    known = tuple(table for table in program.context if table.name not in unheard)
    load_context(con, home, replace(program, context=known), in_force, firms)
    for table in program.context:
        if table.name in unheard:
            columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in table.columns.items())
            con.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(table.name)} ({columns})")


def _is_unheard(home: Home, table: ContextTable) -> bool:
    name = table.name.removeprefix(_REGISTER)
    return name != table.name and not schema_path(home, "accepted", name).is_file()


def _replay_batch(bench: _Bench, batch: Sequence[Submission], tally: _Tally) -> None:
    readings = read_batch(bench.con, bench.home, Versions(bench.contract), batch, index_records)
    ragged = ragged_rows(bench.home, readings)
    judgement = judge(bench.con, bench.program, bench.contract.meta.name, ragged)
    errors = _errors(judgement)
    for reading in readings:
        submission = reading.submission
        accepted = _accepted_records(bench.home, submission)
        tally.add(submission.firm_id, len(accepted), _newly_failing(reading, accepted, errors))


def _newly_failing(
    reading: Reading, accepted: Set[int], errors: Mapping[str, Mapping[int, Set[str]]]
) -> list[Set[str]]:
    """Per row that was accepted and now is not: its codes, or those the whole file is refused with."""
    if reading.findings:
        return [{finding.code for finding in reading.findings}] * len(accepted)
    now = errors.get(reading.submission.submission_id, {})
    return [codes for record, codes in now.items() if record in accepted]


def _errors(judgement: Judgement) -> Mapping[str, Mapping[int, Set[str]]]:
    """Codes of severity ERROR by submission and record."""
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    names = ("submission_id", "record", "code", "severity")
    for submission, record, code, severity in zip(*_lists(judgement.violations, names), strict=True):
        if severity == Severity.ERROR:
            found[submission][record].add(code)
    return found


def _lists(rows: pa.Table, names: Iterable[str]) -> list[list[object]]:
    return [rows[name].to_pylist() for name in names]


def _accepted_records(home: Home, submission: Submission) -> frozenset[int]:
    """Record numbers of the rows that were accepted then."""
    path: Path = accepted_path(home, submission)
    if not path.is_file():
        return frozenset()
    return frozenset(pq.read_table(path, columns=["record"], partitioning=None)["record"].to_pylist())
