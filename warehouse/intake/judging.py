"""A contract's compiled program, run once over a batch: what is accepted, what is quarantined, and why.

Reads the tables ``raw`` and ``batch`` of ``reading.py`` and the program's context tables; returns Arrow
tables sorted by submission and record. One pass says which rows are suspects, the findings are made of those
alone, and what is accepted is typed at the end: no row is kept in between. The rules belong to ``contracts``,
files to ``writing.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from string import Template

import duckdb
import numpy as np
import pyarrow as pa

from contracts.errors import IntakeError
from contracts.statements import RAW, Statements
from warehouse.duck import identifier, literal
from warehouse.intake.findings import RAGGED_CODE

SUSPECT_ROWS = "suspect_raw"
"""The rows of ``raw`` that are suspects, as they were sent."""

_RAGGED = pa.schema([("submission_id", pa.string()), ("record", pa.int64()), ("raw_text", pa.string())])

_ADD_RAGGED = Template("""
INSERT INTO violation BY NAME
SELECT submission_id, record, NULL AS "column", $code AS code, 'ERROR' AS severity FROM ragged
""")

# Equal keys have equal hashes: whoever shares a hash is looked at exactly, whoever does not has no twin.
_SCREENED = Template("""
CREATE OR REPLACE TEMP TABLE screened AS
SELECT submission_id, record, is__error, is__suspect, CASE WHEN $filled THEN hash($keys) END AS key__hash
FROM ($screened)
""")
_HASHES = "SELECT key__hash FROM screened WHERE key__hash IS NOT NULL"
_SUSPECTS = """
CREATE OR REPLACE TEMP TABLE suspect AS
SELECT submission_id, record FROM screened WHERE is__suspect OR key__hash IN (SELECT hash FROM shared_hash)
"""
_NARROW = """
CREATE OR REPLACE TEMP TABLE suspect_raw AS
SELECT raw.* FROM raw SEMI JOIN suspect USING (submission_id, record)
"""
_CONDEMNED = """
CREATE OR REPLACE TEMP TABLE condemned AS
SELECT submission_id, record FROM violation WHERE severity = 'ERROR'
UNION SELECT submission_id, record FROM screened WHERE is__error
"""
_ACCEPTED = Template("""
SELECT position, submission_id, batch.box_firm_id, batch.box_period, record, tx_from, $columns
FROM ($typed) AS typed JOIN batch USING (submission_id) ANTI JOIN condemned USING (submission_id, record)
ORDER BY position, record
""")

_QUARANTINE = Template("""
WITH condemned AS (
    SELECT submission_id, record, list_sort(list_distinct(list(code))) AS codes
    FROM violation GROUP BY submission_id, record HAVING bool_or(severity = 'ERROR')
)
SELECT position, submission_id, batch.box_firm_id, batch.box_period, record, 0::BIGINT AS line, codes,
    ragged.raw_text, $columns
FROM condemned JOIN batch USING (submission_id)
    LEFT JOIN suspect_raw USING (submission_id, record)
    LEFT JOIN ragged USING (submission_id, record)
ORDER BY position, record
""")

# Of a value only its kind and length are kept: enough to see a blank, or a date with a time, but never who.
_VIOLATIONS = Template("""
WITH valued AS (
    SELECT violation.submission_id, violation.record, violation."column", violation.code, violation.severity,
        violation."column" IS NOT NULL AS is_cell, CASE violation."column" $cases END AS value
    FROM violation LEFT JOIN suspect_raw USING (submission_id, record)
)
SELECT position, submission_id, box_firm_id AS firm_id, $contract AS contract, box_period AS period,
    record, 0::BIGINT AS line, "column", code, severity,
    CASE WHEN NOT is_cell THEN NULL
         WHEN value IS NULL OR value = '' THEN 'blank'
         WHEN regexp_full_match(value, '[0-9]+') THEN 'digits, length ' || length(value)
         WHEN regexp_full_match(value, '[0-9.,+-]+') THEN 'digits and signs, length ' || length(value)
         WHEN regexp_full_match(value, '[ -~]+') THEN 'text, length ' || length(value)
         WHEN regexp_full_match(value, '[\\x00-\\x7F]+')
             THEN 'text with control characters, length ' || length(value)
         ELSE 'text beyond ASCII, length ' || length(value) END AS masked_value
FROM valued JOIN batch USING (submission_id)
ORDER BY position, record, "column" NULLS FIRST, code
""")


@dataclass(frozen=True)
class Judgement:
    """A batch's rows in three Arrow tables, each with ``position`` (of its submission) first.

    ``accepted``: typed rows. ``quarantine``: the others as text, with their codes. ``violations``: one row
    per submission, record, column and code. ``line`` is 0 until somebody who knows the files fills it in.
    """

    accepted: pa.Table
    quarantine: pa.Table
    violations: pa.Table


def judge(
    con: duckdb.DuckDBPyConnection, program: Statements, contract: str, ragged: Sequence[Mapping[str, object]]
) -> Judgement:
    """Run the program. ``ragged``: submission_id, record, raw_text of the records that are not in ``raw``.

    IntakeError INT-012 when the engine cannot run it.
    """
    screen(con, program)
    narrow(con)
    quarantine, violations = judge_suspects(con, program, contract, ragged)
    columns = _chosen("typed", list(program.columns))
    with _unbroken(program):
        accepted = _rows(con, _ACCEPTED.substitute(typed=program.typed, columns=columns))
    return Judgement(accepted, quarantine, violations)


def screen(con: duckdb.DuckDBPyConnection, program: Statements) -> None:
    """Make ``screened`` of ``raw``: of every row its marks and its key's hash; then ``suspect``."""
    of = program.contract
    needed = [f"{identifier(name)} IS NOT NULL" for name in of.meta.key if of.column(name).required]
    words = {
        "keys": ", ".join(identifier(name) for name in ("submission_id", *of.meta.key)),
        "filled": " AND ".join(needed) or "true",
    }
    with _unbroken(program):
        con.execute(_SCREENED.substitute(words, screened=program.screened))
        _find_suspects(con)


def narrow(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``suspect_raw``: the suspects' text, out of ``raw``."""
    con.execute(_NARROW)


def judge_suspects(
    con: duckdb.DuckDBPyConnection,
    program: Statements,
    contract: str,
    ragged: Sequence[Mapping[str, object]],
) -> tuple[pa.Table, pa.Table]:
    """Quarantine and violations, once ``suspect_raw`` has the text of the suspects that ``screen`` found."""
    con.register("ragged", pa.Table.from_pylist(list(ragged), schema=_RAGGED))
    with _unbroken(program):
        con.execute(f"CREATE OR REPLACE TEMP TABLE violation AS {_of_suspects(program)}")
    con.execute(_ADD_RAGGED.substitute(code=literal(RAGGED_CODE)))
    con.execute(_CONDEMNED)
    columns = list(program.columns)
    quarantine = _rows(con, _QUARANTINE.substitute(columns=_chosen(SUSPECT_ROWS, columns)))
    cases, name = _cases(columns), literal(contract)
    violations = _rows(con, _VIOLATIONS.substitute(cases=cases, contract=name))
    con.unregister("ragged")
    return quarantine, violations


def _find_suspects(con: duckdb.DuckDBPyConnection) -> None:
    """Rows with some finding, and rows that may share their key with another of their submission."""
    hashes = np.sort(con.execute(_HASHES).fetchnumpy()["key__hash"])
    shared = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    con.register("shared_hash", pa.table({"hash": pa.array(shared, pa.uint64())}))
    con.execute(_SUSPECTS)
    con.unregister("shared_hash")


def _of_suspects(program: Statements) -> str:
    """The program's statement over the suspects alone."""
    return program.violations.replace(f'"{RAW}" AS', f'"{SUSPECT_ROWS}" AS')


@contextmanager
def _unbroken(program: Statements) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        # The engine's own words can repeat a cell, so they go nowhere, not even into the traceback.
        raise _broken_program(program, error) from None


def _broken_program(program: Statements, error: duckdb.Error) -> IntakeError:
    return IntakeError(
        "INT-012",
        found=f"an engine error ({type(error).__name__})",
        expected="a program that runs on any text",
        where=f"the compiled contract {program.contract.meta.name}",
        remedy="Nothing of this batch is recorded. Report it: the contract's program must never raise.",
    )


def rows_lost(found: str, counted: int, where: str) -> IntakeError:
    """INT-011: so many rows should have been found by the independent count."""
    return IntakeError(
        "INT-011",
        found=found,
        expected=f"{counted} rows together, by the independent count",
        where=where,
        remedy="Nothing of this batch is recorded. Report it: rules and counters contradict each other.",
    )


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    return con.execute(query).to_arrow_table()


def _chosen(table: str, columns: Sequence[str]) -> str:
    return ", ".join(f"{table}.{identifier(column)}" for column in columns)


def _cases(columns: Sequence[str]) -> str:
    return " ".join(f"WHEN {literal(column)} THEN suspect_raw.{identifier(column)}" for column in columns)
