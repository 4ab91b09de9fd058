"""Whose turn it is: one worker at a time for each kind of work, and a number that ends a late one's turn.

Two guards. A lock lets a second worker wait, and the system lifts it when its holder dies. A lock can fail to
hold (a file system that is shared between machines, a lock file somebody removed, a machine that was put to
sleep), so whoever takes a turn also gets the next number from the ledger, and the ledger refuses what comes
under an older one. No clock is asked. What the work is belongs to the landing and the intake.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import LedgerError

_SCHEMA = "CREATE TABLE IF NOT EXISTS turn (work TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT"
_NEXT = """
INSERT INTO turn (work, number) VALUES (?, 1)
ON CONFLICT (work) DO UPDATE SET number = number + 1 RETURNING number
"""


@dataclass(frozen=True)
class Turn:
    """The right to do one kind of work, until somebody takes a later number."""

    work: str
    number: int


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One worker at a time; a second one waits. The system lifts the lock when its holder dies."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def take_turn(store: sqlite3.Connection, work: str) -> Turn:
    """The next number for this work, on disk when this returns; every earlier turn of it is over."""
    store.execute("BEGIN IMMEDIATE")
    try:
        store.execute(_SCHEMA)
        (number,) = store.execute(_NEXT, (work,)).fetchone()
        store.execute("COMMIT")
    except BaseException:
        store.execute("ROLLBACK")
        raise
    return Turn(work, number)


def require_turn(store: sqlite3.Connection, turn: Turn) -> None:
    """Raise LedgerError LED-004 when somebody took a later number; ask inside the writing transaction."""
    (number,) = store.execute("SELECT number FROM turn WHERE work = ?", (turn.work,)).fetchone()
    if number == turn.number:
        return
    raise LedgerError(
        "LED-004",
        found=f"a {turn.work} that holds number {turn.number}, while number {number} is at work",
        expected="one at a time, and nothing recorded by one that was overtaken",
        where="the ledger",
        remedy="Nothing of it is recorded and nothing is lost: the other goes on with the same files.",
    )
