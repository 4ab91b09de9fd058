"""The alarm: pydantic reads the quarantined rows again, and must find in every cell what the program found.

The two judges share no code beyond the contract's own words. That they differ is a defect of the house, not
of the file, so the batch stops. The message names columns, codes and counts, never a row's content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set

import pyarrow as pa

from contracts.errors import IntakeError
from contracts.judge import CellFinding, TextRow, disagreements, judge_rows
from contracts.model import Contract

_CHUNK_ROWS = 10_000


def require_agreement(
    of: type[Contract], quarantine: pa.Table, violations: pa.Table, lists: Mapping[str, Set[str]]
) -> None:
    """Judge every quarantined row that is not ragged once more; IntakeError INT-010 when the judges differ.

    ``lists``: the values of each code set and register by the name of its context table.
    """
    judged = judge_rows(of, _text_rows(quarantine), lists)
    only_program, only_pydantic = disagreements(_findings(violations), judged)
    if only_program or only_pydantic:
        raise _disagreement(of, only_program, only_pydantic)


def _text_rows(quarantine: pa.Table) -> Iterator[TextRow]:
    for chunk in quarantine.to_batches(max_chunksize=_CHUNK_ROWS):
        yield from (row for row in chunk.to_pylist() if row["raw_text"] is None)


def _findings(violations: pa.Table) -> Iterator[CellFinding]:
    columns = (violations[name].to_pylist() for name in CellFinding._fields)
    return (CellFinding(*finding) for finding in zip(*columns, strict=True))


def _disagreement(
    of: type[Contract], only_program: Iterable[CellFinding], only_pydantic: Iterable[CellFinding]
) -> IntakeError:
    return IntakeError(
        "INT-010",
        found=f"by the program alone: {_counted(only_program)}; by pydantic alone: {_counted(only_pydantic)}",
        expected="the same findings from both judges",
        where=f"a batch of {of.meta.name} files",
        remedy="Nothing of this batch is recorded. Report it: a rule of this contract is wrong in one judge.",
    )


def _counted(findings: Iterable[CellFinding]) -> str:
    """``3 × CEL-140 in gross_wages_usd``, for every column and code."""
    counts = Counter((finding.code, finding.column) for finding in findings)
    return ", ".join(f"{n} × {code} in {column}" for (code, column), n in sorted(counts.items())) or "none"
