"""The second counter: where each record of a CSV file starts, found without a CSV parser.

Line feeds outside quotation marks end records (quote parity decides what is outside); blank lines are no
records. It shares no code with the parser of ``parse.py`` on purpose: the two must agree before a row is
loaded. Reading values, types or names does not belong here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from warehouse.intake.encoding import is_plain
from warehouse.intake.octets import Octets, blocks

Offsets = npt.NDArray[np.signedinteger[Any]]
Mask = npt.NDArray[np.bool_]
LONGEST_BYTES = 1 << 23
"""Where no record ends within so many bytes, the rest is not looked at: no file with such a record is taken,
and looking at a whole one would need several times its size in memory."""

MOST_OF_32_BITS = np.iinfo(np.int32).max
_BOM = b"\xef\xbb\xbf"
_LINE_FEED, _CARRIAGE_RETURN, _QUOTE, _COMMA = 10, 13, 34, 44
_BEFORE_OPENER = np.isin(np.arange(256), (_LINE_FEED, _QUOTE, _COMMA))
_AFTER_CLOSER = np.isin(np.arange(256), (_LINE_FEED, _CARRIAGE_RETURN, _QUOTE, _COMMA))


@dataclass(frozen=True)
class RecordIndex:
    """The records of one file; entry 0 is the header (if the file has any record at all).

    ``starts`` and ``ends`` are byte offsets (end exclusive, without the line ending), ``lines`` the 1-based
    physical line a record starts on, ``fields`` the number of commas outside quotation marks plus one. Where
    the file's size fits 32 bits, they do too: touching new memory costs more than counting. ``is_plain``: all
    of the file was looked at, and is UTF-8 text without control characters.
    """

    starts: Offsets
    ends: Offsets
    lines: Offsets
    fields: Offsets
    misquoted_line: int | None
    mixed_ending_offset: int | None
    is_plain: bool

    @property
    def data_records(self) -> int:
        """Records after the header."""
        return max(0, len(self.starts) - 1)

    def record_at(self, offsets: Offsets) -> Offsets:
        """The record number (header 0, first data record 1) each byte offset lies in."""
        return np.searchsorted(self.starts, offsets, side="right") - 1


RecordCounter = Callable[[Octets], RecordIndex]


def index_records(data: Octets) -> RecordIndex:
    """Index the records of a CSV file, block by block, up to one that is longer than ``LONGEST_BYTES``.

    Such a record is the last of the index and ends where the looking ended, whatever stands behind.
    """
    parts, end, plain = [], 0, True
    for offset, block in blocks(data, _last_break, LONGEST_BYTES):
        parts.append(_index_block(block, offset, first=offset == 0))
        end, plain = offset + len(block), plain and is_plain(block)
    kind = np.dtype(np.int32 if len(data) < MOST_OF_32_BITS else np.int64)
    parts = parts or [_index_block(b"", 0, first=True)]
    return _joined(parts, kind, is_plain=plain and end == len(data))


def _last_break(block: bytes) -> int:
    """The length of the block up to its last line feed outside quotation marks; 0 when there is none."""
    last = block.rfind(b"\n")
    if b'"' not in block or block.count(b'"', 0, max(last, 0)) % 2 == 0:
        return last + 1
    octets = np.frombuffer(block, dtype=np.uint8)
    breaks = _outside(_positions(octets, _LINE_FEED), _positions(octets, _QUOTE))
    return int(breaks[-1]) + 1 if len(breaks) else 0


@dataclass(frozen=True)
class _Part:
    """A block at its ``offset``: its records within it, the first line being 0; where it is misquoted or ends
    otherwise; where its first line ends, and whether in a return too.
    """

    offset: int
    starts: Offsets
    ends: Offsets
    lines: Offsets
    fields: Offsets
    line_feeds: int
    misquoted_line: int | None
    mixed_ending: int | None
    first_break: int | None
    carried: bool


def _index_block(data: bytes, offset: int, *, first: bool) -> _Part:
    octets = np.frombuffer(data, dtype=np.uint8)
    quotes = _positions(octets, _QUOTE) if b'"' in data else np.empty(0, dtype=np.int64)
    line_feeds = _positions(octets, _LINE_FEED)
    breaks = _outside(line_feeds, quotes)
    carried = _carried(octets, breaks) if b"\r" in data else np.zeros(len(breaks), dtype=np.bool_)
    starts, ends = _spans(breaks, carried, len(data), len(_BOM) if first and data.startswith(_BOM) else 0)
    kept = np.flatnonzero(ends > starts)
    starts, ends = starts[kept], ends[kept]
    # Where every line feed ends a line, a line's place is its number.
    above = kept if len(breaks) == len(line_feeds) else np.searchsorted(line_feeds, starts)
    return _Part(
        offset=offset,
        starts=starts.astype(np.int32),
        ends=ends.astype(np.int32),
        lines=above.astype(np.int32),
        fields=_field_counts(octets, quotes, starts),
        line_feeds=len(line_feeds),
        misquoted_line=_misquoted_line(octets, quotes, line_feeds, first) if len(quotes) else None,
        mixed_ending=_mixed_ending(breaks, carried),
        first_break=int(breaks[0]) if len(breaks) else None,
        carried=bool(len(breaks) and carried[0]),
    )


def _joined(parts: list[_Part], kind: np.dtype[Any], *, is_plain: bool) -> RecordIndex:
    """One index of all blocks, of numbers of a kind; the first fault of each kind counts."""
    above = [0, *accumulate(part.line_feeds for part in parts[:-1])]
    misquoted = (
        lines + part.misquoted_line
        for part, lines in zip(parts, above, strict=True)
        if part.misquoted_line is not None
    )
    return RecordIndex(
        starts=_moved([(part.starts, part.offset) for part in parts], kind),
        ends=_moved([(part.ends, part.offset) for part in parts], kind),
        lines=_moved([(part.lines, lines + 1) for part, lines in zip(parts, above, strict=True)], kind),
        fields=_moved([(part.fields, 1) for part in parts], kind),
        misquoted_line=next(misquoted, None),
        mixed_ending_offset=next(_mixed_endings(parts), None),
        is_plain=is_plain,
    )


def _moved(parts: list[tuple[Offsets, int]], kind: np.dtype[Any]) -> Offsets:
    """The numbers of all parts, each moved by so much."""
    whole = np.empty(sum(len(numbers) for numbers, _ in parts), dtype=kind)
    end = 0
    for numbers, by in parts:
        begin, end = end, end + len(numbers)
        np.add(numbers, by, out=whole[begin:end], dtype=kind)
    return whole


def _mixed_endings(parts: list[_Part]) -> Iterator[int]:
    """Offsets of line feeds whose records end otherwise than the file's first."""
    for part in parts:
        if part.first_break is not None and part.carried != parts[0].carried:
            yield part.offset + part.first_break
        elif part.mixed_ending is not None:
            yield part.offset + part.mixed_ending


def _positions(octets: npt.NDArray[np.uint8], value: int) -> Offsets:
    return np.flatnonzero(octets == value).astype(np.int64, copy=False)


def _outside(positions: Offsets, quotes: Offsets) -> Offsets:
    """Those positions that have an even number of quotation marks before them."""
    if not len(quotes):
        return positions
    outside: Offsets = positions[np.searchsorted(quotes, positions) % 2 == 0]
    return outside


def _carried(octets: npt.NDArray[np.uint8], breaks: Offsets) -> Mask:
    """Which breaks follow a carriage return."""
    followed: Mask = octets[np.maximum(breaks - 1, 0)] == _CARRIAGE_RETURN
    return followed


def _spans(breaks: Offsets, carried: Mask, length: int, first: int) -> tuple[Offsets, Offsets]:
    """Starts and ends of all lines, blank ones too."""
    return np.insert(breaks + 1, 0, first), np.append(breaks - carried, length)


def _field_counts(octets: npt.NDArray[np.uint8], quotes: Offsets, starts: Offsets) -> Offsets:
    """Commas outside quotation marks from each start to the next, in as few bits as hold them."""
    if not len(starts):
        return starts
    commas = octets == _COMMA
    if len(quotes):
        places = np.flatnonzero(commas)
        commas[places] = np.searchsorted(quotes, places) % 2 == 0
    # One byte holds nearly every line's count, and bytes are added many at a time. One that did not hold its
    # line's lacks in the sum.
    counts = np.add.reduceat(commas.view(np.uint8), starts, dtype=np.uint8)
    if counts.sum(dtype=np.int64) != np.count_nonzero(commas):
        return np.add.reduceat(commas.view(np.uint8), starts, dtype=np.int32)
    return counts


def _misquoted_line(
    octets: npt.NDArray[np.uint8], quotes: Offsets, line_feeds: Offsets, first: bool
) -> int | None:
    """Line of the first quotation mark out of place; without this, quote parity would prove nothing."""
    suspects = _misplaced(octets, quotes, first)
    if not len(suspects):
        return None
    return int(np.searchsorted(line_feeds, suspects.min())) + 1


def _misplaced(octets: npt.NDArray[np.uint8], quotes: Offsets, first: bool) -> Offsets:
    """Openers not at a field's start, closers not at a field's end, and an opener left without closer."""
    openers, closers = quotes[0::2], quotes[1::2]
    start = 3 if first and octets[:3].tobytes() == _BOM else 0
    before, after = octets[np.maximum(openers - 1, 0)], octets[np.minimum(closers + 1, len(octets) - 1)]
    well_opened = _BEFORE_OPENER[before] | (openers == 0) | (openers == start)
    well_closed = _AFTER_CLOSER[after] | (closers == len(octets) - 1)
    unpaired = quotes[-1:] if len(quotes) % 2 else quotes[:0]
    return np.concatenate((openers[~well_opened], closers[~well_closed], unpaired))


def _mixed_ending(breaks: Offsets, carried: Mask) -> int | None:
    """Offset of the first record ending that differs from the first one."""
    different = np.flatnonzero(carried != carried[0]) if len(breaks) else breaks
    return int(breaks[different[0]]) if len(different) else None
