"""The ledger: an append-only, hash-chained, signed list of what the house did, and the outbox beside it.

The entries' kinds and the fields of their bodies:

    RECEIVED   submission_id firm_id contract period file_name sha256 bytes submission_type supersedes held
               manifest (null, or sha256 submission_id contract_version row_count nil_return as_of reason)
               proof (why it counts as whole: MANIFEST HASH RENAME OBJECT, or provisionally QUIET)
    CONFIRMED  submission_id firm_id contract period file_name sha256 (a manifest after its provisional file)
    STATED     submission_id firm_id contract period file_name sha256 submission_type supersedes answers
               manifest (a manifest that came alone: a withdrawal, or what a held submission is)
    REFUSED    firm_id file_name sha256 code contract period
    WAITING    firm_id file_name code contract period (something in a box that has not been taken for a day)
    VALIDATED  submission_id contract_version status rows_in accepted quarantined violations accepted_sha256
    STAGED     period version manifest_sha256 built_by (a release that waits for approval)
    APPROVED   period version manifest_sha256 approver signature (of the approver's own key)
    SENT_BACK  period version by reason (a staged release that was taken away)
    HELD_BACK  period version why codes (a check that kept a release from being published)
    PUBLISHED  period version manifest_sha256 built_at_head (a correction: of reason by on)
    ERASED     firm_id period reason submissions data_key
    ALERTED    owner kind subject address (of a missed day, or an alert: its owner was told)
    NOTIFIED   firm_id period kind receipts address (the name of one, never the address itself)
    DELIVERED  firm_id release files (private pages of a firm: names and hashes)

Who decides what to record belongs to landing, intake, releases and delivering. No body ever holds a
person-level value.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from contracts.errors import LedgerError
from warehouse.chain import GENESIS, Body, Entry, Head, canonical, entry_hash, fault_of, sign
from warehouse.config import ConsortiumConfig
from warehouse.issuing import Issuer
from warehouse.keys import read_private_key, read_public_key
from warehouse.ledger_store import connect_store
from warehouse.turns import Turn, require_turn, take_turn

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = [
    "ALERTED",
    "APPROVED",
    "CONFIRMED",
    "DELIVERED",
    "ERASED",
    "HELD_BACK",
    "NOTIFIED",
    "PUBLISHED",
    "RECEIVED",
    "REFUSED",
    "SENT_BACK",
    "STAGED",
    "STATED",
    "VALIDATED",
    "WAITING",
    "Body",
    "Clock",
    "Entry",
    "Head",
    "Ledger",
    "NewEntry",
    "OutboxFile",
    "OutboxItem",
    "VerifiedLedger",
    "utc_now",
]

CONFIRMED = "CONFIRMED"
RECEIVED = "RECEIVED"
STATED = "STATED"
WAITING = "WAITING"
REFUSED = "REFUSED"
VALIDATED = "VALIDATED"
HELD_BACK = "HELD_BACK"
ALERTED = "ALERTED"
STAGED = "STAGED"
APPROVED = "APPROVED"
SENT_BACK = "SENT_BACK"
PUBLISHED = "PUBLISHED"
NOTIFIED = "NOTIFIED"
ERASED = "ERASED"
DELIVERED = "DELIVERED"

Clock = Callable[[], datetime]

_COLUMNS = "seq, kind, body, prev, hash, recorded_at, signature"


class LedgerPlaces(Protocol):
    """What the ledger needs to know of a home."""

    @property
    def ledger_path(self) -> Path: ...
    @property
    def private_key_path(self) -> Path: ...
    @property
    def public_key_path(self) -> Path: ...
    @property
    def config(self) -> ConsortiumConfig: ...


@dataclass(frozen=True)
class OutboxItem:
    """A file to deliver once its entry is committed.

    ``path`` is relative to the home; ``{seq}`` in it becomes the entry's number. ``render`` makes the
    content from the entry, because a receipt names the entry's number and hash, and lets the issuer sign it.
    """

    path: str
    render: Callable[[Entry, Issuer], bytes]


@dataclass(frozen=True)
class NewEntry:
    """What somebody wants recorded, with the files that go out with it."""

    kind: str
    body: Body
    outbox: Sequence[OutboxItem] = ()


@dataclass(frozen=True)
class OutboxFile:
    """A file as it lies in the outbox: the entry it belongs to, its path below the home, its content."""

    seq: int
    path: str
    content: bytes


@dataclass(frozen=True)
class VerifiedLedger:
    """A chain that holds: how many entries, and its head."""

    entries: int
    head: Head


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


class Ledger:
    """One home's ledger, open; use it as a context manager. One writer at a time, across processes."""

    def __init__(self, places: LedgerPlaces, store: sqlite3.Connection, clock: Clock) -> None:
        self._places = places
        self._store = store
        self._clock = clock
        self._turn: Turn | None = None

    @classmethod
    def open(cls, home: LedgerPlaces, clock: Clock = utc_now) -> Self:
        """Open the ledger of a home; LedgerError when its file is missing or is no ledger."""
        try:
            store = connect_store(home.ledger_path)
            store.execute(f"SELECT {_COLUMNS} FROM entry LIMIT 0")  # noqa: S608 (a constant of this module)
        except sqlite3.Error as error:
            raise _no_ledger(home.ledger_path, error) from error
        return cls(home, store, clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    @contextmanager
    def turn(self, work: str) -> Iterator[Turn]:
        """Take the turn for a kind of work: inside, nothing is recorded once somebody took it after us."""
        self._turn = take_turn(self._store, work)
        try:
            yield self._turn
        finally:
            self._turn = None

    def append(self, kind: str, body: Body, *, outbox: Sequence[OutboxItem] = ()) -> Entry:
        """Record one entry and its outbox in one transaction."""
        return self.append_many([NewEntry(kind, body, outbox)])[0]

    def append_many(self, items: Sequence[NewEntry]) -> list[Entry]:
        """Record entries in this order, with their outbox files, all or none; on disk when this returns.

        LedgerError LED-003 for an entry it does not take, LED-004 when our turn is over.
        """
        if not items:
            return []
        key = read_private_key(self._places.private_key_path)
        self._store.execute("BEGIN IMMEDIATE")
        try:
            if self._turn is not None:
                require_turn(self._store, self._turn)
            entries = self._write(items, key)
            self._store.execute("COMMIT")
        except BaseException as error:
            self._store.execute("ROLLBACK")
            if isinstance(error, sqlite3.IntegrityError):
                raise self._refused(error) from error
            raise
        return entries

    def entries(self, *kinds: str, after: int = 0, up_to: int | None = None) -> Iterator[Entry]:
        """Entries of these kinds (all when none is named) with after < seq <= up_to, in order."""
        last = up_to if up_to is not None else self.head().seq
        marks = ", ".join("?" * len(kinds))
        chosen = f"AND kind IN ({marks})" if kinds else ""
        query = f"SELECT {_COLUMNS} FROM entry WHERE seq > ? AND seq <= ? {chosen} ORDER BY seq"  # noqa: S608
        for row in self._store.execute(query, (after, last, *kinds)):
            yield _entry(row)

    def head(self) -> Head:
        """The number and hash of the newest entry."""
        row = self._store.execute("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
        return Head(*row) if row else Head(0, GENESIS)

    def verify(self, *known: Head) -> VerifiedLedger:
        """Walk the whole chain; LedgerError names the first bad sequence number.

        ``known`` are heads somebody kept (receipts, releases): a chain that ends before one of them, or says
        otherwise at its number, was cut or rewritten.
        """
        key = read_public_key(self._places.public_key_path)
        head, kept = Head(0, GENESIS), _hashes_by_seq(known)
        for entry in self.entries():
            fault = fault_of(entry, head, key)
            if fault:
                raise self._broken(head.seq + 1, fault)
            head = Head(entry.seq, entry.hash)
            if kept.pop(head.seq, {head.hash}) != {head.hash}:
                raise self._broken(head.seq, "an entry that differs from the one a kept head names")
        if kept:
            raise self._broken(head.seq + 1, f"nothing, though a kept head names entry {max(kept)}")
        return VerifiedLedger(head.seq, head)

    def waiting(self) -> Iterator[OutboxFile]:
        """Outbox files not delivered yet, oldest first."""
        query = "SELECT seq, path, content FROM outbox WHERE delivered = 0 ORDER BY seq, path"
        for row in self._store.execute(query).fetchall():
            yield OutboxFile(*row)

    def outbox(self) -> Iterator[OutboxFile]:
        """Every outbox file there ever was, oldest first."""
        for row in self._store.execute("SELECT seq, path, content FROM outbox ORDER BY seq, path"):
            yield OutboxFile(*row)

    def mark_delivered(self, files: Sequence[OutboxFile]) -> None:
        """Note that these files lie where they belong."""
        self._store.execute("BEGIN IMMEDIATE")
        keys = [(file.seq, file.path) for file in files]
        self._store.executemany("UPDATE outbox SET delivered = 1 WHERE seq = ? AND path = ?", keys)
        self._store.execute("COMMIT")

    def _write(self, items: Sequence[NewEntry], key: Ed25519PrivateKey) -> list[Entry]:
        head, issuer = self.head(), Issuer(key, self._places.config)
        recorded_at = self._clock().astimezone(UTC).isoformat(timespec="microseconds")
        entries = []
        for item in items:
            digest = entry_hash(head.seq + 1, item.kind, item.body, head.hash)
            signature = sign(key, digest, recorded_at)
            entry = Entry(head.seq + 1, item.kind, item.body, head.hash, digest, recorded_at, signature)
            self._insert(entry, item.outbox, issuer)
            entries.append(entry)
            head = Head(entry.seq, entry.hash)
        return entries

    def _insert(self, entry: Entry, outbox: Sequence[OutboxItem], issuer: Issuer) -> None:
        body = canonical(entry.body).decode()
        row = (entry.seq, entry.kind, body, entry.prev, entry.hash, entry.recorded_at, entry.signature)
        self._store.execute(f"INSERT INTO entry ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
        files = [
            (entry.seq, item.path.replace("{seq}", str(entry.seq)), item.render(entry, issuer))
            for item in outbox
        ]
        self._store.executemany("INSERT INTO outbox (seq, path, content) VALUES (?, ?, ?)", files)

    def _broken(self, seq: int, found: str) -> LedgerError:
        return LedgerError(
            "LED-002",
            found=found,
            expected="a chain in which every entry follows from the one before",
            where=f"{self._places.ledger_path}, sequence {seq}",
            remedy="Stop publishing, keep this file as evidence, and restore the ledger from a backup.",
        )

    def _refused(self, error: sqlite3.IntegrityError) -> LedgerError:
        return LedgerError(
            "LED-003",
            found=f"an entry the ledger does not take ({error})",
            expected="each submission received once and validated once, and the next number in line",
            where=str(self._places.ledger_path),
            remedy="Run again: what another run recorded meanwhile is read first, nothing is recorded twice.",
        )


def _hashes_by_seq(heads: Iterable[Head]) -> dict[int, set[str]]:
    """What kept heads say of each number; the empty chain's head says nothing."""
    said: dict[int, set[str]] = {}
    for head in heads:
        if head.seq:
            said.setdefault(head.seq, set()).add(head.hash)
    return said


def _entry(row: tuple[int, str, str, str, str, str, str]) -> Entry:
    seq, kind, body, prev, digest, recorded_at, signature = row
    try:
        return Entry(seq, kind, json.loads(body), prev, digest, recorded_at, signature)
    except ValueError:
        # Not JSON any more: an empty body cannot give the entry's hash, so verify() names this entry.
        return Entry(seq, kind, {}, prev, digest, recorded_at, signature)


def _no_ledger(path: Path, error: sqlite3.Error) -> LedgerError:
    return LedgerError(
        "LED-001",
        found=f"a file that cannot be opened as a ledger ({error})",
        expected="the ledger this home was made with",
        where=str(path),
        remedy="Restore it from a backup; a home without its ledger cannot say what it holds.",
    )
