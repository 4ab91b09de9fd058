"""Every contract has its staging model, and every value of the lake arrives there, whatever it is called."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from contracts import CONTRACTS
from tests.transforms.conftest import Warehouse
from tests.transforms.small_lake import Drop, Row, write_lake
from transforms import PROJECT_DIR

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("staging")]

EXAMPLES = Path(__file__).parents[1] / "contracts" / "examples"
AFTER_PLACE = 3
"""Staged columns begin with box, period and submission."""


def examples(contract: str) -> tuple[Row, ...]:
    with (EXAMPLES / f"{contract}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A lake with the example rows of every contract, and staging built from it."""
    made = Warehouse(tmp_path_factory.mktemp("staging"))
    boxes = ((name, str(of.meta.dropped_by)) for name, of in CONTRACTS.items())
    write_lake(
        made.folder,
        [Drop(name, "F01" if box == "firm" else box, "2026Q1", examples(name)) for name, box in boxes],
    )
    done = made.dbt("build", "--select", "staging")
    assert done.returncode == 0, done.stdout[-6000:]
    return made


def test_every_contract_is_staged() -> None:
    models = (PROJECT_DIR / "models" / "staging").glob("stg_*.sql")
    assert set(CONTRACTS) <= {path.stem.removeprefix("stg_") for path in models}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_staging_loses_no_value_when_it_renames_and_casts(staged: Warehouse, contract: str) -> None:
    found = staged.read(f"stg_{contract}").iloc[:, AFTER_PLACE:]
    (path,) = (staged.folder / "accepted" / contract).glob("firm=*/*/*.parquet")
    sent = staged.query(f"SELECT * FROM read_parquet('{path}', hive_partitioning = false) ORDER BY record")
    sent = sent[list(CONTRACTS[contract].column_names())]
    assert sorted(map(_texts, found.to_numpy().tolist())) == sorted(map(_texts, sent.to_numpy().tolist()))


def _texts(row: list[object]) -> list[str]:
    return ["" if pd.isna(value) else _text(value) for value in row]  # type: ignore[call-overload]


def _text(value: object) -> str:
    return str(float(str(value))) if isinstance(value, int | float) else str(value)
