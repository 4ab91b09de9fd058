"""The workbook to fill in: what a spreadsheet makes of it, and that a filled one comes through the check."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from contracts import CONTRACTS, contract
from contracts.codesets import codeset
from contracts.fields import Code, MultiDigit
from contracts.render import describe
from warehouse.checking import CheckOrder, check_file
from warehouse.checking.report import Verdict
from warehouse.templates_xlsx import LISTS, README, xlsx_template

WAGE = {
    "learner_key": "0123456789abcdef" * 4,
    "key_epoch": 1,
    "firm_id": "F01",
    "year_quarter": "2026Q1",
    "gross_wages_usd": 9850.1,
    "hours_paid": 480,
    "month1_flag": "1",
    "soc_code": "49-9041",
    "primary_work_county_fips": "06037",
    "primary_work_zip3": "007",
}


@cache
def opened(name: str) -> Any:
    """The template as a workbook, to be looked at only."""
    return made(name)


def made(name: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx_template(contract(name))))


def letters(sheet: Any) -> dict[str, str]:
    """The letter of each column by the name in its head."""
    return {cell.value: cell.column_letter for cell in sheet[1]}


def validations(sheet: Any) -> dict[str, Any]:
    """The data validation of each column, by letter."""
    return {str(one.sqref).split("2:")[0]: one for one in sheet.data_validations.dataValidation}


def dropped_down(book: Any, formula: str) -> list[str]:
    """What a drop-down shows: the cells its formula points to."""
    sheet, cells = formula.split("!")
    return [cell.value for (cell,) in book[sheet][cells.replace("$", "")]]


@pytest.mark.parametrize("name", CONTRACTS)
def test_template_has_the_header_and_nothing_below(name: str) -> None:
    book = opened(name)
    assert book.sheetnames == [name, README, LISTS]
    assert [sheet.sheet_state for sheet in book] == ["visible", "visible", "hidden"]
    assert tuple(cell.value for cell in book[name][1]) == contract(name).column_names()
    assert book[name].max_row == 1


@pytest.mark.parametrize("name", CONTRACTS)
def test_columns_that_are_no_numbers_are_text_cells(name: str) -> None:
    sheet = opened(name)[name]
    at = letters(sheet)
    for column in describe(contract(name)).columns:
        is_number = column.type.startswith("DECIMAL") or (column.type == "INTEGER" and not column.codes)
        is_text = sheet.column_dimensions[at[column.name]].number_format == "@"
        assert is_text != is_number, column.name


@pytest.mark.parametrize("name", CONTRACTS)
def test_closed_lists_and_code_sets_drop_down(name: str) -> None:
    book = opened(name)
    at, allowed = letters(book[name]), validations(book[name])
    for column in contract(name).columns():
        kind, told = column.field, next(c for c in describe(contract(name)).columns if c.name == column.name)
        expected: list[str] = []
        if told.codes and not isinstance(kind, MultiDigit):
            expected = list(told.codes)
        elif isinstance(kind, Code) and kind.codeset and kind.leading is None:
            expected = sorted(codeset(kind.codeset))
        validation = allowed.get(at[column.name])
        if expected:
            assert validation.type == "list"
            assert dropped_down(book, validation.formula1) == expected
        else:
            assert validation is None or validation.type != "list"


def test_numbers_are_bounded_and_texts_have_a_length() -> None:
    sheet = opened("wage")["wage"]
    at, allowed = letters(sheet), validations(sheet)
    weeks, wages, firm = (allowed[at[name]] for name in ("weeks_worked", "gross_wages_usd", "firm_id"))
    assert (weeks.type, weeks.formula1, weeks.formula2) == ("whole", "0", "14")
    assert (wages.type, wages.formula1, wages.formula2) == ("decimal", "0", "9999999999.99")
    assert (firm.type, firm.formula1) == ("textLength", "32")


@pytest.mark.parametrize("name", CONTRACTS)
def test_words_and_names_are_no_longer_than_a_spreadsheet_takes(name: str) -> None:
    book = opened(name)
    assert all(len(sheet.title) <= 31 for sheet in book)
    for one in validations(book[name]).values():
        assert len(one.errorTitle) <= 32
        assert len(one.error) <= 225
        assert len(one.formula1) <= 255


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_head_says_what_belongs_below_it(name: str) -> None:
    sheet = opened(name)[name]
    for cell, column in zip(sheet[1], describe(contract(name)).columns, strict=True):
        assert column.description in cell.comment.text
        assert column.expected in cell.comment.text
        assert cell.comment.text.count("Required.") == column.required
        assert all(
            f"{code}: {meaning}" in cell.comment.text for code, meaning in column.codes.items() if meaning
        )


def test_no_cell_of_the_template_is_a_formula() -> None:
    for name in CONTRACTS:
        cells = (cell for sheet in opened(name) for row in sheet.iter_rows() for cell in row)
        assert not any(cell.data_type == "f" for cell in cells)


@pytest.mark.parametrize("name", ["wage", "enrollment", "firm"])
def test_template_has_the_same_bytes_on_any_day(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = xlsx_template(contract(name))
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert xlsx_template(contract(name)) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        about = archive.read("docProps/core.xml").decode()
    assert about.count("2000-01-01T00:00:00Z") == 2


def filled(tmp_path: Path, **changed: object) -> Path:
    """The wage template with one row typed into it, as a spreadsheet would save it."""
    book = made("wage")
    at = letters(book["wage"])
    for name, value in {**WAGE, **changed}.items():
        cell = book["wage"][f"{at[name]}2"]
        cell.value = value
        cell.number_format = book["wage"].column_dimensions[at[name]].number_format
    path = tmp_path / "wage_2026Q1.xlsx"
    book.save(path)
    return path


def test_filled_template_is_clean_and_keeps_leading_zeros(tmp_path: Path) -> None:
    report = check_file(CheckOrder(path=filled(tmp_path), firm="F01", period="2026Q1"))
    assert report.verdict is Verdict.CLEAN, report


def test_filled_template_is_told_when_a_zero_was_lost(tmp_path: Path) -> None:
    path = filled(tmp_path, primary_work_county_fips=6037)
    report = check_file(CheckOrder(path=path, firm="F01", period="2026Q1"))
    assert report.verdict is Verdict.VIOLATIONS, report
