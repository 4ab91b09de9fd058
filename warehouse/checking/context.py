"""What the contract's rules look up, as far as a firm has it: code sets always, the rest when it is given.

A register that is not at hand objects to nothing: its table is filled with what the file itself names. What
could therefore not be checked is said by name. Extracts given beside the file count as the firm's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from contracts import contract
from contracts.errors import CheckError
from contracts.model import Cadence, Contract
from contracts.rules import CrossRule
from contracts.statements import ContextTable, Statements
from warehouse.checking.raw import assume_box, make_raw
from warehouse.checking.report import NotChecked
from warehouse.checking.source import Loaded, open_source
from warehouse.duck import identifier, literal
from warehouse.intake.header import header_rules
from warehouse.intake.lists import CODE_SET, load_code_set
from warehouse.programs import statements_of

_REFERENCE, _GIVEN = "ref_", "given_"
_SUFFIXES = frozenset((".csv", ".xlsx", ".parquet"))


def load_given(con: duckdb.DuckDBPyConnection, program: Statements, folder: Path | None) -> frozenset[str]:
    """Judge the registers and extracts in ``folder`` that the program looks up; the contracts found there.

    A file is named as it is in a box; of a register the latest quarter counts. CheckError CHK-004 for one
    that is not usable.
    """
    if folder is None:
        return frozenset()
    found = {name: _files(folder, contract(name)) for name in _references(program)}
    for name, files in found.items():
        if files:
            _judge_given(con, contract(name), files)
    return frozenset(name for name, files in found.items() if files)


def load_context(
    con: duckdb.DuckDBPyConnection, program: Statements, given: frozenset[str] = frozenset(), firm: str = ""
) -> None:
    """Make every context table of a program; needs ``raw``. Given rows count as those of ``firm``."""
    for table in program.context:
        name = table.name.removeprefix(_REFERENCE)
        if table.name.startswith(CODE_SET):
            load_code_set(con, table.name)
        elif name in given:
            columns = ", ".join(_own(column, firm) for column in table.columns)
            _create(con, table, f"SELECT {columns} FROM {identifier(_GIVEN + name)}")  # noqa: S608
        else:
            _create(con, table, "")
            _admit_everything(con, program, table)


def not_checked(program: Statements, given: frozenset[str]) -> Iterator[NotChecked]:
    """Every rule that looks up what was not given."""
    for column in program.contract.columns():
        membership = column.field.membership
        if membership is not None and membership.table.startswith(_REFERENCE):
            name = membership.table.removeprefix(_REFERENCE)
            if name not in given:
                yield NotChecked("CEL-190", column.name, f"the consortium's register {name}")
    for rule in _blind_rules(program, given):
        yield NotChecked(rule.code, rule.column, f"your {rule.against.meta.name} extracts")


def blind_codes(program: Statements, given: frozenset[str]) -> frozenset[str]:
    """Codes of rules against extracts that are not at hand: what they say here means nothing."""
    return frozenset(rule.code for rule in _blind_rules(program, given))


def _blind_rules(program: Statements, given: frozenset[str]) -> list[CrossRule]:
    rules = [rule for rule in program.contract.all_rules() if isinstance(rule, CrossRule)]
    return [rule for rule in rules if rule.against.meta.name not in given]


def _references(program: Statements) -> list[str]:
    return [one.name.removeprefix(_REFERENCE) for one in program.context if one.name.startswith(_REFERENCE)]


def _own(column: str, firm: str) -> str:
    return literal(firm) if column == "box_firm_id" else identifier(column)


def _create(con: duckdb.DuckDBPyConnection, table: ContextTable, rows: str) -> None:
    columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in table.columns.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(table.name)} ({columns})")
    if rows:
        con.execute(f"INSERT INTO {identifier(table.name)} {rows}")


def _admit_everything(con: duckdb.DuckDBPyConnection, program: Statements, table: ContextTable) -> None:
    """Fill a register that is not at hand with what the file names, so that nothing is unknown to it."""
    for column in program.contract.columns():
        membership = column.field.membership
        if membership is None or membership.table != table.name:
            continue
        text = identifier(column.name)
        named = text if membership.leading is None else f"left({text}, {membership.leading})"
        con.execute(
            f"INSERT INTO {identifier(table.name)} ({identifier(membership.column)}) "  # noqa: S608
            f"SELECT DISTINCT {named} FROM raw WHERE {text} <> ''"
        )


def _files(folder: Path, of: type[Contract]) -> list[Path]:
    """The files of one contract; where a later one replaces the earlier, the latest."""
    name = of.meta.name
    dated = _readable(folder, f"{name}_[0-9][0-9][0-9][0-9]Q[1-4]")
    files = dated or _readable(folder, name)
    return files[-1:] if of.meta.cadence is Cadence.STATE else files


def _readable(folder: Path, stem: str) -> list[Path]:
    return sorted(path for path in folder.glob(f"{stem}.*") if path.suffix.lower() in _SUFFIXES)


def _judge_given(con: duckdb.DuckDBPyConnection, of: type[Contract], files: Sequence[Path]) -> None:
    """Make the table of a contract's accepted rows, as intake would have taken them."""
    program, target = statements_of(of), identifier(_GIVEN + of.meta.name)
    for number, path in enumerate(files):
        loaded = _load(con, path, of)
        make_raw(con, of, loaded, assume_box(con, of, path, firm=None, period=None))
        load_context(con, program)
        rows = program.accepted
        con.execute(f"INSERT INTO {target} {rows}" if number else f"CREATE TEMP TABLE {target} AS {rows}")


def _load(con: duckdb.DuckDBPyConnection, path: Path, of: type[Contract]) -> Loaded:
    with TemporaryDirectory(prefix="guildhall-check-") as folder:
        loaded = open_source(path, Path(folder)).load(con, header_rules(of), whole=True)
    if loaded.findings:
        raise CheckError(
            "CHK-004",
            found=loaded.findings[0].message,
            expected="a file that intake would take",
            where=path.name,
            remedy="Check that file by itself first, or take it out of the folder given by --with.",
        )
    return loaded
