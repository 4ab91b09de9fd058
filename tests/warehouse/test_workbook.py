"""The error workbook read back: failing cells filled, words beside them, nothing taken for a formula."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from contracts import CONTRACTS
from tests.warehouse.checking_files import WRITERS, good_row, planted, write_csv
from warehouse.checking import CheckOrder, check_file, rows
from warehouse.sample.fault_kinds import FAULT_KINDS
from warehouse.workbook import (
    ADDED_COLUMNS,
    ERROR,
    FILLS,
    ROWS_SHEET,
    SUMMARY_SHEET,
    WARNING,
    ErrorWorkbook,
    Mark,
    MarkedRow,
    write_error_workbook,
)

HEADER = ("learner_key", "county", "note")


def error(column: str | None, severity: str = ERROR) -> Mark:
    return Mark(column, "CEL-170", severity, "it is wrong", "make it right")


def written(path: Path, *marked: MarkedRow) -> Any:
    content = ErrorWorkbook(HEADER, "line", marked, [("file", "=x")], [[("code",), ("CEL-170",)]])
    write_error_workbook(path, content)
    return openpyxl.load_workbook(path)


def fills(sheet: Any, row: int) -> list[str | None]:
    return [cell.fill.fgColor.rgb if cell.fill.fill_type else None for cell in sheet[row]]


def test_failing_cell_is_colored_and_its_neighbors_are_not(tmp_path: Path) -> None:
    book = written(tmp_path / "out.xlsx", MarkedRow(1, 2, ["a", "06037", ""], [error("county")]))
    assert fills(book[ROWS_SHEET], 2) == [None, None, None, FILLS[ERROR], None, None, None]


def test_error_outshines_a_warning_in_one_cell(tmp_path: Path) -> None:
    marks = [error("county", WARNING), error("county"), error("county", WARNING), error("note", WARNING)]
    book = written(tmp_path / "out.xlsx", MarkedRow(1, 2, ["a", "b", "c"], marks))
    assert fills(book[ROWS_SHEET], 2)[3:5] == [FILLS[ERROR], FILLS[WARNING]]


def test_finding_about_a_whole_row_colors_its_number(tmp_path: Path) -> None:
    book = written(tmp_path / "out.xlsx", MarkedRow(1, 2, ["a", "b", "c"], [error(None)]))
    assert fills(book[ROWS_SHEET], 2) == [FILLS[ERROR]] * 2 + [None] * 5


def test_codes_and_hints_stand_beside_the_row(tmp_path: Path) -> None:
    marks = [error("county"), error("note", WARNING)]
    sheet = written(tmp_path / "out.xlsx", MarkedRow(7, 9, ["a", "b", "c"], marks))[ROWS_SHEET]
    assert [cell.value for cell in sheet[1]] == ["record", "line", *HEADER, *ADDED_COLUMNS]
    assert [cell.value for cell in sheet[2]][:2] == ["7", "9"]
    assert sheet["F2"].value == "CEL-170 ERROR county; CEL-170 WARNING note"
    assert sheet["G2"].value == "it is wrong. make it right"


@pytest.mark.fault("I50")
@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1", "06037", "1E5", "TRUE"]
)
def test_cell_is_text_whatever_it_looks_like(tmp_path: Path, text: str) -> None:
    book = written(tmp_path / "out.xlsx", MarkedRow(1, 2, [text, None, text]))
    for cell in (book[ROWS_SHEET]["C2"], book[ROWS_SHEET]["E2"]):
        assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    assert book[SUMMARY_SHEET]["B1"].data_type == "s"


@pytest.mark.parametrize(
    "text,kept",
    [("a\x00b\x1fc", "a\ufffdb\ufffdc"), ("x" * 32_768, "x" * 32_766 + "…"), ("x" * 32_767, "x" * 32_767)],
)
def test_what_a_cell_cannot_hold_is_replaced_visibly(tmp_path: Path, text: str, kept: str) -> None:
    book = written(tmp_path / "out.xlsx", MarkedRow(1, 2, [text, "", ""]))
    assert book[ROWS_SHEET]["C2"].value == kept


def test_failed_writing_leaves_the_old_workbook_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="zip"):
        written(path, MarkedRow(1, 2, ["too short"]))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("format_name", WRITERS)
def test_checked_file_is_marked_exactly_where_its_faults_are(tmp_path: Path, format_name: str) -> None:
    kinds = [
        kind for kind in FAULT_KINDS if kind.contract == "wage" and not kind.code.endswith(("401", "001"))
    ]
    header, sent, truth = planted("wage", kinds)
    path = WRITERS[format_name](tmp_path / "wage_2024Q1", header, sent)
    out = tmp_path / "out.xlsx"
    report = check_file(CheckOrder(path=path, workbook=out))
    assert report.workbook == out
    sheet = openpyxl.load_workbook(out)[ROWS_SHEET]
    colored = {
        (row[0].value, header[place])
        for row in sheet.iter_rows(min_row=2)
        for place, cell in enumerate(row[2:-2])
        if cell.fill.fill_type
    }
    assert colored == {(str(record), column) for record, column, _ in truth}
    texts = [[cell.value or "" for cell in row[2:-2]] for row in sheet.iter_rows(min_row=2)]
    assert texts == sent


def test_ragged_record_stands_in_its_place(tmp_path: Path) -> None:
    rows_sent = [list(good_row("wage", number).values()) for number in range(3)]
    path = write_csv(tmp_path / "wage_2024Q1", list(good_row("wage", 0)), rows_sent)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], lines[2] + ",more", lines[3], "short"]))
    check_file(CheckOrder(path=path, workbook=tmp_path / "out.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")[ROWS_SHEET]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["1", "2", "3", "4"]
    assert sheet["C3"].value == lines[2] + ",more"
    assert sheet["C5"].value == "short"
    assert sheet["V5"].value is None
    assert "ROW-001" in [cell.value for cell in sheet[5]][-2]


def test_workbook_of_a_large_file_holds_the_failing_rows_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ALL_ROWS_UP_TO", 2)
    sent = [{**good_row("wage", number), "soc_code": "51-0000" if number == 1 else ""} for number in range(3)]
    path = write_csv(tmp_path / "wage_2024Q1", list(sent[0]), [[*row.values()] for row in sent])
    check_file(CheckOrder(path=path, workbook=tmp_path / "out.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert [row[0].value for row in book[ROWS_SHEET].iter_rows(min_row=2)] == ["2"]
    facts = {row[0].value: row[1].value for row in book[SUMMARY_SHEET].iter_rows(max_col=2)}
    assert "findings only" in facts["the sheet Rows holds"]
    assert facts["rows"] == "3"


def test_summary_names_codes_and_what_was_not_checked(tmp_path: Path) -> None:
    row = {**good_row("wage", 1), "soc_code": "51-0000"}
    path = write_csv(tmp_path / "wage_2024Q1", list(row), [[*row.values()]])
    check_file(CheckOrder(path=path, workbook=tmp_path / "out.xlsx"))
    cells = [
        cell.value for row in openpyxl.load_workbook(tmp_path / "out.xlsx")[SUMMARY_SHEET] for cell in row
    ]
    assert {"CEL-171", "soc_code", "WAG-401", "BOX-001"} <= set(cells)
    assert CONTRACTS["wage"].meta.version in " ".join(str(cell) for cell in cells)
