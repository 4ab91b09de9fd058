"""Who is expected to send: member firms by the firm register, or by the boxes while there is no register.

What they are expected to send, and until when, belongs to ``attendance``.
"""

from __future__ import annotations

from collections.abc import Iterable

from contracts.quarters import Quarter
from warehouse.boxes import open_boxes
from warehouse.duck import connect
from warehouse.home import OPERATOR, Home
from warehouse.in_force import KINDS, load_accepted, submissions_in_force
from warehouse.ledger import Entry, Ledger

_MEMBERS = """
SELECT DISTINCT firm_id FROM firm
WHERE coalesce(joined_on, DATE '0001-01-01') <= ? AND coalesce(left_on, DATE '9999-12-31') >= ?
ORDER BY firm_id
"""


def members(home: Home, ledger: Ledger, period: str) -> tuple[str, ...]:
    """The firms that were members on a day of the period; every firm with a box without a register."""
    registered = _registered(home, ledger.entries(*KINDS), Quarter.parse(period))
    if registered is not None:
        return registered
    with open_boxes(home) as boxes:
        firms, _unreachable = boxes.firms()
    return tuple(firm for firm in firms if firm != OPERATOR)


def _registered(home: Home, entries: Iterable[Entry], quarter: Quarter) -> tuple[str, ...] | None:
    in_force = submissions_in_force(entries)
    register = [one for one in in_force if one.contract == "firm" and one.accepted]
    if not register:
        return None
    with connect() as con:
        load_accepted(con, home, "firm", register, "firm")
        rows = con.execute(_MEMBERS, [quarter.last_day, quarter.first_day]).fetchall()
    return tuple(firm for (firm,) in rows)
