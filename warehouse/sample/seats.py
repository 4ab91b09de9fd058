"""The training plan: every seat of every wave, and what will become of whoever sits on it.

A seat is planned before anybody sits on it: program, firm, dates by quarter, completion, employment after
exit. So cell sizes are promises, while who is selected (``careers``) follows from people's wages. Calendar
days and repeated enrollments belong in ``terms``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from warehouse.sample.draws import Bools, Floats, Ints, largest_remainder, spread, stream, systematic
from warehouse.sample.firms import Firms
from warehouse.sample.region import AREAS, SECTORS
from warehouse.sample.settings import SampleSettings

OUT = -1
"""Nobody of the consortium employs the person."""

FOLLOWED = 4
"""Quarters after exit whose employment is planned; later ones follow the hazards everybody faces."""

COUNTED = 0
"""``Seats.excluded`` of an exit that counts; 1 institutionalized, 2 medical, 3 deceased (PIRL 923)."""

_FIRST_WAVE = 1.4
"""Seats of one-quarter programs in the first wave, which alone fills the first exit cohort, to later ones."""
_WITHDRAWN_EMPLOYED = -0.05
_COMPLETED_EMPLOYED = 0.012
_EXCLUDED = 0.018
_LEFT_FOR_GOOD = 0.65
_MOVED_BY_Q2 = 0.09
_MOVED_OF_NOT_RETAINED = 0.42
_OTHER_AREA = 0.06
_BACK_AT_SPONSOR = 0.6


class Path(IntEnum):
    """Employment in the four quarters after exit: "later" means after the second one."""

    STAYED = 0
    MOVED_LATER = 1
    LEFT_LATER = 2
    MOVED = 3
    LEFT = 4
    RETURNED = 5


@dataclass(frozen=True)
class Seats:
    """Arrays over seats, sorted by wave; quarters count from the first, exits may lie beyond the last.

    ``employers`` is seat × 0…4: the firm (or OUT) during training, then in each quarter after exit.
    """

    programs: Ints
    sponsors: Ints
    areas: Ints
    entry_quarters: Ints
    exit_quarters: Ints
    new_entrant: Bools
    completed: Bools
    on_the_job_only: Bools
    excluded: Ints
    paths: Ints
    employers: Ints

    def __len__(self) -> int:
        return len(self.programs)


@dataclass(frozen=True)
class _Sorter:
    """Draws that come out right within every exit quarter and program."""

    order: Ints
    rng: np.random.Generator

    def draw(self, chances: Floats, among: Bools | None = None) -> Bools:
        """Draw each seat with its chance, among some of them."""
        chosen = np.zeros(len(chances), dtype=bool)
        places = self.order if among is None else self.order[among[self.order]]
        chosen[places] = systematic(chances[places], self.rng)
        return chosen


def plan_seats(settings: SampleSettings, firms: Firms) -> Seats:
    """Plan every seat of the region."""
    rng = stream(settings.seed, "seats")
    programs, waves = _waves(settings)
    entries = waves + settings.quarters_before_entry
    exits = entries + np.array([program.quarters for program in settings.offered])[programs]
    sorter = _Sorter(np.lexsort((rng.random(len(programs)), programs, exits)), rng)
    shares = _shares(settings, programs)
    sponsors = _sponsors(settings, firms, programs)
    new_entrant = sorter.draw(shares["new_entrants"])
    completed = sorter.draw(shares["completed"])
    excluded = sorter.draw(np.full(len(programs), _EXCLUDED))
    paths = _paths(sorter, shares, completed, excluded)
    followed = _followed(paths, sponsors, excluded, _Pool(firms, rng))
    return Seats(
        programs=programs,
        sponsors=sponsors,
        areas=_areas(firms.areas[sponsors], rng),
        entry_quarters=entries,
        exit_quarters=exits,
        new_entrant=new_entrant,
        completed=completed,
        on_the_job_only=sorter.draw(shares["on_the_job_only"]),
        excluded=np.where(excluded, rng.choice([1, 2, 2, 3], size=len(programs)), COUNTED),
        paths=paths,
        employers=np.column_stack([np.where(new_entrant, OUT, sponsors), followed]),
    )


def _waves(settings: SampleSettings) -> tuple[Ints, Ints]:
    """Program and wave of every seat, sorted by wave, then program."""
    waves = settings.quarters - settings.quarters_before_entry
    weights = np.tile([program.seats for program in settings.offered], (waves, 1))
    weights[0, [program.quarters == 1 for program in settings.offered]] *= _FIRST_WAVE
    seats = largest_remainder(weights.ravel(), settings.participant_count)
    numbers = np.repeat(np.arange(weights.size), seats)
    return numbers % len(settings.offered), numbers // len(settings.offered)


def _shares(settings: SampleSettings, programs: Ints) -> Mapping[str, Floats]:
    """The outcome shares of each seat's program."""
    of_program = [program.outcomes for program in settings.offered]
    shares = {
        "new_entrants": [outcomes.new_entrants for outcomes in of_program],
        "completed": [outcomes.completed for outcomes in of_program],
        "employed_q2": [outcomes.employed_q2 for outcomes in of_program],
        "retained": [outcomes.retained for outcomes in of_program],
        "on_the_job_only": [program.on_the_job_only for program in settings.offered],
    }
    return {name: np.array(values)[programs] for name, values in shares.items()}


def _sponsors(settings: SampleSettings, firms: Firms, programs: Ints) -> Ints:
    """The firm that fills each seat: firms of the program's sectors, by the square root of their size."""
    roots = np.sqrt(firms.sizes)
    weights = roots / np.bincount(firms.sectors, roots, minlength=len(SECTORS))[firms.sectors]
    sponsors = np.zeros(len(programs), dtype=np.int64)
    for number, program in enumerate(settings.offered):
        shares = np.array([program.sectors.get(sector.name, 0.0) for sector in SECTORS])
        mine = programs == number
        rng = stream(settings.seed, "sponsors", program.program_id)
        sponsors[mine] = spread(weights * shares[firms.sectors], int(mine.sum()), rng)
    return sponsors


def _areas(areas: Ints, rng: np.random.Generator) -> Ints:
    """Where people live: mostly in the area of the firm, some next door."""
    elsewhere = rng.random(len(areas)) < _OTHER_AREA
    return np.where(elsewhere, (areas + 1) % len(AREAS), areas)


def _paths(sorter: _Sorter, shares: Mapping[str, Floats], completed: Bools, excluded: Bools) -> Ints:
    chances = shares["employed_q2"] + np.where(completed, _COMPLETED_EMPLOYED, _WITHDRAWN_EMPLOYED)
    employed = sorter.draw(chances) & ~excluded
    gone = sorter.draw(np.full(len(chances), _LEFT_FOR_GOOD), ~employed) | excluded
    moved = sorter.draw(np.full(len(chances), _MOVED_BY_Q2), employed)
    not_retained = sorter.draw(1 - shares["retained"], employed & ~moved)
    moved_later = sorter.draw(np.full(len(chances), _MOVED_OF_NOT_RETAINED), not_retained)
    conditions = [~employed & gone, ~employed, moved, moved_later, not_retained]
    names = [Path.LEFT, Path.RETURNED, Path.MOVED, Path.MOVED_LATER, Path.LEFT_LATER]
    return np.select(conditions, [int(name) for name in names], int(Path.STAYED))


@dataclass(frozen=True)
class _Pool:
    """The firms people can go to, and the draws that send them there."""

    firms: Firms
    rng: np.random.Generator

    def others(self, sponsors: Ints) -> Ints:
        """A member of another parent than the sponsor's, by the square root of size."""
        roots = np.sqrt(self.firms.sizes)
        others = self.rng.choice(len(roots), size=len(sponsors), p=roots / roots.sum())
        for step in range(1, len(roots)):
            same = self.firms.parents[others] == self.firms.parents[sponsors]
            others[same] = (others[same] + step) % len(roots)
        return others


def _followed(paths: Ints, sponsors: Ints, excluded: Bools, pool: _Pool) -> Ints:
    """Seat × quarters after exit: who employs the person."""
    count, others = len(paths), pool.others(sponsors)
    early = np.where(excluded, 1, pool.rng.integers(1, 3, count))
    late = pool.rng.integers(3, FOLLOWED + 1, count)
    back = np.where(pool.rng.random(count) < _BACK_AT_SPONSOR, sponsors, others)
    after = np.arange(1, FOLLOWED + 1)[None, :]
    from_early, from_late = after >= early[:, None], after >= late[:, None]
    sponsor, other = sponsors[:, None], others[:, None]
    plans = {
        Path.STAYED: np.broadcast_to(sponsor, from_early.shape),
        Path.MOVED_LATER: np.where(from_late, other, sponsor),
        Path.LEFT_LATER: np.where(from_late, OUT, sponsor),
        Path.MOVED: np.where(from_early, other, sponsor),
        Path.LEFT: np.where(from_early, OUT, sponsor),
        Path.RETURNED: np.where(from_late, back[:, None], np.where(from_early, OUT, sponsor)),
    }
    return np.select([(paths == path)[:, None] for path in plans], list(plans.values()))
