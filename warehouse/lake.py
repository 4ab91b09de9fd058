"""The lake: where accepted, quarantined and violating rows lie, and which submissions are in force.

    lake/<zone>/<contract>/firm=<firm>/period=<period>/<submission_id>.parquet
    lake/<zone>/<contract>/_schema.parquet      empty and typed, so that a glob never fails

Zones: ``accepted`` (typed rows), ``quarantine`` (text as sent), ``violations``. What is accepted is decided
in ``intake``; which row of a key is the newest across periods, in the dbt project.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from contracts import CONTRACTS, contract
from contracts.model import Cadence
from warehouse.duck import connect, identifier
from warehouse.home import Home
from warehouse.ledger import RECEIVED, VALIDATED, Entry, Ledger

ACCEPTED, PARTIAL, REJECTED = "ACCEPTED", "PARTIAL", "REJECTED"

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
_IN_FORCE = pa.schema(
    [
        ("submission_id", pa.string()),
        ("contract", pa.string()),
        ("firm_id", pa.string()),
        ("period", pa.string()),
    ]
    + [("status", pa.string())]
    + [(name, pa.int64()) for name in ("rows_in", "accepted", "quarantined", "tx_from")]
)
_GLOB_MARK = re.compile(r"([\[*?])")


@dataclass(frozen=True)
class Submission:
    """What the ledger says was received: one file of one contract, box and period."""

    submission_id: str
    contract: str
    firm_id: str
    period: str
    file_name: str
    sha256: str
    size: int
    supersedes: str | None
    held: bool
    tx_from: int
    nil_return: bool = False
    row_count: int | None = None
    as_of: str = ""

    @classmethod
    def of(cls, entry: Entry) -> Submission:
        """Read a RECEIVED entry."""
        body: Mapping[str, Any] = entry.body
        names = (
            "submission_id",
            "contract",
            "firm_id",
            "period",
            "file_name",
            "sha256",
            "supersedes",
            "held",
        )
        claims = body["manifest"] or {"nil_return": False, "row_count": None, "as_of": None}
        return cls(
            **{name: body[name] for name in names},
            size=body["bytes"],
            tx_from=entry.seq,
            nil_return=claims["nil_return"],
            row_count=claims["row_count"],
            as_of=claims["as_of"] or "",
        )

    @property
    def turn(self) -> tuple[int, str, str, str, int]:
        """Where it stands in line: contracts as they depend on each other, then period, firm, name."""
        return (list(CONTRACTS).index(self.contract), self.period, self.firm_id, self.file_name, self.tx_from)


@dataclass(frozen=True)
class InForce:
    """A submission whose rows count at some ledger head, with its counts of records."""

    submission_id: str
    contract: str
    firm_id: str
    period: str
    status: str
    rows_in: int
    accepted: int
    quarantined: int
    tx_from: int


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
    return {column.name: column.field.column_type for column in contract(name).columns()}


def zone_path(home: Home, zone: str, of: Submission | InForce) -> Path:
    """Where a submission's rows of a zone lie; the file is missing when there are none."""
    return (
        home.lake
        / zone
        / of.contract
        / f"firm={of.firm_id}"
        / f"period={of.period}"
        / f"{of.submission_id}.parquet"
    )


def accepted_path(home: Home, of: Submission | InForce) -> Path:
    """Where a submission's accepted rows lie; the file is missing when there are none."""
    return zone_path(home, "accepted", of)


def schema_path(home: Home, zone: str, name: str) -> Path:
    """The empty, typed file of a contract's zone."""
    return home.lake / zone / name / "_schema.parquet"


def ensure_schemas(home: Home) -> None:
    """Write the empty, typed file of every contract and zone."""
    with connect() as con:
        for zone, columns in ZONES.items():
            for name in CONTRACTS:
                write_rows(schema_path(home, zone, name), arrow_schema(con, columns(name)).empty_table())


def arrow_schema(con: duckdb.DuckDBPyConnection, columns: Columns) -> pa.Schema:
    """The Arrow schema of columns given by DuckDB types."""
    nothing = ", ".join(f"CAST(NULL AS {kind}) AS {identifier(name)}" for name, kind in columns.items())
    return con.execute(f"SELECT {nothing} LIMIT 0").to_arrow_table().schema


def write_rows(path: Path, rows: pa.Table) -> str:
    """Write one Parquet file beside, then rename it; returns its sha256. Same rows, same bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd", row_group_size=1 << 20)
    content = sink.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_bytes(content)
    beside.replace(path)
    return hashlib.sha256(content).hexdigest()


def flush(paths: Iterable[Path]) -> None:
    """Force files and their folders to disk: cheap for many at once, dear for each as it is written."""
    written = list(paths)
    for path in (*written, *dict.fromkeys(path.parent for path in written)):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def duck_path(path: Path) -> str:
    """A path that DuckDB takes as this one file: even a bound parameter is a glob to it."""
    return _GLOB_MARK.sub(r"[\1]", str(path))


def received(entries: Iterable[Entry]) -> list[Submission]:
    """The submissions among these entries, held ones too, in the order of the ledger."""
    return [Submission.of(entry) for entry in entries if entry.kind == RECEIVED]


def submissions_in_force(entries: Iterable[Entry]) -> list[InForce]:
    """One per box, contract and period: what counts after these RECEIVED and VALIDATED entries.

    A replacement that is not rejected takes the place of what it names. A rejected submission is listed
    (with no accepted rows) only where nothing better was sent. Of a register that states a whole
    (``Cadence.STATE``) only the latest period counts.
    """
    entries = list(entries)
    results = {str(entry.body["submission_id"]): entry.body for entry in entries if entry.kind == VALIDATED}
    judged = [s for s in received(entries) if not s.held and s.submission_id in results]
    usable = {s.submission_id for s in judged if results[s.submission_id]["status"] != REJECTED}
    replaced = {s.supersedes for s in judged if s.submission_id in usable}
    rivals = [s for s in judged if s.submission_id not in replaced]
    winners = _winners(sorted(rivals, key=lambda s: (s.submission_id in usable, s.period, s.as_of, s.sha256)))
    return [_in_force(s, results[s.submission_id]) for s in sorted(winners, key=lambda s: s.turn)]


def _winners(rising: Sequence[Submission]) -> list[Submission]:
    """The last of each slot."""
    return list({_slot(s): s for s in rising}.values())


def _slot(of: Submission) -> tuple[str, ...]:
    if contract(of.contract).meta.cadence is Cadence.STATE:
        return (of.contract, of.firm_id)
    return (of.contract, of.firm_id, of.period)


def _in_force(of: Submission, result: Mapping[str, Any]) -> InForce:
    counts = {name: result[name] for name in ("status", "rows_in", "accepted", "quarantined")}
    return InForce(of.submission_id, of.contract, of.firm_id, of.period, tx_from=of.tx_from, **counts)


def write_in_force(home: Home, ledger: Ledger, path: Path, at_head: int | None = None) -> int:
    """Write ``in_force.parquet`` as of a ledger head (default: the newest); returns the number of rows."""
    del home
    submissions = submissions_in_force(ledger.entries(RECEIVED, VALIDATED, up_to=at_head))
    write_rows(path, pa.Table.from_pylist([asdict(one) for one in submissions], schema=_IN_FORCE))
    return len(submissions)


def load_accepted(
    con: duckdb.DuckDBPyConnection, home: Home, name: str, submissions: Iterable[InForce], table: str
) -> None:
    """Make a temporary table of a contract's accepted rows of these submissions."""
    paths = [schema_path(home, "accepted", name)] + [
        accepted_path(home, s) for s in submissions if s.accepted
    ]
    source = "read_parquet(?, hive_partitioning = false, union_by_name = true)"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {identifier(table)} AS FROM {source}",
        [[duck_path(path) for path in paths]],
    )
