"""A report as JSON: a fixed set of keys, places and codes, no values. The same report gives the same text.

The words on a terminal belong to the command line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from pydantic import JsonValue

from warehouse.checking.report import Assumed, CheckReport
from warehouse.formats import PLACE_WORDS

CHECK_FORMAT = "guildhall-check-v1"
_CHUNK_ROWS = 10_000


def render_json(report: CheckReport) -> Iterator[str]:
    """The report as JSON in pieces to be written one after the other; violations last, one per line.

    In pieces because a file of millions of rows can have as many violations, and none is left out.
    """
    head = json.dumps(report_facts(report), indent=1, ensure_ascii=False)
    yield head.removesuffix("\n}") + ',\n "violations": ['
    separator = "\n  "
    for chunk in report.violations.to_batches(max_chunksize=_CHUNK_ROWS):
        for violation in chunk.to_pylist():
            yield separator + json.dumps(violation, ensure_ascii=False)
            separator = ",\n  "
    yield "\n ]\n}\n"


def report_facts(report: CheckReport) -> dict[str, JsonValue]:
    """Everything of a report but its list of violations, as plain JSON values."""
    return {
        "format": CHECK_FORMAT,
        "file_name": report.file_name,
        "kind": report.kind.value,
        "place": PLACE_WORDS[report.kind],
        "verdict": report.verdict.value,
        "exit_status": report.exit_status,
        "contract": report.contract,
        "contract_version": report.contract_version,
        "chosen": _assumed(report.chosen),
        "period": _assumed(report.period),
        "firm": _assumed(report.firm),
        "rows_in": report.rows_in,
        "rows_failing": report.rows_failing,
        "rows_warned": report.rows_warned,
        "file_findings": [asdict(finding) for finding in report.findings],
        "notes": [asdict(note) for note in report.notes],
        "codes": [asdict(code) for code in report.codes],
        "not_checked": [asdict(one) for one in report.not_checked],
    }


def _assumed(one: Assumed | None) -> JsonValue:
    """The assumption; its value only where that is no cell of the file."""
    if one is None:
        return None
    return {"value": one.value if one.shown else None, "because": one.because, "surely": one.surely}
