"""A correction that changes nothing, or gives no reason, is refused before anything is published."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.errors import ReleaseError
from orchestration.cli.correct_command import command
from orchestration.publishing import write_corrections
from reports.revisions import CORRECTIONS, read_affected
from reports.tables import Publication
from tests.reports.releasing import tables_of
from warehouse import releases
from warehouse.editions import Wrong
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


def test_command_refuses_a_correction_without_a_reason_and_takes_nothing(home: Home) -> None:
    asked = ["--home", str(home.root), "--release", "2026-Q3", "--reason", " ", "--by", "the operator"]
    assert "REL-040" in str(CliRunner().invoke(command, asked).exception)
    assert not list(home.builds.glob("b*"))
    assert [one.version for one in releases.all_releases(home)] == ["v1.0"]
