"""Every contract of the catalogue: example files are clean together, closed lists closed, terms whole.

The examples are read as a consortium would drop them: each is judged against the accepted rows of the ones
before it, so an example that names something no other example has is a failure.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from contracts import CONTRACTS
from contracts.compiler import compile_contract
from contracts.fields import BoxFirm, Flag, HexKey, OneOf, Privacy
from contracts.judge import CellFinding, disagreements, judge_rows
from contracts.model import Cadence, Party

EXAMPLES = Path(__file__).parent / "examples"
PLACE = {"submission_id": "S1", "box_firm_id": "F01", "box_period": "2026Q1"}

BY_FIRMS = (
    "establishment credential_recognition demand_requisition hiring_intent firm_performance enrollment "
    "credential placement wage comparison_wage skill_assessment incentive_award mentoring_pair "
    "support_service"
)
STATED_WHOLE = (
    "firm firm_succession membership_agreement governance_body member_role program credential_definition "
    "competency program_competency credential_component cohort funding_rule funding_tier performance_term "
    "occupation_reference unemployment_reference establishment credential_recognition"
)
FIRST_NINE = (
    "firm program credential_definition contribution disbursement enrollment credential placement wage"
)

Row = dict[str, object]
Known = Mapping[str, Sequence[Mapping[str, object]]]
Run = Callable[..., tuple[list[tuple[Any, ...]], list[dict[str, Any]]]]


def example_rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def placed(name: str, rows: Sequence[Mapping[str, str]]) -> list[Row]:
    blank = dict.fromkeys(CONTRACTS[name].column_names())
    return [{**blank, **PLACE, "record": record, **row} for record, row in enumerate(rows, 1)]


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, Any]]]:
    """What ``known`` has judged: once for all tests, for it takes seconds."""
    return {}


@pytest.fixture
def known(on_duckdb: Run, tables: dict[str, list[dict[str, Any]]]) -> Known:
    """The accepted example rows of every contract that another one looks up, by their context table."""
    if tables:
        return tables
    looked_up = {table.name for one in CONTRACTS.values() for table in compile_contract(one).context}
    for name, one in CONTRACTS.items():
        if f"ref_{name}" in looked_up:
            _, accepted = on_duckdb(compile_contract(one), placed(name, example_rows(name)), tables)
            tables[f"ref_{name}"] = accepted
    return tables


@pytest.mark.parametrize("name", CONTRACTS)
def test_example_is_accepted_without_a_word_on_both_engines(
    name: str, on_duckdb: Run, on_polars: Run, known: Known
) -> None:
    program, rows = compile_contract(CONTRACTS[name]), placed(name, example_rows(name))
    for run in (on_duckdb, on_polars):
        found, accepted = run(program, rows, known)
        assert found == []
        assert len(accepted) == len(rows) > 0


@pytest.mark.parametrize("name", CONTRACTS)
def test_example_fills_every_required_column(name: str) -> None:
    for row in example_rows(name):
        assert all(row[column] for column in CONTRACTS[name].required_columns())


def test_every_example_belongs_to_a_contract() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.csv")} == set(CONTRACTS)


@pytest.mark.parametrize("name", CONTRACTS)
def test_key_is_told_when_it_occurs_again(name: str, on_duckdb: Run, known: Known) -> None:
    row = example_rows(name)[0]
    found, _ = on_duckdb(compile_contract(CONTRACTS[name]), placed(name, [row, row]), known)
    assert {(record, code) for _, record, _, code, _ in found} == {
        (1, f"{CONTRACTS[name].meta.prefix}-301"),
        (2, f"{CONTRACTS[name].meta.prefix}-301"),
    }


@pytest.mark.parametrize("name", CONTRACTS)
def test_closed_lists_take_their_values_and_refuse_a_stranger(
    name: str, on_duckdb: Run, known: Known
) -> None:
    tried = list(values_and_strangers(name))
    rows = placed(name, [{**example_rows(name)[0], column: value} for column, value, _ in tried])
    found, _ = on_duckdb(compile_contract(CONTRACTS[name]), rows, known)
    refused = {(record, column) for _, record, column, code, _ in found if code == "CEL-160"}
    strangers = {(record, column) for record, (column, _, known_) in enumerate(tried, 1) if not known_}
    assert refused == strangers
    judged = judge_rows(CONTRACTS[name], rows, {})
    cells = {CellFinding(*one[:4]) for one in found if one[3] == "CEL-160"}
    assert disagreements(cells, {one for one in judged if one.code == "CEL-160"}) == (set(), set())


def values_and_strangers(name: str) -> Iterator[tuple[str, str, bool]]:
    """(column, value, whether it is listed) for every closed list of a contract."""
    for column in CONTRACTS[name].columns():
        field = column.field
        if isinstance(field, OneOf | Flag):
            codes = field.codes if isinstance(field, OneOf) else ("0", "1")
            yield from ((column.name, code, True) for code in codes)
            strange = (codes[0].lower() + "_", f" {codes[0]}", "NONE_OF_THESE")
            yield from ((column.name, code, False) for code in strange)


@pytest.mark.parametrize("name", CONTRACTS)
def test_columns_are_described_classed_and_typed(name: str) -> None:
    types = compile_contract(CONTRACTS[name]).columns
    for column in CONTRACTS[name].columns():
        assert column.field.description.endswith("."), column.name
        assert isinstance(column.field.privacy, Privacy)
        assert types[column.name].split("(")[0] in {"VARCHAR", "INTEGER", "DECIMAL", "DATE"}
        assert types[column.name] == column.field.column_type


@pytest.mark.parametrize("name", CONTRACTS)
def test_terms_are_stated(name: str) -> None:
    meta = CONTRACTS[name].meta
    assert meta.name == name
    assert meta.strict
    assert meta.description.endswith(".")
    assert meta.grain == " × ".join(meta.key)
    assert set(meta.key) <= set(CONTRACTS[name].column_names())
    assert meta.dropped_by is (Party.FIRM if name in BY_FIRMS.split() else Party.OPERATOR)
    assert meta.cadence is (Cadence.STATE if name in STATED_WHOLE.split() else Cadence.EVENTS)


def test_prefixes_and_codes_are_unique_in_the_catalogue() -> None:
    prefixes = [one.meta.prefix for one in CONTRACTS.values()]
    assert len(set(prefixes)) == len(prefixes)
    assert all(len(prefix) == 3 and prefix.isupper() for prefix in prefixes)
    codes = [rule.code for one in CONTRACTS.values() for rule in one.all_rules()]
    assert len(set(codes)) == len(codes)


def test_contracts_stand_behind_those_they_look_up_and_the_first_nine_keep_their_order() -> None:
    order = list(CONTRACTS)
    assert [name for name in order if name in FIRST_NINE.split()] == FIRST_NINE.split()
    for place, one in enumerate(CONTRACTS.values()):
        tables = (table.name for table in compile_contract(one).context)
        names = [name.removeprefix("ref_") for name in tables if name.startswith("ref_")]
        assert all(order.index(name) < place for name in names)


def test_firms_look_up_the_whole_consortium_only_in_what_the_operator_keeps() -> None:
    """A register of firms that others could look values up in would tell them what is in it."""
    for one in CONTRACTS.values():
        for column in one.columns():
            where = column.field.membership
            if where is not None and where.table.startswith("ref_"):
                assert CONTRACTS[where.table.removeprefix("ref_")].meta.dropped_by is Party.OPERATOR


def test_firm_id_is_the_boxs_own_where_firms_drop() -> None:
    for name in BY_FIRMS.split():
        for column in CONTRACTS[name].columns():
            if column.name == "firm_id":
                assert isinstance(column.field, BoxFirm)


def test_hashes_of_people_are_pseudonyms_with_an_epoch_beside() -> None:
    for one in CONTRACTS.values():
        for column in one.columns():
            if column.name in ("learner_key", "mentor_key", "mentee_key"):
                assert isinstance(column.field, HexKey)
                assert column.field.privacy is Privacy.PSEUDONYM
                assert "key_epoch" in one.column_names()
