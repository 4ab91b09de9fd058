"""Take the README's pictures of a home's newest report: ``make screenshots``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browsing import started
from warehouse import releases
from warehouse.home import Home

PAGE_ONE = {"x": 0, "y": 0, "width": 1000, "height": 1320}


def take(home: Home, folder: Path) -> None:
    """Write ``report.png`` (page one at 1000 px) and ``report-phone.png`` (the top at 360 px)."""
    folder.mkdir(parents=True, exist_ok=True)
    address = releases.read_release(home).report.as_uri()
    with started() as chromium:
        page = chromium.new_page(viewport={"width": 1000, "height": 1320})
        page.goto(address)
        page.screenshot(path=folder / "report.png", clip=PAGE_ONE)
        phone = chromium.new_page(viewport={"width": 360, "height": 760})
        phone.goto(address)
        phone.screenshot(path=folder / "report-phone.png")


if __name__ == "__main__":
    take(Home.open(Path(sys.argv[1])), Path(sys.argv[2]))
