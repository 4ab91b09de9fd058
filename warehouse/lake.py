"""The lake: where accepted, quarantined and violating rows lie.

    lake/<zone>/<contract>/firm=<firm>/period=<period>/<submission_id>.parquet
    lake/<zone>/<contract>/_schema.parquet      empty and typed, so that a glob never fails

The empty file says whether every file beside it has its columns: such files are opened one after another,
where others have to be opened all at once.

Zones: ``accepted`` (typed rows), ``quarantine`` (text as sent), ``violations``. What is accepted is decided
in ``intake``; which submissions and rows are in force, in ``in_force``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from contracts import CONTRACTS, contract
from contracts.corrections import CORRECTION_COLUMNS
from warehouse.chain import Body, Entry
from warehouse.disk import sync_all
from warehouse.duck import connect, identifier
from warehouse.home import Home

ACCEPTED, PARTIAL, REJECTED = "ACCEPTED", "PARTIAL", "REJECTED"

ALIKE = "every_file_has_these_columns"
"""What an empty file's metadata says where it is so; the dbt project asks for it too."""

Columns = Mapping[str, str]
"""Column name to DuckDB type."""

_SUBMISSION: Columns = {"submission_id": "VARCHAR", "box_firm_id": "VARCHAR", "box_period": "VARCHAR"}
_VIOLATION: Columns = {
    "submission_id": "VARCHAR",
    "firm_id": "VARCHAR",
    "contract": "VARCHAR",
    "period": "VARCHAR",
    "record": "BIGINT",
    "line": "BIGINT",
    "column": "VARCHAR",
    "code": "VARCHAR",
    "severity": "VARCHAR",
    "masked_value": "VARCHAR",
}


@dataclass(frozen=True)
class Submission:
    """What the ledger says was received: one file of one contract, box and period.

    ``contract_version`` is what its manifest says it was written for, ``received_on`` the day it came.
    ``wave`` is 0 but for corrections: those of a later wave are judged when the earlier ones are in force.
    """

    submission_id: str
    contract: str
    firm_id: str
    period: str
    file_name: str
    sha256: str
    size: int
    submission_type: str
    supersedes: str | None
    tx_from: int
    nil_return: bool = False
    row_count: int | None = None
    wave: int = 0
    is_provisional: bool = False
    contract_version: str | None = None
    received_on: date = date.max

    @classmethod
    def of(cls, entry: Entry, said: Body | None = None, wave: int = 0) -> Submission:
        """Read a RECEIVED entry; ``said`` is the statement that answered for it, if it was held."""
        body: Mapping[str, Any] = entry.body
        words: Mapping[str, Any] = entry.body if said is None else said
        names = ("submission_id", "contract", "firm_id", "period", "file_name", "sha256")
        claims = _claims(body, words)
        return cls(
            **{name: body[name] for name in names},
            size=body["bytes"],
            submission_type=words["submission_type"],
            supersedes=words["supersedes"],
            tx_from=entry.seq,
            nil_return=claims.get("nil_return", False),
            row_count=claims.get("row_count"),
            wave=wave,
            is_provisional=body.get("proof") == "QUIET",
            contract_version=claims.get("contract_version"),
            received_on=datetime.fromisoformat(entry.recorded_at).date(),
        )

    @property
    def turn(self) -> tuple[int, int, str, str, str, int]:
        """Where it stands in line: contracts as they depend on each other, wave, period, firm, name."""
        place = list(CONTRACTS).index(self.contract)
        return (place, self.wave, self.period, self.firm_id, self.file_name, self.tx_from)


@dataclass(frozen=True)
class InForce:
    """A submission whose rows count at some ledger head, with its counts of records.

    ``place`` is 0 for the file that states the whole, then 1, 2, … for its corrections as they take effect.
    """

    submission_id: str
    contract: str
    firm_id: str
    period: str
    status: str
    rows_in: int
    accepted: int
    quarantined: int
    tx_from: int
    place: int = 0


def _claims(received: Body, words: Body) -> Mapping[str, Any]:
    """What is said of the file itself: by the manifest that came with it, then by the word on it later."""
    said: dict[str, Any] = {}
    for manifest in (received["manifest"], words["manifest"]):
        for name, value in (manifest if isinstance(manifest, Mapping) else {}).items():
            if value is not None and value is not False:
                said.setdefault(name, value)
    return said


def accepted_columns(name: str) -> Columns:
    """An accepted row: its submission and record, the ledger number it came in with, its columns."""
    return {**_SUBMISSION, "record": "BIGINT", "tx_from": "BIGINT", **_contract_columns(name)}


def quarantine_columns(name: str) -> Columns:
    """A quarantined record: where it stood, its codes, its text if ragged, else each column as sent."""
    texts = dict.fromkeys(_contract_columns(name), "VARCHAR")
    place = {"record": "BIGINT", "line": "BIGINT", "codes": "VARCHAR[]", "raw_text": "VARCHAR"}
    return {**_SUBMISSION, **place, **texts}


def violation_columns(name: str) -> Columns:
    """One violation of one record: row, column and code, and of the value nothing but its kind and length."""
    del name
    return _VIOLATION


ZONES = {"accepted": accepted_columns, "quarantine": quarantine_columns, "violations": violation_columns}


def _contract_columns(name: str) -> Columns:
    """The contract's columns, and the two of a correction, which are blank in any other file."""
    columns = {column.name: column.field.column_type for column in contract(name).columns()}
    return columns | {extra: "VARCHAR" for extra in CORRECTION_COLUMNS if extra not in columns}


def zone_path(home: Home, zone: str, of: Submission | InForce) -> Path:
    """Where a submission's rows of a zone lie; the file is missing when there are none."""
    return zone_file(home, zone, of.contract, of.firm_id, of.period, of.submission_id)


def zone_file(home: Home, zone: str, name: str, firm_id: str, period: str, submission_id: str) -> Path:
    """``zone_path`` for somebody who knows the submission by its names only."""
    return home.lake / zone / name / f"firm={firm_id}" / f"period={period}" / f"{submission_id}.parquet"


def accepted_path(home: Home, of: Submission | InForce) -> Path:
    """Where a submission's accepted rows lie; the file is missing when there are none."""
    return zone_path(home, "accepted", of)


def schema_path(home: Home, zone: str, name: str) -> Path:
    """The empty, typed file of a contract's zone."""
    return home.lake / zone / name / "_schema.parquet"


def ensure_schemas(home: Home) -> None:
    """Write the empty, typed file of every contract and zone that is missing, or of another version.

    Files that lie there already were written before it and may have other columns: then it does not say that
    every file has these.
    """
    for (zone, name), (alike, unlike) in _empty_files().items():
        path = schema_path(home, zone, name)
        if not path.is_file() or path.read_bytes() not in (alike, unlike):
            _put(path, unlike if any(path.parent.glob("firm=*")) else alike)


@cache
def _empty_files() -> Mapping[tuple[str, str], tuple[bytes, bytes]]:
    """By zone and contract the file without rows, where all files are alike and where they need not be."""
    with connect() as con:
        return {
            (zone, name): _empty_pair(arrow_schema(con, columns(name)))
            for zone, columns in ZONES.items()
            for name in CONTRACTS
        }


def _empty_pair(schema: pa.Schema) -> tuple[bytes, bytes]:
    alike, unlike = (_parquet(one.empty_table()) for one in (schema.with_metadata({ALIKE: "yes"}), schema))
    return alike.to_pybytes(), unlike.to_pybytes()


def are_alike(home: Home, zone: str, name: str) -> bool:
    """Whether every file of a contract's zone has the columns of its empty one, which is there."""
    return ALIKE.encode() in (pq.read_schema(schema_path(home, zone, name)).metadata or {})


def with_all_columns(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows under all columns of a schema, in its order: one that they lack is blank.

    ValueError when they have another one besides.
    """
    if unknown := set(rows.column_names) - set(schema.names):
        raise ValueError(f"columns that the lake does not know: {', '.join(sorted(unknown))}")
    columns = [
        rows[one.name].cast(one.type) if one.name in rows.column_names else pa.nulls(len(rows), one.type)
        for one in schema
    ]
    return pa.table(columns, schema=schema.remove_metadata())


def arrow_schema(con: duckdb.DuckDBPyConnection, columns: Columns) -> pa.Schema:
    """The Arrow schema of columns given by DuckDB types."""
    nothing = ", ".join(f"CAST(NULL AS {kind}) AS {identifier(name)}" for name, kind in columns.items())
    return con.execute(f"SELECT {nothing} LIMIT 0").to_arrow_table().schema


def write_rows(path: Path, rows: pa.Table) -> str:
    """Write one Parquet file beside, then rename it; returns its sha256. Same rows, same bytes."""
    content = _parquet(rows)
    _put(path, content)
    return hashlib.sha256(content).hexdigest()


def _parquet(rows: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd", row_group_size=1 << 20)
    return sink.getvalue()


def _put(path: Path, content: bytes | pa.Buffer) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_bytes(content)
    beside.replace(path)


def flush(paths: Iterable[Path]) -> None:
    """Force files and their folders to disk: cheap for many at once, dear for each as it is written."""
    written = list(paths)
    sync_all(written)
    sync_all(dict.fromkeys(path.parent for path in written))
