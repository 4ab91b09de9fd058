"""Rules of the registers: each broken once in an otherwise clean example, and the lines they draw held.

A planted row is an example row with a few cells changed; exactly the planted code may be found in it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from contracts import CONTRACTS
from contracts.codes import Severity
from contracts.compiler import compile_contract
from contracts.fields import Money
from contracts.registers.metrics import METRICS
from contracts.rules import CrossRule

EXAMPLES = Path(__file__).parent / "examples"
SEEDS = Path(__file__).parents[2] / "transforms" / "seeds"
FIRST_NINE = (
    "firm program credential_definition contribution disbursement enrollment credential placement wage"
)
NEW = [name for name in CONTRACTS if name not in FIRST_NINE.split()]
PLACE = {"submission_id": "S1", "box_firm_id": "F01", "box_period": "2026Q1"}
OTHER_KEY = "0f" * 32

Change = Mapping[str, str]
Run = Callable[..., tuple[list[tuple[Any, ...]], list[dict[str, Any]]]]
Judge = Callable[..., dict[int, set[str]]]

VALID = ("2026-01-02", "2026-01-01")


def ends_first(first: str = "valid_from", last: str = "valid_to") -> Change:
    return {first: VALID[0], last: VALID[1]}


# (code, number of the example row, cells changed)
BROKEN: list[tuple[str, int, Change]] = [
    ("UNR-201", 1, {"geo_level": "S"}),
    ("EST-201", 1, ends_first()),
    ("EST-202", 1, {"closed_on": "1998-04-30"}),
    ("SUC-201", 1, {"successor_firm_id": "F02"}),
    ("MAG-201", 2, {"effective_to": "2019-12-31"}),
    ("MAG-202", 2, {"effective_from": "2019-12-19"}),
    ("MAG-203", 1, {"comparison_clause_id": ""}),
    ("MAG-203", 1, {"comparison_opted_in_on": ""}),
    ("MAG-203", 2, {"comparison_clause_id": "CL-02"}),
    ("MAG-204", 2, {"comparison_opted_out_on": "2020-02-29"}),
    ("MAG-205", 1, {"comparison_opted_out_on": "2024-02-29"}),
    ("GOV-201", 1, ends_first()),
    ("GOV-202", 1, {"quorum_seats": "10"}),
    ("GOV-203", 1, {"parent_body_id": "STEER"}),
    ("ROL-201", 1, {"held_to": "2023-12-31"}),
    ("ROL-202", 1, {"firm_id": ""}),
    ("ROL-203", 2, {"is_voting": "1"}),
    ("DEC-201", 1, {"effective_date": "2026-01-19"}),
    ("DEC-202", 1, {"effective_date": ""}),
    ("DEC-203", 1, {"affected_rule_version": ""}),
    ("DEC-203", 1, {"affected_rule": ""}),
    ("DEC-204", 1, {"approved_by_seat_id": "S02"}),
    ("DEC-205", 1, {"votes_against": "8"}),
    ("DEC-206", 1, {"replaces_decision_id": "D-2026-01"}),
    ("ALR-201", 1, {"cleared_on": "2026-01-09"}),
    ("ALR-202", 1, {"acknowledged_on": "2026-01-09"}),
    ("ALR-203", 1, {"clear_reason": ""}),
    ("ALR-203", 2, {"clear_reason": "EXPLAINED"}),
    ("ALR-204", 1, {"maturity": "INCOMPLETE"}),
    ("ALR-204", 1, {"maturity": ""}),
    ("ALR-205", 1, {"metric_id": ""}),
    ("ALR-206", 1, {"cohort_end": "2024Q4"}),
    ("ACT-201", 1, {"due_on": "2026-01-19"}),
    ("ACT-202", 1, {"closed_on": "2026-01-19"}),
    ("ACT-203", 1, {"closed_on": ""}),
    ("ACT-204", 1, {"alert_id": "", "metric_id": "", "decision_id": ""}),
    ("FRU-201", 1, {"effective_to": "2026-03-31"}),
    ("FRU-202", 1, {"payroll_rate": ""}),
    ("FRU-202", 2, {"flat_usd": ""}),
    ("FRU-203", 1, {"flat_usd": "10"}),
    ("FRU-204", 1, {"floor_usd": "50000.01"}),
    ("FRU-205", 1, {"matched_by": ""}),
    ("FRU-205", 1, {"match_ratio": "0"}),
    ("FRU-206", 1, {"outlay_factor_least": "1.3"}),
    ("TIR-201", 1, ends_first()),
    ("TIR-202", 1, {"opens_share": ""}),
    ("TIR-203", 1, {"evidence_level": "HIGH"}),
    ("PTM-201", 1, {"effective_to": "2025-12-31"}),
    ("PTM-202", 1, {"cohort_end": "2025Q4"}),
    ("PTM-203", 1, {"second_metric_id": "", "second_threshold": ""}),
    ("PTM-204", 1, {"holdback_share": "0", "second_threshold": ""}),
    ("TRF-201", 1, {"to_firm_id": ""}),
    ("TRF-201", 3, {"from_firm_id": "F01"}),
    ("TRF-202", 3, {"to_program_id": "P01"}),
    ("TRF-203", 3, {"transfer_type": "IN"}),
    ("TRF-204", 2, {"expired_on": ""}),
    ("TRF-205", 1, {"to_firm_id": "F01"}),
    ("TRF-206", 3, {"transfer_type": "BETWEEN_PROGRAMS", "from_program_id": "P01", "to_program_id": "P01"}),
    ("TRF-207", 2, {"expired_on": "2026-02-02"}),
    ("CCO-201", 1, ends_first()),
    ("CCO-202", 1, {"component_credential_id": "C02"}),
    ("CCO-203", 2, {"credit_unit": ""}),
    ("CRG-201", 1, {"recognized_to": "2020-12-31"}),
    ("CMP-201", 1, ends_first()),
    ("CMP-202", 1, {"onet_element_id": ""}),
    ("CMP-202", 2, {"onet_element_id": "2.A.1.a"}),
    ("PCM-201", 1, ends_first()),
    ("PCM-202", 1, {"entry_level": "6"}),
    ("COH-201", 1, {"ends_on": "2025-02-28"}),
    *(
        ("COH-202", 1, {blank: ""})
        for blank in (
            *("criterion_metric_id", "criterion_direction", "margin"),
            *("planned_n", "registered_on", "verdict_on"),
        )
    ),
    ("COH-203", 1, {"registered_on": "2025-03-02"}),
    ("COH-204", 1, {"verdict_on": "2025-02-28"}),
    ("COH-205", 2, {"expands_cohort_id": ""}),
    ("COH-206", 2, {"expands_cohort_id": "CO-02"}),
    ("REQ-201", 1, {"approved_on": "2026-01-04"}),
    ("REQ-202", 1, {"posted_on": "2026-01-04"}),
    ("REQ-203", 1, {"approved_on": "", "accepted_on": "2026-01-04"}),
    ("REQ-204", 1, {"accepted_on": "2026-01-09"}),
    ("REQ-205", 1, {"started_on": "2026-02-19"}),
    ("REQ-206", 2, {"cancelled_on": "2026-01-04"}),
    ("REQ-207", 1, {"cancelled_on": "2026-03-01"}),
    ("REQ-208", 1, {"fill_channel": ""}),
    ("REQ-209", 2, {"cancelled_on": "", "started_on": "2026-03-02"}),
    ("REQ-401", 1, {"establishment_id": "E99"}),
    ("INT-201", 1, {"expected_quarter": "2025Q4"}),
    ("INT-202", 1, {"expected_quarter": "2027Q2"}),
    ("INT-203", 1, {"seats_requisitioned": "7"}),
    ("OCR-201", 1, {"geography": "06037"}),
    ("OCR-201", 1, {"geo_level": "C"}),
    ("OCR-202", 2, {"median_hourly_wage_usd": "", "median_annual_wage_usd": ""}),
    ("OCR-203", 1, {"target_year": ""}),
    ("OCR-204", 1, {"target_year": "2021"}),
    ("OCR-205", 2, {"median_hourly_wage_usd": "51000", "median_annual_wage_usd": "24.52"}),
    ("SVY-201", 1, {"value": "0.99"}),
    ("SVY-202", 1, {"value": "5.01"}),
    ("SVY-203", 2, {"scale_least": "5.01"}),
    ("SVY-204", 1, {"value": ""}),
    ("SVY-204", 2, {"value": "3"}),
    ("SVY-205", 1, {"key_epoch": ""}),
    ("SKA-201", 1, {"program_id": ""}),
    ("SKA-202", 1, {"rater_id": ""}),
    ("SKA-401", 1, {"program_id": "P02"}),
    ("SPT-201", 1, {"frame_n": "29"}),
    ("SPT-202", 1, {"agreed_n": "28"}),
    ("AUD-201", 1, {"due_on": "2026-02-09"}),
    ("AUD-202", 1, {"resolved_on": "2026-02-09"}),
    ("AUD-203", 1, {"resolution": ""}),
    ("INC-201", 1, {"amount_usd": ""}),
    ("INC-201", 1, {"amount_usd": "0"}),
    ("INC-201", 2, {"hours_granted": ""}),
    ("INC-202", 1, {"credential_id": ""}),
    ("INC-401", 1, {"learner_key": OTHER_KEY}),
    ("MEN-201", 1, {"ended_on": "2025-03-09"}),
    ("MEN-202", 1, {"mentor_key": "0123456789abcdef" * 4}),
    ("MEN-203", 1, {"group_id": ""}),
    ("SUP-201", 1, {"provided_from": ""}),
    ("SUP-201", 2, {"provided_from": "2025-03-05"}),
    ("SUP-202", 1, {"provided_from": "2025-02-28"}),
    ("SUP-203", 1, {"provided_to": "2025-03-04"}),
    ("SUP-204", 2, {"amount_usd": "0.01"}),
    ("SUP-401", 2, {"program_id": "P02"}),
    ("PFM-201", 2, {"unit": "HOURS"}),
    ("PFM-202", 1, {"value": "1.0001"}),
    ("PFM-401", 1, {"establishment_id": "E99"}),
    ("UIM-201", 1, {"destroy_after": "2026-02-15"}),
    ("UIM-202", 2, {"match_type": "0"}),
    ("UIM-202", 3, {"match_type": "5"}),
    ("UIM-203", 2, {"wages_usd": "0"}),
    ("UIM-203", 3, {"wages_usd": "0.01"}),
    ("UIM-204", 1, {"employer_id_hash": ""}),
    ("UIM-204", 1, {"wages_usd": ""}),
    ("CPW-201", 1, {"hours_worked": "480.01"}),
    ("CPW-202", 1, {"gross_wages_usd": "3479.99"}),
    ("CPW-401", 1, {"learner_key": "0123456789abcdef" * 4}),
]
# The other side of the lines drawn above.
KEPT: list[tuple[str, int, Change]] = [
    ("establishment", 1, {"closed_on": "1998-05-01"}),
    ("membership_agreement", 2, {"effective_from": "2019-12-20", "effective_to": "2019-12-20"}),
    ("membership_agreement", 2, {"comparison_opted_in_on": "", "comparison_opted_out_on": ""}),
    ("governance_body", 1, {"quorum_seats": "9"}),
    ("decision_log", 1, {"effective_date": "2026-01-20", "votes_against": "7"}),
    ("decision_log", 1, {"outcome": "REJECTED", "effective_date": "", "affected_rule": ""}),
    ("alert", 1, {"cleared_on": "2026-01-10", "acknowledged_on": "", "cohort_end": "2025Q1"}),
    ("action_item", 1, {"alert_id": "", "decision_id": ""}),
    ("funding_rule", 1, {"floor_usd": "50000", "match_ratio": "0", "matched_by": ""}),
    ("funding_rule", 2, {"payroll_rate": "0.001"}),
    ("funding_rule", 2, {"basis": "FLAT", "per_head_usd": ""}),
    ("funding_rule", 2, {"basis": "BENEFIT_SHARE", "per_head_usd": "", "flat_usd": "", "benefit_rate": "1"}),
    ("funding_tier", 1, {"evidence_level": "HIGH", "tested_on": "LOWER_LIMIT"}),
    ("performance_term", 1, {"holdback_share": "0", "second_metric_id": "", "second_threshold": ""}),
    ("transfer", 2, {"expired_on": "2026-02-01"}),
    ("transfer", 3, {"transfer_type": "OUT", "other_fund": "STATE-LEVY"}),
    ("cohort", 1, {"registered_on": "2025-03-01", "margin": "-0.05"}),
    ("demand_requisition", 1, {"line_number": "", "establishment_id": ""}),
    ("demand_requisition", 2, {"cancelled_on": ""}),
    ("hiring_intent", 1, {"expected_quarter": "2026Q1", "seats_requisitioned": "6"}),
    ("survey_response", 1, {"value": "1"}),
    ("survey_response", 1, {"value": "5", "learner_key": "", "key_epoch": ""}),
    ("skill_assessment", 1, {"level": "7"}),
    ("spot_check", 1, {"frame_n": "30"}),
    ("support_service", 2, {"amount_usd": "0"}),
    ("firm_performance", 1, {"value": "1"}),
    ("ui_match", 1, {"destroy_after": "2026-02-16"}),
    ("ui_match", 1, {"match_type": "4", "wages_usd": "", "employer_id_hash": ""}),
    ("ui_match", 3, {"wages_usd": ""}),
    ("comparison_wage", 1, {"hours_worked": "480", "gross_wages_usd": "3480.00"}),
]


def example_rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def placed(name: str, rows: Sequence[Mapping[str, str]]) -> list[dict[str, object]]:
    blank = dict.fromkeys(CONTRACTS[name].column_names())
    return [{**blank, **PLACE, "record": record, **row} for record, row in enumerate(rows, 1)]


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, Any]]]:
    """Accepted example rows by context table, judged once for all tests."""
    return {}


@pytest.fixture
def judge(on_duckdb: Run, tables: dict[str, list[dict[str, Any]]]) -> Judge:
    """``judge(name, row, …)``: the codes of each record, told against the accepted examples of the rest."""

    def run(name: str, *rows: Mapping[str, str]) -> dict[int, set[str]]:
        found, accepted = on_duckdb(compile_contract(CONTRACTS[name]), placed(name, rows), registers(name))
        errors = {record for _, record, _, _, severity in found if severity == "ERROR"}
        assert errors | {one["record"] for one in accepted} == set(range(1, len(rows) + 1))
        codes: dict[int, set[str]] = {record: set() for record in range(1, len(rows) + 1)}
        for _, record, _, code, _ in found:
            codes[record].add(code)
        return codes

    def registers(name: str) -> dict[str, list[dict[str, Any]]]:
        for table in compile_contract(CONTRACTS[name]).context:
            of = table.name.removeprefix("ref_")
            if of != table.name and table.name not in tables:
                program = compile_contract(CONTRACTS[of])
                _, tables[table.name] = on_duckdb(program, placed(of, example_rows(of)), registers(of))
        return tables

    return run


def contract_of(code: str) -> str:
    return next(name for name, one in CONTRACTS.items() if one.meta.prefix == code[:3])


@pytest.mark.parametrize("name", NEW)
def test_each_planted_rule_is_told_and_nothing_else(name: str, judge: Judge) -> None:
    prefix = CONTRACTS[name].meta.prefix
    planted = [(code, row, change) for code, row, change in BROKEN if code.startswith(prefix)]
    for code, row, change in planted:
        assert judge(name, {**example_rows(name)[row - 1], **change})[1] == {code}, (code, change)


@pytest.mark.parametrize("name,row,change", KEPT)
def test_rules_are_silent_on_the_right_side_of_their_line(
    name: str, row: int, change: Change, judge: Judge
) -> None:
    assert judge(name, {**example_rows(name)[row - 1], **change})[1] == set()


def test_every_rule_of_every_new_contract_is_planted() -> None:
    rules = {rule.code for name in NEW for rule in CONTRACTS[name].rules}
    assert {code for code, _, _ in BROKEN} == rules


@pytest.mark.parametrize("name", NEW)
def test_engines_agree_on_every_planted_rule(name: str, on_duckdb: Run, on_polars: Run) -> None:
    planted = [
        {**example_rows(name)[row - 1], **change} for code, row, change in BROKEN if contract_of(code) == name
    ]
    rows = placed(name, [*example_rows(name), *planted])
    program = compile_contract(CONTRACTS[name])
    assert sorted(on_duckdb(program, rows, {})[0]) == sorted(on_polars(program, rows, {})[0])


def test_rules_across_files_warn_and_see_own_rows_only() -> None:
    for name in NEW:
        for rule in CONTRACTS[name].rules:
            if isinstance(rule, CrossRule):
                assert rule.severity is Severity.WARNING


# Lines drawn by law and policy: antitrust, no claw-back, opt-in, unemployment-compensation data.


def test_rule_that_would_bill_a_worker_is_refused(judge: Judge) -> None:
    rule, term = example_rows("funding_rule")[0], example_rows("performance_term")[0]
    for party in ("WORKER", "LEARNER", "EMPLOYEE"):
        assert judge("funding_rule", {**rule, "billed_party": party})[1] == {"CEL-160"}
        assert judge("performance_term", {**term, "payee_type": party})[1] == {"CEL-160"}


@pytest.mark.parametrize("name", CONTRACTS)
def test_no_column_takes_money_back_from_a_worker_or_sets_a_wage(name: str) -> None:
    banned = ("repay", "clawback", "claw_back", "penalty", "exit_fee", "offered", "proposed", "planned_wage")
    banned += ("recommended", "benchmark", "expected_wage", "wage_range", "pay_range", "salary")
    columns = CONTRACTS[name].column_names()
    assert [column for column in columns for word in banned if word in column and "seat" not in column] == []


@pytest.mark.parametrize("name", ["demand_requisition", "hiring_intent", "credential_recognition"])
def test_demand_carries_no_money(name: str) -> None:
    columns = CONTRACTS[name].columns()
    assert [
        column.name for column in columns if isinstance(column.field, Money) or "usd" in column.name
    ] == []


def test_comparison_wages_are_refused_when_the_firm_has_not_opted_in(judge: Judge) -> None:
    row = example_rows("comparison_wage")[0]
    assert judge("comparison_wage", {**row, "comparison_clause_id": "CL-02"})[1] == {"CEL-190"}
    assert judge("comparison_wage", {**row, "comparison_clause_id": ""})[1] == {"CEL-101"}


def test_comparison_wages_cannot_be_sent_as_wages_of_participants() -> None:
    assert "participant_flag" not in CONTRACTS["comparison_wage"].column_names()
    assert CONTRACTS["comparison_wage"].meta.key == CONTRACTS["wage"].meta.key


@pytest.mark.parametrize("blank", ["origin", "destroy_after", "data_agreement_id"])
def test_ui_match_is_refused_when_it_does_not_say_where_it_is_from_and_until_when(
    blank: str, judge: Judge
) -> None:
    assert judge("ui_match", {**example_rows("ui_match")[0], blank: ""})[1] == {"CEL-101"}


@pytest.mark.parametrize("origin", ["FIRM_PAYROLL", "EDU", "SURVEY", "PUBLIC"])
def test_ui_match_is_refused_when_it_claims_another_origin(origin: str, judge: Judge) -> None:
    assert judge("ui_match", {**example_rows("ui_match")[0], "origin": origin})[1] == {"CEL-160"}


@pytest.mark.parametrize("ahead,told", [("2026Q4", set()), ("2027Q1", set()), ("2027Q2", {"INT-202"})])
def test_hiring_intent_looks_four_quarters_ahead_and_no_further(
    ahead: str, told: set[str], judge: Judge
) -> None:
    row = example_rows("hiring_intent")[0]
    assert judge("hiring_intent", {**row, "expected_quarter": ahead})[1] == told


CARRIES_NOTHING = {
    # The books and what is reckoned from a verdict: money that hung on them would hang on itself.
    "fund_ledger",
    "account_assessed",
    "account_matched",
    "account_paid",
    "in_kind_value",
    "mean_award",
    "tier_gate",
    "performance_payable",
    "firms_by_balance",
    "public_benefit",
    "alert_signal",
    "pilot_verdict",
    # What the region asks for, which no program decides.
    "hiring_signal",
    "members_demand",
    "talent_supply",
    "bottleneck_rank",
    "vacancy_rate",
    "demand_cycle",
    # How people and credentials move through the region, program or not; cross_firm_mobility can carry.
    "mobility_rate",
    "upward_mobility",
    "job_retention",
    "wage_change",
    "pathway_share",
    "credential_validity",
    "recognition_coverage",
    # Estimates, and what is reckoned from them: what they support is said by their intervals, which no
    # threshold on a point reads.
    "effect_by_trait",
    "effect_by_dose",
    "contrast_by_trait",
    "contrast_by_dose",
    "performance_effect",
    "return_net",
    "return_observed",
    "return_benefit",
    "return_cost",
    "return_ratio",
    "return_line",
    "return_scenario",
    "return_break_even_fade",
    "return_payback",
    "return_class_hours",
    "saving_turnover",
    "saving_time_to_fill",
    "saving_ramp_up",
    "training_cost",
    "fill_days",
    "effect_earnings",
    "effect_log_earnings",
    "effect_hours",
    "effect_hourly_wage",
    "retention_difference_consortium",
    "retention_difference_firm",
    # Descriptions, and variants or parts of measures that can.
    "mean_annual_earnings",
    "access_to_credential_training",
    "any_program_credential",
    "employment_rate_q2_wioa",
    "employment_rate_q4_wioa",
    "median_earnings_q2_wioa",
    "on_step_rate",
    "rater_agreement",
    "retention_same_employer_q2_q8",
    "time_to_proficiency",
}
"""Published measures on which a register hangs no money and no verdict; any other must be in METRICS."""


def test_metrics_that_are_published_can_carry_money_and_verdicts() -> None:
    with (SEEDS / "metric_definitions.csv").open(newline="", encoding="utf-8") as lines:
        published = {row["metric_id"] for row in csv.DictReader(lines)}
    assert published - set(METRICS) == CARRIES_NOTHING
