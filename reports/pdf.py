"""The report as a PDF: the same document, tagged for screen readers (PDF/UA-1), the same bytes every time.

The document goes to typst as data, never as markup. What it says is in ``report.py``, its look in
``templates/report.typ``. Only the fonts that typst brings are used, so no machine's own fonts change a byte.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from importlib.resources import files
from typing import Any, Final

import typst

from contracts.errors import ReleaseError
from reports.charts import draw
from reports.document import Chart, Document

STANDARD: Final = "ua-1"


def render_pdf(document: Document) -> bytes:
    """Any document as a PDF that conforms to PDF/UA-1; ReleaseError REL-030 when typst finds it does not.

    typst refuses, among other things, a picture without alternative text and headings out of order.
    """
    template = files("reports").joinpath("templates", "report.typ").read_bytes()
    said = json.dumps(_plain(document), ensure_ascii=False)
    try:
        made: bytes = typst.compile(
            template,
            format="pdf",
            pdf_standards=[STANDARD],
            sys_inputs={"document": said},
            ignore_system_fonts=True,
        )
    except typst.TypstError as error:
        raise ReleaseError(
            "REL-030",
            found=str(error).splitlines()[0][:300],
            expected=f"a document that conforms to PDF/{STANDARD.upper()}",
            where="the report",
            remedy="Mend the document or its template; nothing was published.",
        ) from error
    return made


def _plain(part: Any) -> Any:
    """A part of the document as data: each block with its kind, each chart with its drawing."""
    if is_dataclass(part):
        said: dict[str, Any] = {field.name: _plain(getattr(part, field.name)) for field in fields(part)}
        return said | {"kind": type(part).__name__} | _drawing(part)
    if isinstance(part, tuple | list):
        return [_plain(one) for one in part]
    return part


def _drawing(part: Any) -> dict[str, Any]:
    return {"drawing": draw(part)} if isinstance(part, Chart) else {}
