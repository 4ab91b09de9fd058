"""The attacker, restated: what scipy's own linear programs say about a pattern. Shares nothing with the
protector.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from scipy.optimize import linprog


def reach(equations, values, hidden, target: int, sign: int, parts: Mapping[int, int] | None = None) -> float:
    """How far the target can move, for who knows the shown cells and its own ``parts`` (a part that is the
    whole cell, given as a negative number, fixes it).
    """
    bounds = []
    for cell, value in enumerate(values):
        part = (parts or {}).get(cell, 0)
        if not hidden[cell] or part < 0:
            bounds.append((0, 0))
        else:
            bounds.append((-(value - part), None))
    cost = np.zeros(len(values))
    cost[target] = -sign
    solved = linprog(cost, A_eq=equations, b_eq=np.zeros(equations.shape[0]), bounds=bounds, method="highs")
    if solved.status == 3:
        return np.inf
    assert solved.status == 0, solved.message
    return -solved.fun


def parts_of_firms(cell, firm, units) -> dict[int, dict[int, int]]:
    """What each firm knows of each cell; minus one where nobody else is in the cell."""
    count = {int(c): int((cell == c).sum()) for c in np.unique(cell)}
    found: dict[int, dict[int, int]] = {}
    for c, f, part in zip(cell.tolist(), firm.tolist(), units.tolist(), strict=True):
        found.setdefault(f, {})[c] = -1 if count[c] == 1 else part
    return found


def exposed(system, hidden) -> Iterator[tuple[int, int, int | None, float]]:
    """Every demand that the pattern fails: target, direction, attacker (None: the public), how far it can
    move.
    """
    equations = system.equations.toarray()
    firms = parts_of_firms(*(getattr(system.contributors, n) for n in ("cell", "firm", "units")))
    for target in range(system.size):
        up, down = int(system.needs.up[target]), int(system.needs.down[target])
        for sign, need in ((1, up), (-1, down)):
            if need and (far := reach(equations, system.values, hidden, target, sign)) < need - 1e-6:
                yield target, sign, None, far
        for firm, parts in firms.items():
            if up and parts.get(target) != -1:
                far = reach(equations, system.values, hidden, target, 1, parts)
                if far < up - 1e-6:
                    yield target, 1, firm, far
