"""A bench for contracts: good rows to spoil, and programs run on DuckDB, on Polars and judged by pydantic.

Every call of ``check`` also holds DuckDB's and pydantic's judgements against each other, so whatever a test
plants, they agree on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import duckdb
import ibis
import polars as pl
import pyarrow as pa
import pytest

from contracts import contract
from contracts.codesets import codeset
from contracts.compiler import Program, compile_contract
from contracts.judge import CellFinding, disagreements, judge_rows
from contracts.statements import SUBMISSION, ContextTable
from tests.contracts.soundness.three_judges import teach_polars_tolerant_casts

KEY = "0123456789abcdef" * 4
OTHER_KEY = "f" * 64
BOX, PERIOD = "F01", "2026Q1"

GOOD: Mapping[str, Mapping[str, str]] = {
    "firm": {"firm_id": "F01", "joined_on": "2020-01-01"},
    "program": {"program_id": "P01", "name": "Welding", "effective_from": "2020-01-01"},
    "credential_definition": {"credential_id": "C01", "name": "Welder", "ctdl_type": "Certification"},
    "contribution": {
        "contribution_id": "K01",
        "firm_id": "F01",
        "period": "2026Q1",
        "kind": "CASH",
        "amount_usd": "100.00",
    },
    "disbursement": {
        "disbursement_id": "D01",
        "category": "TUITION",
        "amount_usd": "100.00",
        "incurred_on": "2026-01-15",
        "funding_source": "EMPLOYER",
    },
    "enrollment": {"learner_key": KEY, "key_epoch": "1", "program_id": "P01", "entry_date": "2025-03-01"},
    "credential": {
        "learner_key": KEY,
        "key_epoch": "1",
        "credential_id": "C01",
        "attained_date": "2025-09-01",
        "status": "ACTIVE",
    },
    "placement": {
        "learner_key": KEY,
        "key_epoch": "1",
        "firm_id": "F01",
        "position_key": "J1",
        "job_start_date": "2025-10-01",
        "placement_type": "NEW_HIRE",
    },
    "wage": {
        "learner_key": KEY,
        "key_epoch": "1",
        "firm_id": "F01",
        "year_quarter": "2026Q1",
        "gross_wages_usd": "9000.00",
    },
}
KEYS: Mapping[str, str] = {
    "firm": "firm_id",
    "program": "program_id",
    "credential_definition": "credential_id",
}
KNOWN: Mapping[str, Sequence[Mapping[str, object]]] = MappingProxyType(
    {
        "ref_firm": ({"firm_id": "F01"},),
        "ref_program": ({"program_id": "P01"}, {"program_id": "P02"}),
        "ref_credential_definition": ({"credential_id": "C01"},),
    }
)

Row = Mapping[str, str | None]
Context = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True)
class Outcome:
    """What became of the rows: findings (record, column, code), severity by code, accepted rows by record."""

    findings: frozenset[tuple[int, str, str]]
    severities: Mapping[str, str]
    accepted: Mapping[int, Mapping[str, Any]]

    def of(self, record: int) -> set[tuple[str, str]]:
        """The findings of one record as (column, code)."""
        return {(column, code) for number, column, code in self.findings if number == record}

    @property
    def codes(self) -> set[str]:
        """Every code found."""
        return {code for _, _, code in self.findings}


Check = Callable[..., Outcome]


@pytest.fixture(scope="session")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        for name in ("soc_2018", "naics_2022", "cip_2020", "county_fips"):
            con.register("codes", pa.table({"code": sorted(codeset(name))}))
            con.execute(f"CREATE TABLE codeset_{name} AS FROM codes")
        yield con


@pytest.fixture
def check(connection: duckdb.DuckDBPyConnection) -> Check:
    """``check(name, {column: text}, …)``: good rows of a contract, spoiled as told; records count from 1.

    A row may override ``submission_id``, ``box_firm_id`` and ``box_period`` too. ``context`` replaces rows of
    reference tables.
    """

    def run(name: str, *spoiled: Row, context: Context = MappingProxyType({})) -> Outcome:
        rows = list(rows_of(name, spoiled))
        program = compile_contract(contract(name))
        known = {**KNOWN, **context}
        found, accepted = run_on_duckdb(connection, program, rows, known)
        assert_judgements_agree(program, rows, found, known)
        assert_rows_add_up(rows, found, accepted)
        return Outcome(
            frozenset((record, column, code) for _, record, column, code, _ in found),
            {code: severity for *_, code, severity in found},
            {row["record"]: row for row in accepted},
        )

    return run


Run = Callable[..., tuple[list[tuple[Any, ...]], list[dict[str, Any]]]]


@pytest.fixture
def on_duckdb(connection: duckdb.DuckDBPyConnection) -> Run:
    """``on_duckdb(program, rows)``: its violations as tuples and its accepted rows."""
    return lambda program, rows, known=KNOWN: run_on_duckdb(connection, program, rows, known)


@pytest.fixture
def on_polars() -> Run:
    """The same, unchanged program on Polars."""
    teach_polars_tolerant_casts()
    return run_on_polars


@pytest.fixture
def spoil() -> Callable[..., list[dict[str, object]]]:
    """``spoil(name, {column: text}, …)``: good rows of a contract, spoiled as told."""
    return lambda name, *spoiled: list(rows_of(name, spoiled))


def run_on_duckdb(
    con: duckdb.DuckDBPyConnection, program: Program, rows: Sequence[Mapping[str, object]], known: Context
) -> tuple[list[tuple[Any, ...]], list[dict[str, Any]]]:
    load(con, program, rows, known)
    found = con.execute(program.sql_violations()).fetchall()
    return found, con.execute(program.sql_accepted()).to_arrow_table().to_pylist()


def run_on_polars(
    program: Program, rows: Sequence[Mapping[str, object]], known: Context = KNOWN
) -> tuple[list[tuple[Any, ...]], list[dict[str, Any]]]:
    con = ibis.polars.connect()
    con.create_table("raw", pl.from_arrow(arrow_rows(program, rows)))
    for table in program.context:
        con.create_table(table.name, polars_context(table, known))
    return con.to_polars(program.violations).rows(), con.to_polars(program.accepted).to_dicts()


def polars_context(table: ContextTable, known: Context) -> pl.DataFrame:
    if table.name.startswith("codeset_"):
        return pl.DataFrame({"code": sorted(codeset(table.name.removeprefix("codeset_")))})
    schema = {name: pl.Date if kind == "DATE" else pl.String for name, kind in table.columns.items()}
    rows = [{name: row.get(name) for name in schema} for row in known.get(table.name, ())]
    return pl.DataFrame(rows, schema=schema)


def rows_of(name: str, spoiled: Sequence[Row]) -> Iterator[dict[str, object]]:
    blank: dict[str, object] = dict.fromkeys(contract(name).column_names())
    for record, row in enumerate(spoiled, 1):
        place = {"submission_id": "S1", "record": record, "box_firm_id": BOX, "box_period": PERIOD}
        yield {**blank, **place, **GOOD[name], **row}


def load(
    con: duckdb.DuckDBPyConnection, program: Program, rows: Sequence[Mapping[str, object]], known: Context
) -> None:
    con.register("arriving", arrow_rows(program, rows))
    con.execute("CREATE OR REPLACE TEMP TABLE raw AS FROM arriving")
    for table in program.context:
        if table.name.startswith("ref_"):
            load_reference(con, table, known.get(table.name, ()))


def arrow_rows(program: Program, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    kinds = {
        name: pa.int64() if name == "record" else pa.string() for name in (*SUBMISSION, *program.columns)
    }
    return pa.Table.from_pylist(list(rows), schema=pa.schema(list(kinds.items())))


def load_reference(
    con: duckdb.DuckDBPyConnection, table: ContextTable, rows: Sequence[Mapping[str, object]]
) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in table.columns.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table.name} ({columns})")
    for row in rows:
        marks = ", ".join("?" for _ in table.columns)
        con.execute(f"INSERT INTO {table.name} VALUES ({marks})", [row.get(name) for name in table.columns])


def lists_of(program: Program, known: Context) -> dict[str, frozenset[str]]:
    """What the program's context tables hold, for the second judgement."""
    lists = {}
    for table in program.context:
        if table.name.startswith("codeset_"):
            lists[table.name] = codeset(table.name.removeprefix("codeset_"))
        elif (key := KEYS.get(table.name.removeprefix("ref_"))) is not None:
            lists[table.name] = frozenset(str(row[key]) for row in known.get(table.name, ()))
    return lists


def assert_judgements_agree(
    program: Program, rows: Sequence[Mapping[str, object]], found: Sequence[tuple[Any, ...]], known: Context
) -> None:
    judged = judge_rows(program.contract, rows, lists_of(program, known))
    assert disagreements((CellFinding(*one[:4]) for one in found), judged) == (frozenset(), frozenset())


def assert_rows_add_up(
    rows: Sequence[Mapping[str, object]],
    found: Sequence[tuple[Any, ...]],
    accepted: Sequence[Mapping[str, object]],
) -> None:
    kept_out = {(submission, record) for submission, record, *_, severity in found if severity == "ERROR"}
    let_in = {(row["submission_id"], row["record"]) for row in accepted}
    assert not kept_out & let_in
    assert kept_out | let_in == {(row["submission_id"], row["record"]) for row in rows}
