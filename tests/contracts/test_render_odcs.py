"""The ODCS document is valid in its standard, reads back to the same contract, and refuses to say two things.

``odcs-3.1.0.schema.json`` beside this file is the standard's own schema, by the Bitol project (LF AI & Data),
under the Apache License 2.0.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from contracts import CONTRACTS, contract, fields
from contracts.errors import ContractError
from contracts.fields import Field, Privacy
from contracts.gates import Gate
from contracts.render import ColumnDescription, describe, odcs, read_odcs, write_odcs

STANDARD = json.loads((Path(__file__).parent / "odcs-3.1.0.schema.json").read_text())
REVIVED: dict[str, Callable[[Any], Any]] = {
    "shape": Gate,
    "earliest": date.fromisoformat,
    "latest": date.fromisoformat,
}


def revived(column: ColumnDescription) -> Field:
    """The kind of field a described column has, made anew from the description alone."""
    arguments = {
        name: REVIVED[name](value) if name in REVIVED else value for name, value in column.settings.items()
    }
    if column.codes and column.kind != "Flag":
        arguments["values"] = dict(column.codes) if any(column.codes.values()) else tuple(column.codes)
    words = {"description": column.description, "source": column.source, "hint": column.hint}
    kind = getattr(fields, column.kind)
    return kind(**words, privacy=Privacy(column.privacy), **arguments)


@pytest.mark.parametrize("name", CONTRACTS)
def test_document_is_valid_in_odcs_3_1(name: str) -> None:
    document = yaml.safe_load(odcs(contract(name)))
    jsonschema.Draft201909Validator(STANDARD).validate(document)
    assert document["apiVersion"] == "v3.1.0"


def test_standard_refuses_a_key_it_does_not_know() -> None:
    document = yaml.safe_load(odcs(contract("wage")))
    document["schema"][0]["properties"][0]["gate"] = "[0-9]"
    assert not jsonschema.Draft201909Validator(STANDARD).is_valid(document)


@pytest.mark.parametrize("name", CONTRACTS)
def test_document_reads_back_to_the_same_contract(name: str) -> None:
    of = contract(name)
    told = read_odcs(odcs(of))
    assert told == describe(of)
    assert write_odcs(told) == odcs(of)
    assert [revived(column) for column in told.columns] == [column.field for column in of.columns()]
    assert [column.required for column in told.columns] == [column.required for column in of.columns()]
    assert told.key == of.meta.key


@pytest.mark.parametrize("name", CONTRACTS)
def test_document_holds_every_rule(name: str) -> None:
    rules = {rule.code: rule for rule in read_odcs(odcs(contract(name))).rules}
    for rule in contract(name).all_rules():
        told = rules.pop(rule.code)
        assert (told.needs, told.reads) == (rule.needs, rule.reads)
        assert (told.severity, told.message, told.hint) == (rule.severity, rule.message, rule.hint)
        assert bool(told.condition) == (type(rule).__name__ != "KeyRule")
    assert not rules


Edit = Callable[[dict[str, Any]], object]
COLUMN = 4  # gross_wages_usd
EDITS: dict[str, Edit] = {
    "a standard bound": lambda d: d["schema"][0]["properties"][COLUMN]["logicalTypeOptions"].update(
        maximum=1
    ),
    "a pattern": lambda d: d["schema"][0]["properties"][0]["logicalTypeOptions"].update(pattern="^[0-9]$"),
    "a valid value": lambda d: d["schema"][0]["properties"][12]["quality"][0].update(mustBe=1),
    "an unknown key": lambda d: d["schema"][0]["properties"][0].update(unique=True),
    "an unknown term": lambda d: d["customProperties"].append({"property": "retention", "value": "P7Y"}),
    "a missing term": lambda d: d["customProperties"].pop(),
    "a logical type": lambda d: d["schema"][0]["properties"][COLUMN].update(logicalType="string"),
    "a rule's dimension": lambda d: d["schema"][0]["quality"][0].update(dimension="accuracy"),
    "a missing version": lambda d: d.pop("version"),
    "two schemas": lambda d: d["schema"].append({"name": "other"}),
    "another standard": lambda d: d.update(apiVersion="v3.0.2"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_edited_document_is_refused(edit: Edit) -> None:
    document = yaml.safe_load(odcs(contract("wage")))
    edit(document)
    with pytest.raises(ContractError, match="CTR-010"):
        read_odcs(yaml.safe_dump(document))


@pytest.mark.parametrize("text", ["", "a: [", "- 1", "just words", "schema: []"])
def test_text_that_is_no_document_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ContractError, match="CTR-010"):
        read_odcs(text)


def test_consistently_edited_document_is_another_contract() -> None:
    told = describe(contract("wage"))
    (*others, last) = told.rules
    other = dataclasses.replace(told, rules=(*others, dataclasses.replace(last, severity="ERROR")))
    assert read_odcs(write_odcs(other)) == other != told
