"""Dagster's log with its connections kept open: the same events in the same files, for both to read."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from contracts.quarters import Quarter
from orchestration.event_log import _KEPT, OpenEventLog
from orchestration.journey import instance_folder, instance_of
from warehouse.config import Consortium, ConsortiumConfig, announce_releases
from warehouse.home import Home, init_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    config = ConsortiumConfig(
        consortium=Consortium(id="rivers", name="Three Rivers", region="Rivers"),
        releases=announce_releases(Quarter(2026, 3), 1),
    )
    return init_home(tmp_path / "home", config)


@dg.asset
def counted() -> int:
    return 3


@dg.asset_check(asset=counted)
def is_three() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


def run_once(instance: dg.DagsterInstance) -> str:
    defs = dg.Definitions(assets=[counted], asset_checks=[is_three])
    job = defs.resolve_implicit_global_asset_job_def()
    return job.execute_in_process(instance=instance).run_id


def events(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    return [str(one.dagster_event.event_type) for one in instance.all_logs(run_id) if one.dagster_event]


def stock(home: Home) -> dg.DagsterInstance:
    """The instance as Dagster itself opens it."""
    return dg.DagsterInstance.from_config(str(instance_folder(home)))


def test_dagster_reads_what_the_open_log_wrote(home: Home) -> None:
    with instance_of(home) as ours:
        assert isinstance(ours.event_log_storage, OpenEventLog)
        run_id = run_once(ours)
        written = events(ours, run_id)
    with stock(home) as theirs:
        assert events(theirs, run_id) == written
        assert "ASSET_MATERIALIZATION" in " ".join(written)
        latest = theirs.get_latest_materialization_event(dg.AssetKey("counted"))
        assert latest is not None
        assert latest.run_id == run_id


def test_open_log_goes_on_where_dagster_stopped(home: Home) -> None:
    with stock(home) as theirs:
        first = run_once(theirs)
        written = events(theirs, first)
    with instance_of(home) as ours:
        assert events(ours, first) == written
        assert events(ours, run_once(ours)) == written


def test_no_more_files_stay_open_than_are_kept(home: Home) -> None:
    with instance_of(home) as ours:
        runs = [run_once(ours) for _ in range(_KEPT + 1)]
        assert len({tuple(events(ours, run)) for run in runs}) == 1
        log = ours.event_log_storage
        assert isinstance(log, OpenEventLog)
        assert len(log._engines) == _KEPT
    assert log._engines == {}


def test_write_waits_for_the_disk_at_checkpoints_only(home: Home) -> None:
    with instance_of(home) as ours:
        log = ours.event_log_storage
        assert isinstance(log, OpenEventLog)
        with log.index_connection() as index:
            said = [
                index.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
            ]
    assert said == ["wal", 1]


def test_log_lies_where_the_home_lies_when_it_was_moved(home: Home, tmp_path: Path) -> None:
    with instance_of(home) as ours:
        run_id = run_once(ours)
    moved = Home.open(home.root.rename(tmp_path / "elsewhere"))
    with instance_of(moved) as ours:
        assert events(ours, run_id)


def test_failed_step_is_logged_as_by_dagster(home: Home) -> None:
    @dg.asset
    def failing() -> int:
        raise ValueError

    told = []
    for make in (stock, instance_of):
        with make(home) as instance:
            job = dg.Definitions(assets=[failing]).resolve_implicit_global_asset_job_def()
            run = job.execute_in_process(instance=instance, raise_on_error=False)
            told.append(events(instance, run.run_id))
    assert told[0] == told[1]
    assert any("FAILURE" in one for one in told[0])
