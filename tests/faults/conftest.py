"""How thorough the matrix is (FAULTS=whole: wholly), a fast place to work in, and a home to copy."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.errands import ended, started, take
from tests.faults.region import State, make_region, state
from warehouse.home import Home

Copies = Callable[[], Home]
Seen = Callable[[str], None]
WHOLE = os.environ.get("FAULTS") == "whole"
"""Whether every instant and every repetition is wanted, and not only a sample."""


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """A folder in memory where there is one: a kill leaves the same behind there as on a disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def untaken(quick_folder: Path) -> Home:
    """The tiny region with its boxes full; copy it, never work in it."""
    return make_region(quick_folder / "untaken")


@pytest.fixture(scope="session")
def undisturbed(untaken: Home, quick_folder: Path) -> State:
    """What an undisturbed run of the tiny region ends in."""
    home = copied(untaken, quick_folder / "undisturbed")
    assert ended(started(take, home.root)) == 0
    return state(home)


@pytest.fixture
def copies(untaken: Home, quick_folder: Path) -> Iterator[Copies]:
    """Fresh copies of the untaken region, removed afterwards."""
    made: list[Path] = []

    def fresh() -> Home:
        made.append(Path(tempfile.mkdtemp(dir=quick_folder)) / "home")
        return copied(untaken, made[-1])

    yield fresh
    for folder in made:
        shutil.rmtree(folder.parent)


@pytest.fixture
def seen(record_property: Callable[[str, object], None]) -> Seen:
    """Say what was seen, for the table that ``make faults`` prints."""
    return lambda words: record_property("seen", words)


def copied(home: Home, to: Path) -> Home:
    """A copy of a whole home: same drops, same keys, so the same bytes in the end."""
    return Home.open(shutil.copytree(home.root, to, symlinks=True))
