"""A file is taken when something says that it is whole; what waits is told to its firm, once."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orchestration.cli.status_command import command as status_command
from warehouse.boxes import Proof, list_boxes
from warehouse.boxes.box import Found
from warehouse.boxes.completeness import Rules, Watched, proof_of
from warehouse.config import ConsortiumConfig, Intake
from warehouse.home import Home, init_home, open_box
from warehouse.intake.validate import validate_landed
from warehouse.landing import LandingReport, land_pending
from warehouse.ledger import Ledger
from warehouse.manifests import read_hash
from warehouse.status import waiting_files

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
WAGE = "wage_2026Q1.csv"
SHA = hashlib.sha256(b"rows").hexdigest()
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def home_with(tmp_path: Path, config: ConsortiumConfig, **intake: Any) -> Home:
    return init_home(tmp_path / "quiet", config.model_copy(update={"intake": Intake(**intake)}))


@pytest.fixture
def quiet(tmp_path: Path, config: ConsortiumConfig) -> Home:
    """A home whose firms upload as they like, as a new home assumes."""
    return home_with(tmp_path, config)


def drop(home: Home, name: str, content: bytes = b"rows", *, changed: datetime = NOON) -> Path:
    path = open_box(home, "acme") / name
    path.write_bytes(content)
    os.utime(path, (changed.timestamp(), changed.timestamp()))
    return path


def land(home: Home, now: datetime) -> LandingReport:
    with Ledger.open(home, clock=lambda: now) as ledger:
        return land_pending(home, ledger, clock=lambda: now)


def bodies(home: Home, kind: str) -> list[Any]:
    with Ledger.open(home) as ledger:
        return [entry.body for entry in ledger.entries(kind)]


def notices(home: Home) -> list[dict[str, Any]]:
    found = sorted(home.outbox("acme").glob("waiting-*.receipt.json"))
    return [json.loads(path.read_text()) for path in found]


@pytest.mark.parametrize("seconds,landed", [(0, 0), (119, 0), (120, 1), (121, 1)])
def test_bare_file_is_taken_provisionally_once_it_rests(quiet: Home, seconds: int, landed: int) -> None:
    drop(quiet, WAGE)
    assert land(quiet, NOON + seconds * SECOND) == LandingReport(received=landed, waiting=1 - landed)
    assert [body["proof"] for body in bodies(quiet, "RECEIVED")] == ["QUIET"] * landed


def test_rest_begins_anew_when_the_file_changes(quiet: Home) -> None:
    drop(quiet, WAGE)
    drop(quiet, WAGE, b"rows and more", changed=NOON + 100 * SECOND)
    assert land(quiet, NOON + 130 * SECOND) == LandingReport(waiting=1)
    assert land(quiet, NOON + 220 * SECOND) == LandingReport(received=1)


@pytest.mark.fault("F11")
@pytest.mark.parametrize("changed", [NOON + 400 * DAY, NOON + SECOND])
def test_file_from_the_future_is_taken_once_this_house_has_seen_it_rest(
    quiet: Home, changed: datetime
) -> None:
    drop(quiet, WAGE, changed=changed)
    assert land(quiet, NOON) == LandingReport(waiting=1)
    assert land(quiet, NOON + 119 * SECOND) == LandingReport(waiting=1)
    assert land(quiet, NOON + 121 * SECOND) == LandingReport(received=1)


@pytest.mark.fault("F11")
def test_file_is_not_forgotten_when_this_houses_clock_goes_back(quiet: Home) -> None:
    drop(quiet, WAGE, changed=NOON + DAY)
    assert land(quiet, NOON + DAY) == LandingReport(waiting=1)
    assert land(quiet, NOON) == LandingReport(waiting=1)
    assert land(quiet, NOON + 120 * SECOND) == LandingReport(received=1)


@pytest.mark.parametrize(
    "name,content,proof",
    [
        (f"{WAGE}.manifest.json", json.dumps({"sha256": SHA}), "MANIFEST"),
        (f"{WAGE}.sha256", f"{SHA}  {WAGE}\n", "HASH"),
        (f"{WAGE}.sha256", SHA.upper(), "HASH"),
    ],
)
def test_file_is_taken_at_once_when_a_manifest_or_hash_lies_beside_it(
    quiet: Home, name: str, content: str, proof: str
) -> None:
    drop(quiet, WAGE)
    drop(quiet, name, content.encode())
    assert land(quiet, NOON) == LandingReport(received=1)
    assert [body["proof"] for body in bodies(quiet, "RECEIVED")] == [proof]
    assert not list(quiet.inbox("acme").iterdir())


@pytest.mark.fault("F13")
@pytest.mark.parametrize("name", [f"{WAGE}.manifest.json", f"{WAGE}.sha256"])
def test_file_that_is_not_what_its_hash_says_waits_for_rest_and_is_then_refused(
    quiet: Home, name: str
) -> None:
    drop(quiet, WAGE, b"ro")
    drop(quiet, name, json.dumps({"sha256": SHA}).encode() if name.endswith("json") else SHA.encode())
    assert land(quiet, NOON + 60 * SECOND) == LandingReport(waiting=1)
    assert land(quiet, NOON + 120 * SECOND) == LandingReport(refused=1)
    assert [body["code"] for body in bodies(quiet, "REFUSED")] == ["FIL-030"]


def test_file_is_received_when_it_becomes_what_its_hash_says(quiet: Home) -> None:
    drop(quiet, f"{WAGE}.sha256", SHA.encode())
    drop(quiet, WAGE, b"ro")
    assert land(quiet, NOON) == LandingReport(waiting=1)
    drop(quiet, WAGE, b"rows")
    assert land(quiet, NOON + SECOND) == LandingReport(received=1)


@pytest.mark.parametrize("wrong", [0, 1])
def test_wrong_hash_is_not_overlooked_when_manifest_and_hash_differ(quiet: Home, wrong: int) -> None:
    hashes = [SHA, SHA]
    hashes[wrong] = "0" * 64
    drop(quiet, WAGE, changed=NOON - DAY)
    drop(quiet, f"{WAGE}.manifest.json", json.dumps({"sha256": hashes[0]}).encode())
    drop(quiet, f"{WAGE}.sha256", hashes[1].encode())
    assert land(quiet, NOON) == LandingReport(refused=1)


@pytest.mark.parametrize(
    "content", [b"", b"abc", b"g" * 64, b"0" * 65, SHA.encode() + b"x", b"\xff" * 64, b"0" * 63 + b"\n"]
)
def test_bare_hash_is_unusable_when_it_is_none(quiet: Home, content: bytes) -> None:
    assert read_hash(content) is None
    drop(quiet, WAGE)
    drop(quiet, f"{WAGE}.sha256", content)
    assert land(quiet, NOON) == LandingReport(refused=1)
    assert [body["code"] for body in bodies(quiet, "REFUSED")] == ["FIL-031"]


def test_receipt_says_provisional_until_a_hash_confirms_it(quiet: Home) -> None:
    drop(quiet, WAGE)
    land(quiet, NOON + DAY)
    with Ledger.open(quiet) as ledger:
        validate_landed(quiet, ledger)
    (body,) = bodies(quiet, "RECEIVED")
    said = json.loads((quiet.outbox("acme") / f"{body['submission_id']}.receipt.json").read_text())
    assert said["provisional"] is True
    drop(quiet, f"{WAGE}.sha256", f"{SHA}  {WAGE}".encode())
    assert land(quiet, NOON + DAY) == LandingReport(stated=1)
    (confirmed,) = bodies(quiet, "CONFIRMED")
    assert (confirmed["submission_id"], confirmed["firm_id"]) == (body["submission_id"], "acme")
    assert list(quiet.outbox("acme").glob("confirmed-*.receipt.json"))
    drop(quiet, f"{WAGE}.manifest.json", json.dumps({"sha256": SHA}).encode())
    assert land(quiet, NOON + DAY) == LandingReport(duplicates=1)
    assert not list(quiet.inbox("acme").iterdir())


def test_hash_of_other_bytes_confirms_nothing(quiet: Home) -> None:
    drop(quiet, WAGE)
    land(quiet, NOON + DAY)
    drop(quiet, f"{WAGE}.sha256", ("0" * 64).encode())
    assert land(quiet, NOON + DAY) == LandingReport(waiting=1)
    assert not bodies(quiet, "CONFIRMED")


def test_resting_file_waits_for_its_hash_when_the_consortium_wants_confirmation(
    tmp_path: Path, config: ConsortiumConfig
) -> None:
    home = home_with(tmp_path, config, provisional="confirm")
    drop(home, WAGE)
    assert land(home, NOON + DAY) == LandingReport(waiting=1)
    assert [one.code for one in waiting_files(home)] == ["WAI-003"]
    assert land(home, NOON + 2 * DAY) == LandingReport(waiting=1)
    assert [one["status"] for one in notices(home)] == ["WAITING"]
    drop(home, f"{WAGE}.sha256", SHA.encode())
    assert land(home, NOON + 2 * DAY) == LandingReport(received=1)
    assert [body["proof"] for body in bodies(home, "RECEIVED")] == ["HASH"]


@pytest.mark.fault("F13")
@pytest.mark.parametrize(
    "name,code",
    [(f"{WAGE}.part", "WAI-001"), (f"{WAGE}.manifest.json", "WAI-002"), (f"{WAGE}.sha256", "WAI-002")],
)
def test_firm_is_told_once_what_has_waited_for_a_day(quiet: Home, name: str, code: str) -> None:
    drop(quiet, name, b"{}")
    for now, told in ((NOON, 0), (NOON + DAY - SECOND, 0), (NOON + DAY, 1), (NOON + 2 * DAY, 1)):
        assert land(quiet, now) == LandingReport(waiting=1)
        assert len(notices(quiet)) == told
    (body,) = bodies(quiet, "WAITING")
    assert body == {
        "firm_id": "acme",
        "file_name": name,
        "code": code,
        "contract": "wage",
        "period": "2026Q1",
    }
    assert (quiet.inbox("acme") / name).is_file()


def test_upload_that_still_grows_is_not_called_abandoned(quiet: Home) -> None:
    for step in range(4):
        drop(quiet, f"{WAGE}.part", b"x" * (step + 1))
        land(quiet, NOON + step * DAY)
    assert not notices(quiet)


def test_status_lists_what_waits_and_why(quiet: Home) -> None:
    drop(quiet, f"{WAGE}.part")
    drop(quiet, "wage_2026Q2.csv")
    land(quiet, NOON)
    assert [(one.file_name, one.code) for one in waiting_files(quiet)] == [
        (f"{WAGE}.part", "WAI-001"),
        ("wage_2026Q2.csv", "WAI-004"),
    ]
    said = CliRunner().invoke(status_command, ["--home", str(quiet.root), "--waiting", "--json"])
    assert [one["code"] for one in json.loads(said.output)] == ["WAI-001", "WAI-004"]
    said = CliRunner().invoke(status_command, ["--home", str(quiet.root)])
    assert "2 in the boxes not taken yet" in said.output


def test_look_at_the_boxes_is_remembered_between_runs_and_no_more_than_needed(quiet: Home) -> None:
    drop(quiet, WAGE, changed=NOON + DAY)
    first = list_boxes(quiet, NOON)
    assert [one.since for one in list_boxes(quiet, NOON + 60 * SECOND).waiting] == [first.waiting[0].since]
    assert [one.proof for one in list_boxes(quiet, NOON + 120 * SECOND).drops] == [Proof.QUIET]
    assert [one.proof for one in list_boxes(quiet, NOON + 150 * SECOND).drops] == [Proof.QUIET]
    (quiet.inbox("acme") / WAGE).unlink()
    list_boxes(quiet, NOON)
    assert (quiet.landing / "waiting.json").read_text() == "[]"


@pytest.mark.parametrize("broken", ["", "{}", "[[1]]", '[["a", "b", "c", "never", "d"]]'])
def test_broken_memory_costs_a_wait_only(quiet: Home, broken: str) -> None:
    (quiet.landing / "waiting.json").write_text(broken)
    drop(quiet, WAGE)
    assert land(quiet, NOON) == LandingReport(waiting=1)
    assert land(quiet, NOON + 120 * SECOND) == LandingReport(received=1)


def test_killed_clearing_leaves_no_lonely_manifest(quiet: Home) -> None:
    """The file goes last: what a killed run leaves is known by its bytes, with or without its manifest."""
    content = json.dumps({"sha256": SHA}).encode()
    for left in ((WAGE,), (WAGE, f"{WAGE}.manifest.json"), (f"{WAGE}.manifest.json",)):
        drop(quiet, WAGE)
        drop(quiet, f"{WAGE}.manifest.json", content)
        land(quiet, NOON)
        for name in left:
            drop(quiet, name, content if name.endswith("json") else b"rows")
        assert land(quiet, NOON + DAY) == LandingReport(duplicates=1)
        assert not list(quiet.inbox("acme").iterdir())


RULES = Rules(are_renamed=False, quiet=120 * SECOND, quiet_is_enough=True)
FILE = Found(WAGE, True, 4, NOON, "1")


def test_proofs_are_trusted_in_their_order() -> None:
    manifest, digest = (Found(f"{WAGE}.{end}", True, 1, NOON, "2") for end in ("manifest.json", "sha256"))
    renamed = Rules(are_renamed=True, quiet=120 * SECOND, quiet_is_enough=True)
    asked: list[tuple[tuple[Found, ...], Rules, bool]] = [
        ((manifest, digest), renamed, True),
        ((digest,), renamed, True),
        ((), renamed, True),
        ((), renamed, False),
        ((), RULES, False),
    ]
    told = [proof_of(by, rules, is_whole_at_once=whole, has_rested=True) for by, rules, whole in asked]
    assert told == [Proof.MANIFEST, Proof.HASH, Proof.OBJECT, Proof.RENAME, Proof.QUIET]
    assert proof_of((), RULES, is_whole_at_once=False, has_rested=False) is None


@pytest.mark.parametrize("ours,rested", [(True, True), (False, False)])
def test_stores_time_is_believed_only_when_its_clock_is_ours(ours: bool, rested: bool) -> None:
    watched = Watched(NOON + 119 * SECOND, has_our_clock=ours)
    assert watched.has_rested(FILE, RULES.quiet, NOON + 120 * SECOND) is rested
