"""Registers and other extracts given beside a file: every rule that looks at them, broken and kept.

The examples of all contracts are clean together, so they are what is given; then one of them is spoiled.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from contracts import CONTRACTS
from contracts.fields import Ref
from contracts.rules import CrossRule
from tests.warehouse.checking_files import write_parquet, write_xlsx
from warehouse.checking import CheckOrder, CheckReport, check_file

EXAMPLES = Path(__file__).parents[1] / "contracts" / "examples"
FIRM, PERIOD = "F01", "2026Q1"
OTHER_KEY = "0f" * 32
REFERRING = [
    name for name, of in CONTRACTS.items() if any(isinstance(one.field, Ref) for one in of.columns())
]

Row = Mapping[str, str]

# Code: what is changed in the first row of the contract's example, so that the rule alone is broken.
BROKEN: Mapping[str, tuple[str, Row]] = {
    "REQ-401": ("demand_requisition", {"establishment_id": "E99"}),
    "PFM-401": ("firm_performance", {"establishment_id": "E99"}),
    "CRD-401": ("credential", {"program_id": "P01", "attained_date": "2025-02-28"}),
    "PLC-401": ("placement", {"hire_source": "CONSORTIUM_PROGRAM", "learner_key": OTHER_KEY}),
    "WAG-401": ("wage", {"participant_flag": "1", "learner_key": OTHER_KEY}),
    "CPW-401": ("comparison_wage", {"learner_key": "0123456789abcdef" * 4}),
    "SKA-401": ("skill_assessment", {"learner_key": OTHER_KEY}),
    "INC-401": ("incentive_award", {"learner_key": OTHER_KEY}),
    "SUP-401": ("support_service", {"learner_key": OTHER_KEY}),
}
# The same rules kept by a hair.
KEPT: Mapping[str, Row] = {
    "CRD-401": {"program_id": "P01", "attained_date": "2025-03-01"},
    "PLC-401": {"hire_source": "CONSORTIUM_PROGRAM"},
    "WAG-401": {"participant_flag": "1"},
}


def rows_of(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("with")
    for path in EXAMPLES.glob("*.csv"):
        shutil.copy(path, folder / f"{path.stem}_{PERIOD}.csv")
    return folder


def check(folder: Path, name: str, rows: list[dict[str, str]], given: Path | None) -> CheckReport:
    header = list(dict.fromkeys(column for row in rows for column in row))
    path = folder / f"{name}_{PERIOD}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return check_file(CheckOrder(path=path, firm=FIRM, given=given))


def found(report: CheckReport) -> set[tuple[int, str, str]]:
    assert report.findings == ()
    columns = (report.violations[name].to_pylist() for name in ("record", "column", "code"))
    return set(zip(*columns, strict=True))


def references(name: str) -> list[str]:
    return [one.name for one in CONTRACTS[name].columns() if isinstance(one.field, Ref)]


def test_every_rule_across_extracts_is_broken_here() -> None:
    rules = {rule.code for of in CONTRACTS.values() for rule in of.all_rules() if isinstance(rule, CrossRule)}
    assert set(BROKEN) == rules


@pytest.mark.parametrize("name", REFERRING)
def test_value_no_register_knows_is_found_in_every_column_that_refers_to_one(
    name: str, given: Path, tmp_path: Path
) -> None:
    clean = check(tmp_path, name, rows_of(name), given)
    assert (found(clean), clean.not_checked) == (set(), ())
    unknown = {column: f"NO-SUCH-{number}" for number, column in enumerate(references(name))}
    report = check(tmp_path, name, [*rows_of(name)[1:], {**rows_of(name)[0], **unknown}], given)
    last = len(rows_of(name))
    assert found(report) == {(last, column, "CEL-190") for column in unknown}


@pytest.mark.parametrize("code", BROKEN)
def test_rule_across_extracts_is_found_where_it_is_broken_and_nowhere_else(
    code: str, given: Path, tmp_path: Path
) -> None:
    name, change = BROKEN[code]
    rows = rows_of(name)
    spoiled = check(tmp_path, name, [{**rows[0], **change}, *rows[1:]], given)
    column = next(rule.column for rule in CONTRACTS[name].all_rules() if rule.code == code)
    assert found(spoiled) == {(1, column, code)}
    assert spoiled.not_checked == ()
    kept = check(tmp_path, name, [{**rows[0], **KEPT.get(code, {})}, *rows[1:]], given)
    assert found(kept) == set()
    alone = check(tmp_path, name, [{**rows[0], **change}, *rows[1:]], None)
    assert found(alone) == set()
    assert code in {one.code for one in alone.not_checked}


@pytest.mark.parametrize("write", [write_xlsx, write_parquet])
def test_register_is_given_in_any_format_that_is_read(write: object, tmp_path: Path) -> None:
    programs = rows_of("program")
    folder = tmp_path / "with"
    folder.mkdir()
    write(folder / f"program_{PERIOD}", list(programs[0]), [list(row.values()) for row in programs])  # type: ignore[operator]
    row = {**rows_of("enrollment")[0], "program_id": "NO-SUCH-PROGRAM"}
    report = check(tmp_path, "enrollment", [*rows_of("enrollment"), row], folder)
    assert (2, "program_id", "CEL-190") in found(report)
    assert ("CEL-190", "program_id") not in {(one.code, one.column) for one in report.not_checked}
