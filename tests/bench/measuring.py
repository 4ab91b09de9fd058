"""Commands measured from outside: CPU-seconds and peak memory of a child process, interleaved, as medians.

What is measured, and how a table of it is written, belongs to each bench. Nothing here asserts on a time.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Command:
    """Something to run: its name in the table, its words, and what it finds in its environment besides."""

    name: str
    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Run:
    """One run: user and system seconds of a process and its children, peak resident bytes of the largest."""

    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    exit_status: int
    output: str = ""


@dataclass(frozen=True)
class Measured:
    """Several runs of one command; ``cpu_seconds`` and ``peak_bytes`` are medians."""

    cpu_seconds: float
    least_cpu_seconds: float
    most_cpu_seconds: float
    least_wall_seconds: float
    peak_bytes: int
    runs: int

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Measured:
        """Summarize at least one run."""
        cpu = [run.cpu_seconds for run in runs]
        return cls(
            cpu_seconds=median(cpu),
            least_cpu_seconds=min(cpu),
            most_cpu_seconds=max(cpu),
            least_wall_seconds=min(run.wall_seconds for run in runs),
            peak_bytes=int(median(run.peak_bytes for run in runs)),
            runs=len(runs),
        )


# Between fork and exec a child counts the memory of whoever started it: so something small starts it.
_LAUNCHER = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
used = [usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status)]
os.write(int(sys.argv[1]), json.dumps(used).encode())
"""
_KILLED = (0.0, 0, -signal.SIGKILL)


def run_once(command: Command, timeout_seconds: float = 3600) -> Run:
    """Run a command to its end; what it says on both channels is kept. One that takes too long is killed."""
    reader, writer = os.pipe()
    started = time.perf_counter()
    process = subprocess.Popen(
        (sys.executable, "-I", "-S", "-c", _LAUNCHER, str(writer), *command.argv),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(os.environ) | dict(command.env),
        pass_fds=(writer,),
        start_new_session=True,
    )
    os.close(writer)
    with os.fdopen(reader) as told:
        try:
            output, _ = process.communicate(timeout=timeout_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
        wall = time.perf_counter() - started
        cpu, peak, status = json.loads(told.read() or json.dumps(_KILLED))
    return Run(cpu, wall, peak * _RSS_UNIT, status, output)


_RSS_UNIT = 1 if platform.system() == "Darwin" else 1024
"""Linux counts resident memory in kilobytes, macOS in bytes."""


def interleave(
    commands: Sequence[Command], runs: int, on_run: Callable[[Command, Run], None] | None = None
) -> dict[str, list[Run]]:
    """Run every command ``runs`` times, in turn, so that a busy quarter of an hour burdens all alike."""
    done: dict[str, list[Run]] = {command.name: [] for command in commands}
    for command in _in_turn(commands, runs):
        run = run_once(command)
        done[command.name].append(run)
        if on_run is not None:
            on_run(command, run)
    return done


def _in_turn(commands: Sequence[Command], runs: int) -> Iterator[Command]:
    for number in range(runs):
        # Every other round backwards: whoever follows a heavy neighbor is not always the same.
        yield from commands if number % 2 == 0 else reversed(commands)


def machine_facts() -> str:
    """What a figure's reader must know of the machine; no path and no name of it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    facts = {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
    }
    return ", ".join(f"{name} {fact}" for name, fact in facts.items())


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text().splitlines() if listing.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown"


def write_section(name: str, content: str) -> None:
    """Put a section into docs/benchmarks.md in the place of the one of its name, or at the end."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Benchmarks\n"
    PAGE.write_text(replace_section(page, name, content), encoding="utf-8")


def replace_section(page: str, name: str, content: str) -> str:
    """A Markdown page with what lies between ``<!-- name -->`` and ``<!-- /name -->`` replaced, or added."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    section = f"{begin}\n{content.strip()}\n{end}"
    if begin not in page:
        return f"{page.rstrip()}\n\n{section}\n"
    before, _, rest = page.partition(begin)
    return before + section + rest.partition(end)[2]
