"""The demo's mobility is published pooled, and a release names no member and nobody."""

from __future__ import annotations

import duckdb
import pytest

from tests.acceptance.conftest import Planted
from warehouse import releases

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]


@pytest.mark.parametrize("table", ["mobility", "upward_mobility", "job_retention", "wage_change"])
def test_mobility_is_published(planted: Planted, table: str) -> None:
    rows = planted.published(table)
    assert (rows["value_status"] == 1).any()


def test_release_holds_no_name_of_a_firm_and_no_pair(planted: Planted) -> None:
    """Every text of every table of the published database, against every name a firm or parent goes by."""
    firms = planted.mart("dim_firm")
    names = {*firms["firm_id"], *firms["parent_group_id"], *firms["display_label"].dropna()}
    database = releases.read_release(planted.home).root / "guildhall.duckdb"
    with duckdb.connect(str(database), read_only=True) as con:
        texts = con.sql(
            "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'VARCHAR'"
        ).fetchall()
        assert not [column for _, column in texts if "firm" in column or "parent" in column]
        found = {
            value
            for table, column in texts
            for (value,) in con.sql(f'SELECT DISTINCT "{column}" FROM "{table}"').fetchall()
        }
    assert not names & found
