"""The report in Chromium: no axe-core violation, no overflow, no request to anybody, no console message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reports.disclosure.policy import Policy
from reports.facts import ReleaseFacts
from reports.rendering import render_report
from reports.tables import publish_tables
from tests.browsing import (
    NEEDS_CHROMIUM,
    PAPER,
    REPORT_KINDS,
    figures_are_named,
    started,
    violations,
    width_of,
)

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with started() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def report(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _written(tmp_path_factory.mktemp("report"), {name: page.encode() for name, page in pages.items()})


def _written(folder: Path, files: Mapping[str, bytes]) -> Path:
    (folder / "report").mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def _pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


@pytest.fixture
def withheld(marts: dict[str, pd.DataFrame], board: Policy, facts: ReleaseFacts, tmp_path: Path) -> Path:
    for name in ("agg_outcome_contributors", "agg_unit_cost_contributors", "agg_fund_contributors"):
        marts[name]["parent_group_id"] = "one owner"
    return _written(tmp_path, render_report(publish_tables(marts, board, facts).frames(), facts))


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_kind_of_page_has_an_axe_violation(browser: Any, report: Path, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    for name in (*REPORT_KINDS, "report/program-P1.html"):
        page.goto((report / name).as_uri())
        assert violations(page) == [], name
    page.close()


def test_no_page_has_an_axe_violation_when_outcomes_are_withheld(browser: Any, withheld: Path) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    for name in (*REPORT_KINDS, "report/program-P1.html"):
        page.goto((withheld / name).as_uri())
        assert violations(page) == [], name
    page.close()


def test_no_page_overflows_on_a_sheet_of_paper(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": PAPER, "height": 900})
    page.emulate_media(media="print")
    for path in _pages(report):
        page.goto(path.as_uri())
        assert width_of(page) <= PAPER, path.name
    page.close()


def test_no_page_overflows_on_a_phone(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    for path in _pages(report):
        page.goto(path.as_uri())
        assert width_of(page) <= 320, path.name
        assert page.evaluate(
            "[...document.querySelectorAll('svg')].every(s => s.getBoundingClientRect().right <= 320)"
        )
    page.close()


def test_chart_text_is_readable_at_320_pixels(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.goto((report / "report" / "outcomes.html").as_uri())
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('svg')].map(s =>"
        " s.getBoundingClientRect().width / s.viewBox.baseVal.width * 11.5))"
    )
    assert smallest >= 9
    page.close()


def test_every_figure_has_one_image_with_a_name_and_a_table(browser: Any, report: Path) -> None:
    page = browser.new_page()
    figures: list[bool] = []
    for path in _pages(report):
        page.goto(path.as_uri())
        figures += figures_are_named(page)
    assert len(figures) >= 8
    assert all(figures)
    page.close()


def test_pages_ask_for_their_style_only_and_say_nothing_on_the_console(browser: Any, report: Path) -> None:
    page = browser.new_page()
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    for path in _pages(report):
        page.goto(path.as_uri())
    style = (report / "report" / "style.css").as_uri()
    assert set(requests) == {style, *(path.as_uri() for path in _pages(report))}
    assert messages == []
    page.close()


def test_keyboard_goes_past_the_head_and_on_to_the_next_chapter(browser: Any, report: Path) -> None:
    page = browser.new_page()
    page.goto((report / "report" / "outcomes.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.goto((report / "report.html").as_uri())
    stops = []
    for _ in range(3):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert stops[:2] == ["#content", "report/outcomes.html"]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{stops[2]}")
    page.close()
