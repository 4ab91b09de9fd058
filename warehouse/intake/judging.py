"""A contract's compiled program, run once over a batch: what is accepted, what is quarantined, and why.

Reads the tables ``raw`` and ``batch`` of ``reading.py`` and the program's context tables; returns Arrow
tables sorted by submission and record. The rules belong to ``contracts``, files to ``writing.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template

import duckdb
import pyarrow as pa

from contracts.compiler import Program
from contracts.errors import IntakeError
from warehouse.duck import identifier, literal
from warehouse.intake.findings import RAGGED_CODE

_RAGGED = pa.schema([("submission_id", pa.string()), ("record", pa.int64()), ("raw_text", pa.string())])

_ADD_RAGGED = Template("""
INSERT INTO violation BY NAME
SELECT submission_id, record, NULL AS "column", $code AS code, 'ERROR' AS severity FROM ragged
""")

_ACCEPTED = Template("""
SELECT position, submission_id, accepted.box_firm_id, accepted.box_period, record, tx_from, $columns
FROM accepted JOIN batch USING (submission_id)
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
    LEFT JOIN raw USING (submission_id, record)
    LEFT JOIN ragged USING (submission_id, record)
ORDER BY position, record
""")

# Of a value only its kind and length are kept: enough to see a blank, or a date with a time, but never who.
_VIOLATIONS = Template("""
WITH valued AS (
    SELECT violation.submission_id, violation.record, violation."column", violation.code, violation.severity,
        violation."column" IS NOT NULL AS is_cell, CASE violation."column" $cases END AS value
    FROM violation LEFT JOIN raw USING (submission_id, record)
)
SELECT position, submission_id, box_firm_id AS firm_id, $contract AS contract, box_period AS period,
    record, 0::BIGINT AS line, "column", code, severity,
    CASE WHEN NOT is_cell THEN NULL
         WHEN value IS NULL OR value = '' THEN 'blank'
         WHEN regexp_full_match(value, '[0-9]+') THEN 'digits, length ' || length(value)
         WHEN regexp_full_match(value, '[0-9.,+-]+') THEN 'digits and signs, length ' || length(value)
         WHEN regexp_full_match(value, '[ -~]+') THEN 'text, length ' || length(value)
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
    con: duckdb.DuckDBPyConnection, program: Program, contract: str, ragged: Sequence[Mapping[str, object]]
) -> Judgement:
    """Run the program. ``ragged``: submission_id, record, raw_text of the records that are not in ``raw``.

    IntakeError INT-012 when the engine cannot run it.
    """
    con.register("ragged", pa.Table.from_pylist(list(ragged), schema=_RAGGED))
    _run_program(con, program)
    con.execute(_ADD_RAGGED.substitute(code=literal(RAGGED_CODE)))
    columns = list(program.columns)
    judgement = Judgement(
        _rows(con, _ACCEPTED.substitute(columns=_chosen("accepted", columns))),
        _rows(con, _QUARANTINE.substitute(columns=_chosen("raw", columns))),
        _rows(con, _VIOLATIONS.substitute(cases=_cases(columns), contract=literal(contract))),
    )
    con.unregister("ragged")
    return judgement


def _run_program(con: duckdb.DuckDBPyConnection, program: Program) -> None:
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE accepted AS {program.sql_accepted()}")
        con.execute(f"CREATE OR REPLACE TEMP TABLE violation AS {program.sql_violations()}")
    except duckdb.Error as error:
        # The engine's own words can repeat a cell, so they go nowhere, not even into the traceback.
        raise _broken_program(program, error) from None


def _broken_program(program: Program, error: duckdb.Error) -> IntakeError:
    return IntakeError(
        "INT-012",
        found=f"an engine error ({type(error).__name__})",
        expected="a program that runs on any text",
        where=f"the compiled contract {program.contract.meta.name}",
        remedy="Nothing of this batch is recorded. Report it: the contract's program must never raise.",
    )


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    return con.execute(query).to_arrow_table()


def _chosen(table: str, columns: Sequence[str]) -> str:
    return ", ".join(f"{table}.{identifier(column)}" for column in columns)


def _cases(columns: Sequence[str]) -> str:
    return " ".join(f"WHEN {literal(column)} THEN raw.{identifier(column)}" for column in columns)
