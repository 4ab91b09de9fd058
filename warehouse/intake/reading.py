"""A batch of submissions of one contract, read: preflight, strict parse, and the table ``raw`` they end in.

``raw`` has one row per record that has the header's number of fields: submission_id, record, box_firm_id,
box_period and every contract column as text. ``batch`` has one row per submission that was not refused.
Judging rows belongs to ``judging.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.duck import identifier
from warehouse.home import Home
from warehouse.intake.findings import FileFinding
from warehouse.intake.header import HeaderRules
from warehouse.intake.parse import Blob, Parsed, create_parsed_table, parse_blobs
from warehouse.intake.preflight import Claims, inspect
from warehouse.intake.records import RecordCounter, RecordIndex
from warehouse.lake import Submission
from warehouse.vault import Vault, plain_folder, write_plain

_BATCH = pa.schema(
    [
        ("position", pa.int64()),
        ("submission_id", pa.string()),
        ("sha256", pa.string()),
        ("box_firm_id", pa.string()),
        ("box_period", pa.string()),
        ("tx_from", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Reading:
    """One submission as it was read; refused as a whole when it has findings."""

    submission: Submission
    findings: tuple[FileFinding, ...]
    header: tuple[str, ...] = ()
    index: RecordIndex | None = None
    ragged: tuple[int, ...] = ()

    @property
    def rows_in(self) -> int:
        """Records by the independent count; 0 when the file is refused, for nothing of it is loaded."""
        return 0 if self.findings or self.index is None else self.index.data_records


@dataclass(frozen=True)
class _Desk:
    """Where landed files are opened: the size cap, the vault, and the folder for plain copies."""

    max_bytes: int
    vault: Vault
    folder: Path


def read_batch(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    rules: HeaderRules,
    submissions: Sequence[Submission],
    counter: RecordCounter,
) -> list[Reading]:
    """Read submissions of one contract into the tables ``batch`` and ``raw``, in the order given."""
    create_parsed_table(con, "parsed", rules.columns)
    with plain_folder(home) as folder:
        desk = _Desk(home.config.intake.max_file_mb * 1_000_000, Vault(home), folder)
        readings = [_preflight(desk, rules, submission, counter) for submission in submissions]
        blobs = {one.submission.sha256: _blob(desk, one) for one in readings if one.rows_in}
        outcomes = parse_blobs(con, "parsed", [b for b in blobs.values() if b is not None], rules.columns)
    readings = [_with_outcome(one, outcomes) for one in readings]
    create_raw(con, readings, rules.columns)
    return readings


def ragged_rows(home: Home, readings: Sequence[Reading]) -> list[dict[str, object]]:
    """submission_id, record and raw_text of the records set aside, their text as it was sent."""
    vault = Vault(home)
    return [row for one in readings if one.ragged for row in _ragged_of(vault, one)]


def _ragged_of(vault: Vault, reading: Reading) -> Iterator[dict[str, object]]:
    index, submission = reading.index, reading.submission
    if index is None:
        return
    data = vault.read(submission.firm_id, submission.period, submission.sha256)
    for record in reading.ragged:
        text = data[index.starts[record] : index.ends[record]].decode("utf-8")
        yield {"submission_id": submission.submission_id, "record": record, "raw_text": text}


def _preflight(desk: _Desk, rules: HeaderRules, submission: Submission, counter: RecordCounter) -> Reading:
    """Look a file over; one whose records may be read lies in the folder for plain copies afterwards."""
    claims = Claims(desk.max_bytes, submission.nil_return, submission.row_count)
    data = desk.vault.read(submission.firm_id, submission.period, submission.sha256)
    look = inspect(data, rules, claims, counter)
    reading = Reading(submission, look.findings, look.header, look.index)
    if reading.rows_in:
        write_plain(desk.folder, submission.sha256, data)
    return reading


def _blob(desk: _Desk, reading: Reading) -> Blob | None:
    if reading.index is None:
        return None
    sha256 = reading.submission.sha256
    return Blob(sha256, desk.folder / sha256, reading.header, reading.index)


def _with_outcome(reading: Reading, outcomes: Mapping[str, Parsed]) -> Reading:
    if not reading.rows_in:
        return reading
    outcome = outcomes[reading.submission.sha256]
    findings = (outcome.finding,) if outcome.finding else ()
    return replace(reading, findings=findings, ragged=outcome.ragged)


def create_raw(con: duckdb.DuckDBPyConnection, readings: Sequence[Reading], columns: Sequence[str]) -> None:
    """Make ``batch`` and ``raw`` of the table ``parsed``, which is used up."""
    rows = [_batch_row(position, one.submission) for position, one in enumerate(readings) if not one.findings]
    con.register("batch_rows", pa.Table.from_pylist(rows, schema=_BATCH))
    con.execute("CREATE OR REPLACE TEMP TABLE batch AS FROM batch_rows")
    con.unregister("batch_rows")
    texts = ", ".join(identifier(column) for column in columns)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE raw AS SELECT submission_id, record, box_firm_id, box_period, {texts} "  # noqa: S608
        "FROM parsed JOIN batch USING (sha256)"
    )
    con.execute("DROP TABLE parsed")


def _batch_row(position: int, submission: Submission) -> dict[str, object]:
    return {
        "position": position,
        "submission_id": submission.submission_id,
        "sha256": submission.sha256,
        "box_firm_id": submission.firm_id,
        "box_period": submission.period,
        "tx_from": submission.tx_from,
    }
