"""The demo finds where talent was planted as short, and the program that was planted as a duplicate."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Planted

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]


def test_gap_lasts_longest_in_the_occupations_planted_as_short(planted: Planted) -> None:
    gap = planted.mart("agg_supply_demand_gap")
    open_seats = gap[gap["county_fips"] == "all"].groupby("soc_code")["open_seats"].sum().astype("float64")
    opened = planted.mart("agg_demand_cycle").groupby("soc_code")["opened_seats"].sum().astype("float64")
    # Seats open at a quarter's end over seats opened in it: for how many quarters' worth nobody is found.
    backlog = (open_seats / opened.reindex(open_seats.index)).dropna()
    assert set(backlog.nlargest(2).index) == set(planted.truth("demand")["short_occupations"])


def test_short_occupations_are_among_the_worst_bottlenecks(planted: Planted) -> None:
    # Of nineteen. The rank weighs how many jobs are vacant too, which nobody planted.
    ranks = planted.mart("agg_bottlenecks").sort_values("bottleneck_rank")
    worst = list(ranks.loc[ranks["group_dim"] == "occupation", "group_value"].head(3))
    assert worst[0] in planted.truth("demand")["short_occupations"]
    assert set(planted.truth("demand")["short_occupations"]) <= set(worst)


def test_duplicated_program_is_found_and_no_other(planted: Planted) -> None:
    pairs = planted.mart("agg_duplicate_programs")
    programs = planted.mart("dim_program").set_index("program_id")["cip_code"]
    assert set(pairs["program_id"].map(programs)) == set(planted.truth("demand")["duplicated_fields"])
    assert set(planted.published("duplicate_programs")["other_program_id"]) == {"WLD-EVE"}


@pytest.mark.parametrize("table", ["hiring_signal", "talent_supply", "bottlenecks", "demand_cycle"])
def test_demand_and_supply_are_published(planted: Planted, table: str) -> None:
    assert (planted.published(table)["value_status"] == 1).any()


def test_release_names_no_county_of_a_member(planted: Planted) -> None:
    for table in ("hiring_signal", "members_demand", "bottlenecks"):
        assert set(planted.published(table)["geo_level"]) == {"K"}
