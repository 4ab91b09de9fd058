"""What firms are told without asking: what is due, overdue, refused or held. Each notice once.

A reminder goes out once for a firm, quarter and kind; a refused or held file is told once, together with the
others of its quarter. What was sent is in the ledger (NOTIFIED), so a second run repeats nothing. A notice
holds counts, codes and the ids of receipts, never a value or a file's name. How it travels belongs to
``channels``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import JsonValue

from warehouse.attendance import EXCUSED, REJECTED, USABLE, FirmStanding, Place
from warehouse.channels import Addresses, read_addresses, send
from warehouse.deadlines import due_on
from warehouse.home import Home
from warehouse.ledger import NOTIFIED, RECEIVED, REFUSED, VALIDATED, Entry, Ledger
from warehouse.standing import StandingOfAll, where_everyone_stands
from warehouse.turns import alone

DUE_SOON, OVERDUE, HELD = "DUE_SOON", "OVERDUE", "HELD"
REMINDERS, OUTCOMES = (DUE_SOON, OVERDUE), (REFUSED, REJECTED, HELD)
TOLD_FOR_DAYS = 14
"""An older refused or held file is not told any more: whoever sets up notices is not flooded."""

Send = Callable[[str, str, str], bool]

_SUBJECTS = {
    DUE_SOON: "files for {period} are due on {due}",
    OVERDUE: "files for {period} were due on {due}",
    REFUSED: "files for {period} were refused",
    REJECTED: "files for {period} were rejected",
    HELD: "files for {period} are held",
}
_TO_DO = {
    DUE_SOON: "Please drop them into your box. With no rows to report, declare a nil return.",
    OVERDUE: "Please drop them into your box; what comes late counts from the next release on.",
    REFUSED: "The receipts in your box say why. Nothing of these files was taken.",
    REJECTED: "The receipts in your box say why. Mend the files and send each as a REPLACEMENT.",
    HELD: "The receipts in your box say what is missing. Until you answer, nothing of these files is used.",
}


@dataclass(frozen=True)
class Notice:
    """One message to one firm. ``receipts``: what it tells of, empty for a reminder."""

    firm_id: str
    period: str
    kind: str
    title: str
    text: str
    receipts: tuple[str, ...] = ()

    def body(self, address: str) -> dict[str, JsonValue]:
        """The body of its NOTIFIED entry."""
        told: list[JsonValue] = [*self.receipts]
        return {
            "firm_id": self.firm_id,
            "period": self.period,
            "kind": self.kind,
            "receipts": told,
            "address": address,
        }


@dataclass(frozen=True)
class Reminded:
    """What one run sent, what its channel did not take, and what has no address."""

    sent: tuple[Notice, ...] = ()
    failed: tuple[Notice, ...] = ()
    without_address: tuple[Notice, ...] = ()


def due_notices(home: Home, ledger: Ledger, as_of: date, kinds: Sequence[str]) -> list[Notice]:
    """What should go out on a day, by firm, and has not gone out yet."""
    told = _Told.read(ledger.entries(NOTIFIED))
    notices = _outcomes(home, ledger, as_of, told) if set(kinds) & set(OUTCOMES) else []
    if set(kinds) & set(REMINDERS):
        notices += _reminders(home, where_everyone_stands(home, ledger, None, as_of), told)
    return sorted((one for one in notices if one.kind in kinds), key=lambda one: (one.firm_id, one.kind))


def remind(
    home: Home, ledger: Ledger, as_of: date, kinds: Sequence[str] = (*REMINDERS, *OUTCOMES), by: Send = send
) -> Reminded:
    """Send what is due and record it; what a channel does not take is tried again by the next run."""
    addresses, names = read_addresses(home.notify_path), home.config.notify.firm
    sent: dict[bool | None, list[Notice]] = {True: [], False: [], None: []}
    with alone(home.landing / ".notify.lock"):
        for notice in due_notices(home, ledger, as_of, kinds):
            name = names.get(notice.firm_id)
            taken = _send(notice, addresses, name, by)
            sent[taken].append(notice)
            if taken and name:
                ledger.append(NOTIFIED, notice.body(name))
    return Reminded(*(tuple(sent[outcome]) for outcome in (True, False, None)))


def _send(notice: Notice, addresses: Addresses, name: str | None, by: Send) -> bool | None:
    if name is None or name not in addresses:
        return None
    return by(addresses[name], notice.title, notice.text)


@dataclass(frozen=True)
class _Told:
    """What went out already: reminders by firm, quarter and kind, and receipts."""

    reminders: frozenset[tuple[str, str, str]]
    receipts: frozenset[str]

    @classmethod
    def read(cls, entries: Iterable[Entry]) -> _Told:
        bodies: list[Mapping[str, Any]] = [entry.body for entry in entries]
        return cls(
            frozenset((body["firm_id"], body["period"], body["kind"]) for body in bodies),
            frozenset(receipt for body in bodies for receipt in body["receipts"]),
        )


def _reminders(home: Home, standing: StandingOfAll, told: _Told) -> list[Notice]:
    ahead = timedelta(days=home.config.notify.remind_days_before)
    if standing.as_of < standing.due - ahead:
        return []
    kind = DUE_SOON if standing.as_of <= standing.due else OVERDUE
    firms = (firm for firm in standing.firms if any(_is_missed(one) for one in firm.places))
    wanted = (firm for firm in firms if (firm.firm_id, standing.period, kind) not in told.reminders)
    return [_reminder(home, standing, firm, kind) for firm in wanted]


def _is_missed(place: Place) -> bool:
    return place.state not in (*USABLE, *EXCUSED)


def _reminder(home: Home, standing: StandingOfAll, firm: FirmStanding, kind: str) -> Notice:
    lines = [f"{one.contract}: {one.state.lower()}" for one in firm.places if _is_missed(one)]
    if firm.score is not None:
        lines.append(f"Your data-quality score for the quarter so far: {firm.score} of 100.")
    return _notice(home, firm.firm_id, standing.period, kind, lines)


def _outcomes(home: Home, ledger: Ledger, as_of: date, told: _Told) -> list[Notice]:
    """One notice per firm, quarter and kind, of all files in it that were not told yet."""
    groups: defaultdict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    sent: dict[str, Mapping[str, Any]] = {}
    for entry in ledger.entries(RECEIVED, REFUSED, VALIDATED):
        body: Mapping[str, Any] = entry.body
        if entry.kind == RECEIVED:
            sent[body["submission_id"]] = body
        outcome = _outcome(entry, sent)
        is_recent = (as_of - datetime.fromisoformat(entry.recorded_at).date()).days <= TOLD_FOR_DAYS
        if outcome and is_recent and outcome[1][0] not in told.receipts:
            groups[outcome[0]].append(outcome[1])
    return [
        _notice(home, firm, period, kind, [line for _, line in found], tuple(one for one, _ in found))
        for (firm, period, kind), found in sorted(groups.items())
    ]


def _outcome(
    entry: Entry, sent: Mapping[str, Mapping[str, Any]]
) -> tuple[tuple[str, str, str], tuple[str, str]] | None:
    """(firm, quarter, kind) and (receipt, line of the message) of an entry that should be told."""
    body: Mapping[str, Any] = entry.body
    if entry.kind == REFUSED:
        key = (body["firm_id"], body["period"] or "an unnamed quarter", REFUSED)
        return key, (f"refused-{entry.seq}", f"{body['contract'] or 'a file'}: {body['code']}")
    came = sent[body["submission_id"]]
    place = (came["firm_id"], came["period"])
    if entry.kind == RECEIVED and body["held"]:
        return (*place, HELD), (f"{body['submission_id']}/held", f"{body['contract']}: held")
    if entry.kind == VALIDATED and body["status"] == REJECTED:
        codes = ", ".join(f"{count} × {code}" for code, count in body["violations"].items())
        return (*place, REJECTED), (body["submission_id"], f"{came['contract']}: {codes}")
    return None


def _due(home: Home, period: str) -> str:
    return due_on(period, home.config.submissions.due_days_after_quarter).isoformat()


def _notice(
    home: Home, firm_id: str, period: str, kind: str, lines: Sequence[str], receipts: tuple[str, ...] = ()
) -> Notice:
    config = home.config
    subject = _SUBJECTS[kind].format(period=period, due=_due(home, period) if kind in REMINDERS else "")
    contact = " · ".join(filter(None, (config.contact.name, config.contact.email)))
    text = "\n".join((f"For {firm_id}: {subject}.", *lines, _TO_DO[kind], *([contact] if contact else [])))
    return Notice(firm_id, period, kind, f"{config.consortium.name}: {subject}", text, receipts)
