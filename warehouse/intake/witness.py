"""A second witness beside the contract's program: Great Expectations on a batch's rows and its counts.

The suite rendered from the contract runs over rows spread evenly over the batch, and the comparisons with
earlier quarters are judged again. Of the results only the codes of what did not hold leave. What follows from
a disagreement is for whoever reads the receipt or the check; it stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from contracts.model import Contract
from contracts.render import suite
from warehouse.intake.batch_checks import BatchFinding
from warehouse.intake.expectations import great_expectations, new_context, validated, whole_frame

SAMPLE_ROWS = 20_000
"""Of a batch: all of its rows as a frame would take half a gigabyte more (ADR 0029)."""

_PAIRS = (("observed", "low"), ("high", "observed"))


@dataclass(frozen=True)
class Witnessed:
    """How many expectations the suite has, and which did not hold: ``code column``, or ``comparison``."""

    expectations: int
    failed: tuple[str, ...] = ()


Witness = Callable[[duckdb.DuckDBPyConnection, type[Contract], pa.Table, Sequence[BatchFinding]], Witnessed]
"""Told the accepted rows of a batch and what was compared."""


def great_expectations_witness(
    con: duckdb.DuckDBPyConnection,
    of: type[Contract],
    accepted: pa.Table,
    findings: Sequence[BatchFinding],
) -> Witnessed:
    """Run the contract's suite over a sample of a batch's rows, and judge its comparisons again."""
    gx, expectations = great_expectations()
    context = new_context(gx)
    rows = validated(whole_frame(context, "rows", _sample(con, accepted)), gx.ExpectationSuite(**suite(of)))
    failed = sorted(_named(one) for one in rows.results if not one.success)
    if findings:
        pairs = [_pair(expectations, *pair) for pair in _PAIRS]
        counts = validated(
            whole_frame(context, "counts", _frame(findings)), gx.ExpectationSuite("counts", pairs)
        )
        outside = sum(one.result.get("unexpected_count", 0) for one in counts.results)
        failed += ["comparison"] if outside != sum(not one.passed for one in findings) else []
    return Witnessed(len(rows.results), tuple(failed))


def _sample(con: duckdb.DuckDBPyConnection, accepted: pa.Table) -> pd.DataFrame:
    """Rows spread evenly over the batch, typed as the engine types them for pandas."""
    step = max(1, -(-len(accepted) // SAMPLE_ROWS))
    con.register("accepted_rows", accepted.take(pa.array(range(0, len(accepted), step), pa.int64())))
    frame = con.execute("FROM accepted_rows").df()
    con.unregister("accepted_rows")
    return frame


def _named(result: Any) -> str:
    config = result.expectation_config
    return f"{(config.meta or {}).get('code', config.type)} {config.kwargs.get('column', '')}".rstrip()


def _pair(expectations: Any, larger: str, smaller: str) -> Any:
    return expectations.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=larger, column_B=smaller, or_equal=True, ignore_row_if="either_value_is_missing"
    )


def _frame(findings: Iterable[BatchFinding]) -> pd.DataFrame:
    rows = [(one.low, one.observed, one.high) for one in findings]
    return pd.DataFrame(rows, columns=["low", "observed", "high"], dtype=float)
