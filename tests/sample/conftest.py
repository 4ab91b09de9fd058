"""Sample regions made once for all tests of a run, and their files read as plain text rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from warehouse.home import Home
from warehouse.sample import SampleSettings, make_sample_home

SMALL = SampleSettings(firms=20, workers=1_200, participants=160)
ORIGIN = ["box", "file_period", "record"]


@dataclass(frozen=True)
class Sample:
    """A region and its files."""

    home: Home
    settings: SampleSettings
    _read: dict[str, pd.DataFrame] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """truth.json."""
        document: Mapping[str, Any] = json.loads((self.home.root / "truth" / "truth.json").read_text())
        return document

    @cached_property
    def faults(self) -> pd.DataFrame:
        """faults.csv, every cell text but the record number."""
        faults = pd.read_csv(self.home.root / "truth" / "faults.csv", dtype=str, keep_default_na=False)
        return faults.assign(record=faults["record"].astype(int))

    def paths(self, contract: str) -> list[tuple[str, str, Path]]:
        """(box, period, path) of every file that is to be read, in order."""
        refused = {(one["firm_id"], one["file_name"]) for one in self.document["refused_files"]}
        found = sorted(self.home.boxes.glob(f"*/in/{contract}_????Q?.csv"))
        return [
            (path.parts[-3], path.stem[-6:], path)
            for path in found
            if (path.parts[-3], path.name) not in refused
        ]

    def rows(self, contract: str) -> pd.DataFrame:
        """Every record of a contract's files as text, ragged ones left out: ORIGIN, then the columns."""
        if contract not in self._read:
            frames = [self._frame(*place) for place in self.paths(contract)]
            self._read[contract] = pd.concat(frames, ignore_index=True)
        return self._read[contract]

    def _frame(self, box: str, period: str, path: Path) -> pd.DataFrame:
        with path.open(newline="") as lines:
            header, *records = csv.reader(lines)
        whole = [(number, row) for number, row in enumerate(records, 1) if len(row) == len(header)]
        frame = pd.DataFrame([row for _, row in whole], columns=header, dtype=object)
        for place, values in enumerate(([box] * len(whole), [period] * len(whole), [n for n, _ in whole])):
            frame.insert(place, ORIGIN[place], values)
        return frame

    def genuine(self, contract: str) -> pd.DataFrame:
        """The records that were not planted."""
        mine = self.faults[self.faults["contract"] == contract]
        planted = set(zip(mine["firm_id"], mine["period"], mine["record"], strict=True))
        rows = self.rows(contract)
        places = zip(rows["box"], rows["file_period"], rows["record"], strict=True)
        return rows[[place not in planted for place in places]].reset_index(drop=True)

    def latest(self, contract: str, key: list[str]) -> pd.DataFrame:
        """One row per key: the one reported in the latest period."""
        return self.genuine(contract).sort_values("file_period", kind="stable").groupby(["box", *key]).tail(1)


def make(folder: Path, settings: SampleSettings) -> Sample:
    """Generate a region in ``folder``."""
    return Sample(make_sample_home(folder, settings), settings)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """A region of 1,200 workers with every fault planted."""
    return make(tmp_path_factory.mktemp("small") / "home", SMALL)


@pytest.fixture(scope="session")
def default(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The region of the demo."""
    return make(tmp_path_factory.mktemp("default") / "home", SampleSettings())
