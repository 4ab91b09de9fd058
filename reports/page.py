"""The report in HTML: page one and a page for each chapter, under one style; no script, no request.

What the pages say is in ``report.py`` and ``chapters.py``, their look in ``templates/report``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import jinja2
import pandas as pd
from markupsafe import Markup

from reports.charts import draw
from reports.document import Chapter, Chart, Document
from reports.facts import ReleaseFacts
from reports.report import impact_report
from reports.templating import environment
from warehouse.release_manifest import REPORT_NAME

FOLDER = "report"
"""Where the chapters and the style lie, beside page one."""
STYLE = f"{FOLDER}/style.css"


def render_report(publication_tables: Mapping[str, pd.DataFrame], facts: ReleaseFacts) -> dict[str, bytes]:
    """The impact report of a release as HTML files by their names below the release's folder.

    ``publication_tables``: the published tables by name, as ``Publication.frames()`` gives them or as they
    are read back from a release. Same input, same bytes.
    """
    return render_pages(impact_report(publication_tables, facts))


def render_pages(document: Document) -> dict[str, bytes]:
    """Any document as ``report.html``, a page for each chapter, and their style; page one comes first."""
    style = files("reports").joinpath("templates", "report", "style.css").read_bytes()
    first = _environment().get_template("report/first.html.j2").render(document=document, folder=FOLDER)
    return {REPORT_NAME: first.encode(), STYLE: style, **dict(_chapters(document))}


def _chapters(document: Document) -> Iterator[tuple[str, bytes]]:
    template = _environment().get_template("report/chapter.html.j2")
    around = (None, *document.chapters, None)
    for before, chapter, after in zip(around, document.chapters, around[2:], strict=False):
        page = template.render(
            document=document,
            chapter=chapter,
            before=before,
            after=after,
            shorthand=_used(chapter, document.shorthand),
            first=f"../{REPORT_NAME}",
        )
        yield f"{FOLDER}/{chapter.chapter_id}.html", page.encode()


def _used(chapter: Chapter, shorthand: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """The marks that stand in the chapter's tables, with their meaning."""
    tables = [table for section in chapter.sections for table in section.tables()]
    cells = " ".join(cell for table in tables for row in table.rows for cell in row)
    return [(mark, meaning) for mark, meaning in shorthand if mark in cells]


@cache
def _environment() -> jinja2.Environment:
    return environment(drawn=_drawn, kind=lambda block: type(block).__name__)


def _drawn(chart: Chart) -> Markup:
    # The drawing is made by us from escaped texts; it is the only markup that enters unescaped.
    return Markup(draw(chart))
