"""A contract as a Great Expectations suite for typed accepted rows: a second witness over a whole batch.

It repeats cells and keys only. What no contract knows (volume, drift, absence) and running suites belong to
``warehouse.intake``. A suite must be run with ``RESULT_FORMAT``, or its results would hold cells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from contracts.model import Contract
from contracts.render.description import ColumnDescription, ContractDescription, closed_list, describe
from contracts.render.json_schema import anchored

RESULT_FORMAT: Mapping[str, Any] = MappingProxyType(
    {"result_format": "BASIC", "partial_unexpected_count": 0, "include_unexpected_rows": False}
)
"""Counts and shares only: no lists of values, rows or indexes."""

_SUBMISSION = "submission_id"


def gx_suite(contract: type[Contract]) -> str:
    """The suite of a contract, as a JSON document."""
    return json.dumps(suite(contract), indent=2, ensure_ascii=False) + "\n"


def suite(contract: type[Contract]) -> dict[str, Any]:
    """The same as data, as ``great_expectations.ExpectationSuite(**…)`` takes it.

    For a frame with ``submission_id`` and the contract's columns, typed as in the lake; more columns do no
    harm.
    """
    told = describe(contract)
    return {
        "name": f"{told.name}_{told.version}",
        "expectations": list(_expectations(told)),
        "meta": {"contract": told.name, "version": told.version, "result_format": dict(RESULT_FORMAT)},
    }


def _expectations(told: ContractDescription) -> Iterator[dict[str, Any]]:
    names = [_SUBMISSION, *(column.name for column in told.columns)]
    yield _expect("expect_table_columns_to_match_set", "", {"column_set": names, "exact_match": False})
    key = {"column_list": [_SUBMISSION, *told.key], "ignore_row_if": "never"}
    yield _expect("expect_compound_columns_to_be_unique", f"{told.prefix}-301", key)
    for column in told.columns:
        yield from _of_column(column)


def _of_column(column: ColumnDescription) -> Iterator[dict[str, Any]]:
    """Blank cells are for the first expectation alone; the others pass over them."""
    name = {"column": column.name}
    if column.required:
        yield _expect("expect_column_values_to_not_be_null", "CEL-101", name)
    if column.least is not None:
        bounds = {"min_value": _bound(column, column.least), "max_value": _bound(column, column.greatest)}
        yield _expect("expect_column_values_to_be_between", column.findings[-1], name | bounds)
    elif column.codes and not column.gates:
        codes = {"value_set": closed_list(column)}
        yield _expect("expect_column_values_to_be_in_set", "CEL-160", name | codes)
    elif column.gates:
        gate = {"regex": anchored("|".join(column.gates))}
        yield _expect("expect_column_values_to_match_regex", _gate_code(column), name | gate)


def _expect(kind: str, code: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, "kwargs": dict(arguments), "meta": {"code": code} if code else {}}


def _bound(column: ColumnDescription, text: str | None) -> int | float | str | None:
    """A bound as it compares with what pandas makes of the column; a day is a moment there."""
    if text is None or column.type == "DATE":
        return text and f"{text}T00:00:00"
    return float(text) if "." in text else int(text)


def _gate_code(column: ColumnDescription) -> str:
    """The first code of a filled cell's checks, which is that of its shape."""
    return next(code for code in column.findings if code != "CEL-101")
