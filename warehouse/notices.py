"""The short receipts of drops that are not validated: refused and held ones, and statements.

Receipts of validated submissions belong to ``intake``. A notice names codes, never content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from warehouse.boxes.completeness import Wait
from warehouse.ledger import CONFIRMED, RECEIVED, REFUSED, STATED, WAITING, Entry, NewEntry, OutboxItem
from warehouse.lineage import WITHDRAWAL, Standing
from warehouse.receipt_files import receipt_files
from warehouse.refusals import Refusal
from warehouse.submissions import Confirmed, Received, Stated


class _Words(NamedTuple):
    """What a notice says: its status, what is the case, and what to do."""

    status: str
    message: str
    remedy: str


_HELD: Mapping[Standing, _Words] = {
    Standing.HELD: _Words(
        "HELD",
        "There is a file for this extract and period already, and this one does not say what it is.",
        "Say what it is by a manifest alone, named like this file with .manifest.json behind: "
        "submission_type REPLACEMENT or CORRECTION, this submission_id in answers, and in supersedes that of "
        "the receipt it follows. Or take it back: WITHDRAWAL, with this submission_id in supersedes. Until "
        "then nothing of it is used. `guildhall manifest` writes either.",
    ),
    Standing.WAITING: _Words(
        "WAITING",
        "What this submission names in supersedes has not arrived, or waits itself.",
        "Nothing, if that is still to come. Otherwise send it again and name the receipt that it follows.",
    ),
}
_WITHDRAWN = _Words(
    "WITHDRAWN",
    "Nothing of this extract and period counts from the next build on. Published releases stay as they are.",
    "Nothing. To send the extract again, name this submission_id in supersedes, as a REPLACEMENT.",
)
_TAKEN_BACK = _Words("TAKEN_BACK", "The held submission is taken back; nothing of it is used.", "Nothing.")
_CONFIRMED = _Words(
    "CONFIRMED", "The file came whole: the hash given now is that of the bytes taken before.", "Nothing."
)
_ANSWERED = _Words(
    "ANSWERED", "The held submission is what this manifest says; its receipt follows.", "Nothing."
)


def refused_entry(body: dict[str, JsonValue], refusal: Refusal) -> NewEntry:
    """The REFUSED entry with its receipt."""
    words = _Words("REFUSED", refusal.message, refusal.remedy)
    return NewEntry(REFUSED, body, _files(str(body["firm_id"]), "refused-{seq}", words))


def received_entry(received: Received) -> NewEntry:
    """The RECEIVED entry; a held one comes with a receipt that says what it waits for."""
    if not received.held:
        return NewEntry(RECEIVED, received.body)
    files = _files(str(received.body["firm_id"]), received.submission_id, _HELD[received.standing])
    return NewEntry(RECEIVED, received.body, files)


def stated_entry(stated: Stated) -> NewEntry:
    """The STATED entry with its receipt."""
    files = _files(str(stated.body["firm_id"]), stated.submission_id, _words_of(stated))
    return NewEntry(STATED, stated.body, files)


def confirmed_entry(confirmed: Confirmed) -> NewEntry:
    """The CONFIRMED entry with its receipt."""
    files = _files(str(confirmed.body["firm_id"]), "confirmed-{seq}", _CONFIRMED)
    return NewEntry(CONFIRMED, confirmed.body, files)


def waiting_entry(body: dict[str, JsonValue], wait: Wait) -> NewEntry:
    """The WAITING entry with its notice."""
    words = _Words("WAITING", wait.message, wait.remedy)
    return NewEntry(WAITING, body, _files(str(body["firm_id"]), "waiting-{seq}", words))


def _words_of(stated: Stated) -> _Words:
    if stated.standing is Standing.WAITING:
        return _HELD[Standing.WAITING]
    if stated.standing is Standing.SETTLED:
        return _TAKEN_BACK
    return _WITHDRAWN if stated.body["submission_type"] == WITHDRAWAL else _ANSWERED


def _files(firm_id: str, receipt_id: str, words: _Words) -> tuple[OutboxItem, ...]:
    def say(entry: Entry) -> dict[str, JsonValue]:
        return _notice(entry, receipt_id.replace("{seq}", str(entry.seq)), words)

    return receipt_files(firm_id, receipt_id, say)


def _notice(entry: Entry, receipt_id: str, words: _Words) -> dict[str, JsonValue]:
    names = (
        "submission_id",
        "firm_id",
        "file_name",
        "sha256",
        "contract",
        "period",
        "code",
        "supersedes",
        "answers",
    )
    return {**{name: entry.body.get(name) for name in names}, **words._asdict(), "receipt_id": receipt_id}
