"""The report page: a document rendered as one HTML file. No script, no request, no number of its own.

What the page says is in ``report.py``, its look in ``templates/``.
"""

from __future__ import annotations

from collections.abc import Mapping

import jinja2
import pandas as pd
from markupsafe import Markup

from reports.charts import draw
from reports.document import Chart, Document
from reports.facts import ReleaseFacts
from reports.report import impact_report


def render_report(publication_tables: Mapping[str, pd.DataFrame], facts: ReleaseFacts) -> str:
    """The impact report of a release as HTML.

    ``publication_tables``: the published tables by name, as ``Publication.frames()`` gives them or as they
    are read back from a release. Same input, same bytes.
    """
    return render_html(impact_report(publication_tables, facts))


def render_html(document: Document) -> str:
    """Any document as one HTML file with its style and its charts inside."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawn"] = _drawn
    environment.filters["kind"] = lambda block: type(block).__name__
    return environment.get_template("report.html.j2").render(document=document)


def _drawn(chart: Chart) -> Markup:
    # The drawing is made by us from escaped texts; it is the only markup that enters unescaped.
    return Markup(draw(chart))
