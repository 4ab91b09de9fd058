"""A new data officer goes by one page, from an empty template to a clean check: its commands in order."""

from __future__ import annotations

import csv
import re
import secrets
import shlex
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from orchestration.cli import guildhall

PAGE = Path(__file__).parents[2] / "docs" / "guides" / "contracts.md"
PAYROLL = (
    {"SSN": "219-09-9998", "gross_wages_usd": 9850.1, "hours_paid": 480.5, "worker_type": "FT"},
    {"SSN": "457-55-5462", "gross_wages_usd": 12000, "primary_work_county_fips": "06037"},
)
SAME = {"firm_id": "F012", "year_quarter": "2026Q1", "soc_code": "49-9041", "participant_flag": "1"}


def commands() -> list[list[str]]:
    """What the page tells the officer to type, up to what refuses a file."""
    page = PAGE.read_text(encoding="utf-8")
    part = page[page.index("## For the data officer") : page.index("### What refuses the whole file")]
    return [shlex.split(line) for line in re.findall(r"^guildhall .*$", part, re.MULTILINE)]


def fill_in(workbook: Path, payroll: tuple[dict[str, object], ...]) -> None:
    """By hand, as the page says: SSN over the head of the key, its epoch's column deleted, one row each."""
    book = openpyxl.load_workbook(workbook)
    sheet = book.worksheets[0]
    heads = {cell.value: cell for cell in sheet[1]}
    heads["learner_key"].value = "SSN"
    sheet.delete_cols(heads["key_epoch"].column)
    names = [cell.value for cell in sheet[1]]
    for number, row in enumerate(payroll, 2):
        for name, value in {**SAME, **row}.items():
            sheet.cell(number, names.index(name) + 1, value)
    book.save(workbook)


def save_as_csv(workbook: Path, target: Path) -> None:
    """As a spreadsheet does: with a byte order mark and the line ends of Windows."""
    rows = openpyxl.load_workbook(workbook).worksheets[0].iter_rows(values_only=True)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["" if cell is None else cell for cell in row] for row in rows])


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The officer's folder, with the trustee's key in it."""
    monkeypatch.chdir(tmp_path)
    key = tmp_path / "link.key"
    key.write_text(secrets.token_hex(32))
    key.chmod(0o600)
    return tmp_path


def by_the_page(desk: Path, payroll: tuple[dict[str, object], ...]) -> list[Result]:
    """What each command of the page says."""
    done = []
    for argv in commands():
        if argv[1] == "seal":
            fill_in(desk / "wage_2026Q1.xlsx", payroll)
            save_as_csv(desk / "wage_2026Q1.xlsx", desk / "filled.csv")
        done.append(CliRunner().invoke(guildhall, argv[1:]))
    return done


def test_page_leads_from_the_template_to_a_clean_check(desk: Path) -> None:
    done = by_the_page(desk, PAYROLL)
    assert [one.exit_code for one in done] == [0, 0, 0, 0, 0], [one.output for one in done]
    assert [argv[1] for argv in commands()] == ["contract", "contract", "template", "seal", "check"]
    assert "wage_2026Q1.csv (CSV): Clean: nothing was found." in done[-1].output
    sealed = (desk / "wage_2026Q1.csv").read_text()
    assert not any(str(row["SSN"]) in sealed for row in PAYROLL)
    assert "06037" in sealed


def test_page_leads_to_what_is_wrong_when_the_officer_slips(desk: Path) -> None:
    slips = ({**PAYROLL[0], "worker_type": "Full time"}, {**PAYROLL[1], "participant_flag": "Y"})
    done = by_the_page(desk, slips)
    assert [one.exit_code for one in done] == [0, 0, 0, 0, 1]
    assert "worker_type must be one of FT, PT, SEASONAL, TEMP" in done[-1].output
    assert "to do: Write the digit 1 for yes and 0 for no" in done[-1].output
