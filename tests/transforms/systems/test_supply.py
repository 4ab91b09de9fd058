"""Demand, intent, supply and the gap between them as drawn, by hand and by their restatement.

Numbers in names are those of the known traps.
"""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest

from contracts.codesets import codeset
from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import key_of
from tests.transforms.restated_lake import LakeFrames
from tests.transforms.systems.restated_supply import Supply
from transforms import PROJECT_DIR

pytestmark = pytest.mark.xdist_group("transforms")

CROSSWALK = PROJECT_DIR / "seeds" / "cip_soc.csv"
PLACE = ["soc_code", "county_fips"]
CELL = [*PLACE, "year_quarter"]
GROUP = ["group_dim", "group_value"]


@pytest.fixture(scope="module")
def restated_supply(lake: LakeFrames) -> Supply:
    return Supply(lake, CROSSWALK)


@pytest.fixture(scope="module")
def signal(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("agg_hiring_signal").set_index(PLACE)


@pytest.fixture(scope="module")
def gap(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("agg_supply_demand_gap").set_index(CELL)


def test_intent_of_five_parents_stands_and_of_four_is_drawn_in(signal: pd.DataFrame) -> None:
    drivers, clerks = signal.loc[("53-3032", "all")], signal.loc[("43-5071", "all")]
    assert (drivers["firms"], drivers["is_shrunk"], drivers["seats_shrunk"]) == (5, False, 20)
    # Over all occupations 65 seats from 14 pairs of parent and occupation; four fifths of the clerks' own 2.
    assert (clerks["firms"], clerks["is_shrunk"]) == (4, True)
    assert clerks["seats_shrunk"] == pytest.approx(
        float(4 * (Fraction(4, 5) * 2 + Fraction(1, 5) * Fraction(65, 14)))
    )


def test_county_is_drawn_toward_its_occupation(signal: pd.DataFrame) -> None:
    # Two parents expect 27 welders; one of them 19 in this county: 1 × (1/5 × 19 + 4/5 × 27/2).
    assert signal.loc[("51-4121", "41051"), "seats_shrunk"] == pytest.approx(0.2 * 19 + 0.8 * 13.5)


def test_intent_waits_until_it_is_a_quarter_old(signal: pd.DataFrame) -> None:
    assert set(signal["stated_quarter"]) == {"2026Q2"}
    assert signal.loc[("51-4121", "all"), "seats_expected"] == 27


def test_demand_is_open_seats_and_expected_ones_that_no_requisition_covers(gap: pd.DataFrame) -> None:
    # F1: 10 − 4, F2: 3; what F1 expects two quarters ahead is not of the next one.
    welders = gap.loc[("51-4121", "41051", "2026Q2")]
    assert (welders["open_seats"], welders["expected_seats"], welders["members_demand"]) == (0, 9, 9)


def test_area_demand_stands_beside_members_demand_and_is_not_added(gap: pd.DataFrame) -> None:
    welders = gap.loc[("51-4121", "41051", "2026Q2")]
    assert float(welders["area_openings"]) == 110 / 4
    assert float(welders["members_gap"]) == pytest.approx(9 - float(welders["supply_persons"]))
    assert float(gap.loc[("51-4121", "41051", "2025Q4"), "area_openings"]) == 90 / 4


def test_seat_cancelled_on_the_last_day_is_not_open_on_it(gap: pd.DataFrame) -> None:
    assert gap.loc[("43-5071", "41051", "2024Q1"), "open_seats"] == 3
    assert ("43-5071", "41051", "2024Q2") not in gap.index


def _waiting(warehouse: Warehouse, nickname: str, soc: str) -> set[str]:
    people = warehouse.read("int_supply__by_quarter")
    theirs = (people["learner_key"] == key_of(nickname)) & (people["soc_code"] == soc)
    return set(people.loc[theirs, "year_quarter"])


def test_supply_ends_when_the_credential_does(warehouse: Warehouse) -> None:
    assert _waiting(warehouse, "lapsed", "51-4121") >= {"2024Q2", "2025Q2"}
    assert "2025Q3" not in _waiting(warehouse, "lapsed", "51-4121")
    assert "2024Q4" in _waiting(warehouse, "suspended", "51-4121")
    assert "2025Q1" not in _waiting(warehouse, "suspended", "51-4121")


def test_supply_pauses_while_somebody_works_in_the_occupation(warehouse: Warehouse) -> None:
    quarters = _waiting(warehouse, "onet_only", "51-4121")
    assert "2025Q3" not in quarters
    assert {"2025Q2", "2025Q4"} <= quarters


def test_supply_is_spread_over_the_occupations_of_the_field_in_equal_parts(warehouse: Warehouse) -> None:
    people = warehouse.read("int_supply__by_quarter")
    theirs = people[(people["learner_key"] == key_of("lapsed")) & (people["year_quarter"] == "2024Q3")]
    assert dict(zip(theirs["soc_code"], map(float, theirs["soc_weight"]), strict=True)) == {
        "51-4121": 0.5,
        "51-4122": 0.5,
    }


def test_people_whose_field_leads_nowhere_are_reported_as_unmatched(
    warehouse: Warehouse, gap: pd.DataFrame
) -> None:
    assert "2026Q2" in _waiting(warehouse, "unmatched", "99-9999")
    assert "2026Q2" in _waiting(warehouse, "no_field", "99-9999")
    cell = gap.loc[("99-9999", "all", "2026Q2")]
    assert (bool(cell["is_unmatched"]), float(cell["supply_persons"])) == (True, 2)


def test_trap_21_connecticuts_regions_and_counties_meet_under_the_state(
    signal: pd.DataFrame, gap: pd.DataFrame
) -> None:
    assert signal.loc[("15-1231", "09"), "seats_expected"] == 5
    cell = gap.loc[("15-1231", "09", "2026Q2")]
    # Two seats open in 09001, five expected in 09003 and 09110, twenty openings a year in 09110 and 09120.
    assert (cell["open_seats"], cell["expected_seats"], float(cell["area_openings"])) == (2, 5, 5.0)


def test_trap_22_naics_range_is_a_sector(warehouse: Warehouse) -> None:
    sectors = warehouse.read("int_firms__current").set_index("firm_id")["sector_code"]
    assert (sectors["F1"], sectors["F5"], sectors["F4"]) == ("31-33", "44-45", "unreported")


def test_trap_23_no_broad_occupation_is_in_the_crosswalk_or_may_be_sent() -> None:
    listed = set(pd.read_csv(CROSSWALK, dtype=str)["soc_code"])
    assert listed - codeset("soc_2018") == {"99-9999"}
    assert not {"51-0000", "51-4000", "51-4120"} & codeset("soc_2018")


def test_trap_24_onet_detail_is_rolled_up_to_the_occupation(warehouse: Warehouse) -> None:
    people = warehouse.read("int_completers__by_occupation").set_index("learner_key")
    person = people.loc[key_of("onet_only")]
    assert (person["soc_code"], float(person["soc_weight"])) == ("51-4121", 1.0)


def test_trap_27_mean_wait_of_filled_seats_is_too_low(warehouse: Warehouse, lake: LakeFrames) -> None:
    nurses = [seat for seat in Supply(lake, CROSSWALK).seats if seat.soc in ("31-1131", "15-1231")]
    naive = sum(s.days for s in nurses if s.ended == "F") / sum(s.ended == "F" for s in nurses)
    everyone = sum(s.days for s in nurses) / len(nurses)
    # Open seats have waited at least this long already: leaving them out can only make the mean smaller.
    assert naive < everyone


def test_programs_are_duplicates_by_field_or_by_occupation(warehouse: Warehouse) -> None:
    pairs = warehouse.read("agg_duplicate_programs").set_index(["program_id", "other_program_id"])
    assert set(pairs.index) == {("WELD", "WELD-2"), ("ODD", "WELD-2"), ("CODE", "IDLE")}
    assert set(pairs.loc[[("WELD", "WELD-2")], "has_same_cip"]) == {True}
    assert set(pairs.loc[[("ODD", "WELD-2")], "shared_occupations"]) == {1}


def test_program_not_in_force_duplicates_nothing(warehouse: Warehouse) -> None:
    pairs = warehouse.read("agg_duplicate_programs")
    assert "LATER" not in {*pairs["program_id"], *pairs["other_program_id"]}


def test_weights_of_every_field_add_up(warehouse: Warehouse) -> None:
    sums = (
        warehouse.read("dim_cip_soc")
        .astype({"soc_weight": "float64"})
        .groupby("cip_code")["soc_weight"]
        .sum()
    )
    assert len(sums) > 2_000
    assert sums.between(1 - 1e-4, 1 + 1e-4).all()


def test_hiring_signal_equals_its_restatement(warehouse: Warehouse, restated_supply: Supply) -> None:
    joined = side_by_side(warehouse.read("agg_hiring_signal"), restated_supply.hiring_signal(), PLACE)
    assert_equal(joined, ["stated_quarter", "firms", "seats_expected", "is_shrunk"], ["seats_shrunk"])


def test_gap_equals_its_restatement(warehouse: Warehouse, restated_supply: Supply) -> None:
    joined = side_by_side(warehouse.read("agg_supply_demand_gap"), restated_supply.gap(), CELL)
    assert len(joined) > 100
    assert_equal(joined, ["open_seats", "expected_seats", "members_demand"])
    # The crosswalk's weights are decimals of six places.
    for column in ("supply_persons", "members_gap", "supply_per_member_seat", "area_gap", "area_openings"):
        here, there = joined[column].astype("float64"), joined[f"{column}_restated"].astype("float64")
        assert list(here) == pytest.approx(list(there), abs=1e-4, nan_ok=True), column


def test_talent_supply_equals_its_restatement(warehouse: Warehouse, restated_supply: Supply) -> None:
    mart = warehouse.read("agg_talent_supply")
    joined = side_by_side(mart, restated_supply.talent_supply(), ["year_quarter"])
    assert_equal(joined, ["persons", "unmatched_persons"])


def test_bottlenecks_equal_their_restatement(warehouse: Warehouse, restated_supply: Supply) -> None:
    mart = warehouse.read("agg_bottlenecks")
    joined = side_by_side(mart, restated_supply.bottlenecks(), GROUP)
    assert_equal(
        joined,
        ["job_quarters", "open_seat_quarters", "fill_days", "is_fill_days_lower_bound"],
        ["vacancy_rate", "criticality", "bottleneck_score"],
    )
    worst = mart[mart["group_dim"] == "occupation"].sort_values("bottleneck_rank").iloc[0]
    assert worst["bottleneck_score"] == mart.loc[mart["group_dim"] == "occupation", "bottleneck_score"].max()


def test_demand_cycle_equals_its_restatement(warehouse: Warehouse, restated_supply: Supply) -> None:
    keys = ["soc_code", "year_quarter"]
    joined = side_by_side(warehouse.read("agg_demand_cycle"), restated_supply.cycle(), keys)
    assert_equal(joined, ["opened_seats"], ["opened_in_eight", "cycle_index"])
    assert joined["cycle_index"].notna().any()


def test_labor_market_shows_the_newest_figures_and_no_wages(warehouse: Warehouse) -> None:
    figures = warehouse.read("agg_labor_market").set_index([*PLACE[:1], "geography", "public_source_code"])
    welders = figures.loc[("51-4121", "41051", "STATE_PROJECTIONS")]
    assert (welders["reference_year"], welders["annual_openings_count"]) == (2026, 110)
    assert float(figures.loc[("15-1231", "09", "STATE_PROJECTIONS"), "openings_per_quarter"]) == 5.0
    assert not [name for name in figures.columns if "wage" in name]


@pytest.mark.parametrize(
    ("mart", "contributors", "keys", "total"),
    [
        ("agg_hiring_signal", "agg_hiring_signal_contributors", PLACE, "seats_expected"),
        ("agg_supply_demand_gap", "agg_supply_demand_gap_contributors", CELL, "members_demand"),
        ("agg_talent_supply", "agg_talent_supply_contributors", ["year_quarter"], "persons"),
        ("agg_demand_cycle", "agg_demand_cycle_contributors", ["soc_code", "year_quarter"], "opened_seats"),
    ],
)
def test_contributors_add_up_to_their_cells(
    warehouse: Warehouse, mart: str, contributors: str, keys: list[str], total: str
) -> None:
    cells = warehouse.read(mart).set_index(keys)[total]
    sums = warehouse.read(contributors).groupby(keys)["persons"].sum().reindex(cells.index, fill_value=0)
    if mart == "agg_talent_supply":
        # Somebody whom two parents trained is one person.
        assert (sums >= cells).all()
    else:
        assert (sums == cells).all()
