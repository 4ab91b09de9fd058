"""What the contracts promise on paper: columns in order, terms, codes, and words for every finding."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from contracts import CONTRACTS, contract
from contracts.codes import CELL_CODES, Severity, guidance
from contracts.codesets import codeset
from contracts.compiler import compile_contract
from contracts.errors import ContractError
from contracts.fields import Code, HexKey, Privacy
from contracts.model import Cadence, Party

COLUMNS = {
    "firm": "firm_id parent_group_id display_label legal_name_hash fein_hash naics_code size_class "
    "headcount payroll_usd county_fips lwdb_code value_chain_tier union_represented joined_on "
    "left_on valid_from valid_to",
    "program": "program_id ctid name provider_id cip_2020 soc_codes credential_ids delivery_mode "
    "wbl_type clock_hours weeks tuition_usd fees_usd books_usd supplies_usd effective_from "
    "effective_to replaced_by",
    "credential_definition": "credential_id ctid name ctdl_type credential_type_pirl level issuer_id "
    "renewal_months valid_from valid_to",
    "contribution": "contribution_id firm_id period basis_amount_usd assessed_usd paid_on amount_usd kind "
    "in_kind_category valuation_method matched_by match_amount_usd restricted_to_program_id",
    "disbursement": "disbursement_id program_id cohort_id payee_id category amount_usd incurred_on "
    "funding_source expires_on",
    "enrollment": "firm_id learner_key key_epoch program_id cohort_id entry_date training_start_date "
    "exit_date other_reason_for_exit training_type program_of_study_outcome cip_code "
    "onet_soc_code training_completed training_end_date enrolled_in_credential_program_date "
    "msg_efl_date msg_ps_transcript_date msg_sec_transcript_date msg_milestone_date "
    "msg_skills_progression_date sex hispanic race_aian race_asian race_black race_nhpi "
    "race_white race_mena age_at_entry disability education_level employment_status_entry "
    "incumbent_worker long_term_unemployed homeless ex_offender low_income ell "
    "basic_skills_deficient cultural_barriers single_parent msfw residence_county_fips "
    "lwdb_code wages_q3_prior wages_q2_prior wages_q1_prior support_transport_usd "
    "support_childcare_usd support_stipend_usd flexible_schedule funding_source "
    "pay_for_performance",
    "credential": "learner_key key_epoch credential_id credential_type_pirl ctdl_type attained_date "
    "valid_until status status_date issuer_id program_id assessment_mode score score_scale "
    "cut_score verification ob3_credential_hash stack_of credit_value credit_unit",
    "placement": "learner_key key_epoch firm_id position_key requisition_id job_start_date job_end_date "
    "separation_reason placement_type soc_code job_title naics_code work_county_fips "
    "worker_type unsubsidized training_related apprenticeship_step entry_wage_rate_usd_hr "
    "hire_source proficiency_date full_productivity_date supervisor_confirm",
    "wage": "learner_key key_epoch firm_id year_quarter gross_wages_usd hours_paid hours_worked "
    "weeks_worked month1_flag month2_flag month3_flag soc_code worker_type "
    "primary_work_county_fips primary_work_zip3 pay_basis subsidized participant_flag "
    "correction_reason record_action",
}
REQUIRED = {
    "firm": "firm_id joined_on",
    "program": "program_id name effective_from",
    "credential_definition": "credential_id name ctdl_type",
    "contribution": "contribution_id firm_id period amount_usd kind",
    "disbursement": "disbursement_id category amount_usd incurred_on funding_source",
    "enrollment": "learner_key key_epoch program_id entry_date",
    "credential": "learner_key key_epoch credential_id attained_date status",
    "placement": "learner_key key_epoch firm_id position_key job_start_date placement_type",
    "wage": "learner_key key_epoch firm_id year_quarter gross_wages_usd",
}
STATES = {"firm", "program", "credential_definition"}
FIRMS_DROP = {"enrollment", "credential", "placement", "wage"}
KINDS_IN_LAKE = {"gross_wages_usd": "DECIMAL(12,2)", "hours_paid": "DECIMAL(7,2)", "weeks_worked": "INTEGER"}


def test_contracts_stand_behind_what_they_look_up() -> None:
    assert [name for name in CONTRACTS if name in COLUMNS] == list(COLUMNS)
    seen: set[str] = set()
    for name, one in CONTRACTS.items():
        context = {table.name.removeprefix("ref_") for table in compile_contract(one).context}
        assert {table for table in context if not table.startswith("codeset_")} <= seen
        seen.add(name)


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_columns_and_required_columns_are_as_agreed(name: str) -> None:
    assert contract(name).column_names() == tuple(COLUMNS[name].split())
    assert contract(name).required_columns() == tuple(REQUIRED[name].split())
    assert list(compile_contract(contract(name)).columns) == COLUMNS[name].split()


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_terms_are_as_agreed(name: str) -> None:
    meta = contract(name).meta
    assert meta.name == name
    assert meta.strict
    assert meta.dropped_by is (Party.FIRM if name in FIRMS_DROP else Party.OPERATOR)
    assert meta.cadence is (Cadence.STATE if name in STATES else Cadence.EVENTS)
    assert meta.grain == " × ".join(meta.key)
    assert {column.name for column in contract(name).columns() if column.in_key} == set(meta.key)


def test_amounts_hours_and_counts_have_exact_types_in_the_lake() -> None:
    columns = compile_contract(contract("wage")).columns
    assert {name: columns[name] for name in KINDS_IN_LAKE} == KINDS_IN_LAKE


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_every_column_is_described_and_classed(name: str) -> None:
    for column in contract(name).columns():
        assert column.field.description.endswith(".")
        assert column.field.expected
        assert isinstance(column.field.privacy, Privacy)
    if "learner_key" in COLUMNS[name].split():
        assert contract(name).column("learner_key").field.privacy is Privacy.PSEUDONYM


def test_rule_codes_are_unique_and_carry_their_contracts_prefix() -> None:
    codes = [(one.meta.prefix, rule.code) for one in CONTRACTS.values() for rule in one.all_rules()]
    assert len({code for _, code in codes}) == len(codes)
    assert all(code.startswith(f"{prefix}-") for prefix, code in codes)


def test_rules_look_at_columns_that_exist() -> None:
    for one in CONTRACTS.values():
        for rule in one.all_rules():
            assert set(rule.needs) | set(rule.reads) <= set(one.column_names())


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_every_code_has_words_for_every_column(name: str) -> None:
    one = contract(name)
    for code in (*CELL_CODES, *(rule.code for rule in one.all_rules())):
        for column in one.column_names():
            said = guidance(one, code, column)
            assert said.code == code
            assert said.message
            assert said.hint.endswith(".")
            assert said.rationale.endswith(".")
            assert "{" not in said.message


def test_message_names_column_and_bounds() -> None:
    said = guidance(contract("enrollment"), "CEL-152", "age_at_entry")
    assert said.severity is Severity.ERROR
    assert said.message == "age_at_entry is out of range: it must be a whole number from 14 to 99"


def test_guidance_refuses_a_code_of_another_contract() -> None:
    with pytest.raises(ContractError, match="CTR-002"):
        guidance(contract("wage"), "ENR-201", "learner_key")


def test_contract_refuses_an_unknown_name_and_an_unknown_column() -> None:
    with pytest.raises(ContractError, match="CTR-006"):
        contract("wages")
    with pytest.raises(ContractError, match="CTR-003"):
        contract("wage").column("ssn")


def test_contract_refuses_a_column_without_exactly_one_kind() -> None:
    class Loose(contract("firm")):  # type: ignore[misc]
        extra: str | None = None

    with pytest.raises(ContractError, match="CTR-004"):
        Loose.columns()


def test_row_is_a_value_when_it_is_read() -> None:
    row = contract("wage").model_validate(
        {
            "learner_key": "a" * 64,
            "key_epoch": "1",
            "firm_id": "F01",
            "year_quarter": "2026Q1",
            "gross_wages_usd": Decimal("12.50"),
        }
    )
    assert row.model_dump(exclude_none=True)["gross_wages_usd"] == Decimal("12.50")
    with pytest.raises(ValidationError):
        row.key_epoch = 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", [12.5, True, b"12", ["12"]])
def test_row_refuses_values_that_are_no_cells(value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        contract("wage").model_validate({"gross_wages_usd": value})
    assert ("gross_wages_usd",) in [error["loc"] for error in caught.value.errors()]


def test_errors_never_repeat_what_a_cell_held() -> None:
    secret = "987654321 secret"
    cells = dict.fromkeys(contract("enrollment").column_names(), secret)
    with pytest.raises(ValidationError) as caught:
        contract("enrollment").model_validate({**cells, "unknown": secret})
    assert "secret" not in str(caught.value)
    assert "987654321" not in str(caught.value)


def test_contract_hash_changes_with_the_contract_only() -> None:
    hashes = {name: compile_contract(one).statements().contract_hash for name, one in CONTRACTS.items()}
    assert len(set(hashes.values())) == len(CONTRACTS)
    compile_contract.cache_clear()
    assert {
        name: compile_contract(one).statements().contract_hash for name, one in CONTRACTS.items()
    } == hashes


def test_codes_of_sets_have_the_shape_their_columns_ask_for() -> None:
    kinds = [column.field for one in CONTRACTS.values() for column in one.columns()]
    looked_up = [kind for kind in kinds if isinstance(kind, Code) and kind.codeset and kind.leading is None]
    assert looked_up
    for kind in looked_up:
        assert kind.codeset
        assert all(kind.shape.admits(code) for code in codeset(kind.codeset))


def test_examples_in_messages_are_valid_themselves() -> None:
    kinds = {column.field for one in CONTRACTS.values() for column in one.columns()}
    codes = [kind for kind in kinds if isinstance(kind, Code)]
    assert all(kind.shape.admits(kind.like) for kind in codes)
    for kind in codes:
        if kind.codeset:
            assert kind.like[: kind.leading] in codeset(kind.codeset)


def test_keys_are_never_public() -> None:
    kinds = [column.field for one in CONTRACTS.values() for column in one.columns()]
    assert all(kind.privacy is not Privacy.PUBLIC for kind in kinds if isinstance(kind, HexKey))
