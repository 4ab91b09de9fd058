"""Files read by processes of their own at intake: one process a file, forked from one that is ready.

What a child does belongs to ``forking`` and the readers; what a firm is told when its file ends one, to
``isolation``.
"""

from __future__ import annotations

import errno
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from warehouse.forking import Parent
from warehouse.formats import FileKind
from warehouse.intake.findings import FileFinding
from warehouse.intake.formats.extracted import Extracted, RaggedRow, RowsUnwrittenError
from warehouse.intake.formats.isolation import Limits, ReadingEndedError, ended_finding

INTAKE_LIMITS = Limits(memory_bytes=1 << 30, cpu_seconds=20, file_bytes=2 << 30, silent_seconds=25)
"""So a hostile file has its verdict within thirty seconds; for more rows there is CSV, without that limit."""

_BACKSTOP_SECONDS = 60.0
"""Beyond the child's own alarm: it may have to wait for the process it is forked from to start."""

_LONGEST_ANSWER = 64 << 20


class Readers:
    """Reads workbooks and Parquet files in processes of their own; a context manager, begun by the first."""

    def __init__(self, limits: Limits = INTAKE_LIMITS) -> None:
        self._limits = limits
        self._parent = Parent("warehouse.intake.formats.forking")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._parent.stop()

    def read(self, kind: FileKind, path: Path, target: Path, known: frozenset[str]) -> Extracted:
        """The rows of a file, written to ``target``; a file that ends its reader is refused (FIL-059).

        OSError when the rows find no room on the disk.
        """
        job = {
            "kind": kind,
            "path": str(path),
            "target": str(target),
            "known": sorted(known),
            "limits": asdict(self._limits),
        }
        try:
            return _extracted(self._ask(job))
        except ReadingEndedError as error:
            return Extracted((ended_finding(error),))

    def _ask(self, job: Mapping[str, Any]) -> Mapping[str, Any]:
        mine, theirs = socket.socketpair()
        with mine:
            with theirs:
                self._parent.hand_over(theirs)
            mine.settimeout(self._limits.silent_seconds + _BACKSTOP_SECONDS)
            try:
                mine.sendall(json.dumps(job).encode() + b"\n")
                with mine.makefile("rb") as answers:
                    answer = answers.readline(_LONGEST_ANSWER)
            except OSError:
                raise ReadingEndedError("its reader took too long, or was ended") from None
        return _said(answer)


def _said(answer: bytes) -> Mapping[str, Any]:
    if not answer.endswith(b"\n"):
        raise ReadingEndedError("its reader was ended by the system")
    said: Mapping[str, Any] = json.loads(answer)
    if said.get("failure") == RowsUnwrittenError.__name__:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if "failure" in said:
        raise ReadingEndedError(f"its reader failed ({said['failure']})")
    return said


def _extracted(said: Mapping[str, Any]) -> Extracted:
    return Extracted(
        findings=tuple(FileFinding(**one) for one in said["findings"]),
        notes=tuple(FileFinding(**one) for one in said["notes"]),
        header=tuple(said["header"]),
        rows=said["rows"],
        ragged=tuple(RaggedRow(**one) for one in said["ragged"]),
        numeric={int(place): count for place, count in said["numeric"].items()},
        sheet=said["sheet"],
    )
