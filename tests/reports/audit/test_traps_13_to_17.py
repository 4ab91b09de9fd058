"""The known traps 13 to 17 of disclosure, each by its number, put to the auditor under the policy
``board``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from reports.disclosure.audit.evidence import Evidence, evidence_of
from reports.disclosure.audit.findings import Audit
from reports.disclosure.audit.proof import audit_evidence
from reports.disclosure.audit.published import Opened, published_findings
from reports.disclosure.policy import load_preset
from tests.reports.audit.patterns import Cube, cube, frames, from_grid

BOARD = load_preset("board").model_dump(mode="json")
META = {"systems": {"pay": {"unit": "cents", "kind": "wage_derived"}}}


def _evidence(made: Cube, hidden: np.ndarray, rules: np.ndarray) -> Evidence:
    return evidence_of(frames(made, hidden, rules), BOARD, META, name="made here")


def _one_cell(parts: Mapping[str, tuple[int, int]]) -> Cube:
    """A published cell: dollars and persons by owner (of every firm, its ultimate parent)."""
    listed = [(owner, "r0", units, persons) for owner, (units, persons) in parts.items()]
    rows = pd.DataFrame(listed, columns=["firm", "row", "units", "persons"])
    return cube(rows.groupby(["firm", "row"], as_index=False).sum(), {"row": ["row"]})


def _published(parts: Mapping[str, tuple[int, int]]) -> Audit:
    made = _one_cell(parts)
    nothing = np.zeros(made.size, dtype=bool)
    return audit_evidence(_evidence(made, nothing, nothing))


def _codes(audit: Audit) -> set[str]:
    return {finding.code for finding in audit.findings}


def test_trap_13_five_firms_of_which_two_share_a_parent_are_not_published() -> None:
    parents = {"F1": "P1", "F2": "P1", "F3": "P3", "F4": "P4", "F5": "P5"}
    by_parent = {owner: (20 * list(parents.values()).count(owner), 10) for owner in parents.values()}
    assert len(by_parent) == 4
    assert _codes(_published(by_parent)) == {"AUD-102"}
    assert _published(dict.fromkeys(parents, (20, 10))).passed


@pytest.mark.parametrize("largest, is_found", [(2_501, True), (2_500, False)])
def test_trap_14_one_firm_with_more_than_a_quarter_of_the_dollars(largest: int, is_found: bool) -> None:
    rest = 10_000 - largest
    parts = {f"F{n}": (rest // 4 + (n < rest % 4), 20) for n in range(4)} | {"F9": (largest, 20)}
    assert _published(parts).passed is not is_found


@pytest.mark.parametrize("day, is_found", [(date(2026, 9, 30), True), (date(2026, 10, 1), False)])
def test_trap_15_wage_data_of_92_days_are_too_young(day: date, is_found: bool) -> None:
    row = {
        "metric_id": "median_earnings_q2",
        "geography": "K",
        "cohort_start": "2025Q4",
        "cohort_end": "2025Q4",
        "label": "all",
        "unit": "usd_per_quarter",
        "value": Decimal(9_100),
        "value_lower": Decimal(9_000),
        "value_upper": Decimal(9_200),
        "value_status": 1,
        "numerator_rounded_count": None,
        "denominator_rounded_count": 40,
        "as_of": day,
    }
    opened = Opened({"outcomes": pd.DataFrame([row])}, "", BOARD)
    assert {finding.code for finding in published_findings(opened)} == ({"AUD-210"} if is_found else set())


def test_trap_16_one_hidden_child_under_a_published_total_is_not_enough() -> None:
    made = from_grid([[2_000, 3_000, 4_000], [2_500, 3_500, 4_500], [2_600, 3_600, 4_600]])
    rules = np.zeros(made.size, dtype=bool)
    rules[made.cell(row="r0", column="c0")] = True
    assert "AUD-104" in _codes(audit_evidence(_evidence(made, rules, rules)))
    both = rules.copy()
    both[[made.cell(row=r, column=c) for r in ("r0", "r1") for c in ("c0", "c1")]] = True
    assert audit_evidence(_evidence(made, both, rules)).passed


def test_trap_17_release_that_adds_one_firm_is_blocked_by_the_difference() -> None:
    firms = {f"F{n}": (20, 10) for n in range(8)}
    before, after = _one_cell(firms), _one_cell(firms | {"newcomer": (20, 10)})
    nothing = np.zeros(before.size, dtype=bool)
    first, second = _evidence(before, nothing, nothing), _evidence(after, nothing, nothing)
    assert audit_evidence(first).passed
    assert audit_evidence(second).passed
    assert _codes(audit_evidence(second, [first])) == {"AUD-109"}
