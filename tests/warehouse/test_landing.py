"""Landing loses nothing, doubles nothing, believes nothing, whatever a box holds, whenever it is killed."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import IntakeError
from warehouse import blobs
from warehouse.boxes import local
from warehouse.home import Home, open_box
from warehouse.landing import GROUP, LandingReport, land_pending
from warehouse.ledger import Ledger
from warehouse.outbox import restore
from warehouse.vault import Vault

Drop = Callable[..., Path]
MakeHome = Callable[[str], Home]

ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
OTHER_ULID = "01BX5ZZKBKACTAV9WEVGEMMVRZ"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def bodies(ledger: Ledger, kind: str) -> list[Any]:
    return [entry.body for entry in ledger.entries(kind)]


def receipts(home: Home, firm: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(home.outbox(firm).glob("*.json"))]


def timeless(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Receipts without what depends on the clock and on the home's own key."""
    own = ("recorded_at", "late", "page_sha256", "signature")
    return [{name: fact for name, fact in one.items() if name not in own} for one in told]


def waiting_files(home: Home, firm: str) -> list[str]:
    return sorted(path.name for path in home.inbox(firm).iterdir())


def test_drop_is_stored_recorded_and_taken_out_of_its_box(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "acme", "wage_2026Q1.csv", b"content")
    assert land_pending(home, ledger) == LandingReport(received=1)
    (body,) = bodies(ledger, "RECEIVED")
    blob = home.blob("acme", "2026Q1", sha(b"content"))
    assert Vault(home).read("acme", "2026Q1", sha(b"content")) == b"content"
    assert b"content" not in blob.read_bytes()
    assert stat.S_IMODE(blob.stat().st_mode) == 0o440
    assert not waiting_files(home, "acme")
    assert not list((home.landing / ".tmp").iterdir())
    assert body | {"submission_id": ""} == {
        "submission_id": "",
        "firm_id": "acme",
        "contract": "wage",
        "period": "2026Q1",
        "file_name": "wage_2026Q1.csv",
        "sha256": sha(b"content"),
        "bytes": 7,
        "submission_type": "ORIGINAL",
        "supersedes": None,
        "held": False,
        "manifest": None,
        "proof": "RENAME",
    }


def test_landing_does_nothing_when_nothing_waits(home: Home, ledger: Ledger) -> None:
    assert land_pending(home, ledger) == LandingReport()
    assert ledger.head().seq == 0


@pytest.mark.fault("F14")
def test_same_bytes_have_no_effect_when_they_come_again(home: Home, ledger: Ledger, drop: Drop) -> None:
    for _ in range(2):
        drop(home, "acme", "wage_2026Q1.csv")
        report = land_pending(home, ledger)
    assert report == LandingReport(duplicates=1)
    assert ledger.head().seq == 1
    assert not waiting_files(home, "acme")


def test_same_bytes_are_two_submissions_when_two_firms_or_periods_send_them(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    for firm, name in (("acme", "wage_2026Q1.csv"), ("zeta", "wage_2026Q1.csv"), ("acme", "wage_2026Q2.csv")):
        drop(home, firm, name)
    assert land_pending(home, ledger).received == 3
    assert len({body["submission_id"] for body in bodies(ledger, "RECEIVED")}) == 3
    assert len({body["sha256"] for body in bodies(ledger, "RECEIVED")}) == 1


@pytest.mark.fault("F14")
def test_second_file_is_held_with_a_receipt_when_it_does_not_say_what_it_is(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    for content in (b"first", b"second"):
        drop(home, "acme", "wage_2026Q1.csv", content)
        report = land_pending(home, ledger)
    assert report == LandingReport(received=1, held=1)
    assert [body["held"] for body in bodies(ledger, "RECEIVED")] == [False, True]
    (receipt,) = receipts(home, "acme")
    assert (receipt["status"], receipt["ledger"]["seq"]) == ("HELD", 2)
    assert "REPLACEMENT" in receipt["remedy"]


def replacement(supersedes: str, **more: object) -> str:
    return json.dumps({"submission_type": "REPLACEMENT", "supersedes": supersedes} | more)


def test_replacement_is_received_when_it_names_the_house_id(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "acme", "wage_2026Q1.csv", b"first")
    land_pending(home, ledger)
    first = bodies(ledger, "RECEIVED")[0]["submission_id"]
    drop(home, "acme", "wage_2026Q1.csv", b"second", replacement(first))
    assert land_pending(home, ledger) == LandingReport(received=1)
    body = bodies(ledger, "RECEIVED")[1]
    assert (body["submission_type"], body["supersedes"], body["held"]) == ("REPLACEMENT", first, False)
    assert not waiting_files(home, "acme")


def test_replacement_is_received_when_it_names_the_firms_own_id(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "acme", "wage_2026Q1.csv", b"first", json.dumps({"submission_id": ULID}))
    land_pending(home, ledger)
    drop(home, "acme", "wage_2026Q1.csv", b"second", replacement(ULID))
    land_pending(home, ledger)
    first, second = bodies(ledger, "RECEIVED")
    assert (second["supersedes"], second["held"]) == (ULID, False)
    assert first["manifest"]["submission_id"] == ULID
    assert home.blob("acme", "2026Q1", first["manifest"]["sha256"]).is_file()


def test_held_file_is_received_when_it_comes_again_and_says_what_it_is(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    for content in (b"first", b"second"):
        drop(home, "acme", "wage_2026Q1.csv", content)
        land_pending(home, ledger)
    first = bodies(ledger, "RECEIVED")[0]["submission_id"]
    drop(home, "acme", "wage_2026Q1.csv", b"second", replacement(first))
    assert land_pending(home, ledger) == LandingReport(received=1)


@pytest.mark.fault("F14")
def test_revert_is_received_when_it_says_what_it_supersedes(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "acme", "wage_2026Q1.csv", b"A")
    land_pending(home, ledger)
    for content in (b"B", b"A"):
        newest = bodies(ledger, "RECEIVED")[-1]["submission_id"]
        drop(home, "acme", "wage_2026Q1.csv", content, replacement(newest))
        land_pending(home, ledger)
    assert [body["sha256"] for body in bodies(ledger, "RECEIVED")] == [sha(b"A"), sha(b"B"), sha(b"A")]
    drop(home, "acme", "wage_2026Q1.csv", b"A")
    assert land_pending(home, ledger) == LandingReport(duplicates=1)


def test_replacement_is_held_when_what_it_names_has_not_come(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "acme", "wage_2026Q1.csv", b"second", replacement(OTHER_ULID))
    assert land_pending(home, ledger) == LandingReport(received=1, held=1)
    drop(home, "acme", "wage_2026Q1.csv", b"first")
    assert land_pending(home, ledger) == LandingReport(received=1)


def test_replacement_is_held_as_if_unknown_when_it_names_another_firms_file(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "zeta", "wage_2026Q1.csv", b"theirs", json.dumps({"submission_id": ULID}))
    land_pending(home, ledger)
    theirs = bodies(ledger, "RECEIVED")[0]["submission_id"]
    drop(home, "acme", "wage_2026Q1.csv", b"mine", replacement(theirs))
    drop(home, "acme", "wage_2026Q2.csv", b"mine", replacement(ULID))
    assert land_pending(home, ledger) == LandingReport(received=2, held=2)


@pytest.mark.fault("F13")
@pytest.mark.parametrize(
    "manifest,code",
    [
        (json.dumps({"sha256": "0" * 64}), "FIL-030"),
        (json.dumps({"period": "2026Q2"}), "FIL-030"),
        (json.dumps({"contract": "enrollment"}), "FIL-030"),
        ("not json", "FIL-031"),
        ('{"firm_id": "zeta"}', "FIL-031"),
        ('{"attestation": "' + "x" * 70_000 + '"}', "FIL-031"),
        (json.dumps({"submission_type": "WITHDRAWAL", "supersedes": ULID}), "FIL-032"),
        (replacement(ULID, answers="sub-" + "0" * 24), "FIL-032"),
        (json.dumps({"answers": "sub-" + "0" * 24}), "FIL-031"),
    ],
)
def test_drop_is_refused_and_kept_aside_when_its_manifest_does_not_hold(
    home: Home, ledger: Ledger, drop: Drop, manifest: str, code: str
) -> None:
    drop(home, "acme", "wage_2026Q1.csv", b"rows", manifest)
    assert land_pending(home, ledger) == LandingReport(refused=1)
    (body,) = bodies(ledger, "REFUSED")
    assert (body["code"], body["sha256"], body["contract"]) == (code, sha(b"rows"), "wage")
    aside = home.refused("acme") / "1"
    assert (aside / "wage_2026Q1.csv").read_bytes() == b"rows"
    assert (aside / "wage_2026Q1.csv.manifest.json").read_text(encoding="utf-8") == manifest
    (receipt,) = receipts(home, "acme")
    assert (receipt["status"], receipt["code"], receipt["receipt_id"]) == ("REFUSED", code, "refused-1")
    assert not home.blob("acme", "2026Q1", sha(b"rows")).exists()
    assert not list((home.landing / ".tmp").iterdir())


def test_manifest_that_agrees_is_kept_and_its_claims_recorded(home: Home, ledger: Ledger, drop: Drop) -> None:
    claims = {"sha256": sha(b""), "period": "2026Q1", "contract": "wage", "row_count": 0, "nil_return": True}
    drop(home, "acme", "wage_2026Q1.csv", b"", json.dumps(claims | {"as_of": "2026-04-30T12:00:00Z"}))
    assert land_pending(home, ledger) == LandingReport(received=1)
    manifest = bodies(ledger, "RECEIVED")[0]["manifest"]
    assert (manifest["row_count"], manifest["nil_return"]) == (0, True)
    assert manifest["as_of"] == "2026-04-30T12:00:00+00:00"


def test_id_is_refused_when_the_firm_used_it_for_another_file(home: Home, ledger: Ledger, drop: Drop) -> None:
    for name in ("wage_2026Q1.csv", "wage_2026Q2.csv"):
        drop(home, "acme", name, manifest=json.dumps({"submission_id": ULID}))
    drop(home, "zeta", "wage_2026Q1.csv", manifest=json.dumps({"submission_id": ULID}))
    assert land_pending(home, ledger) == LandingReport(received=2, refused=1)
    assert [(b["firm_id"], b["code"]) for b in bodies(ledger, "REFUSED")] == [("acme", "FIL-033")]


def test_replacement_is_refused_when_it_names_another_period(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "acme", "wage_2026Q1.csv", b"first")
    land_pending(home, ledger)
    first = bodies(ledger, "RECEIVED")[0]["submission_id"]
    drop(home, "acme", "wage_2026Q2.csv", b"second", replacement(first))
    land_pending(home, ledger)
    assert bodies(ledger, "REFUSED")[0]["code"] == "FIL-034"


@pytest.mark.parametrize("size,refused", [(999_999, 0), (1_000_000, 0), (1_000_001, 1)])
def test_file_is_refused_when_it_is_larger_than_the_cap(
    home: Home, ledger: Ledger, drop: Drop, size: int, refused: int
) -> None:
    drop(home, "acme", "wage_2026Q1.csv", b"x" * size)
    assert land_pending(home, ledger).refused == refused
    assert [body["code"] for body in bodies(ledger, "REFUSED")] == ["FIL-037"] * refused
    assert not waiting_files(home, "acme")


@pytest.mark.fault("I42", "I44", "I46")
def test_links_pipes_and_folders_are_set_aside_unread(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    inbox = open_box(home, "acme")
    (tmp_path / "secret").write_bytes(b"rows of another")
    (inbox / "wage_2026Q1.csv").symlink_to(tmp_path / "secret")
    os.mkfifo(inbox / "wage_2026Q2.csv")
    (inbox / "wage_2026Q3.csv").mkdir()
    (inbox / "wage_2026Q3.csv" / "inner.csv").write_bytes(b"kept")
    assert land_pending(home, ledger) == LandingReport(refused=3)
    assert {body["code"] for body in bodies(ledger, "REFUSED")} == {"FIL-035"}
    assert all(body["sha256"] is None for body in bodies(ledger, "REFUSED"))
    assert (tmp_path / "secret").read_bytes() == b"rows of another"
    assert (home.refused("acme") / "3" / "wage_2026Q3.csv" / "inner.csv").read_bytes() == b"kept"
    assert not list((home.landing / "sha256").iterdir())


def test_refused_file_is_not_entered_again_but_never_overwritten(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    for content in (b"one", b"one", b"two"):
        drop(home, "acme", "wages.csv", content)
        assert land_pending(home, ledger) == LandingReport(refused=1)
    assert [body["sha256"] for body in bodies(ledger, "REFUSED")] == [sha(b"one"), sha(b"two")]
    kept = {path.parent.name: path.read_bytes() for path in home.refused("acme").glob("*/wages.csv")}
    assert kept == {"1": b"one", "1.2": b"one", "2": b"two"}


@pytest.mark.fault("I48")
def test_name_of_full_length_can_be_set_aside(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "acme", "x" * 255)
    assert land_pending(home, ledger) == LandingReport(refused=1)
    assert (home.refused("acme") / "1" / ("x" * 255)).is_file()


def change_while_read(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Let something happen to the source between its first and its last byte."""
    honest = blobs._pump

    def pump(*args: Any) -> tuple[str, int]:
        done = honest(*args)
        change()
        return done

    monkeypatch.setattr(blobs, "_pump", pump)


@pytest.mark.fault("F12")
def test_file_waits_when_it_grows_while_it_is_read(
    home: Home, ledger: Ledger, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(home, "acme", "wage_2026Q1.csv", b"half")

    def grow() -> None:
        with path.open("ab") as file:
            file.write(b" and the rest")

    with monkeypatch.context() as patch:
        change_while_read(patch, grow)
        assert land_pending(home, ledger) == LandingReport(waiting=1)
    assert path.read_bytes() == b"half and the rest"
    assert not list((home.landing / ".tmp").iterdir())
    assert land_pending(home, ledger) == LandingReport(received=1)
    assert home.blob("acme", "2026Q1", sha(b"half and the rest")).is_file()


@pytest.mark.fault("F12")
def test_file_waits_when_another_takes_its_place_while_it_is_read(
    home: Home, ledger: Ledger, drop: Drop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = drop(home, "acme", "wage_2026Q1.csv", b"old!")
    (tmp_path / "new").write_bytes(b"new!")
    with monkeypatch.context() as patch:
        change_while_read(patch, lambda: (tmp_path / "new").replace(path))
        assert land_pending(home, ledger) == LandingReport(waiting=1)
    assert path.read_bytes() == b"new!"


@pytest.mark.fault("F12")
def test_file_is_passed_over_when_it_vanishes_while_it_is_read(
    home: Home, ledger: Ledger, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(home, "acme", "wage_2026Q1.csv", b"gone")
    change_while_read(monkeypatch, path.unlink)
    assert land_pending(home, ledger) == LandingReport(waiting=1)
    assert ledger.head().seq == 0


@pytest.mark.fault("F12")
def test_newer_file_stays_when_it_came_after_the_copy(home: Home, ledger: Ledger, drop: Drop) -> None:
    path = drop(home, "acme", "wage_2026Q1.csv", b"first")

    def drop_again(point: str) -> None:
        if point == "recorded":
            drop(home, "acme", "wage_2026Q1.csv", b"second")

    land_pending(home, ledger, at=drop_again)
    assert path.read_bytes() == b"second"
    assert land_pending(home, ledger) == LandingReport(received=1, held=1)


@pytest.mark.fault("F09")
def test_nothing_is_lost_when_the_disk_is_full(
    home: Home, ledger: Ledger, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(home, "acme", "wage_2026Q1.csv", b"rows")

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(blobs, "_write_whole", full)
        with pytest.raises(IntakeError, match="INT-002"):
            land_pending(home, ledger)
    assert waiting_files(home, "acme") == ["wage_2026Q1.csv"]
    assert land_pending(home, ledger) == LandingReport(received=1)


def test_file_is_refused_and_the_others_go_on_when_it_may_not_be_read(
    home: Home, ledger: Ledger, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = drop(home, "acme", "wage_2026Q1.csv")
    drop(home, "beta", "wage_2026Q1.csv")
    honest = os.open

    def guarded(path: Any, *args: Any) -> int:
        if path == locked:
            raise PermissionError(errno.EACCES, "denied")
        return honest(path, *args)

    monkeypatch.setattr(local.os, "open", guarded)
    assert land_pending(home, ledger) == LandingReport(received=1, refused=1)
    assert bodies(ledger, "REFUSED")[0]["code"] == "FIL-038"


def test_progress_tells_how_many_of_all_are_done(home: Home, ledger: Ledger, drop: Drop) -> None:
    for number in range(GROUP + 1):
        drop(home, f"f{number:04d}", "wage_2026Q1.csv", b"%d" % number)
    told: list[tuple[int, int]] = []
    land_pending(home, ledger, lambda done, total: told.append((done, total)))
    assert told == [(GROUP, GROUP + 1), (GROUP + 1, GROUP + 1)]


@pytest.mark.fault("F04")
def test_missing_receipts_are_written_again_byte_for_byte(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "acme", "wages.csv")
    land_pending(home, ledger)
    (receipt,) = home.outbox("acme").glob("*.json")
    before = receipt.read_bytes()
    receipt.unlink()
    assert restore(home, ledger) == 1
    assert receipt.read_bytes() == before
    assert restore(home, ledger) == 0


def fill_boxes(home: Home, drop: Drop) -> None:
    for firm in ("acme", "beta", "zeta"):
        drop(home, firm, "wage_2026Q1.csv", f"{firm} wages".encode())
        drop(home, firm, "enrollment_2026Q1.csv", b"all alike", json.dumps({"row_count": 3}))
        drop(home, firm, "notes.txt", firm.encode())
    drop(home, "acme", "placement_2026Q1.csv", b"rows", "no manifest")


def test_heads_agree_when_two_homes_take_the_same_drops(make_home: MakeHome, drop: Drop) -> None:
    heads = []
    for name in ("one", "two"):
        place = make_home(name)
        fill_boxes(place, drop)
        with Ledger.open(place) as ledger:
            assert land_pending(place, ledger) == LandingReport(received=6, refused=4)
            heads.append(ledger.head())
    assert heads[0] == heads[1]


KILLED = """
import os, signal, sys
from pathlib import Path
from warehouse.home import Home
from warehouse import landing
from warehouse.ledger import Ledger

landing.GROUP = 4
countdown = int(sys.argv[2])

def at(_point):
    global countdown
    countdown -= 1
    if countdown == 0:
        os.kill(os.getpid(), signal.SIGKILL)

home = Home.open(Path(sys.argv[1]))
with Ledger.open(home) as ledger:
    landing.land_pending(home, ledger, at=at)
"""


@pytest.mark.fault("F01")
@pytest.mark.parametrize("instant", [1, 2, 3, 4, 6, 7, 11])
def test_chain_is_the_same_when_the_landing_was_killed_in_between(
    make_home: MakeHome, drop: Drop, instant: int
) -> None:
    """Instants 1–4: copied, stored, recorded, cleared of the first group of four; then of later groups."""
    whole, killed = make_home("whole"), make_home("killed")
    for place in (whole, killed):
        fill_boxes(place, drop)
    with Ledger.open(whole) as ledger:
        land_pending(whole, ledger)
        expected = ledger.head()
    command = [sys.executable, "-c", KILLED, str(killed.root), str(instant)]
    assert subprocess.run(command, check=False, timeout=120).returncode == -signal.SIGKILL
    with Ledger.open(killed) as ledger:
        land_pending(killed, ledger)
        assert ledger.verify().head == expected
    for firm in ("acme", "beta", "zeta"):
        assert timeless(receipts(killed, firm)) == timeless(receipts(whole, firm))
        assert not waiting_files(killed, firm)
    with Ledger.open(whole) as one, Ledger.open(killed) as other:
        assert _kept(killed, other) == _kept(whole, one)
    assert not list((killed.landing / ".tmp").iterdir())


def _kept(home: Home, ledger: Ledger) -> dict[str, bytes]:
    """Everything stored (as it was sent) or set aside, by its place in the home."""
    vault = Vault(home)
    stored = {
        str(home.blob(body["firm_id"], body["period"], digest).relative_to(home.root)): vault.read(
            body["firm_id"], body["period"], digest
        )
        for body in bodies(ledger, "RECEIVED")
        for digest in (body["sha256"], *([body["manifest"]["sha256"]] if body["manifest"] else []))
    }
    assert len(list((home.landing / "sha256").glob("*/*"))) == len(stored)
    files = [path for path in home.boxes.glob("*/refused/**/*") if path.is_file()]
    return stored | {str(path.relative_to(home.root)): path.read_bytes() for path in files}


@pytest.mark.fault("F07")
def test_second_landing_waits_when_one_is_at_work(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "acme", "wage_2026Q1.csv")
    command = [sys.executable, "-c", KILLED, str(home.root), "0"]
    second: list[subprocess.Popen[bytes]] = []

    def start_second(point: str) -> None:
        if point == "copied":
            second.append(subprocess.Popen(command))
            with pytest.raises(subprocess.TimeoutExpired):
                second[0].wait(timeout=3)

    land_pending(home, ledger, at=start_second)
    assert second[0].wait(timeout=120) == 0
    assert ledger.verify().entries == 1


@pytest.mark.fault("F01")
@pytest.mark.parametrize("moved", [0, 1, 2])
def test_refused_files_lie_together_when_setting_aside_was_killed(home: Home, drop: Drop, moved: int) -> None:
    names = ("wages.csv", "wages.csv.manifest.json")
    drop(home, "F001", names[0], manifest="{}")
    begun = home.refused("F001") / "7"
    begun.mkdir(parents=True)
    for name in names[:moved]:
        (home.inbox("F001") / name).rename(begun / name)
    local.LocalBox("F001", home.boxes / "F001").set_aside(names[moved:], 7)
    assert sorted(path.name for path in begun.iterdir()) == sorted(names)
