"""What everybody earns: one quarter's pay of every job, with hours that fit it.

log pay = region's growth + firm + firm × quarter + person + own growth + transitory shock + noise + lock-in
while in training + the true effect after completing. How rows are written belongs in ``wage_files``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warehouse.sample.careers import Careers, Region
from warehouse.sample.draws import Bools, Floats, Ints, stream
from warehouse.sample.seats import OUT, Path, Seats

EFFECT_RAMP = (0.0, 0.5, 1.0)
"""Share of the effect 0, 1, and 2 or more quarters after the exit quarter."""

LOCK_IN = -0.02
"""Log points while in training: hours spent in class."""

MIN_HOURLY_CENTS = 775
"""Nobody's pay is below this an hour: above the federal minimum of 7.25 USD."""

_FIRST_PAY = 8_900.0
_GROWTH = {2021: 0.012, 2022: 0.014, 2023: 0.010}
_USUAL_GROWTH = 0.0075
_FIRM_QUARTER_SPREAD, _NOISE_SPREAD = 0.015, 0.04
_FULL_HOURS, _PART_HOURS, _PART_PAY = 500.0, 300.0, -0.55
_UNPAID_LEAVE = 0.002
_SHORT_QUARTER = 0.02
_SIDE_JOB_ACTIVE = 0.6
_SIDE_JOB_HOURLY_CENTS = 1_900.0
_SUBSIDIZED_EVERY = 12


@dataclass(frozen=True)
class Pay:
    """Arrays over jobs of one quarter, sorted by firm, then worker. Amounts in cents, hours in tenths."""

    quarter: int
    workers: Ints
    firms: Ints
    gross_cents: Ints
    paid_tenths: Ints
    worked_tenths: Ints
    weeks: Ints
    idle_month: Ints
    is_side_job: Bools
    subsidized: Bools

    def __len__(self) -> int:
        return len(self.workers)


@dataclass(frozen=True)
class Effects:
    """When whom the program lifts: per seat the exit quarter of the completed term, and the full effect."""

    from_quarters: Ints
    log_points: float

    def at(self, quarter: int) -> Floats:
        """The effect on each seat's learner in a quarter (log points)."""
        steps = np.clip(quarter - self.from_quarters, 0, len(EFFECT_RAMP) - 1)
        return self.log_points * np.array(EFFECT_RAMP)[steps]


def log_growth(region: Region) -> Floats:
    """Nominal growth of pay since the first quarter (log points), with a small season."""
    steps = [_GROWTH.get(quarter.year, _USUAL_GROWTH) for quarter in region.settings.calendar]
    season = [0.008 if quarter.number == 4 else 0.0 for quarter in region.settings.calendar]
    growth: Floats = np.cumsum([0.0, *steps[1:]]) + np.array(season)
    return growth


def is_first_job_subsidized(seats: Seats) -> Bools:
    """Whose first job after exit somebody else pays for: every twelfth seat, where a new entrant stays."""
    every = np.arange(len(seats)) % _SUBSIDIZED_EVERY == 0
    subsidized: Bools = seats.new_entrant & (seats.paths == Path.STAYED) & every
    return subsidized


def pay_quarter(region: Region, careers: Careers, effects: Effects, quarter: int) -> Pay:
    """Everybody's pay in the quarter at which the careers stand."""
    rng = stream(region.settings.seed, "wages", quarter)
    # Drawn for everybody, employed or not: the draws of one person never depend on another's job.
    luck = _Luck.draw(len(region.people), rng)
    workers = np.flatnonzero(careers.firms != OUT)
    log_pay = _log_pay(region, careers, quarter)[workers] + luck.noise[workers]
    log_pay += _of_learner(careers, effects.at(quarter) + _lock_in(region, quarter))[workers]
    gross = np.rint(np.exp(log_pay) * 100).astype(np.int64)
    on_leave = (luck.leave[workers] < _UNPAID_LEAVE) & (quarter - careers.since[workers] >= 2)
    gross[on_leave] = 0
    hours = _hours(region, careers, luck)[workers]
    jobs = _Jobs(workers, careers.firms[workers], gross, hours)
    subsidized = _of_learner(careers, _is_subsidized(region, quarter).astype(float))[workers] > 0
    side = _side_jobs(region, jobs, luck)
    return _together(_pay(quarter, jobs, luck), subsidized, _pay(quarter, side, luck))


@dataclass(frozen=True)
class _Luck:
    """One quarter's draws for every person."""

    noise: Floats
    leave: Floats
    hours: Floats
    worked: Floats
    side: Floats
    month: Ints

    @classmethod
    def draw(cls, count: int, rng: np.random.Generator) -> _Luck:
        return cls(
            noise=rng.normal(0, _NOISE_SPREAD, count),
            leave=rng.random(count),
            hours=rng.normal(0, 0.02, count),
            worked=rng.uniform(0.90, 0.98, count),
            side=rng.random(count),
            month=rng.integers(1, 4, count),
        )


def _log_pay(region: Region, careers: Careers, quarter: int) -> Floats:
    """Log pay without noise, lock-in and effect, for everybody (of no meaning for those without a job)."""
    settings, people = region.settings, region.people
    rng = stream(settings.seed, "firm quarter", quarter)
    firm = region.firms.pay + rng.normal(0, _FIRM_QUARTER_SPREAD, len(region.firms))
    own = people.ability + people.growth * (quarter - settings.quarters / 2) + careers.shock
    usual = np.log(_FIRST_PAY) + log_growth(region)[quarter]
    log_pay: Floats = usual + firm[careers.firms] + own + np.where(people.part_time, _PART_PAY, 0.0)
    return log_pay


def _of_learner(careers: Careers, of_seat: Floats) -> Floats:
    """A figure of each seat as one of each worker, 0 for those without a seat."""
    return np.append(of_seat, 0.0)[careers.seat]


def _lock_in(region: Region, quarter: int) -> Floats:
    seats = region.seats
    return np.where((seats.entry_quarters <= quarter) & (quarter <= seats.exit_quarters), LOCK_IN, 0.0)


def _is_subsidized(region: Region, quarter: int) -> Bools:
    """Some new entrants' first two quarters at their sponsor are paid from elsewhere."""
    after = quarter - region.seats.exit_quarters
    subsidized: Bools = is_first_job_subsidized(region.seats) & (after >= 1) & (after <= 2)
    return subsidized


def _hours(region: Region, careers: Careers, luck: _Luck) -> Floats:
    """Hours paid before they are made to fit the pay: fewer when the shock is bad."""
    usual = np.where(region.people.part_time, _PART_HOURS, _FULL_HOURS)
    return usual * np.exp(0.5 * careers.shock + luck.hours)


@dataclass(frozen=True)
class _Jobs:
    """Arrays over jobs before hours are made to fit the pay: worker, firm, cents, hours."""

    workers: Ints
    firms: Ints
    gross: Ints
    hours: Floats


def _side_jobs(region: Region, jobs: _Jobs, luck: _Luck) -> _Jobs:
    """Second jobs of the quarter, each worth less than the main job."""
    second, draw = region.people.second_firms[jobs.workers], luck.side[jobs.workers]
    active = (second != OUT) & (second != jobs.firms) & (draw < _SIDE_JOB_ACTIVE) & (jobs.gross > 0)
    cents = np.rint((0.15 + 0.2 * draw[active]) * jobs.gross[active]).astype(np.int64)
    return _Jobs(jobs.workers[active], second[active], cents, cents / _SIDE_JOB_HOURLY_CENTS)


def _pay(quarter: int, jobs: _Jobs, luck: _Luck) -> Pay:
    """Jobs with hours, weeks and months that fit the pay."""
    wanted, payable = np.rint(jobs.hours * 10), np.floor(jobs.gross * 10 / MIN_HOURLY_CENTS)
    paid = np.minimum(wanted, payable).astype(np.int64)
    short = luck.leave[jobs.workers] > 1 - _SHORT_QUARTER
    return Pay(
        quarter=quarter,
        workers=jobs.workers,
        firms=jobs.firms,
        gross_cents=jobs.gross,
        paid_tenths=paid,
        worked_tenths=np.floor(paid * luck.worked[jobs.workers]).astype(np.int64),
        weeks=np.where(jobs.gross == 0, 0, np.where(short, 9, 13)),
        idle_month=np.where(short, luck.month[jobs.workers], 0),
        is_side_job=np.zeros(len(paid), dtype=bool),
        subsidized=np.zeros(len(paid), dtype=bool),
    )


def _together(main: Pay, subsidized: Bools, side: Pay) -> Pay:
    workers, firms = np.append(main.workers, side.workers), np.append(main.firms, side.firms)
    order = np.lexsort((workers, firms))

    def both(name: str) -> Ints:
        joined: Ints = np.append(getattr(main, name), getattr(side, name))[order]
        return joined

    amounts = ("gross_cents", "paid_tenths", "worked_tenths", "weeks", "idle_month")
    return Pay(
        quarter=main.quarter,
        workers=workers[order],
        firms=firms[order],
        **{name: both(name) for name in amounts},
        is_side_job=np.append(np.zeros(len(main), dtype=bool), np.ones(len(side), dtype=bool))[order],
        subsidized=np.append(subsidized, side.subsidized)[order],
    )
