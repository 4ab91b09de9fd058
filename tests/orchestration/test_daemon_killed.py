"""F06: Dagster, killed again and again with everything it started, takes every file once all the same."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from contracts.quarters import Quarter
from orchestration.definitions import HOME_VARIABLE
from orchestration.journey import instance_folder
from tests.faults.conftest import WHOLE
from tests.faults.region import wage_file
from warehouse.config import Consortium, ConsortiumConfig, Intake, announce_releases
from warehouse.home import Home, init_home, open_box
from warehouse.intake.validate import unjudged
from warehouse.ledger import RECEIVED, VALIDATED, Ledger

KILLS, SECONDS_BETWEEN, PATIENCE_SECONDS = 4, 45, 900


@pytest.fixture
def home(tmp_path: Path) -> Home:
    config = ConsortiumConfig(
        consortium=Consortium(id="test", name="Test", region="Test"),
        releases=announce_releases(Quarter(2026, 3), 1),
        intake=Intake(uploads="renamed"),
    )
    made = init_home(tmp_path / "home", config)
    words = [str(Path(sys.executable).with_name("dagster")), "sensor", "start", "boxes"]
    about = {HOME_VARIABLE: str(made.root), "DAGSTER_HOME": str(instance_folder(made))}
    started = subprocess.run(
        [*words, "-m", "orchestration.definitions"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **about},
    )
    # Whatever kept the house from loading, Dagster ends in 2, as for a word it does not know.
    assert started.returncode == 0, started.stderr
    return made


@contextmanager
def dagster(home: Home) -> Iterator[None]:
    """``guildhall dagster`` at work, and then everything it started killed at once, without a word."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    words = [
        str(Path(sys.executable).with_name("guildhall")),
        "dagster",
        "--home",
        str(home.root),
        "--port",
        port,
    ]
    with (home.root.parent / "dagster.log").open("ab") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True)
    try:
        yield
    finally:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        for one in family:
            one.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=60)
        process.wait(60)


def drop(home: Home, number: int) -> None:
    for firm in ("F001", "F002", "F003"):
        quarter = f"20{20 + number}Q1"
        (open_box(home, firm) / f"wage_{quarter}.csv").write_bytes(wage_file(firm, 20, quarter=quarter))


def is_done(home: Home) -> bool:
    with Ledger.open(home) as ledger:
        return not list(home.boxes.glob("*/in/*")) and not unjudged(ledger)


@pytest.mark.slow
@pytest.mark.skipif(not WHOLE, reason="takes minutes: run `make faults`")
@pytest.mark.fault("F06")
def test_every_file_is_taken_once_when_dagster_is_killed_again_and_again(home: Home) -> None:
    for number in range(KILLS):
        drop(home, number)
        with dagster(home):
            time.sleep(SECONDS_BETWEEN)
    with dagster(home):
        begun = time.monotonic()
        while not is_done(home):
            assert time.monotonic() - begun < PATIENCE_SECONDS, "stranded"
            time.sleep(2)
    with Ledger.open(home) as ledger:
        ledger.verify()
        kinds = Counter(entry.kind for entry in ledger.entries())
    assert kinds == {RECEIVED: 3 * KILLS, VALIDATED: 3 * KILLS}
