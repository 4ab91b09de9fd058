"""Guildhall on the bench: the steps of a check, and the accepted rows written as the rivals write them.

The file is looked over and its records counted, it is screened while it is read, its suspects are judged
twice; read once more, its accepted rows are written typed, each with its record number, then quarantined and
violating ones, zstd Parquet all three. What the rivals are asked belongs to ``rivals``.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pyarrow as pa

from tests.bench.planted_wages import DUPLICATE, TOO_LITTLE, BenchWage
from warehouse.checking.check import MEMORY_LIMIT
from warehouse.checking.raw import assume_box, make_raw
from warehouse.checking.screening import from_file, screen_rows
from warehouse.checking.source import PARSED, Loaded
from warehouse.duck import connect, identifier, literal
from warehouse.intake.header import header_rules
from warehouse.intake.judging import judge_suspects
from warehouse.intake.lists import load_code_set, lookup_lists
from warehouse.intake.octets import FileOctets
from warehouse.intake.parse import Blob, view_blob
from warehouse.intake.preflight import Claims, inspect
from warehouse.intake.records import index_records
from warehouse.intake.rejudging import require_agreement
from warehouse.programs import statements_of

_PARQUET = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1"
_OF_ROWS = {"BWG-301": DUPLICATE, "BWG-201": TOO_LITTLE}
_ACCEPTED = "SELECT record, {columns} FROM ({typed}) ANTI JOIN condemned USING (record)"


def _load_lists(con: duckdb.DuckDBPyConnection, out: Path) -> None:
    for table in statements_of(BenchWage).context:
        if table.name.startswith("codeset_"):
            load_code_set(con, table.name)
    firms = json.loads((out / "lists.json").read_text())["firms"]
    con.register("firms", pa.table({"firm_id": firms}))
    con.execute("CREATE TEMP TABLE ref_firm AS FROM firms")


def _load(con: duckdb.DuckDBPyConnection, rows: Path) -> Loaded:
    """As a check loads a text file, without the limit on its size."""
    rules = header_rules(BenchWage)
    look = inspect(FileOctets(rows), rules, Claims(rows.stat().st_size), index_records)
    if look.index is None or look.findings:
        raise ValueError(f"the bench's own file is refused: {look.findings}")
    blob = Blob(rows.name, rows, look.header, look.index)
    view_blob(con, PARSED, blob, rules.columns)
    return Loaded(header=look.header, rows=look.index.data_records, token=rows.name, blob=blob)


def judge(con: duckdb.DuckDBPyConnection, rows: Path, out: Path) -> pa.Table:
    """The violations of a file, once all that was found is written."""
    program = statements_of(BenchWage)
    loaded = _load(con, rows)
    _load_lists(con, out)
    box = assume_box(con, BenchWage, rows, firm=None, period="2026Q1")
    make_raw(con, BenchWage, loaded, box)
    screen_rows(con, program, loaded, out / "again")
    quarantine, violations = judge_suspects(con, program, "bench_wage", [])
    require_agreement(BenchWage, quarantine, violations, lookup_lists(con, BenchWage))
    target = literal(str(out / "good.parquet"))
    columns = ", ".join(identifier(name) for name in program.columns)
    accepted = _ACCEPTED.format(typed=program.typed, columns=columns)
    with from_file(con):
        con.execute(f"COPY ({accepted}) TO {target} ({_PARQUET})")
    _write(con, quarantine, out / "quarantine.parquet")
    _write(con, violations, out / "violations.parquet")
    return violations


def _write(con: duckdb.DuckDBPyConnection, rows: pa.Table, path: Path) -> None:
    con.register("written", rows)
    con.execute(f"COPY written TO {literal(str(path))} ({_PARQUET})")
    con.unregister("written")


def main(rows: Path, out: Path) -> None:
    """Judge a file, write beside another; the answer in the rivals' form besides."""
    with connect(memory_limit=MEMORY_LIMIT, spill=out / "spill") as con:
        found = judge(con, rows, out)
        said = zip(found["code"].to_pylist(), found["column"].to_pylist(), strict=True)
        labels = [_OF_ROWS.get(code, column) for code, column in said]
        _write(con, pa.table({"record": found["record"], "label": labels}), out / "found.parquet")
