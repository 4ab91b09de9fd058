"""Who is expected to send, and who owns them: member firms by the firm register, or by the boxes while
there is no register.

What they are expected to send, and until when, belongs to ``attendance``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contracts.quarters import Quarter
from warehouse.boxes import open_boxes
from warehouse.duck import connect
from warehouse.home import OPERATOR, Home
from warehouse.in_force import KINDS, load_accepted, submissions_in_force
from warehouse.ledger import Entry, Ledger

# The owner is the one of the version in force on the period's last day, else the first there is.
_MEMBERS = """
SELECT
    firm_id,
    coalesce(
        arg_max(coalesce(parent_group_id, firm_id), valid_from) FILTER (WHERE valid_from <= $last),
        arg_min(coalesce(parent_group_id, firm_id), valid_from),
        firm_id
    ) AS parent
FROM firm
GROUP BY firm_id
HAVING bool_or(
    coalesce(joined_on, DATE '0001-01-01') <= $last AND coalesce(left_on, DATE '9999-12-31') >= $first
)
ORDER BY firm_id
"""


def members(home: Home, ledger: Ledger, period: str) -> tuple[str, ...]:
    """The firms that were members on a day of the period; every firm with a box without a register."""
    return tuple(members_and_parents(home, ledger, period))


def members_and_parents(home: Home, ledger: Ledger, period: str) -> Mapping[str, str]:
    """The same firms in order, each with the controlling entity by which it is counted: the register's
    parent, or the firm itself.
    """
    registered = _registered(home, ledger.entries(*KINDS), Quarter.parse(period))
    if registered is not None:
        return registered
    with open_boxes(home) as boxes:
        firms, _unreachable = boxes.firms()
    return {firm: firm for firm in firms if firm != OPERATOR}


def _registered(home: Home, entries: Iterable[Entry], quarter: Quarter) -> Mapping[str, str] | None:
    in_force = submissions_in_force(entries)
    register = [one for one in in_force if one.contract == "firm" and one.accepted]
    if not register:
        return None
    with connect() as con:
        load_accepted(con, home, "firm", register, "firm")
        days = {"first": quarter.first_day, "last": quarter.last_day}
        return dict(con.execute(_MEMBERS, days).fetchall())
