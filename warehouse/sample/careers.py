"""Careers: who works where in each quarter, whose pay has just fallen, and who therefore gets a seat.

Quarters are walked in order, everybody at once, so that memory grows with people and never with people times
quarters. Selection is on the transitory shock of the quarter before entry (the dip of Ashenfelter 1978),
never on growth. Pay itself belongs in ``wages``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from contracts.errors import SampleError
from warehouse.sample.draws import Bools, Floats, Ints, stream
from warehouse.sample.firms import Firms
from warehouse.sample.people import ABILITY_SPREAD, People
from warehouse.sample.seats import FOLLOWED, OUT, Path, Seats
from warehouse.sample.settings import SampleSettings

SHOCK_SPREAD = 0.09
"""Stationary standard deviation of the transitory shock (log points)."""

SHOCK_PERSISTENCE = 0.6
"""First-order autocorrelation of the transitory shock, a quarter."""

SELECTION_ON_ABILITY = 0.15
"""How many standard deviations of lasting pay count as much as one of the shock."""

MIN_TENURE = 4
"""Quarters with the firm before an incumbent can get a seat."""

_EMPLOYED_AT_START = 0.84
_LEAVES, _MOVES, _IS_HIRED = 0.020, 0.008, 0.09
_NEVER_BACK = 0.2
_LEARNER_NONE = -1


@dataclass(frozen=True)
class Region:
    """What is fixed before the first quarter."""

    settings: SampleSettings
    firms: Firms
    people: People
    seats: Seats


@dataclass
class Careers:
    """Where everybody stands, walked forward in place by ``walk``.

    Per worker: ``firms`` (or OUT), ``since`` (quarter the job began), ``shock``, ``seat`` (or -1), ``gone``
    for good; ``waiting`` until their program has been followed up. Per seat: ``learners`` (worker, -1 while
    empty), ``history`` (seat × quarter: firm or OUT) and ``shock_at_entry`` (shock of the quarter before; NaN
    for entrants).
    """

    firms: Ints
    since: Ints
    shock: Floats
    gone: Bools
    seat: Ints
    learners: Ints
    history: Ints
    shock_at_entry: Floats
    waiting: Bools


def start(region: Region) -> Careers:
    """Everybody before the first quarter. New entrants wait outside until their program ends."""
    settings, seats = region.settings, region.seats
    rng, count = stream(settings.seed, "start"), settings.worker_count
    entrants = np.flatnonzero(seats.new_entrant)
    who = rng.permutation(count)[: len(entrants)]
    seat = np.full(count, _LEARNER_NONE)
    seat[who] = entrants
    learners = np.full(len(seats), _LEARNER_NONE)
    learners[entrants] = who
    employed = (rng.random(count) < _EMPLOYED_AT_START) & (seat == _LEARNER_NONE)
    firms = np.where(employed, rng.choice(len(region.firms), size=count, p=region.firms.sizes), OUT)
    return Careers(
        firms=firms,
        since=-rng.integers(1, 40, count),
        shock=rng.normal(0, SHOCK_SPREAD, count),
        gone=np.zeros(count, dtype=bool),
        seat=seat,
        learners=learners,
        history=np.full((len(seats), settings.quarters), OUT),
        shock_at_entry=np.full(len(seats), np.nan),
        waiting=seat != _LEARNER_NONE,
    )


def walk(region: Region, careers: Careers) -> Iterator[int]:
    """Walk the careers through every quarter; yields the quarter's number when everybody stands there."""
    for quarter in range(region.settings.quarters):
        rng = stream(region.settings.seed, "careers", quarter)
        _change_jobs(region, careers, quarter, rng)
        _follow_plans(region, careers, quarter)
        _fill_seats(region, careers, quarter, rng)
        _shake(careers, rng)
        seated = careers.learners != _LEARNER_NONE
        careers.history[seated, quarter] = careers.firms[careers.learners[seated]]
        yield quarter


def _planned(region: Region, careers: Careers, quarter: int) -> Bools:
    """Who is in training or in the followed quarters after it, or waits to be."""
    planned = careers.waiting.copy()
    seated = careers.learners != _LEARNER_NONE
    active = seated & (region.seats.exit_quarters + FOLLOWED >= quarter)
    planned[careers.learners[active]] = True
    return planned


def _change_jobs(region: Region, careers: Careers, quarter: int, rng: np.random.Generator) -> None:
    """The hazards everybody faces: leave, move to another member, be hired."""
    draw = rng.random(len(careers.firms))
    free = ~careers.gone & ~_planned(region, careers, quarter)
    employed = careers.firms != OUT
    leaving = free & employed & (draw < _LEAVES)
    moving = free & employed & ~leaving & (draw < _LEAVES + _MOVES)
    hired = free & ~employed & (draw < _IS_HIRED)
    careers.firms[leaving] = OUT
    careers.gone[leaving] = rng.random(int(leaving.sum())) < _NEVER_BACK
    arriving = moving | hired
    sizes = region.firms.sizes
    careers.firms[arriving] = rng.choice(len(sizes), size=int(arriving.sum()), p=sizes)
    careers.since[arriving] = quarter


def _follow_plans(region: Region, careers: Careers, quarter: int) -> None:
    """Put everybody who has a seat where the seat's plan says."""
    seats = region.seats
    after = quarter - seats.exit_quarters
    seated = careers.learners != _LEARNER_NONE
    active = np.flatnonzero(seated & (quarter >= seats.entry_quarters) & (after <= FOLLOWED))
    who = careers.learners[active]
    firms = seats.employers[active, np.maximum(after[active], 0)]
    careers.since[who[firms != careers.firms[who]]] = quarter
    careers.firms[who] = firms
    finished = active[after[active] == FOLLOWED]
    careers.waiting[careers.learners[finished]] = False
    careers.gone[careers.learners[finished]] = _leaves_for_good(seats, finished)


def _leaves_for_good(seats: Seats, finished: Ints) -> Bools:
    """Leavers stay away, of those who left later every other one."""
    paths = seats.paths[finished]
    later = (paths == Path.LEFT_LATER) & (finished % 2 == 0)
    gone: Bools = (paths == Path.LEFT) | later
    return gone


def _fill_seats(region: Region, careers: Careers, quarter: int, rng: np.random.Generator) -> None:
    """Give the wave's seats to incumbents of the sponsoring firms, worst recent shock first (with noise)."""
    seats = region.seats
    wave = np.flatnonzero((seats.entry_quarters == quarter) & ~seats.new_entrant)
    if not len(wave):
        return
    able = careers.firms != OUT
    able &= (careers.seat == _LEARNER_NONE) & (quarter - careers.since >= MIN_TENURE)
    candidates = np.flatnonzero(able)
    ranked = candidates[np.lexsort((_scores(region, careers, candidates, rng), careers.firms[candidates]))]
    chosen = _take(ranked, careers.firms[ranked], seats.sponsors[wave])
    careers.learners[wave] = chosen
    careers.seat[chosen] = wave
    careers.shock_at_entry[wave] = careers.shock[chosen]


def _scores(region: Region, careers: Careers, who: Ints, rng: np.random.Generator) -> Floats:
    """Low scores are selected. Gumbel noise makes it a draw with weights exp(−strength × shock)."""
    shock = careers.shock[who] / SHOCK_SPREAD
    ability = region.people.ability[who] / ABILITY_SPREAD
    wish = region.settings.dip_selection * (shock + SELECTION_ON_ABILITY * ability)
    scores: Floats = wish - rng.gumbel(size=len(who))
    return scores


def _take(ranked: Ints, firms: Ints, wanted: Ints) -> Ints:
    """For each wanted firm one person: the firm's first, second, … in rank."""
    order = np.argsort(wanted, kind="stable")
    of_firm = wanted[order]
    turn = np.arange(len(order)) - np.searchsorted(of_firm, of_firm)
    places = np.searchsorted(firms, of_firm) + turn
    if (places >= np.searchsorted(firms, of_firm, side="right")).any():
        raise SampleError(
            "SMP-002",
            found="a firm with more seats in a wave than workers who could take them",
            expected="enough incumbents at every firm",
            where="the sample region",
            remedy="Ask for more workers, fewer participants or fewer firms.",
        )
    chosen = np.empty(len(order), dtype=np.int64)
    chosen[order] = ranked[places]
    return chosen


def _shake(careers: Careers, rng: np.random.Generator) -> None:
    """Next value of everybody's transitory shock: a stationary first-order autoregression."""
    news = rng.normal(0, SHOCK_SPREAD * np.sqrt(1 - SHOCK_PERSISTENCE**2), len(careers.shock))
    careers.shock *= SHOCK_PERSISTENCE
    careers.shock += news
