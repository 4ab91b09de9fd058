"""The second counter: where each record of a CSV file starts, found without a CSV parser.

Line feeds outside quotation marks end records (quote parity decides what is outside); blank lines are no
records. It shares no code with the parser of ``parse.py`` on purpose: the two must agree before a row is
loaded. Reading values, types or names does not belong here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Offsets = npt.NDArray[np.int64]

_BOM = b"\xef\xbb\xbf"
_LINE_FEED, _CARRIAGE_RETURN, _QUOTE, _COMMA = 10, 13, 34, 44
_BEFORE_OPENER = (_LINE_FEED, _QUOTE, _COMMA)
_AFTER_CLOSER = (_LINE_FEED, _CARRIAGE_RETURN, _QUOTE, _COMMA)


@dataclass(frozen=True)
class RecordIndex:
    """The records of one file; entry 0 is the header (if the file has any record at all).

    ``starts`` and ``ends`` are byte offsets (end exclusive, without the line ending), ``lines`` the 1-based
    physical line a record starts on, ``fields`` the number of commas outside quotation marks plus one.
    """

    starts: Offsets
    ends: Offsets
    lines: Offsets
    fields: Offsets
    misquoted_line: int | None
    mixed_ending_offset: int | None

    @property
    def data_records(self) -> int:
        """Records after the header."""
        return max(0, len(self.starts) - 1)

    def record_at(self, offsets: Offsets) -> Offsets:
        """The record number (header 0, first data record 1) each byte offset lies in."""
        return np.searchsorted(self.starts, offsets, side="right").astype(np.int64) - 1


RecordCounter = Callable[[bytes], RecordIndex]


def index_records(data: bytes) -> RecordIndex:
    """Index the records of a whole CSV file held in memory."""
    octets = np.frombuffer(data, dtype=np.uint8)
    quotes = _positions(octets, _QUOTE) if b'"' in data else np.empty(0, dtype=np.int64)
    line_feeds = _positions(octets, _LINE_FEED)
    breaks = _outside(line_feeds, quotes)
    starts, ends = _spans(octets, breaks, first=len(_BOM) if data.startswith(_BOM) else 0)
    return RecordIndex(
        starts=starts,
        ends=ends,
        lines=np.searchsorted(line_feeds, starts).astype(np.int64) + 1,
        fields=_field_counts(_outside(_positions(octets, _COMMA), quotes), starts, ends),
        misquoted_line=_misquoted_line(octets, quotes, line_feeds),
        mixed_ending_offset=_mixed_ending(octets, breaks),
    )


def _positions(octets: npt.NDArray[np.uint8], value: int) -> Offsets:
    return np.flatnonzero(octets == value).astype(np.int64, copy=False)


def _outside(positions: Offsets, quotes: Offsets) -> Offsets:
    """Those positions that have an even number of quotation marks before them."""
    if not len(quotes):
        return positions
    outside: Offsets = positions[np.searchsorted(quotes, positions) % 2 == 0]
    return outside


def _spans(octets: npt.NDArray[np.uint8], breaks: Offsets, first: int) -> tuple[Offsets, Offsets]:
    """Starts and ends of the lines that are not blank."""
    starts = np.insert(breaks + 1, 0, first)
    before = octets[np.maximum(breaks - 1, 0)] if len(breaks) else octets[:0]
    ends = np.append(breaks - (before == _CARRIAGE_RETURN), len(octets))
    kept = ends > starts
    return starts[kept], ends[kept]


def _field_counts(commas: Offsets, starts: Offsets, ends: Offsets) -> Offsets:
    counts = np.searchsorted(commas, ends) - np.searchsorted(commas, starts)
    return counts.astype(np.int64) + 1


def _misquoted_line(octets: npt.NDArray[np.uint8], quotes: Offsets, line_feeds: Offsets) -> int | None:
    """Line of the first quotation mark out of place; without this, quote parity would prove nothing."""
    suspects = _misplaced(octets, quotes)
    if not len(suspects):
        return None
    return int(np.searchsorted(line_feeds, suspects.min())) + 1


def _misplaced(octets: npt.NDArray[np.uint8], quotes: Offsets) -> Offsets:
    """Openers not at a field's start, closers not at a field's end, and an opener left without closer."""
    framed = np.concatenate(([_LINE_FEED], octets, [_LINE_FEED]))
    openers, closers = quotes[0::2], quotes[1::2]
    start = 3 if octets[:3].tobytes() == _BOM else 0
    well_opened = np.isin(framed[openers], _BEFORE_OPENER) | (openers == start)
    well_closed = np.isin(framed[closers + 2], _AFTER_CLOSER)
    unpaired = quotes[-1:] if len(quotes) % 2 else quotes[:0]
    return np.concatenate((openers[~well_opened], closers[~well_closed], unpaired))


def _mixed_ending(octets: npt.NDArray[np.uint8], breaks: Offsets) -> int | None:
    """Offset of the first record ending that differs from the first one."""
    if not len(breaks):
        return None
    carried = octets[np.maximum(breaks - 1, 0)] == _CARRIAGE_RETURN
    different = np.flatnonzero(carried != carried[0])
    return int(breaks[different[0]]) if len(different) else None
