"""What is erased is gone from every file of the house, stays gone, and leaves the ledger whole."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from contracts.errors import LakeError, VaultError
from tests.warehouse.conftest import Drop
from tests.warehouse.test_intake_journey import ANN, BEN, run, wage, wage_row, zone
from warehouse import erasure
from warehouse.builds import begin_build
from warehouse.erasure import erase_period, require_kept, settle_erasures
from warehouse.home import Home
from warehouse.in_force import KINDS, submissions_in_force, write_in_force
from warehouse.landing import LandingReport, land_pending
from warehouse.ledger import ERASED, Ledger
from warehouse.outbox import restore
from warehouse.status import standings
from warehouse.vault import Vault

NAME = "wage_2026Q1.csv"
REASON = "agreement ended"


def replacing(submission_id: str) -> str:
    return json.dumps({"submission_type": "REPLACEMENT", "supersedes": submission_id})


@pytest.fixture
def full(home: Home, ledger: Ledger, drop: Drop) -> Home:
    """F001 in two quarters, with refused rows, a refused file and a held one; F002 with the same bytes."""
    for firm in ("F001", "F002"):
        drop(home, firm, NAME, wage(wage_row(ANN, firm="F001"), wage_row(BEN, "bad", firm="F001"), "1,2"))
    drop(home, "F001", "wage_2026Q2.csv", wage(wage_row(ANN, quarter="2026Q2")))
    drop(home, "F001", "placement_2026Q1.csv", b"row of " + ANN.encode(), manifest="{")
    run(home, ledger)
    drop(home, "F001", NAME, wage(wage_row(ANN, "1.00")))
    run(home, ledger)
    begin_build(home, ledger, "basis")
    return home


def holding(home: Home, *marks: str) -> list[str]:
    """Every file of the home that holds one of these texts, archives and compressed rows opened."""
    found = []
    for path in (path for path in home.root.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        if path.suffix == ".parquet":
            content = repr(pq.read_table(path, partitioning=None).to_pylist()).encode()
        if any(mark.encode() in content for mark in marks):
            found.append(str(path.relative_to(home.root)))
    return found


def of_firm(home: Home, ledger: Ledger, firm: str, period: str) -> list[str]:
    return [
        one.submission_id
        for one in submissions_in_force(ledger.entries(*KINDS))
        if (one.firm_id, one.period) == (firm, period)
    ]


def test_no_row_of_an_erased_quarter_is_left_in_any_file(full: Home, ledger: Ledger) -> None:
    (kept,) = (full.lake / "accepted" / "wage" / "firm=F001" / "period=2026Q2").iterdir()
    shelf, key = full.shelf("F001", "2026Q1"), full.data_key_path("F001", "2026Q1")
    assert len(list(shelf.iterdir())) == 2
    done = erase_period(full, ledger, "F001", "2026Q1", REASON)
    assert (done.submissions, done.files) == (2, 6)
    assert not list(shelf.iterdir())
    assert not key.exists()
    left = [path for path in holding(full, ANN, BEN) if "firm=F002" not in path and "boxes/F002" not in path]
    assert left == [str(kept.relative_to(full.root))]
    assert not list(full.builds.iterdir())
    assert of_firm(full, ledger, "F001", "2026Q1") == []
    assert len(of_firm(full, ledger, "F001", "2026Q2")) == 1


def test_another_firms_same_bytes_stay(full: Home, ledger: Ledger) -> None:
    before = zone(full, "quarantine")
    erase_period(full, ledger, "F001", "2026Q1", REASON)
    assert [row for row in before if row["box_firm_id"] == "F002"] == zone(full, "quarantine")
    assert require_kept(full, ledger) == (2, 2)


def test_ledger_verifies_and_certifies_and_every_row_left_is_accounted_for(
    full: Home, ledger: Ledger
) -> None:
    done = erase_period(full, ledger, "F001", "2026Q1", REASON)
    assert ledger.verify().head.seq == done.seq
    (entry,) = ledger.entries(ERASED)
    assert (entry.body["reason"], entry.body["period"]) == (REASON, "2026Q1")
    assert ANN not in json.dumps(dict(entry.body))
    assert all(one.adds_up for one in standings(full, ledger))


def test_copy_of_the_landing_zone_cannot_be_read_after_an_erasure(
    full: Home, ledger: Ledger, tmp_path: Path
) -> None:
    shelf = full.shelf("F001", "2026Q1")
    shutil.copytree(shelf, tmp_path / "backup")
    erase_period(full, ledger, "F001", "2026Q1", REASON)
    for blob in (tmp_path / "backup").iterdir():
        shutil.copy(blob, shelf / blob.name)
        with pytest.raises(VaultError, match="VLT-003"):
            Vault(full).read("F001", "2026Q1", blob.name)


def test_same_bytes_have_no_effect_when_they_come_again_after_an_erasure(
    full: Home, ledger: Ledger, drop: Drop
) -> None:
    erase_period(full, ledger, "F001", "2026Q1", REASON)
    drop(full, "F001", NAME, wage(wage_row(ANN, firm="F001"), wage_row(BEN, "bad", firm="F001"), "1,2"))
    assert land_pending(full, ledger) == LandingReport(duplicates=1)
    assert of_firm(full, ledger, "F001", "2026Q1") == []


def test_replacement_of_what_was_erased_lives_under_a_key_of_its_own(
    full: Home, ledger: Ledger, drop: Drop
) -> None:
    (first,) = of_firm(full, ledger, "F001", "2026Q1")
    erase_period(full, ledger, "F001", "2026Q1", REASON)
    content = wage(wage_row(ANN, firm="F001"), wage_row(BEN, "bad", firm="F001"), "1,2")
    drop(full, "F001", NAME, content, replacing(first))
    assert run(full, ledger).accepted == 1
    assert settle_erasures(full, ledger) == 0
    assert len(of_firm(full, ledger, "F001", "2026Q1")) == 1
    assert require_kept(full, ledger)[1] == 2
    assert erase_period(full, ledger, "F001", "2026Q1", REASON).submissions == 1


def test_held_file_that_is_erased_is_never_judged(full: Home, ledger: Ledger, drop: Drop) -> None:
    (first,) = of_firm(full, ledger, "F001", "2026Q1")
    erase_period(full, ledger, "F001", "2026Q1", REASON)
    held = next(
        str(entry.body["submission_id"]) for entry in ledger.entries("RECEIVED") if entry.body["held"] is True
    )
    answer = {"submission_type": "REPLACEMENT", "supersedes": first, "answers": held}
    path = full.inbox("F001") / f"{NAME}.manifest.json"
    path.write_text(json.dumps(answer))
    assert run(full, ledger).submissions == 0
    require_kept(full, ledger)


def test_workbook_is_emptied_and_not_made_again(full: Home, ledger: Ledger) -> None:
    erase_period(full, ledger, "F001", "2026Q1", REASON)
    (path,) = full.outbox("F001").glob("*.errors.xlsx")
    assert openpyxl.load_workbook(path)["Rows"].max_row == 1
    path.unlink()
    assert restore(full, ledger) == 0


def test_state_before_an_erasure_is_refused_with_a_code(full: Home, ledger: Ledger, tmp_path: Path) -> None:
    head = ledger.head().seq
    done = erase_period(full, ledger, "F001", "2026Q1", REASON)
    with pytest.raises(LakeError, match=f"LAK-010.*entry {done.seq}"):
        write_in_force(full, ledger, tmp_path / "in_force.parquet", at_head=head)
    assert write_in_force(full, ledger, tmp_path / "in_force.parquet") == 2


def test_nothing_is_erased_twice(full: Home, ledger: Ledger) -> None:
    erase_period(full, ledger, "F001", "2026Q1", REASON)
    for firm, period in (("F001", "2026Q1"), ("F404", "2026Q1")):
        with pytest.raises(VaultError, match="VLT-010"):
            erase_period(full, ledger, firm, period, REASON)


@pytest.mark.parametrize("at", ["_empty_workbooks", "_doomed", "shutil.rmtree", "Path.unlink"])
def test_next_landing_finishes_an_erasure_that_was_killed(
    full: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    class Killed(BaseException):
        """The process ends here."""

    def kill(*_args: object, **_more: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        arm = {
            "shutil.rmtree": lambda: patch.setattr(erasure.shutil, "rmtree", kill),
            "Path.unlink": lambda: patch.setattr(erasure.Path, "unlink", kill),
        }.get(at, lambda: patch.setattr(erasure, at, kill))
        honest = ledger.append

        def append(*args: object) -> object:
            entry = honest(*args)  # type: ignore[arg-type]
            arm()
            return entry

        patch.setattr(ledger, "append", append)
        with pytest.raises(Killed):
            erase_period(full, ledger, "F001", "2026Q1", REASON)
    land_pending(full, ledger)
    assert require_kept(full, ledger) == (2, 2)
    assert len(list((full.root / "keys" / "data").iterdir())) == 2
    assert not full.data_key_path("F001", "2026Q1").exists()
    assert not list(full.builds.iterdir())
    assert not [path for path in holding(full, ANN, BEN) if "F001" in path and "2026Q2" not in path]


def test_verify_finds_a_file_that_should_be_gone(full: Home, ledger: Ledger) -> None:
    (path,) = (full.lake / "accepted" / "wage" / "firm=F001" / "period=2026Q1").iterdir()
    content = path.read_bytes()
    erase_period(full, ledger, "F001", "2026Q1", REASON)
    path.write_bytes(content)
    with pytest.raises(VaultError, match="VLT-011"):
        require_kept(full, ledger)


def test_verify_finds_a_landed_file_that_is_missing(full: Home, ledger: Ledger) -> None:
    next(full.shelf("F001", "2026Q2").iterdir()).unlink()
    with pytest.raises(VaultError, match="VLT-002"):
        require_kept(full, ledger)


def test_no_file_on_disk_holds_the_destroyed_key(full: Home, ledger: Ledger) -> None:
    wrapped = full.data_key_path("F001", "2026Q1").read_bytes()
    erase_period(full, ledger, "F001", "2026Q1", REASON)
    assert not [path for path in full.root.rglob("*") if path.is_file() and wrapped in path.read_bytes()]
