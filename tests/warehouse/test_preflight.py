"""What a file must be before its rows are read: planted faults, and files that look odd but are fine."""

from __future__ import annotations

import pytest

from warehouse.intake.findings import FILE_CODES
from warehouse.intake.header import HeaderRules
from warehouse.intake.octets import BLOCK_BYTES
from warehouse.intake.preflight import MAX_COLUMNS, MAX_RECORD_BYTES, Claims, Preflight, inspect
from warehouse.intake.records import LONGEST_BYTES, index_records

RULES = HeaderRules(
    columns=("learner_key", "firm_id", "name", "hours_paid"), required=frozenset({"learner_key"})
)
CANARY = "Zz9canary"


def look(data: bytes, **claims: object) -> Preflight:
    return inspect(data, RULES, Claims(**{"max_bytes": 1 << 24, **claims}), index_records)  # type: ignore[arg-type]


def codes(data: bytes, **claims: object) -> list[str]:
    return [finding.code for finding in look(data, **claims).findings]


@pytest.mark.parametrize(
    "data",
    [
        b"learner_key,firm_id\na,b\n",
        b"firm_id,learner_key\nb,a\n",
        b"\xef\xbb\xbflearner_key\na\n",
        b"learner_key\na",
        b"learner_key\r\na\r\n",
        b'learner_key,name\na,"b\nc"\n',
        b'learner_key,name\r\na,"b\nc"\r\n',
        b'"learner_key","name"\na,"b ""c"" d"\n',
        b"learner_key\n\na\n\n",
        "learner_key,name\na,Łódź\n".encode(),
        "learner_key,name\na,שלום\n".encode(),
        b"learner_key\nx\ty\n",
    ],
    ids=[
        "plain",
        "reordered",
        "bom",
        "no-trailing-newline",
        "crlf",
        "newline-in-quotes",
        "lf-in-crlf",
        "quoted-header",
        "blank-lines",
        "utf8",
        "right-to-left",
        "tab",
    ],
)
def test_preflight_passes_when_the_file_is_only_unusual(data: bytes) -> None:
    assert codes(data) == []


@pytest.mark.fault("I05", "I06", "I09", "I10", "I11", "I13", "I14", "I15", "I16", "I18")
@pytest.mark.parametrize(
    "data,code,line,offset",
    [
        ("learner_key\nä\n".encode("cp1252"), "FIL-010", 2, 12),
        ("learner_key\nä\n".encode("utf-16"), "FIL-010", 1, 0),
        ("learner_key\na\n".encode("utf-16-le"), "FIL-010", 1, 0),
        (b"learner_key\n\xc0\xaf\n", "FIL-010", 2, 12),
        (b"learner_key\nab\x00c\n", "FIL-011", 2, 14),
        (b"learner_key\n\x1b\n", "FIL-011", 2, 12),
        ("learner_key\n\u202eab\n".encode(), "FIL-011", 2, 12),
        ("learner_key\nä\u2067b\n".encode(), "FIL-011", 2, 14),
        (b"learner_key\ra\r", "FIL-012", 1, 11),
        (b"learner_key\r\na\rb\r\n", "FIL-012", 2, 14),
        (b"learner_key\r\r\na\r\r\n", "FIL-012", 1, 11),
        (b"learner_key\r\na\nb\r\n", "FIL-013", 2, 14),
        (b'learner_key,name\na,"b\nc,d\n', "FIL-024", 2, None),
        (b'learner_key,name\na,5" pipe\nb,6" pipe\n', "FIL-024", 2, None),
        (b'learner_key,name\na,"b"c\n', "FIL-024", 2, None),
        (b"", "FIL-023", None, None),
        (b"\xef\xbb\xbf", "FIL-023", None, None),
        (b"\n\n", "FIL-023", None, None),
        (b"learner_key,firm_id\n", "FIL-023", None, None),
        (b"\nlearner_key\na\n", "FIL-020", 1, None),
    ],
)
def test_preflight_refuses_the_file_when_its_text_is_unsafe(
    data: bytes, code: str, line: int | None, offset: int | None
) -> None:
    (finding,) = look(data).findings
    assert (finding.code, finding.line, finding.offset) == (code, line, offset)


@pytest.mark.fault("I09", "I10", "I11")
@pytest.mark.parametrize(
    "encoding,word",
    [
        *(("cp1252", "Windows-1252"), ("utf-16", "UTF-16"), ("utf-16-be", "UTF-16")),
        ("utf-32", "UTF-32"),
    ],
)
def test_preflight_names_the_likely_encoding_when_the_text_is_not_utf8(encoding: str, word: str) -> None:
    (finding,) = look("learner_key,name\na,Müller\n".encode(encoding)).findings
    assert word in finding.message


@pytest.mark.fault("I12")
def test_preflight_names_both_encodings_when_they_are_mixed() -> None:
    head = "learner_key,name\na,Müller\n"
    (finding,) = look(head.encode() + "b,Łódź, Café\n".encode() + "c,Café\n".encode("cp1252")).findings
    assert (finding.line, finding.offset) == (4, len(head.encode()) + len("b,Łódź, Café\n".encode()) + 5)
    assert "UTF-8 mixed with Windows-1252" in finding.message


@pytest.mark.fault("I01", "I02")
@pytest.mark.parametrize("excess,expected", [(-1, []), (0, []), (1, ["FIL-003"])])
def test_preflight_refuses_a_line_when_it_exceeds_one_mebibyte(excess: int, expected: list[str]) -> None:
    assert codes(b"learner_key\n" + b"x" * (MAX_RECORD_BYTES + excess) + b"\n") == expected


@pytest.mark.fault("I03")
@pytest.mark.parametrize("excess,expected", [(-1, []), (0, []), (1, ["FIL-003"])])
def test_preflight_refuses_a_line_when_it_exceeds_512_columns(excess: int, expected: list[str]) -> None:
    assert codes(b"learner_key\n" + b"," * (MAX_COLUMNS - 1 + excess) + b"\n") == expected


@pytest.mark.parametrize(
    "row,word",
    [
        (b'="06037",b', "formula of a spreadsheet"),
        (b'b,="01.0101"', "formula of a spreadsheet"),
        (b'a,5" pipe', "write a quotation mark inside it twice"),
    ],
)
def test_preflight_says_what_to_do_with_a_quotation_mark_out_of_place(row: bytes, word: str) -> None:
    (finding,) = look(b'learner_key,name\n"a\nb",c\n' + row + b"\n").findings
    assert (finding.code, finding.line) == ("FIL-024", 4)
    assert word in finding.hint


class Watched:
    """Bytes that remember how many of them were ever asked for together."""

    def __init__(self, data: bytes) -> None:
        self._data, self.most = data, 0

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, of: slice, /) -> bytes:
        part = self._data[of]
        self.most = max(self.most, len(part))
        return part


ROWS = b"a,b\n" * LONGEST_BYTES
"""Four times what is looked at together at most."""


@pytest.mark.fault("I01", "I02", "I11", "I16", "I18")
@pytest.mark.parametrize(
    "data,code,line",
    [
        (b"x" * len(ROWS), "FIL-003", 2),
        (b'a,"b"\n' + b"x" * len(ROWS), "FIL-003", 3),
        (b'a,"' + ROWS + b'"\n', "FIL-024", 2),
        (b'a,"b\n' + ROWS, "FIL-024", 2),
        (b"a,b\r" + ROWS.replace(b"\n", b"\r"), "FIL-012", 2),
        (ROWS + b"\xe9,b\n", "FIL-010", LONGEST_BYTES + 2),
        (ROWS + b"\x1b,b\n", "FIL-011", LONGEST_BYTES + 2),
    ],
    ids=["one line", "line after quotes", "quoted", "unclosed", "returns", "latin", "control"],
)
def test_preflight_looks_at_a_large_file_a_bounded_piece_at_a_time(data: bytes, code: str, line: int) -> None:
    watched = Watched(b"learner_key,name\n" + data)
    (finding,) = inspect(watched, RULES, Claims(1 << 30), index_records).findings
    assert (finding.code, finding.line) == (code, line)
    assert watched.most <= LONGEST_BYTES
    assert LONGEST_BYTES > MAX_RECORD_BYTES


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("letter", ["é", "漢", "\U0001f642"])
def test_preflight_tears_no_letter_apart_when_a_line_is_long(letter: str, before: int) -> None:
    long = "a" * before + letter * (2 * BLOCK_BYTES // len(letter.encode()))
    assert codes(f"learner_key,name\na,{long}\n".encode()) == []


@pytest.mark.parametrize("excess,expected", [(-1, []), (0, []), (1, ["FIL-037"])])
def test_preflight_refuses_the_file_when_it_exceeds_the_size_limit(excess: int, expected: list[str]) -> None:
    assert codes(b"learner_key\n" + b"x" * (88 + excess), max_bytes=100) == expected


@pytest.mark.fault("I19")
def test_preflight_reports_every_header_fault_when_there_are_several() -> None:
    findings = look(b"firm_id,firm_id,hours_payd,ssn\na,b,1,2\n").findings
    assert [(f.code, f.column) for f in findings] == [
        ("FIL-020", "learner_key"),
        ("FIL-022", "firm_id"),
        ("FIL-021", "header column 3"),
        ("FIL-040", "header column 4"),
    ]
    assert "hours_paid" in findings[2].hint


@pytest.mark.parametrize(
    "name", ["ssn", "SSN", "last_name", "Birth Date", "dob", "E-Mail", "home_phone", "streetAddress"]
)
def test_preflight_refuses_a_direct_identifier_when_the_header_names_one(name: str) -> None:
    assert codes(f"learner_key,{name}\na,b\n".encode()) == ["FIL-040"]


def test_preflight_keeps_a_contract_column_when_its_name_sounds_identifying() -> None:
    assert codes(b"learner_key,name\na,b\n") == []


@pytest.mark.fault("I20")
@pytest.mark.parametrize("mark,word", [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
def test_preflight_says_which_delimiter_was_used_when_it_is_no_comma(mark: str, word: str) -> None:
    (finding,) = look(f"learner_key{mark}firm_id\na{mark}b\n".encode()).findings
    assert finding.code == "FIL-020"
    assert word in finding.hint


def test_preflight_names_the_delimiter_when_a_quotation_mark_is_out_of_place_because_of_it() -> None:
    (finding,) = look(b'learner_key;firm_id\r\na;"1,5"\r\n').findings
    assert (finding.code, finding.line) == ("FIL-020", 1)
    assert "semicolons" in finding.hint


@pytest.mark.parametrize(
    "data",
    [
        f"{CANARY}1,{CANARY}2\n{CANARY},b\n",
        f"learner_key\n{CANARY}\x00\n",
        f'learner_key\n"{CANARY}\n',
        f"learner_key;x\n{CANARY};1\n",
        f"learner_key,{CANARY}\na,b\n",
        f'"{CANARY}\nx",learner_key\na,b\n',
    ],
)
def test_preflight_repeats_nothing_of_the_file_when_it_refuses(data: str) -> None:
    findings = look(data.encode()).findings
    assert findings
    assert CANARY not in repr(findings)


@pytest.mark.parametrize("data", [b"", b"learner_key\n", b"learner_key"])
def test_preflight_passes_without_rows_when_a_nil_return_is_declared(data: bytes) -> None:
    assert codes(data, nil_return=True) == []


def test_preflight_refuses_rows_when_a_nil_return_is_declared() -> None:
    assert codes(b"learner_key\na\n", nil_return=True) == ["FIL-026"]


@pytest.mark.parametrize("said,expected", [(1, ["FIL-027"]), (2, []), (3, ["FIL-027"])])
def test_preflight_refuses_the_file_when_the_manifest_counts_other_rows(
    said: int, expected: list[str]
) -> None:
    assert codes(b"learner_key\na\nb\n", row_count=said) == expected


def test_every_file_code_has_a_title_when_preflight_can_give_it() -> None:
    given = {"FIL-003", "FIL-010", "FIL-011", "FIL-012", "FIL-013", *(f"FIL-02{n}" for n in range(8))}
    assert given | {"FIL-037", "FIL-040"} <= set(FILE_CODES)
