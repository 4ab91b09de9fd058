"""What the walk through the quarters leaves behind: payrolls of firms, and the pay of those who sit on seats.

Everybody else's pay is forgotten once its file is written; only the last quarters before entry are kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warehouse.sample.careers import Careers, Region
from warehouse.sample.draws import Ints
from warehouse.sample.wages import Pay

UNOBSERVED = -1
"""No member paid the person in the quarter: not the same as 0."""

PRIOR = 3
"""Quarters before entry that an enrollment reports."""


@dataclass
class PayBook:
    """Cents and heads by firm × quarter, cents by seat × quarter (UNOBSERVED where nobody paid).

    ``recent`` is quarter before × worker, newest first.
    """

    payroll: Ints
    heads: Ints
    seats: Ints
    recent: Ints

    @classmethod
    def empty(cls, region: Region) -> PayBook:
        """A book before the first quarter."""
        quarters = region.settings.quarters
        return cls(
            payroll=np.zeros((len(region.firms), quarters), dtype=np.int64),
            heads=np.zeros((len(region.firms), quarters), dtype=np.int64),
            seats=np.full((len(region.seats), quarters), UNOBSERVED, dtype=np.int64),
            recent=np.full((PRIOR, len(region.people)), UNOBSERVED, dtype=np.int64),
        )

    def note(self, region: Region, careers: Careers, pay: Pay) -> None:
        """Enter one quarter's pay."""
        count, quarter = len(region.firms), pay.quarter
        self.payroll[:, quarter] = np.bincount(pay.firms, pay.gross_cents, minlength=count).astype(np.int64)
        self.heads[:, quarter] = np.bincount(pay.firms, minlength=count)
        self._note_priors(region, careers, quarter)
        total = np.full(len(region.people), UNOBSERVED, dtype=np.int64)
        total[pay.workers] = 0
        np.add.at(total, pay.workers, pay.gross_cents)
        seated = np.flatnonzero(careers.learners >= 0)
        self.seats[seated, quarter] = total[careers.learners[seated]]
        self.recent = np.concatenate([total[None, :], self.recent[:-1]])

    def _note_priors(self, region: Region, careers: Careers, quarter: int) -> None:
        wave = np.flatnonzero((region.seats.entry_quarters == quarter) & (careers.learners >= 0))
        for before in range(1, PRIOR + 1):
            self.seats[wave, quarter - before] = self.recent[before - 1, careers.learners[wave]]
