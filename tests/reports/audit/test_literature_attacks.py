"""Attacks that the literature and the issue lists of other tools describe: reproduced, then closed.

Before: a pattern that looks safe (two hidden cells in every line, or a float program content). After: the
pattern of the plain protector of these tests, which passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from reports.disclosure.audit.evidence import evidence_of
from reports.disclosure.audit.findings import Audit
from reports.disclosure.audit.proof import audit_evidence
from tests.reports.audit.patterns import META, POLICY, Cube, frames, from_grid, protect

NO_RULES = {"min_persons": 0, "min_firms": 0, "max_firm_share": None, "dominance": [], "p_percent": None}
HARMLESS: dict[str, Any] = POLICY | {"count": NO_RULES | {"min_age_days": 0}}
"""A policy under which nothing fails by itself: what is hidden is what the test hides."""

Places = Sequence[tuple[str, str]]


def _mask(made: Cube, places: Places) -> np.ndarray:
    found = np.zeros(made.size, dtype=bool)
    found[[made.cell(row=row, column=column) for row, column in places]] = True
    return found


def _audit(made: Cube, hidden: np.ndarray, rules: np.ndarray) -> Audit:
    return audit_evidence(evidence_of(frames(made, hidden, rules), HARMLESS, META, name="made here"))


def _codes(audit: Audit) -> set[str]:
    return {finding.code for finding in audit.findings}


def _cells(audit: Audit, code: str) -> set[str]:
    return {finding.where.split(" ")[1] for finding in audit.findings if finding.code == code}


# w|b = 47 in the middle; every line that holds a hidden cell holds two or three.
LINKED = from_grid([[61, 47, 83, 70], [52, 90, 66, 85], [71, 58, 95, 60], [88, 73, 54, 67]])
HIDDEN_IN_PAIRS = [
    *(("r0", "c0"), ("r0", "c1"), ("r0", "c2"), ("r1", "c0"), ("r1", "c2")),
    *(("r2", "c1"), ("r2", "c3"), ("r3", "c1"), ("r3", "c3")),
]


def test_linked_lines_give_47_away_although_every_line_hides_two() -> None:
    hidden = _mask(LINKED, HIDDEN_IN_PAIRS)
    for line in LINKED.equations:
        assert (hidden & (line != 0)).sum() != 1
    found = _audit(LINKED, hidden, _mask(LINKED, [("r0", "c1")]))
    assert "AUD-104" in _codes(found)
    assert _cells(found, "AUD-104") == {'{"column":"c1","row":"r0"}'}
    assert LINKED.units[LINKED.cell(row="r0", column="c1")] == 47


def test_linked_lines_keep_47_when_protected_together() -> None:
    rules = _mask(LINKED, [("r0", "c1")])
    assert _audit(LINKED, protect(LINKED, rules), rules).passed


SINGLETONS = from_grid(
    [[40, 50, 60, 70], [45, 55, 65, 75], [48, 58, 68, 78]],
    {
        ("r0", "c0"): {"A": 40},
        ("r0", "c1"): {"B": 50},
        ("r0", "c2"): {"A": 60},
    },
)


def test_three_singletons_give_one_away_when_two_are_the_same_firm_s() -> None:
    columns = ("c0", "c1", "c2")
    hidden = _mask(SINGLETONS, [(row, column) for row in ("r0", "r1") for column in columns])
    rules = _mask(SINGLETONS, [("r0", column) for column in columns])
    found = _audit(SINGLETONS, hidden, rules)
    assert _codes(found) >= {"AUD-105"}
    assert "AUD-104" not in _codes(found)
    assert _cells(found, "AUD-105") == {'{"column":"c1","row":"r0"}'}


def test_three_singletons_are_safe_when_firms_count_as_attackers() -> None:
    rules = _mask(SINGLETONS, [("r0", column) for column in ("c0", "c1", "c2")])
    hidden = protect(SINGLETONS, rules)
    assert hidden.sum() > 6
    assert _audit(SINGLETONS, hidden, rules).passed


VAST = 4_000_000_000_000
BESIDE_VAST = from_grid([[0, 3, VAST], [5, VAST, 7], [VAST, 2, 9]])


@pytest.mark.parametrize("place", [("r0", "c0"), ("r0", "c1")], ids=["a zero", "three units"])
def test_small_cell_beside_a_vast_total_is_found_when_it_follows(place: tuple[str, str]) -> None:
    rules = _mask(BESIDE_VAST, [place])
    found = _audit(BESIDE_VAST, _mask(BESIDE_VAST, [place, ("r0", "c2"), ("r1", "c2")]), rules)
    assert _cells(found, "AUD-104") == {f'{{"column":"{place[1]}","row":"{place[0]}"}}'}


def test_zero_beside_a_vast_total_is_narrow_when_its_neighbors_are_empty() -> None:
    made = from_grid([[0, 0, VAST], [0, 6, VAST], [8, VAST, 9]])
    corners = [(row, column) for row in ("r0", "r1") for column in ("c0", "c1")]
    found = _audit(made, _mask(made, corners), _mask(made, [("r0", "c0")]))
    assert _codes(found) == {"AUD-106"}


def test_zero_beside_a_vast_total_is_wide_when_protected() -> None:
    rules = _mask(BESIDE_VAST, [("r0", "c0")])
    hidden = _mask(
        BESIDE_VAST, [(row, column) for row in ("r0", "r1", "r2") for column in ("c0", "c1", "c2")]
    )
    assert _audit(BESIDE_VAST, hidden, rules).passed


def test_dominant_cell_of_a_hidden_group_is_narrow_although_nothing_follows() -> None:
    made = from_grid([[1000, 5, 300], [900, 4, 200], [700, 600, 500]])
    corners = [(row, column) for row in ("r0", "r1") for column in ("c0", "c1")]
    found = _audit(made, _mask(made, corners), _mask(made, [("r0", "c0")]))
    assert _codes(found) == {"AUD-106"}


def test_dominant_cell_is_wide_when_the_group_grows() -> None:
    made = from_grid([[1000, 5, 300], [900, 4, 200], [700, 600, 500]])
    rules = _mask(made, [("r0", "c0")])
    assert _audit(made, protect(made, rules), rules).passed
