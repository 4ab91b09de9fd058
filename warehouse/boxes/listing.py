"""What lies in the boxes: which files are drops, whose they are, and what their names say.

The box alone decides whose a file is. Nothing here opens a dropped file; copying belongs in ``taking``,
and what a file means beside earlier ones in ``submissions``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from contracts import CONTRACTS
from contracts.model import Party
from warehouse.boxes.box import Box, BoxUnreachable, Found
from warehouse.boxes.completeness import (
    NO_FILE,
    NO_MANIFEST,
    NOT_AT_REST,
    UNFINISHED,
    Proof,
    Rules,
    Wait,
    Watched,
    proof_of,
)
from warehouse.boxes.memory import Key, Memory, Sight
from warehouse.boxes.names import Meaning, file_beside, is_unfinished, meaning_of, spelled
from warehouse.boxes.places import Boxes, Unreachable, open_boxes
from warehouse.home import OPERATOR, Home
from warehouse.ledger import utc_now
from warehouse.manifests import HASH_SUFFIX, MANIFEST_SUFFIX
from warehouse.refusals import MANIFEST_UNUSABLE, NAME_NOT_UNDERSTOOD, NOT_A_FILE, NOT_FROM_THIS_BOX, Refusal


@dataclass(frozen=True)
class Lying:
    """A thing in a firm's box, with what lies beside it: its manifest, or the hash of its bytes."""

    firm_id: str
    file: Found
    beside: tuple[Found, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Whose it is, and its name in the box."""
        return (self.firm_id, self.file.name)

    @property
    def file_name(self) -> str:
        """The name as sent."""
        return spelled(self.file.name)

    @property
    def files(self) -> tuple[Found, ...]:
        """The thing itself and what lies beside it."""
        return (self.file, *self.beside)


@dataclass(frozen=True)
class Drop(Lying):
    """A regular file whose name is understood: one contract's extract of one period in one firm's box.

    ``proof`` says why it counts as whole. ``is_settled``: nobody is still writing, as far as can be told.
    """

    contract: str
    period: str
    proof: Proof
    is_settled: bool


@dataclass(frozen=True)
class Lone(Lying):
    """A manifest whose file is not there: a statement complete in itself, or one that waits for its file."""

    contract: str
    period: str


@dataclass(frozen=True)
class Waiting(Lying):
    """Something that is not taken yet, why, and since when it has been as it is."""

    wait: Wait
    since: datetime


@dataclass(frozen=True)
class Misfit(Lying):
    """Something in a box that cannot be a drop, with the reason."""

    refusal: Refusal
    contract: str | None = None
    period: str | None = None


@dataclass(frozen=True)
class Listing:
    """Everything in the boxes, in the order in which it is taken; what waits, and the boxes left out.

    ``lone`` manifests are among ``waiting`` too: only their content says whether they wait for a file.
    """

    drops: tuple[Drop, ...]
    misfits: tuple[Misfit, ...]
    lone: tuple[Lone, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    unreachable: tuple[Unreachable, ...] = ()


def list_boxes(home: Home, now: datetime | None = None) -> Listing:
    """Look into every box of a home once."""
    with open_boxes(home) as boxes:
        return look_into(boxes, now or utc_now())


def look_into(boxes: Boxes, now: datetime) -> Listing:
    """What every box holds; one that cannot be reached is named and holds up no other.

    Hidden files are not listed. What waits is remembered for the next look.
    Order: contracts as they depend on each other, then period, firm and name; never time of arrival.
    """
    firms, missing = boxes.firms()
    look = _Look(Rules.of(boxes.home.config.intake), Memory.read(boxes.home), now)
    found: list[Lying] = []
    unreachable = list(missing)
    for firm_id in firms:
        try:
            found += look.box(boxes.of(firm_id))
        except BoxUnreachable as error:
            unreachable.append(Unreachable(firm_id, error.reason))
    waiting = tuple(sorted((one for one in found if isinstance(one, Waiting)), key=_by_name))
    silent = {one.firm_id for one in unreachable if one.firm_id} if not missing else _everybody(look.memory)
    look.memory.replaced(boxes.home, look.sights, silent)
    return Listing(
        drops=tuple(sorted((one for one in found if isinstance(one, Drop)), key=_turn)),
        misfits=tuple(sorted((one for one in found if isinstance(one, Misfit)), key=_by_name)),
        lone=tuple(sorted((one for one in found if isinstance(one, Lone)), key=_turn)),
        waiting=waiting,
        unreachable=tuple(unreachable),
    )


def _everybody(memory: Memory) -> set[str]:
    return {firm_id for firm_id, _ in memory.sights}


def _by_name(one: Lying) -> tuple[str, str]:
    return (one.firm_id, one.file_name)


def _turn(drop: Drop | Lone) -> tuple[int, str, str, str]:
    return (list(CONTRACTS).index(drop.contract), drop.period, drop.firm_id, drop.file.name)


@dataclass(frozen=True)
class _Look:
    """One look into the boxes: by which rules, after what was seen before, at what time, and what it sees."""

    rules: Rules
    memory: Memory
    now: datetime
    sights: dict[Key, Sight] = field(default_factory=dict)

    def box(self, box: Box) -> Iterator[Lying]:
        """Everything in one box but hidden files and what lies beside a file."""
        found = {one.name: one for one in box.look()}
        for name, file in found.items():
            about = file_beside(name)
            if name.startswith(".") or about in found:
                continue
            if is_unfinished(name):
                yield self._waiting(box, file, UNFINISHED)
            elif about is not None:
                yield from _lone(box.firm_id, file, about)
                yield self._waiting(box, file, NO_FILE)
            else:
                yield self._item(box, file, found)

    def _since(self, box: Box, file: Found, code: str = "") -> datetime:
        """Since when a thing has been as it is; noted for the next look, with why it waits."""
        key = (box.firm_id, file.name)
        since = self.memory.since(key, file.identity, self.now)
        self.sights[key] = Sight(file.identity, since, code)
        return since

    def _waiting(self, box: Box, file: Found, wait: Wait) -> Waiting:
        return Waiting(box.firm_id, file, (), wait, self._since(box, file, wait.code))

    def _item(self, box: Box, file: Found, found: Mapping[str, Found]) -> Drop | Misfit | Waiting:
        names = (file.name + suffix for suffix in (MANIFEST_SUFFIX, HASH_SUFFIX))
        beside = tuple(found[name] for name in names if name in found)
        meaning = meaning_of(file.name)
        if meaning is None:
            reason = NAME_NOT_UNDERSTOOD if file.is_file else NOT_A_FILE
            return Misfit(box.firm_id, file, beside, reason)
        refusal = _refusal(box.firm_id, meaning.contract, file, beside)
        if refusal:
            return Misfit(box.firm_id, file, beside, refusal, meaning.contract, meaning.period)
        return self._whole(box, file, beside, meaning)

    def _whole(self, box: Box, file: Found, beside: tuple[Found, ...], meaning: Meaning) -> Drop | Waiting:
        is_known_whole = self.rules.are_renamed or box.is_whole_at_once
        has_rested = is_known_whole or self._has_rested(box, file)
        proof = proof_of(beside, self.rules, is_whole_at_once=box.is_whole_at_once, has_rested=has_rested)
        if proof is None:
            return self._waiting(box, file, NO_MANIFEST if has_rested else NOT_AT_REST)
        return Drop(box.firm_id, file, beside, meaning.contract, meaning.period, proof, has_rested)

    def _has_rested(self, box: Box, file: Found) -> bool:
        watched = Watched(self._since(box, file), box.has_our_clock)
        return watched.has_rested(file, self.rules.quiet, self.now)


def _lone(firm_id: str, file: Found, about: str) -> Iterator[Lone]:
    """The manifest, if its name says what it is about and this box may say it; any other only waits."""
    meaning = meaning_of(about)
    if meaning and _refusal(firm_id, meaning.contract, file, ()) is None:
        yield Lone(firm_id, file, (), meaning.contract, meaning.period)


def _refusal(firm_id: str, contract: str, file: Found, beside: tuple[Found, ...]) -> Refusal | None:
    if not file.is_file:
        return NOT_A_FILE
    if CONTRACTS[contract].meta.dropped_by is not _party(firm_id):
        return NOT_FROM_THIS_BOX
    return None if all(one.is_file for one in beside) else MANIFEST_UNUSABLE


def _party(firm_id: str) -> Party:
    return Party.OPERATOR if firm_id == OPERATOR else Party.FIRM
