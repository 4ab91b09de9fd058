"""The Great Expectations suite passes accepted rows, sees planted faults, and never says what a cell held."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from typing import Any

import duckdb
import pandas as pd
import pytest

from contracts import CONTRACTS, contract
from contracts.render import RESULT_FORMAT, gx_suite, suite

KEY, CANARY = "0123456789abcdef" * 4, "Zz9canary"
GOOD = {
    "submission_id": "S1",
    "learner_key": KEY,
    "key_epoch": 1,
    "program_id": "P01",
    "entry_date": "2025-03-01",
    "training_completed": 1,
    "sex": "9",
    "residence_county_fips": "06037",
    "wages_q1_prior": 9850,
    "support_transport_usd": "40.50",
}

with warnings.catch_warnings():
    # Its own import warnings are not ours to act on.
    warnings.simplefilter("ignore")
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    import great_expectations as gx

Validate = Callable[[pd.DataFrame], Any]


@pytest.fixture(scope="module")
def validate() -> Validate:
    """Validates a frame against the suite of enrollments."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("accepted").add_dataframe_asset("rows")
    whole = asset.add_batch_definition_whole_dataframe("all")
    expected = gx.ExpectationSuite(**suite(contract("enrollment")))

    def run(frame: pd.DataFrame) -> Any:
        return whole.get_batch({"dataframe": frame}).validate(expected, result_format=dict(RESULT_FORMAT))

    return run


def frame_of(*rows: dict[str, object]) -> pd.DataFrame:
    """Rows as warehouse code gets them from the lake: typed by DuckDB, read as a pandas frame."""
    kinds = {column.name: column.field.column_type for column in contract("enrollment").columns()}
    columns = ", ".join(f"{name} {kind}" for name, kind in {"submission_id": "VARCHAR", **kinds}.items())
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE rows ({columns})")
        for row in rows:
            marks = ", ".join("?" for _ in row)
            con.execute(f"INSERT INTO rows ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        return con.execute("FROM rows").df()


def broken(result: Any) -> set[tuple[str | None, str | None]]:
    """(column, code) of every expectation not met; one that raised would be none."""
    assert not any(one.exception_info.get("raised_exception") for one in result.results)
    return {
        (one.expectation_config.kwargs.get("column"), (one.expectation_config.meta or {}).get("code"))
        for one in result.results
        if not one.success
    }


def test_accepted_rows_meet_the_suite(validate: Validate) -> None:
    other = {**GOOD, "learner_key": "f" * 64, "exit_date": "2100-12-31", "key_epoch": 9999}
    result = validate(frame_of(GOOD, other))
    assert broken(result) == set()
    assert result.success


FAULTS: dict[str, tuple[dict[str, object], tuple[str | None, str]]] = {
    "required is blank": ({"program_id": None}, ("program_id", "CEL-101")),
    "key is malformed": ({"learner_key": KEY + CANARY}, ("learner_key", "CEL-110")),
    "day is too early": ({"entry_date": "1949-12-31"}, ("entry_date", "CEL-122")),
    "day is too late": ({"entry_date": "2101-01-01"}, ("entry_date", "CEL-122")),
    "whole number is too large": ({"key_epoch": 10000}, ("key_epoch", "CEL-152")),
    "amount is negative": ({"support_transport_usd": "-0.01"}, ("support_transport_usd", "CEL-142")),
    "code is not in its list": ({"sex": CANARY}, ("sex", "CEL-160")),
    "flag is neither": ({"training_completed": 2}, ("training_completed", "CEL-160")),
    "code lost its zero": ({"residence_county_fips": "6037"}, ("residence_county_fips", "CEL-170")),
    "key is there twice": ({}, (None, "ENR-301")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_planted_fault_is_seen(validate: Validate, name: str) -> None:
    change, expected = FAULTS[name]
    key = {} if expected[0] is None else {"learner_key": "f" * 64}
    assert broken(validate(frame_of(GOOD, {**GOOD, **key, **change}))) == {expected}


def test_missing_column_is_seen(validate: Validate) -> None:
    result = validate(frame_of(GOOD).drop(columns="flexible_schedule"))
    kinds = {one.expectation_config.type for one in result.results if not one.success}
    assert "expect_table_columns_to_match_set" in kinds


def test_result_holds_no_cell(validate: Validate) -> None:
    faulty = {**GOOD, "learner_key": CANARY, "sex": CANARY, "program_id": f"!{CANARY}"}
    result = validate(frame_of(GOOD, faulty, faulty))
    assert not result.success
    told = json.dumps(result.to_json_dict())
    assert CANARY not in told
    assert KEY not in told
    assert "06037" not in told


@pytest.mark.parametrize("name", CONTRACTS)
def test_suite_can_be_loaded(name: str) -> None:
    of = contract(name)
    loaded = gx.ExpectationSuite(**json.loads(gx_suite(of)))
    judged = {one.column for one in loaded.expectations if hasattr(one, "column")}
    assert judged == set(of.column_names())
