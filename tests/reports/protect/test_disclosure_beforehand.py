"""What a firm may have known before anything was published: never a reason to refuse, never a hole."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from reports.disclosure.protect.finding import ProgramFinder
from reports.disclosure.protect.search import Effort, Pattern, protect
from reports.disclosure.protect.system import Contributors, Needs, System, plain_system
from reports.disclosure.protect.tables import matrix_of
from tests.reports.protect.brute import reach

CELLS = ("all D", "all N", "all R", "A D", "A N", "A R", "B D", "B N", "B R", "T", "E", "F")
"""Two areas: people (D), those who stayed (N) and the rest (R). T = E + F + A's rest is another table's."""

EQUATIONS = (
    {"all N": 1, "all R": 1, "all D": -1},
    {"A N": 1, "A R": 1, "A D": -1},
    {"B N": 1, "B R": 1, "B D": -1},
    {"A D": 1, "B D": 1, "all D": -1},
    {"A N": 1, "B N": 1, "all N": -1},
    {"A R": 1, "B R": 1, "all R": -1},
    {"E": 1, "F": 1, "A R": 1, "T": -1},
)
NEED = 10
Parts = Mapping[str, Mapping[str, int]]


def region(rest: Mapping[str, int], kept: tuple[str, ...] = (), *, z_in_e: int = 20) -> System:
    """Everybody of area A stayed; ``rest``: by firm, who did not in area B. A's rest of nobody must stay
    open.
    """
    stayed_a, stayed_b = {"X": 15, "Y": 15, "V": 15, "Z": 3}, {"X": 20, "Y": 20, "Z": 20}
    parts: dict[str, dict[str, int]] = {
        "A D": stayed_a,
        "A N": stayed_a,
        "A R": {},
        "B N": stayed_b,
        "B R": dict(rest),
        "B D": added(stayed_b, rest),
        "all N": added(stayed_a, stayed_b),
        "all R": dict(rest),
        "all D": added(stayed_a, stayed_b, rest),
        "E": {"Z": z_in_e},
        "F": {"X": 30, "Y": 30},
    }
    parts["T"] = added(parts["E"], parts["F"])
    place = {name: number for number, name in enumerate(CELLS)}
    rows = [
        (place[cell], "VXYZ".index(firm), units) for cell, of in parts.items() for firm, units in of.items()
    ]
    cell, firm, units = np.array(rows, dtype=np.int64).T
    need = np.zeros(len(CELLS), dtype=np.int64)
    need[place["A R"]] = NEED
    system = plain_system(
        np.array([sum(parts[name].values()) for name in CELLS], dtype=np.int64),
        matrix_of(
            [[(place[name], factor) for name, factor in terms.items()] for terms in EQUATIONS], len(CELLS)
        ),
        Needs(need, np.zeros_like(need)),
        Contributors(cell, firm, units, tuple("VXYZ")),
    )
    is_kept = np.isin(CELLS, kept)
    return System(**{**vars(system), "kept": is_kept})


def added(*several: Mapping[str, int]) -> dict[str, int]:
    return {
        firm: sum(one.get(firm, 0) for one in several) for firm in sorted({f for one in several for f in one})
    }


def pattern_of(system: System) -> Pattern:
    return protect(system, ProgramFinder(system), Effort(seed=3, rounds=5))


def against(pattern: Pattern) -> set[str | None]:
    return {one.attacker for one in pattern.unprotected}


def test_pattern_is_found_when_one_firm_is_alone_on_a_side_that_another_area_has_nobody_on() -> None:
    system = region({"Z": 4})
    pattern = pattern_of(system)
    assert not pattern.unprotected
    assert pattern.hidden[CELLS.index("A R")]


def test_firm_that_is_not_sure_to_be_alone_learns_nothing_when_the_pattern_is_found() -> None:
    system = region({"Z": 4})
    hidden = pattern_of(system).hidden
    own = dict(zip(system.contributors.cell.tolist(), system.contributors.units.tolist(), strict=True))
    parts = {CELLS.index(name): own[CELLS.index(name)] for name in ("all R", "B R")}
    sure = parts | {CELLS.index("E"): -1}
    target = CELLS.index("A R")
    assert reach(system.equations.toarray(), system.values, hidden, target, 1, sure) >= NEED
    assert not hidden.all()


@pytest.mark.parametrize(
    ("rest", "kept"),
    [
        ({"Z": 12}, ("all R",)),
        ({"Z": 12, "Y": 3}, ("all R",)),
        ({"Z": 12}, ("all N", "all D")),
    ],
    ids=["alone in a shown total", "subtracts itself from a shown total", "alone in what two totals leave"],
)
def test_firm_on_a_side_is_an_attacker_when_the_total_of_the_side_is_shown(
    rest: dict[str, int], kept: tuple[str, ...]
) -> None:
    assert against(pattern_of(region(rest, kept))) == {"Z"}


def test_firm_that_may_have_known_is_an_attacker_when_another_table_tells_it_besides() -> None:
    # Z is alone on the side, so it may have known. From T and F, which are shown, it works it out anyway.
    assert against(pattern_of(region({"Z": 4}, ("T", "F")))) == {"Z"}


def test_full_rate_is_open_to_nobody_when_its_count_is_shown_and_cannot_be_hidden() -> None:
    assert None in against(pattern_of(region({"Z": 4}, ("A D", "A N"))))
