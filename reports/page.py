"""The report in HTML: page one and a page for each chapter, under one style; no script, no request.

What the pages say is in ``report.py`` and ``chapters.py``, their look in ``templates/report``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup, escape

from reports.charts import draw
from reports.document import Chapter, Chart, Document
from reports.published import HIDDEN
from reports.templating import environment
from warehouse.release_manifest import REPORT_NAME

FOLDER = "report"
"""Where the chapters and the style lie, beside page one."""
STYLE = f"{FOLDER}/style.css"
_BELOW_ZERO = re.compile(r"−\$\d+(?:[,.]\d+)*")


def render_pages(document: Document) -> dict[str, bytes]:
    """Any document as ``report.html``, a page for each chapter, and their style; page one comes first."""
    style = files("reports").joinpath("templates", "report", "style.css").read_bytes()
    first = _environment().get_template("report/first.html.j2").render(document=document, folder=FOLDER)
    return {REPORT_NAME: first.encode(), STYLE: style, **dict(_chapters(document))}


@dataclass(frozen=True)
class SheetLink:
    """A way from a sheet to a file beside it."""

    address: str
    text: str


def render_sheet(document: Document, links: Sequence[SheetLink] = (), *, is_alone: bool = True) -> bytes:
    """A document on one page. ``is_alone``: with its style in it, and hidden figures that link to the section
    ``why`` that it must have; else it lies beside the chapters and takes their style.
    """
    style = files("reports").joinpath("templates", "report", "style.css").read_text(encoding="utf-8")
    template = _environment(_linked if is_alone else str).get_template("report/sheet.html.j2")
    # The style is our own file; nothing of a register is in it.
    within = Markup(style) if is_alone else ""
    return template.render(document=document, links=links, style=within).encode()


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
def _environment(marked: Callable[[str], str] = str) -> jinja2.Environment:
    """``marked``: how the text of a cell is written, in which a figure may be hidden."""
    return environment(
        drawn=_drawn, kind=lambda block: type(block).__name__, marked=marked, unbroken=_unbroken
    )


def _linked(text: str) -> Markup:
    """A text in which each mark of a hidden figure leads to what it means."""
    return Markup(str(escape(text)).replace(HIDDEN, f'<a href="#why">{HIDDEN}</a>'))


def _unbroken(text: str) -> Markup:
    """A text in which no line ends between a minus sign and its dollars."""
    return Markup(_BELOW_ZERO.sub(r'<span class="amount">\g<0></span>', str(escape(text))))


def _drawn(chart: Chart) -> Markup:
    # The drawing is made by us from escaped texts; it is the only markup that enters unescaped.
    return Markup(draw(chart))
