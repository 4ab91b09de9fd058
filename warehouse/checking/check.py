"""One file checked from end to end: read, choose the contract, judge twice, count, and say where.

Each step belongs to its own module; this one holds their order. Nothing is kept: what had to be unpacked lies
in a private folder that is gone at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from contracts.errors import CheckError, IntakeError
from contracts.fields import BoxFirm, BoxQuarter
from contracts.identifiers import direct_identifiers
from contracts.model import Contract
from contracts.statements import Statements
from warehouse.checking.choosing import choose_contract, require_quarter
from warehouse.checking.context import blind_codes, load_context, load_given, not_checked
from warehouse.checking.counting import count_codes, keep_violations, rows_with
from warehouse.checking.raw import SUBMISSION_ID, Box, assume_box, make_raw
from warehouse.checking.report import CheckOrder, CheckReport, NotChecked
from warehouse.checking.screening import screen_rows
from warehouse.checking.source import PARSED, Loaded, Source, no_such_file, open_source
from warehouse.duck import connect, identifier
from warehouse.intake.findings import FileFinding
from warehouse.intake.header import header_rules
from warehouse.intake.identifying import key_columns
from warehouse.intake.judging import judge_suspects
from warehouse.intake.lists import lookup_lists
from warehouse.intake.rejudging import require_agreement
from warehouse.programs import statements_of

IDENTIFIER_SAMPLE_ROWS = 5_000
MEMORY_LIMIT = "600MB"
"""Of the engine, at a firm's desk: what does not fit lies in the private folder until the end."""

ALL = 1_000
_READ, _LOADED = 400, 600
OnProgress = Callable[[int, int], None]


def check_file(order: CheckOrder, on_progress: OnProgress | None = None) -> CheckReport:
    """Check one file as intake would, as far as that is possible at the firm.

    ``on_progress`` is told (done, ``ALL``), the parts of the work weighed roughly. CheckError CHK-001
    no such file, CHK-002 no contract can be told, CHK-003 a bad option, CHK-004 a given file is unusable;
    ContractError CTR-006 no such contract; IntakeError INT-010 or INT-012 when the house itself is at fault.
    """
    _refuse_order(order)
    tell = on_progress or (lambda done, total: None)
    with TemporaryDirectory(prefix="guildhall-check-") as name:
        folder = Path(name)
        with connect(memory_limit=MEMORY_LIMIT, spill=folder / "spill") as con:
            opened = open_source(order.path, folder, lambda done, total: tell(_READ * done // total, ALL))
            tell(_READ, ALL)
            report = _check(con, order, opened, folder / "again", lambda: tell(_LOADED, ALL))
            tell(ALL, ALL)
            return report


def _refuse_order(order: CheckOrder) -> None:
    if order.period is not None:
        require_quarter(order.period)
    if order.workbook is not None and _is_same(order.workbook, order.path):
        raise CheckError(
            "CHK-003",
            found="the file itself as the workbook to write",
            expected="another name",
            where="the option --workbook",
            remedy="Name a new file; yours is never changed.",
        )


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _check(
    con: duckdb.DuckDBPyConnection,
    order: CheckOrder,
    source: Source,
    folder: Path,
    on_loaded: Callable[[], None],
) -> CheckReport:
    report = CheckReport(file_name=order.path.name, kind=source.kind)
    if source.findings:
        return replace(report, findings=source.findings)
    choice = choose_contract(order.path, source.names, order.contract)
    of, program = choice.contract, statements_of(choice.contract)
    report = replace(report, contract=of.meta.name, contract_version=of.meta.version, chosen=choice.chosen)
    given, rules = load_given(con, program, order.given), header_rules(of)
    loaded = source.load(con, rules)
    on_loaded()
    try:
        return _judge(con, order, _Bench(program, given, loaded, folder), report)
    except (duckdb.Error, IntakeError):
        if loaded.blob is None:
            raise
    # While it was judged, the file could not be read, or had other records than were counted: once more, by
    # the reader that says why.
    return _judge(con, order, _Bench(program, given, source.load(con, rules, whole=True), folder), report)


@dataclass(frozen=True)
class _Bench:
    """What one file's rows are judged with; ``folder`` takes what is read again."""

    program: Statements
    given: frozenset[str]
    loaded: Loaded
    folder: Path


def _judge(
    con: duckdb.DuckDBPyConnection, order: CheckOrder, bench: _Bench, report: CheckReport
) -> CheckReport:
    of, loaded = bench.program.contract, bench.loaded
    findings = loaded.findings or _identifying(con, of, loaded)
    if findings:
        return replace(report, findings=findings, notes=loaded.notes)
    box = assume_box(con, of, order.path, firm=order.firm, period=order.period)
    violations = _violations(con, bench, box)
    report = replace(
        report,
        period=box.period,
        firm=box.firm,
        notes=(*loaded.notes, *_lost_zeros(of, loaded, violations)),
        not_checked=(*not_checked(bench.program, bench.given), *_unsure(of, box)),
        rows_in=loaded.rows,
        rows_failing=rows_with(violations, "ERROR"),
        rows_warned=rows_with(violations, "WARNING"),
        codes=count_codes(of, violations),
        violations=violations,
    )
    if order.workbook is None:
        return report
    from warehouse.checking.rows import write_rows_workbook  # openpyxl takes its time to load

    try:
        write_rows_workbook(con, order.workbook, report, loaded)
    except OSError as error:
        raise no_such_file(order.workbook, error) from None
    return replace(report, workbook=order.workbook)


def _violations(con: duckdb.DuckDBPyConnection, bench: _Bench, box: Box) -> pa.Table:
    """Run the program and the second judge; what rules say that lack their tables is left out."""
    of, loaded = bench.program.contract, bench.loaded
    make_raw(con, of, loaded, box)
    load_context(con, bench.program, bench.given, box.firm_id)
    ragged = [
        {"submission_id": SUBMISSION_ID, "record": record, "raw_text": text} for record, text in loaded.ragged
    ]
    screen_rows(con, bench.program, loaded, bench.folder)
    quarantine, violations = judge_suspects(con, bench.program, of.meta.name, ragged)
    require_agreement(of, quarantine, violations, lookup_lists(con, of))
    return keep_violations(violations, loaded.places, without=blind_codes(bench.program, bench.given))


def _identifying(
    con: duckdb.DuckDBPyConnection, of: type[Contract], loaded: Loaded
) -> tuple[FileFinding, ...]:
    """Columns that by what they hold identify people: such a file must not leave the firm."""
    columns = [name for name in loaded.header if name in of.column_names()]
    texts = ", ".join(identifier(name) for name in columns)
    rows = con.execute(f"SELECT {texts} FROM {PARSED} LIMIT {IDENTIFIER_SAMPLE_ROWS}").fetchall()  # noqa: S608
    sample = [[cell or "" for cell in column] for column in zip(*rows, strict=True)]
    found = direct_identifiers(columns, sample, known=of.column_names(), keys=key_columns(of))
    return tuple(
        FileFinding(one.code, one.message, one.hint, column=columns[one.position - 1]) for one in found
    )


def _lost_zeros(of: type[Contract], loaded: Loaded, violations: pa.Table) -> tuple[FileFinding, ...]:
    """FIL-058 for columns of codes that held numbers and are misshapen: a number has no leading zeros."""
    misshapen = {
        column
        for column, code in zip(violations["column"].to_pylist(), violations["code"].to_pylist(), strict=True)
        if code == "CEL-170"
    }
    hint = "format the column as text and fill it again from the source; zeros in front are lost in a number"
    return tuple(
        FileFinding("FIL-058", f"{loaded.numeric[name]} cells are numbers, not text", hint, column=name)
        for name in of.column_names()
        if name in misshapen and loaded.numeric.get(name)
    )


def _unsure(of: type[Contract], box: Box) -> tuple[NotChecked, ...]:
    """Comparisons with something that was taken from the rows themselves."""
    unsure = []
    for column in of.columns():
        if isinstance(column.field, BoxFirm) and not (box.firm and box.firm.surely):
            unsure.append(NotChecked("BOX-001", column.name, "your firm's identifier (--firm)"))
        if isinstance(column.field, BoxQuarter) and not (box.period and box.period.surely):
            unsure.append(NotChecked("BOX-002", column.name, "the file's quarter (--period)"))
    return tuple(unsure)
