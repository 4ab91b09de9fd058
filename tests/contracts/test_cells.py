"""Every kind of cell: what is accepted with which value, and which code each fault gets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts import contract
from contracts.codes import CELL_CODES
from contracts.compiler import compile_contract

Check = Callable[..., Any]

KEY = "0123456789abcdef" * 4

ACCEPTED: list[tuple[str, str, str | None, object]] = [
    ("wage", "learner_key", KEY, KEY),
    ("wage", "gross_wages_usd", "0", Decimal("0.00")),
    ("wage", "gross_wages_usd", "0.5", Decimal("0.50")),
    ("wage", "gross_wages_usd", "007.25", Decimal("7.25")),
    ("wage", "gross_wages_usd", "-0.00", Decimal("0.00")),
    ("wage", "gross_wages_usd", "9999999999.99", Decimal("9999999999.99")),
    ("wage", "hours_paid", "", None),
    ("wage", "hours_paid", None, None),
    ("wage", "hours_paid", "0", Decimal("0.00")),
    ("wage", "hours_paid", "0.01", Decimal("0.01")),
    ("wage", "hours_paid", "1199.99", Decimal("1199.99")),
    ("wage", "hours_paid", "1200", Decimal("1200.00")),
    ("wage", "weeks_worked", "0", 0),
    ("wage", "weeks_worked", "14", 14),
    ("wage", "month1_flag", "0", 0),
    ("wage", "month1_flag", "1", 1),
    ("wage", "month1_flag", "", None),
    ("wage", "soc_code", "49-9041", "49-9041"),
    ("wage", "primary_work_county_fips", "06037", "06037"),
    ("wage", "primary_work_zip3", "009", "009"),
    ("wage", "worker_type", "SEASONAL", "SEASONAL"),
    ("enrollment", "age_at_entry", "14", 14),
    ("enrollment", "age_at_entry", "15", 15),
    ("enrollment", "age_at_entry", "98", 98),
    ("enrollment", "age_at_entry", "99", 99),
    ("enrollment", "age_at_entry", "014", 14),
    ("enrollment", "entry_date", "20250301", date(2025, 3, 1)),
    ("enrollment", "entry_date", "2024-02-29", date(2024, 2, 29)),
    ("enrollment", "entry_date", "2000-02-29", date(2000, 2, 29)),
    ("enrollment", "entry_date", "1950-01-01", date(1950, 1, 1)),
    ("enrollment", "entry_date", "1950-01-02", date(1950, 1, 2)),
    ("enrollment", "entry_date", "2100-12-30", date(2100, 12, 30)),
    ("enrollment", "entry_date", "2100-12-31", date(2100, 12, 31)),
    ("enrollment", "disability", "9", "9"),
    ("enrollment", "other_reason_for_exit", "00", "00"),
    ("enrollment", "program_of_study_outcome", "18", "18"),
    ("enrollment", "program_of_study_outcome", "81", "81"),
    ("enrollment", "program_of_study_outcome", "123456789", "123456789"),
    ("enrollment", "cip_code", "01.0101", "01.0101"),
    ("enrollment", "onet_soc_code", "49-9041.00", "49-9041.00"),
    ("enrollment", "firm_id", "", None),
    ("enrollment", "cohort_id", "A" * 32, "A" * 32),
    ("enrollment", "wages_q1_prior", "999999", 999_999),
    ("credential", "ctdl_type", "ceterms:Certification", "ceterms:Certification"),
    ("credential", "score", "-9999", Decimal("-9999.00")),
    ("placement", "job_title", "Opérateur, tôlerie – niveau 2", "Opérateur, tôlerie – niveau 2"),
    ("placement", "job_title", "é" * 60, "é" * 60),
    ("placement", "job_title", "x", "x"),
    ("placement", "naics_code", "336411", "336411"),
    ("program", "soc_codes", "49-9041;51-4041", "49-9041;51-4041"),
    ("program", "ctid", "ce-0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0", "ce-0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0"),
]

FAULTY: list[tuple[str, str, str, str]] = [
    *[
        ("wage", "learner_key", text, "CEL-110")
        for text in (KEY[:-1], KEY + "0", KEY.upper(), KEY + "\n", " " + KEY, KEY[:-1] + "g", KEY[:-1] + "\0")
    ],
    ("wage", "learner_key", "", "CEL-101"),
    ("wage", "firm_id", "", "CEL-101"),
    ("wage", "gross_wages_usd", "", "CEL-101"),
    ("enrollment", "entry_date", "", "CEL-101"),
    *[("enrollment", "cohort_id", text, "CEL-110") for text in ("-A", "A B", "A\n", "Ä", ".", "A/B", "A\0")],
    ("enrollment", "cohort_id", "A" * 33, "CEL-111"),
    *[
        ("placement", "job_title", text, "CEL-110")
        for text in (
            " x",
            "x ",
            "x\ty",
            "x\n",
            "=1+1",
            "+1",
            "-1",
            "@x",
            "\x7f",
            "a\0b",
            " ",
            "=cmd|'/c calc'!A0",
        )
    ],
    ("placement", "job_title", "é" * 61, "CEL-111"),
    *[
        ("enrollment", "entry_date", text, "CEL-120")
        for text in (
            *(
                "2025-3-1",
                "03/01/2025",
                "45321",
                "epoch",
                "infinity",
                "2025-03-01T00:00:00",
                "2025/03/01",
                "0",
            ),
            *(
                "2025-03-01 ",
                "2025-03-01\n",
                "٢٠٢٥-٠٣-٠١",
                "1710460800",
                "24-03-15",
                "2025-03",
                "12025-03-01",
            ),
        )
    ],
    *[
        ("enrollment", "entry_date", text, "CEL-121")
        for text in (
            *("2025-02-30", "20250230", "2025-02-29", "1900-02-29", "2025-13-01", "2025-00-10", "2025-01-00"),
            *("2025-04-31", "0000-01-01", "00000101", "99999999", "19000229"),
        )
    ],
    *[
        ("enrollment", "entry_date", text, "CEL-122")
        for text in ("1949-12-31", "19491231", "2101-01-01", "0001-01-01", "9999-12-31")
    ],
    *[
        ("wage", "year_quarter", text, "CEL-130")
        for text in (
            "2026Q5",
            "2026Q0",
            "2026q1",
            "2026-Q1",
            "0000Q1",
            "26Q1",
            "2026Q1\n",
            "٢٠٢٦Q1",
            "2026Q11",
        )
    ],
    *[
        ("wage", "gross_wages_usd", text, "CEL-140")
        for text in (
            *("1.505", "1,234.50", "$12", "1e3", "1_000", "١٢", "12.", ".5", "+5", " 5", "5 ", "5\n", "0x1F"),
            *("nan", "inf", "--5", "1.5.0", "12,50", "n/a", "1" * 19, "５"),
        )
    ],
    *[
        ("wage", "gross_wages_usd", text, "CEL-142")
        for text in ("-0.01", "10000000000", "9999999999999999.99", "-99999", "1" * 18)
    ],
    *[("wage", "hours_paid", text, "CEL-142") for text in ("-0.01", "1200.01", "99999.99", "100000", "-1")],
    *[
        ("enrollment", "age_at_entry", text, "CEL-150")
        for text in (
            "1.5",
            "14.0",
            "1e1",
            "0x1F",
            "0b11",
            "1_4",
            "١٤",
            " 14",
            "14\n",
            "+14",
            "9" * 19,
            "true",
        )
    ],
    *[
        ("enrollment", "age_at_entry", text, "CEL-152")
        for text in ("13", "100", "0", "-14", "2147483648", "99999999999", "9" * 18, "-99999")
    ],
    *[("wage", "month1_flag", text, "CEL-160") for text in ("2", "9", "Y", "true", "01", "1 ", "1.0", "١")],
    *[("wage", "worker_type", text, "CEL-160") for text in ("ft", "FT ", "FULL", "FT\n", "F\0T")],
    *[("enrollment", "disability", text, "CEL-160") for text in ("2", "99", "no")],
    *[("enrollment", "other_reason_for_exit", text, "CEL-160") for text in ("0", "1", "08")],
    *[
        ("enrollment", "program_of_study_outcome", text, "CEL-160")
        for text in ("0", "11", "1 2", "181", "1;2", "٣")
    ],
    *[
        ("enrollment", "cip_code", text, "CEL-170")
        for text in ("1.0101", "01.010", '="01.0101"', "010101", "01.0101 ", "01.01011")
    ],
    *[("enrollment", "cip_code", text, "CEL-171") for text in ("99.9999", "01.9998")],
    *[("enrollment", "onet_soc_code", text, "CEL-170") for text in ("49-9041", "49-9041.0", "49-9041.000")],
    *[("enrollment", "onet_soc_code", text, "CEL-171") for text in ("49-9998.00", "49-9000.00")],
    *[("wage", "primary_work_county_fips", text, "CEL-170") for text in ("6037", "6,037", "006037", "CA037")],
    ("wage", "primary_work_county_fips", "99999", "CEL-171"),
    *[("wage", "soc_code", text, "CEL-171") for text in ("49-9040", "49-9000", "49-0000", "99-9999")],
    *[("wage", "soc_code", text, "CEL-170") for text in ("499041", "49-904", "49-9041.00", "49–9041")],
    *[("placement", "naics_code", text, "CEL-170") for text in ("31-33", "3364", "336411.0", "33641")],
    ("placement", "naics_code", "999999", "CEL-171"),
    *[("program", "soc_codes", text, "CEL-170") for text in ("49-9041;", ";49-9041", "49-9041,51-4041")],
    ("enrollment", "program_id", "P99", "CEL-190"),
    ("enrollment", "program_id", "p01", "CEL-190"),
    ("credential", "credential_id", "C99", "CEL-190"),
    ("contribution", "firm_id", "F99", "CEL-190"),
    ("disbursement", "program_id", "P99", "CEL-190"),
    ("wage", "firm_id", "F02", "BOX-001"),
    ("wage", "firm_id", "f01", "BOX-001"),
    ("enrollment", "firm_id", "F02", "BOX-001"),
    ("wage", "firm_id", "F 2", "CEL-110"),
    ("wage", "year_quarter", "2025Q4", "BOX-002"),
]


@pytest.mark.fault("I25", "I26")
@pytest.mark.parametrize("name,column,text,value", ACCEPTED)
def test_cell_is_typed_when_it_is_good(
    check: Check, name: str, column: str, text: str | None, value: object
) -> None:
    outcome = check(name, {column: text})
    assert outcome.of(1) == set()
    assert outcome.accepted[1][column] == value


@pytest.mark.fault("I21", "I23", "I24", "I25")
@pytest.mark.parametrize("column", sorted({(name, column) for name, column, *_ in FAULTY}))
def test_cell_gets_its_code_when_a_fault_is_planted(check: Check, column: tuple[str, str]) -> None:
    planted = [(text, code) for name, where, text, code in FAULTY if (name, where) == column]
    outcome = check(column[0], *({column[1]: text} for text, _ in planted))
    found = [outcome.of(record) for record in range(1, len(planted) + 1)]
    key_code = {code for code in outcome.codes if code.endswith("-301")}
    found = [{one for one in findings if one[1] not in key_code} for findings in found]
    assert [(text, findings) for (text, _), findings in zip(planted, found, strict=True)] == [
        (text, {(column[1], code)}) for text, code in planted
    ]


def test_every_cell_code_is_planted() -> None:
    assert {code for *_, code in FAULTY} == set(CELL_CODES)


def test_every_bad_cell_of_a_row_is_told_when_there_are_several(check: Check) -> None:
    outcome = check(
        "wage", {"learner_key": "x", "gross_wages_usd": "1,5", "worker_type": "?", "key_epoch": ""}
    )
    assert outcome.of(1) == {
        ("learner_key", "CEL-110"),
        ("gross_wages_usd", "CEL-140"),
        ("worker_type", "CEL-160"),
        ("key_epoch", "CEL-101"),
    }


@pytest.mark.parametrize("name", sorted({name for name, *_ in FAULTY}))
def test_engines_agree_on_every_planted_cell(
    name: str, spoil: Check, on_duckdb: Check, on_polars: Check
) -> None:
    planted = [(column, text) for where, column, text, _ in (*ACCEPTED, *FAULTY) if where == name]
    rows = spoil(name, *({column: text} for column, text in planted))
    program = compile_contract(contract(name))
    (found, accepted), (polars_found, polars_accepted) = on_duckdb(program, rows), on_polars(program, rows)
    assert sorted(found) == sorted(polars_found)
    assert sorted(accepted, key=_record) == sorted(polars_accepted, key=_record)


def _record(row: dict[str, Any]) -> int:
    return int(row["record"])
