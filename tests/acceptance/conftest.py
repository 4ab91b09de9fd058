"""One demo at its default size for every acceptance test of a run: made once, shared between workers."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from warehouse import builds, releases
from warehouse.home import Home

ROOT = Path(__file__).parents[2]
GUILDHALL = str(Path(sys.executable).with_name("guildhall"))


@dataclass(frozen=True)
class Demo:
    """A finished demo and what the command printed."""

    home: Home
    printed: str


def guildhall(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would, in its own process."""
    environment = {**os.environ, "DO_NOT_TRACK": "1"}
    return subprocess.run(
        [GUILDHALL, *arguments], capture_output=True, text=True, check=check, env=environment
    )


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """``guildhall demo`` at its default size. Tests that use it are one xdist group, so it is made once."""
    folder = tmp_path_factory.mktemp("sample") / "demo"
    done = guildhall("demo", "--home", str(folder), check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return Demo(Home.open(folder), done.stdout)


def bytes_of_releases(home: Home) -> dict[str, str]:
    """Every file of every release by its hash; the DuckDB file by its logical digest."""
    digests = {}
    for path in sorted(home.releases.rglob("*")):
        if path.is_file():
            name = path.relative_to(home.releases).as_posix()
            logical = releases.logical_digest(path) if path.suffix == ".duckdb" else None
            digests[name] = logical or hashlib.sha256(path.read_bytes()).hexdigest()
    return digests


@dataclass(frozen=True)
class Planted:
    """What the demo's marts say beside what is true of its region."""

    home: Home

    def truth(self, system: str) -> Any:
        """What was planted, by the system's own words."""
        return json.loads((self.home.root / "truth" / "truth.json").read_text())["systems"][system]

    def mart(self, name: str) -> pd.DataFrame:
        """A mart of the newest build."""
        return builds.read_mart(builds.latest_build(self.home), name)

    def published(self, table: str) -> pd.DataFrame:
        """A table of the newest release, as a reader gets it."""
        return releases.read_table(releases.read_release(self.home), table)


@pytest.fixture(scope="session")
def planted(demo: Demo) -> Planted:
    """The demo's truth, marts and published tables."""
    return Planted(demo.home)
