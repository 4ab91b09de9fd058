"""The site: whole, linked, the same each time, nothing before its day; revisions found; shown at the door."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from posixpath import dirname, join, normpath

import pandas as pd
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from contracts.errors import ReleaseError
from orchestration.cli.site_command import command
from reports.door.app import Settings, make_app
from reports.door.shelf import Shelf
from reports.facts import ReleaseFacts
from reports.measures import measure
from reports.revisions import affected_cells, revised_cells, with_kept_back
from reports.site.pages import Site, site_pages
from reports.site.writing import write_site
from reports.tables import Publication
from tests.reports.releasing import publish, tables_of
from warehouse.editions import Correction
from warehouse.home import Home

DAY_AFTER = date(2026, 11, 13)


def _site(home: Home, today: date = DAY_AFTER) -> Site:
    return Site(home.config, Shelf(home, lambda: today).volumes())


@pytest.fixture(scope="module")
def written(published_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "site"
    write_site(_site(published_home), out)
    return out


def _bytes(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _pages(folder: Path) -> dict[str, str]:
    """The site's own pages, without those of releases."""
    found = [path for path in folder.rglob("*.html") if "releases" not in path.relative_to(folder).parts]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(found)}


def test_every_link_of_the_site_leads_to_a_file_of_the_site(written: Path) -> None:
    pages = _pages(written)
    assert len(pages) > 30
    for name, page in pages.items():
        for link in re.findall(r"""(?:src|href)=["'](?!data:)([^"'#]+)|url=([^"]+)""", page):
            assert (written / normpath(join(dirname(name), "".join(link)))).is_file(), (name, link)


def test_every_page_of_the_site_is_small_and_asks_nothing_of_anybody(written: Path) -> None:
    for name, page in _pages(written).items():
        assert len(page.encode()) <= 150_000, name
        assert "http" not in page.replace("http-equiv", ""), name
        assert page.count("<script") == (name == "tables.html"), name


def test_releases_lie_in_the_site_byte_for_byte(written: Path, published_home: Home) -> None:
    root = published_home.releases / "2026-Q3" / "v1.0"
    copy = written / "releases" / "2026-Q3" / "v1.0"
    assert _bytes(copy) == _bytes(root)


def test_latest_leads_to_the_newest_report(written: Path) -> None:
    for name in ("index.html", "report.html"):
        page = (written / "latest" / name).read_text(encoding="utf-8")
        assert 'content="0; url=../releases/2026-Q3/v1.0/report.html"' in page


def test_index_leads_to_the_summary_in_plain_words(written: Path) -> None:
    index = (written / "index.html").read_text(encoding="utf-8")
    address = "releases/2026-Q3/v1.0/report/summary.html"
    assert index.count(f'href="{address}"') == 2
    assert (written / address).is_file()


def test_dictionary_has_every_column_of_every_table_in_words(written: Path, published_home: Home) -> None:
    newest = _site(published_home).newest
    assert newest is not None
    for name in newest.tables:
        page = (written / "dictionary" / f"{name}.html").read_text(encoding="utf-8")
        for column in newest.catalog.tables[name].columns:
            assert f"<code>{column.name}</code>" in page
            assert column.words


def test_names_from_the_configuration_are_escaped(written: Path) -> None:
    page = (written / "index.html").read_text(encoding="utf-8")
    assert "Three Rivers &amp; Hills" in page
    assert "Three &lt;Rivers&gt;" in page


def test_nothing_of_a_release_is_shown_before_its_day(published_home: Home, tmp_path: Path) -> None:
    write_site(_site(published_home, date(2026, 11, 11)), tmp_path / "site")
    assert not (tmp_path / "site" / "releases").exists()
    pages = _pages(tmp_path / "site")
    assert "No release is public yet" in pages["index.html"]
    assert re.search(r"2026-Q3</th><td>November 12, 2026</td><td>Announced", pages["calendar.html"])


def test_second_writing_takes_away_what_is_no_longer_there(published_home: Home, tmp_path: Path) -> None:
    out = tmp_path / "site"
    write_site(_site(published_home), out)
    before = _bytes(out)
    write_site(_site(published_home), out)
    assert _bytes(out) == before
    write_site(_site(published_home, date(2026, 11, 11)), out)
    assert list((out / "dictionary").iterdir()) == []


def test_folder_of_somebody_elses_is_not_written_into(published_home: Home, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ReleaseError, match="REL-031"):
        write_site(_site(published_home), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_command_writes_the_site_and_says_where(published_home: Home, tmp_path: Path) -> None:
    options = ["--home", str(published_home.root), "--out", str(tmp_path / "s"), "--as-of", "2026-11-13"]
    told = CliRunner().invoke(command, options, catch_exceptions=False)
    assert "1 releases" in told.output
    assert (tmp_path / "s" / "index.html").is_file()


def test_door_shows_the_same_pages(published_home: Home) -> None:
    app = make_app(published_home, Settings(today=lambda: DAY_AFTER))
    with TestClient(app) as door:
        for name, content in site_pages(_site(published_home)).items():
            if not name.startswith("latest/"):
                answer = door.get(f"/{name}")
                assert (answer.status_code, answer.content) == (200, content), name
        bundle = door.get("/releases/2026-Q3/v1.0/tables/outcomes_by_area.zip")
        assert bundle.headers["content-type"] == "application/zip"
        assert door.get("/site.json").status_code == 404


# --- revisions ---------------------------------------------------------------------------------------


def _cohorts(publication: Publication) -> pd.DataFrame:
    return publication.frames()["outcomes_by_cohort"]


def test_revision_is_a_cell_that_both_show_and_that_differs(publication: Publication) -> None:
    before, after = _cohorts(publication), _cohorts(publication)
    shown = after.index[after["value"].notna() & (after["unit"] == "share")]
    after.loc[shown[0], "value"] = 0.123
    after.loc[shown[1], "value_status"] = 5
    found = revised_cells({"outcomes_by_cohort": before}, {"outcomes_by_cohort": after})
    assert list(found["table_name"]) == ["outcomes_by_cohort"] * 2
    assert set(found["after"]) >= {"0.123"}
    assert set(found["status_after"]) == {"1", "5"}


def test_nothing_is_revised_when_nothing_differs_or_the_cell_is_another(publication: Publication) -> None:
    before, after = _cohorts(publication), _cohorts(publication)
    assert revised_cells({"t": before}, {"t": after}).empty
    after["cohort_end"] = "2031Q1"
    after["value"] = 0.5
    assert revised_cells({"t": before}, {"t": after}).empty
    twins = pd.concat([before.head(1), before.head(1).assign(value=0.5)])
    assert revised_cells({"t": twins}, {"t": twins}).empty
    assert revised_cells({"words": before[["label"]]}, {"words": after[["label"]]}).empty


def test_site_lists_revisions_between_releases(
    published_home: Home,
    publication: Publication,
    make_facts: Callable[..., ReleaseFacts],
    tmp_path: Path,
) -> None:
    home = Home.open(Path(shutil.copytree(published_home.root, tmp_path / "home")))
    frames, comments = tables_of(publication)
    revised = frames["outcomes_by_cohort"]
    place = revised.index[revised["value"].notna() & (revised["unit"] == "share")][0]
    revised.loc[place, "value"] = 0.123
    facts = make_facts(period="2026-Q4", release_id="demo-2026-Q4-v1.0")
    publish(home, (frames, comments), facts, date(2027, 2, 12))
    pages = site_pages(_site(home, date(2027, 2, 13)))
    page = pages["revisions.html"].decode()
    assert "2026-Q4 against 2026-Q3" in page
    assert "1 cells were revised" in page
    assert "<td>0.123</td>" in page
    assert pages["revisions.csv"].decode().count("\n") == 2
    assert ',scheduled revision,"Late and corrected files' in pages["revisions.csv"].decode()
    assert [one.is_correction for one in _site(home, date(2027, 2, 13)).revisions] == [False]
    assert "releases/2026-Q4/v1.0/report.html" in pages["latest/index.html"].decode()
    assert "releases/2026-Q3/v1.0/report.html" in pages["index.html"].decode()


def test_correction_lists_every_cell_that_was_changed_added_or_taken_away(publication: Publication) -> None:
    before, after = _cohorts(publication), _cohorts(publication)
    shown = after.index[after["value"].notna() & (after["unit"] == "share")]
    after.loc[shown[0], "value"] = 0.123
    after.loc[shown[1], "value_lower"] = 0.001
    after = after.drop(index=shown[2])
    words = publication.frames()["metric_definitions"]
    tables = [{"outcomes_by_cohort": one, "metric_definitions": words} for one in (before, after)]
    found = affected_cells(*tables).set_index("differs")
    assert set(found.index) == {"value", "value_lower", "taken away"}
    assert found.loc["value", "after"] == "0.123"
    assert (found.loc["taken away", "before"] != "", found.loc["taken away", "after"]) == (True, "")
    tables[1]["metric_definitions"] = words.iloc[1:]
    assert list(affected_cells(*tables)["differs"]).count("rows") == 1
    assert affected_cells(tables[0], tables[0]).empty


def test_site_shows_a_correction_with_its_reason_from_its_day_on(
    published_home: Home,
    publication: Publication,
    make_facts: Callable[..., ReleaseFacts],
    tmp_path: Path,
) -> None:
    home = Home.open(Path(shutil.copytree(published_home.root, tmp_path / "home")))
    frames, comments = tables_of(publication)
    before = {name: frame.copy() for name, frame in frames.items()}
    revised = frames["outcomes_by_cohort"]
    revised.loc[revised.index[revised["value"].notna() & (revised["unit"] == "share")][0], "value"] = 0.123
    on = date(2026, 11, 29)
    correction = Correction("v1.0", "One <program> was counted twice.", "the operator", on)
    facts = make_facts(version="v1.1", release_id="demo-2026-Q3-v1.1", correction=correction)
    made = publish(
        home,
        (frames, comments),
        replace(
            facts, affected=with_kept_back(affected_cells(before, frames), [("fund_ledger", "fund_closing")])
        ),
        facts.published_on,
    )
    site = _site(home, on)
    assert [one.is_correction for one in site.revisions] == [True]
    pages = site_pages(site)
    page = pages["revisions.html"].decode()
    assert "2026-Q3 v1.1 corrects v1.0" in page
    assert "One &lt;program&gt; was counted twice." in page
    corrected, kept = pages["revisions.csv"].decode().splitlines()[1:]
    assert ",correction,One <program> was counted twice." in corrected
    assert kept.startswith("fund_ledger,fund_closing,,")
    assert ",kept back,One <program> was counted twice." in kept
    assert f"<li>{measure('fund_closing').title} (fund ledger)</li>" in page
    own = (made.root / "report" / "revisions.html").read_text(encoding="utf-8")
    assert "One &lt;program&gt; was counted twice." in own
    assert ">12%<" in own
    assert "Corrected" in made.report.read_text(encoding="utf-8")
    assert "releases/2026-Q3/v1.0/report.html" in pages["index.html"].decode()
    assert "v1.1" not in site_pages(_site(home, DAY_AFTER))["index.html"].decode()
