"""Seeded draws that keep their promises: shares that come out right in every slice, sums to the unit.

Ordinary independent draws would leave small cells to luck; a region with promised cell sizes cannot afford
that. What is drawn belongs to the modules about people, seats and money.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]

_GOLDEN = 0.6180339887498949


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """The random stream of a named purpose: independent of every other, whatever the order of use."""
    name = "|".join(str(part) for part in (seed, *names))
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "big"))


def hex_key(*names: str | int) -> str:
    """64 hexadecimal digits that stand for a name."""
    return hashlib.sha256("|".join(str(part) for part in names).encode()).hexdigest()


def systematic(chances: Floats, rng: np.random.Generator) -> Bools:
    """Draw each item with its chance, so that every run of neighbors gets its expected number within one.

    Systematic sampling with unequal probabilities (Madow 1949): sort the items by what has to be balanced.
    """
    reached = np.cumsum(chances) + rng.random()
    return np.floor(reached) > np.floor(reached - chances)


def spread(weights: Floats, count: int, rng: np.random.Generator) -> Ints:
    """``count`` indices in proportion to ``weights``, evenly spread in every stretch of the sequence.

    Positions follow the golden ratio's additive recurrence, a low-discrepancy sequence.
    """
    positions = (rng.random() + _GOLDEN * np.arange(count)) % 1.0
    edges = np.cumsum(weights) / weights.sum()
    return np.minimum(np.searchsorted(edges, positions, side="right"), len(weights) - 1).astype(np.int64)


def largest_remainder(weights: Floats, total: int) -> Ints:
    """Whole numbers in proportion to ``weights`` that sum to ``total`` (Hamilton's method)."""
    exact = weights / weights.sum() * total
    whole: Ints = np.floor(exact).astype(np.int64)
    missing = total - int(whole.sum())
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[:missing]] += 1
    return whole


def choose(options: tuple[str, ...], weights: tuple[float, ...], count: int, rng: np.random.Generator) -> Any:
    """``count`` independent choices as an object array."""
    shares = np.array(weights) / sum(weights)
    return np.array(options, dtype=object)[rng.choice(len(options), size=count, p=shares)]
