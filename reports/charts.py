"""Charts of the document as SVG: drawn by Altair, named for screen readers, the same bytes every time.

Layout uses fixed sizes and no measured text, so fonts of a machine cannot move anything. What a chart
says (title, description, values) is decided in the document.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, tostring

import altair as alt
import vl_convert
from altair.utils import schemapi

from reports.document import Chart, ChartKind, Point
from reports.slimming import SVG, slimmed

NAVY, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
"""The palette of the UK Government Analysis Function: at least 3:1 on white, apart for color-blind eyes."""
INK, MUTED, GRID = "#222222", "#595959", "#dfe3e7"
FONT = "Arial, Helvetica, sans-serif"
WIDTH = 340
"""Intrinsic width: small, so that text stays readable when a phone shrinks the picture to 280 pixels."""
ROW_HEIGHT, SERIES_HEIGHT = 43, 200
_X_AT: Any = alt.XValue
_Y_AT: Any = alt.YValue
"""Places in pixels; altair gives these two no types."""
MANY_QUARTERS = 14
"""Beyond so many quarters only the years are labeled."""


@lru_cache(maxsize=256)
def draw(chart: Chart) -> str:
    """One SVG element with viewBox, ``role="img"``, title and description; ids start with the chart's id.

    Drawn once for all formats of a report.
    """
    # Judging each part against the schema takes longer than drawing; a test judges one chart of each kind.
    with schemapi.debug_mode(False):
        spec = specified(chart).to_dict(validate=False)
    return _named(vl_convert.vegalite_to_svg(spec), chart)


def specified(chart: Chart) -> alt.LayerChart:
    """The chart in Vega-Lite's words."""
    drawn = _DRAWERS[chart.kind](chart)
    # Last and by itself: altair copies a chart, with all that is in it, at every step of making one.
    drawn.data = alt.InlineData([_datum(n, point) for n, point in enumerate(chart.points)])
    return drawn


# --- rows: one member each ---------------------------------------------------------------------------


def _rows(chart: Chart) -> alt.LayerChart:
    """A label and the printed value above each line; the dot and its whisker on it."""
    low, high = _domain(chart)
    height = ROW_HEIGHT * len(chart.points)
    y = alt.Y("n:Q", axis=None, scale=alt.Scale(domain=[len(chart.points) - 0.5, -0.5], nice=False))
    x = alt.X(
        "value:Q", title=None, scale=alt.Scale(domain=[low, high], nice=False), axis=_value_axis(chart, False)
    )
    base = alt.Chart().encode(y=y)
    words: dict[str, Any] = {"baseline": "middle", "dy": -8, "fontSize": 12.5, "color": INK}
    layers = [
        base.mark_rule(strokeWidth=1.5, color=GRID, yOffset=9).encode(
            x=alt.XDatum(low), x2=alt.X2Datum(high)
        ),
        base.mark_rule(strokeWidth=4, opacity=0.35, color=NAVY, yOffset=9).encode(
            x=alt.X("lower:Q"), x2=alt.X2("upper:Q")
        ),
        _dots(base, 9).encode(x=x),
        base.mark_text(align="left", **words).encode(x=_X_AT(0), text=alt.Text("label:N")),
        base.mark_text(align="right", fontWeight="bold", **words).encode(
            x=_X_AT(WIDTH - 20), text=alt.Text("printed:N")
        ),
    ]
    return _framed(layers, WIDTH - 20, height, left=10, bottom=30)


# --- along time --------------------------------------------------------------------------------------


def _series(chart: Chart) -> alt.LayerChart:
    """Dots and whiskers over quarters; a gap keeps its place and carries its shorthand."""
    base, y = _over_time(chart)
    whiskers = base.mark_rule(strokeWidth=4, opacity=0.35, color=NAVY).encode(
        y=alt.Y("lower:Q"), y2=alt.Y2("upper:Q")
    )
    return _time_frame(chart, [whiskers, _dots(base, 0).encode(y=y)], base)


def _columns(chart: Chart) -> alt.LayerChart:
    """One column per quarter, from zero."""
    base, y = _over_time(chart)
    width = 0.62 * (WIDTH - 60) / max(1, len(chart.points))
    columns = base.mark_bar(color=NAVY, size=width).encode(y=y, y2=alt.Y2Datum(0))
    return _time_frame(chart, [columns], base)


def _over_time(chart: Chart) -> tuple[alt.Chart, alt.Y]:
    low, high = _domain(chart)
    x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[-0.5, len(chart.points) - 0.5], nice=False))
    scale = alt.Scale(domain=[low, high], nice=False)
    return alt.Chart().encode(x=x), alt.Y("value:Q", title=None, scale=scale, axis=_value_axis(chart, True))


def _time_frame(chart: Chart, layers: list[alt.Chart], base: alt.Chart) -> alt.LayerChart:
    text: dict[str, Any] = {"baseline": "top", "fontSize": 11.5, "color": INK}
    below = [
        base.mark_text(**text).encode(y=_Y_AT(SERIES_HEIGHT + 6), text=alt.Text("quarter:N")),
        base.mark_text(**text).encode(y=_Y_AT(SERIES_HEIGHT + 21), text=alt.Text("year:N")),
        base.mark_text(baseline="bottom", fontSize=11.5, color=MUTED).encode(
            y=_Y_AT(SERIES_HEIGHT - 5), text=alt.Text("gap:N")
        ),
    ]
    if len(chart.points) > MANY_QUARTERS:
        below = below[1:]
    return _framed([*layers, *below], WIDTH - 60, SERIES_HEIGHT, left=50, bottom=40)


# --- shared ------------------------------------------------------------------------------------------


def _framed(layers: list[alt.Chart], width: int, height: int, *, left: int, bottom: int) -> alt.LayerChart:
    return alt.LayerChart(
        layer=layers,
        width=width,
        height=height,
        padding={"left": left, "right": 10, "top": 8, "bottom": bottom},
        autosize="none",
        config=alt.Config(aria=False, font=FONT, view=alt.ViewConfig(stroke=None)),
    )


def _dots(base: alt.Chart, offset: int) -> alt.Chart:
    """Filled dots; provisional values are open."""
    dots = base.mark_point(size=95, strokeWidth=2.5, opacity=1, stroke=NAVY, yOffset=offset)
    filled: alt.Chart = dots.encode(fill=alt.Fill("fill:N", scale=None))
    return filled


def _datum(n: int, point: Point) -> dict[str, Any]:
    """The data of one mark: published values and printed texts only."""
    year, _, quarter = point.label.partition("Q")
    has_room = quarter == "1" or (n == 0 and quarter != "4")
    return {
        "n": n,
        "label": _shortened(point.label),
        "printed": point.printed,
        "value": point.value,
        "lower": point.lower,
        "upper": point.upper,
        "fill": "white" if point.is_provisional else NAVY,
        "quarter": f"Q{quarter}" if quarter else "",
        "year": year if has_room else "",
        "gap": "" if point.value is not None else point.printed,
    }


def _shortened(label: str) -> str:
    return label if len(label) <= 38 else f"{label[:37].rstrip()}…"


def _domain(chart: Chart) -> tuple[float, float]:
    """Shares from 0 to 1; money from zero to a round number beyond the largest end of a whisker."""
    if chart.unit == "share":
        return 0.0, 1.0
    ends = [
        end for point in chart.points for end in (point.value, point.lower, point.upper) if end is not None
    ]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    step = _step(high - low)
    return math.floor(low / step) * step, math.ceil(high / step) * step or step


def _step(width: float) -> float:
    """A round step that cuts ``width`` into at most five."""
    if width <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(width / 4))
    return next(size * factor for factor in (1, 2, 2.5, 5, 10) if width / (size * factor) <= 5)


def _value_axis(chart: Chart, is_vertical: bool) -> alt.Axis:
    low, high = _domain(chart)
    step = 0.25 if chart.unit == "share" else _step(high - low)
    ticks = [round(low + n * step, 6) for n in range(round((high - low) / step) + 1)]
    return alt.Axis(
        values=ticks,
        labelExpr=_label_expression(chart, step),
        labelFontSize=11.5,
        labelColor=MUTED,
        labelPadding=6,
        labelFlush=not is_vertical,
        grid=is_vertical,
        gridColor=GRID,
        domain=False,
        ticks=False,
    )


def _label_expression(chart: Chart, step: float) -> str:
    if chart.unit == "share":
        return "format(datum.value, '.0%')"
    if not chart.unit.startswith("usd"):
        return "format(datum.value, ',~f')"
    return _dollars_expression(step)


def _dollars_expression(step: float) -> str:
    size = "format(abs(datum.value), ',.0f')"
    if step >= 1_000_000:
        size = "format(abs(datum.value) / 1e6, '~f') + 'm'"
    elif step >= 1_000:
        size = "format(abs(datum.value) / 1e3, ',~f') + 'k'"
    return f"datum.value == 0 ? '$0' : (datum.value < 0 ? '−$' : '$') + {size}"


_DRAWERS: Mapping[ChartKind, Callable[[Chart], alt.LayerChart]] = {
    ChartKind.ROWS: _rows,
    ChartKind.SERIES: _series,
    ChartKind.COLUMNS: _columns,
}


def _named(svg: str, chart: Chart) -> str:
    """The drawing without what a page does not need, under a name and a description."""
    root = slimmed(svg)
    name, words = f"{chart.chart_id}-title", f"{chart.chart_id}-desc"
    for tag, tag_id, text in (("desc", words, chart.description), ("title", name, chart.title)):
        element = Element(tag, {"id": tag_id})
        element.text = text
        root.insert(0, element)
    root.attrib = {
        "xmlns": SVG,
        "viewBox": root.attrib["viewBox"],
        "role": "img",
        "aria-labelledby": f"{name} {words}",
        "font-family": FONT,
    }
    return tostring(root, encoding="unicode").replace(" />", "/>")
