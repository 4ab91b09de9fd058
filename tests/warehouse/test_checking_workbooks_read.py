"""XLSX at the firm: types as text, where the header may stand, what is noted, and hostile files survived."""

from __future__ import annotations

import multiprocessing
import os
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from contracts import CONTRACTS
from tests.warehouse.checking_files import good_row, write_xlsx
from warehouse.checking import CheckOrder, CheckReport, Verdict, check_file, source
from warehouse.intake.formats.isolation import Limits, ReadingEndedError, read_isolated
from warehouse.intake.formats.texts import as_text
from warehouse.intake.formats.xlsx_reader import read_workbook
from warehouse.intake.formats.zip_preflight import MAX_MEMBERS, inspect_archive

WAGE = list(CONTRACTS["wage"].column_names())
CANARY = "Zz9canary"


def wage_rows(count: int = 3, **cells: object) -> list[list[object]]:
    return [list({**good_row("wage", number), **cells}.values()) for number in range(count)]


def workbook(path: Path, change: Callable[[Workbook], None] = lambda book: None, **cells: object) -> Path:
    """A workbook of three good wage rows, changed before it is saved."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [WAGE, *wage_rows(**cells)]:
        sheet.append([value or None for value in row])
    change(book)
    book.save(path)
    return path


def check(path: Path) -> CheckReport:
    return check_file(CheckOrder(path=path))


def found(report: CheckReport) -> list[tuple[int, str, str]]:
    columns = (report.violations[name].to_pylist() for name in ("line", "column", "code"))
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize(
    "value,text",
    [
        (None, ""),
        ("x", "x"),
        (True, "1"),
        (False, "0"),
        (0, "0"),
        (10**15, "1000000000000000"),
        (6037.0, "6037"),
        (1e5, "100000"),
        (1e-7, "0.0000001"),
        (9850.1, "9850.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (-0.0, "-0"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (Decimal("9850.10"), "9850.1"),
        (Decimal("1E+3"), "1000"),
        (Decimal("100"), "100"),
        (datetime(2024, 2, 1), "2024-02-01"),
        (datetime(2024, 2, 1, 8, 30), "2024-02-01T08:30:00"),
        (date(2024, 2, 1), "2024-02-01"),
        (time(8, 30), "08:30:00"),
        (timedelta(hours=36), "1 day, 12:00:00"),
    ],
)
def test_typed_value_is_written_exactly(value: object, text: str) -> None:
    assert as_text(value) == text  # type: ignore[arg-type]


def test_numbers_and_days_of_a_sheet_are_clean_when_they_are_right(tmp_path: Path) -> None:
    path = workbook(tmp_path / "wage_2024Q1.xlsx", gross_wages_usd=9850.1, hours_paid=480, hours_worked=450.5)
    assert check(path).verdict is Verdict.CLEAN
    row = {**good_row("enrollment", 1), "entry_date": date(2024, 1, 15), "training_start_date": ""}
    path = write_xlsx(tmp_path / "enrollment_2024Q1", list(row), [[v or None for v in row.values()]])
    assert check(path).verdict is Verdict.CLEAN


@pytest.mark.fault("I27")
@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
def test_day_is_the_day_that_was_typed_whatever_the_workbook_counts_from(
    tmp_path: Path, epoch: datetime
) -> None:
    book, day = Workbook(), date(2024, 1, 15)
    book.epoch = epoch
    book.worksheets[0].append(["learner_key", "entry_date"])
    book.worksheets[0].append(["a", day])
    book.save(path := tmp_path / "enrollment_2024Q1.xlsx")
    known = frozenset(CONTRACTS["enrollment"].column_names())
    assert read_workbook(path, tmp_path / "rows", known, lambda done, total: None).rows == 1
    (row,) = pa.ipc.open_file(tmp_path / "rows").read_all().to_pylist()
    assert row["c1"] == "2024-01-15"


@pytest.mark.fault("I27")
def test_day_that_became_a_number_is_found(tmp_path: Path) -> None:
    row = {**good_row("enrollment", 1), "entry_date": 45306}
    path = write_xlsx(tmp_path / "enrollment_2024Q1", list(row), [[v or None for v in row.values()]])
    assert found(check(path)) == [(2, "entry_date", "CEL-120")]


def test_day_with_a_time_is_found(tmp_path: Path) -> None:
    row = {**good_row("enrollment", 1), "entry_date": datetime(2024, 1, 15, 8, 0)}
    path = write_xlsx(tmp_path / "enrollment_2024Q1", list(row), [[v or None for v in row.values()]])
    assert found(check(path)) == [(2, "entry_date", "CEL-120")]


def test_code_that_lost_its_zeros_in_a_number_is_found_and_explained(tmp_path: Path) -> None:
    report = check(workbook(tmp_path / "wage_2024Q1.xlsx", primary_work_county_fips=6037))
    assert {code for _, _, code in found(report)} == {"CEL-170"}
    assert [(note.code, note.column) for note in report.notes] == [("FIL-058", "primary_work_county_fips")]


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "wage_2024Q1", WAGE, wage_rows(1, soc_code='="51-4041"'))
    assert found(check(path)) == [(2, "soc_code", "CEL-170")]


def test_header_may_stand_below_a_title_on_the_second_sheet(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0].insert_rows(1, 3)
        book.worksheets[0]["A1"] = "Payroll of the quarter"
        book.create_sheet("About", 0)["A1"] = "Made by payroll"

    path = workbook(tmp_path / "payroll.xlsx", change, soc_code="51-0000")
    report = check(path)
    assert (report.contract, report.rows_in) == ("wage", 3)
    assert [line for line, _, _ in found(report)] == [5, 6, 7]


def test_blank_rows_are_no_records_and_keep_the_others_in_place(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "wage_2024Q1.xlsx", lambda book: book.worksheets[0].insert_rows(3, 2), soc_code="51-0000"
    )
    report = check(path)
    assert report.rows_in == 3
    assert [line for line, _, _ in found(report)] == [2, 5, 6]


@pytest.mark.fault("I33")
def test_single_cell_in_the_last_row_does_not_stop_the_reader(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0]["XFD1048576"] = "x"

    report = check(workbook(tmp_path / "wage_2024Q1.xlsx", change))
    assert found(report) == [(1048576, None, "ROW-001")]


def hide_an_extract(book: Workbook, state: str) -> None:
    book.copy_worksheet(book.worksheets[0]).sheet_state = state


def test_hidden_sheet_that_is_no_extract_is_not_worth_a_note(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        lists = book.create_sheet("Lists")
        lists.append(["worker_type", "pay_basis"])
        lists.sheet_state = "hidden"

    assert check(workbook(tmp_path / "wage_2024Q1.xlsx", change)).verdict is Verdict.CLEAN


@pytest.mark.fault("I34")
@pytest.mark.parametrize(
    "change,code",
    [
        (lambda book: book.worksheets[0].merge_cells("A2:A3"), "FIL-056"),
        (lambda book: setattr(book.worksheets[0].row_dimensions[3], "hidden", True), "FIL-057"),
        (lambda book: setattr(book.worksheets[0].column_dimensions["C"], "hidden", True), "FIL-057"),
        (lambda book: hide_an_extract(book, "hidden"), "FIL-057"),
        (lambda book: hide_an_extract(book, "veryHidden"), "FIL-057"),
    ],
    ids=["merged", "hidden-row", "hidden-column", "hidden-sheet", "very-hidden-sheet"],
)
def test_merged_and_hidden_cells_are_noted_and_refuse_nothing(
    tmp_path: Path, change: Callable[[Workbook], None], code: str
) -> None:
    report = check(workbook(tmp_path / "wage_2024Q1.xlsx", change))
    assert [note.code for note in report.notes] == [code]
    assert report.findings == ()
    assert report.rows_in == 3


@pytest.mark.fault("I32")
def test_formula_refuses_the_file_and_is_named_by_its_cell(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0]["E3"] = f'=HYPERLINK("{CANARY}")'
        book.worksheets[0]["E4"] = "=SUM(E2:E3)"

    report = check(workbook(tmp_path / "wage_2024Q1.xlsx", change))
    assert [(one.code, one.line, one.column) for one in report.findings] == [("FIL-054", 3, "sheet column E")]
    assert "2 cells" in report.findings[0].message
    assert "E3" in report.findings[0].message
    assert CANARY not in str(report)
    assert report.exit_status == 2


@pytest.mark.fault("I34")
def test_only_hidden_sheets_with_a_header_are_no_sheets(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0].sheet_state = "hidden"
        book.create_sheet("front")["A1"] = "nothing here"

    assert codes(workbook(tmp_path / "wage_2024Q1.xlsx", change)) == ["FIL-055"]


def test_header_without_rows_is_refused(tmp_path: Path) -> None:
    assert codes(write_xlsx(tmp_path / "wage_2024Q1", WAGE, [])) == ["FIL-023"]


def codes(path: Path) -> list[str]:
    report = check(path)
    assert report.verdict is Verdict.UNUSABLE
    assert CANARY not in str(report.findings)
    return [finding.code for finding in report.findings]


def repack(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """The workbook with members replaced or added."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in {**kept, **members}.items():
            archive.writestr(name, content)
    return path


STRINGS = "xl/sharedStrings.xml"
STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def declare_strings(path: Path) -> Path:
    """The workbook with a part of shared strings, as other programs than ours write them."""
    with zipfile.ZipFile(path) as archive:
        types = archive.read("[Content_Types].xml").decode()
    declared = f'<Override PartName="/{STRINGS}" ContentType="{STRINGS_TYPE}"/></Types>'
    parts = {"[Content_Types].xml": types.replace("</Types>", declared).encode()}
    return repack(path, {**parts, STRINGS: f'<sst xmlns="{NAMESPACE}"><si><t>x</t></si></sst>'.encode()})


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "{CANARY}">{LAUGHS}]>'
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY f SYSTEM "file:///etc/hostname">]>'


@pytest.mark.fault("I28")
@pytest.mark.parametrize(
    "part,xml",
    [
        (STRINGS, f'{BILLION}<sst xmlns="{NAMESPACE}"><si><t>&l9;</t></si></sst>'),
        (STRINGS, f'{OUTSIDE}<sst xmlns="{NAMESPACE}"><si><t>&f;</t></si></sst>'),
        ("xl/worksheets/sheet1.xml", f'{BILLION}<worksheet xmlns="{NAMESPACE}">&l9;</worksheet>'),
        ("xl/workbook.xml", f'{BILLION}<workbook xmlns="{NAMESPACE}">&l9;</workbook>'),
        ("xl/styles.xml", f'{BILLION}<styleSheet xmlns="{NAMESPACE}">&l9;</styleSheet>'),
        ("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{NAMESPACE}"><sheetData><row>{CANARY}'),
        ("[Content_Types].xml", "<x/>"),
    ],
    ids=["laughs-strings", "xxe", "laughs-sheet", "laughs-book", "laughs-styles", "cut-off", "no-types"],
)
def test_hostile_xml_is_refused_and_the_check_lives_on(tmp_path: Path, part: str, xml: str) -> None:
    path = declare_strings(workbook(tmp_path / "wage_2024Q1.xlsx"))
    assert check(path).verdict is Verdict.CLEAN
    repack(path, {part: xml.encode()})
    assert codes(path) in (["FIL-050"], ["FIL-055"])
    assert not multiprocessing.active_children()


@pytest.mark.fault("I28")
def test_xml_reader_is_the_guarded_one() -> None:
    assert openpyxl.DEFUSEDXML


@pytest.mark.fault("I29", "I31")
@pytest.mark.parametrize(
    "members,code",
    [
        ({"xl/worksheets/sheet1.xml": b" " * 150_000_000}, "FIL-052"),
        ({"xl/media/a.bin": os.urandom(1) * 250_000_000}, "FIL-052"),
        ({f"xl/media/{n}": b"" for n in range(MAX_MEMBERS)}, "FIL-052"),
        ({"xl/vbaProject.bin": b"x"}, "FIL-053"),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "FIL-053"),
        ({"xl/embeddings/oleObject1.bin": b"x"}, "FIL-053"),
        ({"xl/macrosheets/sheet1.xml": b"<x/>"}, "FIL-053"),
    ],
    ids=["bomb-ratio", "bomb-size", "members", "macro", "external-link", "object", "macro-sheet"],
)
def test_hostile_container_is_refused_before_it_is_unpacked(
    tmp_path: Path, members: dict[str, bytes], code: str
) -> None:
    assert codes(repack(workbook(tmp_path / "wage_2024Q1.xlsx"), members)) == [code]


def test_size_at_the_ratio_is_taken_and_beyond_is_not(tmp_path: Path) -> None:
    path = repack(workbook(tmp_path / "x.xlsx"), {"xl/media/a": b"\0" * 1_000_000})
    assert inspect_archive(path) == []
    path = repack(path, {"xl/media/a": b"\0" * 1_000_001})
    assert [one.code for one in inspect_archive(path)] == ["FIL-052"]


@pytest.mark.fault("I35")
def test_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "wage_2024Q1.xlsx")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"))
    assert codes(path) == ["FIL-051"]


@pytest.mark.fault("I35")
@pytest.mark.parametrize(
    "data,code",
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "FIL-051"),
        (b"PK\x03\x04" + bytes(200), "FIL-050"),
    ],
    ids=["old-or-password", "cut-off-zip"],
)
def test_file_that_is_no_workbook_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "wage_2024Q1.xlsx"
    path.write_bytes(data)
    assert codes(path) == [code]


def test_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wage_2024Q1.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert codes(path) == ["FIL-050"]


def crash(tell: object) -> None:
    os.abort()


def devour(tell: object) -> int:
    return len(bytearray(64 << 30))


def say_a_value(tell: object) -> None:
    raise ValueError(CANARY)


def hang(tell: object) -> None:
    import time as clock

    clock.sleep(60)


@pytest.mark.fault("F23")
@pytest.mark.parametrize("read", [crash, devour, say_a_value, hang])
def test_reader_that_ends_badly_is_reported_and_says_no_value(
    read: Callable[[object], object], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ReadingEndedError) as raised:
        read_isolated(read, limits=Limits(silent_seconds=5))
    assert CANARY not in str(raised.value)
    assert CANARY not in "".join(capfd.readouterr())
    assert not multiprocessing.active_children()


@pytest.mark.fault("F23")
def test_file_whose_reader_ends_badly_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "wage_2024Q1.xlsx")
    monkeypatch.setattr(source, "READER_LIMITS", Limits(silent_seconds=0))
    assert codes(path) == ["FIL-059"]


def test_progress_of_a_long_sheet_is_told(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "wage_2024Q1", WAGE[:6], [row[:6] for row in wage_rows(5_001)])
    told: list[tuple[int, int]] = []
    report = check_file(CheckOrder(path=path), lambda done, total: told.append((done, total)))
    assert report.rows_in == 5_001
    assert told
    assert all(0 < done <= total for done, total in told)
