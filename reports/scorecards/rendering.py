"""The files of one firm: two pages that need nothing beside them, and a workbook of both. Same input, same
bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reports.document import Document
from reports.page import SheetLink, render_sheet
from reports.report_workbook import render_workbook
from reports.scorecards.member import Beside, Member
from reports.scorecards.scorecard import CHAPTER as SCORECARD
from reports.scorecards.scorecard import scorecard
from reports.scorecards.statement import CHAPTER as STATEMENT
from reports.scorecards.statement import statement

MOST_BYTES = 150_000
"""What a page may weigh; a test holds the pages to it."""


def file_names(period: str, version: str) -> tuple[str, str, str]:
    """Scorecard, fund statement and workbook of a release, as they are called in a firm's box."""
    stem = f"{period}-{version}"
    return f"scorecard-{stem}.html", f"fund-statement-{stem}.html", f"scorecard-{stem}.xlsx"


def render_member(member: Member, beside: Beside) -> Mapping[str, bytes]:
    """Every file of one firm by its name; ScorecardError where its account does not add up."""
    page, account, book = file_names(beside.facts.period, beside.facts.version)
    card, sheet = scorecard(member, beside), statement(member, beside)
    to_book = SheetLink(book, "Both as a workbook")
    return {
        page: render_sheet(card, (SheetLink(account, STATEMENT), to_book)),
        account: render_sheet(sheet, (SheetLink(page, SCORECARD), to_book)),
        book: render_workbook(_both(card, sheet)),
    }


def _both(card: Document, sheet: Document) -> Document:
    """One workbook for both: figures, tables and account."""
    figures = (*card.key_figures, *sheet.key_figures)
    return replace(card, key_figures=figures, chapters=(*card.chapters, *sheet.chapters))
