"""The pages of the door: first page, tables, SQL with its answer and chart, why a cell is empty, what went
wrong.

They work without a script; the script only makes them quicker. What an answer holds is not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from contracts.errors import DoorError
from reports.charts import draw
from reports.document import Chart, ChartKind, Point
from reports.door.formats import FORMATS
from reports.door.shelf import Volume
from reports.queryable import STATUSES
from reports.templating import environment
from warehouse.home import Home

POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""For the door's pages: nothing from elsewhere; inline styles because charts carry theirs."""

REPORT_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For the pages of a report: their own style beside them, nothing else, no script at all."""

SHOWN_ROWS, DRAWN_ROWS = 500, 40


@dataclass(frozen=True)
class Static:
    """A file of the pages themselves."""

    name: str
    media_type: str

    def read(self) -> bytes:
        """Its bytes, from the package."""
        return files("reports").joinpath("templates", "door", self.name).read_bytes()


STATIC: Mapping[str, Static] = {
    "door.css": Static("door.css", "text/css; charset=utf-8"),
    "door.js": Static("door.js", "text/javascript; charset=utf-8"),
}


@dataclass(frozen=True)
class Asked:
    """What the SQL page was called with."""

    volume: Volume
    sql: str
    wants_chart: bool


def first(home: Home, volumes: Sequence[Volume]) -> str:
    """Releases with their ways in, and the calendar of coming ones."""
    shown = {volume.release.period for volume in volumes}
    coming = [entry for entry in home.config.releases if entry.period not in shown]
    newest_first = list(reversed(volumes))
    return _render("first.html.j2", consortium=home.config.consortium, volumes=newest_first, coming=coming)


def tables(volume: Volume, volumes: Sequence[Volume]) -> str:
    """Every table and view with its columns and addresses."""
    return _render("tables.html.j2", volume=volume, volumes=list(reversed(volumes)), endings=tuple(FORMATS))


def hidden() -> str:
    """Why a cell may be empty, in plain words."""
    return _render("hidden.html.j2", statuses=STATUSES)


def failed(error: DoorError) -> str:
    """What went wrong, and what to do."""
    return _render("failed.html.j2", error=error)


def sql(
    asked: Asked, rows: Sequence[Mapping[str, Any]] | None = None, *, error: DoorError | None = None
) -> str:
    """The SQL page: with ``rows`` the answer, with ``error`` what was wrong with the question."""
    found = list(rows or ())
    picture = _picture(found) if asked.wants_chart else None
    return _render(
        "sql.html.j2",
        asked=asked,
        rows=None if rows is None else found[:SHOWN_ROWS],
        count=len(found),
        columns=list(found[0]) if found else [],
        chart=None if picture is None else Markup(draw(picture)),
        error=error,
        endings=tuple(FORMATS),
    )


def _picture(rows: Sequence[Mapping[str, Any]]) -> Chart | None:
    """The first text column against the first column of numbers; None where an answer has no such pair."""
    columns = list(rows[0]) if rows else []
    label = next((name for name in columns if any(isinstance(row[name], str) for row in rows)), None)
    value = next((name for name in columns if any(_is_number(row[name]) for row in rows)), None)
    if label is None or value is None:
        return None
    has_ends = {"low", "high"} <= set(columns) and value == "value"
    points = tuple(
        Point(
            label=str(row[label] or ""),
            value=_number(row[value]),
            lower=_number(row["low"]) if has_ends else None,
            upper=_number(row["high"]) if has_ends else None,
            printed=_printed(row[value]),
        )
        for row in rows[:DRAWN_ROWS]
    )
    more = f", the first {DRAWN_ROWS} of {len(rows)} rows" if len(rows) > DRAWN_ROWS else ""
    return Chart(
        chart_id="answer",
        kind=ChartKind.ROWS,
        title=f"{value} by {label}",
        description=f"A dot for each row{more}; the same numbers are in the table below.",
        unit=_unit(points),
        points=points,
    )


def _unit(points: Sequence[Point]) -> str:
    """Shares look like shares when nothing in the chart is beyond 0 and 1."""
    ends = [end for point in points for end in (point.value, point.upper) if end is not None]
    return "share" if ends and all(0 <= end <= 1 for end in ends) else "number"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Any) -> float | None:
    return float(value) if _is_number(value) else None


def _printed(value: Any) -> str:
    """A cell as it is shown: blanks are blank, long fractions are cut."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _render(template: str, **shown: Any) -> str:
    return _environment().get_template(f"door/{template}").render(**shown)


@cache
def _environment() -> jinja2.Environment:
    return environment(printed=_printed, is_number=_is_number)
