"""F07, F08: two at once make one claim each, and one that was overtaken records nothing."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import LedgerError
from tests.faults.conftest import WHOLE, Copies, Seen
from tests.faults.errands import barrier, ended, noon, shared_count, started, take
from tests.faults.region import State, state
from warehouse.home import Home
from warehouse.landing import land_pending
from warehouse.ledger import REFUSED, Ledger

ROUNDS = 3_000


def claim_in_rounds(root: Path, gate: Any, rounds: int, wins: Any) -> None:
    """In each round take a turn beside another worker, then try to record under it."""
    with Ledger.open(Home.open(root), clock=noon) as ledger:
        for number in range(rounds):
            gate.wait()
            with ledger.turn("race"):
                # Both hold a turn now; the ledger takes the later one's word only.
                gate.wait()
                if _recorded(ledger, number):
                    with wins.get_lock():
                        wins.value += 1


def _recorded(ledger: Ledger, number: int) -> bool:
    try:
        ledger.append(REFUSED, {"firm_id": "F001", "file_name": str(number)})
    except LedgerError as error:
        if error.code != "LED-004":
            raise
        return False
    return True


def land_and_pause(root: Path, paused: Any, point: str) -> None:
    """Land, and stand still at a point until somebody wakes this process."""

    def pause(reached: str) -> None:
        if reached == point:
            paused.value = 1
            os.kill(os.getpid(), signal.SIGSTOP)

    home = Home.open(root)
    with Ledger.open(home, clock=noon) as ledger:
        land_pending(home, ledger, at=pause)


@pytest.mark.fault("F07")
def test_one_of_two_workers_records_when_both_took_a_turn(copies: Copies, seen: Seen) -> None:
    root, rounds, wins = copies().root, ROUNDS if WHOLE else 50, shared_count()
    gate = barrier(2)
    workers = [started(claim_in_rounds, root, gate, rounds, wins) for _ in range(2)]
    assert [ended(worker, 600) for worker in workers] == [0, 0]
    with Ledger.open(Home.open(root)) as ledger:
        names = [entry.body["file_name"] for entry in ledger.entries(REFUSED)]
        assert names == [str(number) for number in range(rounds)]
        assert ledger.verify().entries == wins.value == rounds
    seen(f"{rounds} rounds at a barrier: one record in each")


@pytest.mark.fault("F07")
def test_two_intakes_at_once_take_each_drop_once(copies: Copies, undisturbed: State, seen: Seen) -> None:
    rounds = 20 if WHOLE else 1
    for _ in range(rounds):
        home = copies()
        workers = [started(take, home.root) for _ in range(2)]
        assert [ended(worker) for worker in workers] == [0, 0]
        assert state(home) == undisturbed
    seen(f"{rounds} pairs of intakes on one home: the bytes of one")


@pytest.mark.fault("F08")
@pytest.mark.parametrize("point", ["copied", "stored"])
def test_landing_that_was_overtaken_records_nothing_when_it_wakes(
    copies: Copies, undisturbed: State, seen: Seen, point: str
) -> None:
    """The lock file is gone, as on a file system that keeps no locks, so nothing but the number guards."""
    home, paused = copies(), shared_count()
    sleeper = started(land_and_pause, home.root, paused, point)
    while not paused.value:
        time.sleep(0.01)
    (home.landing / ".lock").unlink()
    assert ended(started(take, home.root)) == 0
    os.kill(int(str(sleeper.pid)), signal.SIGCONT)
    assert ended(sleeper) == 1
    assert state(home) == undisturbed
    seen("the stale holder's write is refused; the ledger is that of the other")
