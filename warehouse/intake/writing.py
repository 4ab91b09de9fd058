"""A judged batch, written: per submission its accepted, quarantined and violating rows, and its verdict.

Files come before the ledger's VALIDATED entries and are the same bytes however often they are written, so
a run killed in between is simply run again. Rows that do not add up stop everything here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.home import Home
from warehouse.intake.batch_checks import BatchFinding
from warehouse.intake.judging import Judgement, rows_lost
from warehouse.intake.reading import Reading
from warehouse.intake.witness import Witnessed
from warehouse.lake import (
    ACCEPTED,
    PARTIAL,
    REJECTED,
    ZONES,
    flush,
    schema_path,
    with_all_columns,
    write_rows,
    zone_path,
)


@dataclass(frozen=True)
class Verdict:
    """What became of one submission; ``violations`` has record, line, column, code, severity (no values).

    ``compared``: the file beside its firm's quarter before; ``witnessed``: what the second witness said of
    the batch, if it was asked.
    """

    reading: Reading
    accepted: int
    quarantined: int
    accepted_sha256: str | None
    violations: pa.Table
    compared: tuple[BatchFinding, ...] = ()
    witnessed: Witnessed | None = None

    @property
    def status(self) -> str:
        """ACCEPTED when no row is missing, REJECTED when the file or every row is refused, else PARTIAL."""
        if self.reading.findings or (self.quarantined and not self.accepted):
            return REJECTED
        return PARTIAL if self.quarantined else ACCEPTED

    @property
    def code_counts(self) -> dict[str, int]:
        """How often each code was given, file codes included."""
        codes = [finding.code for finding in self.reading.findings]
        return dict(sorted(Counter(codes + self.violations["code"].to_pylist()).items()))


def write_batch(home: Home, readings: Sequence[Reading], judgement: Judgement) -> list[Verdict]:
    """Write every submission of a batch of one contract; one verdict each, in the order of the readings."""
    accepted = _with_blank_columns(home, readings, judgement.accepted)
    tables = [t.combine_chunks() for t in (accepted, judgement.quarantine, judgement.violations)]
    bounds = [np.searchsorted(t["position"].to_numpy(), np.arange(len(readings) + 1)) for t in tables]
    verdicts = []
    for place, reading in enumerate(readings):
        parts = [
            t.slice(b[place], b[place + 1] - b[place]).drop_columns(["position"])
            for t, b in zip(tables, bounds, strict=True)
        ]
        verdicts.append(_write_one(home, reading, *parts))
    flush(path for reading in readings for path in _files(home, reading))
    return verdicts


def _with_blank_columns(home: Home, readings: Sequence[Reading], accepted: pa.Table) -> pa.Table:
    """The rows with every column of the lake: those of a correction are blank in any other file."""
    if not readings:
        return accepted
    schema = pq.read_schema(schema_path(home, "accepted", readings[0].submission.contract))
    return with_all_columns(accepted, schema.insert(0, accepted.schema.field("position")))


def _files(home: Home, reading: Reading) -> list[Path]:
    paths = (zone_path(home, zone, reading.submission) for zone in ZONES)
    return [path for path in paths if path.exists()]


def _write_one(
    home: Home, reading: Reading, accepted: pa.Table, quarantine: pa.Table, violations: pa.Table
) -> Verdict:
    _require_sum(reading, len(accepted), len(quarantine))
    quarantine, violations = _with_lines(quarantine, reading), _with_lines(violations, reading)
    _write_zone(home, "quarantine", reading, quarantine)
    _write_zone(home, "violations", reading, violations)
    digest = _write_zone(home, "accepted", reading, accepted)
    return Verdict(reading, len(accepted), len(quarantine), digest, violations)


def _write_zone(home: Home, zone: str, reading: Reading, rows: pa.Table) -> str | None:
    """The file's sha256; no rows, no file."""
    return write_rows(zone_path(home, zone, reading.submission), rows) if len(rows) else None


def _with_lines(rows: pa.Table, reading: Reading) -> pa.Table:
    """Fill ``line``: where each record starts in the file."""
    if reading.lines is None or not len(rows):
        return rows
    lines = reading.lines[rows["record"].to_numpy()]
    return rows.set_column(rows.column_names.index("line"), "line", pa.array(lines, pa.int64()))


def _require_sum(reading: Reading, accepted: int, quarantined: int) -> None:
    if accepted + quarantined == reading.rows_in:
        return
    found = f"{accepted} accepted and {quarantined} quarantined rows"
    raise rows_lost(found, reading.rows_in, f"submission {reading.submission.submission_id}")
