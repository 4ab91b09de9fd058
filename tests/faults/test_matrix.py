"""The matrix is whole: every fault has a test or a reason, and the page says so."""

from __future__ import annotations

from tests.faults.matrix import NOT_YET, PAGE, ROWS, page, planted_by


def test_every_fault_has_a_test_or_a_reason_and_never_both() -> None:
    tested = set(planted_by())
    assert tested | set(NOT_YET) == set(ROWS), "an unknown id, or a fault without a test"
    assert not tested & set(NOT_YET), "tested by now: take it off the list"


def test_matrix_has_every_number() -> None:
    numbers = [f"F{n:02}" for n in range(1, 26)] + [f"I{n:02}" for n in range(1, 52)]
    assert list(ROWS) == [*numbers, "S04", "S05", "S06", "S07"]


def test_page_of_faults_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make render`"
