"""The second counter and the strict parser: each alone, and that they agree on anything well-quoted."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.duck import connect
from warehouse.intake import octets, records
from warehouse.intake.octets import BLOCK_BYTES
from warehouse.intake.parse import Blob, Parsed, create_parsed_table, parse_blobs
from warehouse.intake.records import LONGEST_BYTES, index_records

COLUMNS = ("a", "b", "c")


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        yield connection


def land(folder: Path, data: bytes, header: Sequence[str] = COLUMNS) -> Blob:
    sha256 = hashlib.sha256(data).hexdigest()
    (folder / sha256).write_bytes(data)
    return Blob(sha256, folder / sha256, tuple(header), index_records(data))


def parse(
    con: duckdb.DuckDBPyConnection, *blobs: Blob
) -> tuple[list[Parsed], list[list[tuple[object, ...]]]]:
    create_parsed_table(con, "parsed", COLUMNS)
    outcomes = parse_blobs(con, "parsed", blobs, COLUMNS)
    query = "SELECT record, a, b, c FROM parsed WHERE sha256 = ? ORDER BY record"
    return [outcomes[b.sha256] for b in blobs], [con.execute(query, [b.sha256]).fetchall() for b in blobs]


@pytest.mark.parametrize(
    "data,records,lines",
    [
        (b"", 0, []),
        (b"h", 0, [1]),
        (b"h\n1\n2\n", 2, [1, 2, 3]),
        (b"h\n1\n2", 2, [1, 2, 3]),
        (b"h\r\n1\r\n\r\n2\r\n", 2, [1, 2, 4]),
        (b'h\n"x\ny"\n2\n', 2, [1, 2, 4]),
        (b'h\n"x\n\n""y"\n\n\n2', 2, [1, 2, 7]),
        (b"\xef\xbb\xbfh\n1\n", 1, [1, 2]),
        (b"\n\nh\n1\n", 1, [3, 4]),
    ],
)
def test_counter_finds_records_and_their_lines_when_breaks_are_quoted_or_blank(
    data: bytes, records: int, lines: list[int]
) -> None:
    index = index_records(data)
    assert index.data_records == records
    assert list(index.lines) == lines


@pytest.mark.parametrize("block_bytes", [1, 4, 9])
@pytest.mark.parametrize(
    "data",
    [
        b'\xef\xbb\xbfa,b\r\n1,"2\r\n,"\r\n\r\n3,4\n5',
        b'a,b\n"x\n\n,"",",y\n1,2\n',
        b'a,b\n1,2"\n"3,4\n',
        b"\n\na\nb\r\nc\n",
    ],
)
def test_counter_finds_the_same_when_the_file_is_read_in_small_blocks(
    data: bytes, block_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = index_records(data)
    (tmp_path / "file").write_bytes(data)
    monkeypatch.setattr(octets, "BLOCK_BYTES", block_bytes)
    pieces = index_records(octets.FileOctets(tmp_path / "file"))
    for name in ("starts", "ends", "lines", "fields"):
        assert list(getattr(pieces, name)) == list(getattr(whole, name))
    assert pieces.misquoted_line == whole.misquoted_line
    assert pieces.mixed_ending_offset == whole.mixed_ending_offset
    assert pieces.is_plain
    assert whole.is_plain


@pytest.mark.parametrize("fault", [b"\xe9", b"\x00", b"\xe2\x80\xae", b"\r"])
@pytest.mark.parametrize("lines", [0, BLOCK_BYTES // 4])
def test_counter_calls_a_file_plain_only_where_all_of_it_is(fault: bytes, lines: int) -> None:
    before, after = b"a,\xc3\xa9\r\n" * lines, b"1,2\n" * lines
    assert index_records(before + b"x,y\n" + after).is_plain
    assert not index_records(before + b"x" + fault + b",y\n" + after).is_plain
    assert not index_records(before + b"x" * (LONGEST_BYTES + 1)).is_plain


def test_counter_counts_in_more_bits_where_a_file_has_more_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b'a,b\n1,"2\n"\n\n3,4\n'
    few = index_records(data)
    monkeypatch.setattr(records, "MOST_OF_32_BITS", len(data))
    many = index_records(data)
    for name in ("starts", "ends", "lines", "fields"):
        assert (getattr(few, name).dtype, getattr(many, name).dtype) == (np.int32, np.int64)
        assert list(getattr(few, name)) == list(getattr(many, name))


def test_counter_counts_fields_when_commas_are_quoted() -> None:
    assert list(index_records(b'a,b,c\n1,"2,2",3\n1,2\n,,,\n').fields) == [3, 3, 2, 4]


@pytest.mark.parametrize("commas", [255, 256, 257, 511, 512, 513, 70_000])
def test_counter_counts_fields_when_they_are_more_than_a_byte_counts(commas: int) -> None:
    assert list(index_records(b"a,b\n" + b"," * commas + b"\n1,2\n").fields) == [2, commas + 1, 2]


def test_parser_numbers_records_per_file_when_many_are_read_at_once(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    blobs = [
        land(tmp_path, b"a,b,c\n" + b"".join(b"%d,%d,x\n" % (n, i) for i in range(n)))
        for n in (3000, 0, 1, 70)
    ]
    outcomes, rows = parse(con, *blobs)
    assert outcomes == [Parsed()] * 4
    assert [[row[0] for row in of_file] for of_file in rows] == [
        list(range(1, n + 1)) for n in (3000, 0, 1, 70)
    ]
    assert all(row[2] == str(row[0] - 1) for of_file in rows for row in of_file)  # type: ignore[operator]


@pytest.mark.fault("I19")
def test_parser_matches_columns_by_name_when_headers_are_reordered_or_short(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    blobs = [
        land(tmp_path, b"a,b,c\n1,2,3\n"),
        land(tmp_path, b"c,a,b\n3,1,2\n", ("c", "a", "b")),
        land(tmp_path, b"b\n2\n", ("b",)),
    ]
    _, rows = parse(con, *blobs)
    assert rows == [[(1, "1", "2", "3")], [(1, "1", "2", "3")], [(1, None, "2", None)]]


@pytest.mark.fault("I26")
def test_parser_keeps_text_as_it_was_sent_when_it_looks_like_numbers_or_blanks(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _, rows = parse(con, land(tmp_path, b'a,b,c\n007, x ,1e5\nNULL,"a\nb","q""r"\n'))
    assert rows == [[(1, "007", " x ", "1e5"), (2, "NULL", "a\nb", 'q"r')]]


@pytest.mark.fault("I07", "I08", "I17", "I22")
def test_parser_sets_ragged_records_aside_when_the_rest_is_sound(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    ragged = land(
        tmp_path, b'\xef\xbb\xbfa,b,c\r\n1,2,3\r\n1,"x\r\ny",3\r\n1,2\r\n4,5,6\r\n\r\n7,8,9,10\r\n8,8,8'
    )
    sound = land(tmp_path, b"a,b,c\n9,9,9\n")
    outcomes, rows = parse(con, ragged, sound)
    assert outcomes == [Parsed(ragged=(3, 5)), Parsed()]
    assert [row[0] for row in rows[0]] == [1, 2, 4, 6]
    assert [row[1] for row in rows[0]] == ["1", "1", "4", "8"]
    assert rows[1] == [(1, "9", "9", "9")]


def test_parser_sets_a_record_aside_when_its_field_too_many_is_blank(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    blob = land(tmp_path, b"a,b,c\n1,2,\n4,5,6,\n7,8,9\n9850,10,2,\n")
    (outcome,), (rows,) = parse(con, blob)
    assert outcome == Parsed(ragged=(2, 4))
    assert [row[:2] for row in rows] == [(1, "1"), (3, "7")]


@pytest.mark.parametrize("data", [b"a,b,c\n1,2,3\n4,5,6\n", b"a,b,c\n1,2,3\n4,5,6\n7,8\n"])
def test_parser_refuses_the_file_when_the_two_counters_disagree(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, data: bytes
) -> None:
    blob = land(tmp_path, data)
    index = blob.index
    short = replace(
        index,
        starts=index.starts[:-1],
        ends=index.ends[:-1],
        lines=index.lines[:-1],
        fields=index.fields[:-1],
    )
    other = land(tmp_path, b"a,b,c\n9,9,9\n")
    outcomes, rows = parse(con, replace(blob, index=short), other)
    assert outcomes[0].finding is not None
    assert outcomes[0].finding.code == "FIL-025"
    assert rows == [[], [(1, "9", "9", "9")]]


@pytest.mark.fault("I48")
def test_parser_reads_one_file_only_when_the_folder_looks_like_a_pattern(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folders = [tmp_path / "x=1" / name for name in ("q[1]", "q1", "q*")]
    for folder in folders:
        folder.mkdir(parents=True)
    blobs = [land(folder, b"a,b,c\n%d,2,3\n" % n) for n, folder in enumerate(folders)]
    _, rows = parse(con, *blobs)
    assert rows == [[(1, str(n), "2", "3")] for n in range(3)]


_TEXT = st.text(st.sampled_from(list("ab1 ,;\n\"'\\#é")), max_size=6)
_RECORD = st.lists(_TEXT, min_size=1, max_size=5).filter(lambda fields: fields != [""])


def _written(records: list[list[str]], ending: str, bom: bool, last: bool) -> bytes:
    sink = io.StringIO()
    csv.writer(sink, lineterminator=ending).writerows([list(COLUMNS), *records])
    text = sink.getvalue()
    return (("\ufeff" if bom else "") + (text if last else text.removesuffix(ending))).encode()


@pytest.mark.fault("I07", "I08", "I17", "I22")
@given(
    st.lists(_RECORD, min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans()
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parser_and_counter_lose_and_misnumber_nothing_when_any_records_are_written(
    con: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    records: list[list[str]],
    ending: str,
    bom: bool,
    last: bool,
) -> None:
    blob = land(tmp_path, _written(records, ending, bom, last))
    assert blob.index.data_records == len(records)
    assert blob.index.misquoted_line is None
    (outcome,), (rows,) = parse(con, blob)
    assert outcome.finding is None
    assert sorted([*outcome.ragged, *(row[0] for row in rows)]) == list(range(1, len(records) + 1))  # type: ignore[type-var]
    for record, *fields in rows:
        sent = records[record - 1]  # type: ignore[operator]
        assert [field or "" for field in fields] == sent[:3]
        assert not any(sent[3:])
