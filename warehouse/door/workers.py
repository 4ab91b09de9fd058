"""Whoever asks: a bounded queue before the processes that answer, and the answers as Arrow tables."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Self

import pyarrow as pa

from contracts.errors import DoorError
from warehouse.door.answering import Question, too_much
from warehouse.forking import Parent

_GRACE = 2.0
"""Seconds beyond a question's own limit after which an answer is no longer waited for."""


class Workers:
    """Asks each question in a fresh process, ``at_once`` at a time; ``waiting`` more may stand in line.

    Use as a context manager. ``ask`` may be called from many threads.
    """

    def __init__(self, at_once: int = 2, waiting: int = 64) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._parent = Parent("warehouse.door.forking")

    def __enter__(self) -> Self:
        self._parent.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._parent.stop()

    def ask(self, question: Question) -> pa.Table:
        """The answer's rows; DoorError when the question may not be asked, cannot be answered, takes too much
        (DOR-006), or too many stand in line (DOR-009)."""
        with self._place(), self._turns:
            mine, theirs = socket.socketpair()
            with mine:
                with theirs:
                    self._parent.hand_over(theirs, question.about)
                mine.settimeout(question.limits.seconds + _GRACE)
                return _answer(mine, question)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise DoorError(
                "DOR-009",
                found="too many questions at once",
                expected="a place in the line",
                where="the boards' door",
                remedy="Ask again in a few seconds; tables under /latest/tables/ are served without waiting.",
            )
        try:
            yield
        finally:
            self._places.release()


def _answer(line: socket.socket, question: Question) -> pa.Table:
    try:
        line.sendall(question.to_json().encode() + b"\n")
        with line.makefile("rb") as answer:
            return _read(answer, question)
    except (OSError, pa.ArrowInvalid) as error:
        raise too_much(question.limits) from error


def _read(answer: BinaryIO, question: Question) -> pa.Table:
    """What was answered; the end of the line where an answer should be means that the process was ended."""
    header = answer.readline()
    if not header:
        raise too_much(question.limits)
    said = json.loads(header)
    if "error" in said:
        parts = said["error"]
        raise DoorError(parts.pop("code"), **parts)
    return pa.ipc.open_stream(answer).read_all()
