"""The ledger only grows, two homes with the same inputs agree, and every tampering is found at its number."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest

from contracts.errors import LedgerError
from warehouse.chain import GENESIS, Head, entry_hash
from warehouse.home import Home
from warehouse.issuing import Issuer
from warehouse.ledger import Entry, Ledger, NewEntry, OutboxItem

MakeHome = Callable[[str], Home]


def fill(ledger: Ledger, entries: int = 5) -> list[Entry]:
    return ledger.append_many([NewEntry("NOTE", {"number": number}) for number in range(entries)])


def tamper(home: Home, *statements: str) -> None:
    """What somebody with the file can do once the triggers are dropped."""
    with closing(sqlite3.connect(home.ledger_path)) as store:
        for trigger in ("entry_follows", "entry_stays", "entry_remains"):
            store.execute(f"DROP TRIGGER {trigger}")
        store.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            store.execute(statement)
        store.commit()


def test_entry_follows_from_the_one_before(ledger: Ledger) -> None:
    first, second = fill(ledger, 2)
    assert (first.seq, first.prev) == (1, GENESIS)
    assert (second.seq, second.prev) == (2, first.hash)
    assert second.hash == entry_hash(2, "NOTE", {"number": 1}, first.hash)
    assert ledger.head() == Head(2, second.hash)


@pytest.mark.fault("F11")
def test_heads_agree_when_two_homes_record_the_same_at_other_times(make_home: MakeHome) -> None:
    heads = []
    for year in (2026, 2031):
        with Ledger.open(make_home(f"h{year}"), clock=lambda y=year: datetime(y, 1, 1, tzinfo=UTC)) as ledger:
            fill(ledger)
            heads.append(ledger.head())
            assert ledger.verify().head == heads[-1]
    assert heads[0] == heads[1]


def test_grouping_of_appends_does_not_matter_to_the_chain(make_home: MakeHome) -> None:
    with Ledger.open(make_home("one")) as one, Ledger.open(make_home("two")) as two:
        fill(one, 3)
        for number in range(3):
            two.append("NOTE", {"number": number})
        assert one.head() == two.head()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = '{}' WHERE seq = 2",
        "UPDATE entry SET recorded_at = '' WHERE seq = 2",
        "DELETE FROM entry WHERE seq = 5",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 2",
        "INSERT INTO entry SELECT 9, kind, body, prev, 'x', recorded_at, signature FROM entry WHERE seq = 2",
    ],
)
def test_store_refuses_when_somebody_changes_it(home: Home, ledger: Ledger, statement: str) -> None:
    fill(ledger)
    with (
        closing(sqlite3.connect(home.ledger_path)) as store,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        store.execute(statement)


SWAP = (
    "CREATE TEMP TABLE old AS SELECT * FROM entry",
    "UPDATE entry SET body = (SELECT body FROM old WHERE seq = 5) WHERE seq = 3",
    "UPDATE entry SET body = (SELECT body FROM old WHERE seq = 3) WHERE seq = 5",
)


@pytest.mark.fault("F21")
@pytest.mark.parametrize(
    "statements,seq",
    [
        (("UPDATE entry SET body = '{\"number\":7}' WHERE seq = 3",), 3),
        (("UPDATE entry SET body = 'torn' WHERE seq = 3",), 3),
        (("UPDATE entry SET body = '{\"number\":1e400}' WHERE seq = 3",), 3),
        (("UPDATE entry SET kind = 'OTHER' WHERE seq = 1",), 1),
        (("UPDATE entry SET recorded_at = '2001-01-01T00:00:00+00:00' WHERE seq = 4",), 4),
        (("UPDATE entry SET signature = 'zz' WHERE seq = 4",), 4),
        (("UPDATE entry SET hash = 'x' WHERE seq = 5",), 5),
        (("DELETE FROM entry WHERE seq = 1",), 1),
        (("DELETE FROM entry WHERE seq = 3",), 3),
        (SWAP, 3),
    ],
)
def test_verify_names_the_first_bad_number_when_the_file_was_tampered_with(
    home: Home, ledger: Ledger, statements: tuple[str, ...], seq: int
) -> None:
    fill(ledger)
    tamper(home, *statements)
    with pytest.raises(LedgerError, match=rf"LED-002 in .*sequence {seq}:"):
        ledger.verify()


@pytest.mark.fault("F21")
def test_verify_finds_a_fork_when_entries_were_rehashed_without_the_key(home: Home, ledger: Ledger) -> None:
    *_, last = fill(ledger)
    forged = entry_hash(last.seq, last.kind, {"number": 99}, last.prev)
    tamper(home, f"UPDATE entry SET body = '{{\"number\":99}}', hash = '{forged}' WHERE seq = {last.seq}")
    with pytest.raises(LedgerError, match=r"sequence 5: found an entry whose signature"):
        ledger.verify()


@pytest.mark.fault("F21")
def test_verify_finds_the_cut_when_a_head_was_kept(home: Home, ledger: Ledger) -> None:
    fill(ledger)
    kept = ledger.head()
    tamper(home, "DELETE FROM entry WHERE seq >= 4")
    assert ledger.verify().entries == 3
    with pytest.raises(LedgerError, match="sequence 4"):
        ledger.verify(kept)


@pytest.mark.fault("F21")
def test_verify_finds_another_history_when_a_head_was_kept(home: Home, ledger: Ledger) -> None:
    fill(ledger)
    with pytest.raises(LedgerError, match="sequence 2"):
        ledger.verify(Head(2, "0" * 64))


def test_verify_holds_when_the_kept_head_is_older_than_the_newest(ledger: Ledger) -> None:
    entries = fill(ledger)
    assert ledger.verify(Head(2, entries[1].hash)).entries == 5
    assert ledger.verify(Head(0, GENESIS)).entries == 5


def test_nothing_is_recorded_when_one_entry_of_a_group_fails(ledger: Ledger) -> None:
    def fail(_entry: Entry, _issuer: Issuer) -> bytes:
        raise RuntimeError("no receipt")

    group = [NewEntry("NOTE", {}), NewEntry("NOTE", {}, (OutboxItem("out/x", fail),))]
    with pytest.raises(RuntimeError, match="no receipt"):
        ledger.append_many(group)
    assert ledger.head().seq == 0
    assert not list(ledger.outbox())


@pytest.mark.parametrize("kind", ["RECEIVED", "VALIDATED"])
def test_submission_is_taken_once_when_two_runs_record_it(ledger: Ledger, kind: str) -> None:
    ledger.append(kind, {"submission_id": "sub-1"})
    with pytest.raises(LedgerError, match="LED-003"):
        ledger.append(kind, {"submission_id": "sub-1"})
    assert ledger.head().seq == 1


def test_entries_are_chosen_by_kind_and_range(ledger: Ledger) -> None:
    ledger.append_many([NewEntry(kind, {}) for kind in ("A", "B", "A", "C", "A")])
    assert [entry.seq for entry in ledger.entries("A", "C")] == [1, 3, 4, 5]
    assert [entry.seq for entry in ledger.entries("A", after=1, up_to=4)] == [3]
    assert [entry.seq for entry in ledger.entries()] == [1, 2, 3, 4, 5]


def test_reading_ends_at_the_head_it_began_with_when_entries_are_added_meanwhile(ledger: Ledger) -> None:
    fill(ledger, 3)
    seen = 0
    for entry in ledger.entries():
        ledger.append("NOTE", {"after": entry.seq})
        seen += 1
    assert (seen, ledger.head().seq) == (3, 6)


def test_open_refuses_when_the_file_is_missing_or_no_ledger(home: Home) -> None:
    home.ledger_path.unlink()
    with pytest.raises(LedgerError, match="LED-001"):
        Ledger.open(home)
    home.ledger_path.write_bytes(b"not a database at all, but long enough to be taken for one" * 20)
    with pytest.raises(LedgerError, match="LED-001"):
        Ledger.open(home)


def test_append_refuses_when_the_key_is_not_one(home: Home, ledger: Ledger) -> None:
    home.private_key_path.unlink()
    home.private_key_path.write_text("not a key", encoding="utf-8")
    with pytest.raises(LedgerError, match="LED-010"):
        ledger.append("NOTE", {})


def test_outbox_file_carries_its_entry_number_and_hash(ledger: Ledger) -> None:
    item = OutboxItem("boxes/f/out/{seq}.json", lambda entry, _issuer: f"{entry.seq} {entry.hash}".encode())
    entry = ledger.append("NOTE", {}, outbox=(item,))
    (file,) = ledger.waiting()
    assert (file.path, file.content) == ("boxes/f/out/1.json", f"1 {entry.hash}".encode())
    ledger.mark_delivered([file])
    assert not list(ledger.waiting())
    assert list(ledger.outbox()) == [file]
