"""S05: where approval is required, the due day's run stages the release, and no reader reaches it."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.assets import publication
from orchestration.cli.query_command import command as query
from orchestration.cli.site_command import command as site
from orchestration.resources import HomeResource, Occasion
from reports.door.shelf import Shelf
from tests.warehouse.test_releases import fund, words
from warehouse import builds, releases
from warehouse.approving import Approver, approve, waiting
from warehouse.config import CalendarEntry, Consortium, ConsortiumConfig, PublicationRules
from warehouse.duck import connect
from warehouse.home import Home, init_home
from warehouse.keys import make_keys
from warehouse.ledger import PUBLISHED, Ledger

DAY = date(2026, 11, 12)
ADA = "Ada Byron"


@pytest.fixture
def ada(tmp_path: Path) -> Approver:
    make_keys(tmp_path / "ada.key", tmp_path / "ada.pub")
    return Approver(ADA, tmp_path / "ada.key")


@pytest.fixture
def home(tmp_path: Path, ada: Approver) -> Home:
    rules = PublicationRules(approval="required", approvers={ADA: str(ada.key.with_suffix(".pub"))})
    config = ConsortiumConfig(
        consortium=Consortium(id="test", name="Test", region="Test"),
        releases=(CalendarEntry(period="2026-Q3", date=DAY),),
        publication=rules,
    )
    made = init_home(tmp_path / "home", config)
    with Ledger.open(made) as ledger:
        build = builds.begin_build(made, ledger, basis=str(time.time_ns()))
    with connect(build.under_construction) as con:
        con.execute("CREATE TABLE agg_outcomes AS SELECT 1 AS one")
    builds.finish_build(build)
    return made


@pytest.mark.fault("S05")
def test_due_days_run_stages_what_nobody_reads_before_it_is_approved(
    home: Home, ada: Approver, tmp_path: Path
) -> None:
    staging = releases.stage_release(home, "2026-Q3")
    releases.write_tables(staging, {"fund_ledger": fund()}, {"fund_ledger": words(fund())})
    releases.write_files(staging, {"report.html": b"<title>Fund</title>"})
    at, occasion = HomeResource(path=str(home.root)), Occasion(as_of="2026-11-12")
    (output,) = publication.release(home=at, occasion=occasion)
    assert output.metadata["waits_for_approval"].value == "2026-Q3/v1.0"
    assert publication.release_verifies(home=at).passed
    assert not list(home.releases.iterdir())
    assert Shelf(home, lambda: date(2027, 1, 1)).volumes() == []
    asked = ["SELECT 1", "--home", str(home.root), "--release", "2026-Q3"]
    assert "REL-003" in str(CliRunner().invoke(query, asked).exception)
    written = ["--home", str(home.root), "--out", str(tmp_path / "site"), "--as-of", "2027-01-01"]
    assert ", 0 releases:" in CliRunner().invoke(site, written, catch_exceptions=False).output
    assert occasion.edition(home) is None
    with Ledger.open(home) as ledger:
        assert [one.name for one in waiting(home, ledger)] == ["2026-Q3/v1.0"]
        assert not list(ledger.entries(PUBLISHED))
        approve(home, ledger, "2026-Q3", ada, DAY)
    assert releases.read_release(home, "2026-Q3").version == "v1.0"
    assert publication.release_verifies(home=at).passed
    assert occasion.edition(home) is None, "the next run finds nothing due"
