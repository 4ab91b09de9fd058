"""A build that goes on from the one before has the rows of a build that begins with nothing."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from contracts import CONTRACTS
from orchestration.dbt import carried_over
from tests.transforms.agreement import differing
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import region
from tests.transforms.small_lake import Drop, write_lake
from warehouse.in_force import changed_contracts

READS = re.compile(r"(?:lake_rows|current_state)\('(\w+)'")


def corrected(drops: list[Drop], contract: str) -> tuple[list[Drop], Drop]:
    """The first drop of a contract that holds rows is sent again, at the end, without its first row."""
    at = next(place for place, drop in enumerate(drops) if drop.contract == contract and drop.rows)
    again = replace(drops[at], rows=drops[at].rows[1:])
    return [*drops[:at], replace(drops[at], is_superseded=True), *drops[at + 1 :], again], drops[at]


def test_build_that_goes_on_has_the_rows_of_a_full_one_though_it_was_killed(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    drops, wages = corrected(region(), "wage")
    drops, _ = corrected(drops, "credential")
    later = Warehouse(tmp_path, changed_people=tmp_path / "changed_people.parquet")
    write_lake(later.folder, drops)
    people = pa.array(sorted({row["learner_key"] for row in wages.rows}), pa.string())
    pq.write_table(pa.table({"learner_key": people}), tmp_path / "changed_people.parquet")
    changed = changed_contracts(warehouse.folder / "in_force.parquet", later.folder / "in_force.parquet")
    assert changed == {"wage", "credential"}
    kept = carried_over(warehouse.parsed, changed)
    names = {name.rpartition(".")[2] for name in kept}
    assert {"agg_fund_ledger", "agg_outcomes"} & names == {"agg_fund_ledger"}
    shutil.copyfile(warehouse.database, later.database)
    words = ("--exclude-resource-type", "unit_test", "--indirect-selection", "empty")
    command = ("build", *words, "--exclude", " ".join(kept))
    # Killed when half of it is done, and taken up again: what had changed by then is still known.
    assert later.killed_at("int_jobs__numbered", *command)
    done = later.dbt(*command)
    assert done.returncode == 0, done.stdout[-3000:]
    whole, database = replace(later, changed_people=None), tmp_path / "whole.duckdb"
    done = whole.dbt("build", "--exclude-resource-type", "test", "unit_test", database=database)
    assert done.returncode == 0, done.stdout[-3000:]
    assert differing(later.database, database) == []
    found = differing(later.database, warehouse.database)
    assert {"int_jobs__numbered", "agg_earnings_by_arm", "agg_credential_validity"} <= set(found)


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
