"""A data officer checks a receipt with what lies in the out box, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli.verify_receipt_command import command
from warehouse.config import HomeSettings
from warehouse.home import Home, init_home, open_box
from warehouse.landing import land_pending
from warehouse.ledger import Ledger


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    """A receipt with its page and key, taken away from the home that issued it."""
    home: Home = init_home(tmp_path / "home", HomeSettings("Valley", "Two counties"))
    (open_box(home, "F001") / "wages.csv").write_bytes(b"?")
    with Ledger.open(home) as ledger:
        land_pending(home, ledger)
    away = tmp_path / "away"
    home.outbox("F001").rename(away)
    shutil.rmtree(home.root)
    return away / "refused-1.receipt.json"


def test_verify_receipt_says_what_it_checked_when_all_holds(receipt: Path) -> None:
    done = CliRunner().invoke(command, [str(receipt)])
    assert done.exit_code == 0
    assert "HOLDS  refused-1: REFUSED, wages.csv, for F001" in done.output
    assert "every byte of the receipt and of the page beside it" in done.output


def test_verify_receipt_needs_no_page(receipt: Path) -> None:
    receipt.with_name("refused-1.receipt.html").unlink()
    key = receipt.with_name("ledger.pub").rename(receipt.parent.parent / "theirs.pem")
    done = CliRunner().invoke(command, [str(receipt), "--key", str(key)])
    assert (done.exit_code, "and of the page" in done.output) == (0, False)


@pytest.mark.parametrize(
    "name,code", [("refused-1.receipt.json", "RCP-003"), ("refused-1.receipt.html", "RCP-004")]
)
def test_verify_receipt_exits_with_1_when_a_file_was_altered(receipt: Path, name: str, code: str) -> None:
    file = receipt.with_name(name)
    file.write_bytes(file.read_bytes().replace(b"wages.csv", b"wagez.csv"))
    done = CliRunner().invoke(command, [str(receipt)])
    assert done.exit_code == 1
    assert code in done.output


def test_verify_receipt_asks_for_the_key_when_none_lies_beside(receipt: Path) -> None:
    receipt.with_name("ledger.pub").unlink()
    done = CliRunner().invoke(command, [str(receipt)])
    assert done.exit_code == 2
    assert "--key" in done.output
