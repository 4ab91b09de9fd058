"""The short receipts of drops that are not validated: refused ones and held ones.

Receipts of validated submissions belong to ``intake``. A notice names codes, never content.
"""

from __future__ import annotations

import json

from pydantic import JsonValue

from warehouse.ledger import RECEIVED, REFUSED, Entry, NewEntry, OutboxItem
from warehouse.refusals import Refusal
from warehouse.submissions import Received

_HELD_MESSAGE = "There is a file for this extract and period already, and this one does not say what it is."
_HELD_REMEDY = (
    "Drop it again with a manifest: submission_type REPLACEMENT, and in supersedes the submission_id of the "
    "receipt it takes the place of. Until then nothing of it is used."
)


def refused_entry(body: dict[str, JsonValue], refusal: Refusal) -> NewEntry:
    """The REFUSED entry with its receipt."""
    firm_id = str(body["firm_id"])

    def render(entry: Entry) -> bytes:
        return _notice(entry, f"refused-{entry.seq}", "REFUSED", (refusal.message, refusal.remedy))

    item = OutboxItem(f"boxes/{firm_id}/out/refused-{{seq}}.receipt.json", render)
    return NewEntry(REFUSED, body, (item,))


def received_entry(received: Received) -> NewEntry:
    """The RECEIVED entry; a held one comes with a receipt that says what it waits for."""
    if not received.held:
        return NewEntry(RECEIVED, received.body)

    def render(entry: Entry) -> bytes:
        return _notice(entry, received.submission_id, "HELD", (_HELD_MESSAGE, _HELD_REMEDY))

    path = f"boxes/{received.body['firm_id']}/out/{received.submission_id}.receipt.json"
    return NewEntry(RECEIVED, received.body, (OutboxItem(path, render),))


def _notice(entry: Entry, receipt_id: str, status: str, words: tuple[str, str]) -> bytes:
    facts = {
        key: entry.body.get(key) for key in ("firm_id", "file_name", "sha256", "contract", "period", "code")
    }
    notice = facts | {
        "receipt_id": receipt_id,
        "status": status,
        "message": words[0],
        "remedy": words[1],
        "ledger": {"seq": entry.seq, "hash": entry.hash},
    }
    return (json.dumps(notice, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
