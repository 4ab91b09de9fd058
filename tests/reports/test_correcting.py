"""A correction that changes nothing, or gives no reason, is refused before anything is published."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.errors import ReleaseError
from orchestration.cli.correct_command import command
from orchestration.publishing import write_corrections
from reports.document import Table
from reports.facts import ReleaseFacts
from reports.measures import measure
from reports.report import impact_report
from reports.revisions import (
    CORRECTIONS,
    KEPT_BACK,
    affected_cells,
    changed_and_kept,
    read_affected,
    with_kept_back,
)
from reports.tables import Publication
from tests.reports.releasing import tables_of
from warehouse import releases
from warehouse.editions import Correction, Wrong
from warehouse.home import Home

ON = date(2026, 11, 29)


@pytest.fixture
def home(published_home: Home, tmp_path: Path) -> Home:
    return Home.open(Path(shutil.copytree(published_home.root, tmp_path / "home")))


@pytest.mark.parametrize("is_other", [False, True])
def test_correction_is_refused_when_no_published_cell_would_differ(
    home: Home, publication: Publication, is_other: bool
) -> None:
    edition = Wrong("2026-Q3", "Nothing was wrong at all.", "the operator").edition(home, ON)
    assert edition.correction is not None
    frames, comments = tables_of(publication)
    if is_other:
        rows = frames["outcomes_consortium"]
        rows.loc[rows.index[rows["value"].notna()][0], "value"] = 0.5
    staging = releases.stage_release(home, edition.period, edition.version)
    releases.write_tables(staging, frames, comments)
    if is_other:
        write_corrections(home, edition, staging)
        assert len(read_affected((staging.root / CORRECTIONS).read_bytes())) == 1
        return
    with pytest.raises(ReleaseError, match="REL-042"):
        write_corrections(home, edition, staging)
    assert not staging.root.exists()


def test_correction_lists_what_it_keeps_back_by_measure_and_nothing_more(
    home: Home, publication: Publication
) -> None:
    edition = Wrong("2026-Q3", "Pay of one quarter was keyed wrong.", "the operator").edition(home, ON)
    frames, comments = tables_of(publication)
    rows = frames["outcomes_consortium"]
    rows.loc[rows.index[rows["value"].notna()][0], "value"] = 0.5
    staging = releases.stage_release(home, edition.period, edition.version)
    releases.write_tables(staging, frames, comments)
    write_corrections(home, edition, staging, [("fund_ledger", "fund_closing")])
    changed, kept = changed_and_kept(read_affected((staging.root / CORRECTIONS).read_bytes()))
    assert len(changed) == 1
    said = {name: value for name, value in kept.iloc[0].items() if value}
    assert said == {"table_name": "fund_ledger", "metric_id": "fund_closing", "differs": KEPT_BACK}


def test_refusal_names_the_measures_when_every_change_has_to_wait(
    home: Home, publication: Publication
) -> None:
    edition = Wrong("2026-Q3", "Pay of one quarter was keyed wrong.", "the operator").edition(home, ON)
    staging = releases.stage_release(home, edition.period, edition.version)
    releases.write_tables(staging, *tables_of(publication))
    with pytest.raises(ReleaseError, match=r"REL-042[\s\S]*fund_closing"):
        write_corrections(home, edition, staging, [("fund_ledger", "fund_closing")])


def test_report_of_a_correction_says_what_it_keeps_back(
    publication: Publication, make_facts: Callable[..., ReleaseFacts]
) -> None:
    frames = publication.frames()
    rows = with_kept_back(affected_cells({}, {}), [("fund_ledger", "fund_closing")])
    correction = Correction("v1.0", "Pay was keyed wrong.", "the operator", ON)
    facts = make_facts(version="v1.1", correction=correction, affected=rows)
    report = impact_report(frames, facts, frames)
    assert any("still read as in v1.0" in line for line in report.restated)
    (revisions,) = (one for one in report.chapters if one.chapter_id == "revisions")
    tables = [block for one in revisions.sections for block in one.blocks if isinstance(block, Table)]
    assert [(one.header, one.rows) for one in tables if one.table_id == "kept-back"] == [
        (("Measure", "Table"), ((measure("fund_closing").title, "fund ledger"),))
    ]


def test_command_refuses_a_correction_without_a_reason_and_takes_nothing(home: Home) -> None:
    asked = ["--home", str(home.root), "--release", "2026-Q3", "--reason", " ", "--by", "the operator"]
    assert "REL-040" in str(CliRunner().invoke(command, asked).exception)
    assert not list(home.builds.glob("b*"))
    assert [one.version for one in releases.all_releases(home)] == ["v1.0"]
