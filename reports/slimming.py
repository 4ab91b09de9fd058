"""Drawings as vega writes them, made small: coordinates rounded, repetition said once, empty groups left out.

A page of thirty charts is mostly marks, and a mark as vega writes it is four fifths repetition. Nothing that
is seen changes. What is drawn, and its name, belong to ``charts.py``.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

SVG = "http://www.w3.org/2000/svg"
_INHERITED = ("fill", "stroke", "stroke-width", "font-size", "font-weight", "text-anchor", "opacity")
"""What a group may say for all its marks. Opacity too: marks of one group do not lie on each other."""
_SAID_BY_NOBODY = re.compile(r"\A(?:class|role|aria-.*|pointer-events|font-family)\Z")
_DEFAULTS = {("text", "text-anchor"): "start", ("line", "y2"): "0", ("line", "x2"): "0"}
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_MOVE = re.compile(r"\Atranslate\((-?[\d.]+),(-?[\d.]+)\)\Z")
_DOT = re.compile(r"\AM(-?[\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0\Z")


def slimmed(svg: str) -> Element:
    """The root of the same drawing with less said; numbers keep one decimal, a tenth of a pixel."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
        _shorten(element)
    _empty(root)
    _unwrap(root)
    _gather(root)
    return root


def _shorten(element: Element) -> None:
    for name in [name for name in element.attrib if _SAID_BY_NOBODY.match(name)]:
        del element.attrib[name]
    for name, value in element.attrib.items():
        if name != "opacity":
            element.set(name, _NUMBER.sub(_rounded, value.removesuffix("px")))
    if element.get("opacity") == "1":
        del element.attrib["opacity"]
    _place(element)
    for (tag, name), value in _DEFAULTS.items():
        if element.tag == tag and element.get(name) == value:
            del element.attrib[name]


def _rounded(number: re.Match[str]) -> str:
    short = f"{float(number[0]):.1f}".removesuffix(".0")
    return "0" if short == "-0" else short


def _place(element: Element) -> None:
    """A moved text stands where it is moved to, and a moved dot is a circle there."""
    moved = _MOVE.match(element.get("transform", ""))
    dot = _DOT.match(element.get("d", ""))
    if moved and element.tag == "text":
        del element.attrib["transform"]
        element.attrib |= {"x": moved[1], "y": moved[2]}
    elif moved and dot:
        element.tag = "circle"
        del element.attrib["transform"], element.attrib["d"]
        element.attrib |= {"cx": moved[1], "cy": moved[2], "r": dot[1]}
    elif moved and (moved[1], moved[2]) == ("0", "0"):
        del element.attrib["transform"]


def _empty(parent: Element) -> None:
    """Without groups and texts that hold nothing, and frames that are not seen."""
    for child in list(parent):
        _empty(child)
        is_unseen = child.tag == "path" and (child.get("display") == "none" or "fill" not in child.attrib)
        is_blank = (child.tag == "g" and not len(child)) or (child.tag == "text" and not child.text)
        if is_unseen or is_blank:
            parent.remove(child)


def _unwrap(parent: Element) -> None:
    """Groups that say nothing give their place to what they hold."""
    children: list[Element] = []
    for child in parent:
        _unwrap(child)
        children += [*child] if child.tag == "g" and not child.attrib else [child]
    parent[:] = children


def _gather(parent: Element) -> None:
    """Marks in a row that say the same of themselves say it once, in a group around them."""
    for child in parent:
        _gather(child)
    gathered: list[Element] = []
    for child in parent:
        before = gathered[-1] if gathered else None
        said = {name: child.attrib[name] for name in _INHERITED if name in child.attrib}
        if before is not None and before.get("marks") == child.tag and _said(before) == said and said:
            before.append(_without(child, said))
        elif said and child.tag != "g" and child.tag != "rect":
            group = Element("g", {"marks": child.tag, **said})
            group.append(_without(child, said))
            gathered.append(group)
        else:
            gathered.append(child)
    for group in gathered:
        group.attrib.pop("marks", None)
    parent[:] = gathered


def _said(group: Element) -> dict[str, str]:
    return {name: value for name, value in group.attrib.items() if name != "marks"}


def _without(mark: Element, said: dict[str, str]) -> Element:
    for name in said:
        del mark.attrib[name]
    return mark
