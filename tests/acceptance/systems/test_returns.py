"""The demo's true effect, under the printed assumptions, gives a true return: the published intervals hold
it."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest

from contracts.quarters import Quarter
from reports.impact import returns as core
from reports.impact.assumptions import assumptions_of
from reports.impact.returns import Gain
from tests.acceptance.conftest import Planted
from tests.reports.test_returns_published import costs_of_release

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]

_TABLES = ("effects", "study_cards", "unit_costs", "training_costs", "outcomes_consortium", "returns")


def _true_gain(planted: Planted) -> float:
    """Real dollars a quarter: what pay in the window would lack without the planted log points."""
    effect = json.loads((planted.home.root / "truth" / "truth.json").read_text())["effect"]
    first, last = effect["window_event_quarters"]
    rows = planted.mart("fct_effect_quarter").dropna(subset=["entry_quarter", "real_wages_usd"])
    event = [
        Quarter.parse(quarter) - Quarter.parse(entry)
        for quarter, entry in zip(rows["year_quarter"], rows["entry_quarter"], strict=True)
    ]
    pay = rows["real_wages_usd"].astype("float64")[pd.Series(event, index=rows.index).between(first, last)]
    return float(pay.mean()) * (1 - math.exp(-effect["mean_in_window"]))


def test_published_intervals_hold_the_true_return_under_the_printed_assumptions(planted: Planted) -> None:
    frames = {name: planted.published(name) for name in _TABLES}
    gain, costs = _true_gain(planted), costs_of_release(frames)
    seen = 1 - frames["study_cards"].set_index("metric_id").loc["effect_earnings", "attrition_participants"]
    assumed = assumptions_of(planted.published("return_assumptions"))
    true = core.returns(Gain(gain, gain, gain, seen), costs, assumed)
    rows = frames["returns"].set_index(["metric_id", "group_value"])
    for metric, part in (
        ("return_net", true.net),
        ("return_observed", true.observed),
        ("return_benefit", true.benefit),
    ):
        for ledger, figure in part.items():
            row = rows.loc[(metric, ledger)]
            assert row["value_lower"] <= figure.value <= row["value_upper"], (metric, ledger)
    # An interval that held everything would hold the truth too.
    society = rows.loc[("return_net", "society")]
    assert society["value_upper"] - society["value_lower"] < 25_000


def test_costs_are_the_funds_books_with_what_they_leave_out(planted: Planted) -> None:
    """Unit costs leave out administration, gifts and class hours; returns do not."""
    rows = planted.published("returns").set_index(["metric_id", "group_value"])
    per_person = planted.published("unit_costs").set_index("metric_id")
    paid = per_person.loc[per_person["program_id"].isna(), "value"]["cost_per_participant"]
    assert rows.loc[("return_cost", "society"), "value"] > paid


def test_seats_filled_out_of_programs_are_filled_sooner_as_planted(planted: Planted) -> None:
    days = planted.published("fill_channels").set_index("group_value")
    assert days.loc["saved", "value_lower"] > 0
