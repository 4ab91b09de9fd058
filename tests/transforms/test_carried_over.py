"""A build that goes on from the one before has the rows of a build that begins with nothing."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from contracts import CONTRACTS
from orchestration.dbt import carried_over
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import region
from tests.transforms.small_lake import Drop, write_lake
from warehouse.in_force import changed_contracts

CHANGED = ("wage", "credential")
READS = re.compile(r"(?:lake_rows|current_state)\('(\w+)'")


def corrected(drops: list[Drop], contract: str) -> list[Drop]:
    """The first drop of a contract that holds rows is sent again, at the end, without its first row."""
    at = next(place for place, drop in enumerate(drops) if drop.contract == contract and drop.rows)
    again = replace(drops[at], rows=drops[at].rows[1:])
    return [*drops[:at], replace(drops[at], is_superseded=True), *drops[at + 1 :], again]


@pytest.mark.parametrize("contract", CHANGED)
def test_build_has_the_rows_of_a_full_one_when_one_firms_file_changed(
    warehouse: Warehouse, tmp_path: Path, contract: str
) -> None:
    later = Warehouse(tmp_path)
    write_lake(later.folder, corrected(list(region()), contract))
    changed = changed_contracts(warehouse.folder / "in_force.parquet", later.folder / "in_force.parquet")
    assert changed == {contract}
    kept = carried_over(warehouse.manifest, changed)
    shutil.copyfile(warehouse.database, later.database)
    without = ("--exclude-resource-type", "test", "unit_test")
    done = later.dbt("build", *without, "--indirect-selection", "empty", "--exclude", " ".join(kept))
    assert done.returncode == 0, done.stdout[-3000:]
    whole = later.folder / "whole.duckdb"
    assert later.dbt("build", *without, database=whole).returncode == 0
    assert differing(later.database, whole) == []
    assert f"stg_{contract}" in differing(later.database, warehouse.database)


def differing(one: Path, other: Path) -> list[str]:
    """The tables of which two warehouses hold different rows; a sum of doubles depends on its order."""
    with duckdb.connect() as con:
        for name, path in (("one", one), ("other", other)):
            con.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
        columns = con.execute("SELECT table_name, column_name, data_type FROM duckdb_columns()").fetchall()
        tables: dict[str, dict[str, None]] = defaultdict(dict)
        for table, column, kind in columns:
            tables[table][f'round("{column}", 9)' if kind == "DOUBLE" else f'"{column}"'] = None
        return [
            table
            for table, said in sorted(tables.items())
            if con.execute(_DIFFERENCE.format(table=table, columns=", ".join(said))).fetchall()
        ]


_DIFFERENCE = """
(SELECT {columns} FROM one."{table}" EXCEPT ALL SELECT {columns} FROM other."{table}")
UNION ALL
(SELECT {columns} FROM other."{table}" EXCEPT ALL SELECT {columns} FROM one."{table}")
LIMIT 1
"""


def test_nothing_is_carried_over_when_a_build_begins_with_nothing(warehouse: Warehouse) -> None:
    assert carried_over(warehouse.manifest, None) == []


def test_each_contract_is_read_by_the_staging_model_of_its_name_alone(warehouse: Warehouse) -> None:
    read = {
        (node["name"], contract)
        for node in warehouse.manifest["nodes"].values()
        for contract in READS.findall(node.get("raw_code", ""))
    }
    assert {contract for _, contract in read} == set(CONTRACTS)
    assert {(name, contract) for name, contract in read if name != f"stg_{contract}"} == set()
