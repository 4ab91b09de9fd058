"""A run killed in the middle ends where an undisturbed one does: the same release, the same warehouse.

``make test`` kills it once, while dbt builds, on the eve of a release; ``make faults`` in every stage, on the
day itself. ``tests/faults`` plants a kill at each instant of the intake and of a publication.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.acceptance.conftest import GUILDHALL, bytes_of_releases, guildhall
from tests.faults.conftest import WHOLE
from warehouse import builds
from warehouse.duck import connect, identifier
from warehouse.home import Home
from warehouse.sample import SampleSettings, make_sample_home

pytestmark = pytest.mark.slow
TINY = SampleSettings(
    firms=8, workers=400, participants=60, first_quarter="2023Q1", quarters=14, quarters_before_entry=8
)
DAY = "2026-11-12" if WHOLE else "2026-11-11"
STAGES = {
    "the lake": "lake/accepted/*/firm=*/period=*/*.parquet",
    "the build": "builds/unfinished/warehouse.duckdb",
    "the release": "releases/*/*.tmp/tables/*.csv",
}
KILLED_IN = tuple(STAGES) if WHOLE else ("the build",)


@pytest.mark.fault("F02", "F03")
def test_killed_run_ends_in_the_same_bytes_when_run_again(tmp_path: Path) -> None:
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    make_sample_home(straight, SampleSettings(scale=0.1) if WHOLE else TINY)
    shutil.copytree(straight, killed, symlinks=True)
    guildhall("run", "--home", str(straight), "--as-of", DAY)
    for stage in KILLED_IN:
        assert _killed_at(killed, stage), f"the run ended before it reached {stage}"
    guildhall("run", "--home", str(killed), "--as-of", DAY)
    assert _end_of(killed) == _end_of(straight)
    assert bool(bytes_of_releases(Home.open(killed))) == WHOLE


def _end_of(folder: Path) -> tuple[str, dict[str, object], dict[str, str]]:
    """What a run ends in: the ledger's head as ``verify`` tells it, the newest warehouse, every release."""
    home = Home.open(folder)
    return guildhall("verify", "--home", str(folder)).stdout, _tables_of(home), bytes_of_releases(home)


def _tables_of(home: Home) -> dict[str, object]:
    """Every table of the newest warehouse by its rows in any order; its views name the home's own paths."""
    with connect(builds.latest_build(home).database, read_only=True) as con:
        names = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        rows = "count(*), sum(hash(one)::HUGEINT)"
        return {
            name: con.table(identifier(name)).set_alias("one").aggregate(rows).fetchone() for name in names
        }


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
