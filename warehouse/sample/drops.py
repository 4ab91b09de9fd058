"""Putting files into the boxes, with faults planted on the way, and keeping count of what was put there.

What is in the files belongs to the extracts; what a fault is, to ``faults``.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from warehouse.home import Home, open_box
from warehouse.sample.broken_files import BrokenFile
from warehouse.sample.faults import Bed, Finding, Place, Plant, Rows, plan_plants, plant_all
from warehouse.sample.settings import SampleSettings

NO_PLANTS: Mapping[Place, list[Plant]] = {}


@dataclass
class Drops:
    """The boxes of one home being filled: findings to expect, and files and rows put there by contract."""

    home: Home
    settings: SampleSettings
    findings: list[Finding] = field(default_factory=list)
    broken: list[BrokenFile] = field(default_factory=list)
    files: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)

    def plan(self, contract: str, places: Sequence[Place]) -> Mapping[Place, list[Plant]]:
        """Which of these files get which faults; none where none are wanted."""
        if not self.settings.plant_faults:
            return NO_PLANTS
        return plan_plants(self.settings.seed, contract, places)

    def put(self, contract: str, place: Place, content: bytes, plants: Sequence[Plant] = ()) -> None:
        """Drop one file, planting into it first."""
        if plants:
            content = self._planted(contract, place, content, plants)
        box, period = place
        self._upload(box, f"{contract}_{period}.csv", content)
        self.files[contract] += 1
        self.rows[contract] += content.count(b"\n") - 1

    def _planted(self, contract: str, place: Place, content: bytes, plants: Sequence[Plant]) -> bytes:
        header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
        bed = Bed(contract, place, header, rows)
        planted, findings = plant_all(self.settings.seed, bed, plants)
        self.findings += findings
        return csv_bytes(header, planted)

    def put_frame(self, contract: str, rows: pd.DataFrame) -> None:
        """Drop all files of a contract from one frame: ``box`` and ``quarter``, then the file's columns."""
        header, places, edges = list(rows.columns[2:]), *_stretches(rows)
        plants = self.plan(contract, places)
        lines = rows[header].to_numpy().tolist()
        for place, start, stop in zip(places, edges[:-1], edges[1:], strict=True):
            self.put(contract, place, csv_bytes(header, lines[start:stop]), plants.get(place, ()))

    def put_broken(self, broken: BrokenFile) -> None:
        """Drop a file that will be refused as a whole."""
        self._upload(broken.firm_id, broken.file_name, broken.content)
        self.broken.append(broken)

    def _upload(self, box: str, name: str, content: bytes) -> None:
        """As a firm should: under a name that ends in .part, renamed when all of it is there."""
        path = open_box(self.home, box) / name
        unfinished = path.with_name(f"{name}.part")
        unfinished.write_bytes(content)
        unfinished.rename(path)


def csv_bytes(header: Sequence[str], rows: Rows) -> bytes:
    """RFC 4180 with line feeds, quoted only where needed."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _stretches(rows: pd.DataFrame) -> tuple[list[Place], list[int]]:
    """The files of a frame that is sorted by box and quarter, and where each begins and ends."""
    names = rows["box"] + "|" + rows["quarter"]
    starts = np.flatnonzero((names != names.shift()).to_numpy()).tolist()
    places = [(str(rows["box"].iloc[start]), str(rows["quarter"].iloc[start])) for start in starts]
    return places, [*starts, len(rows)]
