"""What the sample region is made to show: a dip before entry, a known effect, nobody selected on growth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from contracts.quarters import Quarter
from tests.sample.conftest import SMALL, Sample, make
from warehouse.sample.draws import largest_remainder, spread, stream, systematic


def _index(quarters: pd.Series) -> pd.Series:
    return quarters.map({text: Quarter.parse(text).index for text in quarters.unique()})


def _log_pay(sample: Sample) -> pd.DataFrame:
    """Learner × quarter: log of the summed pay, and relative to non-participants; quarters since entry."""
    wages = sample.genuine("wage")
    wages = wages.assign(cents=wages["gross_wages_usd"].str.replace(".", "").astype(np.int64))
    pay = wages.groupby(["learner_key", "year_quarter"], sort=True)["cents"].sum().reset_index()
    pay = pay[pay["cents"] > 0]
    pay["log_pay"] = np.log(pay["cents"] / 100)
    pay["at"] = _index(pay["year_quarter"])
    entries = sample.genuine("enrollment").groupby("learner_key")["entry_date"].min()
    pay["entry"] = pay["learner_key"].map(
        {key: Quarter(int(day[:4]), (int(day[5:7]) - 1) // 3 + 1).index for key, day in entries.items()}
    )
    rest = pay[pay["entry"].isna()].groupby("at")["log_pay"].mean()
    return pay.assign(relative=pay["log_pay"] - pay["at"].map(rest), event=pay["at"] - pay["entry"])


@pytest.fixture(scope="module")
def log_pay(default: Sample) -> pd.DataFrame:
    return _log_pay(default)


def _paired(pay: pd.DataFrame, event: int, base: int) -> float:
    """Mean change of relative log pay from one event quarter to another, over people seen in both."""
    wide = pay[pay["event"].isin([event, base])].pivot(
        index="learner_key", columns="event", values="relative"
    )
    return float((wide[event] - wide[base]).mean())


def test_earnings_dip_before_entry(log_pay: pd.DataFrame) -> None:
    assert -0.14 < _paired(log_pay, -1, -8) < -0.06
    assert _paired(log_pay, -1, -8) < _paired(log_pay, -2, -8) < _paired(log_pay, -4, -8) + 0.01


def test_earnings_do_not_drift_before_the_dip(log_pay: pd.DataFrame) -> None:
    assert abs(_paired(log_pay, -6, -16)) < 0.02


def test_symmetric_difference_comes_near_the_true_effect(default: Sample, log_pay: pd.DataFrame) -> None:
    """Symmetric difference-in-differences: as many quarters after entry as before; the dip cancels."""
    truth = default.document["effect"]["mean_in_window"]
    pairs = [_paired(log_pay, event, -event) for event in range(5, 9)]
    assert np.mean(pairs) == pytest.approx(truth, abs=0.02)


def test_effect_is_exactly_the_difference_of_potential_outcomes(tmp_path: Path, small: Sample) -> None:
    """The same seed without an effect: nothing but participants' pay after completing differs."""
    without = make(tmp_path / "without", replace(SMALL, effect_log_points=0.0))
    key = ["learner_key", "year_quarter"]
    columns = [*key, "log_pay", "event"]
    both = _log_pay(small)[columns].merge(_log_pay(without)[columns], on=[*key, "event"], how="outer")
    lift = both["log_pay_x"] - both["log_pay_y"]
    assert lift.notna().all()
    assert (lift[both["event"].isna() | (both["event"] <= 0)] == 0).all()
    in_window = both["event"].between(4, 8)
    assert lift[in_window].mean() == pytest.approx(small.document["effect"]["mean_in_window"], abs=0.001)
    assert lift.max() == pytest.approx(0.06, abs=0.001)


def test_people_leave_move_and_hold_two_jobs(default: Sample) -> None:
    wages = default.genuine("wage")
    firms = wages.groupby("learner_key")["firm_id"].nunique()
    twice = wages.groupby(["learner_key", "year_quarter"]).size()
    learners = set(default.genuine("enrollment")["learner_key"])
    last = wages[wages["learner_key"].isin(learners)].groupby("learner_key")["year_quarter"].max()
    assert (firms > 1).sum() > 500
    assert (twice > 1).sum() > 500
    assert (last < "2026Q2").sum() > 100
    assert (wages["gross_wages_usd"] == "0.00").sum() > 100
    assert 10 < wages.loc[wages["subsidized"] == "1", "learner_key"].nunique() < 60


def test_new_entrants_have_no_firm_and_no_earlier_pay(default: Sample) -> None:
    first = default.genuine("enrollment").drop_duplicates("learner_key")
    entrants = first[first["firm_id"] == ""]
    assert len(entrants) == default.document["people"]["new_entrants"]
    assert (entrants[["wages_q1_prior", "wages_q2_prior", "wages_q3_prior"]] == "").all(axis=None)
    assert (first.loc[first["firm_id"] != "", "wages_q1_prior"] != "").all()


def test_reported_prior_wages_equal_the_wage_extracts(default: Sample) -> None:
    wages = default.genuine("wage")
    cents = wages["gross_wages_usd"].str.replace(".", "").astype(np.int64)
    paid = cents.groupby([wages["learner_key"], _index(wages["year_quarter"])]).sum()
    first = default.genuine("enrollment").drop_duplicates("learner_key")
    first = first[first["wages_q2_prior"] != ""]
    entry = first["entry_date"].map(lambda day: Quarter(int(day[:4]), (int(day[5:7]) - 1) // 3 + 1).index)
    observed = paid.reindex(pd.MultiIndex.from_arrays([first["learner_key"], entry - 2])).to_numpy()
    assert (first["wages_q2_prior"].astype(int).to_numpy() == (observed + 50) // 100).all()


def test_wages_fit_hours_weeks_and_months(default: Sample) -> None:
    wages = default.genuine("wage")
    gross, paid, worked, weeks = (
        wages[name].astype(float)
        for name in ("gross_wages_usd", "hours_paid", "hours_worked", "weeks_worked")
    )
    assert (worked <= paid).all()
    assert (gross >= 7.25 * paid).all()
    assert weeks.between(0, 13).all()
    assert ((gross == 0) == (weeks == 0)).all()
    assert gross[gross > 2_500].quantile([0.1, 0.9]).between(5_000, 18_000).all()


def test_systematic_draws_keep_every_stretch_near_its_expectation() -> None:
    chances = np.tile([0.2, 0.7, 0.05], 200)
    chosen = systematic(chances, stream(1, "test"))
    deviations = np.cumsum(chosen) - np.cumsum(chances)
    assert np.ptp(deviations) < 1 + 1e-9


def test_spread_visits_every_option_in_proportion() -> None:
    visits = np.bincount(spread(np.array([1.0, 2.0, 5.0]), 80, stream(1, "test")))
    assert (abs(visits - np.array([10, 20, 50])) <= 2).all()


@pytest.mark.parametrize(
    ("total", "expected"), [(0, [0, 0, 0]), (1, [1, 0, 0]), (4, [2, 1, 1]), (6, [2, 2, 2])]
)
def test_largest_remainder_sums_to_the_total(total: int, expected: list[int]) -> None:
    assert largest_remainder(np.ones(3), total).tolist() == expected
