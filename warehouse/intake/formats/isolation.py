"""Reading what strangers may have made in a process of its own, with limits, so that ours outlives it.

A workbook or a Parquet file can crash, hang or exhaust its reader. What is read, and how, belongs to the
readers; they tell progress, return a picklable answer and write rows to a file.
"""

from __future__ import annotations

import multiprocessing
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from warehouse.intake.findings import FileFinding

Answer = TypeVar("Answer")
OnProgress = Callable[[int, int], None]
"""Told how far the reading is: (done, in all), in bytes or rows."""


@dataclass(frozen=True)
class Limits:
    """What a reading process may use; the system ends it beyond.

    ``memory_bytes`` comes on top of what it has when it begins.
    """

    memory_bytes: int = 4 << 30
    cpu_seconds: int = 1800
    file_bytes: int = 16 << 30
    silent_seconds: float = 600


class ReadingEndedError(Exception):
    """The reading process ended without an answer; says how, never what it was reading."""


def read_isolated(
    read: Callable[..., Answer], *given: object, limits: Limits, on_progress: OnProgress | None = None
) -> Answer:
    """Run ``read(*given, tell)`` in a new process and return its answer.

    ``tell(done, total)`` reports progress. ReadingEndedError when the process crashes, is ended by a limit or
    says nothing for too long.
    """
    spawn = multiprocessing.get_context("spawn")
    mine, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_serve, args=(theirs, limits, read, given), daemon=True)
    process.start()
    theirs.close()
    try:
        answer: Answer = _listen(mine, limits.silent_seconds, on_progress)
        return answer
    finally:
        mine.close()
        process.kill()
        process.join()
        process.close()


def ended_finding(error: ReadingEndedError) -> FileFinding:
    """The finding for a file whose reading was ended."""
    hint = "save the data again from the program it comes from, or export CSV"
    return FileFinding("FIL-059", f"the file cannot be read within safe limits: {error}", hint)


def _listen(mine: Connection, silent_seconds: float, on_progress: OnProgress | None) -> Any:
    while True:
        if not mine.poll(silent_seconds):
            raise ReadingEndedError("its reader said nothing for too long")
        try:
            kind, *said = mine.recv()
        except EOFError:
            raise ReadingEndedError("its reader was ended by the system") from None
        if kind == "answer":
            return said[0]
        if kind == "failure":
            raise ReadingEndedError(f"its reader failed ({said[0]})")
        if on_progress is not None:
            on_progress(*said)


def _serve(
    theirs: Connection, limits: Limits, read: Callable[..., object], given: tuple[object, ...]
) -> None:
    # A library's warnings and tracebacks can repeat a cell, so nothing of them is let out.
    warnings.simplefilter("ignore")
    try:
        hold(limits)
        answer = read(*given, lambda done, total: theirs.send(("progress", done, total)))
    except BaseException as error:
        theirs.send(("failure", type(error).__name__))
    else:
        theirs.send(("answer", answer))


def hold(limits: Limits) -> None:
    """Ask the system to hold this process to the limits; where it cannot, the time limit stands alone."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, _address_space(resource.getpagesize()) + limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _address_space(page_bytes: int) -> int:
    """Bytes of address space this process has now; 0 where the system does not say."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[0]) * page_bytes
    return 0
