"""Batches are fair between firms, keep each firm's order, and follow from what waits alone."""

from __future__ import annotations

import random

import pytest

from warehouse.home import OPERATOR
from warehouse.intake.fairness import SLOW_BYTES, SLOW_FILES, batches, next_batch
from warehouse.lake import Submission

PERIODS = tuple(f"{year}Q{quarter}" for year in range(2000, 2025) for quarter in range(1, 5))


def one(firm: str, contract: str, place: int = 0, size: int = 10, ending: str = "csv") -> Submission:
    name = f"{firm}-{contract}-{place}"
    file_name = f"{contract}_{PERIODS[place]}.{ending}"
    return Submission(name, contract, firm, PERIODS[place], file_name, "", size, None, False, place)


def flood_and_others() -> list[Submission]:
    """One firm with a hundred enrollments, and twenty with one enrollment and one wage file each."""
    flood = [one("A", "enrollment", place) for place in range(100)]
    others = [one(f"F{n:02}", contract) for n in range(20) for contract in ("enrollment", "wage")]
    return sorted([*flood, *others], key=lambda s: s.turn)


@pytest.mark.fault("F16", "F17")
def test_others_are_judged_first_when_one_firm_floods() -> None:
    cut = list(batches(flood_and_others(), 40, 10**9))
    assert all(len(batch) <= 40 and len({s.contract for s in batch}) == 1 for batch in cut)
    done = [{s.firm_id for s in batch if s.contract == "wage"} for batch in cut]
    assert sum(s.firm_id != "A" for batch in cut[:2] for s in batch) == 40
    assert len(done[1]) == 20


def test_every_submission_is_judged_once_and_after_what_it_refers_to() -> None:
    pending = flood_and_others()
    order = [s for batch in batches(pending, 7, 10**9) for s in batch]
    assert sorted(s.submission_id for s in order) == sorted(s.submission_id for s in pending)
    for firm in {s.firm_id for s in pending}:
        own = [s for s in order if s.firm_id == firm]
        assert own == sorted(own, key=lambda s: s.turn)


def test_registers_come_before_everything_of_the_firms() -> None:
    pending = [one("A", "enrollment"), one(OPERATOR, "ui_match"), one(OPERATOR, "program")]
    cut = list(batches(sorted(pending, key=lambda s: s.turn), 10, 10**9))
    assert [batch[0].contract for batch in cut] == ["program", "ui_match", "enrollment"]


def test_batches_go_on_the_same_when_a_run_was_killed_between_two() -> None:
    pending, draw = flood_and_others(), random.Random(1)
    straight = list(batches(pending, 13, 10**9))
    cut = draw.randrange(1, len(straight))
    done = {s.submission_id for batch in straight[:cut] for s in batch}
    rest = [s for s in pending if s.submission_id not in done]
    assert list(batches(rest, 13, 10**9)) == straight[cut:]


@pytest.mark.fault("F17")
@pytest.mark.parametrize("excess,first", [(0, ["A", "B"]), (1, ["B"])])
def test_slow_file_waits_for_the_others_and_nobody_for_it(excess: int, first: list[str]) -> None:
    pending = [one("A", "wage", size=SLOW_BYTES + excess), one("B", "wage"), one("B", "wage", 1)]
    batch = next_batch(sorted(pending, key=lambda s: s.turn), 10, 10**9)
    assert sorted({s.firm_id for s in batch}) == first


@pytest.mark.fault("F17")
def test_workbooks_wait_for_text_and_come_in_small_batches() -> None:
    books = [one(f"W{n:02}", "wage", ending="xlsx") for n in range(SLOW_FILES + 1)]
    cut = list(batches([*books, one("Z", "wage")], 100, 10**9))
    assert [len(batch) for batch in cut] == [1, SLOW_FILES, 1]
    assert cut[0][0].firm_id == "Z"
