"""The ledger's SQLite file: its tables, its triggers, and how a connection is opened.

What entries mean and how they are chained belongs in ``ledger`` and ``chain``.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

# The triggers stop accidents and honest mistakes; somebody with the file can drop them. What proves
# that nobody did is the chain, and the heads that receipts and releases carry.
# The guard on INSERT also stops INSERT OR REPLACE, which would delete without firing a trigger.
_SCHEMA = """
CREATE TABLE entry (
    seq         INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL CHECK (json_valid(body)),
    prev        TEXT NOT NULL,
    hash        TEXT NOT NULL UNIQUE,
    recorded_at TEXT NOT NULL,
    signature   TEXT NOT NULL
) STRICT;
CREATE INDEX entry_kind ON entry (kind, seq);
CREATE UNIQUE INDEX entry_submission_once ON entry (kind, json_extract(body, '$.submission_id'))
    WHERE kind IN ('RECEIVED', 'STATED', 'VALIDATED');
CREATE TRIGGER entry_follows BEFORE INSERT ON entry
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: an entry takes the next number'); END;
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no entry is ever changed'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no entry is ever deleted'); END;

CREATE TABLE outbox (
    seq       INTEGER NOT NULL REFERENCES entry (seq),
    path      TEXT NOT NULL,
    content   BLOB NOT NULL,
    delivered INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (seq, path)
) STRICT;
CREATE INDEX outbox_waiting ON outbox (seq) WHERE delivered = 0;
"""


def create_store(path: Path) -> None:
    """Make the ledger's file if there is none; the tables appear in one transaction."""
    store = connect_store(path, create=True)
    try:
        if store.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            store.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
    finally:
        store.close()


def connect_store(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """Open the file: write-ahead log, every commit on disk before it returns, no implicit transactions."""
    mode = "rwc" if create else "rw"
    store = sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=60)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute("PRAGMA foreign_keys = ON")
    return store
