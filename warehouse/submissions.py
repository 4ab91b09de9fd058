"""What a landed file means beside everything landed before: a submission, a duplicate, or a refusal. Pure.

Reading and storing files belongs in ``landing``; which submissions are in force belongs in ``lake``.
CORRECTION and WITHDRAWAL, and the release of what is held, will be decided here too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import JsonValue

from warehouse.chain import Body, Entry, canonical
from warehouse.ledger import RECEIVED, REFUSED
from warehouse.manifests import Manifest
from warehouse.refusals import (
    ID_USED_BEFORE,
    MANIFEST_DISAGREES,
    MANIFEST_UNUSABLE,
    SUPERSEDES_ANOTHER_KEY,
    TYPE_NOT_TAKEN,
    Refusal,
)

Slot = tuple[str, str, str]
"""Firm, contract, period: what there is one valid file for."""


@dataclass(frozen=True)
class LandedFile:
    """One copied drop: whose, what, which bytes, and its manifest (with hash) if one lay beside it.

    A manifest that is there but cannot be used is said so: it is never the same as none.
    """

    firm_id: str
    contract: str
    period: str
    file_name: str
    sha256: str
    size: int
    manifest: Manifest | None = None
    manifest_sha256: str | None = None
    manifest_unusable: bool = False

    @property
    def slot(self) -> Slot:
        """What there is one valid file for."""
        return (self.firm_id, self.contract, self.period)


@dataclass(frozen=True)
class Received:
    """A new submission: the body of its RECEIVED entry."""

    submission_id: str
    body: Body

    @property
    def held(self) -> bool:
        """Whether it waits until the firm says what it is."""
        return self.body["held"] is True


@dataclass(frozen=True)
class Duplicate:
    """The same submission again: no effect."""

    of: str


Decision = Received | Duplicate | Refusal


@dataclass
class History:
    """What the ledger knows about earlier drops, kept up to date while new ones are decided."""

    submissions: dict[str, Slot] = field(default_factory=dict)
    by_bytes: dict[tuple[Slot, str, str | None], str] = field(default_factory=dict)
    by_sender_id: dict[tuple[str, str], str] = field(default_factory=dict)
    filled: set[Slot] = field(default_factory=set)
    refusals: dict[tuple[str, str, str | None, str], int] = field(default_factory=dict)

    @classmethod
    def read(cls, entries: Iterable[Entry]) -> History:
        """The history that RECEIVED and REFUSED entries tell."""
        history = cls()
        for entry in entries:
            if entry.kind == RECEIVED:
                history.remember(entry.body)
            elif entry.kind == REFUSED:
                history.remember_refusal(entry)
        return history

    def remember(self, body: Body) -> None:
        """Take in the body of a RECEIVED entry."""
        slot = (str(body["firm_id"]), str(body["contract"]), str(body["period"]))
        submission_id, manifest = str(body["submission_id"]), body["manifest"]
        supersedes = None if body["supersedes"] is None else str(body["supersedes"])
        self.submissions[submission_id] = slot
        self.by_bytes[slot, str(body["sha256"]), supersedes] = submission_id
        if isinstance(manifest, dict) and manifest["submission_id"] is not None:
            self.by_sender_id[slot[0], str(manifest["submission_id"])] = submission_id
        if not body["held"]:
            self.filled.add(slot)

    def remember_refusal(self, entry: Entry) -> None:
        """Take in a REFUSED entry."""
        self.refusals[refusal_key(entry.body)] = entry.seq


def refusal_key(body: Body) -> tuple[str, str, str | None, str]:
    """What makes two refusals the same: firm, file name, bytes (where they could be read) and code."""
    sha256 = None if body["sha256"] is None else str(body["sha256"])
    return (str(body["firm_id"]), str(body["file_name"]), sha256, str(body["code"]))


def decide(landed: LandedFile, history: History) -> Decision:
    """What this file is. The caller lets ``history`` remember a Received body before the next decision."""
    manifest = landed.manifest or Manifest()
    refusal = _refusal(landed, manifest)
    if refusal:
        return refusal
    supersedes = _resolve(landed.firm_id, manifest.supersedes, history)
    known = history.by_bytes.get((landed.slot, landed.sha256, supersedes))
    if known:
        return Duplicate(known)
    if manifest.submission_id and (landed.firm_id, manifest.submission_id) in history.by_sender_id:
        return ID_USED_BEFORE
    if _own_slot(landed.firm_id, supersedes, history) not in (None, landed.slot):
        return SUPERSEDES_ANOTHER_KEY
    return _received(landed, manifest, supersedes, history)


def _refusal(landed: LandedFile, manifest: Manifest) -> Refusal | None:
    """What the manifest alone rules out."""
    if landed.manifest_unusable:
        return MANIFEST_UNUSABLE
    said = (manifest.sha256, manifest.contract, manifest.period)
    found = (landed.sha256, landed.contract, landed.period)
    if any(claim is not None and claim != fact for claim, fact in zip(said, found, strict=True)):
        return MANIFEST_DISAGREES
    if manifest.submission_type in ("CORRECTION", "WITHDRAWAL"):
        return TYPE_NOT_TAKEN
    return None


def _resolve(firm_id: str, supersedes: str | None, history: History) -> str | None:
    """The house's id for what the firm calls by its own id or ours; only among the firm's own submissions.

    An id nobody knows stays as it is: what it names may still arrive.
    """
    if supersedes is None:
        return None
    return history.by_sender_id.get((firm_id, supersedes), supersedes)


def _own_slot(firm_id: str, submission_id: str | None, history: History) -> Slot | None:
    """Where a submission of this firm belongs; another firm's is as unknown as one that never was."""
    slot = history.submissions.get(submission_id or "")
    return slot if slot and slot[0] == firm_id else None


def _received(landed: LandedFile, manifest: Manifest, supersedes: str | None, history: History) -> Received:
    is_first = supersedes is None and landed.slot not in history.filled
    follows = _own_slot(landed.firm_id, supersedes, history) == landed.slot
    submission_id = _submission_id(landed, supersedes)
    body: dict[str, JsonValue] = {
        "submission_id": submission_id,
        "firm_id": landed.firm_id,
        "contract": landed.contract,
        "period": landed.period,
        "file_name": landed.file_name,
        "sha256": landed.sha256,
        "bytes": landed.size,
        "submission_type": manifest.submission_type,
        "supersedes": supersedes,
        "held": not (is_first or follows),
        "manifest": _manifest_facts(manifest, landed.manifest_sha256),
    }
    return Received(submission_id, body)


def _submission_id(landed: LandedFile, supersedes: str | None) -> str:
    """An id made of what makes the submission what it is, so that two homes give the same one."""
    identity = canonical([*landed.slot, landed.sha256, supersedes])
    return "sub-" + hashlib.sha256(b"guildhall-submission-v1\0" + identity).hexdigest()[:24]


def _manifest_facts(manifest: Manifest, sha256: str | None) -> JsonValue:
    """What the ledger keeps of a manifest; its free text stays in the landing zone and can be erased."""
    if sha256 is None:
        return None
    return {
        "sha256": sha256,
        "submission_id": manifest.submission_id,
        "contract_version": manifest.contract_version,
        "row_count": manifest.row_count,
        "nil_return": manifest.nil_return,
        "as_of": manifest.as_of.isoformat() if manifest.as_of else None,
    }
