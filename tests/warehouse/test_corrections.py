"""Replacing, correcting, withdrawing, answering: from the box to the rows that count and the receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from itertools import islice, permutations
from typing import Any

import pytest

from contracts.corrections import REASONS
from contracts.extracts.wage import Wage
from tests.warehouse.conftest import Drop, MakeHome
from warehouse.duck import connect
from warehouse.home import Home, open_box
from warehouse.in_force import KINDS, load_accepted, overruled_records, submissions_in_force, write_in_force
from warehouse.intake.validate import validate_landed
from warehouse.landing import LandingReport, land_pending
from warehouse.ledger import STATED, Ledger
from warehouse.status import standings
from warehouse.vault import Vault

NAME = "wage_2026Q1.csv"
HEADER = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd"
CORRECTING = HEADER + ",record_action,correction_reason"
ANN, BEN, CAT = (hashlib.sha256(name.encode()).hexdigest() for name in ("ann", "ben", "cat"))
IDS = [f"01ARZ3NDEKTSV4RRFFQ69G5FA{letter}" for letter in "ABCDEFGH"]

Send = Callable[..., dict[str, Any]]


def whole(**dollars: int) -> bytes:
    people = {"ann": ANN, "ben": BEN, "cat": CAT}
    return "\n".join([HEADER, *(f"{people[p]},1,F001,2026Q1,{d}" for p, d in dollars.items()), ""]).encode()


def correcting(*rows: str) -> bytes:
    return "\n".join([CORRECTING, *rows, ""]).encode()


def put(person: str, dollars: object) -> str:
    return f"{person},1,F001,2026Q1,{dollars},U,KEYING"


def delete(person: str) -> str:
    return f"{person},,F001,2026Q1,,D,OTHER"


def manifest(kind: str, supersedes: str | None, **more: object) -> str:
    return json.dumps({"submission_type": kind, "supersedes": supersedes} | more)


@pytest.fixture
def send(home: Home, ledger: Ledger, drop: Drop) -> Send:
    """Drop a file (None: a manifest alone) with a manifest, take it, judge it; the newest receipt."""

    def act(content: bytes | None, said: str | None = None, name: str = NAME) -> dict[str, Any]:
        if content is None:
            (open_box(home, "F001") / f"{name}.manifest.json").write_text(said or "")
        else:
            drop(home, "F001", name, content, said)
        before = {path: path.read_bytes() for path in home.outbox("F001").glob("*.json")}
        land_pending(home, ledger)
        validate_landed(home, ledger)
        now = {path: path.read_bytes() for path in home.outbox("F001").glob("*.json")}
        new = [json.loads(content) for path, content in now.items() if before.get(path) != content]
        return max(new, key=lambda receipt: receipt["ledger"]["seq"], default={})

    return act


def counting(home: Home, ledger: Ledger, at_head: int | None = None) -> dict[str, int]:
    """Person and dollars of the wage rows that count."""
    in_force = submissions_in_force(ledger.entries(*KINDS, up_to=at_head))
    with connect() as con:
        load_accepted(con, home, "wage", in_force, "rows")
        rows = con.execute("SELECT learner_key, CAST(gross_wages_usd AS INTEGER) FROM rows").fetchall()
    assert len(rows) == len({key for key, _ in rows})
    names = {ANN: "ann", BEN: "ben", CAT: "cat"}
    return {names[key]: dollars for key, dollars in rows}


def test_correction_changes_only_the_keys_it_names(home: Home, ledger: Ledger, send: Send) -> None:
    first = send(whole(ann=9000, ben=8000))
    second = send(
        correcting(put(ANN, 9500), put(CAT, 7000), delete(BEN)),
        manifest("CORRECTION", first["submission_id"], row_count=3),
    )
    assert (second["status"], second["accepted"], second["codes"]) == ("ACCEPTED", 3, [])
    assert counting(home, ledger) == {"ann": 9500, "cat": 7000}
    assert counting(home, ledger, first["ledger"]["seq"]) == {"ann": 9000, "ben": 8000}


def test_correction_of_a_correction_and_a_replacement_of_both(home: Home, ledger: Ledger, send: Send) -> None:
    first = send(whole(ann=9000, ben=8000))
    second = send(correcting(delete(ANN)), manifest("CORRECTION", first["submission_id"]))
    third = send(correcting(put(ANN, 1)), manifest("CORRECTION", second["submission_id"]))
    assert counting(home, ledger) == {"ann": 1, "ben": 8000}
    send(whole(cat=5), manifest("REPLACEMENT", third["submission_id"]))
    assert counting(home, ledger) == {"cat": 5}


def test_late_correction_of_what_was_replaced_has_no_effect(home: Home, ledger: Ledger, send: Send) -> None:
    first = send(whole(ann=9000), json.dumps({"submission_id": IDS[0]}))
    send(whole(ben=8000), manifest("REPLACEMENT", IDS[0], as_of="2026-05-02T00:00:00Z"))
    earlier = manifest("CORRECTION", first["submission_id"], as_of="2026-05-01T00:00:00Z")
    send(correcting(put(CAT, 1)), earlier)
    assert counting(home, ledger) == {"ben": 8000}


def test_row_to_delete_is_told_when_no_row_with_its_key_counts(
    home: Home, ledger: Ledger, send: Send
) -> None:
    first = send(whole(ann=9000))
    receipt = send(correcting(delete(BEN)), manifest("CORRECTION", first["submission_id"]))
    assert receipt["status"] == "ACCEPTED"
    assert [(one["code"], one["severity"]) for one in receipt["codes"]] == [("COR-401", "WARNING")]
    assert counting(home, ledger) == {"ann": 9000}


@pytest.mark.parametrize(
    "row,code",
    [
        (f"{ANN},1,F001,2026Q1,,U,KEYING", "COR-101"),
        (f"{ANN},1,F001,2026Q1,9000,X,KEYING", "CEL-160"),
        (f"{ANN},1,F001,2026Q1,9000,U,", "CEL-101"),
        (f"{ANN},1,F001,2026Q1,1.234,D,KEYING", "CEL-140"),
        (",1,F001,2026Q1,,D,KEYING", "CEL-101"),
        (f"{ANN},1,F002,2026Q1,9000,U,KEYING", "BOX-001"),
    ],
)
def test_row_of_a_correction_is_quarantined_when_it_breaks_its_contract(
    home: Home, ledger: Ledger, send: Send, row: str, code: str
) -> None:
    first = send(whole(ann=9000, ben=8000))
    receipt = send(correcting(row, put(BEN, 1)), manifest("CORRECTION", first["submission_id"]))
    assert (receipt["status"], [one["code"] for one in receipt["codes"]]) == ("PARTIAL", [code])
    assert counting(home, ledger) == {"ann": 9000, "ben": 1}


def test_file_without_actions_is_refused_as_a_correction(home: Home, ledger: Ledger, send: Send) -> None:
    first = send(whole(ann=9000))
    receipt = send(whole(ann=1), manifest("CORRECTION", first["submission_id"]))
    assert receipt["status"] == "REJECTED"
    assert {one["column"] for one in receipt["file_findings"]} == {"record_action", "correction_reason"}
    assert counting(home, ledger) == {"ann": 9000}


def test_correction_counts_nowhere_when_what_it_corrects_was_rejected(
    home: Home, ledger: Ledger, send: Send
) -> None:
    first = send(b"nonsense\n1\n")
    send(correcting(put(ANN, 1)), manifest("CORRECTION", first["submission_id"]))
    assert counting(home, ledger) == {}
    assert [one.status for one in submissions_in_force(ledger.entries(*KINDS))] == ["REJECTED"]


def test_withdrawal_ends_the_extract_until_it_is_sent_again(home: Home, ledger: Ledger, send: Send) -> None:
    first = send(whole(ann=9000))
    head = ledger.head().seq
    gone = send(None, manifest("WITHDRAWAL", first["submission_id"], reason="LEGAL_HOLD"))
    assert (gone["status"], counting(home, ledger)) == ("WITHDRAWN", {})
    assert submissions_in_force(ledger.entries(*KINDS)) == []
    assert counting(home, ledger, head) == {"ann": 9000}
    send(whole(ann=7), manifest("REPLACEMENT", gone["submission_id"]))
    assert counting(home, ledger) == {"ann": 7}


def test_same_withdrawal_again_has_no_effect(home: Home, ledger: Ledger, send: Send) -> None:
    said = manifest("WITHDRAWAL", send(whole(ann=9000))["submission_id"])
    send(None, said)
    head = ledger.head()
    assert send(None, said) == {}
    assert ledger.head() == head
    assert list(home.inbox("F001").iterdir()) == []


@pytest.mark.parametrize("kind,left", [("REPLACEMENT", {"ben": 1}), ("CORRECTION", {"ann": 9000, "ben": 1})])
def test_held_file_takes_effect_when_a_manifest_alone_says_what_it_is(
    home: Home, ledger: Ledger, send: Send, kind: str, left: dict[str, int]
) -> None:
    first = send(whole(ann=9000))
    held = send(correcting(put(BEN, 1)))
    assert (held["status"], counting(home, ledger)) == ("HELD", {"ann": 9000})
    send(None, manifest(kind, first["submission_id"], answers=held["submission_id"]))
    assert counting(home, ledger) == left
    (wages,) = (one for one in standings(home, ledger) if one.contract == "wage")
    assert (wages.held, wages.pending, wages.adds_up) == (0, 0, True)


def test_held_file_is_taken_back_when_it_is_withdrawn(home: Home, ledger: Ledger, send: Send) -> None:
    first = send(whole(ann=9000))
    held = send(whole(ben=1))
    receipt = send(None, manifest("WITHDRAWAL", held["submission_id"]))
    assert (receipt["status"], counting(home, ledger)) == ("TAKEN_BACK", {"ann": 9000})
    answer = send(None, manifest("REPLACEMENT", first["submission_id"], answers=held["submission_id"]))
    assert (answer["status"], answer["code"]) == ("REFUSED", "FIL-039")


def test_answer_is_refused_when_it_is_for_another_firms_or_an_unheld_submission(
    home: Home, ledger: Ledger, send: Send, drop: Drop
) -> None:
    first = send(whole(ann=9000))
    drop(home, "F002", NAME, b"one")
    drop(home, "F002", "wage_2026Q2.csv", b"one")
    land_pending(home, ledger)
    drop(home, "F002", NAME, b"two")
    land_pending(home, ledger)
    theirs = json.loads(next(home.outbox("F002").glob("*.json")).read_bytes())["submission_id"]
    for held in (theirs, first["submission_id"]):
        receipt = send(None, manifest("REPLACEMENT", first["submission_id"], answers=held))
        assert (receipt["status"], receipt["code"]) == ("REFUSED", "FIL-039")


def test_correction_waits_and_counts_once_what_it_names_arrives(
    home: Home, ledger: Ledger, send: Send
) -> None:
    waiting = send(correcting(put(BEN, 1)), manifest("CORRECTION", IDS[0]))
    assert (waiting["status"], counting(home, ledger)) == ("WAITING", {})
    assert land_pending(home, ledger) == LandingReport()
    send_both = home.outbox("F001")
    drop_original = open_box(home, "F001") / NAME
    drop_original.write_bytes(whole(ann=9000))
    drop_original.with_name(NAME + ".manifest.json").write_text(json.dumps({"submission_id": IDS[0]}))
    land_pending(home, ledger)
    validate_landed(home, ledger)
    assert counting(home, ledger) == {"ann": 9000, "ben": 1}
    receipt = json.loads((send_both / f"{waiting['submission_id']}.receipt.json").read_bytes())
    assert receipt["status"] == "ACCEPTED"


def test_lone_manifest_waits_unread_when_it_needs_its_file(home: Home, ledger: Ledger) -> None:
    alone = open_box(home, "F001") / f"{NAME}.manifest.json"
    for text in ('{"submission_type": "WITHD', json.dumps({"submission_id": IDS[0]})):
        alone.write_text(text)
        assert land_pending(home, ledger) == LandingReport(waiting=1)
    assert alone.is_file()
    assert ledger.head().seq == 0


LINKED = [
    (whole(ann=1, ben=2), {"submission_id": IDS[0]}),
    (correcting(put(ANN, 3), delete(BEN)), {"submission_id": IDS[1], "supersedes": IDS[0]}),
    (correcting(put(BEN, 4)), {"supersedes": IDS[1], "as_of": "2026-05-01T00:00:00Z"}),
    (correcting(put(BEN, 5), put(CAT, 6)), {"supersedes": IDS[1], "as_of": "2026-05-01T02:00:00+01:00"}),
]


def test_end_state_is_the_same_in_any_order_of_arrival(make_home: MakeHome, drop: Drop) -> None:
    """Trap 12: of the two that follow the same one, the later as_of has the last word, in any time zone."""
    for number, order in enumerate(islice(permutations(LINKED), 0, None, 5)):
        home = make_home(f"h{number}")
        with Ledger.open(home) as ledger:
            for content, said in order:
                kind = "CORRECTION" if "supersedes" in said else "ORIGINAL"
                drop(home, "F001", NAME, content, json.dumps({"submission_type": kind} | said))
                land_pending(home, ledger)
            validate_landed(home, ledger)
            assert counting(home, ledger) == {"ann": 3, "ben": 5, "cat": 6}, order


def test_records_overruled_are_listed_with_the_submissions_in_force(
    home: Home, ledger: Ledger, send: Send
) -> None:
    first = send(whole(ann=1, ben=2, cat=3))
    second = send(correcting(delete(BEN), put(CAT, 4)), manifest("CORRECTION", first["submission_id"]))
    in_force = submissions_in_force(ledger.entries(*KINDS))
    listed = overruled_records(home, in_force)
    assert listed == {first["submission_id"]: [2, 3], second["submission_id"]: [1]}
    assert write_in_force(home, ledger, home.builds / "in_force.parquet") == 2
    assert overruled_records(home, in_force[:1]) == {}


def test_statement_is_entered_with_the_manifests_hash_and_kept(
    home: Home, ledger: Ledger, send: Send
) -> None:
    first = send(whole(ann=1))
    said = manifest("WITHDRAWAL", first["submission_id"], reason="FIRM_LEAVES", attestation="free text")
    send(None, said)
    (entry,) = ledger.entries(STATED)
    assert entry.body["sha256"] == hashlib.sha256(said.encode()).hexdigest()
    assert entry.body["manifest"]["reason"] == "FIRM_LEAVES"
    assert "free text" not in json.dumps(entry.body)
    assert Vault(home).read("F001", "2026Q1", str(entry.body["sha256"])) == said.encode()


def test_reasons_of_the_wage_contract_are_those_of_every_correction() -> None:
    assert tuple(REASONS) == Wage.column("correction_reason").field.codes
