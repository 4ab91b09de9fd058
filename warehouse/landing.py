"""From the boxes into the house: every pending drop stored, entered in the ledger, and taken out of its box.

Always in that order, in groups: contents on disk, then one ledger transaction, then the box. Killed anywhere,
the next run ends in the same ledger: nothing is lost, nothing is entered twice. What one drop is belongs in
``taking`` and ``submissions``; what is inside a file is judged by ``intake``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from contracts.errors import IntakeError
from warehouse.blobs import clear_aside
from warehouse.boxes import Box, Boxes, BoxUnreachable, Drop, Listing, Lone, Misfit, look_into, open_boxes
from warehouse.erasure import settle_erasures
from warehouse.home import Home
from warehouse.keys import make_sealing_key
from warehouse.ledger import CONFIRMED, RECEIVED, REFUSED, STATED, Clock, Ledger, NewEntry, utc_now
from warehouse.notices import confirmed_entry, received_entry, refused_entry, stated_entry
from warehouse.outbox import deliver
from warehouse.overdue import tell_of_waiting
from warehouse.refusals import Refusal
from warehouse.submissions import Confirmed, Duplicate, History, Received, Stated, refusal_key
from warehouse.taking import Desk, Taken, take
from warehouse.turns import Turn, alone
from warehouse.vault import Shelved, Vault

GROUP = 250
"""Drops per ledger transaction: few, so that a killed run repeats little; many, to share a commit."""

OnProgress = Callable[[int, int], None]
Instrument = Callable[[str], None]
"""Told the name of each point at which a crash must do no harm; tests kill the process there."""


@dataclass(frozen=True)
class LandingReport:
    """What one landing did, counted in drops.

    ``held`` of the ``received`` wait for a word of the firm, or for what they name; ``stated`` are manifests
    that came alone and were taken; ``waiting`` changed while they were read, or may not be whole yet.
    ``unreachable`` counts boxes, not drops: those that could not be looked into.
    """

    received: int = 0
    held: int = 0
    stated: int = 0
    duplicates: int = 0
    refused: int = 0
    waiting: int = 0
    unreachable: int = 0


@dataclass(frozen=True)
class _Hall:
    """What one landing works with."""

    home: Home
    ledger: Ledger
    desk: Desk
    vault: Vault
    at: Instrument


def land_pending(
    home: Home,
    ledger: Ledger,
    on_progress: OnProgress | None = None,
    *,
    at: Instrument = lambda _point: None,
    clock: Clock = utc_now,
) -> LandingReport:
    """Take every pending drop of all boxes, in the order of ``list_boxes``.

    The same submission again has no effect and no entry. A file that changes while it is read stays for the
    next run. One landing works at a time, a second one waits; one that was overtaken all the same records
    nothing (LedgerError LED-004). IntakeError when a disk or a right fails.
    """
    tally: Counter[str] = Counter()
    try:
        with alone(home.landing / ".lock"), ledger.turn("landing") as turn, open_boxes(home) as boxes:
            settle_erasures(home, ledger)
            make_sealing_key(home.sealing_key_path, home.sealing_public_path)
            hall = _Hall(home, ledger, _desk(home, ledger, boxes, turn), Vault(home), at)
            listing = look_into(boxes, clock())
            tally["unreachable"] = len(listing.unreachable)
            for group, done, total in _groups(listing):
                tally.update(_land_group(hall, group))
                if on_progress:
                    on_progress(done, total)
            waiting = [one for one in listing.waiting if one.key not in hall.desk.settled]
            tally["waiting"] += len(waiting)
            tell_of_waiting(ledger, waiting, clock())
            deliver(home, ledger)
    except OSError as error:
        raise _interrupted(home, error) from error
    return LandingReport(**tally)


def _desk(home: Home, ledger: Ledger, boxes: Boxes, turn: Turn) -> Desk:
    history = History.read(ledger.entries(CONFIRMED, RECEIVED, STATED, REFUSED))
    cap = home.config.intake.max_file_mb * 1_000_000
    return Desk(history, boxes, clear_aside(home), cap, turn.number)


def _groups(listing: Listing) -> Iterator[tuple[Sequence[Drop | Lone | Misfit], int, int]]:
    """What waits, in groups, with how far one is after each."""
    items: tuple[Drop | Lone | Misfit, ...] = (*listing.drops, *listing.lone, *listing.misfits)
    for start in range(0, len(items), GROUP):
        group = items[start : start + GROUP]
        yield group, start + len(group), len(items)


def _land_group(hall: _Hall, group: Sequence[Drop | Lone | Misfit]) -> Counter[str]:
    taken = [one for one in (take(hall.desk, item) for item in group) if one is not None]
    hall.at("copied")
    hall.vault.keep(shelved for one in taken for shelved in _shelved(one))
    hall.at("stored")
    _record(hall, taken)
    hall.at("recorded")
    for one in taken:
        _clear_box(hall, one)
    hall.at("cleared")
    tally = Counter(name for one in taken for name in _counted_as(one))
    tally["waiting"] = sum(isinstance(item, Drop) for item in group) - sum(
        isinstance(one.item, Drop) for one in taken
    )
    return tally


def _shelved(taken: Taken) -> Iterator[Shelved]:
    """What goes onto a shelf: the copies of a new submission or statement."""
    if not isinstance(taken.item, Misfit):
        for copy in taken.kept:
            yield Shelved(taken.item.firm_id, taken.item.period, copy)


def _record(hall: _Hall, taken: Sequence[Taken]) -> None:
    """One transaction for the group. A refusal that stands already is not entered again."""
    wanted = [_entry_of(one, hall.desk.history) for one in taken]
    for entry in hall.ledger.append_many([entry for entry in wanted if entry]):
        if entry.kind == REFUSED:
            hall.desk.history.remember_refusal(entry)


def _entry_of(taken: Taken, history: History) -> NewEntry | None:
    if isinstance(taken.decision, Received):
        return received_entry(taken.decision)
    if isinstance(taken.decision, Stated):
        return stated_entry(taken.decision)
    if isinstance(taken.decision, Confirmed):
        return confirmed_entry(taken.decision)
    if isinstance(taken.decision, Duplicate):
        return None
    body = taken.refusal_body(taken.decision)
    return None if refusal_key(body) in history.refusals else refused_entry(body, taken.decision)


def _clear_box(hall: _Hall, taken: Taken) -> None:
    """A box out of reach is cleared by the next run, which finds what is recorded already."""
    try:
        _clear(hall, hall.desk.boxes.of(taken.item.firm_id), taken)
    except BoxUnreachable:
        return


def _clear(hall: _Hall, box: Box, taken: Taken) -> None:
    """A refused drop is kept where the operator finds it, under its entry's number."""
    if isinstance(taken.decision, Refusal):
        seq = hall.desk.history.refusals[refusal_key(taken.refusal_body(taken.decision))]
        box.set_aside(tuple(file.name for file in taken.item.files), seq)
        return
    # The file goes last: killed in between, what is left is a file known already, not a lonely manifest.
    for file, copy in reversed(list(zip(taken.item.files, taken.copies, strict=True))):
        box.remove(file.name, copy.source)


def _counted_as(taken: Taken) -> tuple[str, ...]:
    if isinstance(taken.decision, Received):
        return ("received", "held") if taken.decision.held else ("received",)
    if isinstance(taken.decision, Stated | Confirmed):
        return ("stated",)
    return ("duplicates",) if isinstance(taken.decision, Duplicate) else ("refused",)


def _interrupted(home: Home, error: OSError) -> IntakeError:
    return IntakeError(
        "INT-002",
        found=f"a landing that could not go on ({os.strerror(error.errno or 0)})",
        expected="room and the right to write in the landing zone, the ledger and the boxes",
        where=str(home.root),
        remedy="Mend that and run again: what is recorded stands, the rest is still in the boxes.",
    )
