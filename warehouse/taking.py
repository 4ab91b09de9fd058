"""One drop, from the box to a decision: copied aside, hashed, its manifest read, and compared with history.

Nothing here is final: storing, recording and clearing the box belong in ``landing``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from pydantic import JsonValue

from warehouse.blobs import Copy, TooLarge, Unreadable, Unstable, copy_aside, hash_of
from warehouse.boxes import Drop, Lone, Misfit
from warehouse.manifests import MANIFEST_MAX_BYTES, read_manifest
from warehouse.refusals import NOT_READABLE, TOO_LARGE, Refusal
from warehouse.submissions import (
    Decision,
    History,
    LandedFile,
    LandedStatement,
    Received,
    Stated,
    decide,
    decide_statement,
)


@dataclass
class Desk:
    """Where drops are looked at: what is known, where copies go, how large a file may be (bytes).

    Copies are named after the landing's turn: one that was overtaken never meets the files of the other.
    """

    history: History
    aside: Path
    cap: int
    turn: int
    _numbers: Iterator[int] = field(default_factory=count)

    def copy(self, path: Path, cap: int) -> Copy:
        """Copy a file of a box aside; raises Unstable, Unreadable or TooLarge."""
        return copy_aside(path, self.aside / f"{self.turn}.{next(self._numbers)}", cap)


@dataclass(frozen=True)
class Taken:
    """A drop that was looked at: what it is, its hash where it could be read, and the copies made of it."""

    item: Drop | Lone | Misfit
    decision: Decision
    sha256: str | None
    copies: tuple[Copy, ...] = ()

    @property
    def kept(self) -> tuple[Copy, ...]:
        """The copies that go into the landing zone: those of a new submission or statement."""
        return self.copies if isinstance(self.decision, Received | Stated) else ()

    def refusal_body(self, refusal: Refusal) -> dict[str, JsonValue]:
        """The body of the REFUSED entry of this drop."""
        return {
            "firm_id": self.item.firm_id,
            "file_name": self.item.file_name,
            "sha256": self.sha256,
            "code": refusal.code,
            "contract": self.item.contract,
            "period": self.item.period,
        }


def take(desk: Desk, item: Drop | Lone | Misfit) -> Taken | None:
    """Look at one drop; None when it has to wait: it changes under our hands, or lacks its file.

    The desk's history remembers a new submission at once, so that the next drop is judged beside it.
    """
    if isinstance(item, Misfit):
        return Taken(item, item.refusal, hash_of(item.path, desk.cap))
    try:
        if isinstance(item, Lone):
            return _decide_lone(desk, item)
        return _decide(desk, item, desk.copy(item.path, desk.cap))
    except TooLarge:
        return Taken(item, TOO_LARGE, None)
    except Unreadable:
        return Taken(item, NOT_READABLE, None)
    except Unstable:
        return None


def _decide(desk: Desk, drop: Drop, copy: Copy) -> Taken:
    landed, copies = _with_manifest(desk, drop, copy)
    return _remember(desk, Taken(drop, decide(landed, desk.history), copy.sha256, copies))


def _decide_lone(desk: Desk, lone: Lone) -> Taken | None:
    copy = desk.copy(lone.path, MANIFEST_MAX_BYTES)
    manifest = read_manifest(copy.beside.read_bytes())
    if manifest is None or not manifest.comes_alone:
        copy.beside.unlink()
        return None
    landed = LandedStatement(lone.firm_id, lone.contract, lone.period, lone.file_name, manifest, copy.sha256)
    return _remember(desk, Taken(lone, decide_statement(landed, desk.history), copy.sha256, (copy,)))


def _remember(desk: Desk, taken: Taken) -> Taken:
    """Note what is new; of the rest no copy stays."""
    if isinstance(taken.decision, Received | Stated):
        desk.history.remember(taken.decision.body)
        return taken
    for unwanted in taken.copies:
        unwanted.beside.unlink()
    return taken


def _with_manifest(desk: Desk, drop: Drop, copy: Copy) -> tuple[LandedFile, tuple[Copy, ...]]:
    landed = LandedFile(drop.firm_id, drop.contract, drop.period, drop.file_name, copy.sha256, copy.size)
    if drop.manifest is None:
        return landed, (copy,)
    try:
        beside = desk.copy(drop.manifest, MANIFEST_MAX_BYTES)
    except TooLarge:
        return replace(landed, manifest_unusable=True), (copy,)
    manifest = read_manifest(beside.beside.read_bytes())
    known = replace(
        landed, manifest=manifest, manifest_sha256=beside.sha256, manifest_unusable=manifest is None
    )
    return known, (copy, beside)
