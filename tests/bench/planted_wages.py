"""Wage rows for ``make bench-contracts``: ten columns, rows without end, faults whose truth is known.

Every thousandth row is wrong, in fourteen kinds in turn. What is asked of the tools belongs to ``contracts``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import pyarrow as pa

from contracts import expressions
from contracts.extracts.columns import WORKER_TYPES, LearnerKey, county, occupation
from contracts.fields import IsoDate, Money, OneOf, Quantity, QuarterField, Ref
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.rules import RowRule, Rule
from warehouse.duck import connect, identifier, literal

if TYPE_CHECKING:
    import ibis.expr.types as ir

FIRMS = 40
OCCUPATIONS = ("49-9041", "51-4041", "15-1252", "29-1141", "53-3032", "11-1021")
COUNTIES = ("06037", "48201", "17031", "01001", "36061")
PERIOD, ONE_IN, BAD_AT = "2026Q1", 1000, 500
DUPLICATE, TOO_LITTLE = "duplicate", "minimum_wage"


@dataclass(frozen=True)
class Kind:
    """A way to be wrong: SQL texts by column that stand in for the right ones, and what must be found.

    ``found``: pairs of a label (a column, ``duplicate`` or ``minimum_wage``) and our code for it.
    """

    name: str
    instead: tuple[tuple[str, str], ...]
    found: tuple[tuple[str, str], ...]


def _cell(name: str, column: str, text: str, code: str) -> Kind:
    return Kind(name, ((column, text),), ((column, code),))


_TOO_LOW, _NO_TYPE = ("gross_wages_usd", "'90.00'"), ("worker_type", "'FULL'")
KINDS = (
    _cell("key missing", "learner_key", "''", "CEL-101"),
    _cell("key no hash", "learner_key", "upper(learner_key)", "CEL-110"),
    _cell("negative wage", "gross_wages_usd", "'-' || gross_wages_usd", "CEL-142"),
    _cell("too many hours", "hours_paid", "'1201.00'", "CEL-142"),
    _cell("unknown occupation", "soc_code", "'49-0000'", "CEL-171"),
    Kind("key twice", (("learner_key", "sha256((i - 400)::VARCHAR)"),), ((DUPLICATE, "BWG-301"),)),
    _cell("serial number for a date", "hire_date", "'45321'", "CEL-120"),
    _cell("no such day", "hire_date", "'2025-02-30'", "CEL-121"),
    _cell("type not listed", *_NO_TYPE, "CEL-160"),
    Kind("below the minimum wage", (_TOO_LOW,), ((TOO_LITTLE, "BWG-201"),)),
    Kind(
        "below the minimum wage, and type not listed",
        (_TOO_LOW, _NO_TYPE),
        ((TOO_LITTLE, "BWG-201"), ("worker_type", "CEL-160")),
    ),
    _cell("unknown firm", "firm_id", "'F9999'", "CEL-190"),
    _cell("county of four digits", "primary_work_county_fips", "'6037'", "CEL-170"),
    _cell("thousands separated", "gross_wages_usd", "'\"1,234.50\"'", "CEL-140"),
    _cell("blank behind a code", "pay_basis", "'HOURLY '", "CEL-160"),
)


def _at_least_minimum_wage(row: ir.Table) -> ir.BooleanValue:
    minimum = expressions.literal("7.25").cast("decimal(4,2)")
    return row.gross_wages_usd >= minimum * row.hours_paid


class BenchWage(Contract):
    """One person's pay at one firm in one quarter, with a date and a register besides."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="bench_wage",
        version="1.0.0",
        prefix="BWG",
        title="Wages for a bench",
        description="Ten columns that between them have every kind of check.",
        grain="learner_key × firm_id × year_quarter",
        key=("learner_key", "firm_id", "year_quarter"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    learner_key: LearnerKey
    firm_id: Annotated[str, Ref("firm", key="firm_id", description="The employer.")]
    year_quarter: Annotated[str, QuarterField(description="Quarter of payment.")]
    gross_wages_usd: Annotated[Decimal, Money(description="Wages paid.")]
    hours_paid: Annotated[Decimal, Quantity(description="Hours paid.", most="1200")]
    soc_code: Annotated[str, occupation("Occupation.")]
    worker_type: Annotated[str, OneOf(WORKER_TYPES, description="Kind of employment.")]
    pay_basis: Annotated[str, OneOf(("HOURLY", "SALARY", "PIECE", "COMMISSION"), description="Basis.")]
    primary_work_county_fips: Annotated[str, county("County.")]
    hire_date: Annotated[date, IsoDate(description="First day.")]

    rules: ClassVar[tuple[Rule, ...]] = (
        RowRule(
            code="BWG-201",
            needs=("gross_wages_usd", "hours_paid"),
            ok=_at_least_minimum_wage,
            message="wages below the minimum",
            hint="Check hours and wages.",
            rationale="Nearly always an error of unit.",
        ),
    )


COLUMNS = BenchWage.column_names()
_RIGHT = {
    "learner_key": "sha256(i::VARCHAR)",
    "firm_id": f"format('F{{:04}}', i % {FIRMS})",
    "year_quarter": f"'{PERIOD}'",
    "gross_wages_usd": "format('{:.2f}', 9000 + (i * 7919 % 1600000) / 100)",
    "hours_paid": "format('{:.2f}', 100 + (i * 104729 % 50000) / 100)",
    "soc_code": f"list_extract({list(OCCUPATIONS)}, 1 + i % {len(OCCUPATIONS)})",
    "worker_type": f"list_extract({list(WORKER_TYPES)}, 1 + i % {len(WORKER_TYPES)})",
    "pay_basis": "list_extract(['HOURLY', 'SALARY', 'PIECE', 'COMMISSION'], 1 + i // 7 % 4)",
    "primary_work_county_fips": f"list_extract({list(COUNTIES)}, 1 + i % {len(COUNTIES)})",
    "hire_date": "strftime(DATE '2001-01-01' + (i * 31 % 9000)::INTEGER, '%Y-%m-%d')",
}


def write_rows(path: Path, rows: int) -> None:
    """Write a CSV file of so many rows; record 1 is the first after the header."""
    right = ", ".join(f"{sql} AS {name}" for name, sql in _RIGHT.items())
    cells = ", ".join(f"{_told(name)} AS {name}" for name in COLUMNS)
    query = f"""
        WITH numbered AS (SELECT range AS i FROM range(1, {rows} + 1)),
        clean AS (SELECT i, CASE WHEN i % {ONE_IN} = {BAD_AT} THEN i // {ONE_IN} % {len(KINDS)} END AS kind,
            {right} FROM numbered)
        SELECT {cells} FROM clean ORDER BY i"""
    line = " || ',' || ".join(COLUMNS)
    # One column that is the whole line: the one cell with a comma brings its own quotation marks.
    options = "FORMAT csv, HEADER, QUOTE '', ESCAPE '', DELIMITER '\x01'"
    with connect(memory_limit="2GB", spill=path.parent / "spill") as con:
        header = identifier(",".join(COLUMNS))
        con.execute(f"COPY (SELECT {line} AS {header} FROM ({query})) TO {literal(str(path))} ({options})")


def _told(name: str) -> str:
    wrong = [
        f"WHEN {number} THEN {text}"
        for number, kind in enumerate(KINDS)
        for column, text in kind.instead
        if column == name
    ]
    return f"CASE kind {' '.join(wrong)} ELSE {name} END" if wrong else name


def truth(rows: int) -> pa.Table:
    """Every violation of a file of so many rows: record, label, code, kind."""
    found = [one for record in range(BAD_AT, rows + 1, ONE_IN) for one in _truth_of(record)]
    return pa.Table.from_pylist(found)


def _truth_of(record: int) -> list[dict[str, object]]:
    kind = KINDS[record // ONE_IN % len(KINDS)]
    records = (record - 400, record) if kind.found[0][0] == DUPLICATE else (record,)
    return [
        {"record": one, "label": label, "code": code, "kind": kind.name}
        for one in records
        for label, code in kind.found
    ]
