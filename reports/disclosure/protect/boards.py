"""What the kernels of the protector by circuits work on: records of flat arrays, and how a cube becomes them.

Compiled code takes nothing else. The steps of the protector are ``circuits``'s.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reports.disclosure.protect.cube import MOST_MOVES, Cube, prices
from reports.disclosure.protect.kernels import DETOURS, MOST_TOUCHED, MOVED
from reports.disclosure.protect.knowledge import Knowledge
from reports.disclosure.protect.search import UP, Demand
from reports.disclosure.protect.system import Floats, Integers, System


class Board(NamedTuple):
    """What stays: the grid and its moves, what cells hold and cost, who is behind them, the demands."""

    grid: Integers
    place: Integers
    codes: Integers
    base: Integers
    first: Integers
    start: Integers
    offset: Integers
    sign: Integers
    values: Integers
    price: Floats
    weight: Floats
    sole: Integers
    leader: Integers
    largest: Integers
    second: Integers
    target: Integers
    way: Integers
    need: Integers
    robust: Integers


class State(NamedTuple):
    """The pattern as it stands: status and tie-break of cells, the flow of every demand, who uses a cell."""

    status: Integers
    tie: Floats
    cells: Integers
    coefficient: Integers
    size: Integers
    used: Integers
    head: Integers
    following: Integers
    user: Integers
    tally: Integers
    loose: Integers
    seat: Integers
    random: Integers


class Bench(NamedTuple):
    """Scratch space of one search: the circuit being built, the best so far, and those to be mended."""

    place: Integers
    way: Integers
    best_place: Integers
    best_way: Integers
    length: Integers
    choice: Integers
    cost: Floats
    detour_place: Integers
    detour_way: Integers
    detour_length: Integers
    detour_cell: Integers
    fresh: Integers
    stamp: Integers
    sum: Integers


class Saved(NamedTuple):
    """Scratch space of one step: the demands it touches and their flows before it, cells it hid or showed."""

    demand: Integers
    cells: Integers
    coefficient: Integers
    size: Integers
    hid: Integers
    tally: Integers
    mark: Integers
    off: Integers


def bench(cells: int) -> Bench:
    """Scratch space for a board of so many cells."""
    return Bench(
        place=np.zeros(MOVED, np.int64),
        way=np.zeros(MOVED, np.int64),
        best_place=np.zeros(MOVED, np.int64),
        best_way=np.zeros(MOVED, np.int64),
        length=np.zeros(3, np.int64),
        choice=np.zeros((4, MOST_MOVES + 1), np.int64),
        cost=np.zeros((4, MOST_MOVES + 1)),
        detour_place=np.zeros((DETOURS, MOVED), np.int64),
        detour_way=np.zeros((DETOURS, MOVED), np.int64),
        detour_length=np.zeros(DETOURS, np.int64),
        detour_cell=np.zeros(DETOURS, np.int64),
        fresh=np.zeros((5, 2), np.int64),
        stamp=np.zeros(cells, np.int64),
        sum=np.zeros(cells, np.int64),
    )


def saved(cells: int, demands: int) -> Saved:
    """Scratch space for steps on a board."""
    most = min(MOST_TOUCHED, demands) + 1
    return Saved(
        demand=np.zeros(most, np.int64),
        cells=np.zeros((most, MOVED), np.int32),
        coefficient=np.zeros((most, MOVED), np.int8),
        size=np.zeros(most, np.int64),
        hid=np.zeros(cells, np.int64),
        tally=np.zeros(3, np.int64),
        mark=np.zeros(demands, np.int64),
        off=np.zeros(8, np.int64),
    )


def state(cells: int, demands: int, seed: int) -> State:
    """A pattern in which nothing is hidden and nothing proved."""
    room = MOVED * (demands + 1)
    return State(
        status=np.zeros(cells, np.int8),
        tie=np.zeros(cells),
        cells=np.zeros((demands, MOVED), np.int32),
        coefficient=np.zeros((demands, MOVED), np.int8),
        size=np.zeros(demands, np.int64),
        used=np.zeros(cells, np.int64),
        head=np.full(cells, -1, np.int64),
        following=np.zeros(room, np.int32),
        user=np.zeros(room, np.int32),
        tally=np.zeros(2, np.int64),
        loose=np.zeros(cells, np.int64),
        seat=np.full(cells, -1, np.int64),
        random=np.array([seed * 2_654_435_761 + 88_172_645_463_325_252], np.int64),
    )


def board(system: System, cube: Cube, demands: list[Demand]) -> Board:
    """A cube, its firms and its demands; upwards every demand is asked for against single firms too."""
    known = Knowledge.of(system)
    target, way = np.array(demands, dtype=np.int64).reshape(-1, 2).T
    need = np.where(way == UP, system.needs.up[target], system.needs.down[target])
    has_firms = len(system.contributors.cell) > 0
    weights = np.where(system.locked, 0.0, system.weights)
    price = np.where(system.kept, np.inf, prices(cube, weights))
    return Board(
        cube.grid,
        cube.place,
        cube.codes,
        *cube.moves,
        system.values,
        price,
        weights,
        known.sole,
        known.leader,
        known.largest,
        known.second,
        np.ascontiguousarray(target),
        np.ascontiguousarray(way),
        need,
        ((way == UP) & has_firms).astype(np.int64),
    )
