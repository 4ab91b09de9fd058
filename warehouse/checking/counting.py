"""Violations counted by code and column, with the first places of each.

Finding them belongs to ``warehouse.intake.judging``, wording the counts to the command line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from contracts.codes import guidance
from contracts.model import Contract
from warehouse.checking.report import VIOLATION_COLUMNS, CodeSummary, Example
from warehouse.checking.source import Places
from warehouse.intake.findings import RAGGED_HINT, RAGGED_MESSAGE

EXAMPLES = 5


def keep_violations(violations: pa.Table, places: Places, *, without: Collection[str]) -> pa.Table:
    """The columns a report has, each with the place its record starts on, less some codes."""
    lines = pa.array(places[violations["record"].to_numpy()], pa.int64())
    placed = violations.set_column(violations.column_names.index("line"), "line", lines)
    told = pc.invert(pc.is_in(placed["code"], value_set=pa.array(sorted(without), pa.string())))
    return placed.filter(told).select(VIOLATION_COLUMNS)


def rows_with(violations: pa.Table, severity: str) -> int:
    """How many records have a violation of this severity."""
    chosen = violations.filter(pc.equal(violations["severity"], severity))
    return int(pc.count_distinct(chosen["record"]).as_py())


def count_codes(of: type[Contract], violations: pa.Table) -> tuple[CodeSummary, ...]:
    """One summary per code, column and severity: errors first, then by code and column."""
    keys = [violations[name].to_pylist() for name in ("severity", "code", "column")]
    counts: Counter[tuple[str, str, str | None]] = Counter()
    first: dict[tuple[str, str, str | None], list[Example]] = {}
    places = zip(*(violations[name].to_pylist() for name in ("record", "line", "masked_value")), strict=True)
    for key, place in zip(zip(*keys, strict=True), places, strict=True):
        counts[key] += 1
        if counts[key] <= EXAMPLES:
            first.setdefault(key, []).append(Example(*place))
    ordered = sorted(counts, key=lambda key: (key[0], key[1], key[2] or ""))
    return tuple(_summary(of, key, counts[key], tuple(first[key])) for key in ordered)


def _summary(
    of: type[Contract], key: tuple[str, str, str | None], rows: int, examples: tuple[Example, ...]
) -> CodeSummary:
    severity, code, column = key
    message, hint = said_about(of, code, column)
    return CodeSummary(code, column, severity, rows, message, hint, examples)


def said_about(of: type[Contract], code: str, column: str | None) -> tuple[str, str]:
    """Message and hint. A finding without a column is about the record as a whole."""
    if column is None:
        return RAGGED_MESSAGE, RAGGED_HINT
    said = guidance(of, code, column)
    return said.message, said.hint
