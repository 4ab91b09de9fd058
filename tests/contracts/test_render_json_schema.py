"""The JSON Schema of a row takes what pydantic takes, and refuses what has the wrong shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contracts import CONTRACTS, contract
from contracts.model import Contract
from contracts.render import ColumnDescription, describe, json_schema, row_schema

SHAPE_CODES = {
    "CEL-101",
    "CEL-110",
    "CEL-111",
    "CEL-120",
    "CEL-130",
    "CEL-140",
    "CEL-150",
    "CEL-160",
    "CEL-170",
}
COLUMNS = [(name, column) for name, of in CONTRACTS.items() for column in describe(of).columns]


@dataclass(frozen=True)
class Judges:
    """One column, judged by pydantic and by its part of the schema."""

    adapter: TypeAdapter[Any]
    schema: jsonschema.Draft202012Validator

    def code(self, cell: object) -> str | None:
        """Pydantic's code for a cell, or None where it takes it."""
        try:
            self.adapter.validate_python(cell)
        except ValidationError as error:
            return str(error.errors()[0]["type"])
        return None


@cache
def judges(name: str, column: str) -> Judges:
    of = contract(name)
    return Judges(
        TypeAdapter(of.model_fields[column].rebuild_annotation()),
        jsonschema.Draft202012Validator(row_schema(of)["properties"][column]),
    )


def cells(column: ColumnDescription) -> st.SearchStrategy[object]:
    """Texts of the right shape, codes, bounds and their neighbors, numbers, and anything else."""
    likely = [
        *column.codes,
        *column.findings,
        *filter(None, (column.least, column.greatest)),
        "",
        "11",
        "007",
        " ",
    ]
    shaped = [st.from_regex(gate, fullmatch=True) for gate in column.gates]
    anything = st.text(alphabet="0123456789-.+,;_@= \u0660\u00e9aAfFzZ", max_size=12)
    numbers = st.integers(-2, 10**10) if column.type == "INTEGER" else st.none()
    return st.one_of(st.sampled_from(likely), *shaped, anything, numbers)


@settings(max_examples=1500, deadline=None)
@given(data=st.data())
def test_schema_takes_every_cell_pydantic_takes_and_no_cell_of_another_shape(data: st.DataObject) -> None:
    name, column = data.draw(st.sampled_from(COLUMNS))
    cell = data.draw(cells(column))
    both = judges(name, column.name)
    code = both.code(cell)
    if code is None:
        assert both.schema.is_valid(cell), column.name
    elif code in SHAPE_CODES and isinstance(cell, str) and column.kind != "MultiDigit":
        assert not both.schema.is_valid(cell), (column.name, code)


def filled(of: type[Contract]) -> dict[str, str]:
    """A row in which every cell is filled with something pydantic takes."""
    return {column.name: next(taken(of, column)) for column in describe(of).columns}


def taken(of: type[Contract], column: ColumnDescription) -> Iterator[str]:
    like = str(column.settings.get("like", ""))
    for cell in (*column.codes, like, column.least or "", "2026Q1", "a" * 64, "A1"):
        if cell and judges(of.meta.name, column.name).code(cell) is None:
            yield cell


@pytest.mark.parametrize("name", CONTRACTS)
def test_row_pydantic_takes_is_valid(name: str) -> None:
    of = contract(name)
    full = filled(of)
    required = {column: full[column] for column in of.required_columns()}
    typed = json.loads(of.model_validate(full).model_dump_json())
    schema = jsonschema.Draft202012Validator(row_schema(of))
    for row in (full, required, required | dict.fromkeys(set(full) - set(required), ""), typed):
        of.model_validate(row)
        schema.validate(row)


@pytest.mark.parametrize("name", CONTRACTS)
def test_row_is_not_valid_when_a_column_is_missing_or_unknown(name: str) -> None:
    of = contract(name)
    full = filled(of)
    schema = jsonschema.Draft202012Validator(row_schema(of))
    for column in of.required_columns():
        assert not schema.is_valid({one: cell for one, cell in full.items() if one != column})
        assert not schema.is_valid(full | {column: ""})
    assert not schema.is_valid(full | {"no_such_column": "1"})


@pytest.mark.parametrize("name", CONTRACTS)
def test_schema_is_a_schema_of_its_dialect(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(json_schema(contract(name))))


def test_schema_says_what_it_cannot_check() -> None:
    wage = row_schema(contract("wage"))
    assert wage["properties"]["gross_wages_usd"]["x-guildhall-maximum"] == "9999999999.99"
    assert wage["properties"]["soc_code"]["x-guildhall-lookup"]["table"] == "codeset_soc_2018"
    assert wage["properties"]["learner_key"]["x-guildhall-privacy"] == "pseudonym"
    assert "WAG-202" in [rule["code"] for rule in wage["x-guildhall-rules"]]
