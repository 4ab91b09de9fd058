"""F01, F02, F24: killed at every instant, and at any moment, the next run ends in the same bytes."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Sequence

import pytest

from tests.faults.conftest import WHOLE, Copies, Seen
from tests.faults.errands import KILLED, ended, instants_of, killed_at, started, take
from tests.faults.region import State, state

RANDOM_KILLS = 200
SHARDS = 8
"""Parts a long list of kills is cut into, so that two workers share it; a sample does a part of one."""


def first_and_last(told: Sequence[str]) -> list[int]:
    """The numbers of the first and the last time each instant comes (1 is the first instant of all)."""
    first = {instant: number for number, instant in reversed(list(enumerate(told, 1)))}
    last = {instant: number for number, instant in enumerate(told, 1)}
    return sorted({*first.values(), *last.values()})


@pytest.mark.fault("F01", "F04", "F24")
@pytest.mark.parametrize("shard", range(SHARDS if WHOLE else 1))
def test_intake_ends_in_the_same_bytes_when_killed_at_any_instant(
    copies: Copies, undisturbed: State, seen: Seen, shard: int
) -> None:
    told = instants_of(take, copies().root)
    assert len(set(told)) >= 40
    numbers = first_and_last(told)[shard :: SHARDS if WHOLE else 30]
    for number in numbers:
        home = copies()
        assert killed_at(number, take, home.root) == KILLED, told[number - 1]
        assert ended(started(take, home.root)) == 0, told[number - 1]
        assert state(home) == undisturbed, told[number - 1]
    seen(f"{len(numbers)} kills at {len(set(told))} distinct instants; 0 lost, 0 doubled, same bytes")


@pytest.mark.fault("F02")
@pytest.mark.parametrize("shard", range(SHARDS if WHOLE else 1))
def test_intake_ends_in_the_same_bytes_when_killed_at_any_moment(
    copies: Copies, undisturbed: State, seen: Seen, shard: int
) -> None:
    draw = random.Random(f"moments-{shard}")
    length = _seconds_of_a_run(copies)
    kills = RANDOM_KILLS // SHARDS if WHOLE else 3
    for _ in range(kills):
        home = copies()
        _killed_after(draw.uniform(0, length), home.root)
        assert ended(started(take, home.root)) == 0
        assert state(home) == undisturbed
    seen(f"{kills} kills, seeded; 0 lost, 0 doubled, same bytes")


@pytest.mark.fault("F02")
def test_intake_ends_in_the_same_bytes_when_killed_again_and_again(
    copies: Copies, undisturbed: State, seen: Seen
) -> None:
    """One home, killed time after time: each run goes a little further, or not."""
    draw, home = random.Random("again"), copies()
    length = _seconds_of_a_run(copies)
    kills = 20 if WHOLE else 2
    for _ in range(kills):
        _killed_after(draw.uniform(0, length), home.root)
    assert ended(started(take, home.root)) == 0
    assert state(home) == undisturbed
    seen(f"{kills} kills of one home; same bytes")


@pytest.mark.fault("F25")
def test_next_run_goes_on_when_one_was_told_to_end(copies: Copies, undisturbed: State, seen: Seen) -> None:
    """An intake needs no time to clear up: what it leaves is what a kill leaves."""
    draw, length = random.Random("told"), _seconds_of_a_run(copies)
    rounds = 10 if WHOLE else 2
    for _ in range(rounds):
        home = copies()
        process = started(take, home.root)
        time.sleep(draw.uniform(0, length))
        process.terminate()
        assert ended(process, 30) in (0, -signal.SIGTERM)
        assert ended(started(take, home.root)) == 0
        assert state(home) == undisturbed
    seen(f"{rounds} runs told to end: each ended at once, the next ended in the same bytes")


def _seconds_of_a_run(copies: Copies) -> float:
    home, begun = copies(), time.monotonic()
    assert ended(started(take, home.root)) == 0
    return time.monotonic() - begun


def _killed_after(seconds: float, root: os.PathLike[str]) -> None:
    process = started(take, root)
    time.sleep(seconds)
    if process.pid is not None and process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    assert ended(process) in (0, KILLED)
