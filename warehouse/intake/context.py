"""What a contract's rules look up besides the batch: code sets, registers, the box's own other extracts.

Registers are visible to every box; of the other extracts a rule sees its own box only, so a finding never
tells a firm anything about another. Which tables a program needs is said by the program.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from string import Template

import duckdb

from contracts import contract
from contracts.model import Party
from contracts.statements import ContextTable, Statements
from warehouse.duck import identifier
from warehouse.home import Home
from warehouse.in_force import load_accepted
from warehouse.intake.lists import CODE_SET, load_code_set
from warehouse.lake import InForce

_REFER = Template("CREATE OR REPLACE TEMP TABLE $table AS SELECT $columns FROM referred")
_REFERENCE = "ref_"


def load_context(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    program: Statements,
    in_force: Sequence[InForce],
    firms: Collection[str],
) -> None:
    """Make every context table of a program; of firms' extracts, the rows of these firms' boxes."""
    for table in program.context:
        if table.name.startswith(CODE_SET):
            load_code_set(con, table.name)
        else:
            _load_reference(con, home, table, _visible(table, in_force, firms))


def referred_to(program: Statements) -> frozenset[str]:
    """The contracts whose rows in force a program looks up."""
    names = {table.name for table in program.context}
    return frozenset(name.removeprefix(_REFERENCE) for name in names if name.startswith(_REFERENCE))


def _visible(table: ContextTable, in_force: Iterable[InForce], firms: Collection[str]) -> list[InForce]:
    name = table.name.removeprefix(_REFERENCE)
    is_register = contract(name).meta.dropped_by is Party.OPERATOR
    return [one for one in in_force if one.contract == name and (is_register or one.firm_id in firms)]


def _load_reference(
    con: duckdb.DuckDBPyConnection, home: Home, table: ContextTable, visible: Iterable[InForce]
) -> None:
    name = table.name.removeprefix(_REFERENCE)
    load_accepted(con, home, name, visible, "referred", table.columns)
    columns = ", ".join(identifier(column) for column in table.columns)
    con.execute(_REFER.substitute(table=identifier(table.name), columns=columns))
    con.execute("DROP TABLE referred")
