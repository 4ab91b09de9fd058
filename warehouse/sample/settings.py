"""What a sample region is made from: seed, sizes, calendar and the true effect, checked once.

Facts about the invented region (areas, programs, occupations) belong in ``region``; how a size becomes people
or rows, to the modules that draw them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from contracts.errors import SampleError
from contracts.quarters import Quarter, quarters_between
from warehouse.sample.region import PROGRAMS, Program

MAX_SCALE = 100.0
MIN_WORKERS_PER_PARTICIPANT = 5
MIN_WAVES = 5
MIN_QUARTERS_BEFORE = 6
"""Selection looks at people with five quarters at their firm, and reports three earlier quarters' wages."""


@dataclass(frozen=True)
class SampleSettings:
    """Everything the generator depends on; equal settings give equal bytes.

    ``scale`` multiplies workers and participants, and firms by its square root: a larger region has more and
    larger firms. ``effect_log_points`` is what completing a program adds to the logarithm of quarterly
    earnings once it has ramped in; ``dip_selection`` how strongly seats go to people whose pay just fell
    (standard deviations of the transitory shock). SampleError when the parts do not fit together.
    """

    seed: int = 2026
    scale: float = 1.0
    firms: int = 60
    workers: int = 20_000
    participants: int = 1_500
    programs: int = len(PROGRAMS)
    first_quarter: str = "2018Q3"
    quarters: int = 32
    quarters_before_entry: int = 20
    effect_log_points: float = 0.06
    dip_selection: float = 1.0
    plant_faults: bool = True

    def __post_init__(self) -> None:
        _require(0 < self.scale <= MAX_SCALE, f"a scale of {self.scale}", f"above 0, at most {MAX_SCALE:g}")
        _require(1 <= self.programs <= len(PROGRAMS), f"{self.programs} programs", f"1 to {len(PROGRAMS)}")
        _require(self.seed >= 0, "a negative seed", "a seed of 0 or more")
        waves = self.quarters - self.quarters_before_entry
        _require(waves >= MIN_WAVES, f"{waves} quarters with enrollments", f"at least {MIN_WAVES}")
        _require(
            self.quarters_before_entry >= MIN_QUARTERS_BEFORE,
            f"{self.quarters_before_entry} quarters before the first enrollment",
            f"at least {MIN_QUARTERS_BEFORE}",
        )
        _require(self.firm_count >= 5, f"{self.firm_count} firms", "at least 5 after scaling")
        _require(
            self.worker_count >= MIN_WORKERS_PER_PARTICIPANT * self.participant_count,
            f"{self.worker_count} workers for {self.participant_count} participants",
            f"at least {MIN_WORKERS_PER_PARTICIPANT} workers per participant",
        )

    @property
    def firm_count(self) -> int:
        """Member firms: grows with the square root of the scale."""
        return round(self.firms * math.sqrt(self.scale))

    @property
    def worker_count(self) -> int:
        """Everybody who is ever on a member's payroll or enrolled."""
        return round(self.workers * self.scale)

    @property
    def participant_count(self) -> int:
        """Persons who enroll at least once."""
        return round(self.participants * self.scale)

    @cached_property
    def calendar(self) -> tuple[Quarter, ...]:
        """The quarters covered, oldest first."""
        first = Quarter.parse(self.first_quarter)
        return tuple(quarters_between(first, first + (self.quarters - 1)))

    @property
    def offered(self) -> tuple[Program, ...]:
        """The programs offered, in the register's order."""
        return PROGRAMS[: self.programs]


def _require(holds: bool, found: str, expected: str) -> None:
    if not holds:
        raise SampleError(
            "SMP-001",
            found=found,
            expected=expected,
            where="the settings of the sample region",
            remedy="Choose other sizes; the defaults are known to fit together.",
        )
