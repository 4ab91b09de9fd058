"""Effects by group: they average to the whole, contrasts are differences, and few are not told of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from contracts.quarters import Quarter
from reports.impact.group_estimates import GROUP_CONTRIBUTORS, GROUPS, RESIDUAL, estimate_groups
from reports.impact.groups import MIN_REST, Gaps, GroupEffect, Names, group_effects
from reports.impact.imputation import imputation
from reports.impact.outcomes import region_of
from reports.impact.panel import NEVER, Floors, Panel, Window
from reports.impact.results import Answer, Estimate, NotEstimable, Reason
from tests.reports.impact.worlds import World, draw

WORLD = World("groups", workers=1_200, firms=20, share=0.3, history=10, dip=0.0, effect=0.05)
EXTRA = 0.1


@pytest.fixture(scope="module")
def drawn() -> tuple[Panel, list[str | None]]:
    """A world in which half of the participants gain 0.1 more, and every tenth gives no answer."""
    panel = draw(WORLD, 3).panel
    number = np.arange(panel.shape[0])
    groups = [None if n % 10 == 0 else "more" if n % 2 else "usual" for n in number]
    lifted = (
        np.array([one == "more" for one in groups])[:, None]
        & (panel.event >= 0)
        & panel.is_participant[:, None]
    )
    return panel.with_outcome(panel.outcome + EXTRA * lifted), groups


@pytest.fixture(scope="module")
def gaps(drawn: tuple[Panel, list[str | None]]) -> Gaps:
    return Gaps.of(drawn[0], Window(), Floors(20, 5))


def _estimate(answer: Answer | None) -> Estimate:
    assert isinstance(answer, Estimate)
    return answer


def _by_name(gaps: Gaps, groups: list[str | None], reference: str | None = None) -> dict[str, GroupEffect]:
    return {one.group: one for one in group_effects(gaps, _named(groups), reference)}


def _named(groups: list[str | None]) -> Names:
    return np.array([one or "" for one in groups], dtype=object)


def test_everybody_as_one_group_has_the_effect_of_the_default_estimator(gaps: Gaps) -> None:
    everybody = gaps.effect(gaps.panel.is_participant)
    whole = _estimate(imputation(gaps.panel))
    assert _estimate(everybody).value == pytest.approx(whole.value, abs=1e-12)
    assert _estimate(everybody).se == pytest.approx(whole.se, abs=1e-12)
    assert (_estimate(everybody).persons, _estimate(everybody).cells) == (whole.persons, whole.cells)


def test_groups_average_to_the_whole(gaps: Gaps) -> None:
    names = ["odd" if n % 2 else "even" for n in range(gaps.panel.shape[0])]
    parts = [_estimate(one.effect) for one in _by_name(gaps, list(names)).values()]
    whole = _estimate(gaps.effect(gaps.panel.is_participant))
    assert sum(one.cells for one in parts) == whole.cells
    assert sum(one.value * one.cells for one in parts) / whole.cells == pytest.approx(whole.value, abs=1e-12)


def test_contrast_is_the_difference_and_holds_what_was_planted(
    gaps: Gaps, drawn: tuple[Panel, list[str | None]]
) -> None:
    found = _by_name(gaps, drawn[1])
    contrast = _estimate(found["more"].contrast)
    more, usual = _estimate(found["more"].effect), _estimate(found["usual"].effect)
    assert contrast.value == pytest.approx(more.value - usual.value, abs=1e-12)
    assert contrast.lower < EXTRA < contrast.upper
    assert contrast.lower > 0
    assert found["usual"].contrast is None


def test_contrasts_error_equals_that_of_leaving_out_each_firm_in_turn(
    gaps: Gaps, drawn: tuple[Panel, list[str | None]]
) -> None:
    named = np.array([one or "" for one in drawn[1]])
    sides = [(named == name) & gaps.panel.is_participant for name in ("more", "usual")]
    units = list(range(gaps.panel.unit_count))

    def difference(without: int) -> float:
        kept = gaps.panel.unit != without
        one, other = (gaps.gaps[side & kept].sum() / gaps.cells[side & kept].sum() for side in sides)
        return float(one - other)

    left_out = np.array([difference(unit) for unit in units])
    jackknife = np.sqrt((len(units) - 1) / len(units) * ((left_out - left_out.mean()) ** 2).sum())
    contrast = _estimate(_by_name(gaps, drawn[1])["more"].contrast)
    assert contrast.se == pytest.approx(jackknife, rel=0.1)


def test_doses_are_held_against_the_group_fixed_in_advance(gaps: Gaps) -> None:
    names: list[str | None] = [("none", "some", "many")[n % 3] for n in range(gaps.panel.shape[0])]
    found = _by_name(gaps, names, "none")
    assert found["none"].contrast is None
    expected = _estimate(found["many"].effect).value - _estimate(found["none"].effect).value
    assert _estimate(found["many"].contrast).value == pytest.approx(expected, abs=1e-12)


def test_group_is_refused_when_it_is_small_or_leaves_few_others(gaps: Gaps) -> None:
    behind = np.flatnonzero(gaps.cells > 0)
    for few in (19, len(behind) - MIN_REST + 1):
        names: list[str | None] = [None] * gaps.panel.shape[0]
        for place in behind[:few]:
            names[place] = "some"
        (one,) = group_effects(gaps, _named(names), None)
        assert isinstance(one.effect, NotEstimable)
        assert one.effect.reason is Reason.FEW_PARTICIPANTS
    exactly: list[str | None] = [None] * gaps.panel.shape[0]
    for place in behind[: len(behind) - MIN_REST]:
        exactly[place] = "most"
    assert isinstance(next(group_effects(gaps, _named(exactly), None)).effect, Estimate)


def test_group_is_refused_when_it_is_at_few_firms(gaps: Gaps) -> None:
    behind = gaps.cells > 0
    four, five = (np.isin(gaps.panel.unit, np.unique(gaps.panel.unit[behind])[:few]) for few in (4, 5))
    assert (behind & four).sum() >= 20
    refused = gaps.effect(behind & four)
    assert isinstance(refused, NotEstimable)
    assert refused.reason is Reason.FEW_UNITS
    assert _estimate(gaps.effect(behind & five)).units == 5


def _rows(panel: Panel) -> pd.DataFrame:
    persons, quarters = panel.shape
    names = [str(Quarter(2018, 1) + n) for n in range(quarters)]
    entry = [None if one == NEVER else names[one] for one in panel.entry]
    return pd.DataFrame(
        {
            "learner_key": np.repeat([f"w{n:05d}" for n in range(persons)], quarters),
            "year_quarter": names * persons,
            "parent_group_id": np.repeat([f"G{unit:02d}" for unit in panel.unit], quarters),
            "real_wages_usd": 9_000 * np.exp(panel.outcome.ravel()),
            "hours_paid": 480.0,
            "entry_quarter": np.repeat(np.array(entry, dtype=object), quarters),
            "program_id": np.repeat(np.where(panel.is_participant, "CNC", None), quarters),
            "enrolling_parent_id": None,
        }
    ).dropna(subset=["real_wages_usd"])


def test_marts_hold_figures_and_the_firms_behind_each_and_nobody_without_an_answer(
    drawn: tuple[Panel, list[str | None]],
) -> None:
    panel, groups = drawn
    told = [(f"w{n:05d}", one or RESIDUAL) for n, one in enumerate(groups) if panel.is_participant[n]]
    frame = pd.DataFrame(told, columns=["learner_key", "group_value"])
    frame = frame.assign(topic="equity", group_dim="sex", reference_value=None)
    marts = estimate_groups(region_of(_rows(panel)), frame)
    figures = marts[GROUPS].set_index(["metric_id", "group_value"])
    assert set(figures.index) == {
        ("effect_by_trait", "more"),
        ("effect_by_trait", "usual"),
        ("contrast_by_trait", "more"),
    }
    behind = marts[GROUP_CONTRIBUTORS].groupby(["metric_id", "group_value"])["persons"].sum()
    shown = figures["persons"].dropna()
    assert behind.to_dict() == shown.to_dict()
    assert len(shown) == 3
    inside = panel.within(Window())
    quarters = [str(Quarter(2018, 1) + int(n)) for n in np.flatnonzero(inside.any(axis=0))]
    assert set(figures["first_quarter"]) == {quarters[0]}
    assert set(figures["last_quarter"]) == {quarters[-1]}
    counted = inside & (Gaps.of(panel, Window()).cells > 0)[:, None]
    dollars = marts[GROUP_CONTRIBUTORS].groupby(["metric_id", "group_value"])["amount_usd"].sum()
    for name in ("more", "usual"):
        own = counted & (np.array(groups, dtype=object) == name)[:, None]
        paid = 9_000 * np.exp(panel.outcome[own])
        assert dollars["effect_by_trait", name] == pytest.approx(float(paid.sum()), abs=1)


def test_marts_are_empty_when_nobody_has_a_group() -> None:
    empty = pd.DataFrame(columns=["learner_key", "topic", "group_dim", "group_value", "reference_value"])
    assert all(frame.empty for frame in estimate_groups(None, empty).values())
