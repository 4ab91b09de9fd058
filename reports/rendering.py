"""Every file of a release's report: page one with its chapters, summary, PDF, workbook, outcomes as QData.

What each says is in ``report.py``, ``summary.py`` and ``qdata.py``; when they are written, and where to, is
decided in ``orchestration``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from reports.document import Document
from reports.facts import ReleaseFacts
from reports.page import render_pages
from reports.pdf import render_pdf
from reports.qdata import QDATA, outcomes_document
from reports.report import impact_report
from reports.report_workbook import render_workbook
from reports.summary import render_summary

Tables = Mapping[str, pd.DataFrame]


def render_report(tables: Tables, facts: ReleaseFacts, before: Tables | None = None) -> dict[str, bytes]:
    """The report of a release as HTML files by their names below the release's folder.

    ``tables``: the published tables by name, as ``Publication.frames()`` gives them or as they are read back
    from a release; ``before``: those of the release before it. Same input, same bytes.
    """
    return _pages(impact_report(tables, facts, before), tables, facts)


def report_files(tables: Tables, facts: ReleaseFacts, before: Tables | None = None) -> dict[str, bytes]:
    """The same with the whole report as PDF and as a workbook, and outcomes as QData for registries."""
    document = impact_report(tables, facts, before)
    whole = {"report.pdf": render_pdf(document), "report.xlsx": render_workbook(document)}
    whole[QDATA] = outcomes_document(tables, facts)
    return _pages(document, tables, facts) | whole


def _pages(document: Document, tables: Tables, facts: ReleaseFacts) -> dict[str, bytes]:
    return render_pages(document) | render_summary(tables, facts)
