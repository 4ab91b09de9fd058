"""Tables of cells, protected with a plan: which combinations of levels to publish so that enough is shown.

Choosing is ``protect.planning``'s, protecting ``disclosing``'s; here the one is asked with the other.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from contracts.errors import DisclosureError
from reports.disclosure.disclosed_files import Terms
from reports.disclosure.disclosing import Disclosed, Problem, disclosed, protected, require_true_values
from reports.disclosure.levels import Chosen, Levels
from reports.disclosure.plan_words import percent, words_of
from reports.disclosure.protect.circuits import Tell
from reports.disclosure.protect.planning import NO_CUBOID, Table, Targets, plan, sparing
from reports.disclosure.protect.search import Pattern
from reports.disclosure.protect.system import Flags, System
from reports.disclosure.protect.tables import ROUNDING, Key
from reports.disclosure.tables_of_cells import Given


def disclose_planned(given: Given, terms: Terms, targets: Targets, tell: Tell) -> Disclosed:
    """Choose levels, and hide what fails the rules and what would give that away, in all of them.

    DisclosureError CEL-012 where a cell cannot be protected with any levels tried, CEL-015 where none of
    them keeps the shares.
    """
    require_true_values(terms.policy)
    problem = Problem.of(given, terms.policy, terms.kind)
    levels = Levels.of(given)
    table = _table(problem, levels)
    tried = 0

    def protect(published: frozenset[int]) -> Pattern:
        nonlocal tried
        tried += 1
        tell("Trying levels", tried, len(table.cuboids))
        return protected(replace(problem, system=_system(problem, table, published)), terms.effort, tell)

    found = plan(table, targets, protect)
    chosen = Chosen(levels, targets, table, found)
    final = replace(problem, system=_system(problem, table, found.best.published))
    result = disclosed(final, found.best.pattern, chosen)
    _refuse_unmet(chosen, tuple(table.name for table in given.tables))
    return result


def _table(problem: Problem, levels: Levels) -> Table:
    of_cell = [None if _is_rounding(key) else levels.cuboid(key) for key in problem.linked.keys]
    cuboids = tuple(sorted({cuboid for cuboid in of_cell if cuboid is not None}))
    number = {cuboid: n for n, cuboid in enumerate(cuboids)}
    firms = [0 if cell is None else cell.firms for cell in problem.cells]
    return Table(
        cuboids=cuboids,
        cuboid=np.array([NO_CUBOID if one is None else number[one] for one in of_cell], dtype=np.int64),
        values=problem.system.values,
        counts=np.array(firms, dtype=np.int64) > 0,
        is_primary=problem.system.needs.is_primary,
    )


def _is_rounding(key: Key) -> bool:
    return bool(key) and key[0][0] == ROUNDING


def _system(problem: Problem, table: Table, published: frozenset[int]) -> System:
    """The system with the cells of other cuboids locked: hidden, free to move, and never shown.

    Those known to be empty stay known: a proof that lets them move would prove nothing.
    """
    system = problem.system
    is_out = ~table.within(published) & (table.cuboid != NO_CUBOID)
    known = is_out & _known_empty(problem, table)
    return replace(
        system,
        locked=is_out & ~known,
        kept=system.kept | known,
        weights=sparing(system.values, system.weights),
    )


def _known_empty(problem: Problem, table: Table) -> Flags:
    empty = ~table.counts & (table.values == 0) & ~table.is_primary
    return np.asarray(empty & (problem.policy.zeros == "structural"))


def _refuse_unmet(chosen: Chosen, tables: tuple[str, ...]) -> None:
    if chosen.plan.is_met:
        return
    targets = chosen.targets
    raise DisclosureError(
        "CEL-015",
        found=f"no choice of levels that keeps enough; in the best one tried {words_of(chosen).summary}",
        expected=f"{percent(targets.cells)} of the cells and {percent(targets.value)} of the value shown",
        where=", ".join(tables),
        remedy="Ask for smaller shares (--cells-share, --value-share), or merge codes; nothing was written.",
    )
