"""The protector of cubes: its flows are alternative tables, its patterns pass an independent auditor."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from contracts.errors import DisclosureError
from reports.disclosure.audit.evidence import read_evidence
from reports.disclosure.audit.findings import Audit
from reports.disclosure.audit.proof import audit_evidence
from reports.disclosure.audit.tables import audit_tables
from reports.disclosure.disclosed_files import Terms, write_disclosed
from reports.disclosure.disclosing import disclose
from reports.disclosure.policy import MeasureKind, read_policy
from reports.disclosure.protect import circuits
from reports.disclosure.protect.circuits import is_worthwhile, protect_cube
from reports.disclosure.protect.cube import _Tree, axes_of, cube_of, linked_cube
from reports.disclosure.protect.finding import ProgramFinder
from reports.disclosure.protect.search import Effort, Pattern, protect
from reports.disclosure.protect.tables import Hierarchy
from reports.disclosure.tables_of_cells import Given, GivenCell, GivenTable
from tests.bench.made_up_cubes import DIMENSIONS, POLICY, Made, Region, grid, made, write

TINY = Region(areas=3, counties=7, sectors=3, occupations=4, firms=60, persons=1_500)
FEW_FIRMS = replace(TINY, firms=25, persons=800)
"""A pattern against the public alone gives cells away to some of them."""
EFFORT = Effort(seed=3, rounds=3)


@cache
def tiny(*, firms: bool = False) -> Made:
    cube = made(TINY, seed=5)
    return cube if firms else cube.without_firms()


def audited(cube: Made, pattern: Pattern, folder: Path) -> Audit:
    write(folder, cube, pattern)
    return audit_evidence(read_evidence(folder))


@cache
def found(*, firms: bool = False) -> Pattern:
    cube = tiny(firms=firms)
    return protect_cube(cube.small.system, grid(cube), EFFORT)


def codes(audit: Audit) -> set[str]:
    # A shown cell of which no firm is named cannot keep to rules on firms: the public's case names none.
    return {finding.code for finding in audit.findings} - {"AUD-102"}


@pytest.mark.parametrize("firms", [False, True])
def test_auditor_finds_nothing_when_circuits_protected_a_cube(firms: bool, tmp_path: Path) -> None:
    cube, pattern = tiny(firms=firms), found(firms=firms)
    assert pattern.secondary(cube.small.system).any()
    assert not pattern.unprotected
    assert codes(audited(cube, pattern, tmp_path)) == set()


def test_few_firms_learn_nothing_only_when_circuits_thought_of_every_firm(tmp_path: Path) -> None:
    cube = made(FEW_FIRMS, seed=5)
    public, every = (
        protect_cube(one.small.system, grid(one), EFFORT) for one in (cube.without_firms(), cube)
    )
    assert codes(audited(cube, public, tmp_path / "public")) == {"AUD-105", "AUD-107"}
    assert codes(audited(cube, every, tmp_path / "every")) == set()


@pytest.mark.parametrize("firms", [False, True])
def test_auditor_refuses_a_cube_when_a_needed_secondary_is_shown(firms: bool, tmp_path: Path) -> None:
    cube, pattern = tiny(firms=firms), found(firms=firms)
    refused = 0
    secondary = np.flatnonzero(pattern.secondary(cube.small.system))
    for number, cell in enumerate(secondary.tolist()):
        hidden = pattern.hidden.copy()
        hidden[cell] = False
        planted = Pattern(hidden, pattern.proofs, ())
        refused += codes(audited(cube, planted, tmp_path / str(number))) != set()
    assert refused >= 0.9 * len(secondary)


def test_circuits_hide_no_more_than_programs_do_on_a_cube() -> None:
    system = tiny().small.system
    programs = protect(system, ProgramFinder(system), EFFORT)
    assert found().secondary(system).sum() <= 1.15 * programs.secondary(system).sum()


def test_pattern_of_a_cube_is_the_same_when_it_is_made_again() -> None:
    again = protect_cube(tiny().small.system, grid(tiny()), EFFORT)
    assert np.array_equal(again.hidden, found().hidden)
    assert again.proofs.keys() == found().proofs.keys()
    for demand, flows in found().proofs.items():
        for flow, other in zip(flows, again.proofs[demand], strict=True):
            assert np.array_equal(flow.cells, other.cells)
            assert np.array_equal(flow.deltas, other.deltas)


def test_more_rounds_never_hide_more_cells() -> None:
    system = tiny().small.system
    hidden = [
        protect_cube(system, grid(tiny()), Effort(seed=3, rounds=rounds)).secondary(system).sum()
        for rounds in (0, 2, 10)
    ]
    assert sorted(hidden, reverse=True) == hidden


def test_kept_cells_stay_shown_when_a_cube_is_protected() -> None:
    system = tiny().small.system
    first = np.flatnonzero(found().secondary(system))[0]
    kept = np.zeros(system.size, dtype=bool)
    kept[first] = True
    pattern = protect_cube(replace(system, kept=kept), grid(tiny()), EFFORT)
    assert not pattern.hidden[first]


def test_cell_that_nothing_can_protect_is_said_to_be_when_all_others_must_stay_shown() -> None:
    system = tiny().small.system
    pattern = protect_cube(replace(system, kept=~system.needs.is_primary), grid(tiny()), EFFORT)
    assert pattern.unprotected


@pytest.mark.parametrize("factors", [(2, 1), (0, 0)], ids=["no table", "no move"])
def test_flow_is_refused_when_compiled_code_returns_a_wrong_one(factors: tuple[int, int]) -> None:
    run = circuits._Run(tiny().small.system, grid(tiny()), 0)
    run.cover()
    run._state.coefficient[0, 0] *= factors[0]
    run._state.coefficient[0, 1:] *= factors[1]
    with pytest.raises(DisclosureError, match="PRO-009"):
        run.pattern()


def test_circuits_are_for_one_large_table_when_each_cell_has_its_own_status() -> None:
    system = tiny().small.system
    assert not is_worthwhile(system)
    assert is_worthwhile(
        made(replace(TINY, counties=90, areas=8, persons=12_000)).without_firms().small.system
    )


def test_grid_is_refused_when_a_table_has_five_dimensions() -> None:
    names = ("a", "b", "c", "d", "e")
    hierarchies = {name: Hierarchy.flat(name, ["x"]) for name in names}
    assert cube_of(names, {("Total",) * 5: 0}, hierarchies) is None


def test_large_table_of_cells_goes_by_circuits_and_passes_when_it_is_disclosed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(circuits, "WORTHWHILE", 100)
    told: list[tuple[str, int]] = []
    terms = Terms(read_policy(POLICY), MeasureKind.WAGE_DERIVED, EFFORT)
    found = disclose(
        cells_of(tiny(firms=True)),
        terms.policy,
        terms.kind,
        EFFORT,
        lambda stage, _, total: told.append((stage, total)),
    )
    assert ("Searching for fewer", EFFORT.rounds * circuits.ROUNDS) in told
    write_disclosed(tmp_path, found, terms)
    audit = audit_tables(tmp_path)
    assert audit.passed, audit.findings[:3]


def cells_of(cube: Made) -> Given:
    """A made-up cube as a board would bring it: values, numbers of firms and largest parts."""
    parts = cube.system.contributors
    firms = np.bincount(parts.cell, minlength=cube.system.size)
    largest = np.zeros(cube.system.size, dtype=np.int64)
    np.maximum.at(largest, parts.cell, parts.units)
    cells = {
        nodes: GivenCell(Decimal(int(cube.system.values[p])), int(firms[p]), Decimal(int(largest[p])), None)
        for nodes, p in cube.linked.places["wages"].items()
    }
    parents = {name: hierarchy.parent for name, hierarchy in cube.hierarchies.items()}
    return Given((GivenTable("wages", DIMENSIONS, cells),), parents, Decimal(0))


@pytest.mark.parametrize(
    "tables, axes",
    [
        ([("a", "b")], (("a",), ("b",))),
        ([("a", "b"), ("a", "c")], (("a",), ("b", "c"))),
        ([("a", "b"), ("c", "a"), ("d", "b"), ("d", "c")], (("a", "d"), ("b", "c"))),
        ([("a", "b", "e"), ("a", "c", "e")], (("a",), ("b", "c"), ("e",))),
        ([("a", "b"), ("c", "d")], None),
        ([("a", "b"), ("b", "c"), ("a", "c")], None),
        ([("a", "b", "c"), ("a", "d")], None),
    ],
)
def test_linked_tables_are_a_cube_when_they_are_all_combinations_of_some_axes(
    tables: list[tuple[str, ...]], axes: tuple[tuple[str, ...], ...] | None
) -> None:
    assert axes_of(tables) == axes


def _linked(seed: int = 4) -> Given:
    """Wages of drawn firms by place or kind of place, and by sector or work: four tables."""
    random = np.random.default_rng(seed)
    parents = {
        "place": {"p1": "r1", "p2": "r1", "p3": "r2", "p4": "r2", "r1": "Total", "r2": "Total"},
        "kind": dict.fromkeys(("city", "town", "land"), "Total"),
        "sector": dict.fromkeys("abcd", "Total"),
        "work": {"w1": "w", "w2": "w", "v1": "v", "v2": "v", "w": "Total", "v": "Total"},
    }
    links = [("place", "sector"), ("place", "work"), ("kind", "sector"), ("kind", "work")]
    finest = {name: sorted(up.keys() - up.values()) for name, up in parents.items()}
    parts: dict[tuple[str, ...], dict[int, int]] = {}
    for firm in range(14):
        for _ in range(int(random.integers(1, 9))):
            codes = {name: str(random.choice(own)) for name, own in finest.items()}
            wages = int(random.integers(100, 9_000))
            for link in links:
                for nodes in product(*(_upwards(codes[name], parents[name]) for name in link)):
                    own = parts.setdefault((*link, *nodes), {})
                    own[firm] = own.get(firm, 0) + wages
    tables = [
        GivenTable(
            "_".join(link),
            link,
            {
                key[2:]: GivenCell(Decimal(sum(own.values())), len(own), Decimal(max(own.values())), None)
                for key, own in parts.items()
                if key[:2] == link
            },
        )
        for link in links
    ]
    return Given(tuple(tables), parents, Decimal(0))


def _upwards(code: str, parents: dict[str, str]) -> list[str]:
    return [code] if code == "Total" else [code, *_upwards(parents[code], parents)]


def test_moves_of_two_hierarchies_leave_every_sum_of_both_as_it_is() -> None:
    given = _linked()
    hierarchies = {name: Hierarchy(name, up) for name, up in given.parents.items()}
    cells = {table.name: {nodes: n for n, nodes in enumerate(table.cells)} for table in given.tables}
    cube = linked_cube([(table.dimensions, cells[table.name]) for table in given.tables], hierarchies)
    assert cube is not None
    # Along its axis a code has a number; moves of the first axis are steps of the grid's first stride.
    tree = _Tree.of(
        [hierarchies["place"], hierarchies["kind"]],
        {
            name: {nodes[0] for table in given.tables if name in table.dimensions for nodes in table.cells}
            for name in ("place", "kind")
        },
    )
    sums = [
        (top, [child for child in below if tree.hierarchy[child] == one])
        for top, below in tree.children.items()
        for one in {tree.hierarchy[child] for child in below}
    ]
    assert len(sums) == 4
    tops = 0
    for code in range(len(tree.codes)):
        for move in tree.moves(code):
            moved = dict(move)
            assert len(moved) == len(move)
            assert moved[code] == 1
            assert all(moved.get(top, 0) == sum(moved.get(c, 0) for c in parts) for top, parts in sums)
            tops += moved.get(tree.codes.index("Total"), 0) != 0
    assert tops > 0


def test_large_linked_tables_go_by_circuits_and_pass_the_audit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(circuits, "WORTHWHILE_LINKED", 50)
    terms = Terms(read_policy(POLICY), MeasureKind.WAGE_DERIVED, EFFORT)
    told: list[tuple[str, int]] = []
    found = disclose(
        _linked(), terms.policy, terms.kind, EFFORT, lambda stage, _, total: told.append((stage, total))
    )
    assert ("Searching for fewer", EFFORT.rounds * circuits.ROUNDS) in told
    assert found.counts["SECONDARY"] > 0
    write_disclosed(tmp_path, found, terms)
    audit = audit_tables(tmp_path)
    assert audit.passed, audit.findings[:3]
