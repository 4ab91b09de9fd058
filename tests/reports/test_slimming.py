"""A slimmed drawing shows what vega drew: every text and every mark in its place, in its color."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
import vl_convert

from reports.charts import specified
from reports.document import Chart, ChartKind, Point
from reports.slimming import slimmed

Seen = tuple[str, float, float, str, str]
_INHERITED = ("fill", "stroke", "font-size", "text-anchor", "opacity")


def _chart(kind: ChartKind) -> Chart:
    points = [
        Point(f"2025Q{n % 4 + 1}", 0.2 + n / 20, 0.1 + n / 20, 0.33 + n / 20, f"{20 + 5 * n}%", n == 5)
        for n in range(6)
    ]
    gap = Point("2026Q3", None, None, None, "[c]")
    return Chart("some-chart", kind, "A finding", "What is drawn", "share", (*points, gap))


def _seen(element: Element, x: float = 0, y: float = 0, said: tuple[str, ...] = ()) -> Iterator[Seen]:
    """What of a drawing is seen, where, and how it looks, whatever group says so."""
    tag = element.tag.rpartition("}")[2]
    moved = re.match(r"translate\((-?[\d.e-]+),(-?[\d.e-]+)\)", element.get("transform", ""))
    x, y = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
    own = dict(part.split("=") for part in said)
    own |= {name: element.get(name, "").removesuffix("px") for name in _INHERITED if name in element.attrib}
    look = " ".join(f"{name}={own[name]}" for name in sorted(own) if own[name] not in ("none", "start", "1"))
    if tag == "text" and element.text:
        yield tag, x + float(element.get("x", 0)), y + float(element.get("y", 0)), element.text, look
    elif tag == "circle" or re.match(r"M[\d.]+,0A", element.get("d", "")):
        yield "dot", x + float(element.get("cx", 0)), y + float(element.get("cy", 0)), "", look
    elif tag == "line":
        yield tag, x + float(element.get("x2", 0)), y + float(element.get("y2", 0)), "", look
    elif tag == "path" and own.get("fill", "none") != "none" and "fill" in own:
        first = re.match(r"M(-?[\d.]+),(-?[\d.]+)", element.get("d", ""))
        if first:
            yield tag, x + float(first[1]), y + float(first[2]), "", look
    for child in element:
        yield from _seen(child, x, y, tuple(f"{name}={value}" for name, value in own.items()))


@pytest.mark.parametrize("kind", ChartKind)
def test_slimmed_drawing_shows_the_same_in_far_fewer_bytes(kind: ChartKind) -> None:
    drawn = vl_convert.vegalite_to_svg(specified(_chart(kind)).to_dict(validate=False))
    short = slimmed(drawn)
    before, after = list(_seen(ElementTree.fromstring(drawn))), list(_seen(short))
    assert [(tag, text, look) for tag, _, _, text, look in after] == [
        (tag, text, look) for tag, _, _, text, look in before
    ]
    assert [place for _, *place, _, _ in after] == [
        pytest.approx(place, abs=0.16) for _, *place, _, _ in before
    ]
    assert {tag for tag, *_ in after} >= {"text", "path" if kind is ChartKind.COLUMNS else "dot"}
    assert len(ElementTree.tostring(short)) * 2.5 < len(drawn)


@pytest.mark.parametrize("kind", ChartKind)
def test_chart_is_valid_by_the_schema_that_drawing_does_not_ask(kind: ChartKind) -> None:
    assert specified(_chart(kind)).to_dict(validate=True)["layer"]
