"""``make bench-reports``: how long one report takes, part by part, and one page of it beside other libraries.

From a home's newest release, in one process, after one chart has been drawn. What it says is not judged.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from orchestration import facts
from reports.charts import draw
from reports.document import Chapter, Document
from reports.page import render_pages
from reports.pdf import render_pdf
from reports.report import impact_report
from reports.report_workbook import render_workbook
from tests.bench.measuring import machine_facts, write_section
from warehouse import builds, releases
from warehouse.editions import edition_of
from warehouse.home import Home

RIVAL = Path(__file__).parent / "rivals" / "plots_page.py"
ROUNDS = 3


@dataclass(frozen=True)
class Part:
    """One part of making a report: its name, CPU seconds, and bytes where it writes any."""

    name: str
    seconds: float
    size: int | None = None

    @property
    def line(self) -> str:
        """One row of the table."""
        size = "–" if self.size is None else f"{self.size / 1000:,.0f}"
        return f"| {self.name} | {self.seconds:.2f} | {size} |"


def document_of(home: Home) -> Document:
    """The report on a home's newest release."""
    release = releases.read_release(home)
    said = facts.release_facts(home, builds.latest_build(home), edition_of(release))
    return impact_report(releases.read_tables(release.root), said)


def parts(home: Home) -> list[Part]:
    """Every part once, from nothing: no chart is remembered from before."""
    draw.cache_clear()
    made = [_timed("read the tables, say what they say", lambda: document_of(home))]
    document = document_of(home)
    pages: dict[str, bytes] = {}
    written: dict[str, bytes] = {}
    made.append(_timed("draw the charts and write the pages", lambda: pages.update(render_pages(document))))
    made.append(_timed("PDF", lambda: written.update(pdf=render_pdf(document))))
    made.append(_timed("workbook", lambda: written.update(xlsx=render_workbook(document))))
    sizes = (None, sum(map(len, pages.values())), len(written["pdf"]), len(written["xlsx"]))
    return [Part(part.name, part.seconds, size) for part, size in zip(made, sizes, strict=True)]


def _timed(name: str, work: Callable[[], object]) -> Part:
    began = time.process_time()
    work()
    return Part(name, time.process_time() - began)


def typical(rounds: list[list[Part]]) -> list[Part]:
    """The median of each part over the rounds."""
    return [
        Part(same[0].name, median(one.seconds for one in same), same[0].size)
        for same in zip(*rounds, strict=True)
    ]


def beside(document: Document, pythons: Path) -> list[Part]:
    """One page by us and by the others, with the same words and tables."""
    chapter = _compared(document)
    ours = _ours(document, chapter)
    page = _page(document, chapter)
    svgs = iter(range(len(list(chapter.figures()))))
    asked = {
        "page": re.sub(r"<svg .*?</svg>", lambda _: f"<!--chart {next(svgs)}-->", page, flags=re.DOTALL),
        "charts": [
            [(point.label, point.value, point.lower, point.upper) for point in figure.chart.points]
            for figure in chapter.figures()
        ],
    }
    return [ours, *(_theirs(pythons, library, asked) for library in ("matplotlib", "plotly"))]


def _compared(document: Document) -> Chapter:
    """The chapter with the most and longest charts, all of them rows."""
    return next(one for one in document.chapters if one.chapter_id == "who-is-served-and-how-it-goes")


def _page(document: Document, chapter: Chapter) -> str:
    return render_pages(document)[f"report/{chapter.chapter_id}.html"].decode()


def _ours(document: Document, chapter: Chapter) -> Part:
    render_pages(document)
    seconds = []
    for _ in range(ROUNDS):
        draw.cache_clear()
        seconds.append(_timed("", lambda: [draw(figure.chart) for figure in chapter.figures()]).seconds)
    return Part("Guildhall: Altair, slimmed", median(seconds), len(_page(document, chapter).encode()))


def _theirs(pythons: Path, library: str, asked: Mapping[str, object]) -> Part:
    told = [
        json.loads(
            subprocess.run(
                [pythons, RIVAL, library], input=json.dumps(asked), capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(ROUNDS)
    ]
    names = {"matplotlib": "matplotlib, SVG", "plotly": "Plotly, its library inline"}
    return Part(names[library], median(one["seconds"] for one in told), told[0]["bytes"])


def section(report: list[Part], page: list[Part], document: Document) -> str:
    """The section of the page of benchmarks."""
    charts = sum(len(list(chapter.figures())) for chapter in document.chapters)
    of_page = len(list(_compared(document).figures()))
    total = sum(part.seconds for part in report)
    return "\n".join(
        [
            "## Reports",
            "",
            f"`make bench-reports`: the sample region's report, {len(document.chapters)} chapters and "
            f"{charts} charts, each drawn once for all formats. CPU seconds, medians of {ROUNDS} rounds.",
            "",
            "| part | CPU s | KB |",
            "|---|---|---|",
            *(part.line for part in report),
            f"| **the whole report** | **{total:.2f}** | |",
            "",
            f"The whole report took {total:.1f} s (goal: at most 5 s).",
            "",
            f"One page with {of_page} charts, the same words and tables, the charts drawn by each; only "
            "drawing is timed:",
            "",
            "| drawn by | CPU s | KB of the page |",
            "|---|---|---|",
            *(part.line for part in page),
            "",
            f"Measured on: {machine_facts()}; load average at the end {os.getloadavg()[0]:.1f}.",
        ]
    )


def main() -> None:
    """Measure, print, and with ``--write`` enter into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--rivals", type=Path, required=True, help="the python of their environment")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    home = Home.open(asked.home)
    document = document_of(home)
    draw(next(document.chapters[0].figures()).chart)
    report = typical([parts(home) for _ in range(ROUNDS)])
    text = section(report, beside(document, asked.rivals), document)
    sys.stdout.write(text + "\n")
    if asked.write:
        write_section("bench-reports", text)


if __name__ == "__main__":
    main()
