"""Elimination modulo primes says exactly what fractions say, for everybody and for every firm."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from reports.disclosure.audit.modular import PRIMES, Knower, determined, solutions


def _reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """Reduced echelon form in fractions, the slow and plain way."""
    rows, done = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(done, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [value / rows[done][column] for value in rows[done]]
        for r in range(len(rows)):
            if r != done:
                rows[r] = [a - rows[r][column] * b for a, b in zip(rows[r], rows[done], strict=True)]
        done += 1
    return rows[:done]


def determined_in_fractions(matrix: np.ndarray) -> list[bool]:
    rows = _reduced([[Fraction(int(value)) for value in row] for row in matrix])
    alone = {row.index(1) for row in rows if sum(map(bool, row)) == 1}
    return [column in alone for column in range(matrix.shape[1])]


def drawn(seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    shape = (int(random.integers(1, 9)), int(random.integers(1, 12)))
    return random.choice([-1, 0, 0, 0, 1, 2], shape).astype(np.int64)


@pytest.mark.parametrize("seed", range(60))
def test_determined_agrees_with_fractions_when_equations_are_drawn(seed: int) -> None:
    matrix = drawn(seed)
    assert determined(sparse.csr_array(matrix)).tolist() == determined_in_fractions(matrix)


@pytest.mark.parametrize("seed", range(40))
def test_knower_agrees_with_fractions_when_cells_are_known(seed: int) -> None:
    matrix = drawn(seed)
    known = sorted({0, matrix.shape[1] // 2})
    told = np.zeros((len(known), matrix.shape[1]), dtype=np.int64)
    told[range(len(known)), known] = 1
    found = Knower(sparse.csr_array(matrix), most=3).determined(known)
    assert found.tolist() == determined_in_fractions(np.vstack([matrix, told]))


def test_solutions_solve_the_equations_modulo_each_prime() -> None:
    matrix = drawn(5)
    for prime in PRIMES:
        found = solutions(sparse.csr_array(matrix), prime, 3, seed=0)
        assert not (matrix @ found % prime).any()


def test_both_primes_are_prime_and_of_31_bits() -> None:
    for prime in PRIMES:
        assert 2**30 < prime < 2**31
        assert all(prime % divisor for divisor in range(2, 46_342))


def test_nothing_is_determined_when_there_is_no_equation() -> None:
    assert not determined(sparse.csr_array((0, 4), dtype=np.int64)).any()
