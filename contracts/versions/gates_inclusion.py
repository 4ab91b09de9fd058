"""Whether one kind of cell takes every text another takes, decided exactly; a shortest text tells if not.

Shapes, lists, code sets, bounds of numbers and days all become terms, so there is one decision and no case
left undetermined. Boxes and registers cannot be written down and are compared by name in ``diff``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal

from contracts.versions.description import Cells, Coded, Dated, Listed, MultiListed, Numbered, Shaped
from contracts.versions.patterns import term_of_pattern
from contracts.versions.ranges import term_of_days, term_of_numbers
from contracts.versions.terms import MOST_TERMS, NOTHING, SYMBOLS, Term, Terms, symbols_of

ReadCodes = Callable[[Coded], Collection[str]]
"""The codes of a published set at the edition a description names."""


def taken_only_by(
    one: Cells, other: Cells, read_codes: ReadCodes, most_terms: int = MOST_TERMS
) -> str | None:
    """A shortest text that ``one`` takes and ``other`` refuses; None when there is none.

    The text is made from the two shapes and is nobody's data. ContractError CTR-032 when the comparison needs
    more than ``most_terms`` terms.
    """
    if one == other:
        return None
    terms = Terms(most_terms)
    first, second = term_of_cells(terms, one, read_codes), term_of_cells(terms, other, read_codes)
    return terms.shortest(terms.both(first, terms.other_than(second)))


def admits(cells: Cells, text: str, read_codes: ReadCodes) -> bool:
    """Whether a cell may hold this text, by the description alone."""
    terms = Terms()
    return terms.takes(term_of_cells(terms, cells, read_codes), text)


def term_of_cells(terms: Terms, cells: Cells, read_codes: ReadCodes) -> Term:
    """The set of texts a cell may hold."""
    match cells:
        case Shaped():
            return _shaped(terms, cells)
        case Listed():
            return terms.words(cells.values)
        case MultiListed():
            return _several(terms, cells.values)
        case Coded():
            return _coded(terms, cells, read_codes(cells))
        case Numbered():
            within = term_of_numbers(terms, Decimal(cells.least), Decimal(cells.most))
            return terms.both(term_of_pattern(terms, cells.pattern), within)
        case Dated():
            shapes = terms.either(*(term_of_pattern(terms, pattern) for pattern in cells.patterns))
            return terms.both(shapes, term_of_days(terms, cells.earliest, cells.latest))


def _shaped(terms: Terms, cells: Shaped) -> Term:
    shape = term_of_pattern(terms, cells.pattern)
    if cells.without is None:
        return shape
    return terms.both(shape, terms.other_than(term_of_pattern(terms, cells.without)))


def _several(terms: Terms, values: Collection[str]) -> Term:
    """At least one of the letters, none of them twice."""
    letter = terms.one_of(symbol for value in values for symbol in symbols_of(value))
    twice = [terms.then(terms.everything, terms.text(v), terms.everything, terms.text(v)) for v in values]
    none_twice = [terms.other_than(terms.then(one, terms.everything)) for one in twice]
    return terms.both(terms.times(letter, 1), *none_twice)


def _coded(terms: Terms, cells: Coded, codes: Collection[str]) -> Term:
    """Looked up by first characters, any text that begins so is taken; a shorter one is looked up whole."""
    shape, leading = term_of_pattern(terms, cells.pattern), cells.leading
    if leading is None:
        return terms.both(shape, terms.words(codes))
    beginnings = terms.words(code for code in codes if len(code) == leading)
    begun = terms.then(beginnings, terms.times(terms.one_of(SYMBOLS)))
    whole = terms.words(code for code in codes if len(code) < leading)
    return terms.both(shape, terms.either(begun, whole)) if codes else NOTHING
