"""The core outcome marts in plain pandas and plain Polars have our rows: a bench compares like with like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.bench.outcome_marts import disagreement, mart_of
from tests.bench.outcome_peers import on_pandas, on_polars
from tests.bench.outcome_peers.asked import CELL, METRICS, Lake
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import AS_OF, region
from tests.transforms.small_lake import write_lake

pytestmark = pytest.mark.xdist_group("transforms")

Peer = Callable[[Lake], pd.DataFrame]
PEERS = {"pandas": on_pandas.outcomes, "Polars": lambda lake: on_polars.outcomes(lake).to_pandas()}
CORRECTED = ("wage", "enrollment", "ui_match", "credential")


@pytest.fixture(params=PEERS)
def peer(request: pytest.FixtureRequest) -> Peer:
    return PEERS[request.param]


def lake_in(folder: Path, in_force: str = "in_force.parquet") -> Lake:
    return Lake(folder, folder / in_force, AS_OF)


def test_peer_has_the_rows_of_the_mart(warehouse: Warehouse, peer: Peer) -> None:
    mart = mart_of(warehouse.database)
    assert set(mart["metric_id"]) == METRICS.keys()
    assert set(mart["maturity"]) == {"MATURE", "INCOMPLETE", "NOT_YET"}
    assert disagreement(mart, peer(lake_in(warehouse.folder))) == ""


@pytest.mark.parametrize("column", ["denominator", "maturity", "value_lower"])
def test_another_figure_is_a_disagreement(warehouse: Warehouse, column: str) -> None:
    mart = mart_of(warehouse.database)
    answer = mart.copy()
    at = answer.index[answer[column].notna()][0]
    answer.loc[at, column] = "other" if column == "maturity" else answer.loc[at, column] + 1
    assert column in disagreement(mart, answer)


def test_cell_that_is_missing_is_a_disagreement(warehouse: Warehouse) -> None:
    mart = mart_of(warehouse.database)
    assert str(mart.loc[0, CELL[0]]) in disagreement(mart, mart.drop(index=0))


def test_peer_leaves_out_records_that_a_correction_overruled(tmp_path: Path, peer: Peer) -> None:
    """The first record of every file overruled is the same as files without them, and not the same as all."""
    drops = region()
    shorter = [replace(drop, rows=drop.rows[1:]) if drop.contract in CORRECTED else drop for drop in drops]
    for folder, rows in (("whole", drops), ("shorter", shorter)):
        write_lake(tmp_path / folder, rows)
    listed = pq.read_table(tmp_path / "whole" / "in_force.parquet")
    gone = [[1] if name in CORRECTED else [] for name in listed["contract"].to_pylist()]
    column = listed.column_names.index("overruled")
    overruled = listed.set_column(
        column, listed.schema.field("overruled"), pa.array(gone, pa.list_(pa.int64()))
    )
    pq.write_table(overruled, tmp_path / "whole" / "overruled.parquet")
    answer = peer(lake_in(tmp_path / "whole", "overruled.parquet"))
    assert disagreement(peer(lake_in(tmp_path / "shorter")), answer) == ""
    assert disagreement(peer(lake_in(tmp_path / "whole")), answer) != ""
