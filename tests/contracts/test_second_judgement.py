"""The second judgement stands on its own, and a disagreement is seen."""

from __future__ import annotations

from contracts import contract
from contracts.judge import CellFinding, disagreements, judge_rows

ROW = {
    "submission_id": "S1",
    "record": 7,
    "box_firm_id": "F01",
    "box_period": "2026Q1",
    "learner_key": "a" * 64,
    "key_epoch": "1",
    "firm_id": "F01",
    "year_quarter": "2026Q1",
    "gross_wages_usd": "10.00",
}


def test_good_row_has_no_finding_though_optional_columns_are_absent() -> None:
    assert judge_rows(contract("wage"), [ROW], {}) == frozenset()


def test_every_bad_cell_is_found_with_its_submission_and_record() -> None:
    row = {**ROW, "firm_id": "F02", "gross_wages_usd": "1.505", "soc_code": "11-0000", "key_epoch": ""}
    lists = {"codeset_soc_2018": frozenset({"11-1011"})}
    assert judge_rows(contract("wage"), [row], lists) == {
        CellFinding("S1", 7, "firm_id", "BOX-001"),
        CellFinding("S1", 7, "gross_wages_usd", "CEL-140"),
        CellFinding("S1", 7, "soc_code", "CEL-171"),
        CellFinding("S1", 7, "key_epoch", "CEL-101"),
    }


def test_disagreement_is_seen_in_both_directions() -> None:
    mine = CellFinding("S1", 1, "soc_code", "CEL-171")
    theirs = CellFinding("S1", 1, "soc_code", "CEL-170")
    rule = CellFinding("S1", 1, "hours_paid", "WAG-201")
    assert disagreements([mine, rule], {theirs}) == ({mine}, {theirs})
    assert disagreements([mine, rule], {mine}) == (frozenset(), frozenset())
