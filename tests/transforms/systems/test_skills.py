"""Skills as drawn, by hand and by their restatement."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import key_of
from tests.transforms.restated_lake import LakeFrames
from tests.transforms.systems import restated_skills

pytestmark = pytest.mark.xdist_group("transforms")


def test_gain_pairs_the_last_level_before_with_the_mean_of_the_first_day_after(warehouse: Warehouse) -> None:
    pairs = warehouse.read("int_skill_gains__paired").set_index("learner_key")
    mine = pairs.loc[key_of("two_jobs")]
    assert (mine["level_before"], mine["level_after"], mine["passed_after"]) == (2.0, 3.0, True)


@pytest.mark.parametrize("nickname", ["tied", "december", "gap89", "gap90"])
def test_assessment_without_its_other_half_is_no_pair(warehouse: Warehouse, nickname: str) -> None:
    assert key_of(nickname) not in set(warehouse.read("int_skill_gains__paired")["learner_key"])


def test_two_raters_of_one_performance_disagree_on_the_cut(warehouse: Warehouse) -> None:
    twice = warehouse.read("int_ratings__twice")
    mine = twice[twice["learner_key"] == key_of("two_jobs")]
    assert mine[["passed_first", "passed_second"]].to_numpy().tolist() == [[False, True]]


def test_trap_24_details_of_an_occupation_roll_up_to_it(warehouse: Warehouse) -> None:
    required = warehouse.read("int_occupations__required")
    assert required["soc_code"].str.fullmatch(r"\d\d-\d{4}").all()
    assert not required.duplicated(["soc_code", "onet_element_id"]).any()


def test_newest_level_at_work_counts(warehouse: Warehouse) -> None:
    levels = warehouse.read("int_skill_levels__at_work")
    mine = levels[(levels["learner_key"] == key_of("two_jobs")) & (levels["soc_code"] == "51-4121")]
    assert list(mine["level"]) == [0.0]


def test_level_above_what_is_asked_makes_up_for_nothing(warehouse: Warehouse) -> None:
    gaps = warehouse.read("int_skill_gaps__by_skill")
    assert (gaps["mean_shortfall"] >= 0).all()
    assert (gaps["mean_shortfall"] > gaps["required_level"] - gaps["mean_level"] - 1e-9).all()


def test_gap_of_an_occupation_says_how_much_of_it_was_assessed(warehouse: Warehouse) -> None:
    gap = warehouse.read("agg_skills_gap").set_index("soc_code")
    assert gap.loc["51-4121", "assessed_skills"] == 1
    assert 0 < gap.loc["51-4121", "coverage_share"] < 0.2
    assert (gap["assessed_persons"] >= 5).all()


def test_skills_gap_equals_its_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    joined = side_by_side(warehouse.read("agg_skills_gap"), restated_skills.skills_gap(lake), ["soc_code"])
    counts = ["assessed_persons", "assessed_skills", "headcount"]
    _close(joined, counts, ["coverage_share", "gap_per_head", "gap"])


def test_skill_gains_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    restated = restated_skills.skill_gains(lake)
    joined = side_by_side(warehouse.read("agg_skill_gains"), restated, ["competency"])
    counts = ["first_quarter", "last_quarter", "pairs", "persons"]
    shares = ["mean_before", "mean_after", "mean_gain", "sd_gain"]
    _close(joined, [*counts, "pairs_with_cut", "passed_before", "passed_after"], shares)


def test_rater_agreement_equals_its_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    joined = side_by_side(
        warehouse.read("agg_rater_agreement"), restated_skills.rater_agreement(lake), ["competency"]
    )
    shares = ["observed_agreement", "expected_agreement", "kappa", "mean_difference"]
    _close(joined, ["ratings", "both_pass", "neither_passes"], shares)


def test_sites_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    key = ["competency_id", "site_id"]
    joined = side_by_side(warehouse.read("agg_assessment_sites"), restated_skills.sites(lake), key)
    _close(joined, ["ratings"], ["mean_level", "difference"])
    for column in ("difference_lower", "difference_upper"):
        here, there = joined[column].astype("float64"), joined[f"{column}_restated"].astype("float64")
        assert list(here) == pytest.approx(list(there), abs=1e-5, nan_ok=True)


def test_contributors_to_skills_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    key = ["competency", "parent_group_id"]
    for mart, rows, hit in (
        ("agg_skill_gains_contributors", restated_skills.pairs(lake), "passed_after"),
        ("agg_rater_agreement_contributors", restated_skills.twice(lake), None),
    ):
        joined = side_by_side(warehouse.read(mart), restated_skills.contributors(rows, hit), key)
        assert_equal(joined, ["persons", "numerator_persons"])


def _close(joined: pd.DataFrame, exact: list[str], close: list[str]) -> None:
    assert_equal(joined, exact)
    for column in close:
        here, there = joined[column].astype("float64"), joined[f"{column}_restated"].astype("float64")
        assert list(here) == pytest.approx(list(there), rel=1e-7, abs=1e-7, nan_ok=True), column
