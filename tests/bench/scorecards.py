"""``make bench-reports``: how long 200 scorecards and fund statements take, as ``guildhall scorecards``
makes them.

The members of a home as many times over as make 200, into a folder. What the pages say is not judged.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from orchestration.scorecards import Failed, gathered, rendered
from tests.bench.measuring import machine_facts, write_section
from warehouse import releases
from warehouse.delivering import put_into_folder
from warehouse.home import Home
from warehouse.ledger import Ledger

COUNT = 200
GOAL_SECONDS = 60


@dataclass(frozen=True)
class Made:
    """How long it took by the clock and on the processors, and how large the files of one firm are."""

    firms: int
    workers: int
    wall_seconds: float
    cpu_seconds: float
    bytes_a_firm: float


def make(home: Home, workers: int) -> Made:
    """Everything from the release and the warehouse to the last file on disk."""
    began, used = time.perf_counter(), _cpu()
    with Ledger.open(home) as ledger, tempfile.TemporaryDirectory() as folder:
        beside, every = gathered(home, ledger, releases.read_release(home))
        wanted = list(islice(cycle(every.values()), COUNT))
        size = 0
        for number, (firm, files) in enumerate(rendered(wanted, beside, workers)):
            if isinstance(files, Failed):
                raise SystemExit(f"{firm}: {files.code} {files.found}")
            put_into_folder(Path(folder), f"{firm}-{number}", files)
            size += sum(map(len, files.values()))
    return Made(len(every), workers, time.perf_counter() - began, _cpu() - used, size / COUNT)


def _cpu() -> float:
    """CPU seconds of this process and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def section(made: Made, load: float) -> str:
    """The section of the page of benchmarks."""
    return "\n".join(
        [
            "## Scorecards",
            "",
            f"`make bench-reports`: {COUNT} times a scorecard, a fund statement and the workbook of both, "
            f"from the warehouse to the files: the sample region's {made.firms} firms as often over as make "
            f"{COUNT}, in {made.workers} processes, once.",
            "",
            "| by the clock, s | CPU s | CPU s a firm | KB a firm |",
            "|---|---|---|---|",
            f"| {made.wall_seconds:.0f} | {made.cpu_seconds:.0f} | {made.cpu_seconds / COUNT:.2f} | "
            f"{made.bytes_a_firm / 1000:.0f} |",
            "",
            f"Goal: at most {GOAL_SECONDS} s by the clock on two cores that do nothing else.",
            "",
            f"Measured on: {machine_facts()}; load average at the start {load:.1f}.",
        ]
    )


def main() -> None:
    """Measure, print, and with ``--write`` enter into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    home, load = Home.open(asked.home), os.getloadavg()[0]
    text = section(make(home, home.config.engine.threads), load)
    sys.stdout.write(text + "\n")
    if asked.write:
        write_section("bench-scorecards", text)


if __name__ == "__main__":
    main()
