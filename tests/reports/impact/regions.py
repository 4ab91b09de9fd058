"""Sample regions as the effects' own panels, over seeds: whether what is published holds what was planted.

Everybody's pay is drawn as ``make demo`` draws it and put into the shape of ``fct_effect_quarter`` without
files, planted faults or a build: from there on the code is the journey's. Pages are written elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.impact import returns as ledgers
from reports.impact.assumptions import DRAWN, AssumptionSet, assumptions_of
from reports.impact.outcomes import Region, earnings, log_earnings, region_of
from reports.impact.panel import NEVER, Floats, Ints, Panel, Window
from reports.impact.results import Estimate
from reports.impact.returns import BENEFITS, COSTS, Costs, Gain
from reports.impact.study import flow
from tests.reports.impact.replication import answers_of
from warehouse.sample.careers import Careers, start, walk
from warehouse.sample.careers import Region as Made
from warehouse.sample.firms import make_firms
from warehouse.sample.people import make_people
from warehouse.sample.seats import plan_seats
from warehouse.sample.settings import SampleSettings
from warehouse.sample.terms import Calendar, effect_quarters, plan_terms
from warehouse.sample.wages import Effects, Pay, pay_quarter

LONG = SampleSettings()
SHORT = replace(LONG, first_quarter="2021Q3", quarters=20, quarters_before_entry=8)
"""The same region with wages reported from three years later on."""

VARIANTS: Mapping[str, SampleSettings] = {"long": LONG, "short": SHORT}
SEEDS_DIR = Path(__file__).parents[3] / "transforms" / "seeds"
SPENT = Costs(
    firms=2700.0,
    public=950.0,
    foundations=170.0,
    stipends=290.0,
    in_kind=440.0,
    class_hours=290.0,
    hourly_pay=23.6,
)
"""What a participant costs: near the demo's, and taken as known."""


@dataclass(frozen=True)
class Checked:
    """One outcome of one region. Log points × 100, or dollars a quarter; by interval (default, careful)."""

    truth: float
    values: dict[str, float]
    halves: dict[str, float]
    covers: dict[str, bool]
    verdict: str


@dataclass(frozen=True)
class RegionRun:
    """One region: both outcomes, and by ledger whether the interval of the net present value holds it.

    ``file_covers``: whether the default and the careful interval of log pay hold ``mean_in_window`` of
    truth.json, which counts those too who had no pay before they enrolled.
    """

    log_pay: Checked
    pay: Checked
    file_covers: dict[str, bool]
    net_covers: dict[str, bool]
    net_covers_central: dict[str, bool]
    history: int


@dataclass(frozen=True)
class Drawn:
    """A region's rows in the shape of ``fct_effect_quarter``, and the true lift of log pay by learner and
    quarter (participants only); ``told``: truth.json's ``mean_in_window``.
    """

    rows: pd.DataFrame
    lifts: pd.DataFrame
    told: float


def draw_region(settings: SampleSettings) -> Drawn:
    """Everybody's real pay of every quarter, as members would report it."""
    firms = make_firms(settings)
    made = Made(settings, firms, make_people(settings, firms), plan_seats(settings, firms))
    careers, terms = start(made), plan_terms(settings, made.seats)
    effects = Effects(effect_quarters(terms, made.seats, Calendar.of(settings)), settings.effect_log_points)
    paid = _together([pay_quarter(made, careers, effects, at) for at in walk(made, careers)])
    lifts = np.stack([effects.at(at) for at in range(settings.quarters)], axis=1)
    event = np.arange(settings.quarters)[None, :] - made.seats.entry_quarters[:, None]
    counted = (event >= 4) & (event <= 8) & (careers.history >= 0)
    return Drawn(
        _rows(made, careers, paid),
        pd.DataFrame(lifts, index=careers.learners, columns=list(map(str, settings.calendar))),
        float(lifts[counted].mean()),
    )


@dataclass(frozen=True)
class _Jobs:
    """Arrays over jobs of all quarters, pay in cents and hours in tenths."""

    worker: Ints
    at: Ints
    firm: Ints
    cents: Ints
    tenths: Ints


def _together(quarters: Sequence[Pay]) -> _Jobs:
    names = ("workers", "firms", "gross_cents", "paid_tenths")
    worker, firm, cents, tenths = (
        np.concatenate([getattr(pay, name) for pay in quarters]).astype(np.int64) for name in names
    )
    at = np.repeat([pay.quarter for pay in quarters], [len(pay) for pay in quarters])
    return _Jobs(worker, at.astype(np.int64), firm, cents, tenths)


def _rows(made: Made, careers: Careers, jobs: _Jobs) -> pd.DataFrame:
    """One row per learner and quarter: the parent that paid most, all members' pay together."""
    names, parent = np.unique(made.firms.parent_ids.astype(str), return_inverse=True)
    quarters = np.array(list(map(str, made.settings.calendar)))
    person = jobs.worker * len(quarters) + jobs.at
    by_parent, row = np.unique(person * len(names) + parent[jobs.firm], return_inverse=True)
    cents, tenths = np.bincount(row, jobs.cents), np.bincount(row, jobs.tenths)
    order = np.lexsort((by_parent, -cents, by_parent // len(names)))
    persons, begins = np.unique(by_parent[order] // len(names), return_index=True)
    at = persons % len(quarters)
    rows = pd.DataFrame(
        {
            "learner_key": persons // len(quarters),
            "year_quarter": quarters[at],
            "parent_group_id": names[by_parent[order[begins]] % len(names)],
            "real_wages_usd": np.add.reduceat(cents[order], begins) / 100 * to_base(quarters)[at],
            "hours_paid": np.add.reduceat(tenths[order], begins) / 10,
        }
    )
    return rows.join(_entries(made, careers, quarters), on="learner_key")


def _entries(made: Made, careers: Careers, quarters: npt.NDArray[np.str_]) -> pd.DataFrame:
    """By worker who enrolled: first entry, its program, and the parent that sent them (none of entrants)."""
    seats = made.seats
    parents = made.firms.parent_ids[seats.sponsors]
    return pd.DataFrame(
        {
            "entry_quarter": quarters[seats.entry_quarters],
            "program_id": [made.settings.offered[number].program_id for number in seats.programs],
            "enrolling_parent_id": np.where(seats.new_entrant, None, parents),
        },
        index=careers.learners,
    )


@cache
def _prices() -> Mapping[str, float]:
    months = pd.read_csv(SEEDS_DIR / "cpi_u.csv")
    year, month = (months["month"].str[part].astype(int) for part in (slice(4), slice(5, 7)))
    named = year.astype(str) + "Q" + ((month + 2) // 3).astype(str)
    return {str(name): float(index) for name, index in months.groupby(named)["cpi_u"].mean().items()}


def to_base(quarters: Sequence[str]) -> Floats:
    """What turns each quarter's dollars into those of 2026Q1, the newest whole quarter of the seed."""
    return np.array([_prices()["2026Q1"] / _prices()[name] for name in quarters])


def check_region(variant: str, seed: int) -> RegionRun:
    """Draw a region, estimate pay and log pay, reckon the return, and hold them against the truth."""
    drawn = draw_region(replace(VARIANTS[variant], seed=seed))
    region = region_of(drawn.rows)
    assert region is not None
    lifts = np.zeros(region.wages.shape)
    enrolled = np.flatnonzero(region.entry != NEVER)
    lifts[enrolled] = drawn.lifts.loc[[int(region.keys[one]) for one in enrolled], list(region.quarters)]
    logs, log_answers, _ = _checked(region, log_earnings(region), 100 * lifts)
    pay, answers, panel = _checked(region, earnings(region), region.wages * (1 - np.exp(-lifts)))
    told = 100 * drawn.told
    lost = flow(panel, Window()).attrition_participants
    default, careful = answers["default"], answers["careful"]
    gain = Gain(
        value=careful.value,
        lower=min(default.lower, careful.lower),
        upper=max(default.upper, careful.upper),
        seen_share=1 - (lost or 0.0),
    )
    return RegionRun(
        log_pay=logs,
        pay=pay,
        file_covers={name: one.lower <= told <= one.upper for name, one in log_answers.items()},
        net_covers=_net_covers(gain, pay.truth, _drawn_assumption(seed), seed),
        net_covers_central=_net_covers(gain, pay.truth, None, seed),
        history=panel.history,
    )


def _checked(region: Region, values: Floats, effect: Floats) -> tuple[Checked, dict[str, Estimate], Panel]:
    """The estimates of an outcome, and the mean true effect over the cells that they are of."""
    persons = region.persons(values)
    panel, window = region.panel(values, persons), Window()
    of_cells = panel.within(window) & panel.untreated(window.skip).any(axis=1, keepdims=True)
    truth = float(effect[persons][of_cells].mean())
    found = answers_of(panel, window)
    answers = {"default": found.default, "careful": found.governs.estimate}
    checked = Checked(
        truth=truth,
        values={name: one.value for name, one in answers.items()},
        halves={name: one.half_width for name, one in answers.items()},
        covers={name: one.lower <= truth <= one.upper for name, one in answers.items()},
        verdict=found.judgement.verdict.value,
    )
    return checked, answers, panel


@cache
def _assumed() -> AssumptionSet:
    return assumptions_of(pd.read_csv(SEEDS_DIR / "return_assumptions.csv"))


def _drawn_assumption(seed: int) -> Floats:
    return np.random.default_rng([seed, 1]).random((1, len(DRAWN)))


def _net_covers(gain: Gain, truth: float, uniform: Floats | None, seed: int) -> dict[str, bool]:
    """Whether each ledger's interval holds the net value that the true gain has, the assumptions being true
    at their central values or where ``uniform`` says in their ranges.
    """
    values = _assumed().central if uniform is None else _assumed().drawn(uniform, 0)
    true = replace(gain, value=truth, lower=truth, upper=truth)
    lines = ledgers.ledger_lines(truth * ledgers.growth(true, values), SPENT, values)
    net = ledgers.sums(lines, (*BENEFITS, *COSTS))
    found = ledgers.returns(gain, SPENT, _assumed(), seed).net
    return {name: bool(found[name].lower <= np.ravel(net[name])[0] <= found[name].upper) for name in found}


@dataclass(frozen=True)
class RegionSummary:
    """Over the regions of one variant: shares of 0 to 1; ``errors`` and ``halves`` are means."""

    count: int
    history: int
    covers: dict[tuple[str, str], float]
    errors: dict[tuple[str, str], float]
    halves: dict[tuple[str, str], float]
    truth: dict[str, float]
    file_covers: dict[str, float]
    net_covers: dict[str, float]
    net_covers_central: dict[str, float]
    verdicts: dict[str, float]


def summarize_regions(runs: Sequence[RegionRun]) -> RegionSummary:
    """Means over runs of one variant."""
    outcomes = ("log_pay", "pay")
    cells = [(outcome, interval) for outcome in outcomes for interval in ("default", "careful")]

    def mean(values: Sequence[float]) -> float:
        return float(np.mean(values))

    def of(outcome: str, field: str, interval: str) -> list[float]:
        return [getattr(getattr(one, outcome), field)[interval] for one in runs]

    return RegionSummary(
        count=len(runs),
        history=runs[0].history,
        covers={(o, i): mean(of(o, "covers", i)) for o, i in cells},
        errors={
            (o, i): mean([getattr(one, o).values[i] - getattr(one, o).truth for one in runs])
            for o, i in cells
        },
        halves={(o, i): mean(of(o, "halves", i)) for o, i in cells},
        truth={o: mean([getattr(one, o).truth for one in runs]) for o in outcomes},
        file_covers={i: mean([one.file_covers[i] for one in runs]) for i in ("default", "careful")},
        net_covers={name: mean([one.net_covers[name] for one in runs]) for name in runs[0].net_covers},
        net_covers_central={
            name: mean([one.net_covers_central[name] for one in runs]) for name in runs[0].net_covers
        },
        verdicts={
            verdict: mean([one.log_pay.verdict == verdict for one in runs])
            for verdict in sorted({one.log_pay.verdict for one in runs})
        },
    )
