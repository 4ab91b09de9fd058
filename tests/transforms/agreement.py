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
    """The tables of which two warehouses hold different rows; a sum of doubles depends on its order.

    Views are left out: what they show lies elsewhere. Tables are compared by their number of rows and the sum
    of the rows' hashes, which no order changes.
    """
    digests = [_digests(path) for path in (one, other)]
    names = sorted(digests[0].keys() | digests[1].keys())
    return [name for name in names if digests[0].get(name) != digests[1].get(name)]


def _digests(path: Path) -> dict[str, tuple[int, int]]:
    columns: dict[str, list[str]] = defaultdict(list)
    with duckdb.connect(str(path), read_only=True) as con:
        for table, column, kind in con.execute(_COLUMNS).fetchall():
            columns[table].append(f'round("{column}", 9)' if kind == "DOUBLE" else f'"{column}"')
        return {
            table: con.execute(_DIGEST.format(table=table, columns=", ".join(said))).fetchall()[0]
            for table, said in columns.items()
        }


_COLUMNS = """
SELECT table_name, column_name, data_type FROM duckdb_columns() SEMI JOIN duckdb_tables() USING (table_name)
WHERE NOT internal ORDER BY ALL
"""
_DIGEST = 'SELECT count(*), sum(CAST(hash({columns}) AS HUGEINT)) FROM "{table}"'
