"""Outcomes as QData: every term is one of the vocabulary's, every number a published cell, no hidden one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from reports.disclosure.audit.leaks import SEARCHED
from reports.facts import ReleaseFacts
from reports.qdata import CONTEXT, QDATA, TABLES, outcomes_document
from reports.tables import Publication

CLASSES = {
    *("qdata:DataSetProfile", "qdata:DataSetTimeFrame", "qdata:Metric", "qdata:Dimension"),
    *("qdata:Observation", "ceterms:Organization"),
}
TERMS = {
    *("qdata:startDate", "qdata:endDate", "qdata:timeInterval", "qdata:isObservationOf", "qdata:atPoint"),
    *("qdata:median", "qdata:percentage", "qdata:sizeOfData", "qdata:dataSuppressionPolicy"),
    *("qdata:dataWithholdingType", "qdata:dataProvider", "qdata:earningsDefinition"),
    *("ceterms:name", "ceterms:description", "ceterms:codedNotation"),
    *("schema:identifier", "schema:datePublished", "schema:isPartOf"),
}
"""What QData and CTDL call things, as far as a release uses it, and three terms of schema.org."""


@pytest.fixture(scope="module")
def frames(publication: Publication) -> dict[str, pd.DataFrame]:
    return publication.frames()


@pytest.fixture(scope="module")
def graph(frames: dict[str, pd.DataFrame], facts: ReleaseFacts) -> list[dict[str, Any]]:
    document = json.loads(outcomes_document(frames, facts))
    assert document["@context"] == dict(CONTEXT)
    found: list[dict[str, Any]] = document["@graph"]
    return found


def _terms(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (key for key in node if ":" in key)
        for value in node.values():
            yield from _terms(value)
    elif isinstance(node, list):
        for value in node:
            yield from _terms(value)


def _of(graph: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [node for node in graph if node["@type"] == f"qdata:{kind}"]


def test_every_term_is_one_of_the_vocabulary(graph: list[dict[str, Any]]) -> None:
    assert set(_terms(graph)) <= TERMS
    assert {node["@type"] for node in graph} <= CLASSES
    assert {term.split(":")[0] for term in TERMS} == set(CONTEXT)


def test_every_reference_leads_to_a_node_and_every_node_has_a_name_of_its_own(
    graph: list[dict[str, Any]],
) -> None:
    names = [node["@id"] for node in graph]
    assert len(names) == len(set(names))
    for node in _of(graph, "Observation"):
        points = [node["qdata:isObservationOf"], node["schema:isPartOf"], *node["qdata:atPoint"]]
        assert {point["@id"] for point in points} <= set(names)


def test_every_number_is_a_published_cell_and_every_shown_rate_is_there(
    graph: list[dict[str, Any]], frames: dict[str, pd.DataFrame]
) -> None:
    published = {
        (str(row["metric_id"]), None if pd.isna(row["program_id"]) else str(row["program_id"])): row
        for name in TABLES
        for row in frames[name].to_dict("records")
    }
    told = 0
    for node in _of(graph, "Observation"):
        metric = node["qdata:isObservationOf"]["@id"].removeprefix("#metric-")
        programs = [p["@id"] for p in node["qdata:atPoint"] if p["@id"].startswith("#program-")]
        row = published[metric, programs[0].removeprefix("#program-") if programs else None]
        said = node.get("qdata:percentage", node.get("qdata:median"))
        if said is None:
            assert pd.isna(row["value"])
            assert "qdata:sizeOfData" not in node
            assert "qdata:dataWithholdingType" in node
            continue
        scale = 100 if "qdata:percentage" in node else 1
        assert Decimal(str(said)) == scale * Decimal(str(row["value"]))
        assert node["qdata:sizeOfData"] == row["denominator_rounded_count"]
        told += 1
    rates = [row for row in published.values() if row["unit"] == "share" and not pd.isna(row["value"])]
    assert told >= len(rates) > 20


def test_withheld_cell_says_so_and_gives_no_number(
    frames: dict[str, pd.DataFrame], facts: ReleaseFacts
) -> None:
    table = frames["outcomes_by_program"].copy()
    at = table.index[(table["unit"] == "share") & table["value"].notna()][0]
    table.loc[at, ["value", "denominator_rounded_count"]] = None
    table.loc[at, "value_status"] = 5
    document = json.loads(outcomes_document({"outcomes_by_program": table}, facts))
    hidden = f"#observation-{table.loc[at, 'metric_id']}-{table.loc[at, 'program_id']}"
    (node,) = [node for node in document["@graph"] if node["@id"] == hidden]
    assert node["qdata:dataWithholdingType"] == {"en-US": "Withheld"}
    assert not {"qdata:percentage", "qdata:median", "qdata:sizeOfData"} & set(node)


def test_time_frame_covers_its_cohorts_to_the_day(graph: list[dict[str, Any]]) -> None:
    frames_of = {node["@id"]: node for node in _of(graph, "DataSetTimeFrame")}
    for name, node in frames_of.items():
        start, end = name.removeprefix("#cohorts-").split("-")
        quarters = 4 * (int(end[:4]) - int(start[:4])) + int(end[5]) - int(start[5]) + 1
        assert node["qdata:timeInterval"] == f"P{3 * quarters}M"
        assert (node["qdata:startDate"][:4], node["qdata:endDate"][:4]) == (start[:4], end[:4])


def test_same_tables_give_the_same_bytes_and_the_audit_reads_them(
    frames: dict[str, pd.DataFrame], facts: ReleaseFacts
) -> None:
    assert outcomes_document(frames, facts) == outcomes_document(frames, facts)
    assert QDATA.endswith(tuple(SEARCHED - {".json"}))
