"""Take the README's pictures of a home's newest report and of one member's pages: ``make screenshots``."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orchestration.scorecards import Wish, make_scorecards
from tests.browsing import started
from warehouse import releases
from warehouse.home import Home


@dataclass(frozen=True)
class Picture:
    """The top of a page, as wide and as high as it is shown."""

    name: str
    page: str
    width: int
    height: int


PICTURES = (
    Picture("report.png", "report.html", 1160, 1560),
    Picture("report-phone.png", "report.html", 360, 760),
    Picture("report-chapter.png", "report/outcomes.html", 1160, 2080),
    Picture("summary.png", "report/summary.html", 1160, 1560),
    Picture("report-program.png", "report/program-ITS.html", 1160, 1880),
)

FIRM = "F001"
OF_A_MEMBER = (
    Picture("scorecard.png", "scorecard-*.html", 1160, 1760),
    Picture("fund-statement.png", "fund-statement-*.html", 1160, 1500),
)


def take(home: Home, folder: Path) -> None:
    """Write each picture into ``folder``, and the first page of the PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    root = releases.read_release(home).root
    with started() as chromium, TemporaryDirectory() as made:
        make_scorecards(home, Wish(firms=(FIRM,), out=Path(made)), lambda _done, _total: None)
        for place, pictures in ((root, PICTURES), (Path(made) / FIRM, OF_A_MEMBER)):
            for picture in pictures:
                _shoot(chromium, next(place.glob(picture.page)), picture, folder)
    first = ["pdftoppm", "-png", "-r", "70", "-f", "1", "-l", "1", "-singlefile"]
    subprocess.run([*first, root / "report.pdf", folder / "report-pdf"], check=True)


def _shoot(chromium: Any, path: Path, picture: Picture, folder: Path) -> None:
    page = chromium.new_page(viewport={"width": picture.width, "height": picture.height})
    page.goto(path.as_uri())
    page.screenshot(path=folder / picture.name)
    page.close()


if __name__ == "__main__":
    take(Home.open(Path(sys.argv[1])), Path(sys.argv[2]))
