"""What a landed file means beside everything landed before: a submission, a duplicate, or a refusal. Pure.

A manifest that comes alone is a statement: it withdraws, or says what a held submission is. Reading and
storing files belongs in ``landing``; in which order submissions take effect, in ``lineage``.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC

from pydantic import JsonValue

from warehouse.chain import Body, Entry, canonical
from warehouse.ledger import CONFIRMED, RECEIVED, REFUSED, STATED
from warehouse.lineage import Lineage, Slot, Standing
from warehouse.manifests import Manifest
from warehouse.refusals import (
    FILE_BESIDE_STATEMENT,
    ID_USED_BEFORE,
    MANIFEST_DISAGREES,
    MANIFEST_UNUSABLE,
    NOT_HELD,
    SUPERSEDES_ANOTHER_KEY,
    Refusal,
)


@dataclass(frozen=True)
class LandedFile:
    """One copied drop: whose, what, which bytes, and its manifest (with hash) if one lay beside it.

    A manifest that is there but cannot be used is said so: it is never the same as none. ``proof``: why it
    counts as whole (``boxes.Proof``); QUIET is provisional.
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
    proof: str = "QUIET"

    @property
    def slot(self) -> Slot:
        """What there is one valid file for."""
        return (self.firm_id, self.contract, self.period)


@dataclass(frozen=True)
class LandedStatement:
    """One manifest that came alone and says all there is to say: whose, about what, its words, its hash."""

    firm_id: str
    contract: str
    period: str
    file_name: str
    manifest: Manifest
    sha256: str

    @property
    def slot(self) -> Slot:
        """What it is about."""
        return (self.firm_id, self.contract, self.period)


@dataclass(frozen=True)
class Received:
    """A new submission: the body of its RECEIVED entry, and why it has no effect yet, if so."""

    submission_id: str
    body: Body
    standing: Standing = Standing.PLACED

    @property
    def held(self) -> bool:
        """Whether it waits: for the firm to say what it is, or for what it names."""
        return self.standing in (Standing.HELD, Standing.WAITING)


@dataclass(frozen=True)
class Stated:
    """A new statement: the body of its STATED entry, and where it stands."""

    submission_id: str
    body: Body
    standing: Standing


@dataclass(frozen=True)
class Confirmed:
    """A manifest that came after its provisional file and gives its hash: the body of its CONFIRMED entry."""

    body: Body


@dataclass(frozen=True)
class Duplicate:
    """The same submission again: no effect."""

    of: str


Decision = Received | Stated | Confirmed | Duplicate | Refusal


@dataclass
class History:
    """What the ledger knows about earlier drops, kept up to date while new ones are decided."""

    lineage: Lineage = field(default_factory=Lineage)
    by_bytes: defaultdict[tuple[Slot, str], list[Body]] = field(default_factory=lambda: defaultdict(list))
    filled: set[Slot] = field(default_factory=set)
    statements: set[str] = field(default_factory=set)
    provisional: set[str] = field(default_factory=set)
    refusals: dict[tuple[str, str, str | None, str], int] = field(default_factory=dict)

    @classmethod
    def read(cls, entries: Iterable[Entry]) -> History:
        """The history that RECEIVED, STATED, CONFIRMED and REFUSED entries tell."""
        history = cls()
        for entry in entries:
            if entry.kind == CONFIRMED:
                history.remember_confirmation(entry.body)
            if entry.kind in (RECEIVED, STATED):
                history.remember(entry.body)
            elif entry.kind == REFUSED:
                history.remember_refusal(entry)
        return history

    def remember(self, body: Body) -> None:
        """Take in the body of a RECEIVED or STATED entry."""
        self.lineage.add(body)
        submission_id = str(body["submission_id"])
        if "answers" in body:
            self.statements.add(submission_id)
            return
        slot = (str(body["firm_id"]), str(body["contract"]), str(body["period"]))
        self.by_bytes[slot, str(body["sha256"])].append(body)
        if body.get("proof") == "QUIET":
            self.provisional.add(submission_id)
        if body["supersedes"] is None and not body["held"]:
            self.filled.add(slot)

    def remember_confirmation(self, body: Body) -> None:
        """Take in the body of a CONFIRMED entry."""
        self.provisional.discard(str(body["submission_id"]))

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
    known = _same_submission(landed, manifest, history)
    if known:
        return Duplicate(known)
    return _refused_by_history(landed.slot, manifest, history) or _received(landed, manifest, history)


def decide_statement(landed: LandedStatement, history: History) -> Decision:
    """What this manifest is that came alone. The caller lets ``history`` remember a Stated body."""
    manifest = landed.manifest
    if _says_otherwise(manifest, landed.contract, landed.period):
        return MANIFEST_DISAGREES
    stated = _stated(landed)
    if stated["submission_id"] in history.statements:
        return Duplicate(str(stated["submission_id"]))
    refusal = _refused_by_history(landed.slot, manifest, history) or _refused_answer(landed, history)
    if refusal:
        return refusal
    return Stated(str(stated["submission_id"]), stated, _standing_of(stated, history))


def decide_late_hash(landed: LandedStatement, history: History) -> Decision | None:
    """What a manifest is whose file is not beside it: it confirms what came before, or None: it waits."""
    came = history.by_bytes.get((landed.slot, landed.manifest.sha256 or ""), ())
    if not came or _says_otherwise(landed.manifest, landed.contract, landed.period):
        return None
    names = [str(body["submission_id"]) for body in came]
    confirmed = next((name for name in names if name in history.provisional), None)
    return Duplicate(names[0]) if confirmed is None else Confirmed(_confirmed(landed, confirmed))


def _confirmed(landed: LandedStatement, submission_id: str) -> dict[str, JsonValue]:
    firm_id, contract, period = landed.slot
    return {
        "submission_id": submission_id,
        "firm_id": firm_id,
        "contract": contract,
        "period": period,
        "file_name": landed.file_name,
        "sha256": landed.sha256,
    }


def _refusal(landed: LandedFile, manifest: Manifest) -> Refusal | None:
    """What the manifest alone rules out."""
    if landed.manifest_unusable:
        return MANIFEST_UNUSABLE
    if manifest.comes_alone:
        return FILE_BESIDE_STATEMENT
    if manifest.sha256 not in (None, landed.sha256) or _says_otherwise(
        manifest, landed.contract, landed.period
    ):
        return MANIFEST_DISAGREES
    return None


def _says_otherwise(manifest: Manifest, contract: str, period: str) -> bool:
    return manifest.contract not in (None, contract) or manifest.period not in (None, period)


def _same_submission(landed: LandedFile, manifest: Manifest, history: History) -> str | None:
    """The submission with these bytes that follows the same one, under whatever name it calls it.

    A file that says nothing of itself is the same again, whatever else was said of its bytes before. One
    without rows that is now declared a nil return does say something.
    """
    says_nothing = manifest.supersedes is None and manifest.submission_id is None and not manifest.nil_return
    for body in history.by_bytes.get((landed.slot, landed.sha256), ()):
        if says_nothing or _says_the_same(landed.firm_id, body, manifest, history):
            return str(body["submission_id"])
    return None


def _says_the_same(firm_id: str, body: Body, manifest: Manifest, history: History) -> bool:
    named = None if body["supersedes"] is None else str(body["supersedes"])
    follows = _resolved(firm_id, named, history) == _resolved(firm_id, manifest.supersedes, history)
    is_nil = isinstance(body["manifest"], Mapping) and body["manifest"]["nil_return"] is True
    kind = (body["submission_type"], is_nil)
    return follows and kind == (manifest.submission_type, manifest.nil_return)


def _resolved(firm_id: str, name: str | None, history: History) -> str | None:
    """The house's id for what the firm calls by its own id or ours; an id nobody knows stays as it is."""
    node = None if name is None else history.lineage.known(firm_id, name)
    return name if node is None else node.submission_id


def _refused_by_history(slot: Slot, manifest: Manifest, history: History) -> Refusal | None:
    if manifest.submission_id and history.lineage.uses(slot[0], manifest.submission_id):
        return ID_USED_BEFORE
    named = history.lineage.known(slot[0], manifest.supersedes) if manifest.supersedes else None
    return SUPERSEDES_ANOTHER_KEY if named is not None and named.slot != slot else None


def _refused_answer(landed: LandedStatement, history: History) -> Refusal | None:
    if landed.manifest.answers is None:
        return None
    held = history.lineage.known(landed.firm_id, landed.manifest.answers)
    if held is None or held.slot != landed.slot:
        return NOT_HELD
    if history.lineage.standing(held.submission_id) is not Standing.HELD:
        return NOT_HELD
    return MANIFEST_DISAGREES if landed.manifest.sha256 not in (None, held.sha256) else None


def _received(landed: LandedFile, manifest: Manifest, history: History) -> Received:
    is_second = manifest.supersedes is None and landed.slot in history.filled
    named = _named_stands(landed.firm_id, manifest.supersedes, history)
    kind = manifest.submission_type
    said = [*landed.slot, landed.sha256, kind, manifest.supersedes, *(["NIL"] if manifest.nil_return else [])]
    body: dict[str, JsonValue] = {
        "submission_id": _submission_id(said),
        "firm_id": landed.firm_id,
        "contract": landed.contract,
        "period": landed.period,
        "file_name": landed.file_name,
        "sha256": landed.sha256,
        "bytes": landed.size,
        "submission_type": kind,
        "supersedes": manifest.supersedes,
        "held": is_second or not named,
        "manifest": _manifest_facts(manifest, landed.manifest_sha256),
        "proof": landed.proof,
    }
    standing = Standing.HELD if is_second else Standing.PLACED if named else Standing.WAITING
    return Received(str(body["submission_id"]), body, standing)


def _named_stands(firm_id: str, supersedes: str | None, history: History) -> bool:
    """Whether what is named takes effect already; naming nothing is fine too."""
    if supersedes is None:
        return True
    named = history.lineage.known(firm_id, supersedes)
    return named is not None and history.lineage.standing(named.submission_id) is Standing.PLACED


def _stated(landed: LandedStatement) -> dict[str, JsonValue]:
    manifest = landed.manifest
    said = [*landed.slot, landed.sha256, manifest.submission_type, manifest.supersedes, manifest.answers]
    return {
        "submission_id": _submission_id(said),
        "firm_id": landed.firm_id,
        "contract": landed.contract,
        "period": landed.period,
        "file_name": landed.file_name,
        "sha256": landed.sha256,
        "submission_type": manifest.submission_type,
        "supersedes": manifest.supersedes,
        "answers": manifest.answers,
        "manifest": _manifest_facts(manifest, landed.sha256),
    }


def _standing_of(stated: Body, history: History) -> Standing:
    """Where a statement will stand: a withdrawal of what is held takes it back."""
    firm_id, supersedes = str(stated["firm_id"]), str(stated["supersedes"])
    if _named_stands(firm_id, supersedes, history):
        return Standing.PLACED
    named = history.lineage.known(firm_id, supersedes)
    return Standing.SETTLED if named is not None and named.is_bare else Standing.WAITING


def _submission_id(identity: list[str | None]) -> str:
    """An id made of what was said and sent, so that two homes give the same one in any order of arrival."""
    digest = hashlib.sha256(b"guildhall-submission-v1\0" + canonical([*identity]))
    return "sub-" + digest.hexdigest()[:24]


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
        "as_of": manifest.as_of.astimezone(UTC).isoformat() if manifest.as_of else None,
        "reason": manifest.reason,
    }
