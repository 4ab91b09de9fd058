"""One warehouse for all tests of the dbt project: the small region of `grids.py`, built once, by dbt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from tests.transforms.grids import AS_OF, region
from tests.transforms.restated_lake import LakeFrames
from tests.transforms.restatement import Restatement, read_lake
from tests.transforms.small_lake import write_lake
from transforms import PROJECT_DIR

SMALL_FLOORS: dict[str, Any] = {"min_persons": 5, "min_responders": 3, "pool_below": 8}
"""A small region's groups are small: what the project leaves out of a large one is left out below these."""


@dataclass(frozen=True)
class Warehouse:
    """A folder with a lake and the warehouse file dbt made from it."""

    folder: Path
    as_of: date = AS_OF
    changes: Path | None = None

    @property
    def database(self) -> Path:
        return self.folder / "warehouse.duckdb"

    def dbt(self, *command: str, database: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run dbt on this folder, as a person would; the caller looks at the return code."""
        words, environment = self._call(command, database or self.database)
        return subprocess.run(words, capture_output=True, text=True, check=False, env=environment)

    def killed_at(self, model: str, *command: str) -> bool:
        """Run dbt and kill it as soon as it says that a model is built; False when it never does."""
        words, environment = self._call(command, self.database)
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as running:
            assert running.stdout is not None
            seen = any("OK created" in line and model in line for line in running.stdout)
            running.kill()
        return seen

    def _call(self, command: Sequence[str], database: Path) -> tuple[list[str], dict[str, str]]:
        environment = {
            **os.environ,
            "GUILDHALL_BUILD_DB": str(database),
            "GUILDHALL_LAKE": str(self.folder),
            "GUILDHALL_IN_FORCE": str(self.folder / "in_force.parquet"),
            "GUILDHALL_AS_OF": self.as_of.isoformat(),
            "GUILDHALL_CHANGES": str(self.changes or ""),
            "DO_NOT_TRACK": "1",
        }
        target = self.folder / "target"
        arguments = [
            *("--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)),
            *("--target-path", str(target), "--log-path", str(target / "logs")),
            *("--vars", json.dumps(SMALL_FLOORS)),
        ]
        return [str(Path(sys.executable).with_name("dbt")), *command, *arguments], environment

    def build(self) -> None:
        """`dbt build`: seeds, models, unit tests, data tests; everything has to pass."""
        done = self.dbt("build")
        assert done.returncode == 0, done.stdout[-6000:]

    def read(self, table: str) -> pd.DataFrame:
        """One table of the warehouse."""
        return self.query(f"SELECT * FROM {table}")

    def query(self, sql: str) -> pd.DataFrame:
        """Rows of a query, amounts as Decimal."""
        with duckdb.connect(str(self.database), read_only=True) as con:
            return con.execute(sql).to_arrow_table().to_pandas()

    @property
    def manifest(self) -> dict[str, Any]:
        """What dbt understood of the project."""
        parsed: dict[str, Any] = json.loads(self.parsed.read_text())
        return parsed

    @property
    def parsed(self) -> Path:
        """The file in which dbt wrote it."""
        return self.folder / "target" / "manifest.json"


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The small region, built."""
    made = Warehouse(tmp_path_factory.mktemp("region"))
    write_lake(made.folder, region())
    made.build()
    return made


@pytest.fixture(scope="session")
def restated(warehouse: Warehouse) -> Restatement:
    """The same lake, stated a second time without dbt."""
    prices = PROJECT_DIR / "seeds" / "cpi_u.csv"
    return Restatement(
        read_lake(warehouse.folder, warehouse.folder / "in_force.parquet", prices, warehouse.as_of)
    )


@pytest.fixture(scope="session")
def lake(restated: Restatement) -> LakeFrames:
    """The small region's rows as they lie in the lake."""
    return restated.whole_lake
