"""S05: until its announced day a release is not made, so there is nothing of it that anybody could read."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.errors import ReleaseError
from orchestration.assets import publication
from orchestration.cli.rebuild_command import command
from orchestration.definitions import build_defs
from orchestration.job_names import JOURNEY, PREPARATION
from orchestration.resources import Occasion
from warehouse import releases
from warehouse.home import Home


@pytest.mark.fault("S05")
@pytest.mark.parametrize(
    ("day", "is_due"), [("2026-11-11", False), ("2026-11-12", True), ("2026-11-13", True)]
)
def test_release_is_made_from_its_day_on_and_not_before(home: Home, day: str, is_due: bool) -> None:
    assert (Occasion(as_of=day).edition(home) is not None) is is_due


@pytest.mark.fault("S05")
def test_run_before_the_day_has_no_step_that_publishes(home: Home) -> None:
    definitions = build_defs(home)
    groups = {
        name: {
            definitions.resolve_asset_graph().get(key).group_name
            for key in definitions.resolve_job_def(name).asset_layer.executable_asset_keys
        }
        for name in (JOURNEY, PREPARATION)
    }
    assert publication.GROUP in groups[JOURNEY]
    assert publication.GROUP not in groups[PREPARATION]


@pytest.mark.fault("S05")
def test_who_asks_for_a_release_before_its_day_is_refused(home: Home, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="REL-003"):
        releases.read_release(home, "2026-Q3")
    asked = ["--home", str(home.root), "--release", "2026-Q3/v1.0", "--into", str(tmp_path / "early")]
    assert "REL-003" in str(CliRunner().invoke(command, asked).exception)
    assert not (tmp_path / "early").exists()
    assert not list(home.releases.iterdir())
