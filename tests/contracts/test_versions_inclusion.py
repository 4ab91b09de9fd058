"""Inclusion is decided exactly: every verdict is checked against Python's own engine and plain arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contracts import CONTRACTS
from contracts.codesets import CODESETS, codeset
from contracts.errors import ContractError
from contracts.fields import Field, Surroundings
from contracts.fields.times import IsoDate
from contracts.gates import Gate
from contracts.versions.describe import cells_of
from contracts.versions.description import Cells, Coded, Dated, Listed, MultiListed, Numbered, Shaped
from contracts.versions.gates_inclusion import admits, taken_only_by
from contracts.versions.history import read_codes
from tests.contracts.drawn_cells import beyond_bounds, language, near_misses, texts_of, texts_of_pattern

AMOUNT = r"-?[0-9]{1,18}(?:\.[0-9]{1,2})?"
DAYS = (IsoDate.dashed.pattern, IsoDate.compact.pattern)
LISTS = Surroundings(lists={f"codeset_{name}": codeset(name) for name in CODESETS})


def only(one: Cells, other: Cells) -> str | None:
    return taken_only_by(one, other, read_codes)


def shape(pattern: str) -> Shaped:
    return Shaped(pattern=pattern)


def number(least: str, most: str, pattern: str = AMOUNT) -> Numbered:
    return Numbered(pattern=pattern, least=least, most=most)


def days(earliest: date, latest: date, *patterns: str) -> Dated:
    return Dated(patterns=patterns or DAYS, earliest=earliest, latest=latest)


def span(text: str, *patterns: str) -> Dated:
    """Days written ``19500101-21001231``."""
    return days(*map(date.fromisoformat, text.split("-")), *patterns)


ATOMS = st.sampled_from(["a", "b", "ab", "[ab]", "[^\\x00-\\x1Fa]", "[a-c]", r"\.", "-", "[b.-]", "(?:ba|a)"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repeat = st.sampled_from(["?", "*", "+", "{2}", "{0,3}", "{1,2}"])
    return st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds("(?:{}){}".format, inner, repeat),
    )


PATTERNS = st.recursive(ATOMS, _larger, max_leaves=6)

SAME_EVERY_TIME = settings(deadline=None, max_examples=300, derandomize=True)
"""Python's own matcher, the oracle here, never ends on some patterns: drawn anew, a run could hang."""


@SAME_EVERY_TIME
@given(
    one=PATTERNS, form=st.sampled_from(["{0}|{1}", "(?:{0})?", "(?:{0})*", "{1}", "{0}{1}"]), data=st.data()
)
def test_inclusion_agrees_with_python_when_patterns_are_drawn(
    one: str, form: str, data: st.DataObject
) -> None:
    other = form.format(one, data.draw(PATTERNS))
    for first, second in ((one, other), (other, one)):
        proof = only(shape(first), shape(second))
        if proof is None:
            text = data.draw(texts_of_pattern(first))
            assert re.fullmatch(second, text)
        else:
            assert re.fullmatch(first, proof)
            assert not re.fullmatch(second, proof)


@SAME_EVERY_TIME
@given(pattern=PATTERNS, data=st.data())
def test_shape_takes_what_its_gate_admits_when_texts_are_drawn(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.one_of(near_misses(shape(pattern)), st.text("abc.-é\n", max_size=6)))
    assert language(shape(pattern)).takes(text) == Gate(pattern).admits(text)


@pytest.mark.parametrize(
    ("one", "other", "there", "back"),
    [
        (shape("[0-9a-f]{64}"), shape("[0-9a-fA-F]{64}"), None, "0" * 63 + "A"),
        (shape("(?:a{10}){10}"), shape("a{100}"), None, None),
        (shape("a{1000}"), shape("a{999}"), "a" * 1000, "a" * 999),
        (shape("[a-c]+"), shape("(?:a|b|c)(?:a|b|c)*"), None, None),
        (shape("[^\\x00-\\x1F]"), shape("[ -~]".replace("-~", "!-~")), "\x7f", None),
        (number("0", "1200"), number("0", "1200.00"), None, None),
        (number("0", "1200"), number("0", "1199.99"), "1200", None),
        (number("-3.5", "8"), number("-3.49", "8"), "-3.5", None),
        (number("0", "1200.009"), number("0", "1200"), None, None),
        (number("0", "9", "[0-9]{1,18}"), number("0", "9", AMOUNT), None, "-0"),
        (number("5", "4"), number("7", "7"), None, "7"),
        (span("19500101-21001231"), span("19500102-21001231"), "19500101", None),
        (span("20230228-20230301"), span("20230101-20231231"), None, "20230101"),
        (span("20240229-20240229"), shape("20240229|2024-02-29"), None, None),
        (span("00010101-99991231"), span("00010101-99991231", DAYS[0]), "00010101", None),
        (Listed(values=("A", "B")), shape("[A-Z]"), None, "C"),
        (MultiListed(values=("1", "2")), shape("1|2|12|21"), None, None),
        (MultiListed(values=("1", "2")), MultiListed(values=("1", "2", "3")), None, "3"),
    ],
)
def test_inclusion_is_decided_with_a_proof_when_cells_are_given(
    one: Cells, other: Cells, there: str | None, back: str | None
) -> None:
    assert (only(one, other), only(other, one)) == (there, back)


@settings(deadline=None, max_examples=150)
@given(bounds=st.tuples(*[st.integers(-2000, 2000)] * 4))
def test_bounds_of_numbers_compare_as_arithmetic_does_when_drawn(bounds: tuple[int, int, int, int]) -> None:
    a, b, c, d = bounds
    one, other = (number(*(format(Decimal(n) / 100, "f") for n in pair)) for pair in ((a, b), (c, d)))
    assert (only(one, other) is None) == (b < a or c <= a <= b <= d)


@settings(deadline=None, max_examples=40)
@given(bounds=st.tuples(*[st.dates(date(1999, 1, 1), date(2005, 1, 1))] * 4))
def test_bounds_of_days_compare_as_the_calendar_does_when_drawn(
    bounds: tuple[date, date, date, date],
) -> None:
    a, b, c, d = bounds
    assert (only(days(a, b), days(c, d)) is None) == (b < a or c <= a <= b <= d)


def test_code_set_of_another_edition_is_compared_code_by_code() -> None:
    newer = codeset("county_fips") - {"06037"}
    old = Coded(pattern="[0-9]{5}", code_set="county_fips", sha256="old")
    new = old.model_copy(update={"sha256": "new"})

    def codes(of: Coded) -> frozenset[str]:
        return codeset("county_fips") if of.sha256 == "old" else newer

    assert taken_only_by(old, new, codes) == "06037"
    assert taken_only_by(new, old, codes) is None


def test_code_looked_up_by_its_beginning_takes_any_ending_of_its_shape() -> None:
    cells = Coded(pattern=r"[0-9]{2}-[0-9]{4}\.[0-9]{2}", code_set="s", sha256="", leading=7)
    assert admits(cells, "49-9041.07", lambda _: {"49-9041"})
    assert not admits(cells, "49-9042.07", lambda _: {"49-9041"})
    assert not admits(cells, "49-9041", lambda _: {"49-9041"})


def test_comparison_is_given_up_with_an_error_when_it_is_too_large() -> None:
    explosive = shape("[ab]*a[ab]{14}")
    with pytest.raises(ContractError, match="CTR-032"):
        taken_only_by(explosive, shape("[ab]*b[ab]{14}"), read_codes, most_terms=5_000)


def test_pattern_beyond_the_subset_is_refused_when_compared() -> None:
    with pytest.raises(ContractError, match="CTR-001"):
        only(shape(r"\d"), shape("[0-9]"))


def kinds() -> Iterator[Any]:
    """Every field of every contract, once per set of texts."""
    seen: dict[tuple[type[Field], Cells], str] = {}
    for contract in CONTRACTS.values():
        for column in contract.columns():
            place = (type(column.field), cells_of(column.field))
            if place not in seen:
                seen[place] = f"{contract.meta.name}.{column.name}"
                yield pytest.param(column.field, id=seen[place])


@cache
def adapter(kind: Field) -> TypeAdapter[Any]:
    return TypeAdapter(Annotated[str, kind])


def is_taken(kind: Field, text: str) -> bool:
    try:
        adapter(kind).validate_python(text, context=LISTS)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("kind", list(kinds()))
def test_description_takes_exactly_what_the_field_takes(kind: Field) -> None:
    cells = cells_of(kind)
    surely = texts_of(cells)

    @settings(deadline=None, max_examples=40, database=None)
    @given(st.one_of(surely, near_misses(cells), beyond_bounds(cells)))
    def agree(text: str) -> None:
        assert language(cells).takes(text) == is_taken(kind, text)

    agree()
