"""Which hidden cells are determined by arithmetic alone? Exactly, by elimination modulo two 31-bit primes.

A hidden cell follows from the published ones when every solution of the homogeneous equations is 0 there. So
a random solution is drawn: where it is not 0, the cell is free, for certain. Where it is 0 under both primes,
the cell is determined (by chance with a probability of about 2^-62 per cell). No tolerance, no floating
point. What a determined cell means is ``proof``'s.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy import sparse

from reports.disclosure.audit.evidence import Mask, Whole

PRIMES = (2_147_483_647, 2_147_483_629)
Row = dict[int, int]


def pivots(matrix: sparse.csr_array, prime: int) -> list[tuple[int, Row]]:
    """Echelon form: (column, its row with 1 in the column), each free of the columns eliminated before it.

    The column with the fewest rows goes first, by its shortest row: hierarchies then fill in hardly at all.
    """
    rows = _rows(matrix, prime)
    columns: list[set[int]] = [set() for _ in range(matrix.shape[1])]
    for number, row in enumerate(rows):
        for column in row:
            columns[column].add(number)
    heap = [(len(found), column) for column, found in enumerate(columns) if found]
    heapq.heapify(heap)
    done: list[tuple[int, Row]] = []
    while heap:
        count, column = heapq.heappop(heap)
        if len(columns[column]) != count:
            if columns[column]:
                heapq.heappush(heap, (len(columns[column]), column))
        elif count:
            done.append((column, _eliminate(column, rows, columns, prime)))
    return done


def _rows(matrix: sparse.csr_array, prime: int) -> list[Row]:
    data, places, ends = (matrix.data % prime).tolist(), matrix.indices.tolist(), matrix.indptr.tolist()
    rows = []
    for start, end in pairwise(ends):
        row = {place: value for place, value in zip(places[start:end], data[start:end], strict=True) if value}
        if row:
            rows.append(row)
    return rows


def _eliminate(column: int, rows: list[Row], columns: list[set[int]], prime: int) -> Row:
    chosen = min(columns[column], key=lambda number: (len(rows[number]), number))
    row = rows[chosen]
    for place in row:
        columns[place].discard(chosen)
    inverse = pow(row[column], -1, prime)
    pivot = row if inverse == 1 else {place: value * inverse % prime for place, value in row.items()}
    others = [(place, value) for place, value in pivot.items() if place != column]
    for number in columns[column]:
        _subtract(rows[number], rows[number].pop(column), others, number, columns, prime)
    columns[column] = set()
    return pivot


def _subtract(  # six names for the innermost loop: a record of them would double its time
    row: Row, factor: int, others: list[tuple[int, int]], number: int, columns: list[set[int]], prime: int
) -> None:
    for place, value in others:
        old = row.get(place)
        if old is None:
            row[place] = -factor * value % prime
            columns[place].add(number)
            continue
        new = (old - factor * value) % prime
        if new:
            row[place] = new
        else:
            del row[place]
            columns[place].discard(number)


def solutions(matrix: sparse.csr_array, prime: int, count: int, seed: int) -> Whole:
    """``count`` random solutions of matrix · x = 0 modulo ``prime``: columns × count."""
    found = pivots(matrix, prime)
    random = np.random.default_rng((seed, prime))
    values = random.integers(1, prime, size=(matrix.shape[1], count), dtype=np.int64)
    for column, row in reversed(found):
        others = [place for place in row if place != column]
        if not others:
            values[column] = 0
            continue
        weights = np.array([row[place] for place in others], dtype=np.int64)[:, None]
        values[column] = -(weights * values[others] % prime).sum(axis=0) % prime
    return values


def determined(matrix: sparse.csr_array, seed: int = 0) -> Mask:
    """The columns whose value follows from the equations (matrix: equations × hidden cells)."""
    zero = np.ones(matrix.shape[1], dtype=bool)
    for prime in PRIMES:
        zero &= solutions(matrix, prime, 1, seed)[:, 0] == 0
    return zero


class Knower:
    """What is determined for somebody who also knows some hidden cells; one elimination serves everybody.

    ``most``: the largest number of hidden cells anybody knows.
    """

    def __init__(self, matrix: sparse.csr_array, most: int, seed: int = 0) -> None:
        self._found = {prime: np.asfortranarray(solutions(matrix, prime, most + 2, seed)) for prime in PRIMES}

    def determined(self, known: Sequence[int]) -> Mask:
        """The columns that follow once those at ``known`` are known; the known ones among them."""
        width = len(known) + 2
        zero = np.ones(len(next(iter(self._found.values()))), dtype=bool)
        for prime, found in self._found.items():
            some = found[:, :width]
            mix = solutions(sparse.csr_array(some[list(known)]), prime, 1, seed=1)[:, 0]
            total = np.zeros(len(some), dtype=np.int64)
            for column in range(width):
                total += some[:, column] * mix[column] % prime
            zero &= total % prime == 0
        return zero
