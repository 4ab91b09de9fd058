"""The sensor on the boxes and the publication schedule: triggers only, the ledger and the calendar decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest

from orchestration.automation import PENDING_TAG, box_sensor, delivery_schedule, publication_schedule
from orchestration.resources import HomeResource
from orchestration.scorecards import is_missing
from warehouse.config import CalendarEntry, Consortium, ConsortiumConfig, Intake, PolicyChoice
from warehouse.home import Home, init_home, open_box
from warehouse.intake.validate import validate_landed
from warehouse.landing import land_pending
from warehouse.ledger import DELIVERED, Ledger


@pytest.fixture
def home(tmp_path: Path) -> Home:
    config = ConsortiumConfig(
        consortium=Consortium(id="test", name="Test", region="Test"),
        releases=(
            CalendarEntry(period="2026-Q2", date=date(2026, 8, 12)),
            CalendarEntry(period="2026-Q3", date=date(2026, 11, 12)),
        ),
        intake=Intake(uploads="renamed"),
    )
    return init_home(tmp_path / "home", config)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as opened:
        yield opened


def _job() -> dg.UnresolvedAssetJobDefinition:
    @dg.asset
    def anything() -> None: ...

    return dg.define_asset_job("intake", selection=dg.AssetSelection.assets(anything))


def _look(home: Home, instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    context = dg.build_sensor_context(instance, resources={"home": HomeResource(path=str(home.root))})
    answer = box_sensor(_job())(context)
    assert isinstance(answer, dg.RunRequest | dg.SkipReason)
    return answer


def _drop(home: Home, firm: str, name: str = "wage_2026Q1.csv") -> None:
    (open_box(home, firm) / name).write_text("learner_key\n")


def test_sensor_skips_when_no_drop_is_pending(home: Home, instance: dg.DagsterInstance) -> None:
    assert isinstance(_look(home, instance), dg.SkipReason)


def test_sensor_asks_for_one_run_when_many_drops_are_pending(
    home: Home, instance: dg.DagsterInstance
) -> None:
    for firm in ("F001", "F002", "F003"):
        _drop(home, firm)
    asked = _look(home, instance)
    assert isinstance(asked, dg.RunRequest)
    assert asked.run_key == f"intake-{asked.tags[PENDING_TAG]}-a1"


def test_sensor_skips_when_a_run_is_taking_drops_already(home: Home, instance: dg.DagsterInstance) -> None:
    _drop(home, "F001")
    instance.create_run_for_job(
        _empty_job(), status=dg.DagsterRunStatus.STARTED, tags={PENDING_TAG: "anything"}
    )
    assert isinstance(_look(home, instance), dg.SkipReason)


def test_sensor_asks_again_under_a_new_key_when_the_run_for_the_same_drops_died(
    home: Home, instance: dg.DagsterInstance
) -> None:
    _drop(home, "F001")
    first = _look(home, instance)
    assert isinstance(first, dg.RunRequest)
    instance.create_run_for_job(_empty_job(), status=dg.DagsterRunStatus.FAILURE, tags=first.tags)
    again = _look(home, instance)
    assert isinstance(again, dg.RunRequest)
    assert again.run_key == f"intake-{again.tags[PENDING_TAG]}-a2"


@pytest.mark.fault("F05")
def test_sensor_asks_again_when_a_run_died_between_landing_and_verdict(
    home: Home, instance: dg.DagsterInstance
) -> None:
    _drop(home, "F001")
    first = _look(home, instance)
    with Ledger.open(home) as ledger:
        land_pending(home, ledger)
        assert isinstance(first, dg.RunRequest)
        instance.create_run_for_job(_empty_job(), status=dg.DagsterRunStatus.FAILURE, tags=first.tags)
        again = _look(home, instance)
        assert isinstance(again, dg.RunRequest)
        assert (first.run_key, again.run_key) == ("intake-1-1-a1", "intake-1-1-a2")
        validate_landed(home, ledger)
    assert isinstance(_look(home, instance), dg.SkipReason)


def _empty_job() -> dg.JobDefinition:
    @dg.op
    def nothing() -> None: ...

    @dg.job
    def intake() -> None:
        nothing()

    return intake


@pytest.mark.fault("F11")
@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2026-08-11", None),
        ("2026-08-12", "2026-Q2"),
        ("2026-11-11", "2026-Q2"),
        ("2026-11-12", "2026-Q3"),
    ],
)
def test_schedule_asks_for_the_release_that_is_due(home: Home, day: str, period: str | None) -> None:
    at = datetime.fromisoformat(day).replace(hour=6, tzinfo=UTC)
    context = dg.build_schedule_context(
        scheduled_execution_time=at, resources={"home": HomeResource(path=str(home.root))}
    )
    answer = publication_schedule(_job())(context)
    if period is None:
        assert isinstance(answer, dg.SkipReason)
        assert "2026-Q2 on 2026-08-12" in str(answer.skip_message)
    else:
        assert isinstance(answer, dg.RunRequest)
        assert answer.run_key == f"{period}-{day}"
        assert answer.run_config["resources"]["occasion"]["config"]["as_of"] == day


def test_schedule_skips_when_the_due_release_stands(home: Home) -> None:
    standing = home.releases / "2026-Q2" / "v1.0"
    standing.mkdir(parents=True)
    (standing / "manifest.json").write_text('{"period": "2026-Q2", "version": "v1.0"}')
    context = dg.build_schedule_context(
        scheduled_execution_time=datetime(2026, 8, 13, 6, tzinfo=UTC),
        resources={"home": HomeResource(path=str(home.root))},
    )
    answer = publication_schedule(_job())(context)
    assert isinstance(answer, dg.SkipReason)
    assert "2026-Q3 on 2026-11-12" in str(answer.skip_message)


def _morning(home: Home) -> dg.RunRequest | dg.SkipReason:
    context = dg.build_schedule_context(
        scheduled_execution_time=datetime(2026, 11, 13, 6, tzinfo=UTC),
        resources={"home": HomeResource(path=str(home.root))},
    )
    answer = delivery_schedule(_job())(context)
    assert isinstance(answer, dg.RunRequest | dg.SkipReason)
    return answer


def test_delivery_is_asked_for_until_every_member_has_its_scorecard(home: Home) -> None:
    assert isinstance(_morning(home), dg.SkipReason)
    standing = home.releases / "2026-Q3" / "v1.0"
    standing.mkdir(parents=True)
    (standing / "manifest.json").write_text('{"period": "2026-Q3", "version": "v1.0"}')
    (home.releases / "CURRENT").write_text("2026-Q3/v1.0\n")
    for firm in ("F001", "F002"):
        open_box(home, firm)
    with Ledger.open(home) as ledger:
        for firm in ("F001", "F002"):
            assert isinstance(_morning(home), dg.RunRequest)
            ledger.append(DELIVERED, {"firm_id": firm, "release": "2026-Q3/v1.0", "files": {}})
    assert isinstance(_morning(home), dg.SkipReason)


def test_nothing_is_delivered_where_the_input_was_public_before(home: Home) -> None:
    config = home.config.model_copy(
        update={"policy": PolicyChoice(preset="already_public", source="published_before")}
    )
    assert not is_missing(Home(home.root, config))
