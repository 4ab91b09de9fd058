"""The report as page, PDF and workbook: the same numbers in all three, tagged, named, the same bytes."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from html import unescape

import openpyxl
import pikepdf
import pytest

from contracts.errors import ReleaseError
from reports.document import Block, Chapter, Document, Figure, Note, Section, Table
from reports.facts import ReleaseFacts
from reports.page import render_pages
from reports.pdf import render_pdf
from reports.report import impact_report
from reports.report_workbook import render_workbook
from reports.tables import Publication


@pytest.fixture(scope="module")
def document(publication: Publication, facts: ReleaseFacts) -> Document:
    return impact_report(publication.frames(), facts)


@pytest.fixture(scope="module")
def pdf(document: Document) -> bytes:
    return render_pdf(document)


@pytest.fixture(scope="module")
def workbook(document: Document) -> bytes:
    return render_workbook(document)


def _tables(document: Document) -> list[Table]:
    return [table for section in document.sections for table in section.tables()]


def _cells(document: Document) -> Counter[str]:
    return Counter(cell for table in _tables(document) for row in table.rows for cell in row)


def test_page_workbook_and_document_hold_the_same_cells(document: Document, workbook: bytes) -> None:
    expected = _cells(document)
    html = "".join(page.decode() for page in render_pages(document).values())
    on_page = re.findall(r"<t[dh](?: scope=\"row\")?>([^<]*)</t[dh]>", html)
    assert Counter(map(unescape, on_page)) == expected
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    in_book: Counter[str] = Counter()
    for table in _tables(document):
        sheet = book[table.table_id[:31]]
        rows = list(sheet.iter_rows(values_only=True))[-len(table.rows) :]
        in_book += Counter(f"{c:,}" if isinstance(c, int) else str(c or "") for row in rows for c in row)
    assert in_book == Counter(cell or "[z]" for cell in expected.elements())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext: run `make browser`")
def test_pdf_holds_every_number_of_the_document(document: Document, pdf: bytes) -> None:
    written = subprocess.run(
        ["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    words = Counter(re.findall(r"\d[\d,.%]*", written))
    expected = Counter(
        n for cell, count in _cells(document).items() for n in re.findall(r"\d[\d,.%]*", cell) * count
    )
    assert {number: count for number, count in expected.items() if words[number] < count} == {}


def test_pdf_is_tagged_named_and_outlined(document: Document, pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == "en-US"
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        assert str(opened.docinfo.Title) == document.title
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        with opened.open_outline() as outline:
            titles = [item.title for top in outline.root for item in top.children]
        assert titles == ["At a glance", "Contents", *(chapter.title for chapter in document.chapters)]
        kinds = Counter(str(node.S) for node in _structure(opened.Root.StructTreeRoot) if "/S" in node)
        pictures = [node for node in _structure(opened.Root.StructTreeRoot) if node.get("/S") == "/Figure"]
    figures = [b for s in document.sections for b in s.blocks if isinstance(b, Figure)]
    assert kinds["/Table"] == len(_tables(document))
    assert kinds["/TH"] >= sum(len(table.header) for table in _tables(document))
    assert len(pictures) >= len(figures)
    assert {str(p.get("/Alt", "")) for p in pictures} >= {
        f"{f.chart.title}. {f.chart.description}" for f in figures
    }


def test_pdf_lists_every_chapter_with_its_page_as_a_link(document: Document, pdf: bytes) -> None:
    chapters = ["At a glance", *(chapter.title for chapter in document.chapters)]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        numbers = {page.objgen: number for number, page in enumerate(opened.pages, start=1)}
        named = pikepdf.NameTree(opened.Root.Names.Dests)

        def page_of(place: pikepdf.Object) -> int:
            found = place if isinstance(place, pikepdf.Array) else named[str(place)]
            return numbers[(found.D if isinstance(found, pikepdf.Dictionary) else found)[0].objgen]

        with opened.open_outline() as outline:
            starts = {mark.title: page_of(mark.destination) for top in outline.root for mark in top.children}
        links = [link for page in opened.pages for link in page.get("/Annots", [])]
        said = [(str(link.Contents), page_of(link.Dest)) for link in links]
        entries = [node for node in _structure(opened.Root.StructTreeRoot) if node.get("/S") == "/TOCI"]
    assert said == [(f"{title}, page {starts[title]}", starts[title]) for title in chapters]
    assert len(entries) == len(chapters)
    assert starts["Contents"] == 2


def _structure(node: pikepdf.Object) -> list[pikepdf.Object]:
    found, waiting = [], [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting.extend(one)
        elif isinstance(one, pikepdf.Dictionary):
            found.append(one)
            if "/K" in one:
                waiting.append(one.K)
    return found


def test_two_renderings_are_the_same_bytes(document: Document, pdf: bytes, workbook: bytes) -> None:
    assert render_pdf(document) == pdf
    assert render_workbook(document) == workbook


def test_pdf_is_refused_when_a_picture_has_no_words(document: Document) -> None:
    figure = next(figure for chapter in document.chapters for figure in chapter.figures())
    silent = replace(figure, chart=replace(figure.chart, title="", description=""))
    with pytest.raises(ReleaseError, match="REL-030"):
        render_pdf(replace(document, chapters=(_chapter(silent),)))


def _chapter(*blocks: Block, title: str = "") -> Chapter:
    return Chapter("c", title, "part", "finding", (Section("s", title, blocks),))


def test_text_of_a_register_is_never_code(document: Document) -> None:
    hostile = '#read("/etc/passwd") $x$ *bold* `raw` <label> @ref =HYPERLINK("x")'
    table = Table("hostile", hostile, ("a", "b"), ((hostile, "=1+1"),))
    chapter = _chapter(Note(hostile), table, title=hostile)
    poisoned = replace(document, chapters=(chapter,), title=hostile)
    assert render_pdf(poisoned)
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(poisoned)))
    values = [cell for row in book["hostile"].iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in values]
    assert all(cell.data_type != "f" for cell in values)
