"""A run killed at three stages in the middle ends in the same release bytes when it is run again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.acceptance.conftest import GUILDHALL, bytes_of_releases, guildhall
from warehouse.home import Home

pytestmark = pytest.mark.slow
DAY = "2026-11-12"
STAGES = {
    "the lake": "lake/accepted/*/firm=*/period=*/*.parquet",
    "the build": "builds/b*/warehouse.duckdb",
    "the release": "releases/*/*.tmp/tables/*.csv",
}


@pytest.mark.fault("F02", "F03")
@pytest.mark.timeout(900)
def test_killed_run_ends_in_the_same_bytes_when_run_again(tmp_path: Path) -> None:
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    for folder in (straight, killed):
        guildhall("demo", "--home", str(folder), "--scale", "0.1", "--no-run")
    guildhall("run", "--home", str(straight), "--as-of", DAY)
    for stage in STAGES:
        assert _killed_at(killed, stage), f"the run ended before it reached {stage}"
    guildhall("run", "--home", str(killed), "--as-of", DAY)
    assert bytes_of_releases(Home.open(killed)) == bytes_of_releases(Home.open(straight))
    heads = [guildhall("verify", "--home", str(folder)).stdout for folder in (straight, killed)]
    assert heads[0] == heads[1]


def _killed_at(home: Path, stage: str) -> bool:
    """Start a run, kill it and all its children once something new is in the stage; whether it was killed."""
    before = set(home.glob(STAGES[stage]))
    run = subprocess.Popen(
        [GUILDHALL, "run", "--home", str(home), "--as-of", DAY],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while run.poll() is None and not set(home.glob(STAGES[stage])) - before:
        time.sleep(0.01)
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGKILL)
    return run.wait() == -signal.SIGKILL
