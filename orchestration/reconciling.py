"""Runs whose process is gone: found by the lock a living run holds, and ended: nothing waits for them.

Dagster's own records cannot tell a run that works from one whose process was killed together with its code
server. No clock is asked here: the system lifts a lock when its holder dies. What the run had taken is the
ledger's to say, and the next run goes on with it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from warehouse.home import Home

AT_WORK = (
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)
_GONE = "The process of this run is gone. What it had recorded stands; the next run goes on from there."


@contextmanager
def sign_of_life(home: Home, run_id: str) -> Iterator[None]:
    """Hold this run's lock while it works."""
    path = _lock(home, run_id)
    path.parent.mkdir(exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def end_dead_runs(home: Home, instance: dg.DagsterInstance, *, nothing_runs: bool = False) -> list[str]:
    """Report every run as failed whose process is gone; returns their ids.

    A run that has not taken its lock yet is left alone, unless the caller knows that ``nothing_runs``: before
    Dagster starts, no process is about to.
    """
    dead = [
        run
        for run in instance.get_runs(dg.RunsFilter(statuses=list(AT_WORK)))
        if _is_dead(_lock(home, run.run_id), unborn_is_dead=nothing_runs)
    ]
    for run in dead:
        instance.report_run_failed(run, _GONE)
        _lock(home, run.run_id).unlink(missing_ok=True)
    return [run.run_id for run in dead]


def _lock(home: Home, run_id: str) -> Path:
    return home.dagster / "at_work" / run_id


def _is_dead(lock: Path, *, unborn_is_dead: bool) -> bool:
    try:
        handle = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return unborn_is_dead
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
