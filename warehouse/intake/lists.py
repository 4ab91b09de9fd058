"""The lists that columns of a contract must be in, as the engine's tables and as Python's sets.

Which rows of a register are in a list belongs to ``context``.
"""

from __future__ import annotations

from string import Template

import duckdb
import pyarrow as pa

from contracts.codesets import codeset
from contracts.fields import Membership
from contracts.model import Contract
from warehouse.duck import identifier

CODE_SET = "codeset_"
"""How the context table of a published code set begins."""

_LOOK_UP = Template("SELECT DISTINCT $column FROM $table")


def lookup_lists(con: duckdb.DuckDBPyConnection, of: type[Contract]) -> dict[str, frozenset[str]]:
    """The values of each list a contract's columns must be in, by the name of its context table."""
    memberships = (column.field.membership for column in of.columns())
    return {one.table: _values(con, one) for one in memberships if one is not None}


def _values(con: duckdb.DuckDBPyConnection, of: Membership) -> frozenset[str]:
    query = _LOOK_UP.substitute(table=identifier(of.table), column=identifier(of.column))
    return frozenset(value for (value,) in con.execute(query).fetchall())


def load_code_set(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Make the context table of a published code set."""
    known = sorted(codeset(table.removeprefix(CODE_SET)))
    con.register("codes", pa.table({"code": pa.array(known, pa.string())}))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(table)} AS FROM codes")
    con.unregister("codes")
