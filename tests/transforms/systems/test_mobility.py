"""Who moved, stayed and earned more, as drawn, by hand and by its restatement; and what must never be known.

Numbers in names are those of the known traps.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reports.systems import SYSTEM_TABLES
from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import key_of
from tests.transforms.restated_lake import LakeFrames
from tests.transforms.systems.restated_mobility import Mobility

pytestmark = pytest.mark.xdist_group("transforms")

CELL = ["horizon", "base_quarter", "group_dim", "group_value"]


@pytest.fixture(scope="module")
def restated_mobility(lake: LakeFrames) -> Mobility:
    return Mobility(lake)


@pytest.fixture(scope="module")
def moves(warehouse: Warehouse) -> pd.DataFrame:
    of_four = warehouse.query("SELECT * FROM int_moves__resolved WHERE horizon = 4")
    return of_four.set_index(["learner_key", "base_quarter"])


def _moved(moves: pd.DataFrame, nickname: str, base: str) -> bool:
    return bool(moves.loc[(key_of(nickname), base), "has_moved"])


def test_move_counts_within_four_quarters_and_not_in_the_fifth(moves: pd.DataFrame) -> None:
    assert _moved(moves, "just_inside", "2025Q2")
    assert (key_of("too_late"), "2025Q1") not in moves.index


def test_trap_11_primary_employer_is_the_one_that_pays_most(moves: pd.DataFrame) -> None:
    # The same two jobs in both quarters: the other one pays more in the second.
    assert _moved(moves, "second_job", "2025Q2")


def test_trap_11_merger_is_no_move_and_a_move_before_it_is_one(moves: pd.DataFrame) -> None:
    assert not _moved(moves, "taken_over", "2025Q2")
    assert not _moved(moves, "twice_over", "2025Q1")
    assert _moved(moves, "left_before", "2025Q1")


def test_part_that_was_sold_takes_its_workers_along_only_at_the_time(moves: pd.DataFrame) -> None:
    assert not _moved(moves, "part_sold", "2025Q1")
    assert _moved(moves, "part_stayed", "2025Q1")


def test_upward_is_five_percent_more_in_real_terms(moves: pd.DataFrame) -> None:
    assert moves.loc[(key_of("upward"), "2025Q2"), "is_upward"]
    assert not moves.loc[(key_of("not_upward"), "2025Q2"), "is_upward"]
    assert pd.isna(moves.loc[(key_of("unpaid"), "2025Q2"), "is_upward"])


def test_mobility_waits_while_a_firm_owes_wages(warehouse: Warehouse) -> None:
    # F5 never sent its wages of 2025Q4 and paid somebody in every base quarter that looks so far ahead.
    maturity = warehouse.read("agg_mobility").set_index(["horizon", "base_quarter"])["maturity"]
    assert set(maturity.loc[(4, "2025Q2")]) == {"INCOMPLETE"}
    assert set(maturity.loc[(4, "2024Q3")]) == {"MATURE"}


def test_mobility_equals_its_restatement(warehouse: Warehouse, restated_mobility: Mobility) -> None:
    joined = side_by_side(warehouse.read("agg_mobility"), restated_mobility.mobility(), CELL)
    assert joined["movers"].sum() > 30
    rates = ["mobility_rate", "mobility_lower", "mobility_upper", "upward_share"]
    assert_equal(joined, ["persons", "movers", "movers_compared", "upward_movers"], rates)


def test_retention_equals_its_restatement(warehouse: Warehouse, restated_mobility: Mobility) -> None:
    joined = side_by_side(warehouse.read("agg_job_retention"), restated_mobility.retention(), CELL)
    assert_equal(joined, ["persons", "observed_later", "same_employer"])


def test_wage_change_equals_its_restatement(warehouse: Warehouse, restated_mobility: Mobility) -> None:
    keys = ["horizon", "base_quarter", "employer"]
    joined = side_by_side(warehouse.read("agg_wage_change"), restated_mobility.wage_change(), keys)
    money = ["median_change_usd", "fuzzy_median_usd", "median_lower_usd", "median_upper_usd"]
    assert_equal(joined, ["persons"], money)


def test_pathways_equal_their_restatement(warehouse: Warehouse, restated_mobility: Mobility) -> None:
    keys = ["soc_level", "from_occupation", "to_occupation"]
    joined = side_by_side(warehouse.read("agg_pathways"), restated_mobility.pathways(), keys)
    assert {("G", "51-0000", "47-0000")} <= set(joined[keys].itertuples(index=False, name=None))
    assert_equal(joined, ["observed", "steps"], ["step_share"])


def test_credential_integrity_equals_its_restatement(
    warehouse: Warehouse, restated_mobility: Mobility
) -> None:
    keys = ["base_quarter", "group_dim", "group_value"]
    joined = side_by_side(warehouse.read("agg_credential_integrity"), restated_mobility.integrity(), keys)
    assert_equal(joined, ["movers_with_credential", "movers_with_active", "movers_with_kept"])


def test_credential_is_kept_when_active_and_recognized_where_the_mover_went(warehouse: Warehouse) -> None:
    movers = warehouse.read("int_movers__credentialed")
    newest = movers[movers["base_quarter"] == "2025Q2"].set_index("learner_key")
    flags = newest[["has_active_credential", "has_kept_credential"]]
    assert list(flags.loc[key_of("upward")]) == [True, True]
    assert list(flags.loc[key_of("second_job")]) == [True, True]
    assert list(flags.loc[key_of("not_upward")]) == [False, False]
    assert list(flags.loc[key_of("just_inside")]) == [True, False]


@pytest.mark.parametrize(
    ("mart", "contributors", "keys", "total", "hits"),
    [
        ("agg_mobility", "agg_mobility_contributors", CELL, "persons", "movers"),
        ("agg_mobility", "agg_upward_mobility_contributors", CELL, "movers_compared", "upward_movers"),
        ("agg_job_retention", "agg_job_retention_contributors", CELL, "persons", "observed_later"),
        ("agg_wage_change", "agg_wage_change_contributors", [*CELL[:2], "employer"], "persons", None),
        (
            "agg_pathways",
            "agg_pathway_contributors",
            ["soc_level", "from_occupation", "to_occupation"],
            "observed",
            "steps",
        ),
        (
            "agg_credential_integrity",
            "agg_credential_integrity_contributors",
            CELL[1:],
            "movers_with_credential",
            "movers_with_kept",
        ),
    ],
)
def test_contributors_add_up_to_their_cells(
    warehouse: Warehouse, mart: str, contributors: str, keys: list[str], total: str, hits: str | None
) -> None:
    cells = warehouse.read(mart).set_index(keys)
    sums = warehouse.read(contributors).groupby(keys)[["persons", "numerator_persons"]].sum()
    sums = sums.reindex(cells.index, fill_value=0)
    assert (sums["persons"] == cells[total]).all()
    assert hits is None or (sums["numerator_persons"] == cells[hits]).all()


# --- what leaves the building -----------------------------------------------------------------------------

FIRM_COLUMNS = {
    "firm_id",
    "parent_group_id",
    "box_firm_id",
    "destination_firm_id",
    "destination_parent_group_id",
    "predecessor_firm_id",
    "successor_firm_id",
    "employer_id_hash",
    "display_label",
    "position_key",
    "learner_key",
}


def _named(models: dict[str, dict[str, Any]]) -> set[tuple[str, str]]:
    """Columns that tell firms or people apart, of models whose rows are published."""
    leaving = {table.mart for table in SYSTEM_TABLES}
    return {
        (name, column)
        for name, node in models.items()
        if name in leaving
        for column in node["columns"]
        if column in FIRM_COLUMNS or column.endswith(("_firm_id", "_parent_group_id"))
    }


@pytest.fixture(scope="module")
def models(warehouse: Warehouse) -> dict[str, dict[str, Any]]:
    nodes = warehouse.manifest["nodes"].values()
    return {node["name"]: node for node in nodes if node["resource_type"] == "model"}


def test_no_mart_that_leaves_tells_firms_apart(models: dict[str, dict[str, Any]]) -> None:
    assert _named(models) == set()


def test_mart_that_tells_origins_apart_is_seen(models: dict[str, dict[str, Any]]) -> None:
    planted = {**models["agg_mobility"], "columns": {"base_quarter": {}, "origin_firm_id": {}}}
    assert _named({**models, "agg_mobility": planted}) == {("agg_mobility", "origin_firm_id")}


def test_pairs_of_firms_reach_only_pooled_marts(models: dict[str, dict[str, Any]]) -> None:
    """Whatever reads the pairs is pooled, or has dropped where people came from or went to."""
    pairs = "model.guildhall.int_moves__resolved"
    readers = {name for name, node in models.items() if pairs in node["depends_on"]["nodes"]}
    assert readers == {"int_moves__grouped", "int_movers__credentialed"}


def test_intermediate_models_after_the_pairs_know_one_side_at_most(warehouse: Warehouse) -> None:
    for reader in ("int_moves__grouped", "int_movers__credentialed"):
        columns = set(warehouse.query(f"DESCRIBE {reader}")["column_name"])
        assert len(columns & FIRM_COLUMNS - {"learner_key"}) == 1
