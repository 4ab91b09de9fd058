"""Apprentices of the sample region: the step of the wage schedule a job begins on, and its hourly rate.

Most are paid more than their step's rate and some, as planted, less. Pay itself belongs in ``wages``.
"""

from __future__ import annotations

import numpy as np

from warehouse.sample.draws import Ints, stream
from warehouse.sample.enrollments import Files
from warehouse.sample.text import Texts, cents_texts, number_texts, only_where

ON_STEP = 0.85
"""The share of apprentices whose pay reaches their step's rate."""

_PROGRAMS = ("ELE", "CNC", "WLD", "MNT")
_BELOW_PAY, _ABOVE_PAY = 0.80, 1.35
_FULL_HOURS = 500
_STEPS = 4


def apprentice_columns(files: Files, seats: Ints, first: Ints, rates: Texts) -> dict[str, Texts]:
    """apprenticeship_step, and entry_wage_rate_usd_hr in place of ``rates`` where there is one.

    ``first`` is the job's first quarter; the rate is set against the pay of the one after.
    """
    rng, count = stream(files.region.settings.seed, "apprentices"), len(seats)
    cents = files.book.seats[seats, np.minimum(first + 1, files.region.settings.quarters - 1)]
    apprenticed = np.isin(files.of_program("program_id", seats), _PROGRAMS) & (cents > 0)
    factor = np.where(rng.random(count) < ON_STEP, _BELOW_PAY, _ABOVE_PAY)
    promised = np.maximum(cents / _FULL_HOURS * factor, 1).astype(np.int64)
    steps = number_texts(1 + rng.integers(0, _STEPS, count))
    return {
        "apprenticeship_step": only_where(apprenticed, steps),
        "entry_wage_rate_usd_hr": np.where(apprenticed, cents_texts(promised), rates),
    }
