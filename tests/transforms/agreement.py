"""Two statements of one mart laid side by side: a row that only one has, or a number that differs, fails.

And two warehouses: which tables of theirs hold different rows.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import duckdb
import pandas as pd
import pytest


def side_by_side(mart: pd.DataFrame, restated: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """One row per key of either; a key that only one side has fails here."""
    joined = mart.merge(
        restated, on=keys, how="outer", suffixes=("", "_restated"), indicator=True, validate="1:1"
    )
    strangers = joined[joined["_merge"] != "both"]
    assert strangers.empty, strangers[[*keys, "_merge"]].to_string()
    return joined


def assert_equal(joined: pd.DataFrame, exact: list[str], close: list[str] | None = None) -> None:
    for column in exact:
        here, there = (
            joined[name].astype("object").where(joined[name].notna(), None)
            for name in (column, f"{column}_restated")
        )
        differs = pd.Series([a != b for a, b in zip(here, there, strict=True)], index=joined.index)
        assert not differs.any(), f"{column}:\n{joined[differs].head(5).to_string()}"
    for column in close or []:
        here, there = joined[column].astype("float64"), joined[f"{column}_restated"].astype("float64")
        assert list(here) == pytest.approx(list(there), rel=1e-9, abs=1e-9, nan_ok=True), column


def differing(one: Path, other: Path) -> list[str]:
    """The tables of which two warehouses hold different rows; a sum of doubles depends on its order."""
    with duckdb.connect() as con:
        for name, path in (("one", one), ("other", other)):
            con.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
        tables: dict[str, dict[str, None]] = defaultdict(dict)
        for table, column, kind in con.execute(_COLUMNS).fetchall():
            tables[table][f'round("{column}", 9)' if kind == "DOUBLE" else f'"{column}"'] = None
        return [
            table
            for table, said in sorted(tables.items())
            if con.execute(_DIFFERENCE.format(table=table, columns=", ".join(said))).fetchall()
        ]


_COLUMNS = "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
_DIFFERENCE = """
(SELECT {columns} FROM one."{table}" EXCEPT ALL SELECT {columns} FROM other."{table}")
UNION ALL
(SELECT {columns} FROM other."{table}" EXCEPT ALL SELECT {columns} FROM one."{table}")
LIMIT 1
"""
