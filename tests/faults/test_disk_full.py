"""F09: wherever the disk fills up, nothing is lost, and there is no receipt for what is not kept."""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import WHOLE, Copies, Seen, copied
from tests.faults.errands import ended, started, take
from tests.faults.region import State, state
from warehouse.home import Home
from warehouse.ledger import RECEIVED, Ledger
from warehouse.vault import Vault

LEVELS = tuple(round(2_000 * 1.9**step) for step in range(12))
"""Bytes there is still room for: from less than one file to nearly all that a run writes."""
TRIED = LEVELS if WHOLE else LEVELS[3:9:5]


def take_with_small_files(root: Path, most: int) -> None:
    """Take, while no file may grow beyond so many bytes: what a full disk does, one file at a time."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    take(root)


@contextmanager
def small_disk(size: int) -> Iterator[Path]:
    """A disk of so many bytes in memory; skips where nobody may mount one."""
    folder = Path(tempfile.mkdtemp())
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("no disk may be mounted here; the limit on file sizes stands in for it")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def require_no_hollow_promise(home: Home) -> None:
    """Whatever the ledger says was received can be read."""
    vault = Vault(home)
    with Ledger.open(home) as ledger:
        for body in (entry.body for entry in ledger.entries(RECEIVED)):
            vault.read(*(str(body[name]) for name in ("firm_id", "period", "sha256")))
        ledger.verify()


@pytest.mark.fault("F09")
@pytest.mark.parametrize("most", TRIED)
def test_intake_goes_on_when_files_may_grow_again(
    copies: Copies, undisturbed: State, seen: Seen, most: int
) -> None:
    home = copies()
    stopped = ended(started(take_with_small_files, home.root, most))
    require_no_hollow_promise(home)
    assert ended(started(take, home.root)) == 0
    assert state(home) == undisturbed
    seen(f"no file beyond {most} bytes: {'stopped' if stopped else 'went through'}, then the same bytes")


@pytest.mark.fault("F09")
@pytest.mark.parametrize("room", TRIED)
def test_intake_goes_on_when_there_is_room_again(
    untaken: Home, undisturbed: State, seen: Seen, room: int
) -> None:
    pages = sum(-(-path.lstat().st_size // 4096) + 1 for path in untaken.root.rglob("*"))
    with small_disk(pages * 4096 + room * 16) as disk:
        home = copied(untaken, disk / "home")
        stopped = ended(started(take, home.root))
        require_no_hollow_promise(home)
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        assert ended(started(take, home.root)) == 0
        assert state(home) == undisturbed
    seen(f"room for {room * 16} bytes: {'stopped' if stopped else 'went through'}, then the same bytes")
