"""Take the README's pictures of a home's newest report: ``make screenshots``."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.browsing import started
from warehouse import releases
from warehouse.home import Home


@dataclass(frozen=True)
class Picture:
    """The top of a page of the report, as wide and as high as it is shown."""

    name: str
    page: str
    width: int
    height: int


PICTURES = (
    Picture("report.png", "report.html", 1160, 1560),
    Picture("report-phone.png", "report.html", 360, 760),
    Picture("report-chapter.png", "report/outcomes.html", 1160, 2080),
    Picture("report-program.png", "report/program-ITS.html", 1160, 1880),
)


def take(home: Home, folder: Path) -> None:
    """Write each picture into ``folder``, and the first page of the PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    root = releases.read_release(home).root
    with started() as chromium:
        for picture in PICTURES:
            page = chromium.new_page(viewport={"width": picture.width, "height": picture.height})
            page.goto((root / picture.page).as_uri())
            page.screenshot(path=folder / picture.name)
            page.close()
    first = ["pdftoppm", "-png", "-r", "70", "-f", "1", "-l", "1", "-singlefile"]
    subprocess.run([*first, root / "report.pdf", folder / "report-pdf"], check=True)


if __name__ == "__main__":
    take(Home.open(Path(sys.argv[1])), Path(sys.argv[2]))
