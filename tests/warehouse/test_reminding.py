"""Notices reach a real receiver once, hold no value, and no address is ever repeated."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from contracts.errors import HomeError
from tests.warehouse.conftest import Drop
from tests.warehouse.test_intake_journey import ANN, run, wage, wage_row
from warehouse.config import Notify
from warehouse.home import Home, open_box
from warehouse.ledger import NOTIFIED, Ledger
from warehouse.reminding import DUE_SOON, OVERDUE, Notice, Reminded, due_notices, remind

NAME = "wage_2026Q3.csv"
LATE = date(2026, 11, 12)
"""The ledger's clock of these tests: past the due day of 2026Q3."""


class Receiver(HTTPServer):
    """What a firm's own endpoint would be: keeps what is posted to it, or refuses it."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.refuses = False
        super().__init__(("127.0.0.1", 0), _Handler)

    def url(self, token: str) -> str:
        return f"json://127.0.0.1:{self.server_port}/{token}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.server.refuses:
            self.server.posts.append(json.loads(content) | {"path": self.path})
        self.send_response(503 if self.server.refuses else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """A test's output is its own."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def told(home: Home, receiver: Receiver) -> Home:
    """A home in which F001 can be written to and F002 cannot."""
    address_book(home, {"f001": receiver.url("secret-token")})
    notify = Notify(firm={"F001": "f001"})
    open_box(home, "F001")
    open_box(home, "F002")
    return Home(home.root, home.config.model_copy(update={"notify": notify}))


def address_book(home: Home, addresses: Mapping[str, str], mode: int = 0o600) -> None:
    home.notify_path.write_text("".join(f"{name} = {json.dumps(url)}\n" for name, url in addresses.items()))
    home.notify_path.chmod(mode)


def kinds(notices: tuple[Notice, ...]) -> list[tuple[str, str]]:
    return [(notice.firm_id, notice.kind) for notice in notices]


@pytest.mark.parametrize(
    "as_of,kind",
    [
        (date(2026, 10, 22), None),
        (date(2026, 10, 23), DUE_SOON),
        (date(2026, 10, 30), DUE_SOON),
        (date(2026, 10, 31), OVERDUE),
    ],
)
def test_reminder_goes_out_from_so_many_days_before_the_due_day(
    told: Home, ledger: Ledger, as_of: date, kind: str | None
) -> None:
    assert [one.kind for one in due_notices(told, ledger, as_of, (DUE_SOON, OVERDUE))] == [kind] * 2 * bool(
        kind
    )


def test_reminder_reaches_the_firm_once(told: Home, ledger: Ledger, receiver: Receiver) -> None:
    done = remind(told, ledger, LATE)
    assert (kinds(done.sent), kinds(done.without_address)) == ([("F001", OVERDUE)], [("F002", OVERDUE)])
    (post,) = receiver.posts
    assert "files for 2026Q3 were due on 2026-10-30" in post["title"]
    assert "wage: missing" in post["message"]
    assert not remind(told, ledger, LATE).sent
    assert len(receiver.posts) == 1
    (entry,) = ledger.entries(NOTIFIED)
    assert (entry.body["firm_id"], entry.body["kind"]) == ("F001", OVERDUE)


def test_notice_is_sent_again_only_when_its_channel_did_not_take_it(
    told: Home, ledger: Ledger, receiver: Receiver
) -> None:
    receiver.refuses = True
    assert kinds(remind(told, ledger, LATE).failed) == [("F001", OVERDUE)]
    receiver.refuses = False
    assert kinds(remind(told, ledger, LATE).sent) == [("F001", OVERDUE)]
    assert len(receiver.posts) == 1


def test_refused_rejected_and_held_files_are_told_once_each_without_values_or_names(
    told: Home, ledger: Ledger, drop: Drop, receiver: Receiver
) -> None:
    canary = "Zz9canary"
    drop(told, "F001", NAME, wage(wage_row(ANN, canary)))
    drop(told, "F001", f"{canary}.csv", b"?")
    run(told, ledger)
    drop(told, "F001", NAME, wage(wage_row(ANN, "1.00")))
    run(told, ledger)
    done = remind(told, ledger, LATE, ("REFUSED", "REJECTED", "HELD"))
    assert sorted(kinds(done.sent)) == [("F001", "HELD"), ("F001", "REFUSED"), ("F001", "REJECTED")]
    said = json.dumps(receiver.posts)
    assert "1 × CEL-140" in json.dumps(receiver.posts, ensure_ascii=False)
    assert "FIL-001" in said
    assert canary not in said
    assert ANN not in said
    drop(told, "F001", "more.csv", b"?")
    run(told, ledger)
    assert kinds(remind(told, ledger, LATE, ("REFUSED", "REJECTED", "HELD")).sent) == [("F001", "REFUSED")]
    assert receiver.posts[-1]["message"].count("FIL-001") == 1


def test_address_is_in_no_ledger_and_no_error(told: Home, ledger: Ledger, receiver: Receiver) -> None:
    remind(told, ledger, LATE)
    assert receiver.posts[0]["path"] == "/secret-token"
    stored = b"".join(path.read_bytes() for path in told.root.glob("ledger.sqlite*"))
    assert b"secret-token" not in stored
    told.notify_path.write_text("f001 = json://secret-token")
    with pytest.raises(HomeError, match="HOM-031") as raised:
        remind(told, ledger, LATE)
    assert "secret-token" not in str(raised.value)


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_addresses_are_not_read_when_others_may_read_them(told: Home, ledger: Ledger, mode: int) -> None:
    told.notify_path.chmod(mode)
    with pytest.raises(HomeError, match="HOM-030"):
        remind(told, ledger, LATE)


def test_nothing_is_sent_when_no_firm_has_an_address(home: Home, ledger: Ledger) -> None:
    assert remind(home, ledger, LATE) == Reminded()
