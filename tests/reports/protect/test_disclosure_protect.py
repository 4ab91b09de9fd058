"""The protector's laws: nothing a rule hides can be worked out, by anybody, and the proofs say so in whole
numbers.
"""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from scipy import sparse

from contracts.errors import DisclosureError
from reports.disclosure.protect.exact import Limits, least
from reports.disclosure.protect.finding import ProgramFinder
from reports.disclosure.protect.flows import FlowProgram, Move
from reports.disclosure.protect.merging import merged
from reports.disclosure.protect.search import UP, Effort, protect
from reports.disclosure.protect.system import Contributors, Needs, System, plain_system
from reports.disclosure.protect.tables import matrix_of
from tests.reports.protect.brute import exposed
from tests.reports.protect.drawn import tables

EFFORT = Effort(seed=7, rounds=5)
DRAWN = int(os.environ.get("DRAWN", "6"))
QUICK = settings(
    max_examples=DRAWN,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def pattern_of(system: System, effort: Effort = EFFORT):
    return protect(system, ProgramFinder(system), effort)


def told(pattern) -> set:
    return {(u.target, u.direction, u.attacker) for u in pattern.unprotected}


def failures(system: System, hidden) -> set:
    names = system.contributors.names
    return {(t, s, None if f is None else names[f]) for t, s, f, _ in exposed(system, hidden)}


@QUICK
@given(tables())
def test_no_attacker_learns_a_hidden_cell_when_a_pattern_is_found(system: System) -> None:
    pattern = pattern_of(system)
    assert failures(system, pattern.hidden) <= told(pattern)


@QUICK
@given(tables())
def test_protector_says_unprotectable_only_when_hiding_everything_would_not_do(system: System) -> None:
    pattern = pattern_of(system)
    assert told(pattern) <= failures(system, np.ones(system.size, dtype=bool))


@QUICK
@given(tables())
def test_every_proof_is_another_table_when_checked_in_whole_numbers(system: System) -> None:
    pattern = pattern_of(system)
    for (target, sign), flows in pattern.proofs.items():
        need = (system.needs.up if sign == UP else system.needs.down)[target]
        for flow in flows:
            moved = np.zeros(system.size, dtype=np.int64)
            moved[flow.cells] = flow.deltas
            assert not (system.equations @ moved).any()
            assert ((system.values + moved) >= 0).all()
            assert not moved[~pattern.hidden].any()
            assert moved[target] * sign >= need


@QUICK
@given(tables())
def test_pattern_is_the_same_when_made_again_with_the_same_seed(system: System) -> None:
    one, other = pattern_of(system), pattern_of(system)
    assert (one.hidden == other.hidden).all()
    assert told(one) == told(other)


@QUICK
@given(tables(firms=False))
def test_merged_cells_are_protected_when_their_class_is(system: System) -> None:
    small = merged(system)
    pattern = pattern_of(small.system)
    hidden = small.spread_flags(pattern.hidden)
    assert not failures(system, hidden) - {
        (int(t), s, a) for u, s, a in told(pattern) for t in np.flatnonzero(small.class_of == u)
    }


@QUICK
@given(tables(firms=False))
def test_exact_pattern_protects_and_is_no_dearer_than_its_start(system: System) -> None:
    start = pattern_of(system)
    if start.unprotected:
        return
    found = least(system, start, Limits())
    assert not failures(system, found.pattern.hidden)
    assert found.bound <= found.cost <= start.secondary(system).sum()


def test_exact_pattern_is_the_cheapest_when_every_smaller_choice_is_tried() -> None:
    system = square([3, 20, 31, 5, 18, 27, 40, 33, 4], primary=(0, 4, 8))
    found = least(system, pattern_of(system), Limits())
    assert found.is_optimal
    assert not failures(system, found.pattern.hidden)
    others = np.flatnonzero(~system.needs.is_primary).tolist()
    smaller = [choice for count in range(int(found.cost)) for choice in combinations(others, count)]
    assert all(next(iter(exposed(system, hidden_with(system, choice))), None) for choice in smaller)


def hidden_with(system: System, choice: tuple[int, ...]):
    hidden = system.needs.is_primary.copy()
    hidden[list(choice)] = True
    return hidden


def square(inner: list[int], primary: tuple[int, ...]) -> System:
    """Three rows, three columns and their margins; a hidden cell needs a fifth of itself on each side."""
    table = np.zeros((4, 4), dtype=np.int64)
    table[:3, :3] = np.array(inner).reshape(3, 3)
    table[3, :3], table[:, 3] = table[:3, :3].sum(axis=0), table.sum(axis=1)
    table[3, 3] = table[:3, 3].sum()
    place = np.arange(16).reshape(4, 4)
    lines = [*place, *place.T]
    rows = [[(int(c), 1) for c in line[:3]] + [(int(line[3]), -1)] for line in lines]
    need = np.zeros(16, dtype=np.int64)
    cells = [int(place[p // 3, p % 3]) for p in primary]
    need[cells] = np.maximum(table.ravel()[cells] // 5, 1)
    return plain_system(table.ravel(), matrix_of(rows, 16), Needs(need, need))


def test_a_primary_alone_is_derivable_until_others_are_hidden() -> None:
    system = square([5, 20, 31, 15, 18, 27, 40, 33, 24], primary=(0,))
    assert failures(system, system.needs.is_primary) == {(0, 1, None), (0, -1, None)}
    pattern = pattern_of(system)
    assert pattern.hidden.sum() == 4
    assert not failures(system, pattern.hidden)


def test_a_firm_that_subtracts_itself_learns_nothing_when_a_hidden_line_holds_two_single_firms() -> None:
    # Row 0 hides two cells of one firm each; with the public alone as attacker either firm knows the other's.
    system = square([9, 12, 31, 15, 18, 27, 40, 33, 24], primary=(0, 1))
    cells, firms = np.array([0, 1, 4, 5]), np.array([0, 1, 2, 3])
    parts = Contributors(cells, firms, np.array([9, 12, 3, 3]), ("A", "B", "C", "D"))
    several = Contributors(*(np.concatenate(pair) for pair in _more_firms(parts)), parts.names)
    public, everyone = pattern_of(system), pattern_of(replace(system, contributors=several))
    known = replace(system, contributors=several)
    assert {attacker for _, _, attacker in failures(known, public.hidden)} == {"A", "B"}
    assert not failures(known, everyone.hidden)


def _more_firms(parts: Contributors):
    """A second and third firm in the cells that are not of one firm alone."""
    cells = np.array([4, 4, 5, 5, 2, 2, 2, 6, 6, 6])
    return (
        (parts.cell, cells),
        (parts.firm, np.array([0, 3, 1, 2, 1, 2, 3, 0, 2, 3])),
        (parts.units, np.array([5, 7, 8, 7, 10, 11, 10, 9, 9, 9])),
    )


def test_flow_is_found_in_whole_units_when_the_cheapest_has_halves() -> None:
    """Three pairs with the same sum: each part is half of it, so the sum can fall by an even number alone."""
    rows = [[-1, 1, 1, 0], [-1, 0, 1, 1], [-1, 1, 0, 1]]
    values, none = np.array([4, 2, 2, 2]), np.zeros(4, dtype=np.int64)
    system = plain_system(values, sparse.csr_array(np.array(rows)), Needs(none, none))
    asked = Move(0, -1, 3, values, np.zeros(4, dtype=bool), np.ones(4))
    flow = FlowProgram(system, np.arange(4)).move(asked)
    assert flow is not None
    assert flow.deltas.tolist() == [-4, -2, -2, -2]


def test_system_that_does_not_add_up_is_refused_by_how_much_and_where() -> None:
    none = np.zeros(3, dtype=np.int64)
    rows = sparse.csr_array(np.array([[-1, 1, 1]]))
    with pytest.raises(DisclosureError, match=r"PRO-002 in cells 0, 1, 2 .* off by -8;"):
        plain_system(np.array([57, 47, 2]), rows, Needs(none, none))


def test_system_without_cells_has_an_empty_pattern() -> None:
    none = np.zeros(0, dtype=np.int64)
    empty = plain_system(none, sparse.csr_array((0, 0), dtype=np.int64), Needs(none, none))
    assert len(pattern_of(empty).hidden) == 0
