"""The inequity planted in the sample region: one trait goes along with withdrawing, the others do not.

The trait is drawn knowing who completed, from a stream of its own, so that everybody's training and pay stay
what they are. Other traits belong in ``enrollments``.
"""

from __future__ import annotations

import numpy as np

from warehouse.sample.careers import Region
from warehouse.sample.draws import stream
from warehouse.sample.text import Texts, only_where

UNEQUAL = "single_parent"
"""The trait whose bearers complete less often."""

OF_COMPLETERS, OF_WITHDRAWN = 0.10, 0.34
"""The share of bearers among those who complete, and among those who withdraw."""

_UNDISCLOSED = 0.04


def single_parents(region: Region) -> Texts:
    """1, 0 or 9 (undisclosed) for each seat."""
    completed = region.seats.completed
    rng, count = stream(region.settings.seed, UNEQUAL), len(completed)
    bears = rng.random(count) < np.where(completed, OF_COMPLETERS, OF_WITHDRAWN)
    told = rng.random(count) >= _UNDISCLOSED
    return np.where(told, np.where(bears, "1", "0"), only_where(~told, "9"))
