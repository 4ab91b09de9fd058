"""What a workbook's container must be before anything in it is unpacked: sizes, members, no active content.

An XLSX file is a ZIP archive; only its directory is read here. Sheets belong to ``xlsx_reader``.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from warehouse.intake.findings import FileFinding

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 100
_SMALL_BYTES = 1_000_000
"""A member smaller than this may be packed as tightly as it likes."""

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1
_WORKBOOK_PART = "xl/workbook.xml"
_ACTIVE = re.compile(
    r"vbaproject|\Axl/(?:externallinks|macrosheets|activex|embeddings|ctrlprops)/|\Axl/connections\.xml",
    re.IGNORECASE,
)
_AGAIN = "save the sheet alone as a new .xlsx workbook, or export CSV"


def inspect_archive(path: Path) -> list[FileFinding]:
    """The first kind of fault of an XLSX file's container; empty when it may be unpacked."""
    if _is_old(path):
        return [old_or_encrypted()]
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return [FileFinding("FIL-050", "the file is no workbook that can be opened", _AGAIN)]
    return next(filter(None, (list(look) for look in _looks(members))), [])


def old_or_encrypted() -> FileFinding:
    """FIL-051 for a file that is no ZIP archive but the container that was used before."""
    message = "the file is an old .xls workbook, or a workbook with a password"
    return FileFinding("FIL-051", message, "save it as .xlsx without a password, or export CSV")


def _is_old(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(OLE_MAGIC)) == OLE_MAGIC


def _looks(members: Sequence[zipfile.ZipInfo]) -> Iterator[Iterator[FileFinding]]:
    yield _encrypted(members)
    yield _oversized(members)
    yield _overlapping(members)
    yield _active(members)
    yield _no_workbook(members)


def _encrypted(members: Sequence[zipfile.ZipInfo]) -> Iterator[FileFinding]:
    if any(member.flag_bits & _ENCRYPTED for member in members):
        yield FileFinding("FIL-051", "the workbook is encrypted", "save it without a password")


def _oversized(members: Sequence[zipfile.ZipInfo]) -> Iterator[FileFinding]:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS:
        message = f"the workbook has {len(members)} parts; at most {MAX_MEMBERS} are taken"
    elif unpacked > MAX_UNPACKED_BYTES:
        message = f"unpacked, the workbook has {unpacked} bytes; at most {MAX_UNPACKED_BYTES} are taken"
    elif any(_is_bomb(member) for member in members):
        message = f"a part of the workbook is packed more than {MAX_RATIO} to 1"
    else:
        return
    yield FileFinding("FIL-052", message, "export CSV, which has no such limit")


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size > max(_SMALL_BYTES, MAX_RATIO * member.compress_size)


def _overlapping(members: Sequence[zipfile.ZipInfo]) -> Iterator[FileFinding]:
    spans = sorted((member.header_offset, member.compress_size) for member in members)
    names = {member.filename for member in members}
    crossed = any(start + size > after for (start, size), (after, _) in pairwise(spans))
    if crossed or len(names) != len(members):
        yield FileFinding("FIL-052", "parts of the workbook overlap or have one name twice", _AGAIN)


def _active(members: Sequence[zipfile.ZipInfo]) -> Iterator[FileFinding]:
    if any(_ACTIVE.search(member.filename) for member in members):
        message = "the workbook holds macros, links to other files or embedded objects"
        yield FileFinding("FIL-053", message, "copy the values into a new workbook, or export CSV")


def _no_workbook(members: Sequence[zipfile.ZipInfo]) -> Iterator[FileFinding]:
    if not any(member.filename.lower() == _WORKBOOK_PART for member in members):
        yield FileFinding("FIL-050", "the archive holds no workbook", _AGAIN)
