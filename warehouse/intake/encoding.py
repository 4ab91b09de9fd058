"""Is a blob plain UTF-8 text? If not: where it stops being so, and what it most likely is.

Only bytes are looked at here; lines, columns and headers belong to ``preflight.py``.
"""

from __future__ import annotations

import re

from warehouse.intake.findings import FileFinding

_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_CONTROL = re.compile(b"[" + re.escape(_CONTROLS) + b"]")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF16_SAMPLE_BYTES = 4096
_UTF16_NUL_SHARE = 0.25
_SEVERAL_BYTES = re.compile(rb"[\xC2-\xDF][\x80-\xBF]|[\xE0-\xEF][\x80-\xBF]{2}|[\xF0-\xF4][\x80-\xBF]{3}")
"""A letter of UTF-8 beyond ASCII; hardly a sequence that Windows-1252 would hold."""

_SAVE_AS_UTF8 = "save the file again as CSV UTF-8 (a byte order mark is fine)"


def find_encoding_faults(data: bytes) -> list[FileFinding]:
    """The first fault of the bytes, if any: FIL-010, FIL-011 or FIL-012, each with its byte offset."""
    for look in (_not_utf8, _control_character, _lone_return):
        finding = look(data)
        if finding is not None:
            return [finding]
    return []


def line_of(data: bytes, offset: int) -> int:
    """The 1-based physical line a byte offset lies on."""
    return data.count(b"\n", 0, offset) + 1


def _not_utf8(data: bytes) -> FileFinding | None:
    if _looks_like_utf16(data):
        return _not_utf8_finding(data, offset=0, likely="UTF-16")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8_finding(data, offset=error.start, likely=_likely_encoding(data))
    return None


def _not_utf8_finding(data: bytes, offset: int, likely: str) -> FileFinding:
    message = f"the text is not UTF-8 from byte {offset} on; most likely it is {likely}"
    return FileFinding("FIL-010", message, _SAVE_AS_UTF8, line=line_of(data, offset), offset=offset)


def _looks_like_utf16(data: bytes) -> bool:
    """UTF-16 without a mark is valid UTF-8 full of NULs when its text is plain ASCII."""
    sample = data[:_UTF16_SAMPLE_BYTES]
    return sample.startswith(_UTF16_MARKS) or sample.count(0) > _UTF16_NUL_SHARE * len(sample)


def _likely_encoding(data: bytes) -> str:
    rest = _SEVERAL_BYTES.sub(b"", data)
    if len(rest) < len(data):
        return f"UTF-8 mixed with {_likely_single_byte(rest)}, as when two exports are put together"
    return _likely_single_byte(data)


def _likely_single_byte(data: bytes) -> str:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "something that is no text"
    return "Windows-1252 (cp1252)"


def _control_character(data: bytes) -> FileFinding | None:
    if len(data.translate(None, _CONTROLS)) == len(data):
        return None
    match = _CONTROL.search(data)
    offset = match.start() if match else 0
    message = f"a control character (number {data[offset]}) stands at byte {offset}"
    hint = "export the data again without control characters; only tab and line ends may occur"
    return FileFinding("FIL-011", message, hint, line=line_of(data, offset), offset=offset)


def _lone_return(data: bytes) -> FileFinding | None:
    if data.count(b"\r") == data.count(b"\r\n"):
        return None
    match = _LONE_RETURN.search(data)
    offset = match.start() if match else 0
    message = f"a carriage return without a line feed stands at byte {offset}"
    hint = "end every line with a line feed, or with carriage return and line feed"
    return FileFinding("FIL-012", message, hint, line=line_of(data, offset), offset=offset)
