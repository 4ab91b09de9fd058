"""Worlds in which the true effect is known: who is picked, and how, decides which estimator is right.

3,000 workers at 40 firms, about 460 of whom enroll; log pay = person + firm × quarter + own growth + fading
shock + noise, and the effect. Only arrays: no estimator, no assertion.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reports.impact.panel import NEVER, Floats, Ints, Panel

EFFECT = 0.05
NOISE, SHOCK, EFFECT_SPREAD = 0.04, 0.07, 0.3
"""Standard deviations of log pay: of a quarter alone, and of the shock that fades; of the effect between
persons, as a share of it.
"""

SPAN = 8
"""Quarters in which people enroll."""

RAMP = np.array([-0.4, 0.5])
"""Shares of the effect in the quarter of entry and the next: training takes hours, and then pays."""


@dataclass(frozen=True)
class World:
    """``dip``, ``growth``, ``bend``, ``future`` (of the random walk): how strongly (standard deviations) the
    pick leans on each; ``history``: quarters before the first enrollment, which span 8 quarters.
    """

    name: str
    history: int = 20
    workers: int = 3_000
    firms: int = 40
    share: float = 0.153
    effect: float = EFFECT
    rho: float = 0.5
    dip: float = 0.0
    growth: float = 0.0
    bend: float = 0.0
    future: float = 0.0
    trough: bool = False
    slope_sd: float = 0.003
    bend_sd: float = 0.0
    walk_sd: float = 0.0
    dip_back: int = 1
    promotion: float = 0.0
    slope_break: float = 0.0
    gaps: float = 0.0

    @property
    def quarters(self) -> int:
        return self.history + 2 * SPAN

    def short(self) -> World:
        """The same with 8 quarters before the first enrollment, 15 before the last."""
        return replace(self, history=8)

    def without_effect(self) -> World:
        return replace(self, effect=0.0, name=f"{self.name}, no effect")


WORLDS = (
    World("none"),
    World("dip", dip=1.0),
    World("firm trough", dip=1.0, trough=True),
    World("faster growth", growth=1.0),
    World("persistent shocks", dip=1.0, rho=0.8),
)
ADVERSARIAL = (
    World("hidden promotion at entry", dip=1.0, promotion=0.05),
    World("slope break at entry", dip=1.0, slope_break=0.003),
    World("mild acceleration picked", bend=1.0, bend_sd=0.0003),
    World("strong acceleration picked", bend=1.0, bend_sd=0.001),
    World("future growth picked, permanent shocks", future=1.0, walk_sd=0.03),
    World("permanent shocks, no such pick", dip=1.0, walk_sd=0.03),
    World("dip of six quarters", dip=1.0, dip_back=6),
)


@dataclass(frozen=True)
class Drawn:
    """A world as it was drawn."""

    panel: Panel
    truth: float
    """The mean true effect over participants' quarters 4 to 8 after entry."""


def draw(world: World, seed: int) -> Drawn:
    """One world. Equal seeds give equal worlds."""
    rng = np.random.default_rng([seed, world.history])
    count, quarters = world.workers, world.quarters
    firm = rng.integers(0, world.firms, count)
    time = np.arange(quarters)
    slope = rng.normal(0, world.slope_sd, count)
    bend = rng.normal(0, 1, count)
    centered = time - (quarters - 1) / 2
    shock = _fading(rng, world, count)
    walk = np.cumsum(rng.normal(0, world.walk_sd or 1e-12, (count, quarters)), axis=1)
    firm_quarter = _firm_quarters(rng, world)
    entry = _entries(rng, world, firm, _pull(world, slope, bend, shock, walk), firm_quarter)
    usual = rng.normal(0, 0.2, count)[:, None] + slope[:, None] * centered
    usual = usual + world.bend_sd * bend[:, None] * centered**2 / 2 + shock + walk + firm_quarter[firm]
    pay = usual + rng.normal(0, NOISE, (count, quarters))
    event = time[None, :] - entry[:, None]
    effect = _effect(rng, world, event)
    after = event >= 0
    pay = pay + effect + after * world.promotion + world.slope_break * np.where(after, event, 0)
    window = (event >= 4) & (event <= 8)
    if world.gaps:
        pay = np.where(rng.random(pay.shape) < world.gaps, np.nan, pay)
    return Drawn(Panel.of(pay, entry, firm), float(effect[window].mean()))


def _effect(rng: np.random.Generator, world: World, event: Ints) -> Floats:
    own = world.effect * (1 + EFFECT_SPREAD * rng.normal(size=len(event)))
    ramp = np.append(RAMP, 1.0)[np.clip(event, 0, 2)]
    return np.where(event >= 0, own[:, None] * ramp, 0.0)


def _fading(rng: np.random.Generator, world: World, count: int) -> Floats:
    shock = np.empty((count, world.quarters))
    shock[:, 0] = rng.normal(0, SHOCK, count)
    for t in range(1, world.quarters):
        news = rng.normal(0, SHOCK * np.sqrt(1 - world.rho**2), count)
        shock[:, t] = world.rho * shock[:, t - 1] + news
    return shock


def _firm_quarters(rng: np.random.Generator, world: World) -> Floats:
    steps = rng.normal(0, 0.02, (world.firms, world.quarters))
    for t in range(1, world.quarters):
        steps[:, t] += 0.7 * steps[:, t - 1]
    return steps + rng.normal(0, 0.1, world.firms)[:, None]


def _pull(world: World, slope: Floats, bend: Floats, shock: Floats, walk: Floats) -> Floats:
    """What the pick leans on, in standard deviations: persons × quarters."""
    lagged = np.roll(shock, world.dip_back, axis=1)
    ahead = np.roll(walk, -6, axis=1) - walk
    ahead[:, -6:] = 0
    fixed = world.growth * slope / max(world.slope_sd, 1e-12) + world.bend * bend
    future = world.future * ahead / max(world.walk_sd * np.sqrt(6), 1e-12)
    return fixed[:, None] - world.dip * lagged / SHOCK + future


def _entries(rng: np.random.Generator, world: World, firm: Ints, pull: Floats, firm_quarter: Floats) -> Ints:
    """Each firm enrolls in two of the eight quarters (at its own trough where the world says so)."""
    entry = np.full(len(firm), NEVER)
    span = np.arange(world.history, world.history + SPAN)
    for one in range(world.firms):
        people = np.flatnonzero(firm == one)
        quarters = rng.choice(span, 2, replace=False)
        if world.trough:
            quarters = span[np.argsort(firm_quarter[one, span - 1])[:2]]
        for quarter in quarters:
            free = people[entry[people] == NEVER]
            picked = round(len(people) * world.share / 2)
            # Gumbel noise and a sort: a draw without replacement with probabilities that follow the pull.
            key = pull[free, quarter] + rng.gumbel(size=len(free))
            entry[free[np.argsort(-key)[:picked]]] = quarter
    return entry
