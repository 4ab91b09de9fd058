"""Soundness: what the compiled program accepts, pydantic accepts with the same value; engines agree too.

Texts are drawn near the border of every kind: valid ones, valid ones with something alien spliced in, noise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contracts.codesets import codeset
from contracts.compiler import Program, compile_contract
from contracts.fields import (
    BoxFirm,
    BoxQuarter,
    Code,
    Field,
    Flag,
    HexKey,
    Identifier,
    IsoDate,
    Money,
    MultiDigit,
    OneOf,
    Quantity,
    QuarterField,
    Ref,
    Surroundings,
    Text,
    WholeNumber,
)
from contracts.gates import Gate
from contracts.model import Cadence, Contract, ContractMeta, Party

Run = Callable[..., tuple[list[tuple[Any, ...]], list[dict[str, Any]]]]

CELLS_AT_ONCE = 150
ROUNDS = 20
SAID = {"description": "A cell on trial."}
SOC = Gate("[0-9]{2}-[0-9]{4}")

KINDS: dict[str, tuple[Field, Any, st.SearchStrategy[str]]] = {
    "hex_key": (HexKey(**SAID), str, st.binary(min_size=32, max_size=32).map(bytes.hex)),
    "identifier": (Identifier(**SAID), str, st.text("ABCxyz019_.-", min_size=1, max_size=34)),
    "text": (Text(most=20, **SAID), str, st.text(min_size=1, max_size=22)),
    "box_firm": (BoxFirm(**SAID), str, st.sampled_from(["F01", "F02", "F0", "F011"])),
    "ref": (Ref("program", key="program_id", **SAID), str, st.sampled_from(["P01", "P02", "P03", "P0"])),
    "date": (
        IsoDate(earliest=date(1, 1, 1), latest=date(9999, 12, 31), **SAID),
        date,
        st.one_of(
            st.dates().map(str),
            st.dates().map(lambda day: str(day).replace("-", "")),
            st.from_regex(r"\A[0-9]{4}-[01][0-9]-[0-3][0-9]\Z"),
            st.from_regex(r"\A[0-9]{8}\Z"),
        ),
    ),
    "event_date": (IsoDate(**SAID), date, st.dates(date(1949, 12, 1), date(2101, 2, 1)).map(str)),
    "quarter": (QuarterField(**SAID), str, st.from_regex(r"\A[0-9]{4}Q[0-5]\Z")),
    "box_quarter": (BoxQuarter(**SAID), str, st.sampled_from(["2026Q1", "2026Q2", "2026Q5", "0000Q1"])),
    "money": (
        Money(**SAID),
        Decimal,
        st.one_of(
            st.decimals(-5, 10**11, places=2).map(str),
            st.decimals(0, 10, places=3).map(str),
            st.floats().map(str),
            st.integers(-(10**20), 10**20).map(str),
        ),
    ),
    "quantity": (Quantity(most="1200", **SAID), Decimal, st.decimals(-1, 1210, places=2).map(str)),
    "whole_number": (
        WholeNumber(least=14, most=99, **SAID),
        int,
        st.one_of(
            st.integers(-20, 120).map(str), st.integers(-(2**70), 2**70).map(str), st.floats().map(str)
        ),
    ),
    "flag": (Flag(**SAID), int, st.sampled_from(["0", "1", "2", "01", "1.0", "true"])),
    "one_of": (OneOf(("00", "01", "FT"), **SAID), str, st.sampled_from(["00", "01", "FT", "ft", "0"])),
    "multi_digit": (
        MultiDigit({str(digit): "" for digit in range(1, 10)}, **SAID),
        str,
        st.text("123456789", min_size=1, max_size=10),
    ),
    "code": (
        Code("soc_2018", shape=SOC, like="", **SAID),
        str,
        st.one_of(
            st.sampled_from(sorted(codeset("soc_2018"))), st.from_regex(r"\A[0-9]{2}-[0-9]{3}[0-9]?\Z")
        ),
    ),
    "leading_code": (
        Code("soc_2018", shape=Gate(r"[0-9]{2}-[0-9]{4}\.[0-9]{2}"), like="", leading=7, **SAID),
        str,
        st.tuples(st.sampled_from(["49-9041", "49-9999", "99-9998"]), st.sampled_from([".00", ".1", ""])).map(
            "".join
        ),
    ),
    "shape": (Code(None, shape=Gate("[0-9]{5}"), like="", **SAID), str, st.text("0123456789", max_size=6)),
}

ALIEN = st.sampled_from(
    [
        *" \t\n\r\0\x0b\x85\u00a0\u200b\ufeff",
        *"+-.,_eEx$%/:;=\\'\"",
        *"٣５０१",
        "é",
        "e\u0301",
        "−",
        "Ⅷ",
        "🦉",
        "Z",
    ]
)


def spliced(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A text with one alien character put in, put over or put behind."""

    @st.composite
    def splice(draw: st.DrawFn) -> str:
        text, alien = draw(texts), draw(ALIEN)
        at = draw(st.integers(0, len(text)))
        return text[:at] + alien + text[at + draw(st.integers(0, 1)) :]

    return splice()


def cells(valid: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    noise = st.text(st.characters(codec="utf-8"), max_size=12)
    one = st.one_of(valid, valid, spliced(valid), spliced(valid), noise).filter(bool)
    return st.lists(one, min_size=CELLS_AT_ONCE, max_size=CELLS_AT_ONCE)


def probe(kind: Field, python: Any) -> type[Contract]:
    """A contract of one column on trial and a key."""
    meta = ContractMeta(
        **dict.fromkeys(("name", "version", "title", "description", "grain"), "probe"),
        prefix="PRB",
        key=("row",),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )
    columns = {"row": Annotated[str, Identifier(**SAID)], "cell": Annotated[python | None, kind]}
    names = {"__module__": __name__, "__annotations__": columns, "cell": None, "meta": meta}
    return type(Contract)("Probe", (Contract,), names)


PROGRAMS = {name: compile_contract(probe(kind, python)) for name, (kind, python, _) in KINDS.items()}


def rows_of(texts: list[str]) -> list[dict[str, object]]:
    place = {"submission_id": "S1", "box_firm_id": "F01", "box_period": "2026Q1"}
    return [{**place, "record": n, "row": f"R{n}", "cell": text} for n, text in enumerate(texts)]


def verdicts(found: list[tuple[Any, ...]], accepted: list[dict[str, Any]]) -> dict[int, object]:
    """By record: the code, or the typed value with its type; every record has exactly one verdict."""
    codes = {record: code for _, record, _, code, _ in found}
    values = {row["record"]: (type(row["cell"]), row["cell"]) for row in accepted}
    assert not codes.keys() & values.keys()
    assert len(codes) == len(found)
    return {**codes, **values}


def judged_by_pydantic(adapter: TypeAdapter[Any], texts: list[str]) -> Iterator[tuple[int, object]]:
    lists = {"codeset_soc_2018": codeset("soc_2018"), "ref_program": frozenset({"P01", "P02"})}
    around = Surroundings("F01", "2026Q1", lists)
    for record, text in enumerate(texts):
        try:
            value = adapter.validate_python(text, context=around)
        except ValidationError as error:
            yield record, error.errors()[0]["type"]
        else:
            yield record, (type(value), value)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_program_and_pydantic_give_every_cell_the_same_verdict(name: str, on_duckdb: Run) -> None:
    kind, python, valid = KINDS[name]
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[python | None, kind])
    program: Program = PROGRAMS[name]

    @settings(max_examples=ROUNDS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cells(valid))
    def agree(texts: list[str]) -> None:
        told = verdicts(*on_duckdb(program, rows_of(texts)))
        assert told == dict(judged_by_pydantic(adapter, texts))

    agree()


@pytest.mark.parametrize("name", sorted(KINDS))
def test_polars_gives_every_cell_the_same_verdict(name: str, on_duckdb: Run, on_polars: Run) -> None:
    program: Program = PROGRAMS[name]

    @settings(max_examples=ROUNDS // 4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cells(KINDS[name][2]))
    def agree(texts: list[str]) -> None:
        rows = rows_of(texts)
        assert verdicts(*on_duckdb(program, rows)) == verdicts(*on_polars(program, rows))

    agree()
