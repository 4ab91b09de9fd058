"""Is a blob plain UTF-8 text? If not: where it stops being so, and what it most likely is.

Only bytes are looked at here; lines, columns and headers belong to ``preflight.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from warehouse.intake.findings import FileFinding
from warehouse.intake.octets import BLOCK_BYTES, Octets, blocks

_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_CONTROL = re.compile(b"[" + re.escape(_CONTROLS) + b"]")
_BLANK = 32
_MAY_STAND = b"\n\r\t"
_BACKWARD = re.compile(rb"\xE2\x80[\xAA-\xAE]|\xE2\x81[\xA6-\xA9]")
"""U+202A to U+202E and U+2066 to U+2069: what stands behind is shown in another order than it is kept."""
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_UTF32_MARKS = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF16_SAMPLE_BYTES = 4096
_UTF16_NUL_SHARE = 0.25
_SEVERAL_BYTES = re.compile(rb"[\xC2-\xDF][\x80-\xBF]|[\xE0-\xEF][\x80-\xBF]{2}|[\xF0-\xF4][\x80-\xBF]{3}")
"""A letter of UTF-8 beyond ASCII; hardly a sequence that Windows-1252 would hold."""

_SAVE_AS_UTF8 = "save the file again as CSV UTF-8 (a byte order mark is fine)"


def find_encoding_faults(data: Octets) -> list[FileFinding]:
    """The first fault of the bytes, if any: FIL-010, FIL-011 or FIL-012, each with its byte offset."""
    if all(is_plain(block) for _, block in _text_blocks(data)):
        return []
    for look in (_not_utf8, _control_character, _running_backward, _lone_return):
        finding = look(data)
        if finding is not None:
            return [finding]
    return []


def is_plain(block: bytes) -> bool:
    """Whether a block, which tears no letter and no line end apart, has no fault.

    It is told by counting, a fraction of the work of saying where one is.
    """
    octets = np.frombuffer(block, dtype=np.uint8)
    feeds, returns, tabs = (np.count_nonzero(octets == one) if one in block else 0 for one in _MAY_STAND)
    return (
        _is_text(block)
        and np.count_nonzero(octets < _BLANK) == feeds + returns + tabs
        and (not returns or returns == block.count(b"\r\n"))
    )


def _is_text(block: bytes) -> bool:
    if block.isascii():
        return True
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _BACKWARD.search(block) is None


def line_of(data: Octets, offset: int) -> int:
    """The 1-based physical line a byte offset lies on."""
    steps = range(0, offset, BLOCK_BYTES)
    return 1 + sum(data[start : min(start + BLOCK_BYTES, offset)].count(b"\n") for start in steps)


def _text_blocks(data: Octets) -> Iterator[tuple[int, bytes]]:
    """Offsets and bytes of blocks that tear no letter and no line end apart, however long a line is."""
    return blocks(data, _between_letters, BLOCK_BYTES)


def _between_letters(block: bytes) -> int:
    """Behind the last line feed; without one, before a byte near the end that begins a letter."""
    feed = block.rfind(b"\n")
    if feed >= 0:
        return feed + 1
    # A letter has four bytes at most. Where none of the last five will do, the text has a fault right there.
    near = range(len(block) - 1, max(0, len(block) - 6), -1)
    return next((n for n in near if not _goes_on(block[n]) and block[n - 1 : n] != b"\r"), len(block))


def _goes_on(octet: int) -> bool:
    """Whether a byte of UTF-8 continues a letter."""
    return octet & 0b1100_0000 == 0b1000_0000


def _not_utf8(data: Octets) -> FileFinding | None:
    if data[:4].startswith(_UTF32_MARKS):
        return _not_utf8_finding(data, offset=0, likely="UTF-32")
    if _looks_like_utf16(data):
        return _not_utf8_finding(data, offset=0, likely="UTF-16")
    for start, block in _text_blocks(data):
        try:
            block.decode("utf-8")
        except UnicodeDecodeError as error:
            return _not_utf8_finding(data, offset=start + error.start, likely=_likely_encoding(data))
    return None


def _not_utf8_finding(data: Octets, offset: int, likely: str) -> FileFinding:
    message = f"the text is not UTF-8 from byte {offset} on; most likely it is {likely}"
    return FileFinding("FIL-010", message, _SAVE_AS_UTF8, line=line_of(data, offset), offset=offset)


def _looks_like_utf16(data: Octets) -> bool:
    """UTF-16 without a mark is valid UTF-8 full of NULs when its text is plain ASCII."""
    sample = data[:_UTF16_SAMPLE_BYTES]
    return sample.startswith(_UTF16_MARKS) or sample.count(0) > _UTF16_NUL_SHARE * len(sample)


def _likely_encoding(data: Octets) -> str:
    mixed = any(_SEVERAL_BYTES.search(block) for block in _beyond_ascii(data))
    single = _likely_single_byte(_SEVERAL_BYTES.sub(b"", block) for block in _beyond_ascii(data))
    return f"UTF-8 mixed with {single}, as when two exports are put together" if mixed else single


def _beyond_ascii(data: Octets) -> Iterator[bytes]:
    return (block for _, block in _text_blocks(data) if not block.isascii())


def _likely_single_byte(pieces: Iterable[bytes]) -> str:
    try:
        for piece in pieces:
            piece.decode("cp1252")
    except UnicodeDecodeError:
        return "something that is no text"
    return "Windows-1252 (cp1252)"


def _control_character(data: Octets) -> FileFinding | None:
    for start, block in _text_blocks(data):
        match = _CONTROL.search(block)
        if match is not None:
            place = match.start()
            message = f"a control character (number {block[place]}) stands at byte {start + place}"
            hint = "export the data again without control characters; only tab and line ends may occur"
            return FileFinding(
                "FIL-011", message, hint, line=line_of(data, start + place), offset=start + place
            )
    return None


def _running_backward(data: Octets) -> FileFinding | None:
    for start, block in _text_blocks(data):
        match = _BACKWARD.search(block)
        if match is not None:
            offset = start + match.start()
            number = f"U+{ord(match[0].decode()):04X}"
            message = f"a character that makes text run backward ({number}) stands at byte {offset}"
            hint = "export the data again without characters that change the direction of text"
            return FileFinding("FIL-011", message, hint, line=line_of(data, offset), offset=offset)
    return None


def _lone_return(data: Octets) -> FileFinding | None:
    for start, block in _text_blocks(data):
        match = _LONE_RETURN.search(block)
        if match is not None:
            offset = start + match.start()
            message = f"a carriage return without a line feed stands at byte {offset}"
            hint = "end every line with a line feed, or with carriage return and line feed"
            return FileFinding("FIL-012", message, hint, line=line_of(data, offset), offset=offset)
    return None
