"""Defects as a data officer would name them, planted in CSV, XLSX and Parquet; and what must be said of each.

One table drives the three formats; bad cells stand in a list of their own. Where a defect cannot exist in a
format, the table says why. Faults of cells and rows, contract by contract, are planted by
``warehouse.sample.fault_kinds`` besides.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

from contracts import CONTRACTS
from tests.warehouse.checking_files import PERIOD, good_row

ROWS = 4
FILLED = {
    "gross_wages_usd": "9850.10",
    "hours_paid": "480.5",
    "hours_worked": "455",
    "worker_type": "FT",
    "pay_basis": "HOURLY",
    "subsidized": "0",
}
ALSO = {"wage": FILLED, "program": {"name": "Tech College"}}

Found = tuple[str, str | None]
"""A code, and the column or position it is about."""


@dataclass(frozen=True)
class Said:
    """All that must be said, and nothing else: of the file (refused), beside it (noted), of rows."""

    refused: frozenset[Found] = frozenset()
    noted: frozenset[Found] = frozenset()
    rows: frozenset[tuple[int, str | None, str]] = frozenset()


FINE = Said()


@dataclass(frozen=True)
class Never:
    """Why a defect cannot exist in a format."""

    why: str


@dataclass(frozen=True)
class Table:
    """A header and rows, their cells text or typed."""

    contract: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def cells(self, column: str, *values: Any) -> Table:
        """With these values in the first rows of a column."""
        place = self.header.index(column)
        rows = [
            (*row[:place], values[n] if n < len(values) else row[place], *row[place + 1 :])
            for n, row in enumerate(self.rows)
        ]
        return replace(self, rows=tuple(rows))

    def named(self, **names: str) -> Table:
        """With columns renamed in the header."""
        return replace(self, header=tuple(names.get(name, name) for name in self.header))

    def ordered(self, *places: int) -> Table:
        """With only these columns, in this order."""
        rows = tuple(tuple(row[place] for place in places) for row in self.rows)
        return replace(self, header=tuple(self.header[place] for place in places), rows=rows)


@dataclass(frozen=True)
class Plant:
    """How a defect is written into a file of one format, and what must be said of it."""

    write: Callable[[Path], Path]
    said: Said


@dataclass(frozen=True)
class Defect:
    """One kind of defect in the three formats."""

    name: str
    csv: Plant | Never
    xlsx: Plant | Never
    parquet: Plant | Never

    def in_format(self, name: str) -> Plant | Never:
        """The plant for ``csv``, ``xlsx`` or ``parquet``."""
        plant: Plant | Never = getattr(self, name)
        return plant


@dataclass(frozen=True)
class BadCell:
    """One bad text in an otherwise good row, the same in the three formats; its code."""

    name: str
    column: str
    text: str
    code: str
    contract: str = "wage"


def good_line(contract: str, number: int) -> dict[str, str]:
    """A row without any fault, more of its columns filled."""
    return {**good_row(contract, number), **ALSO[contract]}


def table(contract: str = "wage") -> Table:
    """Good rows."""
    header = CONTRACTS[contract].column_names()
    return Table(contract, header, tuple(tuple(good_line(contract, n).values()) for n in range(ROWS)))


def as_csv(said: Table, change: Callable[[bytes], bytes] = lambda data: data) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        lines = [",".join(_quoted(cell) for cell in row) for row in (said.header, *said.rows)]
        path = folder / f"{said.contract}_{PERIOD}.csv"
        path.write_bytes(change(("\n".join(lines) + "\n").encode()))
        return path

    return write


def _quoted(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text


def as_xlsx(said: Table, change: Callable[[Workbook], None] = lambda book: None) -> Callable[[Path], Path]:
    """Text becomes text cells whatever it looks like; other values keep their type."""

    def write(folder: Path) -> Path:
        book = Workbook()
        sheet = book.worksheets[0]
        for number, row in enumerate((said.header, *said.rows), 1):
            for place, value in enumerate(row, 1):
                if value not in ("", None):
                    cell = sheet.cell(number, place, value)
                    cell.data_type = "s" if isinstance(value, str) else cell.data_type
        change(book)
        path = folder / f"{said.contract}_{PERIOD}.xlsx"
        book.save(path)
        return path

    return write


def as_parquet(said: Table) -> Callable[[Path], Path]:
    """A column of text is text; one with a typed value takes that type, its other cells null."""

    def write(folder: Path) -> Path:
        columns = [_column([row[place] for row in said.rows]) for place in range(len(said.header))]
        path = folder / f"{said.contract}_{PERIOD}.parquet"
        pq.write_table(pa.table(columns, names=list(said.header)), path, write_page_checksum=True)
        return path

    return write


def _column(values: list[Any]) -> pa.Array:
    typed = [value for value in values if value is not None and not isinstance(value, str)]
    if not typed:
        return pa.array(values, pa.string())
    return pa.array([None if isinstance(value, str) else value for value in values])


def damaged(write: Callable[[Path], Path], change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    def spoil(folder: Path) -> Path:
        path = write(folder)
        path.write_bytes(change(path.read_bytes()))
        return path

    return spoil


def everywhere(name: str, said: Table, answer: Said, **otherwise: Plant | Never) -> Defect:
    """The same table in the three formats; ``otherwise`` for a format in which it is different."""
    plants: dict[str, Plant | Never] = {
        "csv": Plant(as_csv(said), answer),
        "xlsx": Plant(as_xlsx(said), answer),
        "parquet": Plant(as_parquet(said), answer),
    }
    return Defect(name, **{**plants, **otherwise})


def refused(*found: Found) -> Said:
    return Said(refused=frozenset(found))


def rows(*found: tuple[int, str | None, str], noted: tuple[Found, ...] = ()) -> Said:
    return Said(rows=frozenset(found), noted=frozenset(noted))


def fine(name: str, said: Table, **otherwise: Plant | Never) -> Defect:
    return everywhere(name, said, FINE, **otherwise)


def on_bytes(change: Callable[[bytes], bytes], answer: Said, said: Table | None = None) -> Plant:
    return Plant(as_csv(said or table(), change), answer)


def on_book(change: Callable[[Workbook], None], answer: Said, said: Table | None = None) -> Plant:
    return Plant(as_xlsx(said or table(), change), answer)


def in_text(old: str, new: bytes, *, times: int = 1) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old.encode(), new, times)


OWN_ENCODING = Never("the format fixes its encoding; a reader never has to guess it")
NO_DELIMITER = Never("cells are stored apart; there is no delimiter to get wrong")
NO_LINES = Never("rows are stored apart; there are no line ends or quotation marks")
NO_TYPES = Never("text has no types of cells")
NO_SHEETS = Never("there is no sheet, so nothing can be merged, hidden or computed")
SAME_WIDTH = Never("every row has every column by construction")

REQUIRED = CONTRACTS["wage"].required_columns()
_WAGE, _PROGRAM = table(), table("program")
_WIDTH = len(_WAGE.header)


def _mixed(data: bytes) -> bytes:
    """UTF-8 in one row, Windows-1252 in another, as when two exports are pasted together."""
    return data.replace(b"Tech College", "Académie".encode(), 1).replace(
        b"Tech College", "Académie".encode("cp1252"), 1
    )


def _not_utf8(folder: Path) -> Path:
    """A text column whose bytes are cp1252."""
    texts = ["Académie".encode("cp1252")] + [b"Tech College"] * (ROWS - 1)
    bad = pa.array(texts, pa.binary()).view(pa.string())
    columns = [_column([row[n] for row in _PROGRAM.rows]) for n in range(len(_PROGRAM.header))]
    columns[_PROGRAM.header.index("name")] = bad
    path = folder / f"program_{PERIOD}.parquet"
    pq.write_table(pa.table(columns, names=list(_PROGRAM.header)), path)
    return path


def _semicolons(data: bytes) -> bytes:
    return data.replace(b".", b"\0").replace(b",", b";").replace(b"\0", b",")


def _renamed(contents: bytes) -> Plant:
    """A file with a workbook's or Parquet file's name that holds something else."""

    def write(folder: Path) -> Path:
        path = folder / f"wage_{PERIOD}.xlsx"
        path.write_bytes(contents)
        return path

    return Plant(write, refused(("FIL-023", None)))


def _macros(folder: Path) -> Path:
    path = as_xlsx(_WAGE)(folder)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return path


def _bomb(folder: Path) -> Path:
    path = as_xlsx(_WAGE)(folder)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.bin", bytes(150_000_000))
    return path


def _hidden_copy(book: Workbook) -> None:
    book.copy_worksheet(book.worksheets[0]).sheet_state = "hidden"


def _merged(book: Workbook) -> None:
    book.worksheets[0].merge_cells("E3:E4")


def _formula(book: Workbook) -> None:
    book.worksheets[0]["E3"] = "=9000+850"


def _error(book: Workbook) -> None:
    book.worksheets[0]["E3"] = "#N/A"
    book.worksheets[0]["E3"].data_type = "e"


def _title(book: Workbook) -> None:
    book.worksheets[0].insert_rows(1, 2)
    book.worksheets[0]["A1"] = "Payroll of the quarter"


def _total() -> Table:
    line = ["Total", *[""] * (_WIDTH - 1)]
    line[_WAGE.header.index("gross_wages_usd")] = "39400.40"
    return replace(_WAGE, rows=(*_WAGE.rows, tuple(line)))


_TOTAL_SAID = rows(
    (5, "learner_key", "CEL-110"),
    (5, "key_epoch", "CEL-101"),
    (5, "firm_id", "CEL-101"),
    (5, "year_quarter", "CEL-101"),
)
_TWICE = replace(_WAGE, rows=(*_WAGE.rows, _WAGE.rows[1]))
_ALL_MISSING = tuple(("FIL-020", name) for name in REQUIRED)
_NO_HEADER = Table("wage", tuple(str(c) or f"x{n}" for n, c in enumerate(_WAGE.rows[0])), _WAGE.rows[1:])
_NO_HEADER_SAID = refused(*_ALL_MISSING, *(("FIL-021", f"header column {n}") for n in range(1, _WIDTH + 1)))
_ONE_COLUMN = Table(
    "wage",
    (";".join(_WAGE.header),),
    tuple((";".join(map(str, row)),) for row in _WAGE.rows),
)

BAD_CELLS: tuple[BadCell, ...] = (
    BadCell("tab inside a text", "name", "Tech\tCollege", "CEL-110", "program"),
    BadCell("line break inside a text", "name", "Tech\nCollege", "CEL-110", "program"),
    BadCell("decimal comma", "gross_wages_usd", "9850,10", "CEL-140"),
    BadCell("day as the spreadsheet's serial number", "effective_from", "43282", "CEL-120", "program"),
    BadCell("day written month first", "effective_from", "07/01/2018", "CEL-120", "program"),
    BadCell("day that is not in the calendar", "effective_from", "2018-02-30", "CEL-121", "program"),
    BadCell("year 0000", "effective_from", "0000-07-01", "CEL-121", "program"),
    BadCell("year 9999 for 'no end'", "effective_to", "9999-12-31", "CEL-122", "program"),
    BadCell('="48.0510" around a code', "cip_2020", '="48.0510"', "CEL-170", "program"),
    BadCell("apostrophe in front of a code", "primary_work_county_fips", "'06037", "CEL-170"),
    BadCell("leading zero lost", "primary_work_county_fips", "6037", "CEL-170"),
    BadCell("county with a decimal point", "primary_work_county_fips", "6037.0", "CEL-170"),
    BadCell("text that a spreadsheet would run", "name", "=HYPERLINK(A1)", "CEL-110", "program"),
    BadCell("required cell blank", "gross_wages_usd", "", "CEL-101"),
    BadCell("sentinel -99999 for an amount", "gross_wages_usd", "-99999", "CEL-142"),
    BadCell("sentinel -99999 for a code", "soc_code", "-99999", "CEL-170"),
    BadCell("sentinel -99999 for a count", "weeks_worked", "-99999", "CEL-152"),
    BadCell("9 where only yes and no are known", "subsidized", "9", "CEL-160"),
    BadCell("N/A for missing", "hours_paid", "N/A", "CEL-140"),
    BadCell("digits of another script", "gross_wages_usd", "９８５０", "CEL-140"),
    BadCell("Arabic digits in a count", "weeks_worked", "١٣", "CEL-150"),
    BadCell("a third decimal, as 1.505", "gross_wages_usd", "9850.505", "CEL-140"),
    BadCell("thousands separator", "gross_wages_usd", "9,850.10", "CEL-140"),
    BadCell("currency sign", "gross_wages_usd", "$9850.10", "CEL-140"),
    BadCell("exponent", "gross_wages_usd", "9.85e3", "CEL-140"),
    BadCell("blank behind a number", "gross_wages_usd", "9850.10 ", "CEL-140"),
    BadCell("no-break space in a number", "gross_wages_usd", "9\u00a0850.10", "CEL-140"),
    BadCell("number out of range", "hours_paid", "1200.01", "CEL-142"),
    BadCell("fraction in a count", "weeks_worked", "12.5", "CEL-150"),
    BadCell("blank behind a code", "worker_type", "FT ", "CEL-160"),
    BadCell("code in small letters", "worker_type", "ft", "CEL-160"),
    BadCell("code that is retired or too broad", "soc_code", "51-0000", "CEL-171"),
    BadCell("key in capitals", "learner_key", "ABCDEF0123456789" * 4, "CEL-110"),
    BadCell("text too long", "name", "N" * 201, "CEL-111", "program"),
    BadCell("zero-width blank in a code", "worker_type", "FT\u200b", "CEL-160"),
    BadCell("another firm's row", "firm_id", "OTHER", "BOX-001"),
    BadCell("row of another quarter", "year_quarter", "2023Q4", "BOX-002"),
    BadCell("hours worked above hours paid", "hours_worked", "480.6", "WAG-201"),
    BadCell("wages below the minimum wage", "gross_wages_usd", "985.01", "WAG-202"),
)
"""Kinds that do not touch one another: planted together, a row for each."""

DEFECTS: tuple[Defect, ...] = (
    # The file's text.
    Defect(
        "UTF-16, as a spreadsheet's 'Unicode text' is",
        on_bytes(lambda data: data.decode().encode("utf-16"), refused(("FIL-010", None))),
        OWN_ENCODING,
        OWN_ENCODING,
    ),
    Defect(
        "UTF-16 without a mark",
        on_bytes(lambda data: data.decode().encode("utf-16-le"), refused(("FIL-010", None))),
        OWN_ENCODING,
        OWN_ENCODING,
    ),
    Defect(
        "Windows-1252",
        on_bytes(in_text("Tech College", "Académie".encode("cp1252")), refused(("FIL-010", None)), _PROGRAM),
        OWN_ENCODING,
        Plant(_not_utf8, refused(("FIL-060", None))),
    ),
    Defect(
        "two encodings in one file",
        on_bytes(_mixed, refused(("FIL-010", None)), _PROGRAM),
        OWN_ENCODING,
        OWN_ENCODING,
    ),
    Defect("byte order mark", on_bytes(lambda d: b"\xef\xbb\xbf" + d, FINE), OWN_ENCODING, OWN_ENCODING),
    fine("letters beyond ASCII", _PROGRAM.cells("name", "Académie Łódź 漢字")),
    Defect(
        "NUL character",
        on_bytes(in_text("HOURLY", b"HOU\0RLY"), refused(("FIL-011", None))),
        Never("XML cannot hold the character"),
        Plant(as_parquet(_WAGE.cells("pay_basis", "HOU\0RLY")), refused(("FIL-011", "column 16"))),
    ),
    Defect(
        "control character",
        on_bytes(in_text("HOURLY", b"HOU\x1bRLY"), refused(("FIL-011", None))),
        Never("XML cannot hold the character"),
        Plant(as_parquet(_WAGE.cells("pay_basis", "HOU\x1bRLY")), refused(("FIL-011", "column 16"))),
    ),
    everywhere(
        "text that runs backward",
        _PROGRAM.cells("name", "\u202egnidleW"),
        refused(("FIL-011", f"column {_PROGRAM.header.index('name') + 1}")),
        csv=Plant(as_csv(_PROGRAM.cells("name", "\u202egnidleW")), refused(("FIL-011", None))),
    ),
    Defect(
        "lines that end in a carriage return only",
        on_bytes(lambda data: data.replace(b"\n", b"\r"), refused(("FIL-012", None))),
        NO_LINES,
        NO_LINES,
    ),
    Defect(
        "two kinds of line ends",
        on_bytes(lambda data: data.replace(b"\n", b"\r\n", 2), refused(("FIL-013", None))),
        NO_LINES,
        NO_LINES,
    ),
    Defect(
        "line ends of Windows", on_bytes(lambda data: data.replace(b"\n", b"\r\n"), FINE), NO_LINES, NO_LINES
    ),
    Defect(
        "quotation mark never closed",
        on_bytes(in_text("HOURLY", b'"HOURLY'), refused(("FIL-024", None))),
        NO_LINES,
        NO_LINES,
    ),
    Defect(
        "inch mark inside a field",
        on_bytes(in_text("Tech College", b'5" pipe'), refused(("FIL-024", None)), _PROGRAM),
        NO_LINES,
        Plant(as_parquet(_PROGRAM.cells("name", '5" pipe')), FINE),
    ),
    Defect(
        '="48.0510" as a spreadsheet shows it',
        on_bytes(in_text("48.0510", b'="48.0510"'), refused(("FIL-024", None)), _PROGRAM),
        NO_LINES,
        NO_LINES,
    ),
    # Delimiters and decimals.
    Defect(
        "semicolons instead of commas",
        on_bytes(lambda data: data.replace(b",", b";"), refused(("FIL-020", None))),
        Plant(as_xlsx(_ONE_COLUMN), refused(("FIL-055", None))),
        Plant(as_parquet(_ONE_COLUMN), refused(("FIL-020", None))),
    ),
    Defect(
        "tabs instead of commas",
        on_bytes(lambda data: data.replace(b",", b"\t"), refused(("FIL-020", None))),
        NO_DELIMITER,
        NO_DELIMITER,
    ),
    Defect(
        "semicolons and decimal commas",
        on_bytes(_semicolons, refused(("FIL-020", None))),
        NO_DELIMITER,
        NO_DELIMITER,
    ),
    Defect(
        "decimal comma without quotation marks",
        on_bytes(in_text("9850.10", b"9850,10"), rows((1, None, "ROW-001"))),
        NO_DELIMITER,
        NO_DELIMITER,
    ),
    # The header.
    fine("columns in another order", _WAGE.ordered(*reversed(range(_WIDTH)))),
    fine("optional columns left out", _WAGE.ordered(0, 1, 2, 3, 4)),
    everywhere(
        "required column renamed",
        _WAGE.named(gross_wages_usd="gross_wages"),
        refused(("FIL-020", "gross_wages_usd"), ("FIL-021", "header column 5")),
    ),
    everywhere(
        "optional column renamed", _WAGE.named(pay_basis="basis"), refused(("FIL-021", "header column 16"))
    ),
    everywhere(
        "header in capitals",
        replace(_WAGE, header=tuple(name.upper() for name in _WAGE.header)),
        _NO_HEADER_SAID,
        xlsx=Plant(
            as_xlsx(replace(_WAGE, header=tuple(name.upper() for name in _WAGE.header))),
            refused(("FIL-055", None)),
        ),
    ),
    everywhere(
        "blank in front of a column's name",
        _WAGE.named(pay_basis=" pay_basis"),
        refused(("FIL-021", "header column 16")),
    ),
    everywhere(
        "required column missing",
        _WAGE.ordered(0, 1, 2, 3, *range(5, _WIDTH)),
        refused(("FIL-020", "gross_wages_usd")),
    ),
    everywhere("column twice", _WAGE.named(hours_worked="hours_paid"), refused(("FIL-022", "hours_paid"))),
    everywhere("unknown column", _WAGE.named(pay_basis="bonus"), refused(("FIL-021", "header column 16"))),
    everywhere(
        "no header",
        _NO_HEADER,
        _NO_HEADER_SAID,
        xlsx=Plant(as_xlsx(_NO_HEADER), refused(("FIL-055", None))),
    ),
    everywhere(
        "column of social security numbers",
        _WAGE.named(pay_basis="ssn"),
        refused(("FIL-040", "header column 16")),
    ),
    everywhere(
        "addresses of people in a column",
        _PROGRAM.cells("name", *["mary@canary.example"] * ROWS),
        refused(("FIL-041", "name")),
    ),
    # Whole rows.
    everywhere(
        "row with a field too many",
        replace(_WAGE, rows=(*_WAGE.rows[:3], (*_WAGE.rows[3], "more"))),
        rows((4, None, "ROW-001")),
        parquet=SAME_WIDTH,
    ),
    Defect(
        "row with a field too few",
        on_bytes(lambda data: data[:-2] + b"\n", rows((4, None, "ROW-001"))),
        Never("a cell that is not there is a blank cell"),
        SAME_WIDTH,
    ),
    Defect(
        "blank lines between rows",
        on_bytes(lambda data: data.replace(b"\n", b"\n\n"), FINE),
        on_book(lambda book: book.worksheets[0].insert_rows(3, 2), FINE),
        Never("there are no lines; a row of nulls is a row"),
    ),
    everywhere("line of totals below the rows", _total(), _TOTAL_SAID),
    everywhere(
        "the same row twice", _TWICE, rows((2, "learner_key", "WAG-301"), (5, "learner_key", "WAG-301"))
    ),
    everywhere("header and nothing else", replace(_WAGE, rows=()), refused(("FIL-023", None))),
    Defect(
        "empty file",
        on_bytes(lambda data: b"", refused(("FIL-023", None))),
        on_book(lambda book: book.worksheets[0].delete_rows(1, 99), refused(("FIL-055", None))),
        Plant(damaged(as_parquet(_WAGE), lambda data: b""), refused(("FIL-023", None))),
    ),
    Defect(
        "file cut off on its way",
        on_bytes(lambda data: data[:-30], rows((4, None, "ROW-001"))),
        Plant(damaged(as_xlsx(_WAGE), lambda data: data[:-400]), refused(("FIL-050", None))),
        Plant(damaged(as_parquet(_WAGE), lambda data: data[:-400]), refused(("FIL-060", None))),
    ),
    Defect(
        "password",
        Never("text has no password"),
        Plant(
            damaged(as_xlsx(_WAGE), lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999)),
            refused(("FIL-051", None)),
        ),
        Plant(
            damaged(as_parquet(_WAGE), lambda data: b"PARE" + data[4:-4] + b"PARE"),
            refused(("FIL-061", None)),
        ),
    ),
    # What spreadsheets do.
    everywhere(
        "days as dates of the spreadsheet",
        _PROGRAM.cells("effective_from", *[date(2018, 7, 1)] * ROWS),
        FINE,
    ),
    everywhere(
        "days with a time of day",
        _PROGRAM.cells("effective_from", *[datetime(2018, 7, 1, 8)] * ROWS),
        rows(*((n, "effective_from", "CEL-120") for n in range(1, ROWS + 1))),
    ),
    everywhere(
        "leading zero lost in a number",
        _WAGE.cells("primary_work_county_fips", *[6037] * ROWS),
        rows(
            *((n, "primary_work_county_fips", "CEL-170") for n in range(1, ROWS + 1)),
            noted=(("FIL-058", "primary_work_county_fips"),),
        ),
        csv=NO_TYPES,
    ),
    Defect(
        "formula",
        Plant(as_csv(_WAGE.cells("gross_wages_usd", "=9000+850")), rows((1, "gross_wages_usd", "CEL-140"))),
        on_book(_formula, refused(("FIL-054", "sheet column E"))),
        Plant(
            as_parquet(_WAGE.cells("gross_wages_usd", "=9000+850")), rows((1, "gross_wages_usd", "CEL-140"))
        ),
    ),
    Defect(
        "#N/A of a formula that failed",
        Plant(as_csv(_WAGE.cells("gross_wages_usd", "#N/A")), rows((1, "gross_wages_usd", "CEL-140"))),
        on_book(_error, refused(("FIL-054", "sheet column E"))),
        Plant(as_parquet(_WAGE.cells("gross_wages_usd", "#N/A")), rows((1, "gross_wages_usd", "CEL-140"))),
    ),
    Defect(
        "merged cells",
        NO_SHEETS,
        on_book(_merged, rows((3, "gross_wages_usd", "CEL-101"), noted=(("FIL-056", None),))),
        NO_SHEETS,
    ),
    Defect(
        "hidden row",
        NO_SHEETS,
        on_book(
            lambda book: setattr(book.worksheets[0].row_dimensions[3], "hidden", True),
            Said(noted=frozenset({("FIL-057", None)})),
        ),
        NO_SHEETS,
    ),
    Defect(
        "hidden column",
        NO_SHEETS,
        on_book(
            lambda book: setattr(book.worksheets[0].column_dimensions["C"], "hidden", True),
            Said(noted=frozenset({("FIL-057", None)})),
        ),
        NO_SHEETS,
    ),
    Defect(
        "second extract on a hidden sheet",
        NO_SHEETS,
        on_book(_hidden_copy, Said(noted=frozenset({("FIL-057", None)}))),
        NO_SHEETS,
    ),
    Defect("title above the header", NO_SHEETS, on_book(_title, FINE), NO_SHEETS),
    Defect("macros", NO_SHEETS, Plant(_macros, refused(("FIL-053", None))), NO_SHEETS),
    Defect("file that unpacks to a flood", NO_SHEETS, Plant(_bomb, refused(("FIL-052", None))), NO_SHEETS),
    Defect("empty file with the name of a workbook", NO_TYPES, _renamed(b""), NO_TYPES),
    everywhere(
        "hours with the decimals of a division",
        _WAGE.cells("hours_worked", 1366 / 3, 480.0, 1.0, 2.5),
        rows((1, "hours_worked", "CEL-140")),
    ),
    everywhere(
        "yes and no as the spreadsheet's own",
        _WAGE.cells("subsidized", *[True] * ROWS),
        FINE,
        csv=Plant(
            as_csv(_WAGE.cells("subsidized", *["TRUE"] * ROWS)),
            rows(*((n, "subsidized", "CEL-160") for n in range(1, ROWS + 1))),
        ),
    ),
    # Formats of their own.
    Defect(
        "columns within columns",
        NO_TYPES,
        Never("a cell holds one value"),
        Plant(as_parquet(_WAGE.cells("pay_basis", *[["HOURLY"]] * ROWS)), refused(("FIL-062", "column 16"))),
    ),
)
"""Every other kind, planted alone in an otherwise good file."""
