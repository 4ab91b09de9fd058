"""What a sample region puts into the boxes: same bytes again, sizes as asked, faults where the truth says."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from contracts.errors import SampleError
from contracts.quarters import Quarter
from tests.sample.conftest import SMALL, Sample, make
from warehouse.home import Home
from warehouse.sample import CALENDAR, SampleSettings, make_sample_home, write_sample_region
from warehouse.sample.fault_kinds import FAULT_KINDS, NEUTRAL, RAGGED

TINY = SampleSettings(firms=8, workers=400, participants=60, quarters=14, quarters_before_entry=8)


def _bytes_of(home: Home) -> dict[str, str]:
    folders = (home.boxes, home.root / "truth")
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(home.root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_region_is_the_same_to_the_byte_when_settings_are_the_same(tmp_path: Path) -> None:
    first, second = (_bytes_of(make(tmp_path / name, TINY).home) for name in ("first", "second"))
    assert first == second
    assert len(first) > 100


def test_region_differs_when_the_seed_does(tmp_path: Path) -> None:
    first = _bytes_of(make(tmp_path / "first", TINY).home)
    second = _bytes_of(make(tmp_path / "second", replace(TINY, seed=TINY.seed + 1)).home)
    assert not any(
        first[name] == second.get(name) for name in first if "enrollment" in name or "wage_2020" in name
    )


def test_interrupted_region_is_finished_when_made_again(tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done == total // 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        make_sample_home(tmp_path / "stopped", TINY, stop)
    assert not (tmp_path / "stopped" / "truth" / "truth.json").exists()
    assert _bytes_of(make(tmp_path / "stopped", TINY).home) == _bytes_of(make(tmp_path / "whole", TINY).home)


def test_region_is_refused_when_the_home_holds_one(small: Sample) -> None:
    with pytest.raises(SampleError, match="SMP-003"):
        write_sample_region(small.home, SMALL)


def test_default_region_has_the_sizes_promised(default: Sample) -> None:
    people = default.document["people"]
    assert (people["workers"], people["participants"], people["firms"], people["parents"]) == (
        20_000,
        1_500,
        60,
        48,
    )
    wages = default.paths("wage")
    assert len({box for box, *_ in wages}) == 60
    assert len({period for _, period, _ in wages}) == 32
    assert len(wages) == 60 * 32
    enrollments = default.genuine("enrollment")
    assert enrollments["learner_key"].nunique() == 1_500
    assert enrollments["program_id"].nunique() == 8
    assert enrollments["lwdb_code"].nunique() == 4


def test_no_quarter_before_the_first_wave_has_an_enrollment(default: Sample) -> None:
    first = Quarter.parse(default.settings.first_quarter) + default.settings.quarters_before_entry
    enrollments = default.genuine("enrollment")
    assert str(first) == "2023Q3"
    assert enrollments["file_period"].min() == str(first)
    assert enrollments["entry_date"].min() >= str(first.first_day)


@pytest.mark.parametrize(
    ("scale", "firms", "workers"), [(0.25, 30, 5_000), (1.0, 60, 20_000), (100.0, 600, 2_000_000)]
)
def test_scale_multiplies_workers_and_firms_by_its_root(scale: float, firms: int, workers: int) -> None:
    settings = SampleSettings(scale=scale)
    assert (settings.firm_count, settings.worker_count) == (firms, workers)
    assert settings.participant_count == round(1_500 * scale)


@pytest.mark.parametrize(
    "wrong",
    [
        {"scale": 0.0},
        {"scale": 100.1},
        {"programs": 0},
        {"programs": 9},
        {"seed": -1},
        {"participants": 4_001},
        {"firms": 4},
        {"quarters": 24},
        {"quarters": 20, "quarters_before_entry": 5},
    ],
)
def test_settings_are_refused_when_they_do_not_fit_together(wrong: dict[str, int]) -> None:
    with pytest.raises(SampleError, match="SMP-001"):
        SampleSettings(**wrong)  # type: ignore[arg-type]


def test_calendar_of_the_sample_begins_with_the_announced_release() -> None:
    assert (CALENDAR[0].period, str(CALENDAR[0].date)) == ("2026-Q3", "2026-11-12")


def _records(sample: Sample, contract: str, place: tuple[str, str]) -> tuple[list[str], list[list[str]]]:
    path = sample.home.inbox(place[0]) / f"{contract}_{place[1]}.csv"
    with path.open(newline="") as lines:
        header, *records = csv.reader(lines)
    return header, records


def test_every_planted_fault_lies_at_its_record(small: Sample) -> None:
    breaks = {(kind.contract, kind.column, kind.code): [] for kind in FAULT_KINDS}
    for kind in FAULT_KINDS:
        breaks[kind.contract, kind.column, kind.code].append({**NEUTRAL[kind.contract], **kind.breaks})
    for fault in small.faults.itertuples():
        header, records = _records(small, fault.contract, (fault.firm_id, fault.period))
        row = records[fault.record - 1]
        if fault.code == RAGGED:
            assert len(row) == len(header) - 2
            continue
        cells = dict(zip(header, row, strict=True))
        own_key = next(iter(NEUTRAL[fault.contract]))
        options = breaks[fault.contract, fault.column, fault.code]
        assert any(
            all(cells[name] == text for name, text in option.items() if name != own_key or text)
            for option in options
        )


def test_planted_wage_faults_lie_before_the_first_wave(small: Sample) -> None:
    assert small.faults.loc[small.faults["contract"] == "wage", "period"].max() < "2023Q3"


def test_refused_files_lie_in_the_boxes_where_nothing_genuine_does(small: Sample) -> None:
    refused = small.document["refused_files"]
    assert {one["code"] for one in refused} >= {"FIL-001", "FIL-010", "FIL-020", "FIL-021"}
    for one in refused:
        assert (small.home.inbox(one["firm_id"]) / one["file_name"]).is_file()
        assert not one["file_name"].startswith("wage_") or one["file_name"] < "wage_2018Q3"


def test_nothing_is_planted_when_faults_are_off(tmp_path: Path) -> None:
    clean = make(tmp_path / "clean", replace(TINY, plant_faults=False))
    assert clean.document["refused_files"] == []
    assert len(clean.faults) == 0
    planted = make(tmp_path / "planted", TINY)
    for contract in ("wage", "enrollment", "contribution"):
        pd.testing.assert_frame_equal(
            clean.rows(contract).drop(columns="record"), planted.genuine(contract).drop(columns="record")
        )
