"""Where everyone stands for one quarter: per firm and extract what came, and what is late. Pure.

From ledger entries, a list of members and a day, all passed in. For the operator's eyes: a firm sees its own
line only. Who is a member belongs to ``members``; telling people, to ``reminding``.

The data-quality score of a firm and quarter is 100 times the mean of three shares:

- complete: extracts of which at least one row is in, of the extracts expected
- on time: extracts whose first usable file was recorded by the due day, of the extracts expected
- valid: accepted rows of all rows in the newest judged file of each extract; 1 when no file has rows

A nil return counts as complete. An extract that is not due yet is left out of the first two shares as long as
nothing usable came of it, so that nobody scores low before the deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from contracts.quarters import Quarter
from warehouse.config import Submissions
from warehouse.deadlines import due_on, is_late
from warehouse.ledger import ERASED, RECEIVED, REFUSED, STATED, VALIDATED, Entry
from warehouse.lineage import CORRECTION, WITHDRAWAL, Lineage, Standing

KINDS = (RECEIVED, STATED, REFUSED, VALIDATED, ERASED)
"""The kinds of entries that say where firms stand."""

ACCEPTED, PARTIAL, REJECTED = "ACCEPTED", "PARTIAL", "REJECTED"
PENDING, HELD, WITHDRAWN, MISSING = "PENDING", "HELD", "WITHDRAWN", "MISSING"
USABLE = (ACCEPTED, PARTIAL)
EXCUSED = (WITHDRAWN, ERASED)
"""Nothing is there, and nothing is expected any more."""


@dataclass(frozen=True)
class Place:
    """One firm's extract of one quarter: its state, the number of files, the newest judged one's rows.

    ``is_late``: the first usable file came after the due day, or none has come and the day is past.
    ``waiting``: a file is held, or waits for what it names, whatever else came. ``codes``: the newest file's.
    """

    firm_id: str
    contract: str
    period: str
    state: str
    due: date
    is_late: bool
    files: int
    waiting: bool
    rows_in: int
    accepted: int
    codes: Mapping[str, int]


@dataclass(frozen=True)
class FirmStanding:
    """One firm in one quarter: its extracts as expected, and its score (0 to 100; None: nothing due)."""

    firm_id: str
    places: tuple[Place, ...]
    score: int | None

    @property
    def accepted_share(self) -> float | None:
        """Accepted rows of rows in, over the newest judged files."""
        rows = sum(place.rows_in for place in self.places)
        return sum(place.accepted for place in self.places) / rows if rows else None


@dataclass
class _Came:
    """What is gathered about one place while reading the ledger."""

    state: str = MISSING
    files: int = 0
    first_usable: str | None = None
    waiting: bool = False
    rows_in: int = 0
    accepted: int = 0
    codes: Mapping[str, int] | None = None


def default_period(as_of: date) -> str:
    """The newest quarter that has ended."""
    return str(Quarter.of(as_of) + -1)


def attendance(
    entries: Iterable[Entry], firms: Sequence[str], period: str, rules: Submissions, as_of: date
) -> tuple[FirmStanding, ...]:
    """One standing per firm, by id, from entries of ``KINDS``; firms that only sent something are added."""
    gathered = _gather(list(entries), period)
    everyone = sorted({*firms, *(firm for firm, name in gathered if name in rules.expected)})
    due = due_on(period, rules.due_days_after_quarter)
    return tuple(
        _standing(firm, [_place(firm, name, period, gathered, due, as_of) for name in rules.expected], as_of)
        for firm in everyone
    )


def _gather(entries: Sequence[Entry], period: str) -> dict[tuple[str, str], _Came]:
    lineage = Lineage.read(entries)
    found: dict[tuple[str, str], _Came] = {}
    slots: dict[str, tuple[str, str]] = {}
    for entry in entries:
        body: Mapping[str, Any] = entry.body
        if entry.kind == ERASED:
            if body["period"] == period:
                _erase(found, body["firm_id"])
        elif entry.kind == VALIDATED:
            if body["submission_id"] in slots and _states_all(lineage, body["submission_id"]):
                _judge(found[slots[body["submission_id"]]], body, entry.recorded_at)
        elif body["period"] == period and body["contract"]:
            came = found.setdefault((body["firm_id"], body["contract"]), _Came())
            if entry.kind == RECEIVED:
                slots[body["submission_id"]] = (body["firm_id"], body["contract"])
                _receive(came, lineage.standing(body["submission_id"]))
            elif entry.kind == REFUSED:
                _refuse(came, body["code"])
            elif body["submission_type"] == WITHDRAWAL and body.get("answers") is None:
                _withdraw(came, lineage.standing(body["submission_id"]))
    return found


def _states_all(lineage: Lineage, submission_id: str) -> bool:
    """Whether a file states the whole extract; a correction changes single rows of one."""
    return lineage.nodes[submission_id].kind != CORRECTION


def _receive(came: _Came, standing: Standing) -> None:
    came.files += 1
    came.waiting |= standing in (Standing.HELD, Standing.WAITING)
    if came.state not in USABLE:
        came.state = HELD if came.waiting else PENDING


def _refuse(came: _Came, code: str) -> None:
    came.files += 1
    if came.state not in USABLE:
        came.state, came.codes = REFUSED, {code: 1}


def _erase(found: Mapping[tuple[str, str], _Came], firm_id: str) -> None:
    for (firm, _), came in found.items():
        if firm == firm_id:
            came.state, came.rows_in, came.accepted, came.codes = ERASED, 0, 0, None


def _withdraw(came: _Came, standing: Standing) -> None:
    if standing is Standing.PLACED:
        came.state, came.rows_in, came.accepted, came.codes = WITHDRAWN, 0, 0, None


def _judge(came: _Came, body: Mapping[str, Any], recorded_at: str) -> None:
    if body["status"] in USABLE and came.first_usable is None:
        came.first_usable = recorded_at
    if body["status"] in USABLE or came.state not in USABLE:
        came.state, came.rows_in, came.accepted = body["status"], body["rows_in"], body["accepted"]
        came.codes = body["violations"]


def _place(
    firm: str,
    name: str,
    period: str,
    gathered: Mapping[tuple[str, str], _Came],
    due: date,
    as_of: date,
) -> Place:
    came = gathered.get((firm, name), _Came())
    late = as_of > due if came.first_usable is None else is_late(came.first_usable, due)
    return Place(
        firm_id=firm,
        contract=name,
        period=period,
        state=came.state,
        due=due,
        is_late=late and came.state not in EXCUSED,
        files=came.files,
        waiting=came.waiting,
        rows_in=came.rows_in,
        accepted=came.accepted,
        codes=came.codes or {},
    )


def _standing(firm: str, places: Sequence[Place], as_of: date) -> FirmStanding:
    return FirmStanding(firm, tuple(places), score(places, as_of))


def score(places: Sequence[Place], as_of: date) -> int | None:
    """The data-quality score this module defines; None when nothing is due and nothing usable came."""
    counted = [one for one in places if one.state in USABLE or (as_of > one.due and one.state not in EXCUSED)]
    if not counted:
        return None
    rows = sum(one.rows_in for one in places)
    valid = Fraction(sum(one.accepted for one in places), rows) if rows else Fraction(1)
    complete = Fraction(sum(one.state in USABLE for one in counted), len(counted))
    on_time = Fraction(sum(one.state in USABLE and not one.is_late for one in counted), len(counted))
    return round(100 * (complete + on_time + valid) / 3)
