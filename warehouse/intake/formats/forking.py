"""The process that makes reading processes: it has loaded the readers, opens no file, and only forks.

A fresh child reads one file and ends, so that no file can touch the reading of another firm's, and loading
the libraries is paid for once. Jobs and answers are JSON: what a stranger's file could put into an answer is
data, never an object. It ends when whoever asks is gone.
"""

from __future__ import annotations

import json
import signal
import socket
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from warehouse.forking import serve
from warehouse.formats import FileKind
from warehouse.intake.formats.extracted import Extracted
from warehouse.intake.formats.isolation import Limits, hold
from warehouse.intake.formats.parquet_reader import read_parquet
from warehouse.intake.formats.xlsx_reader import read_workbook


def _answer_on(line: socket.socket) -> None:
    # A library's warnings and tracebacks can repeat a cell, so nothing of them is let out.
    warnings.simplefilter("ignore")
    with line, line.makefile("rwb") as talk:
        job = json.loads(talk.readline())
        limits = Limits(**job["limits"])
        signal.setitimer(signal.ITIMER_REAL, limits.silent_seconds)
        hold(limits)
        try:
            said: Mapping[str, Any] = asdict(_read(job))
        except BaseException as error:
            said = {"failure": type(error).__name__}
        talk.write(json.dumps(said).encode() + b"\n")


def _read(job: Mapping[str, Any]) -> Extracted:
    path, target = Path(job["path"]), Path(job["target"])
    if job["kind"] == FileKind.XLSX:
        return read_workbook(path, target, frozenset(job["known"]), _tell_nobody)
    return read_parquet(path, target, _tell_nobody)


def _tell_nobody(done: int, total: int) -> None:
    """Progress is for a person who waits; here nobody does."""


if __name__ == "__main__":
    serve(_answer_on)
