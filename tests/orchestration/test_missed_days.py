"""A missed day is an alert, not a silence: which day, why, and to whom it was told, once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from click.testing import CliRunner

from contracts.errors import HomeError, ReleaseError
from orchestration import journey
from orchestration.assets import publication, watch
from orchestration.automation import watch_schedule
from orchestration.cli.init_command import first_settings
from orchestration.cli.status_command import command as status
from orchestration.job_names import JOURNEY
from orchestration.resources import HomeResource, Occasion
from orchestration.watching import days_missed
from reports.disclosure.audit.findings import Attacker, Audit, Finding, audit_of
from tests.warehouse.test_releases import publish, stage
from tests.warehouse.test_reminding import Receiver, address_book, receiver
from warehouse import builds
from warehouse.approving import park
from warehouse.config import CalendarEntry, Consortium, ConsortiumConfig, Notify, read_config
from warehouse.duck import connect
from warehouse.home import Home, init_home
from warehouse.home_template import render_config
from warehouse.ledger import ALERTED, HELD_BACK, Ledger
from warehouse.missed import FAILED, NO_RUN, NOT_APPROVED, REFUSED, missed_days, record_held_back
from warehouse.owners import MISSED_DAY, OPEN_ALERT, UNOWNED_ALERT, tell_owners

__all__ = ["receiver"]

DAY, AFTER = date(2026, 11, 12), date(2026, 11, 13)
ALERTS = pd.DataFrame(
    {
        "alert_kind_code": ["P_CHART", "CUSUM", "P_CHART", "P_CHART"],
        "metric_id": ["completion_rate"] * 4,
        "member": ["PRG-9", "consortium", "PRG-8", "PRG-7"],
        "cohort_quarter": ["2026Q1"] * 4,
        "alert_id": ["A-1", None, "A-2", "A-3"],
        "owner_seat_id": ["SEAT-1", None, "SEAT-1", "SEAT-2"],
        "opened_date": [DAY, None, DAY, DAY],
        "acknowledged_date": pd.array([None, None, DAY, None], dtype=object),
        "state": ["OPEN", "UNOWNED", "OPEN", "CLEARED"],
    }
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    config = ConsortiumConfig(
        consortium=Consortium(id="test", name="Test", region="Test"),
        releases=(
            CalendarEntry(period="2026-Q3", date=DAY),
            CalendarEntry(period="2026-Q4", date=date(2027, 2, 12)),
        ),
        notify=Notify(owner={"operator": "ops", "SEAT-1": "seat"}),
    )
    return init_home(tmp_path / "home", config)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    with Ledger.open(home) as opened:
        yield opened


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as opened:
        yield opened


@pytest.mark.parametrize(
    "as_of,missed", [(date(2026, 11, 11), 0), (DAY, 0), (AFTER, 1), (date(2027, 2, 13), 2)]
)
def test_day_is_missed_from_the_day_after_it(home: Home, ledger: Ledger, as_of: date, missed: int) -> None:
    assert len(missed_days(home, ledger, as_of)) == missed


def test_no_day_is_missed_when_its_release_stands(home: Home, ledger: Ledger) -> None:
    publish(home)
    assert missed_days(home, ledger, AFTER) == ()


def test_reason_is_that_no_run_was_made_or_that_it_failed(
    home: Home, ledger: Ledger, instance: dg.DagsterInstance
) -> None:
    def why() -> list[str]:
        return [one.why for one in days_missed(home, ledger, AFTER, instance)]

    assert why() == [NO_RUN]
    _record_run(instance, dg.DagsterRunStatus.SUCCESS)
    assert why() == [NO_RUN]
    _record_run(instance, dg.DagsterRunStatus.FAILURE)
    assert why() == [FAILED]


def _record_run(instance: dg.DagsterInstance, status: dg.DagsterRunStatus) -> None:
    @dg.op
    def nothing() -> None: ...

    @dg.job(name=JOURNEY)
    def journey() -> None:
        nothing()

    instance.create_run_for_job(journey, status=status)


def test_reason_is_that_nobody_approved(home: Home, ledger: Ledger) -> None:
    park(home, stage(home), ledger)
    (one,) = missed_days(home, ledger, AFTER)
    assert one.why == NOT_APPROVED
    assert "guildhall approve" in one.words


def test_reason_is_that_the_audit_refused_and_the_ledger_says_so_once(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(home)
    exposed = Finding("AUD-104", "completion_rate of PRG-9", "by subtraction", Attacker.PUBLIC)
    monkeypatch.setattr(publication, "audit_staged", lambda *_: audit_of([exposed], ()))
    at, occasion = HomeResource(path=str(home.root)), Occasion(as_of="2026-11-12")
    for _ in range(2):
        assert not publication.nothing_gives_anyone_away(home=at, occasion=occasion).passed
    (entry,) = ledger.entries(HELD_BACK)
    assert entry.body == {"period": "2026-Q3", "version": "v1.0", "why": REFUSED, "codes": ["AUD-104"]}
    assert [one.why for one in missed_days(home, ledger, AFTER)] == [REFUSED]


def test_command_names_the_codes_and_where_to_look_when_the_audit_refused(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.asset
    def page() -> None:
        staged = stage(home)
        place = {"period": staged.period, "version": staged.version}
        record_held_back(ledger, place | {"why": REFUSED, "codes": ["AUD-104", "AUD-106"]})

    @dg.asset_check(asset=page, blocking=True, name=journey.AUDIT)
    def refuses() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False)

    made = dg.Definitions([page], asset_checks=[refuses], jobs=[dg.define_asset_job(JOURNEY)])
    monkeypatch.setattr(journey, "build_defs", lambda *_, **__: made)
    with pytest.raises(ReleaseError) as refused:
        journey.run_journey(home, as_of=date(2026, 11, 12))
    said = str(refused.value)
    assert "REL-043" in said
    assert "AUD-104, AUD-106" in said
    assert f"guildhall audit {home.releases}" in said


def test_audit_that_passes_holds_nothing_back(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(home)
    passed: Audit = audit_of([], ())
    monkeypatch.setattr(publication, "audit_staged", lambda *_: passed)
    at, occasion = HomeResource(path=str(home.root)), Occasion(as_of="2026-11-12")
    assert publication.nothing_gives_anyone_away(home=at, occasion=occasion).passed
    assert not list(ledger.entries(HELD_BACK))


def test_operator_is_told_of_a_missed_day_once_and_again_when_the_channel_did_not_take_it(
    home: Home, ledger: Ledger, receiver: Receiver
) -> None:
    address_book(home, {"ops": receiver.url("secret")})
    missed = missed_days(home, ledger, AFTER)
    receiver.refuses = True
    assert len(tell_owners(home, ledger, missed).failed) == 1
    receiver.refuses = False
    (sent,) = tell_owners(home, ledger, missed).sent
    assert (sent.owner, sent.kind) == ("operator", MISSED_DAY)
    assert tell_owners(home, ledger, missed).sent == ()
    (post,) = receiver.posts
    assert "2026-Q3 was announced for 2026-11-12 and is not published" in post["message"]
    (entry,) = ledger.entries(ALERTED)
    assert entry.body["address"] == "ops"
    assert "secret" not in json.dumps(dict(entry.body))


def test_alert_goes_to_the_seat_that_owns_it_and_one_without_owner_to_the_operator(
    home: Home, ledger: Ledger, receiver: Receiver
) -> None:
    address_book(home, {"ops": receiver.url("ops"), "seat": receiver.url("seat")})
    _build_with(home, ledger, ALERTS)
    told = tell_owners(home, ledger, ())
    assert sorted((one.owner, one.kind) for one in told.sent) == [
        ("SEAT-1", OPEN_ALERT),
        ("operator", UNOWNED_ALERT),
    ]
    by_path = {post["path"]: json.dumps(post) for post in receiver.posts}
    assert "A-1" in by_path["/seat"]
    assert "PRG-9" not in by_path["/seat"]
    assert "completion_rate" not in by_path["/seat"]
    assert "CUSUM completion_rate, consortium" in by_path["/ops"]
    assert tell_owners(home, ledger, ()).sent == ()


def test_owner_without_an_address_is_named_and_nothing_is_recorded(home: Home, ledger: Ledger) -> None:
    told = tell_owners(home, ledger, missed_days(home, ledger, AFTER))
    assert [one.owner for one in told.without_address] == ["operator"]
    assert not list(ledger.entries(ALERTED))


def _build_with(home: Home, ledger: Ledger, alerts: pd.DataFrame) -> None:
    build = builds.begin_build(home, ledger, basis=str(time.time_ns()))
    with connect(build.under_construction) as con:
        con.register("alerts", alerts)
        con.execute("CREATE TABLE agg_alerts AS SELECT * FROM alerts")
    builds.finish_build(build)


def test_evening_watch_tells_and_its_check_fails_when_a_day_was_missed(
    home: Home, instance: dg.DagsterInstance, receiver: Receiver
) -> None:
    address_book(home, {"ops": receiver.url("ops")})
    for day, missed in (("2026-11-12", 0), ("2026-11-13", 1)):
        resources = {"home": HomeResource(path=str(home.root)), "occasion": Occasion(as_of=day)}
        done = dg.materialize(
            [watch.owners_told, watch.announced_days_are_kept],
            instance=instance,
            resources=resources,
        )
        (check,) = done.get_asset_check_evaluations()
        assert check.passed is not bool(missed)
        assert len(receiver.posts) == missed


def test_watch_is_asked_for_every_evening_for_its_own_day() -> None:
    job = dg.define_asset_job("watch", selection=dg.AssetSelection.assets(watch.owners_told))
    context = dg.build_schedule_context(scheduled_execution_time=datetime(2026, 11, 13, 18, tzinfo=UTC))
    asked = watch_schedule(job)(context)
    assert isinstance(asked, dg.RunRequest)
    assert asked.run_config["resources"]["occasion"]["config"] == {"as_of": "2026-11-13"}


def test_status_names_the_missed_day_with_its_reason(home: Home) -> None:
    asked = ["--home", str(home.root), "--as-of"]
    assert "MISSED" not in CliRunner().invoke(status, [*asked, "2026-11-12"]).output
    told = CliRunner().invoke(status, [*asked, "2026-11-13"], catch_exceptions=False).output
    assert "MISSED  2026-Q3 was announced for 2026-11-12" in told


# --- the calendar ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "announced,is_taken", [("2026-10-14", True), ("2026-10-15", True), ("2026-10-16", False)]
)
def test_release_is_announced_28_days_before_its_day(home: Home, announced: str, is_taken: bool) -> None:
    path = home.root / "consortium.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("date = 2026-11-12", f"date = 2026-11-12\nannounced = {announced}"))
    if is_taken:
        config = read_config(path)
        assert config.releases[0].announced == date.fromisoformat(announced)
        path.write_text(render_config(config), encoding="utf-8")
        assert read_config(path) == config
    else:
        with pytest.raises(HomeError, match=r"HOM-011.*28 days after announced, 2026-11-13"):
            read_config(path)


@pytest.mark.parametrize("today", [date(2026, 9, 30), date(2026, 10, 1), date(2026, 12, 31)])
def test_calendar_of_a_new_home_is_announced_that_day_and_early_enough(today: date) -> None:
    settings = first_settings("Test", "Test", today)
    assert {entry.announced for entry in settings.releases} == {today}
