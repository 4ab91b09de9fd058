"""The demo finds the inequity planted in it and no other, and what supports and mentors go along with."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Planted

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]


def test_planted_inequity_is_flagged_and_an_equal_dimension_is_not(planted: Planted) -> None:
    equity = planted.mart("agg_equity_outcomes")
    flagged = equity[equity["is_flagged"]]
    found = flagged[(flagged["metric_id"] == "completion_rate")][["group_dim", "group_value"]]
    assert found.to_numpy().tolist() == [["single_parent", "yes"]]
    assert "sex" not in set(flagged["group_dim"])


@pytest.mark.parametrize(
    ("mart", "dimension", "group", "planted_as"),
    [
        ("agg_support_outcomes", "any", "provided", "provided_of_needed"),
        ("agg_incentive_outcomes", "incentive", "awarded", "awarded"),
    ],
)
def test_planted_association_with_completing_is_found(
    planted: Planted, mart: str, dimension: str, group: str, planted_as: str
) -> None:
    shares = planted.truth("practice")[planted_as]
    assert shares["completed"] > shares["withdrew"]
    rows = planted.mart(mart).set_index(["group_dim", "group_value", "metric_id"])
    row = rows.loc[[(dimension, group, "completion_rate")]].iloc[0]
    assert row["gap_upper"] < 0
    assert row["matched_gap"] < 0


def test_completion_rises_with_the_dose_of_mentoring(planted: Planted) -> None:
    rows = planted.mart("agg_mentoring_outcomes")
    dose = rows[(rows["group_dim"] == "mentoring_dose") & (rows["metric_id"] == "completion_rate")]
    by_dose = dose.set_index("group_value")["value"]
    assert by_dose["1_to_3"] < by_dose["4_to_7"] < by_dose["8_or_more"]


def test_growth_of_awards_is_the_one_planted(planted: Planted) -> None:
    awards = planted.mart("agg_incentive_awards").set_index(["tier", "award_year"]).sort_index()
    yearly = (1 + planted.truth("practice")["award_growth_a_quarter"]) ** 4 - 1
    # Training began in the second half of 2023, and half of 2026 has passed.
    found = awards.loc[[("all", 2024), ("all", 2025), ("all", 2026)]]
    assert list(found["mean_award_growth"]) == pytest.approx([yearly] * 3, abs=0.07)
    assert found["is_inflating"].all()


def test_apprentices_paid_on_step_are_as_many_as_planted(planted: Planted) -> None:
    steps = planted.mart("agg_on_step").set_index("step").loc["all"]
    assert steps["on_step_share"] == pytest.approx(planted.truth("practice")["paid_on_step"], abs=0.08)


def test_skills_are_those_planted(planted: Planted) -> None:
    truth = planted.truth("skills")
    gains = planted.mart("agg_skill_gains").set_index("competency").loc["all"]
    assert gains["mean_gain"] == pytest.approx(truth["mean_gain"] + truth["generosity"] / 3, abs=0.1)
    ratings = planted.mart("agg_rater_agreement").set_index("competency").loc["all"]
    assert ratings["ratings"] == truth["pairs_of_raters"]
    assert ratings["both_pass"] + ratings["neither_passes"] == truth["agreeing_on_the_cut"]


def test_generous_site_stands_out_and_the_others_do_not_exceed_it(planted: Planted) -> None:
    sites = planted.mart("agg_assessment_sites")
    generous = sites["site_id"] == planted.truth("skills")["generous_site"]
    assert (sites.loc[generous, "difference_lower"] > 0).all()
    assert (sites.loc[~generous, "difference"] < sites.loc[generous, "difference"].min()).all()


def test_occupation_planted_as_short_has_the_largest_gap(planted: Planted) -> None:
    gaps = planted.mart("agg_skills_gap").sort_values("gap_per_head", ascending=False)
    assert gaps["soc_code"].iloc[0] == planted.truth("skills")["short_occupation"]


def test_survey_scores_are_those_planted_and_a_rare_instrument_is_left_out(planted: Planted) -> None:
    truth, scores = planted.truth("surveys"), planted.mart("agg_survey_scores").set_index("group_value")
    for level, mean in truth["mean_answer"].items():
        assert scores.loc[level, "mean_score"] == pytest.approx((mean - 1) / 4, abs=0.03)
        assert scores.loc[level, "response_share"] == pytest.approx(truth["response_share"], abs=0.06)
    assert truth["too_few"] not in scores.index


@pytest.mark.parametrize(
    "table",
    [
        "equity_outcomes",
        *("support_outcomes", "incentive_outcomes", "mentoring_outcomes"),
        *("delivery_outcomes", "skill_gains", "rater_agreement", "skills_gap"),
        *("time_to_productivity", "survey_scores", "incentive_awards"),
        "on_step",
    ],
)
def test_table_goes_through_the_gate(planted: Planted, table: str) -> None:
    published = planted.published(table)
    assert len(published) > 0
    assert set(published["value_status"]) <= {1, 5, -1, -2}
    assert (published["value_status"] == 1).any()


def test_program_results_add_up_to_the_consortium(planted: Planted) -> None:
    results = planted.mart("agg_program_results")
    completed = results[(results["metric_id"] == "completion_rate") & (results["population"] == "all")]
    cohorts = planted.mart("agg_outcomes")
    quarterly = cohorts[(cohorts["metric_id"] == "completion_rate") & (cohorts["breakdown"] == "cohort")]
    assert completed["denominator"].sum() == quarterly["denominator"].sum()
