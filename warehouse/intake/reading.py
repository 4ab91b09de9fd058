"""A batch of submissions of one contract, read: opened, preflight, strict parse, and the table ``raw``.

``raw`` has one row per record that has the header's number of fields: submission_id, record, box_firm_id,
box_period and every contract column as text. ``batch`` has one row per submission that was not refused.
Judging rows belongs to ``judging.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

import duckdb

from warehouse.boxes.names import Meaning, meaning_of
from warehouse.formats import FileKind
from warehouse.home import Home
from warehouse.intake.findings import FileFinding
from warehouse.intake.formats.extraction import Rows, known_columns
from warehouse.intake.formats.readers import Readers
from warehouse.intake.formats.unsealing import Opener, SealedShutError
from warehouse.intake.majors import Major, Versions, token
from warehouse.intake.parse import Blob, Parsed, create_parsed_table, parse_blobs
from warehouse.intake.preflight import Claims, inspect
from warehouse.intake.raw import Batched, create_raw
from warehouse.intake.records import Offsets, RecordCounter, RecordIndex
from warehouse.lake import Submission
from warehouse.vault import Vault, plain_folder, write_plain

Look = TypeVar("Look")
Majors = Sequence[Major | None]


@dataclass(frozen=True)
class Reading:
    """One submission as it was read; refused as a whole when it has findings.

    ``index`` is there for text; for workbooks and Parquet ``rows``, and ``places``: where each record stands.
    ``major`` is the older version of the contract that it was read as, None for today's.
    """

    submission: Submission
    findings: tuple[FileFinding, ...]
    header: tuple[str, ...] = ()
    index: RecordIndex | None = None
    ragged: tuple[int, ...] = ()
    rows: Rows | None = None
    places: Offsets | None = None
    major: Major | None = None

    @property
    def rows_in(self) -> int:
        """Records by the independent count; 0 when the file is refused, for nothing of it is loaded."""
        if self.findings:
            return 0
        return self.rows.said.rows if self.rows else self.index.data_records if self.index else 0

    @property
    def lines(self) -> Offsets | None:
        """By record (0 is the header): the line, sheet row or row it starts on."""
        return self.places if self.index is None else self.index.lines

    @property
    def token(self) -> str:
        """What its rows are joined by."""
        return token(self.submission.sha256, self.major)

    @property
    def meaning(self) -> Meaning:
        """What the file's name says it is: text or a workbook, sealed or not."""
        one = self.submission
        return meaning_of(one.file_name) or Meaning(one.contract, one.period)


@dataclass(frozen=True)
class _Desk:
    """Where landed files are opened: the size cap, the vault, who opens what is sealed, and what is no text.

    Plain copies lie in ``folder``.
    """

    max_bytes: int
    vault: Vault
    opener: Opener
    folder: Path
    readers: Readers

    def claims(self, submission: Submission) -> Claims:
        """What must hold beside the bytes."""
        return Claims(self.max_bytes, submission.nil_return, submission.row_count)


def read_batch(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    versions: Versions,
    submissions: Sequence[Submission],
    counter: RecordCounter,
) -> list[Reading]:
    """Read submissions of one contract into the tables ``batch`` and ``raw``, in the order given."""
    columns = versions.contract.column_names()
    with plain_folder(home) as folder, Readers() as readers:
        most = home.config.intake.max_file_mb * 1_000_000
        desk = _Desk(most, Vault(home), Opener(home), folder, readers)
        readings = [_preflight(desk, versions, submission, counter) for submission in submissions]
        majors = {one.major.number: one.major for one in readings if one.major}
        for major in (None, *majors.values()):
            readings = _loaded(con, desk, readings, major, columns)
    for major in majors.values():
        unlifted = versions.lift(con, major, "parsed")
        readings = [_with_lift(one, major, unlifted) for one in readings]
    batch = [_batched(place, one) for place, one in enumerate(readings) if not one.findings]
    create_raw(con, batch, columns)
    return readings


def _loaded(
    con: duckdb.DuckDBPyConnection,
    desk: _Desk,
    readings: Sequence[Reading],
    major: Major | None,
    columns: Sequence[str],
) -> list[Reading]:
    """Load the files of one major into its own table: ``parsed`` for today's."""
    table, names = ("parsed", columns) if major is None else (major.table, major.rules.columns)
    create_parsed_table(con, table, names)
    mine = [one for one in readings if one.major == major and one.rows_in]
    blobs = {one.submission.sha256: _blob(desk, one) for one in mine}
    outcomes = parse_blobs(con, table, [b for b in blobs.values() if b is not None], names)
    extracted = _inserted(con, table, mine, names)
    loaded = {one.submission.submission_id: _with_outcome(one, outcomes, extracted) for one in mine}
    return [loaded.get(one.submission.submission_id, one) for one in readings]


def _with_lift(one: Reading, major: Major, unlifted: Mapping[str, FileFinding]) -> Reading:
    finding = unlifted.get(one.submission.sha256) if one.major == major else None
    return replace(one, findings=(finding,)) if finding and not one.findings else one


def ragged_rows(home: Home, readings: Sequence[Reading]) -> list[dict[str, object]]:
    """submission_id, record and raw_text of the records set aside, their text as it was sent."""
    vault, opener = Vault(home), Opener(home)
    return [
        {"submission_id": one.submission.submission_id, "record": record, "raw_text": text}
        for one in readings
        if one.ragged
        for record, text in _ragged_of(vault, opener, one)
    ]


def _ragged_of(vault: Vault, opener: Opener, reading: Reading) -> Iterator[tuple[int, str]]:
    if reading.rows is not None:
        yield from ((one.record, one.text) for one in reading.rows.said.ragged)
    elif reading.index is not None:
        data, index = _plain(vault, opener, reading), reading.index
        for record in reading.ragged:
            yield record, data[index.starts[record] : index.ends[record]].decode("utf-8")


def _plain(vault: Vault, opener: Opener, reading: Reading) -> bytes:
    """The file as it was before it was sealed, if it was; SealedShutError when it cannot be opened."""
    one = reading.submission
    data = vault.read(one.firm_id, one.period, one.sha256)
    return opener.open(data) if reading.meaning.is_sealed else data


def _preflight(desk: _Desk, versions: Versions, submission: Submission, counter: RecordCounter) -> Reading:
    """Look a file over; one whose records may be read lies in the folder for plain copies afterwards."""
    unread = Reading(submission, ())
    majors = versions.candidates(submission)
    if not majors:
        return replace(unread, findings=(versions.refusal(submission),))
    try:
        data = _plain(desk.vault, desk.opener, unread)
    except SealedShutError as shut:
        return replace(unread, findings=(shut.finding,))
    if unread.meaning.kind is not FileKind.CSV:
        return _extract(desk, versions, majors, unread, data)
    looks = (
        (inspect(data, versions.rules_of(major), desk.claims(submission), counter), major) for major in majors
    )
    look, major = _first_sound(looks, lambda look: look.findings)
    reading = replace(unread, findings=look.findings, header=look.header, index=look.index, major=major)
    if reading.rows_in:
        write_plain(desk.folder, submission.sha256, data)
    return reading


def _extract(desk: _Desk, versions: Versions, majors: Majors, unread: Reading, data: bytes) -> Reading:
    """Have a workbook or a Parquet file read by a process of its own."""
    sha256, claims = unread.submission.sha256, desk.claims(unread.submission)
    path, target = write_plain(desk.folder, sha256, data), desk.folder / f"{sha256}.rows"
    said = desk.readers.read(unread.meaning.kind, path, target, known_columns())
    rows = Rows(said, target)
    faults = ((rows.faults(versions.rules_of(major), claims), major) for major in majors)
    findings, major = _first_sound(faults, lambda found: found)
    return replace(unread, findings=tuple(findings), header=said.header, rows=rows, major=major)


def _first_sound(
    looks: Iterable[tuple[Look, Major | None]], findings: Callable[[Look], Sequence[FileFinding]]
) -> tuple[Look, Major | None]:
    """The first look that finds nothing, else the very first: what is wrong is said of today's version."""
    waiting = iter(looks)
    first = next(waiting)
    sound = (look for look in chain((first,), waiting) if not findings(look[0]))
    return next(sound, first)


def _inserted(
    con: duckdb.DuckDBPyConnection, table: str, readings: Sequence[Reading], columns: Sequence[str]
) -> dict[str, Reading]:
    """Put extracted rows into a table, the same bytes once; a cell may yet refuse its file."""
    done: dict[str, Reading] = {}
    for one in readings:
        sha256 = one.submission.sha256
        if one.rows is not None and sha256 not in done:
            findings, places = one.rows.insert(con, table, sha256, columns)
            ragged = tuple(row.record for row in one.rows.said.ragged)
            done[sha256] = replace(one, findings=findings, places=places, ragged=ragged)
    return done


def _blob(desk: _Desk, reading: Reading) -> Blob | None:
    if reading.index is None:
        return None
    sha256 = reading.submission.sha256
    return Blob(sha256, desk.folder / sha256, reading.header, reading.index)


def _with_outcome(
    reading: Reading, outcomes: Mapping[str, Parsed], extracted: Mapping[str, Reading]
) -> Reading:
    if reading.rows is not None:
        return replace(extracted[reading.submission.sha256], submission=reading.submission)
    outcome = outcomes[reading.submission.sha256]
    findings = (outcome.finding,) if outcome.finding else ()
    return replace(reading, findings=findings, ragged=outcome.ragged)


def _batched(position: int, reading: Reading) -> Batched:
    one = reading.submission
    return Batched(position, one.submission_id, reading.token, one.firm_id, one.period, one.tx_from)
