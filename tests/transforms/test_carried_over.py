"""A build that goes on from the one before has the rows of a build that begins with nothing."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

from contracts import CONTRACTS
from orchestration.dbt import carried_over
from tests.transforms.agreement import differing
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import region
from tests.transforms.small_lake import Drop, write_lake
from warehouse.in_force import changed_contracts

READS = re.compile(r"(?:lake_rows|current_state)\('(\w+)'")


def corrected(drops: list[Drop], contract: str) -> list[Drop]:
    """The first drop of a contract that holds rows is sent again, at the end, without its first row."""
    at = next(place for place, drop in enumerate(drops) if drop.contract == contract and drop.rows)
    again = replace(drops[at], rows=drops[at].rows[1:])
    return [*drops[:at], replace(drops[at], is_superseded=True), *drops[at + 1 :], again]


def test_build_has_the_rows_of_a_full_one_when_one_firms_file_changed(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    later = Warehouse(tmp_path)
    write_lake(later.folder, corrected(region(), "wage"))
    changed = changed_contracts(warehouse.folder / "in_force.parquet", later.folder / "in_force.parquet")
    assert changed == {"wage"}
    kept = carried_over(warehouse.parsed, changed)
    assert {"agg_fund_ledger", "agg_outcomes"} & {name.rpartition(".")[2] for name in kept} == {
        "agg_fund_ledger"
    }
    shutil.copyfile(warehouse.database, later.database)
    without = ("--exclude-resource-type", "test", "unit_test")
    done = later.dbt("build", *without, "--indirect-selection", "empty", "--exclude", " ".join(kept))
    assert done.returncode == 0, done.stdout[-3000:]
    whole = later.folder / "whole.duckdb"
    assert later.dbt("build", *without, database=whole).returncode == 0
    assert differing(later.database, whole) == []
    assert "int_wages__by_person_firm_quarter" in differing(later.database, warehouse.database)


def test_nothing_is_carried_over_when_a_build_begins_with_nothing(warehouse: Warehouse) -> None:
    assert carried_over(warehouse.parsed, None) == []


def test_each_contract_is_read_by_the_staging_model_of_its_name_alone(warehouse: Warehouse) -> None:
    read = {
        (node["name"], contract)
        for node in warehouse.manifest["nodes"].values()
        for contract in READS.findall(node.get("raw_code", ""))
    }
    assert {contract for _, contract in read} == set(CONTRACTS)
    assert {(name, contract) for name, contract in read if name != f"stg_{contract}"} == set()
