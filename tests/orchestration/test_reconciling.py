"""A run whose process is gone is ended; one that works, or is about to, is left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from contracts.quarters import Quarter
from orchestration.reconciling import end_dead_runs, sign_of_life
from warehouse.config import Consortium, ConsortiumConfig, Intake, announce_releases
from warehouse.home import Home, init_home

HOLDING = """
import os, signal, sys
from pathlib import Path
from orchestration.reconciling import sign_of_life
from warehouse.home import Home
with sign_of_life(Home.open(Path(sys.argv[1])), sys.argv[2]):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    config = ConsortiumConfig(
        consortium=Consortium(id="test", name="Test", region="Test"),
        releases=announce_releases(Quarter(2026, 3), 1),
        intake=Intake(uploads="renamed"),
    )
    return init_home(tmp_path / "home", config)


def begun(instance: dg.DagsterInstance) -> str:
    @dg.job
    def intake() -> None: ...

    return instance.create_run_for_job(intake, status=dg.DagsterRunStatus.STARTED).run_id


def status_of(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


@pytest.mark.fault("F05")
def test_run_is_ended_when_its_process_was_killed(home: Home) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run_id = begun(instance)
        subprocess.run([sys.executable, "-c", HOLDING, str(home.root), run_id], check=False, timeout=120)
        assert end_dead_runs(home, instance) == [run_id]
        assert status_of(instance, run_id) is dg.DagsterRunStatus.FAILURE
        assert end_dead_runs(home, instance) == []


def test_run_goes_on_when_its_process_lives(home: Home) -> None:
    with dg.DagsterInstance.ephemeral() as instance, sign_of_life(home, run_id := begun(instance)):
        assert end_dead_runs(home, instance, nothing_runs=True) == []
        assert status_of(instance, run_id) is dg.DagsterRunStatus.STARTED


def test_run_that_is_about_to_work_is_left_alone_unless_nothing_runs(home: Home) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run_id = begun(instance)
        assert end_dead_runs(home, instance) == []
        assert end_dead_runs(home, instance, nothing_runs=True) == [run_id]
