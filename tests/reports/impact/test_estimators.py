"""The estimators against plain restatements, and the laws that any of them must keep."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from reports.impact import sums as sums_module
from reports.impact.bootstrap import rejection, wild_interval
from reports.impact.covariance import fit_movement
from reports.impact.did import callaway_santanna, symmetric
from reports.impact.drift_and_dip import Adjusted, drift_and_dip, enrollment_surprise
from reports.impact.imputation import default_sums, from_sums, imputation, placebo_in_time
from reports.impact.panel import NEVER, Panel, Window, pattern_keys
from reports.impact.results import Answer, Estimate
from reports.impact.study import study
from reports.impact.sums import Design, leave_one_out, unit_sums
from reports.impact.trends import event_study, line_sums, slope_adjusted
from tests.reports.impact.worlds import World, draw

SMALL = World("small", workers=240, firms=6, share=0.2, history=9, dip=1.0, gaps=0.05)


def _panel(seed: int = 1, **changes: object) -> Panel:
    return draw(replace(SMALL, **changes), seed).panel  # type: ignore[arg-type]


def _estimate(answer: Answer) -> Estimate:
    assert isinstance(answer, Estimate)
    return answer


def _by_dummies(panel: Panel, window: Window) -> float:
    """Imputation written out: least squares on person and firm × quarter dummies, then mean gaps."""
    untreated = panel.untreated(window.skip)
    persons, quarters = np.nonzero(untreated)
    cell = panel.unit[:, None] * panel.shape[1] + np.arange(panel.shape[1])
    design = np.zeros((len(persons), panel.shape[0] + panel.unit_count * panel.shape[1]))
    design[np.arange(len(persons)), persons] = 1
    design[np.arange(len(persons)), panel.shape[0] + cell[persons, quarters]] = 1
    fitted = np.linalg.lstsq(design, panel.outcome[untreated], rcond=None)[0]
    taught = np.zeros(panel.unit_count * panel.shape[1])
    np.add.at(taught, cell[untreated], 1)
    within = panel.observed & (panel.event >= window.first) & (panel.event <= window.last)
    within &= untreated.any(axis=1)[:, None] & (taught[cell] >= 3)
    gaps = panel.outcome - fitted[: panel.shape[0], None] - fitted[panel.shape[0] + cell]
    return float(gaps[within].mean())


def test_imputation_equals_least_squares_on_dummies() -> None:
    panel = _panel()
    assert _estimate(imputation(panel)).value == pytest.approx(_by_dummies(panel, Window()), abs=1e-10)


def test_generalized_pass_equals_the_default_when_the_covariance_is_the_identity() -> None:
    panel, window = _panel(), Window()
    plain, general = default_sums(panel, window), default_sums(panel, window, np.eye(panel.shape[1]))
    one, other = (_estimate(from_sums(panel, sums, (4, 8), "x")) for sums in (plain, general))
    assert other.value == pytest.approx(one.value, abs=1e-12)
    assert other.se == pytest.approx(one.se, abs=1e-12)


def test_generalized_pass_equals_written_out_generalized_least_squares() -> None:
    """One firm, one column, a covariance: prediction by the textbook's best linear unbiased formula."""
    rng = np.random.default_rng(5)
    panel = _one_firm(rng)
    covariance = 0.4 * np.eye(8) + 0.8 ** np.abs(np.subtract.outer(np.arange(8), np.arange(8)))
    untreated = panel.untreated(0)
    sums = unit_sums(panel, Design(lambda one: panel.filled[one, :, None], untreated, (0, 3), covariance))
    persons, quarters = np.nonzero(untreated)
    design = np.zeros((len(persons), panel.shape[0] + 8))
    design[np.arange(len(persons)), persons] = 1
    design[np.arange(len(persons)), panel.shape[0] + quarters] = 1
    same = persons[:, None] == persons[None, :]
    spread = np.where(same, covariance[np.ix_(quarters, quarters)], 0.0)
    inverse = np.linalg.inv(spread)
    outcome = panel.outcome[untreated]
    fitted = np.linalg.pinv(design.T @ inverse @ design) @ design.T @ inverse @ outcome
    residual = outcome - design @ fitted
    gap = 0.0
    for person in np.flatnonzero(panel.is_participant):
        own = persons == person
        for quarter in range(panel.entry[person], 8):
            best = covariance[quarter, quarters[own]] @ np.linalg.solve(
                spread[np.ix_(own, own)], residual[own]
            )
            gap += panel.outcome[person, quarter] - fitted[person] - fitted[panel.shape[0] + quarter] - best
    assert sums.gaps[0, :, 0].sum() == pytest.approx(gap, abs=1e-9)


@pytest.mark.parametrize("fading", [None, 0.8])
def test_sums_are_the_same_however_many_persons_are_handled_at_once(
    fading: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = _panel(workers=900, firms=12)
    lag = np.abs(np.subtract.outer(np.arange(panel.shape[1]), np.arange(panel.shape[1])))
    covariance = None if fading is None else np.eye(len(lag)) + fading**lag
    whole = default_sums(panel, Window(), covariance)
    monkeypatch.setattr(sums_module, "BLOCK", 200)
    monkeypatch.setattr(sums_module, "CHUNK", 1)
    parts = default_sums(panel, Window(), covariance)
    for name in ("gram", "gaps", "cells", "is_target"):
        assert getattr(parts, name) == pytest.approx(getattr(whole, name), abs=1e-9), name


@pytest.mark.parametrize("quarters", [1, 20, 63, 64, 130])
def test_pattern_has_a_number_of_its_own_and_numbers_stand_in_the_patterns_order(quarters: int) -> None:
    rng = np.random.default_rng(quarters)
    seen = rng.random((40, quarters)) < 0.5
    seen = np.vstack([seen, seen[::3], np.zeros((1, quarters), bool), np.ones((1, quarters), bool)])
    by_number = np.argsort(pattern_keys(seen), kind="stable")
    assert by_number.tolist() == sorted(range(len(seen)), key=lambda row: seen[row].tolist())
    _, numbers = np.unique(seen, axis=0, return_inverse=True)
    assert np.unique(pattern_keys(seen), return_inverse=True)[1].tolist() == numbers.ravel().tolist()


def test_no_pattern_has_no_number() -> None:
    assert pattern_keys(np.zeros((0, 20), dtype=bool)).tolist() == []


def test_study_of_small_firms_has_a_default_though_nobody_is_seen_long_enough_for_a_covariance() -> None:
    rng = np.random.default_rng(8)
    entry = np.tile([12, 12, NEVER, NEVER, NEVER, NEVER], 60)
    panel = Panel.of(rng.normal(size=(360, 20)), entry, np.repeat(np.arange(60), 6))
    found = study(panel)
    assert isinstance(found.default, Estimate)
    assert found.careful is None


def _one_firm(rng: np.random.Generator) -> Panel:
    entry = np.array([5, 6, 5, *[NEVER] * 9])
    return Panel.of(rng.normal(size=(12, 8)), entry, np.zeros(12, dtype=int))


def test_leaving_a_firm_out_equals_an_estimate_without_it() -> None:
    panel, window = _panel(), Window()
    without = leave_one_out(default_sums(panel, window), (4, 8), ())[1:]
    again = [
        _estimate(imputation(panel.of_persons(panel.unit != unit))).value for unit in range(panel.unit_count)
    ]
    assert without == pytest.approx(again, abs=1e-12)


def test_estimates_do_not_change_when_a_person_or_a_firm_quarter_is_moved_up() -> None:
    panel, rng = _panel(), np.random.default_rng(3)
    shifted = panel.outcome + rng.normal(size=(panel.shape[0], 1))
    shifted += rng.normal(size=(panel.unit_count, panel.shape[1]))[panel.unit]
    moved = Panel.of(shifted, panel.entry, panel.unit)
    for one, other in (
        (imputation(panel), imputation(moved)),
        (symmetric(panel, Window()), symmetric(moved, Window())),
    ):
        assert _estimate(other).value == pytest.approx(_estimate(one).value, abs=1e-10)
        assert _estimate(other).se == pytest.approx(_estimate(one).se, abs=1e-10)


def test_estimates_scale_with_the_outcome() -> None:
    panel = _panel(workers=900, firms=12)
    dollars = Panel.of(panel.outcome * 9_000, panel.entry, panel.unit)
    for lags in (2, 4):
        one, other = (drift_and_dip(p, Window())[lags] for p in (panel, dollars))
        assert isinstance(one, Adjusted)
        assert isinstance(other, Adjusted)
        assert other.raw.value == pytest.approx(one.raw.value * 9_000, rel=1e-3)
        assert other.raw.se == pytest.approx(one.raw.se * 9_000, rel=1e-2)


def test_straight_drift_is_taken_out_exactly_by_drift_and_dip_and_not_by_the_default() -> None:
    panel = _panel(workers=900, firms=12, gaps=0.0)
    surprise = enrollment_surprise(panel).of_person.sum(axis=1)
    line = 0.01 * surprise[:, None] * np.arange(panel.shape[1])
    drifting = Panel.of(panel.outcome + line, panel.entry, panel.unit)
    one, other = (drift_and_dip(p, Window())[2] for p in (panel, drifting))
    assert isinstance(one, Adjusted)
    assert isinstance(other, Adjusted)
    assert other.drift - one.drift == pytest.approx(0.01, abs=2e-3)
    assert other.raw.value == pytest.approx(one.raw.value, abs=5e-3)
    assert _estimate(imputation(drifting)).value > _estimate(imputation(panel)).value + 0.05


def test_enrollment_surprise_sums_to_zero_within_each_firm_and_quarter() -> None:
    panel = _panel()
    surprise = enrollment_surprise(panel).of_person
    assert np.abs(np.add.reduceat(surprise, panel.starts)).max() < 1e-12


def test_covariance_is_found_when_it_is_known() -> None:
    movement = fit_movement(draw(World("known", history=8, rho=0.6), 7).panel)
    assert movement is not None
    assert movement.rho == pytest.approx(0.6, abs=0.04)
    assert movement.shock == pytest.approx(0.07**2, rel=0.1)
    assert movement.noise == pytest.approx(0.04**2, rel=0.15)
    assert movement.growth == pytest.approx(0.003**2, rel=0.2)
    assert movement.walk == movement.bend == 0


def test_random_walk_is_noticed_and_widens_the_interval() -> None:
    drawn = draw(World("walk", history=8, dip=1.0, walk_sd=0.03), 7)
    found = drift_and_dip(drawn.panel, Window())[2]
    assert isinstance(found, Adjusted)
    assert found.movement.walk == pytest.approx(0.03**2, rel=0.4)
    assert found.is_guarded
    assert found.estimate.half_width > found.raw.half_width


def test_symmetric_differences_cancel_a_dip_that_fades() -> None:
    found = symmetric(draw(World("dip", dip=1.0), 3).panel, Window())
    biased = callaway_santanna(draw(World("dip", dip=1.0), 3).panel, Window(), -1)
    assert abs(_estimate(found).value - 0.05) < 0.012
    assert _estimate(biased).value > 0.09


def test_slope_adjusted_union_holds_both_intervals() -> None:
    panel = _panel(workers=900, firms=12)
    default = _estimate(imputation(panel))
    _, adjusted, union = (
        _estimate(one) for one in slope_adjusted(panel, Window(), default, line_sums(panel, Window()))
    )
    assert union.lower == min(default.lower, adjusted.lower)
    assert union.upper == max(default.upper, adjusted.upper)
    assert adjusted.se > default.se


def test_event_study_shows_the_dip_before_entry_and_the_effect_after() -> None:
    panel = draw(World("dip", dip=1.0), 3).panel
    found = event_study(panel, line_sums(panel, Window()))
    events = {one.event: one.estimate.value for one in found}
    assert list(events) == [*range(-8, 0), *range(0, 13)]
    assert events[-1] < -0.03
    assert abs(events[-8]) < 0.02
    assert events[5] > 0.03


def test_placebo_is_near_zero_where_nothing_is_wrong_and_far_from_it_where_growth_was_picked() -> None:
    calm = _estimate(placebo_in_time(draw(World("none"), 3).panel))
    picked = _estimate(placebo_in_time(draw(World("growth", growth=2.0), 3).panel))
    assert calm.lower < 0 < calm.upper
    assert picked.lower > 0


def test_wild_bootstrap_p_value_is_exact_when_signs_are_enumerated() -> None:
    gaps, cells = np.array([1.0, 0.5, 0.8]), np.array([1.0, 1.0, 2.0])
    signs = np.array(list(itertools.product((-1.0, 1.0), repeat=3)))
    # Written out for the hypothesis of no effect: how many sign patterns give |t| at least as large.
    t_values = []
    for sign in signs:
        drawn = sign * gaps
        mean = drawn.sum() / 4
        t_values.append(abs(mean) / (np.sqrt(1.5 * ((drawn - cells * mean) ** 2).sum()) / 4))
    observed = t_values[-1]
    expected = np.mean([t >= observed * (1 - 1e-12) for t in t_values])
    assert rejection(0.0, gaps, cells, signs) == pytest.approx(expected)


def test_wild_interval_is_near_the_usual_one_when_firms_are_many() -> None:
    panel, window = draw(World("none"), 3).panel, Window()
    sums = default_sums(panel, window)
    usual = _estimate(from_sums(panel, sums, (4, 8), "x"))
    wild = wild_interval(usual, sums, window, seed=1)
    assert wild.half_width == pytest.approx(usual.half_width, rel=0.15)


def test_interval_also_holds_the_bootstrap_when_firms_are_fewer_than_twenty() -> None:
    answer = study(draw(World("few", workers=900, firms=12, share=0.15), 3).panel)
    wild, careful = answer.beside["wild_bootstrap"], answer.careful
    assert careful is not None
    assert careful.lower <= _estimate(wild).lower
    assert careful.upper >= _estimate(wild).upper
    assert any("Fewer than 20 firms" in flag for flag in answer.judgement.flags)
