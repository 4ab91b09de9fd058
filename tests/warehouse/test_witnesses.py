"""``guildhall verify`` finds a ledger that was cut or begun anew, by what left the house."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orchestration.cli.verify_command import command
from tests.warehouse.conftest import Drop
from tests.warehouse.test_ledger import tamper
from warehouse.home import Home
from warehouse.landing import land_pending
from warehouse.ledger import Ledger
from warehouse.witnesses import find_witnesses


@pytest.fixture
def told(home: Home, ledger: Ledger, drop: Drop) -> Home:
    """A home that refused three files, each with a receipt."""
    for name in ("one.csv", "two.csv", "three.csv"):
        drop(home, "F001", name)
    land_pending(home, ledger)
    return home


def verify(home: Home) -> Result:
    return CliRunner().invoke(command, ["--home", str(home.root)])


def receipt(home: Home, number: int) -> Path:
    return home.outbox("F001") / f"refused-{number}.receipt.json"


def test_verify_counts_the_receipts_that_bear_witness(told: Home) -> None:
    done = verify(told)
    assert (done.exit_code, "Receipts: 3 name entries that stand\n" in done.output) == (0, True)


@pytest.mark.fault("F21")
def test_verify_names_the_first_missing_number_when_the_end_was_cut_off(told: Home) -> None:
    tamper(told, "DELETE FROM outbox WHERE seq >= 2", "DELETE FROM entry WHERE seq >= 2")
    with Ledger.open(told) as ledger:
        assert ledger.verify().entries == 1
    assert "sequence 2: found nothing" in str(verify(told).exception)


@pytest.mark.fault("F21")
def test_verify_names_the_number_when_history_was_written_anew_with_the_key(told: Home) -> None:
    tamper(told, "DELETE FROM outbox WHERE seq >= 2", "DELETE FROM entry WHERE seq >= 2")
    with Ledger.open(told) as ledger:
        ledger.append("NOTE", {})
        ledger.append("NOTE", {})
        assert ledger.verify().entries == 3
    assert "sequence 2: found an entry that differs" in str(verify(told).exception)


def test_receipt_that_was_altered_bears_no_witness_and_is_counted(told: Home) -> None:
    path = receipt(told, 2)
    path.write_bytes(path.read_bytes().replace(b'"seq": 2', b'"seq": 9'))
    receipt(told, 3).write_bytes(b"nothing")
    found = find_witnesses(told)
    assert ([head.seq for head in found.heads], found.receipts, found.altered) == ([1], 1, 2)
    assert "1 name entries that stand; 2 are not as they were issued" in verify(told).output
