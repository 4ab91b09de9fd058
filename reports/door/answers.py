"""Answers ready to be sent: bytes with their type and tag, kept because a release never changes.

Where they are asked for is in ``app``, what is asked in ``addresses`` and ``warehouse.door``.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from reports.door.about import Described
from reports.door.addresses import Selection, read_selection, select
from reports.door.formats import FORMATS
from reports.door.shelf import Volume
from warehouse.door.answering import Question
from warehouse.door.limits import Limits
from warehouse.door.workers import Workers

_KEPT_BYTES = 64 << 20


@dataclass(frozen=True)
class Answer:
    """Bytes of one media type, with the tag by which a reader asks whether they are still the same."""

    content: bytes
    media_type: str
    etag: str

    @classmethod
    def of(cls, content: bytes, media_type: str) -> Answer:
        """Tagged by its own content."""
        return cls(content, media_type, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


class Kept:
    """The answers used last, up to a number of bytes. Safe to use from many threads."""

    def __init__(self, most: int = _KEPT_BYTES) -> None:
        self._most, self._bytes = most, 0
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The kept answer of ``key``, or a new one; an answer that fails is not kept."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = make()
        with self._lock:
            if key not in self._answers and len(answer.content) <= self._most // 8:
                self._answers[key] = answer
                self._bytes += len(answer.content)
            while self._bytes > self._most:
                self._bytes -= len(self._answers.popitem(last=False)[1].content)
        return answer


class Desk:
    """Answers addresses and questions from volumes, and keeps what it answered."""

    def __init__(self, workers: Workers, limits: Limits) -> None:
        self._workers, self._limits, self._kept = workers, limits, Kept()

    def table(self, volume: Volume, name: str, selection: Selection, ending: str) -> Answer:
        """A published table, or the part of it that was asked for; KeyError for a name it has not."""
        whole = volume.table(name)

        def make() -> Answer:
            written = FORMATS[ending].write(select(whole, selection), volume.described(name))
            return Answer.of(written, FORMATS[ending].media_type)

        filters = tuple(sorted(selection.filters.items()))
        place = (volume.name, name, ending, filters, selection.columns, selection.limit, selection.offset)
        return self._kept.get(place, make)

    def question(
        self, volume: Volume, sql: str, ending: str, count: Callable[[], None] = lambda: None
    ) -> Answer:
        """The answer to SQL, in the format of ``ending``; DoorError as ``Workers.ask`` has it.

        ``count`` is called when the answer is not kept, and may refuse: what is kept costs nothing.
        """

        def make() -> Answer:
            count()
            rows = self._workers.ask(Question(volume.catalog.path, sql, volume.catalog.names, self._limits))
            return _written(volume, rows, "answer", sql, ending)

        return self._kept.get((volume.name, sql, ending), make)

    def named(self, volume: Volume, name: str, query: Sequence[tuple[str, str]], ending: str) -> Answer:
        """The answer to a question the release brings with it, or the part of it that ``query`` asks for.

        KeyError for a name it has not; DoorError DOR-011 as ``read_selection`` has it, else as ``question``.
        """
        asked = volume.named[name]

        def make() -> Answer:
            whole = self.question(volume, asked.sql, "arrow").content  # kept: a filter asks nobody again
            rows = pa.ipc.open_stream(whole).read_all()
            part = select(rows, read_selection(query, tuple(rows.column_names)))
            return _written(volume, part, name, asked.question, ending)

        return self._kept.get((volume.name, "queries", name, tuple(query), ending), make)


def _written(volume: Volume, rows: pa.Table, name: str, words: str, ending: str) -> Answer:
    """An answer's rows in a format, with the words of those columns that the release knows by their name."""
    known = {c.name: c.words for table in volume.catalog.tables.values() for c in table.columns}
    columns = {column: known[column] for column in rows.column_names if column in known}
    written = FORMATS[ending].write(rows, Described(name, words, volume.about, columns))
    return Answer.of(written, FORMATS[ending].media_type)
