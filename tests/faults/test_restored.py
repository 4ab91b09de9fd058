"""F22: a home restored from a backup, made as the operator's guide says, goes on as the first would have."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli.verify_command import command
from tests.faults.conftest import Copies, Seen
from tests.faults.errands import noon, take
from tests.faults.region import put, state, wage_file
from tests.faults.test_publication import FACTS, publish, release_bytes
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.outbox import restore

PRECIOUS = ("consortium.toml", "keys", "landing", "lake", "releases")


def backed_up(home: Home, to: Path) -> None:
    """The ledger first, by SQLite's own means; then what it names, which is always there before its entry."""
    to.mkdir()
    with (
        closing(sqlite3.connect(home.ledger_path)) as ours,
        closing(sqlite3.connect(to / "ledger.sqlite")) as copy,
    ):
        ours.backup(copy)
    for name in PRECIOUS:
        source = home.root / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, to / name)


def publish_now(home: Home, period: str) -> None:
    """Make a release that names the ledger's head."""
    with Ledger.open(home) as ledger:
        publish(home.root, period, replace(FACTS, ledger_head=ledger.head()))


def send_more(home: Home) -> None:
    """A new file, and the same bytes as before the backup: nothing new."""
    put(home, "F001", "wage_2026Q2.csv", wage_file("F001", 30, quarter="2026Q2", bad=1))
    put(home, "F002", "wage_2026Q1.csv", wage_file("F002", 40, bad=1))


@pytest.mark.fault("F22")
def test_restored_home_holds_and_ends_in_the_same_exports(copies: Copies, tmp_path: Path, seen: Seen) -> None:
    home = copies()
    take(home.root)
    publish_now(home, "2026-Q2")
    backed_up(home, tmp_path / "restored")
    again = Home.open(tmp_path / "restored")
    done = CliRunner().invoke(command, ["--home", str(again.root)])
    assert (done.exit_code, "Release 2026-Q2 v1.0" in done.output) == (0, True), done.output
    with Ledger.open(again, clock=noon) as ledger:
        receipts = restore(again, ledger)
    for one in (home, again):
        send_more(one)
        take(one.root)
        publish_now(one, "2026-Q3")
    ours, theirs = state(home), state(again)
    assert (ours.head, ours.entries, ours.rows) == (theirs.head, theirs.entries, theirs.rows)
    assert {file for file in ours.files if "/refused/" not in file[0]} == set(theirs.files)
    assert release_bytes(home) == release_bytes(again)
    seen(f"verified; {receipts} receipts put again; what came later ends in the same bytes in both homes")
