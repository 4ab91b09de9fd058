"""An alternative table counts only if nobody could tell it from the true one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from reports.disclosure.audit.certificates import DOWN, PUBLIC, UP, Open, holding, uncovered
from reports.disclosure.audit.evidence import Block, evidence_of
from tests.reports.audit.patterns import META, POLICY, Cube, frames, from_grid, with_flows

SQUARE = from_grid([[20, 40, 60], [30, 50, 70], [40, 60, 80]])


def _cells(made: Cube, *places: tuple[str, str]) -> list[int]:
    return [made.cell(row=row, column=column) for row, column in places]


CORNERS = _cells(SQUARE, ("r0", "c0"), ("r0", "c1"), ("r1", "c0"), ("r1", "c1"))
"""Moving these by + − − + leaves every total as it is."""


def _block(moves: list[Mapping[int, int]], made: Cube = SQUARE, hidden: list[int] = CORNERS) -> Block:
    secret, rules = np.zeros(made.size, dtype=bool), np.zeros(made.size, dtype=bool)
    secret[hidden], rules[hidden[0]] = True, True
    tables = with_flows(frames(made, secret, rules), made, [(hidden[0], 1, move) for move in moves])
    return evidence_of(tables, POLICY, META, name="made here").blocks["pay"]


def _circuit(size: int) -> dict[int, int]:
    return dict(zip(CORNERS, (size, -size, -size, size), strict=True))


def test_flow_holds_when_totals_stay_and_nothing_is_negative() -> None:
    assert holding(_block([_circuit(20), _circuit(-20)])).tolist() == [True, True]


@pytest.mark.parametrize(
    "wrong",
    [
        {CORNERS[0]: 5},
        _circuit(31),
        _circuit(-21),
        {**_circuit(3), SQUARE.cell(row="r2", column="c2"): 0, SQUARE.cell(): 1},
    ],
    ids=["a total changes", "a neighbor is negative", "the target is negative", "a published cell moves"],
)
def test_flow_does_not_hold_when_it_could_be_seen(wrong: Mapping[int, int]) -> None:
    assert holding(_block([wrong])).tolist() == [False]


def test_flow_of_numbers_that_would_wrap_around_does_not_hold() -> None:
    assert holding(_block([{cell: sign * 2**62 for cell, sign in _circuit(1).items()}])).tolist() == [False]


def test_nothing_is_open_when_flows_reach_the_need_on_both_sides() -> None:
    assert uncovered(_block([_circuit(2), _circuit(-2)])) == []


def test_a_side_is_open_when_its_flow_stops_one_unit_short() -> None:
    assert uncovered(_block([_circuit(1), _circuit(-2)])) == [Open(CORNERS[0], UP, PUBLIC)]
    assert uncovered(_block([_circuit(2), _circuit(-1)])) == [Open(CORNERS[0], DOWN, PUBLIC)]


def _with_owner(units: int) -> Cube:
    """The neighbor to the right of the target holds 40, of which firm F has so many; the rest is
    another's.
    """
    shares = {"F": units, "G": 40 - units} if units < 40 else {"F": 40}
    return from_grid([[20, 40, 60], [30, 50, 70], [40, 60, 80]], {("r0", "c1"): shares})


@pytest.mark.parametrize("units, is_open", [(37, False), (38, False), (39, True), (40, True)])
def test_firm_rules_a_flow_out_when_its_own_part_would_not_fit(units: int, is_open: bool) -> None:
    made = _with_owner(units)
    corners = _cells(made, ("r0", "c0"), ("r0", "c1"), ("r1", "c0"), ("r1", "c1"))
    up = dict(zip(corners, (2, -2, -2, 2), strict=True))
    block = _block([up, {cell: -delta for cell, delta in up.items()}], made, corners)
    firm = block.parts.names.index("F")
    assert uncovered(block) == ([Open(corners[0], UP, firm)] if is_open else [])


def test_second_flow_covers_a_firm_when_it_avoids_that_firm_s_cell() -> None:
    made = _with_owner(40)
    corners = _cells(made, ("r0", "c0"), ("r0", "c1"), ("r1", "c0"), ("r1", "c1"))
    around = _cells(made, ("r0", "c0"), ("r0", "c2"), ("r1", "c0"), ("r1", "c2"))
    moves = [
        dict(zip(cells, (s * 2, -s * 2, -s * 2, s * 2), strict=True))
        for cells in (corners, around)
        for s in (1, -1)
    ]
    block = _block(moves, made, list(dict.fromkeys(corners + around)))
    assert uncovered(block) == []


def test_only_contributor_of_the_target_is_no_attacker_of_it() -> None:
    made = from_grid([[20, 40], [30, 50]], {("r0", "c0"): {"F": 20}, ("r0", "c1"): {"F": 40}})
    corners = _cells(made, ("r0", "c0"), ("r0", "c1"), ("r1", "c0"), ("r1", "c1"))
    needed = 3 + int(np.ceil(20 / 0.85 - 20))
    up = dict(zip(corners, (needed, -needed, -needed, needed), strict=True))
    down = {cell: -delta for cell, delta in up.items()}
    assert uncovered(_block([up, down], made, corners)) == []
