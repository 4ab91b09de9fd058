"""The page in Chromium: no axe-core violation, no overflow, no request, no console message."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reports.disclosure.policy import Policy
from reports.facts import ReleaseFacts
from reports.page import render_report
from reports.tables import publish_tables
from tests.browsing import NEEDS_CHROMIUM, figures_are_named, started, violations, width_of

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with started() as chromium:
        yield chromium


@pytest.fixture
def html(page: str, tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture
def withheld_html(marts: dict[str, pd.DataFrame], board: Policy, facts: ReleaseFacts, tmp_path: Path) -> Path:
    for name in ("agg_outcome_contributors", "agg_unit_cost_contributors", "agg_fund_contributors"):
        marts[name]["parent_group_id"] = "one owner"
    path = tmp_path / "withheld.html"
    path.write_text(render_report(publish_tables(marts, board, facts).frames(), facts), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_no_axe_violation(browser: Any, html: Path, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(html.as_uri())
    assert violations(page) == []
    page.close()


def test_page_has_no_axe_violation_when_everything_is_withheld(browser: Any, withheld_html: Path) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.goto(withheld_html.as_uri())
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_page_does_not_overflow_at_320_pixels(browser: Any, html: Path, medium: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.emulate_media(media=medium)
    page.goto(html.as_uri())
    assert width_of(page) <= (320 if medium == "screen" else 720)
    assert page.evaluate(
        "[...document.querySelectorAll('svg')].every(s => s.getBoundingClientRect().right <= 320)"
    )
    page.close()


def test_chart_text_is_readable_at_320_pixels(browser: Any, html: Path) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.goto(html.as_uri())
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('svg')].map(s =>"
        " s.getBoundingClientRect().width / s.viewBox.baseVal.width * 11.5))"
    )
    assert smallest >= 9
    page.close()


def test_every_figure_has_one_image_with_a_name_and_a_table(browser: Any, html: Path) -> None:
    page = browser.new_page()
    page.goto(html.as_uri())
    figures = figures_are_named(page)
    assert len(figures) >= 8
    assert all(figures)
    page.close()


def test_page_asks_for_nothing_and_says_nothing_on_the_console(browser: Any, html: Path) -> None:
    page = browser.new_page()
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.goto(html.as_uri())
    assert requests == [html.as_uri()]
    assert messages == []
    page.close()


def test_skip_link_is_the_first_stop_and_reaches_the_report(browser: Any, html: Path) -> None:
    page = browser.new_page()
    page.goto(html.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()
