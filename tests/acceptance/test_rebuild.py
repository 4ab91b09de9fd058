"""A published release comes out the same from its ledger head, whatever arrived after it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from tests.acceptance.conftest import Demo, bytes_of_releases, guildhall
from warehouse.home import Home
from warehouse.in_force import KINDS, submissions_in_force
from warehouse.intake.validate import validate_landed
from warehouse.lake import InForce, accepted_path
from warehouse.landing import LandingReport, land_pending
from warehouse.ledger import Ledger

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]
NAME = "2026-Q3/v1.0"


@pytest.fixture(scope="module")
def later(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy of the demo's home: after the release one wage file was corrected, another withdrawn."""
    root = tmp_path_factory.mktemp("later") / "home"
    shutil.copytree(demo.home.root, root)
    home = Home.open(root)
    with Ledger.open(home) as ledger:
        wages = [one for one in submissions_in_force(ledger.entries(*KINDS)) if one.contract == "wage"]
        corrected, withdrawn = (one for one in (wages[-1], wages[-2]))
        _correct(home, corrected)
        _say(home, withdrawn, {"submission_type": "WITHDRAWAL", "supersedes": withdrawn.submission_id})
        assert land_pending(home, ledger) == LandingReport(received=1, stated=1)
        assert validate_landed(home, ledger).accepted == corrected.accepted
        now = {one.submission_id for one in submissions_in_force(ledger.entries(*KINDS))}
    assert withdrawn.submission_id not in now
    assert corrected.submission_id in now
    return home


def _correct(home: Home, one: InForce) -> None:
    """Every row of the file again, with a dollar more."""
    rows = pq.read_table(accepted_path(home, one), partitioning=None)
    raised = [str(dollars + 1) for dollars in rows["gross_wages_usd"].to_pylist()]
    kept = rows.select(["learner_key", "key_epoch", "firm_id", "year_quarter"])
    said = {"gross_wages_usd": raised, "record_action": ["U"] * len(rows)}
    said |= {"correction_reason": ["KEYING"] * len(rows)}
    table = pa.table({**{name: kept[name] for name in kept.column_names}, **said})
    pacsv.write_csv(table, home.inbox(one.firm_id) / f"wage_{one.period}.csv")
    _say(home, one, {"submission_type": "CORRECTION", "supersedes": one.submission_id})


def _say(home: Home, one: InForce, words: dict[str, str]) -> None:
    path = home.inbox(one.firm_id) / f"wage_{one.period}.csv.manifest.json"
    path.write_text(json.dumps(words), encoding="utf-8")


@pytest.mark.fault("F15")
def test_release_comes_out_the_same_when_corrections_came_after_it(
    demo: Demo, later: Home, tmp_path: Path
) -> None:
    done = guildhall(
        "rebuild",
        "--home",
        str(later.root),
        "--release",
        NAME,
        "--into",
        str(tmp_path / "again"),
        check=False,
    )
    assert (done.returncode, done.stderr.count("error")) == (0, 0), done.stdout + done.stderr
    assert "comes out the same" in done.stdout
    published = demo.home.releases / NAME
    again = {path.name: path for path in (tmp_path / "again").iterdir()}
    assert again["manifest.json"].read_bytes() == (published / "manifest.json").read_bytes()
    assert again["report.html"].read_bytes() == (published / "report.html").read_bytes()
    assert "build" not in again
    assert bytes_of_releases(later) == bytes_of_releases(demo.home)


def test_rebuild_refuses_a_folder_that_holds_something(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    arguments = ["rebuild", "--home", str(demo.home.root), "--release", NAME, "--into", str(tmp_path)]
    done = guildhall(*arguments, check=False)
    assert (done.returncode, "BLD-011" in done.stderr) == (2, True)
    assert (tmp_path / "mine").read_text() == "kept"


def test_rebuild_names_the_releases_there_are_when_asked_for_another(demo: Demo, tmp_path: Path) -> None:
    arguments = [
        "rebuild",
        "--home",
        str(demo.home.root),
        "--release",
        "2031-Q1/v1.0",
        "--into",
        str(tmp_path),
    ]
    done = guildhall(*arguments, check=False)
    assert (done.returncode, NAME in done.stderr) == (2, True)
