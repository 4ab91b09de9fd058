"""Distinct cells by the hundred thousand, drawn from a seed: good ones, spoiled ones, nasty ones, noise.

Which texts are good is for ``fields_on_trial`` to say; whether a cell is taken, for the judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np

from tests.contracts.soundness.fields_on_trial import TRIALS, Random, Trial
from tests.contracts.soundness.nasty_cells import ALIEN, NASTY

_AT_ONCE = 20_000
_NOISE = np.array([*(chr(code) for code in range(128)), *ALIEN])
_SHARES: Mapping[str, float] = MappingProxyType(
    {
        "good": 0.2,
        "spoiled": 0.35,
        "spoiled twice": 0.15,
        "spoiled nasty": 0.1,
        "of another kind": 0.1,
        "noise": 0.1,
    }
)


def generate_cells(trial: Trial, count: int, seed: int) -> list[str]:
    """So many distinct filled texts for one kind, all curated ones among them; the same for the same seed."""
    random = np.random.default_rng([seed, *trial.name.encode()])
    cells = dict.fromkeys(NASTY)
    while len(cells) < count:
        drawn = list(_draw(trial, random, min(_AT_ONCE, 2 * count)))
        cells.update((drawn[place], None) for place in random.permutation(len(drawn)).tolist())
        cells.pop("", None)
    return list(cells)[:count]


def _draw(trial: Trial, random: Random, at_once: int) -> Iterator[str]:
    counts = {way: int(share * at_once) for way, share in _SHARES.items()}
    draws: Mapping[str, Callable[[int], list[str]]] = {
        "good": lambda n: trial.good(random, n),
        "spoiled": lambda n: _spoil(trial.good(random, n), random),
        "spoiled twice": lambda n: _spoil(_spoil(trial.good(random, n), random), random),
        "spoiled nasty": lambda n: _spoil(_pick(NASTY, random, n), random),
        "of another kind": lambda n: _another(random, n),
        "noise": lambda n: _noise(random, n),
    }
    for way, count in counts.items():
        yield from draws[way](count)


def _pick(pool: tuple[str, ...], random: Random, count: int) -> list[str]:
    return [pool[place] for place in random.integers(0, len(pool), count).tolist()]


def _spoil(texts: list[str], random: Random) -> list[str]:
    """One place of each text changed: a letter added, put over, doubled, dropped, or its case."""
    count = len(texts)
    letters = _pick(ALIEN, random, count)
    ways = random.integers(0, len(_WAYS), count).tolist()
    places = random.random(count).tolist()
    return [
        _WAYS[way](text, int(place * (len(text) + 1)), letter)
        for text, way, place, letter in zip(texts, ways, places, letters, strict=True)
    ]


_WAYS: tuple[Callable[[str, int, str], str], ...] = (
    lambda text, at, letter: text[:at] + letter + text[at:],
    lambda text, at, letter: text[:at] + letter + text[at + 1 :],
    lambda text, at, letter: text + letter,
    lambda text, at, letter: letter + text,
    lambda text, at, letter: text[:at] + text[max(0, at - 1) :],
    lambda text, at, letter: text[:at] + text[at + 1 :],
    lambda text, at, letter: text[:at] + text[at : at + 1].swapcase() + text[at + 1 :],
)


def _another(random: Random, count: int) -> list[str]:
    """Good texts of some other kind."""
    kinds = tuple(TRIALS.values())
    other = kinds[int(random.integers(0, len(kinds)))]
    return other[int(random.integers(0, len(other)))].good(random, count)


def _noise(random: Random, count: int) -> list[str]:
    lengths = random.integers(1, 13, count).tolist()
    letters = _NOISE[random.integers(0, len(_NOISE), (count, 12))].tolist()
    return ["".join(row[:length]) for row, length in zip(letters, lengths, strict=True)]
