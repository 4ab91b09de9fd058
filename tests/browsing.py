"""Chromium for tests: where it is, how it starts, and what is asked of every page. Tests belong elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("GUILDHALL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: run `make browser` or set GUILDHALL_CHROMIUM"),
]

REPORT_KINDS = (
    "report.html",
    "report/outcomes.html",
    "report/who-is-served-and-how-it-goes.html",
    "report/steering-the-fund.html",
    "report/definitions.html",
    "report/how-to-read-the-figures.html",
    "report/summary.html",
)
"""A page of each kind: page one, chapters with parts, most charts, of tables, of words; the summary."""

PAPER = 680
"""How wide a sheet's text is in CSS pixels: A4 between margins of 15 mm."""

_FIGURES = """[...document.querySelectorAll('figure')].map(f => {
    const images = f.querySelectorAll('[role=img]');
    const named = images.length === 1 && images[0].getAttribute('aria-labelledby').split(' ')
        .every(id => document.getElementById(id)?.textContent.trim());
    return named && f.querySelectorAll('table').length === 1;
})"""


@contextmanager
def started() -> Iterator[Any]:
    """A headless Chromium."""
    with playwright_api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def violations(page: Any) -> list[str]:
    """What axe-core objects to on the page."""
    found = axe.Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]


def figures_are_named(page: Any) -> list[bool]:
    """For each figure, whether it has exactly one image with a name, and the table of its data."""
    found: list[bool] = page.evaluate(_FIGURES)
    return found


def width_of(page: Any) -> int:
    """How wide the page's content is, in CSS pixels."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width
