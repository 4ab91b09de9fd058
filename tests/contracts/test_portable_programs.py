"""Gates and programs refuse what engines disagree on; what they keep compiles for Spark too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, ClassVar

import ibis
import ibis.expr.types as ir
import pytest

from contracts import CONTRACTS, contract
from contracts.compiler import compile_contract
from contracts.errors import ContractError
from contracts.fields import Identifier, Money
from contracts.gates import Gate
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.rules import RowRule, Rule

BEYOND = [
    *(
        "^a",
        "a$",
        r"\Aa",
        r"a\z",
        ".",
        "a.c",
        r"\d",
        r"\w+",
        r"\s",
        r"\bx",
        "(?i)a",
        "(?=a)",
        "(?!a)",
        "(?<=a)b",
    ),
    *("(?P<x>a)", r"(a)\1", "[[:alpha:]]", "[a&&b]", "[a[b]]", "é", "[é]", "a{1001}", "a{1,1001}", "[]", "["),
    *("(?:[a-z]{0,31};){0,49}", "(?:(?:a{10}){10}){11}"),
]
WITHIN = [
    *(
        "a",
        "a|b",
        "(a|b)+",
        "(?:ab)?",
        "[0-9]{4}",
        "a{1000}",
        r"\.",
        r"[^\x00-\x1F\x7F]*",
        "[A-Za-z_.-]",
        "x{0,3}",
    ),
    *("(?:[a-z]{0,31};)*", "(?:(?:a{10}){10}){10}", "a{500}b{1000}", "[+=@-]"),
]

Ok = Callable[[ir.Table], ir.BooleanValue]
BREAKING: dict[str, Ok] = {
    "decimal division": lambda t: t.paid / t.due < 2,
    "division by a column": lambda t: t.paid.cast("string").length() // t.name.length() > 1,
    "modulus by a column": lambda t: t.name.length() % t.name.length() == 0,
    "float": lambda t: t.paid.cast("float64") > 1,
    "decimal to whole number": lambda t: t.paid.cast("int32") > 1,
    "loose cast": lambda t: t.name.cast("int32") > 1,
    "ungated try_cast": lambda t: t.name.try_cast("int32") > 1,
    "loose pattern": lambda t: t.name.re_search("a"),
    "anchored by caret": lambda t: t.name.re_search("^a$"),
    "pattern beyond the subset": lambda t: t.name.re_search(r"\A(?:\d)\z"),
    "decimal constant": lambda t: t.paid > ibis.literal("1.5004", type="decimal(18,4)"),
    "upper case": lambda t: t.name.upper() == "A",
    "replacement by pattern": lambda t: t.name.re_replace("a", "b") == "b",
    "timestamp": lambda t: t.name.try_cast("timestamp").notnull(),
    "hash": lambda t: t.name.hash() > 0,
}
KEEPING: dict[str, Ok] = {
    "cross-multiplied": lambda t: t.paid < t.due * 2,
    "constant divisor": lambda t: t.name.length() // 2 > 1,
    "constant from text": lambda t: t.paid > ibis.literal("1.5004").cast("decimal(18,4)"),
    "gated": lambda t: (
        Gate("[0-9]{1,3}").matches(t.name).ifelse(t.name, ibis.null("string")).try_cast("int32") > 1
    ),
}


@pytest.mark.parametrize("pattern", BEYOND)
def test_gate_is_refused_when_its_pattern_leaves_the_subset(pattern: str) -> None:
    with pytest.raises(ContractError, match="CTR-001"):
        Gate(pattern)


@pytest.mark.parametrize("pattern", WITHIN)
def test_gate_is_taken_when_its_pattern_is_portable(pattern: str) -> None:
    assert Gate(pattern).pattern == pattern


@pytest.mark.parametrize("tail", ["\n", "\r", "\r\n", "\0", " ", "\u2028", "\u0085"])
def test_gate_admits_no_tail(tail: str) -> None:
    assert Gate("[0-9]+").admits("12")
    assert not Gate("[0-9]+").admits("12" + tail)
    assert not Gate("[0-9]+").admits(tail + "12")


def contract_with(ok: Ok) -> type[Contract]:
    class Trial(Contract):
        meta: ClassVar[ContractMeta] = ContractMeta(
            name="trial",
            version="1.0.0",
            prefix="TRL",
            title="Trial",
            description="A rule on trial.",
            grain="name",
            key=("name",),
            dropped_by=Party.FIRM,
            cadence=Cadence.EVENTS,
        )
        name: Annotated[str, Identifier(description="Key.")]
        paid: Annotated[str, Money(description="Paid.")]
        due: Annotated[str, Money(description="Due.")]
        rules: ClassVar[tuple[Rule, ...]] = (
            RowRule(
                code="TRL-201", needs=("name", "paid", "due"), ok=ok, message="m", hint="h", rationale="r"
            ),
        )

    return Trial


@pytest.mark.parametrize("ok", BREAKING.values(), ids=BREAKING.keys())
def test_rule_is_refused_when_engines_disagree_on_it(ok: Ok) -> None:
    with pytest.raises(ContractError, match=r"CTR-00[17]"):
        compile_contract(contract_with(ok))


@pytest.mark.parametrize("ok", KEEPING.values(), ids=KEEPING.keys())
def test_rule_is_compiled_when_engines_agree_on_it(ok: Ok) -> None:
    assert "TRL-201" in compile_contract(contract_with(ok)).sql_violations()


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_program_compiles_for_spark_without_what_spark_lacks(name: str) -> None:
    program = compile_contract(contract(name))
    for sql in (program.sql_violations("pyspark"), program.sql_accepted("pyspark")):
        assert "EXCLUDE" not in sql.upper()
        assert "UNION ALL" not in sql.upper()


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_program_is_the_same_text_every_time(name: str) -> None:
    once = compile_contract(contract(name))
    compile_contract.cache_clear()
    again = compile_contract(contract(name))
    assert again is not once
    assert again.sql_violations() == once.sql_violations()
    assert again.sql_accepted() == once.sql_accepted()
