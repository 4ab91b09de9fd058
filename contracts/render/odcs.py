"""A contract as Open Data Contract Standard 3.1 YAML, and back.

What the standard has a word for is said in its words; the rest, rules included, stands in custom properties.
Reading is exact: a document that says anything else than its own description renders is refused.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from contracts.errors import ContractError
from contracts.fields import Membership
from contracts.model import Contract
from contracts.render.description import (
    ColumnDescription,
    ContractDescription,
    RuleDescription,
    closed_list,
    describe,
)
from contracts.render.json_schema import anchored

API_VERSION = "v3.1.0"
ENGINE = "guildhall"

_CUSTOM_OF_COLUMN = (
    *("kind", "expected", "source", "hint", "gates", "codes", "least", "greatest", "length"),
    *("lookup", "findings", "settings"),
)
_CUSTOM_OF_CONTRACT = ("prefix", "dropped_by", "cadence", "strict", "opt_in")
_IMPLEMENTATION = ("kind", "needs", "reads", "condition", "against", "on", "summary")
_DIMENSION = {"RowRule": "consistency", "CrossRule": "consistency", "KeyRule": "uniqueness"}
_LOGICAL = {"VARCHAR": "string", "INTEGER": "integer", "DATE": "date"}
_REGISTER = "ref_"


def odcs(contract: type[Contract]) -> str:
    """The contract as an ODCS document in YAML."""
    return write_odcs(describe(contract))


def write_odcs(told: ContractDescription) -> str:
    """A description as an ODCS document in YAML."""
    return yaml.dump(odcs_document(told), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def read_odcs(text: str) -> ContractDescription:
    """The description a document holds; ContractError CTR-010 unless it renders to the same again."""
    try:
        document = yaml.safe_load(text)
        told = _contract(document)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(f"what is no contract of ours ({type(error).__name__})") from None
    if odcs_document(told) != document:
        raise _unreadable("standard keys and custom properties that contradict each other, or unknown ones")
    return told


class _Dumper(yaml.SafeDumper):
    """Writes the same list twice rather than once with an alias to it."""

    def ignore_aliases(self, data: Any) -> bool:
        """No aliases."""
        return True


def odcs_document(told: ContractDescription) -> dict[str, Any]:
    """A description as an ODCS document, before it is YAML."""
    return {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": f"urn:guildhall:contract:{told.name}",
        "name": told.name,
        "version": told.version,
        "status": "active",
        "description": {"purpose": told.description},
        "schema": [_schema(told)],
        "customProperties": _customs(told, _CUSTOM_OF_CONTRACT),
    }


def _schema(told: ContractDescription) -> dict[str, Any]:
    return {
        "id": told.name,
        "name": told.name,
        "logicalType": "object",
        "physicalType": "file",
        "businessName": told.title,
        "dataGranularityDescription": told.grain,
        "properties": [_property(column) for column in told.columns],
        "quality": [_quality(rule) for rule in told.rules],
    }


def _property(column: ColumnDescription) -> dict[str, Any]:
    options = _options(column)
    return {
        "id": column.name,
        "name": column.name,
        "description": column.description,
        "logicalType": _LOGICAL.get(column.type, "number"),
        **({"logicalTypeOptions": options} if options else {}),
        "physicalType": column.type,
        "required": column.required,
        **_key(column),
        "classification": column.privacy,
        **_relationships(column),
        **_valid_values(column),
        "customProperties": _customs(column, _CUSTOM_OF_COLUMN),
    }


def _options(column: ColumnDescription) -> dict[str, Any]:
    """The standard's own words for bounds and shapes; numbers and days have no pattern there."""
    if column.type == "DATE":
        return {"format": "yyyy-MM-dd", "minimum": column.least, "maximum": column.greatest}
    if column.least is not None and column.greatest is not None:
        return {"minimum": _number(column.least), "maximum": _number(column.greatest)}
    if column.type != "VARCHAR":
        return {}
    length = {} if column.length is None else {"maxLength": column.length}
    return length | ({"pattern": anchored("|".join(column.gates))} if column.gates else {})


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _key(column: ColumnDescription) -> dict[str, Any]:
    if column.key_position is None:
        return {}
    return {"primaryKey": True, "primaryKeyPosition": column.key_position}


def _relationships(column: ColumnDescription) -> dict[str, Any]:
    """A register is another document beside this one."""
    lookup = column.lookup
    if lookup is None or not lookup.table.startswith(_REGISTER):
        return {}
    register = lookup.table.removeprefix(_REGISTER)
    place = f"../{register}/odcs.yaml#/schema/{register}/properties/{lookup.column}"
    return {"relationships": [{"type": "foreignKey", "to": place}]}


def _valid_values(column: ColumnDescription) -> dict[str, Any]:
    """The closed list as the standard's own check; digits written together have none."""
    if not column.codes or column.gates:
        return {}
    valid = {"validValues": closed_list(column)}
    check = {"type": "library", "metric": "invalidValues", "arguments": valid, "mustBe": 0}
    return {"quality": [check]}


def _quality(rule: RuleDescription) -> dict[str, Any]:
    implementation = {name: value for name in _IMPLEMENTATION if (value := _plain(getattr(rule, name)))}
    return {
        "id": rule.code,
        "name": rule.code,
        "description": rule.message,
        "dimension": _DIMENSION[rule.kind],
        "severity": rule.severity.lower(),
        "businessImpact": rule.rationale,
        "type": "custom",
        "engine": ENGINE,
        "implementation": implementation,
        "customProperties": _customs(rule, ("hint",)),
    }


def _customs(of: Any, names: Sequence[str]) -> list[dict[str, Any]]:
    """What is said under these names, unless nothing is."""
    values = {name: _plain(getattr(of, name)) for name in names}
    said = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    return [{"property": _camel(name), "value": value} for name, value in said.items()]


def _plain(value: Any) -> Any:
    if isinstance(value, Membership):
        return dataclasses.asdict(value)
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _contract(document: Mapping[str, Any]) -> ContractDescription:
    (schema,) = document["schema"]
    return ContractDescription(
        name=document["name"],
        version=document["version"],
        title=schema["businessName"],
        description=document["description"]["purpose"],
        grain=schema["dataGranularityDescription"],
        columns=tuple(_column(one) for one in schema["properties"]),
        rules=tuple(_rule(one) for one in schema["quality"]),
        **_said(document, _CUSTOM_OF_CONTRACT),
    )


def _column(told: Mapping[str, Any]) -> ColumnDescription:
    said = _said(told, _CUSTOM_OF_COLUMN)
    if "lookup" in said:
        said["lookup"] = Membership(**said["lookup"])
    return ColumnDescription(
        name=told["name"],
        description=told["description"],
        type=told["physicalType"],
        required=told["required"],
        key_position=told.get("primaryKeyPosition"),
        privacy=told["classification"],
        **said,
    )


def _rule(told: Mapping[str, Any]) -> RuleDescription:
    implementation = {name: _back(value) for name, value in told["implementation"].items()}
    nothing = {"needs": (), "reads": ()}
    return RuleDescription(
        code=told["name"],
        severity=told["severity"].upper(),
        message=told["description"],
        rationale=told["businessImpact"],
        **_said(told, ("hint",)),
        **(nothing | implementation),
    )


def _said(told: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    values = {one["property"]: one["value"] for one in told["customProperties"]}
    return {name: _back(values[_camel(name)]) for name in names if _camel(name) in values}


def _back(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _unreadable(found: str) -> ContractError:
    return ContractError(
        "CTR-010",
        found=found,
        expected="an ODCS document as it was rendered from a contract",
        where="an ODCS document",
        remedy="Render it again with guildhall contract render; rendered files are never edited.",
    )
