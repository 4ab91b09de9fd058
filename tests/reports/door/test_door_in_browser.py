"""The door in Chromium: no violations; from question to chart to shared link by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsing import NEEDS_CHROMIUM, started, violations, width_of

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.xdist_group("browser")]

SQL = "SELECT about, value, low, high FROM figures WHERE table_name = 'outcomes_by_program' LIMIT 5"
PAGES = (
    "/",
    "/tables",
    "/hidden",
    "/sql",
    "/sql?chart=on&sql=SELECT+about,+value+FROM+figures+LIMIT+9",
    "/sql?sql=SELECT+x",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with started() as chromium:
        yield chromium


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_no_axe_violation(browser: Any, address: str, path: str, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1100, "height": 900}, color_scheme=scheme)
    page.goto(address + path)
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_does_not_overflow_at_320_pixels(browser: Any, address: str, path: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.goto(address + path)
    assert width_of(page) <= 320
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_asks_nobody_else_and_says_nothing_on_the_console(browser: Any, address: str, path: str) -> None:
    page = browser.new_page()
    elsewhere: list[str] = []
    messages: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((address, "data:")) else elsewhere.append(r.url))
    page.on("console", lambda message: messages.append(message.text))
    page.goto(address + path)
    assert elsewhere == []
    assert [text for text in messages if "404" not in text and "400" not in text] == []
    page.close()


def test_question_to_chart_to_shared_link_by_keyboard_alone(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/sql")
    _tab_to(page, "#question")
    page.keyboard.type(SQL)
    _tab_to(page, "input[name=chart]")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert page.evaluate("document.activeElement.id") == "answer-title"
    assert page.locator("figure svg[role=img]").count() == 1
    rows = page.locator("main table.numbers tbody tr").count()
    shared = page.url
    other = browser.new_page()
    other.goto(shared)
    assert "release=2026-Q3" in shared
    assert other.locator("main table.numbers tbody tr").count() == rows == 5
    page.close()
    other.close()


def test_column_is_put_into_the_question_by_keyboard(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/sql?sql=SELECT+1")
    page.locator(".schema summary").first.press("Enter")
    page.locator(".schema [data-insert]").first.press("Enter")
    assert page.evaluate("document.activeElement.id") == "question"
    assert page.locator("#question").input_value() != "SELECT 1"
    page.close()


def _tab_to(page: Any, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(30):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached by keyboard")
