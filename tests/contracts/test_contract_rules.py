"""Rules beyond the cell: each broken and kept, masked only by what they look at, blind to other boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from contracts import CONTRACTS, contract
from contracts.codes import Severity
from contracts.compiler import compile_contract
from tests.contracts.conftest import GOOD

Check = Callable[..., Any]
Row = Mapping[str, str]

KEY = "0123456789abcdef" * 4
OTHER_KEY = "f" * 64

ENTRY = "2025-03-01"
BROKEN: list[tuple[str, str, Row]] = [
    ("enrollment", "ENR-201", {"entry_date": ENTRY, "training_start_date": "2025-02-28"}),
    ("enrollment", "ENR-202", {"training_start_date": "2025-03-02", "training_end_date": "20250301"}),
    ("enrollment", "ENR-203", {"training_completed": "1"}),
    ("enrollment", "ENR-204", {"entry_date": ENTRY, "exit_date": "2025-02-28"}),
    ("enrollment", "ENR-205", {"training_end_date": "2025-06-02", "exit_date": "2025-06-01"}),
    ("enrollment", "ENR-206", {"other_reason_for_exit": "02"}),
    ("credential", "CRD-201", {"attained_date": "2025-09-01", "valid_until": "2025-08-31"}),
    ("credential", "CRD-202", {"status": "REVOKED"}),
    ("placement", "PLC-201", {"job_end_date": "2025-09-30", "separation_reason": "QUIT"}),
    ("placement", "PLC-202", {"job_end_date": "2025-12-31"}),
    ("placement", "PLC-202", {"separation_reason": "QUIT"}),
    ("placement", "PLC-203", {"proficiency_date": "2025-09-30"}),
    ("placement", "PLC-203", {"full_productivity_date": "2025-09-30"}),
    ("placement", "PLC-203", {"proficiency_date": "2025-12-02", "full_productivity_date": "2025-12-01"}),
    ("wage", "WAG-201", {"hours_worked": "480.01", "hours_paid": "480"}),
    ("wage", "WAG-202", {"gross_wages_usd": "724.99", "hours_paid": "100"}),
    ("firm", "FRM-201", {"valid_from": "2025-01-02", "valid_to": "2025-01-01"}),
    ("program", "PRG-201", {"effective_from": "2025-01-02", "effective_to": "2025-01-01"}),
    ("credential_definition", "CDF-201", {"valid_from": "2025-01-02", "valid_to": "2025-01-01"}),
    ("contribution", "CON-201", {"kind": "IN_KIND"}),
    ("contribution", "CON-201", {"kind": "IN_KIND", "in_kind_category": "FACILITY"}),
    ("contribution", "CON-202", {"match_amount_usd": "0.01"}),
    ("contribution", "CON-202", {"matched_by": "PUBLIC_STATE"}),
    ("contribution", "CON-202", {"matched_by": "PUBLIC_STATE", "match_amount_usd": "0"}),
]
KEPT: list[tuple[str, Row]] = [
    ("enrollment", {"training_start_date": ENTRY, "training_end_date": ENTRY, "exit_date": ENTRY}),
    ("enrollment", {"training_start_date": "2025-03-02", "exit_date": "20250303"}),
    ("enrollment", {"training_completed": "1", "training_end_date": "2025-06-01"}),
    ("enrollment", {"training_completed": "0"}),
    ("enrollment", {"other_reason_for_exit": "00"}),
    ("enrollment", {"other_reason_for_exit": "02", "exit_date": "2025-06-01"}),
    ("credential", {"attained_date": "2025-09-01", "valid_until": "2025-09-01"}),
    ("credential", {"status": "EXPIRED", "status_date": "2026-01-01"}),
    ("placement", {"job_end_date": "2025-10-01", "separation_reason": "QUIT"}),
    ("placement", {"proficiency_date": "2025-10-01", "full_productivity_date": "2025-10-01"}),
    ("wage", {"hours_worked": "480", "hours_paid": "480"}),
    ("wage", {"hours_worked": "479.99", "hours_paid": "480"}),
    ("wage", {"gross_wages_usd": "725.00", "hours_paid": "100"}),
    ("wage", {"gross_wages_usd": "725.01", "hours_paid": "100"}),
    ("wage", {"gross_wages_usd": "0", "hours_paid": "100"}),
    ("wage", {"gross_wages_usd": "1", "hours_paid": "0"}),
    ("wage", {"gross_wages_usd": "1"}),
    ("firm", {"valid_from": "2025-01-01", "valid_to": "2025-01-01"}),
    ("contribution", {"kind": "IN_KIND", "in_kind_category": "FACILITY", "valuation_method": "market rent"}),
    ("contribution", {"match_amount_usd": "0"}),
    ("contribution", {"match_amount_usd": "0.01", "matched_by": "PHILANTHROPY"}),
]
ENROLLED = {"box_firm_id": "F01", "learner_key": KEY, "program_id": "P01", "entry_date": date(2025, 9, 1)}


@pytest.mark.parametrize("name,code,row", BROKEN)
def test_rule_is_told_once_when_it_is_broken(check: Check, name: str, code: str, row: Row) -> None:
    outcome = check(name, row)
    assert {found for _, found in outcome.of(1)} == {code}
    severity = next(rule.severity for rule in CONTRACTS[name].all_rules() if rule.code == code)
    assert outcome.severities == {code: severity}
    assert (1 in outcome.accepted) is (severity is Severity.WARNING)


@pytest.mark.parametrize("name,row", KEPT)
def test_rule_is_silent_when_it_is_kept(check: Check, name: str, row: Row) -> None:
    assert check(name, row).findings == frozenset()


def test_every_row_rule_is_planted() -> None:
    rules = {rule.code for name in GOOD for rule in CONTRACTS[name].rules if "-2" in rule.code}
    assert {code for _, code, _ in BROKEN} == rules


def test_broken_rule_is_told_when_another_column_is_bad(check: Check) -> None:
    outcome = check(
        "wage", {"gross_wages_usd": "1", "hours_paid": "100", "worker_type": "?", "key_epoch": ""}
    )
    assert outcome.of(1) == {
        ("gross_wages_usd", "WAG-202"),
        ("worker_type", "CEL-160"),
        ("key_epoch", "CEL-101"),
    }


def test_all_broken_rules_of_a_row_are_told(check: Check) -> None:
    outcome = check("enrollment", {"training_start_date": "2025-02-01", "exit_date": "2025-01-01"})
    assert {code for _, code in outcome.of(1)} == {"ENR-201", "ENR-204"}


@pytest.mark.parametrize(
    "name,row,told",
    [
        ("wage", {"gross_wages_usd": "1,0", "hours_paid": "100"}, {"CEL-140"}),
        ("wage", {"gross_wages_usd": "-1", "hours_paid": "100"}, {"CEL-142"}),
        ("enrollment", {"entry_date": "2025-02-30", "exit_date": "2025-01-01"}, {"CEL-121"}),
        ("enrollment", {"training_completed": "1", "training_end_date": "soon"}, {"CEL-120"}),
        ("enrollment", {"training_completed": "2"}, {"CEL-160"}),
        ("placement", {"separation_reason": "QUIT", "job_end_date": "?"}, {"CEL-120"}),
        ("placement", {"separation_reason": "QUITS"}, {"CEL-160"}),
        ("contribution", {"match_amount_usd": "5", "matched_by": "STATE"}, {"CEL-160"}),
    ],
)
def test_rule_is_not_judged_when_a_cell_it_looks_at_is_bad(
    check: Check, name: str, row: Row, told: set[str]
) -> None:
    assert {code for _, code in check(name, row).of(1)} == told


def test_every_member_of_a_group_is_told_when_a_key_occurs_again(check: Check) -> None:
    outcome = check("wage", {}, {"learner_key": OTHER_KEY}, {"gross_wages_usd": "1"}, {"hours_paid": "x"})
    assert [outcome.of(record) for record in (1, 2, 3)] == [
        {("learner_key", "WAG-301")},
        set(),
        {("learner_key", "WAG-301")},
    ]
    assert outcome.of(4) == {("learner_key", "WAG-301"), ("hours_paid", "CEL-140")}


@pytest.mark.parametrize("bad", [{"learner_key": ""}, {"learner_key": "x"}, {"year_quarter": "2026Q2"}])
def test_rows_are_no_duplicates_when_their_key_is_blank_or_bad(check: Check, bad: Row) -> None:
    assert "WAG-301" not in check("wage", bad, bad).codes


def test_one_day_in_two_spellings_is_one_key(check: Check) -> None:
    rows = ({"entry_date": "2025-03-01"}, {"entry_date": "20250301"}, {"entry_date": "2025-03-02"})
    outcome = check("enrollment", *rows)
    assert {record for record, _, code in outcome.findings if code == "ENR-301"} == {1, 2}


def test_same_key_is_no_duplicate_when_it_comes_in_another_submission(check: Check) -> None:
    assert check("enrollment", {}, {"submission_id": "S2"}).findings == frozenset()
    assert check("enrollment", {}, {"submission_id": "S2", "box_firm_id": "F02"}).findings == frozenset()


def test_blank_in_an_optional_part_of_a_key_is_a_value(check: Check) -> None:
    outcome = check("firm", {}, {}, {"valid_from": "2025-01-01"}, {"valid_from": "?"})
    told = {(record, code) for record, _, code in outcome.findings}
    assert told == {(1, "FRM-301"), (2, "FRM-301"), (4, "CEL-120")}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_duplicates_are_told_in_every_contract(check: Check, name: str) -> None:
    assert check(name, {}, {}).codes >= {f"{CONTRACTS[name].meta.prefix}-301"}


def test_participant_without_an_own_enrollment_is_told_and_let_in(check: Check) -> None:
    outcome = check("wage", {"participant_flag": "1"})
    assert outcome.of(1) == {("participant_flag", "WAG-401")}
    assert outcome.severities == {"WAG-401": "WARNING"}
    assert outcome.accepted[1]["participant_flag"] == 1


def test_another_firms_enrollment_neither_helps_nor_shows(check: Check) -> None:
    foreign = {"ref_enrollment": [{**ENROLLED, "box_firm_id": "F02"}]}
    flagged, unflagged = {"participant_flag": "1"}, {"participant_flag": "0", "learner_key": OTHER_KEY}
    assert check("wage", flagged, unflagged, context=foreign).of(1) == {("participant_flag", "WAG-401")}
    assert check("wage", flagged, unflagged, context=foreign).of(2) == set()


@pytest.mark.parametrize(
    "name,row",
    [
        ("wage", {"participant_flag": "1"}),
        ("placement", {"hire_source": "CONSORTIUM_PROGRAM"}),
        ("credential", {"program_id": "P01", "attained_date": "2025-09-01"}),
        ("credential", {"program_id": "P01", "attained_date": "2025-09-02"}),
    ],
)
def test_cross_rule_is_silent_when_the_box_has_the_enrollment(check: Check, name: str, row: Row) -> None:
    twice = {"ref_enrollment": [ENROLLED, {**ENROLLED, "entry_date": date(2025, 12, 1)}]}
    assert check(name, row, context=twice).findings == frozenset()


def test_placement_out_of_a_program_is_told_when_the_learner_was_never_enrolled(check: Check) -> None:
    outcome = check(
        "placement", {"hire_source": "CONSORTIUM_PROGRAM"}, {"hire_source": "EXTERNAL", "position_key": "J2"}
    )
    assert outcome.of(1) == {("hire_source", "PLC-401")}
    assert outcome.of(2) == set()
    assert set(outcome.accepted) == {1, 2}


@pytest.mark.parametrize(
    "row,told",
    [
        ({"program_id": "P01", "attained_date": "2025-08-31"}, True),
        ({"program_id": "P01", "attained_date": "2025-09-01"}, False),
        ({"program_id": "P02"}, True),
        ({"program_id": ""}, False),
        ({"program_id": "P99"}, False),
        ({"program_id": "P01", "learner_key": OTHER_KEY}, True),
    ],
)
def test_credential_is_held_against_the_first_entry_into_its_program(
    check: Check, row: Row, told: bool
) -> None:
    outcome = check("credential", row, context={"ref_enrollment": [ENROLLED]})
    assert ("CRD-401" in outcome.codes) is told


def test_cross_rule_is_told_when_another_cell_is_bad_and_masked_when_its_own_is(check: Check) -> None:
    outcome = check(
        "wage", {"participant_flag": "1", "hours_paid": "x"}, {"participant_flag": "1", "learner_key": "x"}
    )
    assert outcome.of(1) == {("participant_flag", "WAG-401"), ("hours_paid", "CEL-140")}
    assert outcome.of(2) == {("learner_key", "CEL-110")}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_engines_agree_on_every_planted_rule(
    name: str, spoil: Check, on_duckdb: Check, on_polars: Check
) -> None:
    planted = [row for where, _, row in BROKEN if where == name] + [
        row for where, row in KEPT if where == name
    ]
    crossing = {"wage": {"participant_flag": "1"}, "placement": {"hire_source": "CONSORTIUM_PROGRAM"}}
    rows = spoil(
        name, {}, *planted, crossing.get(name, {}), *({"program_id": "P01"},) * (name == "credential")
    )
    program = compile_contract(contract(name))
    known = {"ref_program": [{"program_id": "P01"}], "ref_enrollment": [ENROLLED]}
    assert sorted(on_duckdb(program, rows, known)[0]) == sorted(on_polars(program, rows, known)[0])
