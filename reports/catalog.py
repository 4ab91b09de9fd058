"""The catalog of credentials as CTDL in JSON-LD, for registries and for whoever plans a path.

Credentials and steps come from the marts' dimensions; who holds or recognizes what is not part of a catalog.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pandas as pd

CONTEXT = "https://credreg.net/ctdl/schema/context/json"
RESOURCES = "https://credentialengineregistry.org/resources/"
_UNREGISTERED = uuid.UUID("0a2f2f43-6b6e-4f0e-8d0e-3a3c0b7f9a51")
_UNITS = {
    "SEMESTER_HOUR": "creditUnit:SemesterHours",
    "QUARTER_HOUR": "creditUnit:QuarterHours",
    "CONTINUING_EDUCATION_UNIT": "creditUnit:ContinuingEducationUnit",
    "CLOCK_HOUR": "creditUnit:ClockHour",
    "COMPETENCY": "creditUnit:Competency",
}

Node = dict[str, Any]


def catalog_document(credentials: pd.DataFrame, steps: pd.DataFrame, language: str = "en-US") -> Node:
    """One JSON-LD document: a node for every credential, in the order of their ids.

    ``credentials``: dim_credential; ``steps``: dim_credential_step. A step to or from a credential outside
    the catalog is left out: it is a finding of the catalog. Steps on a circle stay, as the register has them.
    """
    rows = {row["credential_id"]: row for row in _records(credentials)}
    links = [
        step
        for step in _records(steps.sort_values(list(steps.columns[:3])))
        if step["credential_id"] in rows and step["component_credential_id"] in rows
    ]
    ids = {name: _ctid(row) for name, row in rows.items()}
    graph = [_node(rows[name], ids, links, language) for name in sorted(rows)]
    return {"@context": CONTEXT, "@graph": graph}


def _records(frame: pd.DataFrame) -> list[Node]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _ctid(row: Node) -> str:
    """Its CTID; for a credential without one, an identifier made from its id, the same every time."""
    given = row["ctid"]
    return str(given) if not pd.isna(given) else f"ce-{uuid.uuid5(_UNREGISTERED, row['credential_id'])}"


def _node(row: Node, ids: dict[str, str], links: list[Node], language: str) -> Node:
    name = row["credential_id"]
    node: Node = {
        "@id": RESOURCES + ids[name],
        "@type": f"ceterms:{row['ctdl_type']}",
        "ceterms:ctid": ids[name],
        "ceterms:codedNotation": name,
        "ceterms:name": {language: row["credential_name"]},
        "ceterms:credentialStatusType": "credentialStat:Active",
    }
    if not pd.isna(row["renewal_months"]):
        node["ceterms:renewalFrequency"] = f"P{int(row['renewal_months'])}M"
    return node | dict(_relations(name, ids, links))


def _relations(name: str, ids: dict[str, str], links: list[Node]) -> Iterator[tuple[str, list[Any]]]:
    """Properties of one credential that point at others; those that are not there are left out."""
    below = [link for link in links if link["credential_id"] == name]
    parts = [link for link in below if link["relation_code"] == "HAS_PART"]
    wholes = [
        link
        for link in links
        if (link["component_credential_id"], link["relation_code"]) == (name, "HAS_PART")
    ]
    found: dict[str, list[Any]] = {
        "ceterms:hasPart": [RESOURCES + ids[link["component_credential_id"]] for link in parts],
        "ceterms:isPartOf": [RESOURCES + ids[link["credential_id"]] for link in wholes],
        "ceterms:requires": _conditions(below, "REQUIRES", ids),
        "ceterms:advancedStandingFrom": _conditions(below, "ADVANCED_STANDING_FROM", ids),
    }
    yield from ((key, value) for key, value in found.items() if value)


def _conditions(links: list[Node], relation: str, ids: dict[str, str]) -> list[Node]:
    return [
        _condition(link, RESOURCES + ids[link["component_credential_id"]])
        for link in links
        if link["relation_code"] == relation
    ]


def _condition(link: Node, target: str) -> Node:
    profile: Node = {"@type": "ceterms:ConditionProfile", "ceterms:targetCredential": [target]}
    if not pd.isna(link["credit_value"]):
        unit = _UNITS[link["credit_unit_code"]]
        value = {"@type": "schema:QuantitativeValue", "schema:value": float(link["credit_value"])}
        profile["ceterms:creditValue"] = [value | {"ceterms:creditUnitType": [unit]}]
    return profile
