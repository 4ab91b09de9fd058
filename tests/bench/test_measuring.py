"""The measuring itself: what a child used is counted, and sections of a page are replaced, not doubled."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench import measuring
from tests.bench.measuring import Command, Measured, Run, interleave, replace_section, run_once

HUNDRED_MEGABYTES = 100_000_000


def python(name: str, code: str) -> Command:
    return Command(name, (sys.executable, "-S", "-c", code))


def test_run_counts_the_memory_of_the_child_when_it_takes_some() -> None:
    small = run_once(python("small", "pass"))
    large = run_once(python("large", f"print(len(bytearray(b'x' * {HUNDRED_MEGABYTES})))"))
    assert large.peak_bytes - small.peak_bytes > HUNDRED_MEGABYTES / 2
    assert large.output == f"{HUNDRED_MEGABYTES}\n"


def test_run_counts_the_work_of_grandchildren_when_the_child_waits_for_them() -> None:
    work = "sum(range(3_000_000))"
    alone = run_once(python("alone", "pass"))
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {work!r}])"
    assert run_once(python("nested", nested)).cpu_seconds > alone.cpu_seconds


def test_run_tells_the_exit_status_when_the_child_fails_or_takes_too_long() -> None:
    assert run_once(python("fails", "raise SystemExit(3)")).exit_status == 3
    assert run_once(python("sleeps", "import time; time.sleep(60)"), timeout_seconds=0.2).exit_status < 0


def test_commands_take_turns_when_they_run_several_times() -> None:
    order: list[str] = []
    commands = [python("a", "pass"), python("b", "pass")]
    done = interleave(commands, 2, lambda command, _run: order.append(command.name))
    assert order == ["a", "b", "b", "a"]
    assert {name: len(runs) for name, runs in done.items()} == {"a": 2, "b": 2}


def test_summary_is_the_median_when_one_run_was_disturbed() -> None:
    runs = [Run(cpu, cpu, int(cpu), 0) for cpu in (1.0, 9.0, 2.0)]
    measured = Measured.of(runs)
    assert (measured.cpu_seconds, measured.least_cpu_seconds, measured.most_cpu_seconds) == (2.0, 1.0, 9.0)


@pytest.mark.parametrize("page", ["# Page\n", "# Page\n\n<!-- one -->\nold\n<!-- /one -->\n\nmore\n"])
def test_section_stands_once_when_it_is_written_twice(page: str) -> None:
    once = replace_section(page, "one", "new")
    assert once == replace_section(once, "one", "new")
    assert "new" in once
    assert "old" not in once
    assert once.count("<!-- one -->") == 1


def test_section_is_written_into_the_page_and_nothing_else_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "PAGE", tmp_path / "benchmarks.md")
    measuring.write_section("one", "first")
    measuring.write_section("other", "second")
    before = measuring.PAGE.read_text(encoding="utf-8")
    measuring.write_section("one", "first")
    assert measuring.PAGE.read_text(encoding="utf-8") == before
    measuring.write_section("one", "third")
    assert measuring.PAGE.read_text(encoding="utf-8") == before.replace("first", "third")
