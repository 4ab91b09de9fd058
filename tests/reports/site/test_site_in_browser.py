"""The site in Chromium, from its folder: no axe-core violation, no overflow, a search that finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reports.door.shelf import Shelf
from reports.site.pages import Site
from reports.site.writing import write_site
from tests.browsing import NEEDS_CHROMIUM, started, violations, width_of
from warehouse.home import Home

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.xdist_group("browser")]

OF_TABLES = ("dictionary/outcomes_by_program", "dictionary/withheld")
KINDS = ("index", "tables", "calendar", "revisions", "method", *OF_TABLES)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with started() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def site(published_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "site"
    volumes = Shelf(published_home, lambda: date(2026, 11, 13)).volumes()
    write_site(Site(published_home.config, volumes), out)
    return out


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_site_has_an_axe_violation_or_overflows(
    browser: Any, site: Path, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    for kind in KINDS:
        page.goto((site / f"{kind}.html").as_uri())
        assert violations(page) == [], kind
        assert width_of(page) <= width, kind
    page.close()


def test_search_narrows_the_tables_and_says_how_many_are_left(browser: Any, site: Path) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto((site / "tables.html").as_uri())
    every = page.locator("#tables > li:visible").count()
    page.get_by_role("searchbox").fill("OUTCOMES program")
    names = page.locator("#tables > li:visible h2").all_text_contents()
    assert "outcomes_by_program" in names
    assert 0 < len(names) < every
    assert page.get_by_role("status").text_content() == f"{len(names)} of {every} tables"
    page.get_by_role("searchbox").fill("no such table")
    assert page.locator("#tables > li:visible").count() == 0
    assert said == []
    page.close()


def test_tables_are_listed_and_latest_is_reached_without_a_script(browser: Any, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "tables.html").as_uri())
    assert page.locator("#tables > li:visible").count() > 20
    assert page.locator("#search:visible").count() == 0
    page.goto((site / "latest" / "index.html").as_uri())
    page.wait_for_url("**/releases/2026-Q3/v1.0/report.html")
    context.close()
