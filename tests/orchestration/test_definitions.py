"""What Dagster knows of a home: every step of the journey, in order, with checks that block."""

from __future__ import annotations

from datetime import date

import dagster as dg
import pytest

from orchestration.cli.init_command import first_settings
from orchestration.definitions import build_defs
from orchestration.job_names import DASHBOARDS, DELIVERY, INTAKE, JOURNEY, PREPARATION, WATCH
from reports.tables import MARTS
from warehouse.home import init_home

BLOCKING = {
    *("ledger_verifies", "rows_add_up", "tables_keep_to_their_status", "nothing_gives_anyone_away"),
    "release_verifies",
}
JOBS = {JOURNEY, PREPARATION, INTAKE, WATCH, DELIVERY, DASHBOARDS}


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    folder = tmp_path_factory.mktemp("defs") / "home"
    return build_defs(init_home(folder, first_settings("Test", "Test", date(2026, 11, 1))))


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> dg.AssetGraph:
    return definitions.resolve_asset_graph()


def test_house_loads_whole_as_the_ui_and_the_daemon_load_it(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)
    house = definitions.get_repository_def()
    house.load_all_definitions()  # two jobs or assets of one name are found here and nowhere before
    assert {job.name for job in house.get_all_jobs()} >= JOBS


def _upstream(graph: dg.AssetGraph, name: str) -> set[str]:
    seen: set[str] = set()
    todo = [dg.AssetKey(name)]
    while todo:
        parents = graph.get(todo.pop()).parent_keys
        todo += [key for key in parents if key.to_user_string() not in seen]
        seen |= {key.to_user_string() for key in parents}
    return seen


def test_release_stands_behind_every_step_of_the_journey(graph: dg.AssetGraph) -> None:
    steps = {"landed_drops", "accepted_extracts", "in_force", "stg_wage", "agg_outcomes", "published_tables"}
    assert steps <= _upstream(graph, "release")


def test_every_published_mart_is_an_asset_that_stands_behind_intake(graph: dg.AssetGraph) -> None:
    for mart in MARTS:
        assert dg.AssetKey(mart) in graph.get_all_asset_keys(), mart


def test_checks_that_protect_readers_block(graph: dg.AssetGraph) -> None:
    blocking = {key.name for key in graph.asset_check_keys if graph.get_check_spec(key).blocking}
    assert blocking >= BLOCKING


def test_dbt_tests_are_asset_checks(graph: dg.AssetGraph) -> None:
    of_ledger = [key for key in graph.asset_check_keys if key.asset_key == dg.AssetKey("agg_fund_ledger")]
    assert of_ledger
