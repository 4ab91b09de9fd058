"""Dashboards are written by hand and on the first of every month, never in the journey."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from click.testing import CliRunner

from orchestration.assets import dashboards
from orchestration.automation import dashboard_schedule
from orchestration.cli.dashboard_command import command
from orchestration.definitions import build_defs
from orchestration.job_names import DASHBOARDS, JOURNEY
from orchestration.resources import HomeResource, Occasion
from tests.warehouse.test_releases import publish
from warehouse.home import Home

COMMITTEE, OPERATOR = "committee/dashboard.html", "operator/dashboard.html"


def _written(home: Home, out: Path, day: str) -> str:
    asked = ["--home", str(home.root), "--out", str(out), "--as-of", day]
    assert CliRunner().invoke(command, asked, catch_exceptions=False).exit_code == 0
    return (out / COMMITTEE).read_text(encoding="utf-8")


def test_command_writes_a_page_for_each_audience_before_anything_is_published(
    home: Home, tmp_path: Path
) -> None:
    assert "Nothing is published yet." in _written(home, tmp_path / "out", "2026-11-01")
    assert sorted(
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.html")
    ) == [
        COMMITTEE,
        OPERATOR,
    ]


def test_page_says_that_a_day_was_missed_and_why(home: Home, tmp_path: Path) -> None:
    said = _written(home, tmp_path / "out", "2026-11-13")
    assert "missed the day it was announced for" in said
    assert "no run has made it" in said


def test_release_is_not_on_the_page_before_its_day(home: Home, tmp_path: Path) -> None:
    publish(home)
    assert "Nothing is published yet." in _written(home, tmp_path / "out", "2026-11-11")
    assert "is out" in _written(home, tmp_path / "out", "2026-11-12")


def test_asset_writes_the_months_pages_into_the_home_and_replaces_them(home: Home) -> None:
    for day in ("2026-12-01", "2026-12-01"):
        resources = {"home": HomeResource(path=str(home.root)), "occasion": Occasion(as_of=day)}
        with dg.DagsterInstance.ephemeral() as instance:
            done = dg.materialize([dashboards.dashboard_pages], instance=instance, resources=resources)
        (event,) = done.asset_materializations_for_node("dashboard_pages")
        assert event.metadata["missed_days"].value == 1
    found = sorted(path.relative_to(home.dashboards).as_posix() for path in home.dashboards.rglob("*.*"))
    assert found == [f"2026-12/{COMMITTEE}", f"2026-12/{OPERATOR}"]


def test_schedule_asks_on_the_first_of_the_month_for_its_own_day() -> None:
    job = dg.define_asset_job("dashboards", selection=dg.AssetSelection.assets(dashboards.dashboard_pages))
    schedule = dashboard_schedule(job)
    assert schedule.cron_schedule == "0 7 1 * *"
    context = dg.build_schedule_context(scheduled_execution_time=datetime(2026, 12, 1, 7, tzinfo=UTC))
    asked = schedule(context)
    assert isinstance(asked, dg.RunRequest)
    assert asked.run_config["resources"]["occasion"]["config"] == {"as_of": "2026-12-01"}


def test_journey_makes_no_dashboard_and_their_job_nothing_else(home: Home) -> None:
    defs = build_defs(home)
    made = {
        name: {key.to_user_string() for key in defs.resolve_job_def(name).asset_layer.executable_asset_keys}
        for name in (JOURNEY, DASHBOARDS)
    }
    assert made[DASHBOARDS] == {"dashboard_pages"}
    assert "dashboard_pages" not in made[JOURNEY]
