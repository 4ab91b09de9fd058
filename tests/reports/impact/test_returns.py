"""Returns: identities of the ledgers, closed forms, a restatement quarter by quarter, and what intervals
hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from contracts.errors import DisclosureError
from reports.impact import returns as core
from reports.impact.assumptions import DRAWN, Assumption, AssumptionSet, assumptions_of
from reports.impact.returns import BENEFITS, COSTS, LEDGERS, SOCIETY, TRANSFERS, Costs, Gain, Ranged
from tests.reports.impact.regions import SPENT

SEED = Path(__file__).parents[3] / "transforms" / "seeds" / "return_assumptions.csv"
GAIN = Gain(value=600.0, lower=50.0, upper=1250.0, seen_share=0.86)


@pytest.fixture(scope="module")
def assumed() -> AssumptionSet:
    return assumptions_of(pd.read_csv(SEED))


@pytest.fixture(scope="module")
def found(assumed: AssumptionSet) -> core.Returns:
    return core.returns(GAIN, SPENT, assumed, seed=7)


def _pinned(assumed: AssumptionSet) -> AssumptionSet:
    """The same set, nothing in doubt."""
    items = {
        name: replace(one, low=one.central, high=one.central) if name in DRAWN else one
        for name, one in assumed.items.items()
    }
    return AssumptionSet(assumed.version, items)


def _by_quarter(gain: Gain, costs: Costs, assumed: AssumptionSet) -> dict[str, float]:
    """Net present value by ledger as a spreadsheet has it: a row for each quarter, a column for each flow."""
    a = {name: one.central for name, one in assumed.items.items()}
    flows = {"worker": 0.0, "firm": 0.0, "public": 0.0}
    for quarter in range(int(a["horizon_quarters"]) + 1):
        if quarter < 4:
            continue
        raised = gain.value * gain.seen_share
        for _year_part in range(max(quarter - 8, 0)):
            raised *= (1 - a["fade_rate"]) ** 0.25
        discount = 1 / (1 + a["discount_rate"]) ** (quarter / 4)
        firm_pays = raised + raised * a["fringe_share"] + raised * a["firm_payroll_tax"]
        taken = raised * (a["worker_payroll_tax"] + a["income_tax"] + a["benefits_lost"])
        flows["worker"] += discount * (raised + raised * a["fringe_share"] - taken)
        flows["firm"] += discount * (firm_pays * a["output_per_pay"] - firm_pays)
        flows["public"] += discount * (taken + raised * a["firm_payroll_tax"])
    class_pay = costs.class_hours * costs.hourly_pay
    idle, lost = class_pay * a["paid_time_share"], class_pay * a["lost_pay_share"]
    lost_tax = lost * (a["worker_payroll_tax"] + a["income_tax"] + a["benefits_lost"])
    flows["worker"] += costs.stipends - (lost + lost * a["fringe_share"] - lost_tax)
    flows["firm"] -= costs.firms + costs.in_kind + idle * a["backfill_premium"]
    flows["firm"] -= idle * (1 + a["fringe_share"] + a["firm_payroll_tax"])
    flows["public"] -= costs.public * (1 + a["excess_burden"]) + costs.foundations
    flows["public"] -= lost_tax + lost * a["firm_payroll_tax"]
    return flows | {SOCIETY: sum(flows.values())}


def test_net_present_values_equal_a_restatement_by_quarter(
    found: core.Returns, assumed: AssumptionSet
) -> None:
    expected = _by_quarter(GAIN, SPENT, assumed)
    assert {name: one.value for name, one in found.net.items()} == pytest.approx(expected, abs=1e-6)


def test_growth_equals_its_closed_form(assumed: AssumptionSet) -> None:
    values = assumed.central
    v = (1 + 0.03) ** -0.25
    q = v * (1 - 0.15) ** 0.25
    inside = v**4 * (1 - v**5) / (1 - v)
    after = v**8 * q * (1 - q**12) / (1 - q)
    assert core.growth(GAIN, values) == pytest.approx(0.86 * (inside + after), abs=1e-12)


def test_growth_counts_quarters_when_nothing_is_discounted_or_fades(assumed: AssumptionSet) -> None:
    plain = replace(assumed.central, discount_rate=0.0, fade_rate=0.0)
    assert core.growth(replace(GAIN, seen_share=1.0), plain) == 17
    gone = replace(plain, fade_rate=1.0)
    assert core.growth(replace(GAIN, seen_share=1.0), gone) == 5


@pytest.mark.parametrize("seed", range(5))
def test_ledgers_sum_to_society_and_transfers_cancel_in_it(seed: int, assumed: AssumptionSet) -> None:
    rng = np.random.default_rng(seed)
    values = replace(assumed.central, **dict(zip(DRAWN, rng.uniform(0, 2, len(DRAWN)), strict=True)))
    costs = Costs(*rng.uniform(0, 5000, 5), class_hours=300, hourly_pay=25)
    lines = core.ledger_lines(float(rng.normal(0, 9000)), costs, values)
    assert {line for _, line in lines} == {*BENEFITS, *COSTS}
    totals = core.sums(lines, (*BENEFITS, *COSTS))
    assert totals[SOCIETY] == pytest.approx(sum(totals[one] for one in LEDGERS))
    for line in TRANSFERS:
        assert sum(one for (_, of), one in lines.items() if of == line) == pytest.approx(0, abs=1e-9)
    idle = 300 * 25 * values.paid_time_share
    real = (
        lines["firm", "output"]
        - (costs.firms + costs.public + costs.foundations - costs.stipends)
        - costs.in_kind
        - idle * (values.side_costs + values.backfill_premium)
        - 300 * 25 * values.lost_pay_share * values.side_costs
        - costs.public * values.excess_burden
    )
    assert totals[SOCIETY] == pytest.approx(real)


def test_pay_is_never_a_worker_benefit_that_no_firm_pays(found: core.Returns) -> None:
    assert found.lines["worker", "pay"].value == -found.lines["firm", "pay"].value
    assert found.lines["worker", "fringe"].value == -found.lines["firm", "fringe"].value


def test_benefit_less_cost_is_net_in_every_ledger(found: core.Returns) -> None:
    for name, net in found.net.items():
        assert net.value == pytest.approx(found.benefit[name].value - found.cost[name].value)


def test_interval_is_the_effects_own_when_nothing_else_is_in_doubt(assumed: AssumptionSet) -> None:
    pinned = _pinned(assumed)
    found = core.returns(GAIN, SPENT, pinned)
    ends = [_by_quarter(replace(GAIN, value=end), SPENT, pinned)[SOCIETY] for end in (50.0, 1250.0)]
    net = found.net[SOCIETY]
    assert net.lower == pytest.approx(ends[0], abs=0.05 * (ends[1] - ends[0]))
    assert net.upper == pytest.approx(ends[1], abs=0.05 * (ends[1] - ends[0]))
    assert net.lower <= ends[0]
    assert net.upper >= ends[1]


@pytest.mark.parametrize("part", ["net", "observed", "benefit", "scenarios"])
def test_interval_is_never_narrower_than_the_effects_implies(
    part: str, found: core.Returns, assumed: AssumptionSet
) -> None:
    ends = [
        getattr(core.returns(replace(GAIN, value=end, lower=end, upper=end), SPENT, assumed), part)
        for end in (GAIN.lower, GAIN.upper)
    ]
    for name, one in getattr(found, part).items():
        if name == "effect:lower":
            continue
        assert one.lower <= min(end[name].value for end in ends)
        assert one.upper >= max(end[name].value for end in ends)


def test_draws_of_the_gain_have_the_intervals_ends_as_their_quantiles() -> None:
    drawn = core._drawn_gain(GAIN, (np.arange(100_000) + 0.5) / 100_000)[3:]
    assert np.quantile(drawn, [0.025, 0.5, 0.975]) == pytest.approx([50.0, 600.0, 1250.0], rel=1e-3)


def test_ranges_of_assumptions_widen_the_interval(found: core.Returns, assumed: AssumptionSet) -> None:
    sure = core.returns(GAIN, SPENT, _pinned(assumed), seed=7).net["firm"]
    assert found.net["firm"].upper - found.net["firm"].lower > sure.upper - sure.lower


def test_ratio_is_suppressed_when_net_cost_is_not_above_zero(
    found: core.Returns, assumed: AssumptionSet
) -> None:
    society = found.ratio[SOCIETY]
    assert society is not None
    assert society.value == pytest.approx(found.benefit[SOCIETY].value / found.cost[SOCIETY].value)
    paid = core.returns(GAIN, replace(SPENT, stipends=900.0), assumed)
    assert paid.cost["worker"].value < 0
    assert paid.ratio["worker"] is None
    nothing = core.returns(GAIN, Costs(0, 0, 0, 0, 0, 0, 0), assumed)
    assert set(nothing.ratio.values()) == {None}


def test_ratio_is_suppressed_when_net_cost_may_be_below_zero(assumed: AssumptionSet) -> None:
    # Forgone pay is drawn around a little more than the stipend.
    close = core.returns(GAIN, replace(SPENT, stipends=290.0), assumed)
    assert close.cost["worker"].value > 0
    assert close.ratio["worker"] is None


def test_observed_quarters_alone_are_those_of_the_window(found: core.Returns, assumed: AssumptionSet) -> None:
    short = replace(assumed.items["horizon_quarters"], low=8, central=8, high=8)
    until = AssumptionSet("x", {**assumed.items, "horizon_quarters": short})
    expected = _by_quarter(GAIN, SPENT, until)
    assert {name: one.value for name, one in found.observed.items()} == pytest.approx(expected, abs=1e-6)


def test_society_breaks_even_at_the_fade_that_is_named(found: core.Returns, assumed: AssumptionSet) -> None:
    fade = found.break_even_fade
    assert 0 < fade.value < 1
    faded = replace(assumed.items["fade_rate"], low=fade.value, central=fade.value, high=fade.value)
    at = AssumptionSet("x", {**assumed.items, "fade_rate": faded})
    assert _by_quarter(GAIN, SPENT, at)[SOCIETY] == pytest.approx(0, abs=1e-4)
    assert (fade.lower, fade.upper) == (0.0, 1.0)


def test_break_even_fade_is_at_its_ends_when_no_fade_or_any_pays(assumed: AssumptionSet) -> None:
    poor, rich = (
        core.returns(replace(GAIN, value=gain, lower=gain, upper=gain), SPENT, assumed)
        for gain in (-100.0, 9000.0)
    )
    assert (poor.break_even_fade.value, rich.break_even_fade.value) == (0.0, 1.0)
    assert poor.payback.value == 21
    assert rich.payback.value == 4


def test_payback_is_the_first_quarter_without_a_loss(found: core.Returns, assumed: AssumptionSet) -> None:
    event = int(found.payback.value)

    def until(end: int) -> float:
        short = replace(assumed.items["horizon_quarters"], low=end, central=end, high=end)
        return _by_quarter(GAIN, SPENT, AssumptionSet("x", {**assumed.items, "horizon_quarters": short}))[
            SOCIETY
        ]

    assert 4 < event <= 20
    assert until(event) >= 0 > until(event - 1)


def test_scenarios_change_one_choice_each(found: core.Returns, assumed: AssumptionSet) -> None:
    assert list(found.scenarios) == [
        *("discount_rate:0.02", "discount_rate:0.07", "fade_rate:0", "fade_rate:0.3"),
        *("horizon_quarters:12", "horizon_quarters:40", "excess_burden:0"),
        "effect:lower",
    ]
    faded = replace(assumed.items["fade_rate"], low=0.3, central=0.3, high=0.3)
    expected = _by_quarter(GAIN, SPENT, AssumptionSet("x", {**assumed.items, "fade_rate": faded}))
    assert found.scenarios["fade_rate:0.3"].value == pytest.approx(expected[SOCIETY], abs=1e-6)
    least = _by_quarter(replace(GAIN, value=GAIN.lower), SPENT, assumed)[SOCIETY]
    assert found.scenarios["effect:lower"] == Ranged(*[pytest.approx(least)] * 3)
    unburdened = found.scenarios["excess_burden:0"].value - found.net[SOCIETY].value
    assert unburdened == pytest.approx(SPENT.public * 0.25)


def test_returns_are_the_same_for_the_same_seed(found: core.Returns, assumed: AssumptionSet) -> None:
    assert core.returns(GAIN, SPENT, assumed, seed=7) == found
    other = core.returns(GAIN, SPENT, assumed, seed=8)
    assert other != found
    assert other.net[SOCIETY].value == found.net[SOCIETY].value


def test_assumption_is_drawn_from_a_triangle_over_its_range() -> None:
    one = Assumption(0.0, 0.25, 1.0, "share", "")
    drawn = one.at((np.arange(200_000) + 0.5) / 200_000)
    assert drawn.mean() == pytest.approx((0 + 0.25 + 1) / 3, abs=1e-4)
    assert (drawn < 0.25).mean() == pytest.approx(0.25, abs=1e-4)
    assert (one.at(np.array([0.0]))[0], one.at(np.array([1.0]))[0]) == (0.0, 1.0)
    edge = Assumption(0.25, 0.5, 0.5, "share", "")
    assert edge.at(np.array([0.0, 1.0])).tolist() == [0.25, 0.5]
    assert Assumption(2.0, 2.0, 2.0, "share", "").at(np.array([0.3])).tolist() == [2.0]


def test_every_assumption_has_a_unit_and_a_source(assumed: AssumptionSet) -> None:
    assert all(one.unit and one.source for one in assumed.items.values())


def test_assumptions_are_refused_when_one_is_missing_or_out_of_order() -> None:
    rows = pd.read_csv(SEED)
    for broken in (
        rows[rows["assumption_id"] != "fade_rate"],
        rows.assign(low=rows["low"].mask(rows["assumption_id"] == "income_tax", 0.9)),
        rows.assign(assumption_set=["2.0.0", *rows["assumption_set"][1:]]),
    ):
        with pytest.raises(DisclosureError, match="DIS-012"):
            assumptions_of(broken)


def test_a_figure_is_inside_its_interval(found: core.Returns) -> None:
    parts = (found.lines, found.net, found.observed, found.benefit, found.cost, found.scenarios)
    every: list[Ranged] = [one for part in parts for one in part.values()]
    every += [found.break_even_fade, found.payback]
    assert all(one.lower <= one.value <= one.upper for one in every)
