"""F23: a run that gets no memory ends, and the next one with enough ends in the same bytes."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from tests.faults.conftest import WHOLE, Copies, Seen
from tests.faults.errands import Errand, ended, started, take
from tests.faults.region import State, state
from tests.faults.test_disk_full import require_no_hollow_promise
from tests.faults.test_publication import BEFORE, PERIOD, build, publish, release_bytes
from warehouse import builds, releases
from warehouse.intake.formats.isolation import Limits, hold

LEVELS = (4, 16, 64, 96, 128, 192, 256, 320)
"""MiB beyond what the process has when it begins: from nothing to speak of to enough for all of it."""
TRIED = LEVELS if WHOLE else LEVELS[2:6:3]


def with_little_memory(errand: Errand, root: Path, mebibytes: int) -> None:
    """The errand in a process that may not have more than so much."""
    hold(Limits(memory_bytes=mebibytes << 20, file_bytes=resource.RLIM_INFINITY))
    errand(root)


@pytest.mark.fault("F23")
@pytest.mark.parametrize("mebibytes", TRIED)
def test_intake_goes_on_when_there_is_memory_again(
    copies: Copies, undisturbed: State, seen: Seen, mebibytes: int
) -> None:
    home = copies()
    stopped = ended(started(with_little_memory, take, home.root, mebibytes))
    require_no_hollow_promise(home)
    assert ended(started(take, home.root)) == 0
    assert state(home) == undisturbed
    seen(f"{mebibytes} MiB: {'stopped' if stopped else 'went through'}, then the same bytes")


@pytest.mark.fault("F23")
def test_intake_without_memory_is_seen_to_stop(copies: Copies) -> None:
    assert ended(started(with_little_memory, take, copies().root, LEVELS[0])) != 0


@pytest.mark.fault("F23")
@pytest.mark.parametrize("mebibytes", TRIED)
def test_build_and_release_before_stand_when_there_is_no_memory(
    copies: Copies, seen: Seen, mebibytes: int
) -> None:
    straight, home = copies(), copies()
    for one in (straight, home):
        build(one.root)
        publish(one.root, BEFORE)
    publish(straight.root)
    before = builds.latest_build(home).number
    stopped = [ended(started(with_little_memory, what, home.root, mebibytes)) for what in (build, publish)]
    builds.read_mart(builds.latest_build(home), "agg_outcomes")
    assert builds.latest_build(home).number in {before, before + 1}
    assert releases.verify_release(releases.read_release(home).root).period in {BEFORE, PERIOD}
    assert [ended(started(what, home.root)) for what in (build, publish)] == [0, 0]
    assert release_bytes(home) == release_bytes(straight)
    seen(f"{mebibytes} MiB: {sum(map(bool, stopped))} of 2 stopped; what stood before was read throughout")
