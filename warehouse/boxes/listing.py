"""What lies in the boxes: which files are drops, whose they are, and what their names say.

The box alone decides whose a file is. Nothing here opens a dropped file; copying belongs in ``taking``,
and what a file means beside earlier ones in ``submissions``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts import CONTRACTS
from contracts.model import Party
from warehouse.boxes.box import Box, BoxUnreachable, Found
from warehouse.boxes.names import file_beside, is_unfinished, meaning_of, spelled
from warehouse.boxes.places import Boxes, Unreachable, open_boxes
from warehouse.home import OPERATOR, Home
from warehouse.manifests import HASH_SUFFIX, MANIFEST_SUFFIX
from warehouse.refusals import MANIFEST_UNUSABLE, NAME_NOT_UNDERSTOOD, NOT_A_FILE, NOT_FROM_THIS_BOX, Refusal


@dataclass(frozen=True)
class Lying:
    """A thing in a firm's box, with what lies beside it: its manifest, or the hash of its bytes."""

    firm_id: str
    file: Found
    beside: tuple[Found, ...]

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
    """A regular file whose name is understood: one contract's extract of one period in one firm's box."""

    contract: str
    period: str


@dataclass(frozen=True)
class Lone(Lying):
    """A manifest whose file is not there: a statement complete in itself, or one that waits for its file."""

    contract: str
    period: str


@dataclass(frozen=True)
class Misfit(Lying):
    """Something in a box that cannot be a drop, with the reason."""

    refusal: Refusal
    contract: str | None = None
    period: str | None = None


@dataclass(frozen=True)
class Listing:
    """Everything that waits in the boxes, in the order in which it is taken, and the boxes left out."""

    drops: tuple[Drop, ...]
    misfits: tuple[Misfit, ...]
    lone: tuple[Lone, ...] = ()
    unreachable: tuple[Unreachable, ...] = ()


def list_boxes(home: Home) -> Listing:
    """Look into every box of a home once."""
    with open_boxes(home) as boxes:
        return look_into(boxes)


def look_into(boxes: Boxes) -> Listing:
    """What every box holds; one that cannot be reached is named and holds up no other.

    Unfinished uploads (``.part``) and hidden files wait and are not listed.
    Order: contracts as they depend on each other, then period, firm and name; never time of arrival.
    """
    firms, missing = boxes.firms()
    found: list[Drop | Lone | Misfit] = []
    unreachable = list(missing)
    for firm_id in firms:
        try:
            found += _box(boxes.of(firm_id))
        except BoxUnreachable as error:
            unreachable.append(Unreachable(firm_id, error.reason))
    drops = sorted((item for item in found if isinstance(item, Drop)), key=_turn)
    misfits = sorted(
        (one for one in found if isinstance(one, Misfit)), key=lambda m: (m.firm_id, m.file_name)
    )
    lone = sorted((item for item in found if isinstance(item, Lone)), key=_turn)
    return Listing(tuple(drops), tuple(misfits), tuple(lone), tuple(unreachable))


def _turn(drop: Drop | Lone) -> tuple[int, str, str, str]:
    return (list(CONTRACTS).index(drop.contract), drop.period, drop.firm_id, drop.file.name)


def _box(box: Box) -> Iterator[Drop | Lone | Misfit]:
    found = {one.name: one for one in box.look()}
    for name in found:
        if not _waits(name):
            yield _item(box.firm_id, found[name], found)
        elif name.endswith(MANIFEST_SUFFIX) and name.removesuffix(MANIFEST_SUFFIX) not in found:
            yield from _lone(box.firm_id, found[name])


def _lone(firm_id: str, file: Found) -> Iterator[Lone]:
    """The manifest, if its name says what it is about and this box may say it; any other waits unseen."""
    meaning = meaning_of(file.name.removesuffix(MANIFEST_SUFFIX))
    if meaning and _refusal(firm_id, meaning.contract, file, ()) is None:
        yield Lone(firm_id, file, (), meaning.contract, meaning.period)


def _waits(name: str) -> bool:
    return name.startswith(".") or is_unfinished(name) or file_beside(name) is not None


def _item(firm_id: str, file: Found, found: Mapping[str, Found]) -> Drop | Misfit:
    names = (file.name + suffix for suffix in (MANIFEST_SUFFIX, HASH_SUFFIX))
    beside = tuple(found[name] for name in names if name in found)
    meaning = meaning_of(file.name)
    if meaning is None:
        return Misfit(firm_id, file, beside, NAME_NOT_UNDERSTOOD if file.is_file else NOT_A_FILE)
    refusal = _refusal(firm_id, meaning.contract, file, beside)
    if refusal:
        return Misfit(firm_id, file, beside, refusal, meaning.contract, meaning.period)
    return Drop(firm_id, file, beside, meaning.contract, meaning.period)


def _refusal(firm_id: str, contract: str, file: Found, beside: tuple[Found, ...]) -> Refusal | None:
    if not file.is_file:
        return NOT_A_FILE
    if CONTRACTS[contract].meta.dropped_by is not _party(firm_id):
        return NOT_FROM_THIS_BOX
    return None if all(one.is_file for one in beside) else MANIFEST_UNUSABLE


def _party(firm_id: str) -> Party:
    return Party.OPERATOR if firm_id == OPERATOR else Party.FIRM
