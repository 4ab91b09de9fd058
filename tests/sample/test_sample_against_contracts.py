"""The contracts' programs find in a sample region exactly what was planted in it, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pandas as pd
import pytest

from contracts import CONTRACTS
from contracts.codesets import CODESETS, codeset
from contracts.compiler import Program, compile_contract
from tests.sample.conftest import Sample
from warehouse.sample.fault_kinds import FAULT_KINDS, RAGGED
from warehouse.sample.faults import Finding

KEY = ["firm_id", "contract", "period", "record", "column", "code"]


@pytest.fixture(scope="module")
def judged(small: Sample) -> Iterator[tuple[duckdb.DuckDBPyConnection, pd.DataFrame]]:
    """A connection with ``ref_<contract>`` tables of accepted rows, and all violations found."""
    with duckdb.connect() as connection:
        for name in CODESETS:
            _register(connection, f"codeset_{name}", pd.DataFrame({"code": sorted(codeset(name))}))
        found = [_judge(connection, small, name) for name in CONTRACTS]
        yield connection, pd.concat(found, ignore_index=True)


def _judge(connection: duckdb.DuckDBPyConnection, sample: Sample, name: str) -> pd.DataFrame:
    program = compile_contract(CONTRACTS[name])
    _register(connection, "raw", _raw(sample, name, program))
    connection.execute(f"CREATE OR REPLACE TABLE ref_{name} AS {program.sql_accepted()}")
    found = connection.sql(program.sql_violations()).df()
    places = found["submission_id"].str.split("|", expand=True).reindex(columns=[0, 1])
    return found.assign(firm_id=places[0], contract=name, period=places[1])[KEY]


def _raw(sample: Sample, name: str, program: Program) -> pd.DataFrame:
    if name not in sample.document["dropped"]:
        # Nothing of it is dropped, but rules of others may look it up.
        return pd.DataFrame(
            columns=["submission_id", "record", "box_firm_id", "box_period", *program.columns]
        )
    rows = sample.rows(name)
    rows = rows.rename(columns={"box": "box_firm_id", "file_period": "box_period"})
    rows.insert(0, "submission_id", rows["box_firm_id"] + "|" + rows["box_period"])
    return rows.reindex(columns=["submission_id", "record", "box_firm_id", "box_period", *program.columns])


def _register(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    connection.register("incoming", frame)
    kinds = ", ".join(f'"{c}"::{"BIGINT" if c == "record" else "VARCHAR"} AS "{c}"' for c in frame.columns)
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT {kinds} FROM incoming")
    connection.unregister("incoming")


def test_contracts_find_exactly_what_was_planted(
    small: Sample, judged: tuple[duckdb.DuckDBPyConnection, pd.DataFrame]
) -> None:
    found = set(judged[1][KEY].itertuples(index=False, name=None))
    planted = small.faults[small.faults["code"] != RAGGED]
    expected = set(planted[KEY].itertuples(index=False, name=None))
    assert found - expected == set()
    assert expected - found == set()


def test_every_kind_of_fault_is_planted(small: Sample) -> None:
    planted = set(zip(small.faults["contract"], small.faults["column"], small.faults["code"], strict=True))
    assert planted == {(kind.contract, kind.column, kind.code) for kind in FAULT_KINDS}
    assert small.faults["code"].nunique() >= 30
    assert set(small.faults.columns) == set(Finding.__dataclass_fields__)


def test_accepted_rows_hold_every_genuine_row(
    small: Sample, judged: tuple[duckdb.DuckDBPyConnection, pd.DataFrame]
) -> None:
    for name in small.document["dropped"]:
        row = judged[0].sql(f"SELECT count(*) FROM ref_{name}").fetchone()
        warned = small.faults[(small.faults["contract"] == name) & small.faults["code"].isin(WARNINGS)]
        assert row == (len(small.genuine(name)) + len(warned),), name


WARNINGS = ("CRD-202", "CRD-401", "PLC-401", "WAG-201", "WAG-202", "WAG-401")


def test_accepted_money_in_the_fund_is_that_of_the_truth(
    small: Sample, judged: tuple[duckdb.DuckDBPyConnection, pd.DataFrame]
) -> None:
    rows = (
        judged[0].sql("SELECT funding_source, sum(amount_usd) FROM ref_disbursement GROUP BY ALL").fetchall()
    )
    by_source = small.document["fund"]["by_source"]
    assert dict(rows) == {source: Decimal(one["disbursed_usd"]) for source, one in by_source.items()}
