"""What a process of the matrix does, and how it is started, watched and killed.

An errand is a function of this module that takes a home first. Processes are forked from a server that has
the house imported already, so that a kill costs a tenth of a second and not an import.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

from tests.faults.instants import Journal, KillAt, watched
from warehouse.home import Home
from warehouse.intake.validate import validate_landed
from warehouse.landing import land_pending
from warehouse.ledger import Ledger

Errand = Callable[..., object]

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(
    ["pandas", "warehouse.landing", "warehouse.intake", "warehouse.releases", "tests.faults.warm"]
)
KILLED = -signal.SIGKILL


def noon() -> datetime:
    """The clock of the matrix: receipts of two homes agree to the byte."""
    return datetime(2026, 11, 12, 12, tzinfo=UTC)


def take(root: Path) -> None:
    """Land what is pending and judge what landed."""
    home = Home.open(root)
    with Ledger.open(home, clock=noon) as ledger:
        land_pending(home, ledger)
        validate_landed(home, ledger)


def started(errand: Errand, *given: object) -> ForkServerProcess:
    """The errand under way in a process of its own."""
    process = _SERVER.Process(target=_in_child, args=(errand, given), daemon=True)
    process.start()
    return process


def ended(process: ForkServerProcess, seconds: float = 120) -> int:
    """How a process ended: 0, or minus the signal; one that hangs is an error."""
    process.join(seconds)
    code = process.exitcode
    process.kill()
    process.join()
    process.close()
    assert code is not None, "the process hung"
    return code


def killed_at(number: int, errand: Errand, *given: object) -> int:
    """Run the errand and kill it at its n-th instant; how it ended (0: it has fewer instants)."""
    return ended(started(_with_kill, number, errand, given))


def instants_of(errand: Errand, *given: object) -> list[str]:
    """Every instant of an undisturbed errand, in order."""
    mine, theirs = _SERVER.Pipe(duplex=False)
    process = started(_with_journal, theirs, errand, given)
    theirs.close()
    told: list[str] = mine.recv()
    assert ended(process) == 0
    return told


def shared_count() -> Synchronized[int]:
    """A number that several processes see."""
    return _SERVER.Value("q", 0)


def barrier(parties: int) -> Any:
    """Holds processes back until all have come."""
    return _SERVER.Barrier(parties, timeout=120)


def _with_kill(number: int, errand: Errand, given: tuple[object, ...]) -> None:
    with watched(KillAt(number)):
        errand(*given)


def _with_journal(theirs: Any, errand: Errand, given: tuple[object, ...]) -> None:
    journal = Journal()
    with watched(journal):
        errand(*given)
    theirs.send(journal.told)


def _in_child(errand: Errand, given: tuple[object, ...]) -> None:
    try:
        errand(*given)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
