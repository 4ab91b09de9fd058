"""Outcomes as QData in JSON-LD, for registries of credentials: ``report.jsonld`` of a release.

From published tables only: a cell without a value says that it is withheld or not there, never a number. The
context is in the document, so that nobody has to fetch one. Terms: Credential Engine, QData schema. Which
cells are published is decided behind the gate; the catalog of credentials is ``catalog``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from contracts.quarters import Quarter
from reports.disclosure.rules import VALUE_STATUSES
from reports.facts import ReleaseFacts
from reports.measures import measure

QDATA = "report.jsonld"
CONTEXT: Mapping[str, str] = {
    "qdata": "https://credreg.net/qdata/terms/",
    "ceterms": "https://purl.org/ctdl/terms/",
    "schema": "https://schema.org/",
}
TABLES = ("outcomes_consortium", "outcomes_by_program")
"""The tables whose cells become observations: rates and medians, of everybody and of each program."""
_SHARE, _MEDIANS = "share", frozenset({"median_earnings_q2"})
_WITHHELD = 5
_EARNINGS = (
    "Gross wages paid by member firms in the quarter, in dollars of the quarter; fuzzy median, rounded."
)

Node = dict[str, Any]


def outcomes_document(tables: Mapping[str, pd.DataFrame], facts: ReleaseFacts) -> bytes:
    """The document, the same bytes each time. ``tables``: published tables by name."""
    rows = [row for name in TABLES if name in tables for row in _rows(tables[name])]
    graph = [_data_set(facts), *_frames(rows), *_metrics(rows), *_dimensions(rows)]
    graph += [_observation(row, facts) for row in rows]
    document = {"@context": dict(CONTEXT), "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _rows(table: pd.DataFrame) -> list[Node]:
    """Rows of rates and medians; those about groups of people stay in the tables."""
    kept = table[(table["unit"] == _SHARE) | table["metric_id"].isin(_MEDIANS)]
    records = kept[kept["group_dim"].isna()].to_dict("records")
    return [{str(name): None if pd.isna(value) else value for name, value in row.items()} for row in records]


def _data_set(facts: ReleaseFacts) -> Node:
    return {
        "@id": "#data-set",
        "@type": "qdata:DataSetProfile",
        "ceterms:name": {"en-US": f"{facts.consortium_name}: outcomes, {facts.period}"},
        "ceterms:description": {"en-US": "Outcomes of training as seen at member firms of the consortium."},
        "schema:identifier": facts.release_id,
        "schema:datePublished": facts.public_on.isoformat(),
        "qdata:dataProvider": {
            "@type": "ceterms:Organization",
            "ceterms:name": {"en-US": facts.consortium_name},
        },
        "qdata:dataSuppressionPolicy": {"en-US": facts.policy.notice},
        "qdata:earningsDefinition": {"en-US": _EARNINGS},
    }


def _frames(rows: list[Node]) -> Iterator[Node]:
    for start, end in sorted({(str(row["cohort_start"]), str(row["cohort_end"])) for row in rows}):
        first, last = Quarter.parse(start), Quarter.parse(end)
        yield {
            "@id": _frame_id(start, end),
            "@type": "qdata:DataSetTimeFrame",
            "ceterms:name": {"en-US": f"Cohorts of {start} to {end}"},
            "qdata:startDate": first.first_day.isoformat(),
            "qdata:endDate": last.last_day.isoformat(),
            "qdata:timeInterval": f"P{3 * (last - first + 1)}M",
        }


def _metrics(rows: list[Node]) -> Iterator[Node]:
    for metric in dict.fromkeys(str(row["metric_id"]) for row in rows):
        yield {
            "@id": f"#metric-{metric}",
            "@type": "qdata:Metric",
            "ceterms:name": {"en-US": measure(metric).title},
            "ceterms:codedNotation": metric,
        }


def _dimensions(rows: list[Node]) -> Iterator[Node]:
    named = {str(row["program_id"]): str(row["label"]) for row in rows if row["program_id"]}
    for program, label in sorted(named.items()):
        yield {
            "@id": f"#program-{program}",
            "@type": "qdata:Dimension",
            "ceterms:name": {"en-US": label},
            "ceterms:codedNotation": program,
        }


def _observation(row: Node, facts: ReleaseFacts) -> Node:
    program, metric = row["program_id"], str(row["metric_id"])
    points = [_frame_id(str(row["cohort_start"]), str(row["cohort_end"]))]
    points += [f"#program-{program}"] if program else []
    node: Node = {
        "@id": f"#observation-{metric}" + (f"-{program}" if program else ""),
        "@type": "qdata:Observation",
        "qdata:isObservationOf": {"@id": f"#metric-{metric}"},
        "qdata:atPoint": [{"@id": point} for point in points],
        "schema:isPartOf": {"@id": "#data-set"},
    }
    return node | dict(_said(row))


def _said(row: Node) -> Iterator[tuple[str, Any]]:
    """What the cell says: its value and how many people are behind it, or that there is none."""
    if row["value_status"] not in VALUE_STATUSES or row["value"] is None:
        is_withheld = row["value_status"] == _WITHHELD
        yield "qdata:dataWithholdingType", {"en-US": "Withheld" if is_withheld else "Not available"}
        return
    value = Decimal(str(row["value"]))
    if row["unit"] == _SHARE:
        yield "qdata:percentage", _number(100 * value)
    else:
        yield "qdata:median", _number(value)
    if row["denominator_rounded_count"] is not None:
        yield "qdata:sizeOfData", int(row["denominator_rounded_count"])


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _frame_id(start: str, end: str) -> str:
    return f"#cohorts-{start}-{end}"
