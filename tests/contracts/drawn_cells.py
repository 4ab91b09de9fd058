"""Texts drawn out of a description's cells, and the language of cells built once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from contracts.versions.description import Cells, Coded, Dated, Listed, MultiListed, Numbered, Shaped
from contracts.versions.gates_inclusion import term_of_cells
from contracts.versions.history import read_codes
from contracts.versions.terms import Term, Terms

UTF8 = st.characters(codec="utf-8")


@dataclass(frozen=True)
class Language:
    """Cells as a set of texts."""

    terms: Terms
    term: Term

    def takes(self, text: str) -> bool:
        return self.terms.takes(self.term, text)


@cache
def language(cells: Cells) -> Language:
    terms = Terms()
    return Language(terms, term_of_cells(terms, cells, read_codes))


def texts_of_pattern(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(re.compile(pattern), fullmatch=True, alphabet=UTF8)


def texts_of(cells: Cells) -> st.SearchStrategy[str]:
    """Texts that a cell may hold, drawn without the automaton."""
    match cells:
        case Shaped():
            return texts_of_pattern(cells.pattern)
        case Listed():
            return st.sampled_from(cells.values)
        case MultiListed():
            letters = st.lists(st.sampled_from(cells.values), min_size=1, unique=True)
            return letters.map("".join)
        case Coded():
            endings = st.just("") if cells.leading is None else texts_of_pattern("[.][0-9]{2}")
            return st.builds(str.__add__, st.sampled_from(sorted(read_codes(cells))), endings)
        case Numbered():
            return _numbers(cells)
        case Dated():
            days = st.dates(cells.earliest, cells.latest).map(str)
            return st.one_of(days, days.map(lambda day: day.replace("-", "")))


def _numbers(cells: Numbered) -> st.SearchStrategy[str]:
    """Within the bounds, on their grid of hundredths; written with as few decimals as there are."""
    least, most = (int(Decimal(bound) * 100) for bound in (cells.least, cells.most))
    if r"\." not in cells.pattern:
        return st.integers(least // 100, most // 100).map(str)
    drawn = st.integers(least, most).map(lambda cents: format(Decimal(cents) / 100, "f"))
    return st.one_of(drawn, st.sampled_from([cells.least, cells.most]))


def near_misses(cells: Cells) -> st.SearchStrategy[str]:
    """Good texts, spoiled by one character, or by a day."""
    letter = st.one_of(st.sampled_from("0159-+.;:, \nQqaAfFzZ_é١\x00"), UTF8)

    def spoil(text: str, place: int, replaced: int, letters: str) -> str:
        at = place % (len(text) + 1)
        return text[:at] + letters + text[at + replaced :]

    letters = st.one_of(st.just(""), letter)
    return st.builds(spoil, texts_of(cells), st.integers(0, 300), st.integers(0, 2), letters)


def beyond_bounds(cells: Cells) -> st.SearchStrategy[str]:
    """Texts at and just outside the bounds of numbers and days."""
    if isinstance(cells, Numbered):
        step = Decimal(1) if r"\." not in cells.pattern else Decimal("0.01")
        edges = [Decimal(b) + step * n for b in (cells.least, cells.most) for n in (-1, 0, 1)]
        return st.sampled_from([format(edge, "f") for edge in edges])
    if isinstance(cells, Dated):
        edges = [b + timedelta(days=n) for b in (cells.earliest, cells.latest) for n in (-1, 0, 1)]
        return st.sampled_from([*map(str, edges), "2023-02-29", "2024-02-29", "1900-02-29", "20001301"])
    return near_misses(cells)
