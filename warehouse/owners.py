"""What the owners of days and figures are told without asking: a missed day, an alert. Each once.

A missed day goes to the operator; an open alert of the register to the seat that owns it, by its id only;
one that nobody owns to the operator, who sees programs anyway. No notice holds a value. What was sent is in
the ledger (ALERTED). Firms are told by ``reminding``; how a notice travels belongs to ``channels``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from contracts.errors import BuildError
from warehouse import builds
from warehouse.channels import read_addresses, send
from warehouse.home import Home
from warehouse.ledger import ALERTED, Ledger
from warehouse.missed import MissedDay
from warehouse.turns import alone

OPERATOR = "operator"
"""The owner of missed days and of alerts without an owner, under [notify] owner."""
ALERTS = "agg_alerts"
UNOWNED = "UNOWNED"
"""The state of an alert that a chart found and no register holds."""
MISSED_DAY, OPEN_ALERT, UNOWNED_ALERT = "MISSED_DAY", "OPEN_ALERT", "UNOWNED_ALERT"

Send = Callable[[str, str, str], bool]


@dataclass(frozen=True)
class OwnerNotice:
    """One message to one owner. ``subject`` names what it is about, and is told once."""

    owner: str
    kind: str
    subject: str
    title: str
    text: str


@dataclass(frozen=True)
class Told:
    """What one run sent to owners, what its channel did not take, and what has no address."""

    sent: tuple[OwnerNotice, ...] = ()
    failed: tuple[OwnerNotice, ...] = ()
    without_address: tuple[OwnerNotice, ...] = ()


def owner_notices(home: Home, ledger: Ledger, missed: Iterable[MissedDay]) -> list[OwnerNotice]:
    """What owners should be told and have not been: days that were missed, and alerts of the newest build."""
    said = {(str(entry.body["owner"]), str(entry.body["subject"])) for entry in ledger.entries(ALERTED)}
    found = [*_of_days(home, missed), *_of_alerts(home, alerts_of(home))]
    return [one for one in found if (one.owner, one.subject) not in said]


def tell_owners(home: Home, ledger: Ledger, missed: Iterable[MissedDay], by: Send = send) -> Told:
    """Send what is due and record it; what a channel does not take is tried again by the next run."""
    addresses, names = read_addresses(home.notify_path), home.config.notify.owner
    sent: dict[bool | None, list[OwnerNotice]] = {True: [], False: [], None: []}
    with alone(home.landing / ".notify.lock"):
        for notice in owner_notices(home, ledger, missed):
            name = names.get(notice.owner)
            address = addresses.get(name) if name else None
            taken = None if address is None else by(address, notice.title, notice.text)
            sent[taken].append(notice)
            if taken and name:
                said = {"owner": notice.owner, "kind": notice.kind, "subject": notice.subject}
                ledger.append(ALERTED, {**said, "address": name})
    return Told(*(tuple(sent[outcome]) for outcome in (True, False, None)))


def _of_days(home: Home, missed: Iterable[MissedDay]) -> Iterator[OwnerNotice]:
    for one in missed:
        title = f"{home.config.consortium.name}: release {one.period} missed its day"
        yield OwnerNotice(OPERATOR, MISSED_DAY, f"{one.period} {one.why}", title, one.words)


def _of_alerts(home: Home, alerts: pd.DataFrame) -> Iterator[OwnerNotice]:
    for row in alerts.to_dict("records"):
        if row["state"] == "OPEN" and pd.isna(row["acknowledged_date"]):
            yield _open(home, row)
        elif row["state"] == UNOWNED:
            yield _unowned(home, row)


def _open(home: Home, row: Any) -> OwnerNotice:
    text = (
        f"Alert {row['alert_id']} ({row['alert_kind_code']}) is yours, opened on {row['opened_date']}. "
        "Say in the register of alerts when you took it up; the operator has the figures."
    )
    title = f"{home.config.consortium.name}: alert {row['alert_id']} is open"
    return OwnerNotice(str(row["owner_seat_id"]), OPEN_ALERT, str(row["alert_id"]), title, text)


def _unowned(home: Home, row: Any) -> OwnerNotice:
    what = f"{row['alert_kind_code']} {row['metric_id']}, {row['member']}, cohort {row['cohort_quarter']}"
    text = (
        f"A figure crossed its limit and nobody owns the alert: {what}. Enter it in the register of alerts."
    )
    title = f"{home.config.consortium.name}: an alert without an owner"
    return OwnerNotice(OPERATOR, UNOWNED_ALERT, what, title, text)


def alerts_of(home: Home) -> pd.DataFrame:
    """The alerts of the newest build (``agg_alerts``); none before the first one."""
    try:
        return builds.read_mart(builds.latest_build(home), ALERTS)
    except BuildError:
        return pd.DataFrame()
