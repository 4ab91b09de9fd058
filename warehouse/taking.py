"""One drop, from the box to a decision: copied aside, hashed, its manifest read, and compared with history.

Nothing here is final: storing, recording and clearing the box belong in ``landing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from pydantic import JsonValue

from warehouse.blobs import Copy, TooLarge, copy_aside, hash_of
from warehouse.boxes import Box, Boxes, BoxUnreachable, Drop, Found, Lone, Misfit, Unreadable, Unstable
from warehouse.manifests import HASH_SUFFIX, MANIFEST_MAX_BYTES, Manifest, read_hash, read_manifest
from warehouse.refusals import NOT_READABLE, TOO_LARGE, Refusal
from warehouse.submissions import (
    Confirmed,
    Decision,
    History,
    LandedFile,
    LandedStatement,
    Received,
    Stated,
    decide,
    decide_late_hash,
    decide_statement,
)


@dataclass
class Desk:
    """Where drops are looked at: what is known, where they lie, where copies go, the largest size (bytes).

    ``settled``: the manifests (firm, name) that came alone and do not wait for a file.
    Copies are named after the landing's turn: one that was overtaken never meets the files of the other.
    """

    history: History
    boxes: Boxes
    aside: Path
    cap: int
    turn: int
    settled: set[tuple[str, str]] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=count)

    def copy(self, box: Box, file: Found, cap: int) -> Copy:
        """Copy a file of a box aside; raises Unstable, Unreadable, TooLarge or BoxUnreachable."""
        return copy_aside(box, file.name, self.aside / f"{self.turn}.{next(self._numbers)}", cap)


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
        return self.copies if isinstance(self.decision, Received | Stated | Confirmed) else ()

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
    """Look at one drop; None when it has to wait: it changes, lacks its file, or is out of reach.

    The desk's history remembers a new submission at once, so that the next drop is judged beside it.
    """
    box = desk.boxes.of(item.firm_id)
    if isinstance(item, Misfit):
        return Taken(item, item.refusal, hash_of(box, item.file.name, desk.cap))
    try:
        if isinstance(item, Lone):
            return _decide_lone(desk, box, item)
        return _decide(desk, item, desk.copy(box, item.file, desk.cap))
    except TooLarge:
        return Taken(item, TOO_LARGE, None)
    except Unreadable:
        return Taken(item, NOT_READABLE, None)
    except (Unstable, BoxUnreachable):
        return None


def _decide(desk: Desk, drop: Drop, copy: Copy) -> Taken | None:
    landed, copies = _with_manifest(desk, drop, copy)
    if not drop.is_settled and landed.manifest and landed.manifest.sha256 not in (None, copy.sha256):
        # The hash came before the file was whole, or it is wrong: only rest can tell.
        _discard(copies)
        return None
    return _remember(desk, Taken(drop, decide(landed, desk.history), copy.sha256, copies))


def _decide_lone(desk: Desk, box: Box, lone: Lone) -> Taken | None:
    copy = desk.copy(box, lone.file, MANIFEST_MAX_BYTES)
    manifest = _claims(lone.file, copy)
    decision = _decision_on(desk, lone, manifest, copy.sha256) if manifest else None
    if decision is None:
        _discard((copy,))
        return None
    desk.settled.add(lone.key)
    return _remember(desk, Taken(lone, decision, copy.sha256, (copy,)))


def _decision_on(desk: Desk, lone: Lone, manifest: Manifest, sha256: str) -> Decision | None:
    landed = LandedStatement(lone.firm_id, lone.contract, lone.period, lone.file_name, manifest, sha256)
    if manifest.comes_alone:
        return decide_statement(landed, desk.history)
    return decide_late_hash(landed, desk.history)


def _remember(desk: Desk, taken: Taken) -> Taken:
    """Note what is new; of the rest no copy stays."""
    if isinstance(taken.decision, Received | Stated):
        desk.history.remember(taken.decision.body)
    elif isinstance(taken.decision, Confirmed):
        desk.history.remember_confirmation(taken.decision.body)
    else:
        _discard(taken.copies)
    return taken


def _discard(copies: Iterable[Copy]) -> None:
    for unwanted in copies:
        unwanted.beside.unlink()


def _with_manifest(desk: Desk, drop: Drop, copy: Copy) -> tuple[LandedFile, tuple[Copy, ...]]:
    facts = (drop.firm_id, drop.contract, drop.period, drop.file_name, copy.sha256, copy.size)
    landed = LandedFile(*facts, proof=drop.proof.value)
    if not drop.beside:
        return landed, (copy,)
    box = desk.boxes.of(drop.firm_id)
    try:
        beside = tuple(desk.copy(box, file, MANIFEST_MAX_BYTES) for file in drop.beside)
    except TooLarge:
        return replace(landed, manifest_unusable=True), (copy,)
    claims = [_claims(file, one) for file, one in zip(drop.beside, beside, strict=True)]
    manifest = _together(claims, copy.sha256)
    known = replace(
        landed, manifest=manifest, manifest_sha256=beside[0].sha256, manifest_unusable=manifest is None
    )
    return known, (copy, *beside)


def _claims(file: Found, copy: Copy) -> Manifest | None:
    content = copy.beside.read_bytes()
    return read_hash(content) if file.name.endswith(HASH_SUFFIX) else read_manifest(content)


def _together(claims: Sequence[Manifest | None], sha256: str) -> Manifest | None:
    """What a manifest and a bare hash say together; None when either cannot be used.

    Of two hashes the one that is wrong speaks, so that it is not overlooked.
    """
    usable = [claim for claim in claims if claim is not None]
    if len(usable) < len(claims):
        return None
    hashes = sorted((one.sha256 for one in usable if one.sha256), key=lambda said: said == sha256)
    return usable[0].model_copy(update={"sha256": hashes[0] if hashes else None})
