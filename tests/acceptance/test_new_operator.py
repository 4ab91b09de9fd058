"""A new operator goes by one page, from an empty home to an erasure, over SFTP: its commands in order."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orchestration.cli import guildhall
from tests.faults.test_other_firms import sftp
from tests.services import Services, running
from warehouse.boxes import open_boxes
from warehouse.home import Home
from warehouse.ledger import RECEIVED, Ledger

PAGE = Path(__file__).parents[2] / "docs" / "guides" / "operating.md"
ANN, BEN = "a1" * 32, "b2" * 32
PAID = {"key_epoch": "1", "firm_id": "F001", "year_quarter": "2026Q1", "gross_wages_usd": "9000.00"}
CORRECTED = {"gross_wages_usd": "8125.50", "record_action": "U", "correction_reason": "KEYING"}


def commands() -> list[str]:
    """What the page tells the operator to type, prompts of the SFTP client included."""
    page = PAGE.read_text(encoding="utf-8")
    part = page[page.index("From the first file to an erasure") :]
    return re.findall(r"^(?:guildhall|sftp>|rm) .*$", part, re.MULTILINE)


def write(path: Path, *rows: dict[str, str]) -> None:
    """Fill rows into the file, under the columns it has and those the rows bring along."""
    head = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys([*head, *rows[0]])), restval="")
        writer.writeheader()
        writer.writerows(rows)


@dataclass
class Operator:
    """One person at one machine, who plays firm F001 as well."""

    folder: Path
    services: Services
    ledger_ids: list[str] = field(default_factory=list)
    said: dict[str, list[Result]] = field(default_factory=dict)

    def types(self, line: str) -> None:
        words = shlex.split(line)
        if words[0] == "rm":
            (self.folder / words[1]).unlink()
        elif words[0] == "sftp>":
            done = sftp(self.services, "F001", "F001", " ".join(words[1:]) + "\n")
            assert done.returncode == 0, done.stderr
        else:
            self.calls([self.newest if word == "ID" else word for word in words[1:]])

    def calls(self, words: list[str]) -> None:
        done = CliRunner().invoke(guildhall, words, input="y\n")
        self.said.setdefault(words[0], []).append(done)
        assert done.exit_code == 0, (words, done.output, done.exception)

    @property
    def newest(self) -> str:
        """The id on the receipt that was not there before."""
        known = {one["submission_id"] for one in self.receipts}
        (new,) = known - set(self.ledger_ids)
        self.ledger_ids.append(new)
        return str(new)

    @property
    def receipts(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted(self.folder.glob("*.receipt.json"))]


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:
    services = running()
    if services is None or not services.are_locked:
        pytest.skip("no SFTP server that locks firms in: run `make services` as root")
    monkeypatch.chdir(tmp_path)
    yield Operator(tmp_path, services)
    for place in ("in", "out"):
        for path in (services.folder / "F001" / place).iterdir():
            path.unlink()


def put_the_printed_section_in_place(operator: Operator) -> None:
    settings, at = operator.folder / "trial" / "consortium.toml", operator.services
    boxes = f'url = "{at.sftp_url}"\nkey_file = "{at.key_of("house")}"\nknown_hosts = "{at.known_hosts}"'
    text = settings.read_text()
    assert text.count('url = "boxes"') == 1
    settings.write_text(text.replace('url = "boxes"', boxes))


@pytest.mark.services
@pytest.mark.slow
@pytest.mark.xdist_group("box of F001")
def test_page_leads_from_an_empty_home_to_an_erasure_over_sftp(operator: Operator) -> None:
    wage = operator.folder / "wage_2026Q1.csv"
    for line in commands():
        if "CORRECTION" in line:
            write(wage, PAID | CORRECTED | {"learner_key": ANN})
        operator.types(line)
        if "init" in line:
            put_the_printed_section_in_place(operator)
        if "template" in line:
            write(wage, *(PAID | {"learner_key": key} for key in (ANN, BEN)))
    by_status = sorted((one["status"], one.get("rows_in")) for one in operator.receipts)
    assert by_status == [("ACCEPTED", 1), ("ACCEPTED", 2), ("WITHDRAWN", None)]
    assert "withdrawn" in operator.said["status"][0].output
    assert "Erased: 3 submissions" in operator.said["erase"][0].output
    assert "Ledger: " in operator.said["verify"][0].output
    home = Home.open(operator.folder / "trial")
    with Ledger.open(home) as ledger, open_boxes(home) as boxes:
        assert len(list(ledger.entries(RECEIVED))) == 2
        assert boxes.of("F001").receipts() >= {f"{name}.receipt.json" for name in operator.ledger_ids}
    assert not [path for path in (home.root / "lake").rglob("*.parquet") if "F001" in str(path)]
