"""A few dozen planted mistakes of every kind; ``make soak-disclosure`` plants a thousand."""

from __future__ import annotations

from tests.reports.audit.mutations import mistakes
from tests.reports.audit.soak import tallied


def test_auditor_refuses_what_matters_and_nothing_else_when_mistakes_are_planted() -> None:
    found = tallied(mistakes(20, seed=1, seeds=(0, 17, 23)))
    assert len(found) == 5
    wrong = {kind: counts for kind, counts in found.items() if counts[True, False] or counts[False, True]}
    assert not wrong
    assert sum(counts[True, True] for counts in found.values()) >= 5
    assert sum(counts[False, False] for counts in found.values()) >= 2
