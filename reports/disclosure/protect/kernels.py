"""Compiled kernels of the protector by circuits: the search for one circuit, and the search around a pattern.

A circuit takes one move of each dimension and multiplies them: every equation of the cube holds by itself,
so there is no program to solve and no tolerance. Numbers in, numbers out; what they mean is ``circuits``'s.
Imported only where a large cube is protected: the first call compiles, later ones read a cache. What is
cached knows of changes in this file only, so all kernels and their constants stand here together.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from reports.disclosure.protect.boards import Bench, Board, Saved, State
    from reports.disclosure.protect.system import Integers

    Ask = tuple[int, int, int]

WIDEST = 96
"""Places of a circuit at most."""
MOVED = 2 * WIDEST
DETOURS = 8
"""Circuits with one shown cell that are kept to be mended by a second circuit."""
_WORK = 60_000
"""Places that one search may look at."""
_SLACK = 0.6
_FREE = 1e-9
MOST_TOUCHED = 6_000
"""Demands that one step may prove anew."""
_NEVER = np.inf
SHOWN, LOOSE, FORCED = 0, 1, 2
COVER, REDUCE, RUIN = 0, 1, 2


# --- one circuit ----------------------------------------------------------------------------------------


@njit
def _drawn(state: State, below: int) -> int:
    """A number from 0, by xorshift: the same on every machine."""
    x = np.uint64(state.random[0])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state.random[0] = np.int64(x)
    return int((x >> np.uint64(11)) % np.uint64(below))


@njit
def _may_move(board: Board, cell: int, way: int, need: int, robust: int, owner: int) -> bool:
    """Whether a cell may move by so much: never below zero; robust: below nobody's part but the owner's."""
    if robust == 0:
        return way > 0 or board.values[cell] + way * need >= 0
    alone = board.sole[cell]
    if alone >= 0 and alone != owner:
        return False
    if way > 0:
        return True
    floor = board.largest[cell]
    if owner >= 0 and board.leader[cell] == owner:
        floor = board.second[cell]
    return board.values[cell] + way * need >= floor


@njit
def _grown(
    board: Board, state: State, work: Bench, length: int, move: int, level: int, ask: Ask, most: float
) -> float:
    """Multiply the circuit by a move, appending its places: what hiding them costs; infinite: never."""
    need, robust, owner = ask
    begin, end = board.start[move], board.start[move + 1]
    if length * (1 + end - begin) > WIDEST:
        return _NEVER
    cost, count, last = 0.0, work.fresh[level, 0], work.fresh[level, 1]
    home, to = board.grid[work.place[0]], length
    for step in range(begin, end):
        offset, sign = board.offset[step], board.sign[step]
        for here in range(length):
            place = work.place[here] + offset
            way = work.way[here] * sign
            cell = board.grid[place]
            if cell < 0 or not _may_move(board, cell, way, need, robust, owner):
                return _NEVER
            if state.status[cell] == SHOWN and cell != home:
                cost += board.price[cell] + state.tie[cell]
                if cost >= most:
                    return _NEVER
                if cell != last:
                    count += 1
                    last = cell
            work.place[to], work.way[to] = place, way
            to += 1
    work.fresh[level + 1, 0], work.fresh[level + 1, 1] = count, last
    return cost


@njit
def _choose(
    board: Board, state: State, work: Bench, cell: int, ask: Ask, most: float, counts: Integers
) -> bool:
    """For each dimension the moves that could be part of a circuit, cheapest first; False: there is none."""
    for axis in range(4):
        row = board.base[axis] + board.codes[cell, axis]
        count = 0
        for move in range(board.first[row], board.first[row + 1]):
            work.fresh[0, 0], work.fresh[0, 1] = 0, -1
            cost = _grown(board, state, work, 1, move, 0, ask, most)
            if cost < most:
                work.choice[axis, count], work.cost[axis, count] = move, cost
                count += 1
        if count == 0:
            return False
        order = np.argsort(work.cost[axis, :count], kind="mergesort")
        work.choice[axis, :count] = work.choice[axis, :count][order]
        work.cost[axis, :count] = work.cost[axis, :count][order]
        counts[axis] = count
    return True


@njit
def _keep(work: Bench, length: int, detours: int, board: Board) -> int:
    """Remember a circuit with one shown cell; how many are remembered then."""
    cell = work.fresh[4, 1]
    for number in range(detours):
        if work.detour_cell[number] == cell:
            return detours
    work.detour_cell[detours], work.detour_length[detours] = cell, length
    work.detour_place[detours, :length] = work.place[:length]
    work.detour_way[detours, :length] = work.way[:length]
    return detours + 1


@njit
def _circuit(
    board: Board, state: State, work: Bench, cell: int, way: int, ask: Ask, most: float, mend: bool
) -> float:
    """The cheapest circuit that moves a cell one way, in ``best_place``; infinite: none below ``most``."""
    counts = np.zeros(4, np.int64)
    work.length[0], work.length[1] = 0, 0
    work.place[0], work.way[0] = board.place[cell], way
    best, detours, looked = most, 0, 0
    if not _choose(board, state, work, cell, ask, most, counts):
        return _NEVER
    rest = np.zeros(5)
    for axis in range(3, -1, -1):
        rest[axis] = rest[axis + 1] + work.cost[axis, 0]
    work.fresh[0, 0], work.fresh[0, 1] = 0, -1
    at, cost, size = np.zeros(5, np.int64), np.zeros(5), np.ones(5, np.int64)
    level = 0
    while level >= 0:
        limit = best + _SLACK if mend and detours < DETOURS and best < most else best
        tried = at[level]
        if (
            tried >= counts[level]
            or cost[level] + work.cost[level, tried] + rest[level + 1] >= limit
            or looked > _WORK
        ):
            level -= 1
            continue
        at[level] += 1
        move = work.choice[level, tried]
        added = _grown(
            board, state, work, size[level], move, level, ask, limit - cost[level] - rest[level + 1]
        )
        looked += size[level] * (1 + board.start[move + 1] - board.start[move])
        if added == _NEVER:
            continue
        cost[level + 1] = cost[level] + added
        size[level + 1] = size[level] * (1 + board.start[move + 1] - board.start[move])
        if level < 3:
            level += 1
            at[level] = 0
            continue
        total, length = cost[4], size[4]
        if mend and work.fresh[4, 0] == 1 and detours < DETOURS:
            detours = _keep(work, length, detours, board)
            work.length[1] = detours
        if total < best:
            best = total
            work.length[0] = length
            work.best_place[:length], work.best_way[:length] = work.place[:length], work.way[:length]
            if best < _FREE:
                return 0.0
    return best if work.length[0] > 0 else _NEVER


@njit
def _added(
    board: Board, work: Bench, places: Integers, ways: Integers, length: int, out: Integers, count: int
) -> int:
    """Add a circuit to ``sum``, each cell once; ``out`` lists the cells met so far."""
    work.length[2] += 1
    token = work.length[2]
    for number in range(length):
        cell = board.grid[places[number]]
        if work.stamp[cell] != token:
            work.stamp[cell] = token
            if work.sum[cell] == 0:
                known = False
                for other in range(count):
                    if out[other] == cell:
                        known = True
                        break
                if not known:
                    out[count] = cell
                    count += 1
            work.sum[cell] += ways[number]
    return count


@njit
def _mended(
    board: Board, state: State, work: Bench, other: Bench, demand: int, ask: Ask, out: Integers
) -> int:
    """A free flow out of two circuits, the second of which brings the one shown cell of the first to rest.

    The number of cells in ``out``, their coefficients in ``sum``; 0: none.
    """
    need, robust, owner = ask
    for number in range(work.length[1]):
        cell, length = work.detour_cell[number], work.detour_length[number]
        count = _added(board, work, work.detour_place[number], work.detour_way[number], length, out, 0)
        back = -work.sum[cell]
        if _circuit(board, state, other, cell, back, ask, _FREE, False) < _FREE:
            count = _added(board, work, other.best_place, other.best_way, other.length[0], out, count)
            fits = work.sum[board.target[demand]] * board.way[demand] >= 1 and count <= MOVED
            for place in range(count):
                moved = work.sum[out[place]]
                if moved != 0 and not _may_move(board, out[place], moved, need, robust, owner):
                    fits = False
                    break
            if fits:
                return count
        for place in range(count):
            work.sum[out[place]] = 0
    return 0


@njit
def _write(state: State, work: Bench, demand: int, out: Integers, count: int) -> None:
    """Make what stands in ``sum`` the flow of a demand, and empty it."""
    size = 0
    for place in range(count):
        cell = out[place]
        if work.sum[cell] != 0:
            state.cells[demand, size], state.coefficient[demand, size] = cell, work.sum[cell]
            size += 1
        work.sum[cell] = 0
    # The size stands before any use is listed: a list made anew in between then holds this flow too.
    state.size[demand] = size
    for place in range(size):
        _use(state, state.cells[demand, place], demand)


@njit
def _use(state: State, cell: int, demand: int) -> None:
    state.used[cell] += 1
    if state.tally[0] == len(state.user):
        _index_anew(state)
    entry = state.tally[0]
    state.user[entry], state.following[entry], state.head[cell] = demand, state.head[cell], entry
    state.tally[0] += 1


@njit
def _index_anew(state: State) -> None:
    """Drop what is stale from the lists of who uses which cell."""
    state.head[:] = -1
    entry = 0
    for demand in range(len(state.size)):
        for place in range(state.size[demand]):
            cell = state.cells[demand, place]
            state.user[entry], state.following[entry], state.head[cell] = demand, state.head[cell], entry
            entry += 1
    state.tally[0] = entry


@njit
def _hide(state: State, cell: int) -> None:
    state.status[cell] = LOOSE
    state.loose[state.tally[1]], state.seat[cell] = cell, state.tally[1]
    state.tally[1] += 1


@njit
def _show(state: State, cell: int) -> None:
    state.status[cell] = SHOWN
    state.tally[1] -= 1
    last, seat = state.loose[state.tally[1]], state.seat[cell]
    state.loose[seat], state.seat[last], state.seat[cell] = last, seat, -1


@njit
def _prove(
    board: Board, state: State, work: Bench, other: Bench, done: Saved, demand: int, most: float
) -> float:
    """Give a demand a flow, hiding cells for less than ``most``: what that cost; infinite: no such."""
    cell, way, need = board.target[demand], board.way[demand], board.need[demand]
    owner = board.sole[cell]
    ask = (need, board.robust[demand], owner)
    if way < 0 and board.values[cell] < need:
        return _NEVER
    cost = _circuit(board, state, work, cell, way, ask, max(most, 1.9), True)
    out = np.zeros(4 * WIDEST, np.int64)
    if cost >= _FREE:
        count = _mended(board, state, work, other, demand, ask, out)
        if count > 0:
            _write(state, work, demand, out, count)
            return 0.0
    if cost >= max(most, _FREE):
        return _NEVER
    count = _added(board, work, work.best_place, work.best_way, work.length[0], out, 0)
    paid = 0.0
    for place in range(count):
        shown = out[place]
        if state.status[shown] == SHOWN:
            _hide(state, shown)
            paid += board.weight[shown]
            done.hid[done.tally[1]] = shown
            done.tally[1] += 1
    _write(state, work, demand, out, count)
    return paid


@njit
def force(state: State, cell: int) -> None:
    """Take a loose cell for one that stays hidden."""
    _show(state, cell)
    state.status[cell] = FORCED


# --- the pattern ----------------------------------------------------------------------------------------


@njit
def prune(state: State) -> None:
    """Show what no flow uses."""
    for seat in range(state.tally[1] - 1, -1, -1):
        if state.used[state.loose[seat]] == 0:
            _show(state, state.loose[seat])


@njit
def _users(state: State, done: Saved, cell: int, token: int, count: int) -> int:
    """Append the demands that use a cell to ``done.demand``; more than fit: one more than there is room."""
    entry = state.head[cell]
    while entry >= 0:
        demand = state.user[entry]
        if done.mark[demand] != token:
            for place in range(state.size[demand]):
                if state.cells[demand, place] == cell:
                    done.mark[demand] = token
                    if count == len(done.demand):
                        return count + 1
                    done.demand[count] = demand
                    count += 1
                    break
        entry = state.following[entry]
    return count


@njit
def _drop(state: State, demand: int) -> None:
    for place in range(state.size[demand]):
        state.used[state.cells[demand, place]] -= 1
    state.size[demand] = 0


@njit
def _unused(board: Board, state: State, done: Saved, count: int, shows: bool) -> float:
    """What the loose cells of the flows before are worth that nothing uses now; shown if ``shows``."""
    worth = 0.0
    for number in range(count):
        for place in range(done.size[number]):
            cell = done.cells[number, place]
            if state.status[cell] == LOOSE and state.used[cell] == 0:
                worth += board.weight[cell]
                if shows:
                    _show(state, cell)
                else:
                    state.status[cell] = -LOOSE
    if not shows:
        for number in range(count):
            for place in range(done.size[number]):
                cell = done.cells[number, place]
                if state.status[cell] == -LOOSE:
                    state.status[cell] = LOOSE
    return worth


@njit
def _attempt(
    board: Board, state: State, work: Bench, other: Bench, done: Saved, count_off: int, may_hide: bool
) -> bool:
    """Show the cells in ``done.off``, prove anew what used them; undone if it costs more than before."""
    done.tally[2] += 1
    count, gained = 0, 0.0
    for number in range(count_off):
        gained += board.weight[done.off[number]]
        count = _users(state, done, done.off[number], done.tally[2], count)
        if count > len(done.demand):
            return False
    for number in range(count):
        demand = done.demand[number]
        size = state.size[demand]
        done.size[number] = size
        done.cells[number, :size] = state.cells[demand, :size]
        done.coefficient[number, :size] = state.coefficient[demand, :size]
        _drop(state, demand)
    for number in range(count_off):
        _show(state, done.off[number])
    gained += _unused(board, state, done, count, False)
    done.tally[1] = 0
    paid, order = 0.0, np.arange(count)
    if may_hide:
        for number in range(count - 1, 0, -1):
            swap = _drawn(state, number + 1)
            order[number], order[swap] = order[swap], order[number]
    else:
        order = np.argsort(done.demand[:count])
    proved = True
    for turn in order:
        most = gained - paid + _SLACK if may_hide else _FREE
        paid += _prove(board, state, work, other, done, done.demand[turn], most)
        if paid > gained + _FREE:
            proved = False
            break
    if proved:
        back = 0.0
        for number in range(count_off):
            back += board.weight[done.off[number]]
        if paid <= back + _unused(board, state, done, count, False) + _FREE:
            _unused(board, state, done, count, True)
            return True
    for number in range(count):
        demand = done.demand[number]
        _drop(state, demand)
        size = done.size[number]
        state.size[demand] = size
        state.cells[demand, :size] = done.cells[number, :size]
        state.coefficient[demand, :size] = done.coefficient[number, :size]
        # An index made anew in between knows nothing of a flow that was away.
        for place in range(size):
            _use(state, state.cells[demand, place], demand)
    for number in range(done.tally[1]):
        if state.status[done.hid[number]] == LOOSE:
            _show(state, done.hid[number])
    for number in range(count_off):
        _hide(state, done.off[number])
    return False


@njit
def _near(state: State, done: Saved, wanted: int) -> int:
    """A drawn loose cell and loose cells of flows that use it, in ``done.off``; how many."""
    cell = state.loose[_drawn(state, state.tally[1])]
    done.off[0] = cell
    count = 1
    done.tally[2] += 1
    users = min(_users(state, done, cell, done.tally[2], 0), len(done.demand))
    for _ in range(4 * wanted):
        if users == 0 or count == wanted:
            break
        demand = done.demand[_drawn(state, users)]
        other = state.cells[demand, _drawn(state, state.size[demand])]
        known = state.status[other] != LOOSE
        for number in range(count):
            known = known or done.off[number] == other
        if not known:
            done.off[count] = other
            count += 1
    return count


@njit
def search(
    board: Board,
    state: State,
    work: Bench,
    other: Bench,
    done: Saved,
    step: int,
    order: Integers,
    rounds: int,
) -> None:
    """One step of the search; one function, because each entry to all this is compiled for itself.

    COVER: prove the demands of ``order``, hiding what that takes; those without a circuit keep a size of 0.
    REDUCE: show each cell of ``order`` if all flows that use it can be had without it, for nothing.
    RUIN: ``rounds`` times show a few neighbors, prove anew what used them, undo it if it costs more.
    """
    if step == COVER:
        for demand in order:
            done.tally[1] = 0
            _prove(board, state, work, other, done, demand, _NEVER)
        return
    turns = len(order) if step == REDUCE else rounds
    for number in range(turns):
        if state.tally[1] == 0:
            return
        count, may_hide = 1, step == RUIN
        if may_hide:
            if number % 40 == 0:
                for cell in range(len(state.tie)):
                    state.tie[cell] = 1e-7 * _drawn(state, 1_000_000)
            count = _near(state, done, 2 + _drawn(state, 5))
        else:
            done.off[0] = order[number]
            if state.status[order[number]] != LOOSE:
                continue
        _attempt(board, state, work, other, done, count, may_hide)


@cache
def keep_compiled() -> None:
    """Have the kernels kept between processes once they are compiled, where there is a folder to write to.

    Not when this module is imported: numba would make the folder then.
    """
    for entry in (search, prune, force):
        with suppress(RuntimeError):
            entry.enable_caching()
