"""The people of the region: what stays with a person over the quarters.

One entry per worker, in arrays. Where people work quarter by quarter belongs in ``careers``, what they earn
in ``wages``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warehouse.sample.draws import Bools, Floats, Ints, stream
from warehouse.sample.firms import Firms
from warehouse.sample.seats import OUT
from warehouse.sample.settings import SampleSettings

ABILITY_SPREAD = 0.20
"""Standard deviation of lasting differences in pay between people (log points)."""

_GROWTH_SPREAD = 0.0015
_PART_TIME = 0.10
_SECOND_JOB = 0.02

Keys = npt.NDArray[np.bytes_]


@dataclass(frozen=True)
class People:
    """Arrays over workers: pseudonym, lasting pay difference, own growth a quarter, habits.

    ``second_firms`` is the firm of a side job (OUT for nearly everybody); ``bents`` decides among the
    occupations of a firm's sector.
    """

    keys: Keys
    ability: Floats
    growth: Floats
    part_time: Bools
    second_firms: Ints
    bents: Ints

    def __len__(self) -> int:
        return len(self.keys)


def make_people(settings: SampleSettings, firms: Firms) -> People:
    """Draw everybody who is ever seen."""
    rng, count = stream(settings.seed, "people"), settings.worker_count
    second = rng.choice(len(firms), size=count, p=firms.sizes)
    return People(
        keys=np.frombuffer(rng.bytes(32 * count).hex().encode(), dtype="S64"),
        ability=rng.normal(0, ABILITY_SPREAD, count),
        growth=rng.normal(0, _GROWTH_SPREAD, count),
        part_time=rng.random(count) < _PART_TIME,
        second_firms=np.where(rng.random(count) < _SECOND_JOB, second, OUT),
        bents=rng.integers(0, 1_000, count),
    )
