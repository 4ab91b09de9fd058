"""Whose files are judged next: batches that are fair between firms, so that no firm's flood delays another.

Each batch is of one contract and holds firms in turn: the first waiting file of each, then the second. A
firm's own files keep their order, because its wages refer to its enrollments; the operator's registers come
first, because everybody refers to them. What is chosen follows from what waits and from nothing else, so a
run that was killed between two batches goes on with the same. What becomes of one belongs in ``validate``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile, zip_longest

from contracts import CONTRACTS
from warehouse.boxes.names import meaning_of
from warehouse.formats import FileKind
from warehouse.home import OPERATOR
from warehouse.lake import Submission

SLOW_BYTES = 64_000_000
"""A file beyond this is judged when no smaller one can be: its firm waits for it, the others do not."""

SLOW_FILES = 25
"""Of slow files so many are judged together: a hostile workbook may take its reader's whole time."""

Kind = tuple[int, int]
"""What one batch may hold: one contract, by its place in their order, and one wave of corrections."""

Lines = Mapping[str, Sequence[Submission]]
"""What waits at each box, in the order in which it must be judged."""


def batches(pending: Iterable[Submission], max_files: int, max_bytes: int) -> Iterator[list[Submission]]:
    """All of ``pending`` in batches of one contract, of so many files and bytes; a larger file goes alone.

    ``pending`` comes in the order of ``Submission.turn``, and so does each batch.
    """
    waiting = list(pending)
    while waiting:
        batch = next_batch(waiting, max_files, max_bytes)
        yield sorted(batch, key=lambda one: one.turn)
        chosen = {one.submission_id for one in batch}
        waiting = [one for one in waiting if one.submission_id not in chosen]


def next_batch(waiting: Sequence[Submission], max_files: int, max_bytes: int) -> list[Submission]:
    """The batch to judge now, as far as it fits; at least one submission."""
    lines = _lines(waiting)
    if OPERATOR in lines:
        lines = {OPERATOR: lines[OPERATOR]}
    quick = {firm: line for firm, line in lines.items() if not is_slow(line[0])}
    lines = quick or lines
    max_files = max_files if quick else min(max_files, SLOW_FILES)
    kind = _most_wanted(lines)
    return _fitting(_in_turn([_leading(line, kind) for line in lines.values()]), max_files, max_bytes)


def is_slow(one: Submission) -> bool:
    """Whether a file may keep others waiting: a large one, and one that a process of its own must open."""
    meaning = meaning_of(one.file_name)
    return one.size > SLOW_BYTES or (meaning is not None and meaning.kind is not FileKind.CSV)


def _lines(waiting: Iterable[Submission]) -> dict[str, list[Submission]]:
    lines: dict[str, list[Submission]] = {}
    for one in waiting:
        lines.setdefault(one.firm_id, []).append(one)
    return dict(sorted(lines.items()))


def _kind(one: Submission) -> Kind:
    return list(CONTRACTS).index(one.contract), one.wave


def _most_wanted(lines: Lines) -> Kind:
    """The kind that most firms have at the head of their line; of several, the first."""
    wanted = Counter(_kind(line[0]) for line in lines.values())
    return min(wanted, key=lambda kind: (-wanted[kind], kind))


def _leading(line: Sequence[Submission], kind: Kind) -> list[Submission]:
    """The files at the head of a line that are of this kind; no slow one comes along with quick ones."""
    slow = is_slow(line[0])
    return list(takewhile(lambda one: _kind(one) == kind and is_slow(one) is slow, line))


def _in_turn(lines: Iterable[Sequence[Submission]]) -> Iterator[Submission]:
    """The first of each line, then the second of each, until all are empty."""
    for turn in zip_longest(*lines):
        yield from (one for one in turn if one is not None)


def _fitting(chosen: Iterable[Submission], max_files: int, max_bytes: int) -> list[Submission]:
    batch: list[Submission] = []
    size = 0
    for one in chosen:
        size += one.size
        if batch and (len(batch) == max_files or size > max_bytes):
            break
        batch.append(one)
    return batch
