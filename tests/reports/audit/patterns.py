"""Small regions with firms, their cubes of cells, and a plain protector by linear programs: evidence to
audit.

Written for these tests alone: it shares nothing with the product's protector or auditor, and takes its time.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize

Frames = dict[str, pd.DataFrame]
TOTAL = "Total"

THRESHOLDS = {
    "min_persons": 10,
    "min_firms": 3,
    "max_firm_share": None,
    "dominance": [[1, "85"], [2, "90"]],
    "p_percent": "10",
    "min_age_days": 0,
}
POLICY: dict[str, Any] = {
    "name": "test",
    "requires_source": "any",
    "wage_derived": THRESHOLDS,
    "count": THRESHOLDS,
    "protection": {"share": "0.10", "units": 1},
    "zeros": "structural",
}
META: dict[str, Any] = {"systems": {"pay": {"unit": "cents", "kind": "count"}}}


@dataclass(frozen=True)
class Cube:
    """All cells of a cube: keys, values, equations (rows × cells), and who is behind (cell, firm, units,
    persons).
    """

    keys: tuple[str, ...]
    units: np.ndarray
    equations: np.ndarray
    parts: pd.DataFrame

    @property
    def size(self) -> int:
        return len(self.units)

    def cell(self, **nodes: str) -> int:
        """The number of a cell by its dimensions; those at their total are left out."""
        return self.keys.index(json.dumps(nodes, sort_keys=True, separators=(",", ":")))


def cube(rows: pd.DataFrame, hierarchies: Mapping[str, Sequence[str]]) -> Cube:
    """Every combination of levels. ``rows``: one per firm × finest cell, with ``firm``, ``units``,
    ``persons`` and a column for every level; ``hierarchies``: for each dimension its columns, coarsest
    first.
    """
    choices = [[(name, None), *((name, level) for level in levels)] for name, levels in hierarchies.items()]
    pieces = []
    for chosen in itertools.product(*choices):
        nodes = {name: TOTAL if level is None else rows[level] for name, level in chosen}
        pieces.append(rows[["firm", "units", "persons"]].assign(**nodes))
    names = list(hierarchies)
    parts = pd.concat(pieces).groupby([*names, "firm"], as_index=False)[["units", "persons"]].sum()
    cells = parts.groupby(names, as_index=False)["units"].sum()
    cells["cell"] = range(len(cells))
    parts = parts.merge(cells[[*names, "cell"]], on=names)
    place = {tuple(nodes): cell for *nodes, cell in cells[[*names, "cell"]].itertuples(index=False)}
    equations = _equations(rows, hierarchies, place)
    keys = tuple(_key(names, nodes) for nodes in cells[names].itertuples(index=False))
    return Cube(keys, cells["units"].to_numpy(), equations, parts[["cell", "firm", "units", "persons"]])


def _key(names: Sequence[str], nodes: Sequence[str]) -> str:
    named = {name: node for name, node in zip(names, nodes, strict=True) if node != TOTAL}
    return json.dumps(named, sort_keys=True, separators=(",", ":"))


def _equations(
    rows: pd.DataFrame, hierarchies: Mapping[str, Sequence[str]], place: Mapping[tuple[str, ...], int]
) -> np.ndarray:
    found = []
    for axis, levels in enumerate(hierarchies.values()):
        parents = _parents(rows, levels)
        for nodes, cell in place.items():
            children = [
                place[(*nodes[:axis], child, *nodes[axis + 1 :])]
                for child, parent in parents.items()
                if parent == nodes[axis] and (*nodes[:axis], child, *nodes[axis + 1 :]) in place
            ]
            if children:
                row = np.zeros(len(place), dtype=np.int64)
                row[cell], row[children] = -1, 1
                found.append(row)
    return np.array(found).reshape(-1, len(place))


def _parents(rows: pd.DataFrame, levels: Sequence[str]) -> dict[str, str]:
    parents = dict.fromkeys(rows[levels[0]].unique(), TOTAL)
    for above, below in itertools.pairwise(levels):
        parents |= dict(rows[[below, above]].drop_duplicates().itertuples(index=False))
    return parents


def region(seed: int, *, firms: int = 24, rows: int = 260, counties: int = 4, sectors: int = 4) -> Cube:
    """A made-up region: two areas of counties × sectors, firms of very different size in some of them."""
    random = np.random.default_rng(seed)
    weights = random.pareto(1.5, firms) + 0.5
    firm = random.choice(firms, rows, p=weights / weights.sum())
    county = (firm * 7 + random.integers(0, 2, rows)) % counties
    frame = pd.DataFrame(
        {
            "firm": [f"F{number:02}" for number in firm],
            "county": [f"c{number}" for number in county],
            "area": [f"a{number % 2}" for number in county],
            "sector": [f"s{number}" for number in (firm * 3 + random.integers(0, 3, rows)) % sectors],
            "units": random.integers(20, 400, rows),
            "persons": random.integers(1, 9, rows),
        }
    )
    whole = frame.groupby(["firm", "county", "area", "sector"], as_index=False).sum()
    return cube(whole, {"place": ["area", "county"], "sector": ["sector"]})


def primary(made: Cube) -> np.ndarray:
    """Cells under 10 persons, under 3 firms, held by one or two firms, or estimable to 10 %."""
    found = np.zeros(made.size, dtype=bool)
    for cell, parts in made.parts.groupby("cell"):
        sizes = [*sorted(parts["units"], reverse=True), 0, 0]
        total = sum(sizes)
        found[cell] = (
            parts["persons"].sum() < 10
            or len(parts) < 3
            or sizes[0] > 0.85 * total
            or sizes[0] + sizes[1] > 0.90 * total
            or total - sizes[0] - sizes[1] < 0.10 * sizes[0]
        )
    return found


def needs(made: Cube, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How wide a hidden cell must stay, upwards and downwards, in whole units (rounded up)."""
    up = np.zeros(made.size, dtype=np.int64)
    for cell in np.flatnonzero(hidden):
        sizes = [*sorted(made.parts.loc[made.parts["cell"] == cell, "units"], reverse=True), 0, 0]
        total, one, two = sum(sizes), sizes[0], sizes[0] + sizes[1]
        levels = (0.1 * total, 1, one / 0.85 - total, two / 0.90 - total, 0.1 * one - (total - two))
        up[cell] = int(np.ceil(max(levels) - 1e-9))
    return up, np.minimum(up, made.units)


@dataclass(frozen=True)
class Knower:
    """An attacker: the least it knows of every cell, and the cells it knows wholly."""

    least: np.ndarray
    wholly: np.ndarray


def knower(made: Cube, firm: str | None) -> Knower:
    """The public (None) or a firm."""
    least, wholly = np.zeros(made.size), np.zeros(made.size, dtype=bool)
    if firm is not None:
        counts = made.parts.groupby("cell").size()
        for cell, units in made.parts.loc[made.parts["firm"] == firm, ["cell", "units"]].itertuples(
            index=False
        ):
            least[cell], wholly[cell] = units, counts[cell] == 1
    return Knower(least, wholly)


def furthest(made: Cube, hidden: np.ndarray, who: Knower, target: int, sign: int, most: float) -> np.ndarray:
    """The move of all cells that takes the target furthest up (+1) or down (−1), at most by ``most``."""
    move = np.zeros(made.size)
    free = np.flatnonzero(hidden & ~who.wholly)
    if target not in free:
        return move
    cost = np.where(free == target, -float(sign), 0.0)
    bounds = [(float(who.least[cell] - made.units[cell]), None) for cell in free]
    place = int(np.flatnonzero(free == target)[0])
    bounds[place] = (bounds[place][0], most) if sign > 0 else (max(bounds[place][0], -most), 0.0)
    rows = made.equations[:, free]
    rows = rows[np.abs(rows).sum(axis=1) > 0]
    equal = {"A_eq": rows, "b_eq": np.zeros(len(rows))} if len(rows) else {}
    done = optimize.linprog(cost, bounds=bounds, **equal)
    assert done.status == 0
    move[free] = done.x
    return move


def exposed(made: Cube, hidden: np.ndarray, rules: np.ndarray) -> set[tuple[int, int, str | None]]:
    """Every need (target, direction, attacker) that is not met: the public both ways, every firm upwards."""
    up, down = needs(made, rules)
    everybody = {firm: knower(made, firm) for firm in (None, *sorted(made.parts["firm"].unique()))}
    owners = made.parts.groupby("cell")["firm"].agg(list).to_dict()
    found: set[tuple[int, int, str | None]] = set()
    for target in np.flatnonzero(rules).tolist():
        down_move = furthest(made, hidden, everybody[None], target, -1, float(down[target]))
        if -down_move[target] < down[target] * (1 - 1e-7):
            found.add((target, -1, None))
        move = np.zeros(made.size)
        for firm, who in everybody.items():
            if owners.get(target) == [firm]:
                continue
            if move[target] < up[target] * (1 - 1e-7) or not _believes(made, who, move):
                move = furthest(made, hidden, who, target, 1, float(up[target]))
            if move[target] < up[target] * (1 - 1e-7):
                found.add((target, 1, firm))
    return found


def _believes(made: Cube, who: Knower, move: np.ndarray) -> bool:
    return not (np.abs(move[who.wholly]) > 1e-6).any() and bool((made.units + move >= who.least - 1e-6).all())


def protect(made: Cube, rules: np.ndarray) -> np.ndarray:
    """Hidden cells that meet every need, found one need at a time by the cheapest move."""
    hidden = rules.copy()
    while open_needs := exposed(made, hidden, rules):
        target, sign, firm = sorted(open_needs, key=str)[0]
        hidden |= _moved(
            made, hidden, knower(made, firm), (target, sign, needs(made, rules)[sign < 0][target])
        )
    return hidden


def _moved(made: Cube, hidden: np.ndarray, who: Knower, wanted: tuple[int, int, int]) -> np.ndarray:
    """The cells of the cheapest move of the target by its need: one unit of cost for a cell not yet
    hidden.
    """
    target, sign, need = wanted
    cost = np.where(hidden, 0.001, 1.0)
    room = (made.units - who.least) / need
    up = [(0.0, 0.0 if known else 4.0) for known in who.wholly]
    down = [(0.0, 0.0 if known else min(4.0, most)) for known, most in zip(who.wholly, room, strict=True)]
    (up if sign > 0 else down)[target] = (1.0, 1.0)
    (down if sign > 0 else up)[target] = (0.0, 0.0)
    both = np.hstack([made.equations, -made.equations])
    zero = np.zeros(len(both))
    done = optimize.linprog(np.concatenate([cost, cost]), A_eq=both, b_eq=zero, bounds=[*up, *down])
    assert done.status == 0, "this region cannot be protected"
    move = done.x[: made.size] - done.x[made.size :]
    return np.abs(move) > 1e-7


def frames(made: Cube, hidden: np.ndarray, rules: np.ndarray, system: str = "pay") -> Frames:
    """The tables of a folder of evidence, without alternative tables: the auditor has to compute for
    itself.
    """
    up, down = needs(made, rules)
    status = np.select([rules, hidden], ["PRIMARY", "SECONDARY"], "PUBLISHED")
    row, cell = np.nonzero(made.equations)
    return {
        "cells": pd.DataFrame(
            {
                "system": system,
                "cell": range(made.size),
                "table_name": "pay",
                "key": made.keys,
                "units": made.units,
                "status": status,
                "need_up": up,
                "need_down": down,
                "reason": np.where(rules, "PERSON_N", np.where(hidden, "COMPLEMENTARY", "")),
            }
        ),
        "equations": pd.DataFrame(
            {"system": system, "equation": row, "cell": cell, "coefficient": made.equations[row, cell]}
        ),
        "contributors": made.parts.assign(system=system)[["system", "cell", "firm", "units", "persons"]],
        "certificates": pd.DataFrame(columns=["system", "certificate", "target", "direction", "attacker"]),
        "flows": pd.DataFrame(columns=["system", "certificate", "cell", "delta"]),
    }


def with_flows(tables: Frames, made: Cube, moves: Sequence[tuple[int, int, Mapping[int, int]]]) -> Frames:
    """The same evidence with alternative tables: (target, direction, moved cells)."""
    system = tables["cells"]["system"].iloc[0]
    listed = [
        (system, n, target, "UP" if sign > 0 else "DOWN", None) for n, (target, sign, _) in enumerate(moves)
    ]
    deltas = [
        (system, n, cell, delta) for n, (_, _, move) in enumerate(moves) for cell, delta in move.items()
    ]
    return tables | {
        "certificates": pd.DataFrame(
            listed, columns=["system", "certificate", "target", "direction", "attacker"]
        ),
        "flows": pd.DataFrame(deltas, columns=["system", "certificate", "cell", "delta"]),
    }


def write(
    folder: Path, tables: Frames, policy: Mapping[str, Any] = POLICY, meta: Mapping[str, Any] = META
) -> Path:
    """A folder of evidence."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    (folder / "policy.json").write_text(json.dumps(policy))
    (folder / "meta.json").write_text(json.dumps(meta))
    return folder


def from_grid(
    values: Sequence[Sequence[int]], parts: Mapping[tuple[str, str], Mapping[str, int]] | None = None
) -> Cube:
    """A table of rows r0… and columns c0… with its totals. ``parts``: who is behind, else five equal firms a
    cell.
    """
    listed = []
    for (r, line), c in itertools.product(enumerate(values), range(len(values[0]))):
        units = line[c]
        given = None if parts is None else parts.get((f"r{r}", f"c{c}"))
        shares = given or {f"X{r}{c}{n}": units // 5 + (n < units % 5) for n in range(5)}
        assert sum(shares.values()) == units
        listed += [(firm, f"r{r}", f"c{c}", part, 10) for firm, part in shares.items()]
    rows = pd.DataFrame(listed, columns=["firm", "row", "column", "units", "persons"])
    return cube(rows, {"row": ["row"], "column": ["column"]})
