"""A word to a firm about what has waited in its box for a day: once for each thing and reason.

What waits, and why, belongs to ``boxes``; deadlines, to ``reminding``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import JsonValue

from warehouse.boxes import Waiting
from warehouse.boxes.names import UNFINISHED, file_beside, meaning_of
from warehouse.ledger import WAITING, Body, Ledger
from warehouse.notices import waiting_entry

PATIENCE = timedelta(hours=24)


def tell_of_waiting(ledger: Ledger, waiting: Iterable[Waiting], now: datetime) -> int:
    """Record a WAITING entry, with a notice for the firm, for what has waited that long; how many."""
    said = {_key(entry.body) for entry in ledger.entries(WAITING)}
    overdue = [(_body(one), one.wait) for one in waiting if now - one.since >= PATIENCE]
    fresh = [waiting_entry(body, wait) for body, wait in overdue if _key(body) not in said]
    return len(ledger.append_many(fresh))


def _body(one: Waiting) -> dict[str, JsonValue]:
    name = one.file.name.removesuffix(UNFINISHED)
    meaning = meaning_of(file_beside(name) or name)
    return {
        "firm_id": one.firm_id,
        "file_name": one.file_name,
        "code": one.wait.code,
        "contract": meaning.contract if meaning else None,
        "period": meaning.period if meaning else None,
    }


def _key(body: Body) -> tuple[str, str, str]:
    return (str(body["firm_id"]), str(body["file_name"]), str(body["code"]))
