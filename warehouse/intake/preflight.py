"""The first look at a landed blob: may its records be read at all, and under which header?

A pure function of the bytes and the contract's header rules. A file with any finding here is refused
whole and nothing of it is loaded; values of cells are judged later, by the contract's program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from warehouse.intake.encoding import find_encoding_faults, line_of
from warehouse.intake.findings import FileFinding
from warehouse.intake.header import HeaderRules, find_header_faults, find_other_delimiter, read_header
from warehouse.intake.octets import Octets
from warehouse.intake.records import RecordCounter, RecordIndex

MAX_RECORD_BYTES = 1 << 20
MAX_COLUMNS = 512
_FORMULA_OF_TEXT = re.compile(rb'(?:\A|,)="')
_AS_REPLACEMENT = "; if this one was dropped already, say --type REPLACEMENT --supersedes its submission_id"


@dataclass(frozen=True)
class Claims:
    """What must hold beside the bytes: the consortium's size limit and what the firm's manifest says."""

    max_bytes: int
    nil_return: bool = False
    row_count: int | None = None


@dataclass(frozen=True)
class Preflight:
    """What is known of a file before parsing: findings (refused if any), its header and its records."""

    findings: tuple[FileFinding, ...]
    header: tuple[str, ...] = ()
    index: RecordIndex | None = None


def inspect(data: Octets, rules: HeaderRules, claims: Claims, counter: RecordCounter) -> Preflight:
    """Look a whole file over. Header faults are all reported; of unreadable bytes the first fault is."""
    findings = _size(data, claims)
    if findings:
        return Preflight(tuple(findings))
    index = counter(data)
    findings = [] if index.is_plain else find_encoding_faults(data)
    findings = findings or _shape(data, index, rules)
    if findings:
        return Preflight(tuple(findings))
    header = _header(data, index)
    findings = find_header_faults(header, rules) if header is not None else []
    findings += find_row_faults(index.data_records, claims)
    return Preflight(tuple(findings), header or (), index)


def _size(data: Octets, claims: Claims) -> list[FileFinding]:
    if len(data) <= claims.max_bytes:
        return []
    message = f"the file has {len(data)} bytes; at most {claims.max_bytes} are taken"
    return [FileFinding("FIL-037", message, "send one period's rows only, or ask the operator")]


def _shape(data: Octets, index: RecordIndex, rules: HeaderRules) -> list[FileFinding]:
    """Faults that make records unreadable; the first kind found is enough."""
    return _quotes(data, index, rules) or _endings(data, index) or _lengths(index) or _first_line(index)


def _quotes(data: Octets, index: RecordIndex, rules: HeaderRules) -> list[FileFinding]:
    if index.misquoted_line is None:
        return []
    # Where no commas separate the fields, quotation marks are out of place for that reason alone.
    line = data[:MAX_RECORD_BYTES].partition(b"\n")[0].removeprefix(b"\xef\xbb\xbf").rstrip(b"\r")
    separated = find_other_delimiter(read_header(line.decode("utf-8", "replace")), rules)
    if separated:
        return separated
    message = (
        "a quotation mark stands inside a field that is not quoted, "
        f"or is not closed within the {MAX_RECORD_BYTES} bytes a line may have"
    )
    hint = "quote the whole field and write a quotation mark inside it twice"
    if _FORMULA_OF_TEXT.search(_record_of(data, index, index.misquoted_line)):
        hint = 'write the code alone, without ="…" around it: that is a formula of a spreadsheet'
    return [FileFinding("FIL-024", message, hint, line=index.misquoted_line)]


def _record_of(data: Octets, index: RecordIndex, line: int) -> bytes:
    """The record that a physical line belongs to, or as much of it as a record may have."""
    record = int(np.searchsorted(index.lines, line, side="right")) - 1
    start, end = int(index.starts[record]), int(index.ends[record])
    return data[start : min(end, start + MAX_RECORD_BYTES)]


def _endings(data: Octets, index: RecordIndex) -> list[FileFinding]:
    offset = index.mixed_ending_offset
    if offset is None:
        return []
    message = f"lines end in two ways; the first that differs ends at byte {offset}"
    hint = "end all lines the same way: save the file once as a whole from one program"
    return [FileFinding("FIL-013", message, hint, line=line_of(data, offset), offset=offset)]


def _lengths(index: RecordIndex) -> list[FileFinding]:
    hint = f"a line has at most {MAX_RECORD_BYTES} bytes and {MAX_COLUMNS} columns; check its end and commas"
    lengths = index.ends - index.starts
    for sizes, limit, unit in ((lengths, MAX_RECORD_BYTES, "bytes"), (index.fields, MAX_COLUMNS, "columns")):
        if len(sizes) and sizes.max() > limit:
            worst = int(sizes.argmax())
            message = f"a line has more than {limit} {unit}; no more are taken"
            return [FileFinding("FIL-003", message, hint, line=int(index.lines[worst]))]
    return []


def _first_line(index: RecordIndex) -> list[FileFinding]:
    if not len(index.lines) or index.lines[0] == 1:
        return []
    hint = "remove the blank lines before the header"
    return [FileFinding("FIL-020", "the first line is blank instead of the header", hint, line=1)]


def _header(data: Octets, index: RecordIndex) -> tuple[str, ...] | None:
    """The header's names; None for a file without any line, which only a nil return may be."""
    if not len(index.starts):
        return None
    return read_header(data[index.starts[0] : index.ends[0]].decode("utf-8"))


def find_row_faults(rows: int, claims: Claims) -> list[FileFinding]:
    """FIL-023, FIL-026 or FIL-027 when so many rows are not what was said."""
    if rows and claims.nil_return:
        hint = f"send the file without nil_return in its manifest, or without rows{_AS_REPLACEMENT}"
        return [FileFinding("FIL-026", "the file is declared a nil return but has data rows", hint)]
    if claims.row_count is not None and claims.row_count != rows:
        message = f"the manifest says {claims.row_count} rows, the file has {rows}"
        hint = f"send the whole file again with a manifest made from it{_AS_REPLACEMENT}"
        return [FileFinding("FIL-027", message, hint)]
    if rows or claims.nil_return:
        return []
    hint = (
        "fill in rows; if there is nothing to report, declare a nil return: "
        f"guildhall manifest FILE --nil{_AS_REPLACEMENT}"
    )
    return [FileFinding("FIL-023", "the file has no data rows", hint)]
