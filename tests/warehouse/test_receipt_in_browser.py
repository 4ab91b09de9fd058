"""A receipt's page in Chromium: no axe-core violation, no overflow on a phone, no script, no request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import NEEDS_CHROMIUM, started, violations, width_of
from tests.warehouse.conftest import Drop
from tests.warehouse.test_intake_journey import ANN, BEN, run, wage, wage_row
from tests.warehouse.test_receipts import NAME, again
from warehouse.home import Home
from warehouse.ledger import Ledger

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.xdist_group("browser")]


@pytest.fixture
def pages(home: Home, ledger: Ledger, drop: Drop) -> list[Path]:
    """A receipt in part, one compared with it, a refused file, one refused at the door with a long name."""
    drop(home, "F001", NAME, wage(wage_row(ANN, "x"), wage_row(BEN)))
    run(home, ledger)
    again(home, ledger, drop, wage(wage_row(ANN), wage_row(BEN, "x"), "1,2"))
    drop(home, "F001", "wage_2026Q2.csv", wage(wage_row(ANN)).replace(b"520", b"5\x002"))
    drop(home, "F001", f"{'wages' * 40}.csv")
    run(home, ledger)
    return sorted(home.outbox("F001").glob("*.html"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with started() as chromium:
        yield chromium


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_receipt_page_has_no_axe_violation_and_fits_a_phone(
    browser: Any, pages: list[Path], scheme: str
) -> None:
    assert len(pages) == 4
    for path in pages:
        asked: list[str] = []
        page = browser.new_page(viewport={"width": 320, "height": 900}, color_scheme=scheme)
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(path.as_uri())
        assert violations(page) == []
        assert width_of(page) <= 320
        assert page.evaluate("document.scripts.length") == 0
        assert asked == [path.as_uri()]
        page.close()
