"""The sample region's report as its readers meet it: in a browser, at every width, in both schemes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.conftest import Demo
from tests.browsing import (
    NEEDS_CHROMIUM,
    PAPER,
    REPORT_KINDS,
    figures_are_named,
    started,
    violations,
    width_of,
)
from warehouse import releases

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.slow, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with started() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def addresses(demo: Demo) -> list[str]:
    root = releases.read_release(demo.home).root
    return [path.as_uri() for path in (root / "report.html", *sorted((root / "report").glob("*.html")))]


def test_every_page_of_the_report_is_small(demo: Demo) -> None:
    root = releases.read_release(demo.home).root
    style = (root / "report" / "style.css").stat().st_size
    pages = [root / "report.html", *(root / "report").glob("*.html")]
    assert len(pages) >= 12
    assert [page.name for page in pages if page.stat().st_size + style > 150_000] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_kind_of_page_has_an_axe_violation(browser: Any, demo: Demo, width: int, scheme: str) -> None:
    root = releases.read_release(demo.home).root
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    for name in REPORT_KINDS:
        page.goto((root / name).as_uri())
        assert violations(page) == [], name
    page.close()


@pytest.mark.parametrize("media,width", [("screen", 320), ("screen", 1280), ("print", PAPER)])
def test_no_page_of_the_report_overflows(browser: Any, addresses: list[str], media: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.emulate_media(media=media)
    for address in addresses:
        page.goto(address)
        assert width_of(page) <= width, address
    page.close()


def test_every_figure_of_the_report_is_named_and_has_its_table(browser: Any, addresses: list[str]) -> None:
    page = browser.new_page()
    figures: list[bool] = []
    for address in addresses:
        page.goto(address)
        figures += figures_are_named(page)
    assert len(figures) >= 8
    assert all(figures)
    page.close()
