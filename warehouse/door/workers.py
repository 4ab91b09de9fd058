"""Whoever asks: a bounded queue before the processes that answer, and the answers as Arrow tables."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Self

import pyarrow as pa

from contracts.errors import DoorError
from warehouse.door.answering import Question, too_much

_GRACE = 2.0
"""Seconds beyond a question's own limit after which an answer is no longer waited for."""


class Workers:
    """Asks each question in a fresh process, ``at_once`` at a time; ``waiting`` more may stand in line.

    Use as a context manager. ``ask`` may be called from many threads.
    """

    def __init__(self, at_once: int = 2, waiting: int = 64) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Self:
        self._line_to_parent()
        return self

    def __exit__(self, *_: object) -> None:
        with self._starting:
            self._stop()

    def ask(self, question: Question) -> pa.Table:
        """The answer's rows; DoorError when the question may not be asked, cannot be answered, takes too much
        (DOR-006), or too many stand in line (DOR-009)."""
        with self._place(), self._turns:
            mine, theirs = socket.socketpair()
            with mine:
                with theirs:
                    self._hand_over(theirs)
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

    def _hand_over(self, line: socket.socket) -> None:
        """Give the line to the parent of all answers; a parent that was killed is replaced once."""
        try:
            socket.send_fds(self._line_to_parent(), [b"?"], [line.fileno()])
        except OSError:
            with self._starting:
                self._stop()
            socket.send_fds(self._line_to_parent(), [b"?"], [line.fileno()])

    def _line_to_parent(self) -> socket.socket:
        with self._starting:
            if self._control is None:
                self._control, theirs = socket.socketpair()
                with theirs:
                    self._process = _parent(theirs)
            return self._control

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None


def _parent(control: socket.socket) -> subprocess.Popen[bytes]:
    number = control.fileno()
    command = [sys.executable, "-m", "warehouse.door.forking", str(number)]
    return subprocess.Popen(command, pass_fds=[number], stdin=subprocess.DEVNULL, env=_bare_environment())


def _bare_environment() -> dict[str, str]:
    """Nothing that could hold a secret, only where Python finds its modules."""
    return {"PYTHONPATH": ":".join(part for part in sys.path if part), "PYTHONDONTWRITEBYTECODE": "1"}


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
