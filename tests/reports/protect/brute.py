"""The attacker, restated: what scipy's own linear programs say about a pattern. Shares nothing with the
protector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

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


def exposed_in(
    evidence, shown: frozenset[int] | set[int] = frozenset(), sure: Callable[[str], bool] = lambda _: True
) -> Iterator[tuple[str, int, str | None]]:
    """Every hidden cell of the evidence that somebody can work out too closely: key, direction, attacker.

    ``shown``: cells that are taken to be shown besides; ``sure``: by key, whether a firm alone there knows
    it.
    """
    frames = [table.to_pandas() for table in (evidence.cells, evidence.equations, evidence.contributors)]
    for system in frames[0]["system"].unique():
        yield from _exposed_in(*(frame[frame["system"] == system] for frame in frames), shown, sure)


def _exposed_in(cells, equations, contributors, shown, sure) -> Iterator[tuple]:
    hidden = ((cells["status"] != "PUBLISHED") & ~cells["cell"].isin(shown)).to_numpy()
    place = {int(cell): at for at, cell in enumerate(np.flatnonzero(hidden))}
    matrix = _dense(equations, np.flatnonzero(hidden))
    values = cells["units"].to_numpy()[hidden]
    parts = _parts_by_firm(contributors, place)
    owned = {firm: {at for at, part in known.items() if part == -1} for firm, known in parts.items()}
    wholly = dict(enumerate(cells["key"].map(sure)[hidden].tolist()))
    parts = {
        firm: {at: int(values[at]) if part == -1 and not wholly[at] else part for at, part in known.items()}
        for firm, known in parts.items()
    }
    everything = np.ones(len(values), dtype=bool)
    for row in cells[(cells["status"] == "PRIMARY") & hidden].itertuples():
        target = place[row.cell]
        for attacker, known in [(None, None), *parts.items()]:
            if known is not None and target in owned[attacker]:
                continue
            for sign, need in ((1, row.need_up), (-1, row.need_down if known is None else 0)):
                if need and reach(matrix, values, everything, target, sign, known) < need - 1e-6:
                    yield row.key, sign, attacker


def _dense(equations, columns):
    if not len(equations):
        return np.zeros((1, len(columns)))
    width = int(max(equations["cell"].max(), columns.max(initial=0))) + 1
    matrix = np.zeros((int(equations["equation"].max()) + 1, width))
    matrix[equations["equation"], equations["cell"]] = equations["coefficient"]
    part = matrix[:, columns]
    return np.unique(part[np.abs(part).sum(axis=1) > 0], axis=0)


def _parts_by_firm(contributors, place: Mapping[int, int]) -> dict[str, dict[int, int]]:
    count = contributors.groupby("cell").size()
    found: dict[str, dict[int, int]] = {}
    for row in contributors[contributors["cell"].isin(list(place))].itertuples():
        part = -1 if count[row.cell] == 1 else row.units
        found.setdefault(row.firm, {})[place[row.cell]] = part
    return found
