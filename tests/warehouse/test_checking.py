"""What a check finds is what was planted, both ways, the same in three formats; and what it cannot know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contracts import CONTRACTS
from contracts.errors import CheckError, ContractError
from tests.warehouse.checking_files import (
    FIRM,
    GOOD,
    KINDS,
    PERIOD,
    WRITERS,
    Truth,
    good_row,
    planted,
    write_csv,
)
from warehouse import checking
from warehouse.checking import CheckOrder, CheckReport, Verdict, check_file
from warehouse.intake import formats
from warehouse.intake.findings import FILE_CODES
from warehouse.sample.fault_kinds import FAULT_KINDS


def found(report: CheckReport) -> Truth:
    names = ("record", "column", "code")
    return set(zip(*(report.violations[name].to_pylist() for name in names), strict=True))


def good_file(folder: Path, contract: str = "wage", rows: int = 3, name: str = "") -> Path:
    header = list(CONTRACTS[contract].column_names())
    body = [list(good_row(contract, number).values()) for number in range(rows)]
    return write_csv(folder / (name or f"{contract}_{PERIOD}"), header, body)


def test_at_least_forty_kinds_are_planted() -> None:
    assert len({(kind.contract, kind.code, kind.column) for kind in KINDS}) >= 40
    assert len({kind.code for kind in KINDS}) >= 30


@pytest.mark.parametrize("format_name", WRITERS)
@pytest.mark.parametrize("contract", GOOD)
def test_check_finds_exactly_what_was_planted(tmp_path: Path, contract: str, format_name: str) -> None:
    kinds = [kind for kind in KINDS if kind.contract == contract]
    header, rows, truth = planted(contract, kinds, ragged=format_name != "parquet")
    path = WRITERS[format_name](tmp_path / f"{contract}_{PERIOD}", header, rows)
    report = check_file(CheckOrder(path=path, firm=FIRM))
    assert report.findings == ()
    assert found(report) == truth
    assert report.rows_in == len(rows)
    assert report.exit_status == 1


@pytest.mark.parametrize("contract", GOOD)
def test_check_is_clean_when_nothing_was_planted(tmp_path: Path, contract: str) -> None:
    report = check_file(CheckOrder(path=good_file(tmp_path, contract), firm=FIRM))
    assert (report.verdict, report.exit_status, report.rows_in) == (Verdict.CLEAN, 0, 3)


def test_check_counts_each_code_with_its_first_places(tmp_path: Path) -> None:
    header = list(CONTRACTS["wage"].column_names())
    rows = [list({**good_row("wage", n), "gross_wages_usd": "1,000"}.values()) for n in range(8)]
    report = check_file(CheckOrder(path=write_csv(tmp_path / "wage_2024Q1", header, rows)))
    (code,) = report.codes
    assert (code.code, code.column, code.rows, len(code.examples)) == ("CEL-140", "gross_wages_usd", 8, 5)
    assert [(one.record, one.line) for one in code.examples] == [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6)]
    assert report.rows_failing == 8


@pytest.mark.parametrize(
    "text,kind",
    [
        ("", "blank"),
        ("2024", "digits, length 4"),
        ("-99,999.00", "digits and signs, length 10"),
        ("ACME ", "text, length 5"),
        ("ACME\n", "text with control characters, length 5"),
        ("AC\x7fME", "text with control characters, length 5"),
        ("ACMÉ\n", "text beyond ASCII, length 5"),
    ],
)
def test_value_is_masked_by_what_it_is(tmp_path: Path, text: str, kind: str) -> None:
    header = list(CONTRACTS["wage"].column_names())
    rows = [list({**good_row("wage", 1), "firm_id": text, "year_quarter": text}.values())]
    report = check_file(CheckOrder(path=write_csv(tmp_path / "wage_2024Q1", header, rows), firm=FIRM))
    assert set(report.violations["masked_value"].to_pylist()) == {kind}


def test_warnings_alone_leave_the_file_clean(tmp_path: Path) -> None:
    header = list(CONTRACTS["wage"].column_names())
    rows = [list({**good_row("wage", 1), "hours_worked": "480.1"}.values())]
    report = check_file(CheckOrder(path=write_csv(tmp_path / "wage_2024Q1", header, rows)))
    assert (report.verdict, report.exit_status, report.rows_warned) == (Verdict.WARNINGS, 0, 1)


def test_line_is_the_line_a_record_starts_on_when_a_text_spans_lines(tmp_path: Path) -> None:
    header = list(CONTRACTS["program"].column_names())
    first = {**good_row("program", 1), "name": "two\nlines"}
    second = {**good_row("program", 2), "name": ""}
    path = write_csv(tmp_path / "program_2024Q1", header, [[*first.values()], [*second.values()]])
    report = check_file(CheckOrder(path=path))
    assert report.violations["line"].to_pylist() == [2, 4]


def test_what_the_registers_must_know_is_named_not_found(tmp_path: Path) -> None:
    report = check_file(CheckOrder(path=good_file(tmp_path, "credential")))
    told = {(one.code, one.column) for one in report.not_checked}
    assert {("CEL-190", "credential_id"), ("CRD-401", "attained_date")} <= told
    assert report.verdict is Verdict.CLEAN


def test_firm_and_quarter_of_most_rows_are_assumed_and_said_to_be(tmp_path: Path) -> None:
    header = list(CONTRACTS["wage"].column_names())
    rows = [list(good_row("wage", n).values()) for n in range(3)]
    rows += [list({**good_row("wage", 3), "firm_id": "OTHER"}.values())]
    rows += [list({**good_row("wage", 4), "year_quarter": "2023Q4"}.values())]
    report = check_file(CheckOrder(path=write_csv(tmp_path / "payroll", header, rows)))
    assert found(report) == {(4, "firm_id", "BOX-001"), (5, "year_quarter", "BOX-002")}
    assert {"BOX-001", "BOX-002"} <= {one.code for one in report.not_checked}


def test_firm_and_quarter_said_outright_decide(tmp_path: Path) -> None:
    path = good_file(tmp_path, name="payroll")
    report = check_file(CheckOrder(path=path, firm="OTHER", period="2024Q2"))
    assert {code for _, _, code in found(report)} == {"BOX-001", "BOX-002"}
    assert not {"BOX-001", "BOX-002"} & {one.code for one in report.not_checked}


def test_given_registers_and_extracts_are_looked_up(tmp_path: Path) -> None:
    given = tmp_path / "with"
    given.mkdir()
    write_csv(
        given / "program_2024Q1", ["program_id", "name", "effective_from"], [["CNC", "M", "2018-07-01"]]
    )
    definitions = ["credential_id", "name", "ctdl_type", "valid_from"]
    write_csv(
        given / "credential_definition_2024Q1", definitions, [["NIMS-1", "N", "Certificate", "2018-07-01"]]
    )
    learner = good_row("credential", 1)["learner_key"]
    entered = {**good_row("enrollment", 1), "learner_key": learner, "entry_date": "2024-01-15"}
    write_csv(given / "enrollment_2024Q1", list(entered), [[*entered.values()]])
    rows = [
        {**good_row("credential", 1), "program_id": "CNC"},
        {**good_row("credential", 1), "program_id": "CNC", "attained_date": "2024-01-14"},
        {**good_row("credential", 3), "credential_id": "NIMS-2"},
        {**good_row("credential", 4), "program_id": "WELD"},
        {**good_row("credential", 5), "program_id": "CNC"},
    ]
    path = write_csv(tmp_path / "credential_2024Q1", list(rows[0]), [[*row.values()] for row in rows])
    report = check_file(CheckOrder(path=path, given=given))
    assert found(report) == {
        (2, "attained_date", "CRD-401"),
        (3, "credential_id", "CEL-190"),
        (4, "program_id", "CEL-190"),
        (5, "attained_date", "CRD-401"),
    }
    assert report.not_checked == ()


def test_given_file_that_is_unusable_is_named(tmp_path: Path) -> None:
    write_csv(tmp_path / "program_2024Q1", ["program_id"], [["CNC"]])
    with pytest.raises(CheckError, match="program_2024Q1") as raised:
        check_file(CheckOrder(path=good_file(tmp_path, "credential"), given=tmp_path))
    assert raised.value.code == "CHK-004"


@pytest.mark.parametrize("contract", GOOD)
def test_contract_is_guessed_from_the_header(tmp_path: Path, contract: str) -> None:
    report = check_file(CheckOrder(path=good_file(tmp_path, contract, name="export final (2)")))
    assert report.contract == contract
    assert report.chosen is not None
    assert "header" in report.chosen.because


def test_contract_is_guessed_from_the_required_columns_alone(tmp_path: Path) -> None:
    for name, of in CONTRACTS.items():
        row = good_row(name, 1) if name in GOOD else None
        if row is not None:
            columns = list(of.required_columns())
            path = write_csv(tmp_path / "x", columns, [[row[column] for column in columns]])
            assert check_file(CheckOrder(path=path)).contract == name


def test_name_of_the_file_decides_before_its_header(tmp_path: Path) -> None:
    path = good_file(tmp_path, "wage", name=f"enrollment_{PERIOD}")
    report = check_file(CheckOrder(path=path))
    assert report.contract == "enrollment"
    assert report.exit_status == 2


@pytest.mark.parametrize("header", [["learner_key", "key_epoch"], ["a", "b", "c"], ["firm_id"]])
def test_check_asks_for_the_contract_when_the_header_does_not_say(tmp_path: Path, header: list[str]) -> None:
    path = write_csv(tmp_path / "x", header, [["1"] * len(header)])
    with pytest.raises(CheckError, match="--contract") as raised:
        check_file(CheckOrder(path=path))
    assert raised.value.code == "CHK-002"


def test_unknown_contract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError):
        check_file(CheckOrder(path=good_file(tmp_path), contract="wages"))


@pytest.mark.parametrize("period", ["2024", "2024q1", "0000Q1", "2024Q5"])
def test_period_that_is_no_quarter_is_refused(tmp_path: Path, period: str) -> None:
    with pytest.raises(CheckError):
        check_file(CheckOrder(path=good_file(tmp_path), period=period))


def test_file_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CheckError) as raised:
        check_file(CheckOrder(path=tmp_path / "wage_2024Q1.csv"))
    assert raised.value.code == "CHK-001"


@pytest.mark.parametrize("format_name", WRITERS)
def test_column_that_holds_identifiers_refuses_the_file_in_every_format(
    tmp_path: Path, format_name: str
) -> None:
    header = list(CONTRACTS["program"].column_names())
    row = {**good_row("program", 1), "name": "mary@canary.example"}
    path = WRITERS[format_name](tmp_path / "program_2024Q1", header, [[*row.values()]])
    report = check_file(CheckOrder(path=path))
    assert [(one.code, one.column) for one in report.findings] == [("FIL-041", "name")]
    assert "canary" not in str(report.findings)


def test_every_kind_left_out_needs_more_than_the_file() -> None:
    left_out = {kind.code for kind in FAULT_KINDS if kind.contract in GOOD and kind not in KINDS}
    assert left_out == {"CEL-190", "CRD-401", "PLC-401", "WAG-401"}


def test_every_code_of_a_reader_has_a_title() -> None:
    folders = (Path(checking.__file__).parent, Path(formats.__file__).parent)
    used = {
        code
        for folder in folders
        for path in folder.glob("*.py")
        for code in re.findall(r"FIL-[0-9]{3}", path.read_text())
    }
    assert {code for code in used if code >= "FIL-041"} == {code for code in FILE_CODES if code >= "FIL-050"}
    assert used | {"FIL-041"} <= set(FILE_CODES)
