"""A build that goes on from the one before has the rows of a build that begins with nothing."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from contracts import CONTRACTS
from orchestration.dbt import CarriedOver, carried_over, leave_out
from tests.transforms.agreement import differing
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import region
from tests.transforms.small_lake import Drop, write_lake
from warehouse.in_force import changed_contracts

PAY = "stg_wage int_wages__by_person_firm_quarter"
READS = re.compile(r"(?:lake_rows|current_state)\('(\w+)'")


def corrected(drops: list[Drop], contract: str) -> tuple[list[Drop], Drop]:
    """The first drop of a contract that holds rows is sent again, at the end, without its first row."""
    at = next(place for place, drop in enumerate(drops) if drop.contract == contract and drop.rows)
    again = replace(drops[at], rows=drops[at].rows[1:])
    return [*drops[:at], replace(drops[at], is_superseded=True), *drops[at + 1 :], again], drops[at]


def going_on(warehouse: Warehouse, folder: Path, drops: list[Drop], people: Iterable[str]) -> Warehouse:
    """A lake of these drops, and the region's warehouse to go on from; ``people``: whose wages changed."""
    later = Warehouse(folder, changes=folder / "changes")
    write_lake(folder, drops)
    (folder / "changes").mkdir()
    differently = in_force(warehouse.folder) ^ in_force(folder)
    changed = {
        "learner_key": set(people),
        "submission_id": {submission for submission, _ in differently},
    }
    for column, said in changed.items():
        table = pa.table({column: pa.array(sorted(said), pa.string())})
        pq.write_table(table, folder / "changes" / f"{column}.parquet")
    shutil.copyfile(warehouse.database, later.database)
    return later


def in_force(folder: Path) -> set[tuple[str, str]]:
    """Submissions, and all that is said of each."""
    return {
        (row["submission_id"], repr(row)) for row in pq.read_table(folder / "in_force.parquet").to_pylist()
    }


def downstream(warehouse: Warehouse, changed: Iterable[str]) -> set[str]:
    """Every model and data test with a staging model of these contracts among what it is made from."""
    parents = warehouse.manifest["parent_map"]
    staging = {f"model.guildhall.stg_{contract}" for contract in ("submission", *changed)}

    @cache
    def below(node: str) -> bool:
        return node in staging or any(below(parent) for parent in parents.get(node, []))

    return {node for node in parents if not node.startswith("unit_test.") and below(node)}


def test_build_that_goes_on_has_the_rows_of_a_full_one_though_it_was_killed(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    drops, wages = corrected(region(), "wage")
    drops, _ = corrected(drops, "credential")
    later = going_on(warehouse, tmp_path, drops, (row["learner_key"] for row in wages.rows))
    changed = changed_contracts(warehouse.folder / "in_force.parquet", later.folder / "in_force.parquet")
    assert changed == {"wage", "credential"}
    kept = carried_over(warehouse.parsed, changed)
    assert {"agg_fund_ledger", "agg_outcomes"} & kept.names == {"agg_fund_ledger"}
    command = ("build", "--exclude-resource-type", "unit_test", *leave_out(kept))
    # Killed when half of it is done, and taken up again: what had changed by then is still known.
    assert later.killed_at("int_jobs__numbered", *command)
    done = later.dbt(*command)
    assert done.returncode == 0, done.stdout[-3000:]
    results = json.loads((later.folder / "target" / "run_results.json").read_text())["results"]
    ran = {one["unique_id"] for one in results}
    assert {name for name in ran if not name.startswith("operation.")} == downstream(warehouse, changed)
    whole, database = replace(later, changes=None), tmp_path / "whole.duckdb"
    done = whole.dbt("build", "--exclude-resource-type", "test", "unit_test", database=database)
    assert done.returncode == 0, done.stdout[-3000:]
    assert differing(later.database, database) == []
    found = differing(later.database, warehouse.database)
    assert {"int_jobs__numbered", "agg_earnings_by_arm", "agg_credential_validity"} <= set(found)


def test_only_the_people_whose_wages_changed_are_built_again(warehouse: Warehouse, tmp_path: Path) -> None:
    """All rows are marked beforehand: what was made again, or read again, has lost the mark."""
    drops, wages = corrected(region(), "wage")
    people = {row["learner_key"] for row in wages.rows}
    later = going_on(warehouse, tmp_path, drops, people)
    with duckdb.connect(str(later.database)) as con:
        con.execute("UPDATE int_employers__primary SET soc_code = 'marked'")
        con.execute("UPDATE int_wages__by_person_firm_quarter SET primary_work_county_fips = 'marked'")
    done = later.dbt("run", "--select", f"{PAY} int_employers__primary")
    assert done.returncode == 0, done.stdout[-3000:]
    left = set(
        later.query("SELECT learner_key FROM int_employers__primary WHERE soc_code = 'marked'")["learner_key"]
    )
    everybody = set(later.read("int_employers__primary")["learner_key"])
    assert left == everybody - people
    assert left
    read = later.query(
        "SELECT DISTINCT submission_id FROM int_wages__by_person_firm_quarter "
        "WHERE primary_work_county_fips IS DISTINCT FROM 'marked'"
    )
    assert list(read["submission_id"]) == [f"s{len(drops):06d}"]


def test_key_that_a_correction_doubles_fails_the_build_that_goes_on(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    drops, wages = corrected(region(), "wage")
    doubled = replace(drops[-1], rows=(*wages.rows, wages.rows[0]))
    later = going_on(warehouse, tmp_path, [*drops[:-1], doubled], (row["learner_key"] for row in wages.rows))
    done = later.dbt("build", "--exclude-resource-type", "unit_test", "--select", PAY)
    assert done.returncode != 0
    assert "FAIL 1 unique_combination_int_wages__by_person_firm_quarter" in done.stdout


def test_nothing_is_carried_over_when_a_build_begins_with_nothing(warehouse: Warehouse) -> None:
    assert carried_over(warehouse.parsed, None) == CarriedOver()


def test_what_a_build_that_goes_on_reads_in_part_is_for_models_that_are_made_again_in_part(
    warehouse: Warehouse,
) -> None:
    """Any other reader would take a part of the rows for all of them."""
    nodes = warehouse.manifest["nodes"]
    in_part = [name for name, node in nodes.items() if "changed_only" in node.get("raw_code", "")]
    readers = {reader for name in in_part for reader in warehouse.manifest["child_map"][name]}
    assert in_part == ["model.guildhall.stg_wage"]
    assert {r for r in readers if not nodes[r]["config"].get("meta", {}).get("by_submission")} == set()
    assert readers


def test_files_that_are_alike_are_not_all_opened_at_once(warehouse: Warehouse) -> None:
    compiled = [
        path.read_text()
        for path in (warehouse.folder / "target" / "run").rglob("stg_*.sql")
        if "union_by_name" in path.read_text()
    ]
    assert {re.findall(r"union_by_name = (\w+)", text)[0] for text in compiled} == {"False"}


def test_each_contract_is_read_by_the_staging_model_of_its_name_alone(warehouse: Warehouse) -> None:
    read = {
        (node["name"], contract)
        for node in warehouse.manifest["nodes"].values()
        for contract in READS.findall(node.get("raw_code", ""))
    }
    assert {contract for _, contract in read} == set(CONTRACTS)
    assert {(name, contract) for name, contract in read if name != f"stg_{contract}"} == set()
