"""DuckDB is opened with nothing switched on that a warehouse does not need."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from warehouse.duck import connect, identifier, literal


def test_connection_is_closed_when_the_block_ends_in_an_error() -> None:
    with pytest.raises(RuntimeError, match="inside"), connect() as con:
        raise RuntimeError("inside")
    with pytest.raises(duckdb.ConnectionException):
        con.execute("SELECT 1")


def test_python_variable_is_no_table_when_a_query_names_it() -> None:
    secret = pa.table({"x": [1]})
    with connect() as con, pytest.raises(duckdb.CatalogException):
        con.execute("FROM secret")
    assert secret.num_rows == 1


def test_extension_is_not_installed_when_a_query_needs_one() -> None:
    with connect() as con, pytest.raises(duckdb.Error):
        con.execute("FROM read_xlsx('x.xlsx')")


def test_file_cannot_be_written_when_opened_read_only(tmp_path: Path) -> None:
    with connect(tmp_path / "w.duckdb") as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS x")
    with (
        connect(tmp_path / "w.duckdb", read_only=True) as con,
        pytest.raises(duckdb.Error, match="read-only"),
    ):
        con.execute("INSERT INTO t VALUES (2)")


def test_limits_are_set_when_given(tmp_path: Path) -> None:
    with connect(threads=1, memory_limit="512MB", spill=tmp_path) as con:
        threads, spill = con.execute(
            "SELECT current_setting('threads'), current_setting('temp_directory')"
        ).fetchone() or (0, "")
    assert (threads, spill) == (1, str(tmp_path))


@pytest.mark.parametrize("name", ["plain", 'with"quote', "with'quote", "; DROP TABLE t; --", "ünï code"])
def test_quoting_keeps_any_name_one_name(name: str) -> None:
    with connect() as con:
        con.execute(f"CREATE TABLE {identifier(name)} (x INTEGER)")
        con.execute(f"COMMENT ON TABLE {identifier(name)} IS {literal(name)}")
        assert con.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall() == [(name, name)]
