"""The kinds of faults that can be planted, each with the one finding it must cause.

A planted row is a copy of a genuine one under a key nobody else has, made neutral (``NEUTRAL``), then broken
in one way (``breaks``). So nothing genuine is lost with it, and nothing else is found. Where rows go is
decided in ``faults``; what codes mean, by the contracts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EARLY, LATE = "1999-12-31", "2099-12-31"
"""A day before, and a day after, everything else in the region."""

TWINS = 2
"""Rows of a duplicate: every member of the group is found."""

RAGGED = "ROW-001"

NEUTRAL: Mapping[str, Mapping[str, str]] = {
    "firm": {"firm_id": "", "valid_to": ""},
    "program": {"program_id": "", "effective_to": ""},
    "credential_definition": {"credential_id": "", "valid_to": ""},
    "contribution": {
        "contribution_id": "",
        "amount_usd": "100.00",
        "kind": "CASH",
        "in_kind_category": "",
        "valuation_method": "",
        "matched_by": "",
        "match_amount_usd": "",
    },
    "disbursement": {"disbursement_id": ""},
    "enrollment": {
        "learner_key": "",
        "exit_date": "",
        "other_reason_for_exit": "",
        "training_completed": "",
        "training_end_date": "",
        "msg_milestone_date": "",
    },
    "credential": {
        "learner_key": "",
        "status": "ACTIVE",
        "status_date": "",
        "valid_until": "",
        "program_id": "",
    },
    "placement": {
        "learner_key": "",
        "job_end_date": "",
        "separation_reason": "",
        "hire_source": "EXTERNAL",
        "proficiency_date": "",
        "full_productivity_date": "",
    },
    "wage": {
        "learner_key": "",
        "gross_wages_usd": "9000.00",
        "hours_paid": "480.0",
        "hours_worked": "450.0",
        "subsidized": "0",
        "participant_flag": "0",
    },
}
"""What every planted row of a contract says; the first column named is the key that makes it its own."""


@dataclass(frozen=True)
class FaultKind:
    """One way to break a row: what is written into it, and the code and column of the only finding."""

    contract: str
    code: str
    column: str
    breaks: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows one plant consists of."""
        return TWINS if self.code.endswith("-301") else 1


def _cell(contract: str, code: str, column: str, text: str) -> FaultKind:
    return FaultKind(contract, code, column, {column: text})


_KEYS = {
    "firm": "FRM",
    "program": "PRG",
    "credential_definition": "CDF",
    "contribution": "CON",
    "disbursement": "DIS",
    "enrollment": "ENR",
    "credential": "CRD",
    "placement": "PLC",
    "wage": "WAG",
}

_CELLS = (
    _cell("wage", "CEL-101", "gross_wages_usd", ""),
    _cell("enrollment", "CEL-101", "entry_date", ""),
    _cell("credential", "CEL-101", "status", ""),
    _cell("placement", "CEL-101", "position_key", ""),
    _cell("firm", "CEL-101", "joined_on", ""),
    _cell("program", "CEL-101", "name", ""),
    _cell("credential_definition", "CEL-101", "ctdl_type", ""),
    _cell("contribution", "CEL-101", "amount_usd", ""),
    _cell("disbursement", "CEL-101", "category", ""),
    _cell("wage", "CEL-110", "learner_key", "ABCDEF0123456789" * 4),
    _cell("enrollment", "CEL-110", "cohort_id", "spring cohort"),
    _cell("firm", "CEL-110", "display_label", "=1+1"),
    _cell("enrollment", "CEL-111", "cohort_id", "C" * 33),
    _cell("program", "CEL-111", "name", "N" * 201),
    _cell("enrollment", "CEL-120", "training_start_date", "03/15/2024"),
    _cell("credential", "CEL-120", "attained_date", "45366"),
    _cell("enrollment", "CEL-121", "enrolled_in_credential_program_date", "2025-02-30"),
    _cell("placement", "CEL-121", "job_start_date", "2025-11-31"),
    _cell("credential", "CEL-122", "valid_until", "9999-12-31"),
    _cell("placement", "CEL-122", "job_start_date", "1900-01-01"),
    _cell("wage", "CEL-130", "year_quarter", "Q1 2021"),
    _cell("contribution", "CEL-130", "period", "2024Q5"),
    _cell("wage", "CEL-140", "gross_wages_usd", "9,850.00"),
    _cell("wage", "CEL-140", "hours_paid", "4.8e2"),
    _cell("contribution", "CEL-140", "amount_usd", "$100.00"),
    _cell("disbursement", "CEL-140", "amount_usd", "100.005"),
    _cell("wage", "CEL-142", "gross_wages_usd", "-9850.00"),
    _cell("wage", "CEL-142", "hours_paid", "1950.0"),
    _cell("enrollment", "CEL-150", "age_at_entry", "34.5"),
    _cell("wage", "CEL-150", "weeks_worked", "12.5"),
    _cell("enrollment", "CEL-152", "age_at_entry", "113"),
    _cell("firm", "CEL-152", "headcount", "-1"),
    _cell("wage", "CEL-160", "worker_type", "FULL TIME"),
    _cell("wage", "CEL-160", "subsidized", "N"),
    _cell("enrollment", "CEL-160", "program_of_study_outcome", "88"),
    _cell("placement", "CEL-160", "placement_type", "HIRED"),
    _cell("contribution", "CEL-160", "kind", "CHEQUE"),
    _cell("wage", "CEL-170", "primary_work_county_fips", "5079"),
    _cell("enrollment", "CEL-170", "cip_code", '="48.0510"'),
    _cell("placement", "CEL-170", "naics_code", "31-33"),
    _cell("credential_definition", "CEL-170", "ctid", "ce-0000"),
    _cell("wage", "CEL-171", "soc_code", "51-0000"),
    _cell("enrollment", "CEL-171", "onet_soc_code", "51-9100.00"),
    _cell("firm", "CEL-171", "county_fips", "55999"),
    _cell("program", "CEL-171", "cip_2020", "99.9999"),
    _cell("enrollment", "CEL-190", "program_id", "NO-SUCH-PROGRAM"),
    _cell("credential", "CEL-190", "credential_id", "NO-SUCH-CREDENTIAL"),
    _cell("contribution", "CEL-190", "firm_id", "NO-SUCH-FIRM"),
    _cell("disbursement", "CEL-190", "program_id", "NO-SUCH-PROGRAM"),
    _cell("wage", "BOX-001", "firm_id", "ANOTHER-FIRM"),
    _cell("enrollment", "BOX-001", "firm_id", "ANOTHER-FIRM"),
    _cell("placement", "BOX-001", "firm_id", "ANOTHER-FIRM"),
    _cell("wage", "BOX-002", "year_quarter", "1999Q4"),
)

_ROWS = (
    FaultKind("firm", "FRM-201", "valid_to", {"valid_to": EARLY}),
    FaultKind("program", "PRG-201", "effective_to", {"effective_to": EARLY}),
    FaultKind("credential_definition", "CDF-201", "valid_to", {"valid_to": EARLY}),
    FaultKind("contribution", "CON-201", "kind", {"kind": "IN_KIND", "in_kind_category": "FACILITY"}),
    FaultKind("contribution", "CON-202", "match_amount_usd", {"match_amount_usd": "50.00"}),
    FaultKind("enrollment", "ENR-201", "training_start_date", {"training_start_date": EARLY}),
    FaultKind(
        "enrollment", "ENR-202", "training_end_date", {"training_end_date": EARLY, "training_completed": "0"}
    ),
    FaultKind("enrollment", "ENR-203", "training_completed", {"training_completed": "1"}),
    FaultKind("enrollment", "ENR-204", "exit_date", {"exit_date": EARLY}),
    FaultKind("enrollment", "ENR-205", "exit_date", {"exit_date": "2099-12-30", "training_end_date": LATE}),
    FaultKind("enrollment", "ENR-206", "other_reason_for_exit", {"other_reason_for_exit": "02"}),
    FaultKind("credential", "CRD-201", "valid_until", {"valid_until": EARLY}),
    FaultKind("credential", "CRD-202", "status", {"status": "REVOKED"}),
    FaultKind("placement", "PLC-201", "job_end_date", {"job_end_date": EARLY, "separation_reason": "QUIT"}),
    FaultKind("placement", "PLC-202", "separation_reason", {"separation_reason": "LAYOFF"}),
    FaultKind("placement", "PLC-203", "job_start_date", {"proficiency_date": EARLY}),
    FaultKind("wage", "WAG-201", "hours_worked", {"hours_worked": "480.1"}),
    FaultKind("wage", "WAG-202", "gross_wages_usd", {"gross_wages_usd": "3479.99"}),
)
"""3,479.99 is a cent below 7.25 an hour for 480 hours."""

_CROSS = (
    FaultKind("credential", "CRD-401", "attained_date", {"program_id": "CNC"}),
    FaultKind("placement", "PLC-401", "hire_source", {"hire_source": "CONSORTIUM_PROGRAM"}),
    FaultKind("wage", "WAG-401", "participant_flag", {"participant_flag": "1"}),
)

_TWINS = tuple(
    FaultKind(contract, f"{prefix}-301", next(iter(NEUTRAL[contract]))) for contract, prefix in _KEYS.items()
)

_RAGGED = tuple(FaultKind(contract, RAGGED, "") for contract in ("wage", "enrollment", "contribution"))

FAULT_KINDS = (*_CELLS, *_ROWS, *_CROSS, *_TWINS, *_RAGGED)
