"""The catalog as CTDL in JSON-LD: its shape, its references, the same bytes every time."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import pytest

from reports.catalog import CONTEXT, RESOURCES, catalog_document

CREDENTIALS = pd.DataFrame(
    [
        ("WELD", "ce-00000000-0000-4000-8000-000000000001", "Welder", "Certification", 24),
        ("PIPE", None, "Pipe welder", "Certification", None),
        ("MASTER", None, "Master welder", "MasterCertificate", None),
    ],
    columns=["credential_id", "ctid", "credential_name", "ctdl_type", "renewal_months"],
)
STEPS = pd.DataFrame(
    [
        ("WELD", "PIPE", "REQUIRES", 6.0, "SEMESTER_HOUR"),
        ("PIPE", "MASTER", "HAS_PART", None, None),
        ("WELD", "MASTER", "ADVANCED_STANDING_FROM", None, None),
        ("GHOST", "MASTER", "HAS_PART", None, None),
    ],
    columns=["component_credential_id", "credential_id", "relation_code", "credit_value", "credit_unit_code"],
)


@pytest.fixture
def nodes() -> dict[str, dict[str, Any]]:
    document = catalog_document(CREDENTIALS, STEPS)
    assert document["@context"] == CONTEXT
    return {node["ceterms:codedNotation"]: node for node in document["@graph"]}


def test_every_credential_is_a_node_with_class_name_and_ctid(nodes: dict[str, dict[str, Any]]) -> None:
    assert set(nodes) == {"WELD", "PIPE", "MASTER"}
    assert nodes["WELD"]["@type"] == "ceterms:Certification"
    assert nodes["WELD"]["ceterms:name"] == {"en-US": "Welder"}
    assert nodes["WELD"]["ceterms:renewalFrequency"] == "P24M"
    for node in nodes.values():
        assert re.fullmatch(r"ce-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", node["ceterms:ctid"])
        assert node["@id"] == RESOURCES + node["ceterms:ctid"]


def test_steps_point_from_the_larger_credential_and_parts_both_ways(nodes: dict[str, dict[str, Any]]) -> None:
    (required,) = nodes["PIPE"]["ceterms:requires"]
    assert required["ceterms:targetCredential"] == [nodes["WELD"]["@id"]]
    assert required["ceterms:creditValue"][0]["schema:value"] == 6.0
    assert nodes["MASTER"]["ceterms:hasPart"] == [nodes["PIPE"]["@id"]]
    assert nodes["PIPE"]["ceterms:isPartOf"] == [nodes["MASTER"]["@id"]]
    (shorter,) = nodes["MASTER"]["ceterms:advancedStandingFrom"]
    assert shorter["ceterms:targetCredential"] == [nodes["WELD"]["@id"]]


def test_every_reference_resolves_within_the_document(nodes: dict[str, dict[str, Any]]) -> None:
    text = json.dumps(list(nodes.values()))
    assert set(re.findall(re.escape(RESOURCES) + r"[^\"]+", text)) <= {node["@id"] for node in nodes.values()}


def test_document_is_the_same_whatever_the_order_of_rows() -> None:
    shuffled = catalog_document(CREDENTIALS.iloc[::-1], STEPS.iloc[::-1])
    assert json.dumps(shuffled) == json.dumps(catalog_document(CREDENTIALS, STEPS))
