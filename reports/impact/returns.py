"""What a gain in pay came to, per participant: present values by ledger, with the interval of the effect in
them.

Pure arithmetic on an effect, costs and assumptions, in dollars of one base quarter at the quarter of entry.
Three ledgers (worker, firm, public) sum to society, and what one pays another cancels in it. Effects are
``study``'s, numbers that are assumed ``assumptions``'; which costs were paid, and what is published, belong
elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from reports.impact.assumptions import DRAWN, AssumptionSet, Number, Values
from reports.impact.panel import Floats

LEDGERS = ("worker", "firm", "public")
SOCIETY = "society"

BENEFITS = ("output", "pay", "fringe", "payroll_tax", "income_tax", "benefits")
COSTS = (
    *("outlay", "foundations", "stipend", "in_kind"),
    *("paid_time", "backfill", "forgone_pay", "excess_burden"),
)
TRANSFERS = ("pay", "fringe", "payroll_tax", "income_tax", "benefits")
"""Lines that cancel in society: what one ledger gains by them, the others lose."""

DRAWS, TAIL = 4_000, 0.025
_CENTRAL, _LOWER, _UPPER, _LEADING = 0, 1, 2, 3
"""Entries of every array before its draws: all central; the effect at either end of its interval."""
_Z = float(special.ndtri(1 - TAIL))
_HALVINGS = 40

Lines = dict[tuple[str, str], Number]
"""Present value by (ledger, line): what the ledger gains, costs negative."""


@dataclass(frozen=True)
class Gain:
    """What training changed in real pay, in dollars a quarter, over event quarters ``first`` to ``last``.

    The interval is the careful one, or wider. ``seen_share``: of the participants, those still seen then; for
    the others nothing is counted.
    """

    value: float
    lower: float
    upper: float
    seen_share: float
    first: int = 4
    last: int = 8


@dataclass(frozen=True)
class Costs:
    """Dollars per participant at entry: the fund's outlays by whose money it was, stipends among them; what
    firms gave in kind; hours in class, and an hour's pay.
    """

    firms: float
    public: float
    foundations: float
    stipends: float
    in_kind: float
    class_hours: float
    hourly_pay: float


@dataclass(frozen=True)
class Ranged:
    """A figure with its 95 % interval."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Returns:
    """All figures of one group of participants, per participant.

    ``lines`` by (ledger, line). By ledger: ``net``, ``observed`` (net, with gains of the observed quarters
    alone), ``benefit``, ``cost``, and ``ratio``, None where net cost is not above zero. ``scenarios``:
    society's net under other choices, and at the effect's lower end (no interval).

    ``break_even_fade``: the yearly fade at which society's net is zero; 0 if it is below zero even without,
    1 if the observed quarters pay back alone. ``payback``: quarters after entry, one more than the horizon
    where it is not reached.
    """

    lines: Mapping[tuple[str, str], Ranged]
    net: Mapping[str, Ranged]
    observed: Mapping[str, Ranged]
    benefit: Mapping[str, Ranged]
    cost: Mapping[str, Ranged]
    ratio: Mapping[str, Ranged | None]
    scenarios: Mapping[str, Ranged]
    break_even_fade: Ranged
    payback: Ranged


def returns(gain: Gain, costs: Costs, assumed: AssumptionSet, seed: int = 0) -> Returns:
    """Every figure with an interval from seeded draws, never narrower than the effect's alone implies."""
    uniform = np.random.default_rng(seed).random((DRAWS, len(DRAWN) + 1))
    values = assumed.drawn(uniform[:, 1:], _LEADING)
    pay = _drawn_gain(gain, uniform[:, 0])
    lines = ledger_lines(pay * growth(gain, values), costs, values)
    observed = ledger_lines(pay * growth(gain, _observed(gain, values)), costs, values)
    benefit, cost = sums(lines, BENEFITS), sums(lines, COSTS)
    return Returns(
        lines={key: _ranged(line) for key, line in lines.items()},
        net={name: _ranged(benefit[name] + cost[name]) for name in benefit},
        observed={name: _ranged(net) for name, net in sums(observed, (*BENEFITS, *COSTS)).items()},
        benefit={name: _ranged(one) for name, one in benefit.items()},
        cost={name: _ranged(0 - one) for name, one in cost.items()},
        ratio={name: _ratio(benefit[name], 0 - cost[name]) for name in benefit},
        scenarios={
            name: _ranged(society(pay * growth(gain, other), costs, other))
            for name, other in scenarios(values, assumed).items()
        }
        | {"effect:lower": _at_lower(benefit[SOCIETY] + cost[SOCIETY])},
        break_even_fade=_ranged(_break_even_fade(gain, pay, costs, values)),
        payback=_ranged(_payback(gain, pay, costs, values)),
    )


def growth(gain: Gain, values: Values) -> Number:
    """How many quarters' gain a participant's is worth at entry: Σ of discount and fade over event quarters.

    Nothing before the window, the whole gain in it, and after it what has not faded, up to the horizon. Of
    participants who are not seen, nothing.
    """
    steps = range(gain.first, values.horizon_quarters + 1)
    return gain.seen_share * sum(_worth(gain, values, event) for event in steps)


def _worth(gain: Gain, values: Values, event: int) -> Number:
    kept = (1 - values.fade_rate) ** (max(event - gain.last, 0) / 4)
    return kept * (1 + values.discount_rate) ** (-event / 4)


def _observed(gain: Gain, values: Values) -> Values:
    return replace(values, horizon_quarters=gain.last)


def ledger_lines(pay: Number, costs: Costs, values: Values) -> Lines:
    """The present value of every line, from that of the gain in pay."""
    hours = costs.class_hours * costs.hourly_pay
    idle, lost = hours * values.paid_time_share, hours * values.lost_pay_share
    taxes = values.worker_payroll_tax + values.income_tax
    return {
        ("worker", "pay"): pay,
        ("worker", "fringe"): pay * values.fringe_share,
        ("worker", "payroll_tax"): 0 - pay * values.worker_payroll_tax,
        ("worker", "income_tax"): 0 - pay * values.income_tax,
        ("worker", "benefits"): 0 - pay * values.benefits_lost,
        ("worker", "stipend"): costs.stipends,
        ("worker", "forgone_pay"): 0 - lost * (1 + values.fringe_share - taxes - values.benefits_lost),
        # Pay not earned is not paid either, and pays for as much output: for firms it comes to nothing.
        ("firm", "output"): pay * values.side_costs * values.output_per_pay,
        ("firm", "pay"): 0 - pay,
        ("firm", "fringe"): 0 - pay * values.fringe_share,
        ("firm", "payroll_tax"): 0 - pay * values.firm_payroll_tax,
        ("firm", "outlay"): -costs.firms,
        ("firm", "in_kind"): -costs.in_kind,
        ("firm", "paid_time"): 0 - idle * values.side_costs,
        ("firm", "backfill"): 0 - idle * values.backfill_premium,
        ("public", "payroll_tax"): pay * (values.worker_payroll_tax + values.firm_payroll_tax),
        ("public", "income_tax"): pay * values.income_tax,
        ("public", "benefits"): pay * values.benefits_lost,
        ("public", "outlay"): -costs.public,
        ("public", "foundations"): -costs.foundations,
        ("public", "forgone_pay"): 0 - lost * (taxes + values.firm_payroll_tax + values.benefits_lost),
        ("public", "excess_burden"): 0 - costs.public * values.excess_burden,
    }


def sums(lines: Lines, wanted: tuple[str, ...]) -> dict[str, Number]:
    """The wanted lines summed by ledger, and over all ledgers as society's."""
    by_ledger: dict[str, Number] = {
        ledger: sum(one for (of, line), one in lines.items() if of == ledger and line in wanted)
        for ledger in LEDGERS
    }
    return by_ledger | {SOCIETY: sum(by_ledger.values())}


def society(pay: Number, costs: Costs, values: Values) -> Number:
    """Society's net present value."""
    return sums(ledger_lines(pay, costs, values), (*BENEFITS, *COSTS))[SOCIETY]


def scenarios(values: Values, assumed: AssumptionSet) -> dict[str, Values]:
    """The values under other choices: rates and horizon at either end, and no excess burden."""
    found: dict[str, Values] = {}
    for name in ("discount_rate", "fade_rate"):
        for end in (assumed.items[name].low, assumed.items[name].high):
            found[f"{name}:{end:g}"] = replace(values, **{name: end})  # type: ignore[arg-type]
    horizon = assumed.items["horizon_quarters"]
    for end in (horizon.low, horizon.high):
        found[f"horizon_quarters:{end:g}"] = replace(values, horizon_quarters=round(end))
    return found | {"excess_burden:0": replace(values, excess_burden=0.0)}


def _drawn_gain(gain: Gain, uniform: Floats) -> Floats:
    """The gain at its value and ends, then draws whose 2.5 % and 97.5 % points are the ends.

    A normal of its own width on either side, each with half of the mass.
    """
    z = special.ndtri(uniform)
    width = np.where(z < 0, gain.value - gain.lower, gain.upper - gain.value)
    ends = np.array([gain.value, gain.lower, gain.upper])
    drawn: Floats = np.concatenate([ends, gain.value + z * width / _Z])
    return drawn


def _ranged(one: Number) -> Ranged:
    """The central entry; the interval of the draws, or the effect's own ends where they lie outside it."""
    array = np.broadcast_to(np.asarray(one, dtype=float), (_LEADING + DRAWS,))
    low, high = np.quantile(array[_LEADING:], [TAIL, 1 - TAIL])
    ends = array[:_LEADING]
    return Ranged(float(array[_CENTRAL]), float(min(low, *ends)), float(max(high, *ends)))


def _at_lower(one: Number) -> Ranged:
    """At the lower end of the effect's interval, all else central: no interval of its own."""
    value = float(np.asarray(one, dtype=float)[_LOWER])
    return Ranged(value, value, value)


def _ratio(benefit: Number, cost: Number) -> Ranged | None:
    """Benefits over net cost; None where it is not above zero, or not surely so."""
    array = np.broadcast_to(np.asarray(cost, dtype=float), (_LEADING + DRAWS,))
    if array[_CENTRAL] <= 0 or np.mean(array[_LEADING:] <= 0) > TAIL:
        return None
    return _ranged(np.asarray(benefit) / np.where(array > 0, array, np.inf))


def _break_even_fade(gain: Gain, pay: Floats, costs: Costs, values: Values) -> Floats:
    """By halving: society's net falls with fade wherever the gain is above zero."""

    def net(fade: Floats) -> Floats:
        faded = replace(values, fade_rate=fade)
        found: Floats = np.asarray(society(pay * growth(gain, faded), costs, faded))
        return found

    low, high = np.zeros(pay.shape), np.ones(pay.shape)
    never, always = net(low) <= 0, net(high) >= 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        pays = net(middle) > 0
        low, high = np.where(pays, middle, low), np.where(pays, high, middle)
    return np.where(never, 0.0, np.where(always, 1.0, low))


def _payback(gain: Gain, pay: Floats, costs: Costs, values: Values) -> Floats:
    """The first event quarter by which society's net is not below zero."""
    found = np.full(pay.shape, values.horizon_quarters + 1.0)
    for event in range(values.horizon_quarters, gain.first - 1, -1):
        until = replace(values, horizon_quarters=event)
        net = np.asarray(society(pay * growth(gain, until), costs, until))
        found = np.where(net >= 0, float(event), found)
    return found
