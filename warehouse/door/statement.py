"""A question as it may be asked: one SELECT over the tables of one release, made of nothing that is not
allowed.

What is asked of DuckDB is written again from what was understood, so that nothing is run that was not read.
Running it belongs to ``answering``.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from contracts.errors import DoorError
from warehouse.door.grammar import FUNCTIONS, SYNTAX, TYPES
from warehouse.door.limits import Limits

_DIALECT = "duckdb"
_ASK = (exp.Select, exp.SetOperation, exp.Subquery)


def read_statement(sql: str, tables: Collection[str], limits: Limits) -> str:
    """The one SELECT in ``sql``, written again from its syntax tree; DoorError when it is anything else.

    ``tables``: the names that may be read. DOR-001 too long or unreadable, DOR-002 not one SELECT, DOR-003
    syntax or a function that is not allowed, DOR-004 an unknown table.
    """
    tree = _parsed(sql, limits)
    for node in tree.walk():
        _require_allowed(node)
    _require_known(tree, tables)
    for node in tree.walk():
        node.comments = None
    return tree.sql(dialect=_DIALECT)


def _parsed(sql: str, limits: Limits) -> exp.Expr:
    if len(sql) > limits.characters:
        raise _unreadable(f"{len(sql):,} characters", f"at most {limits.characters:,}")
    try:
        parsed = [tree for tree in sqlglot.parse(sql, dialect=_DIALECT) if tree is not None]
    except (SqlglotError, RecursionError, ValueError) as error:
        raise _unreadable(_first_line(error), "one SELECT in DuckDB's SQL") from error
    if len(parsed) != 1 or not isinstance(parsed[0], _ASK):
        found = f"{len(parsed)} statements" if len(parsed) != 1 else f"a {_words(parsed[0])} statement"
        raise DoorError(
            "DOR-002",
            found=found,
            expected="exactly one SELECT",
            where="the question",
            remedy="Ask one question at a time; nothing can be changed, and other statements are not run.",
        )
    return parsed[0]


def _require_allowed(node: exp.Expr) -> None:
    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
        name = str(node.name).lower()
        if name not in FUNCTIONS:
            raise _refused(f"the function {name}()", _near(name, FUNCTIONS))
    elif type(node).__name__ not in SYNTAX:
        kind = f"the function {node.sql_name().lower()}()" if isinstance(node, exp.Func) else _words(node)
        raise _refused(kind, "")
    elif isinstance(node, exp.Table):
        _require_plain(node)
    elif isinstance(node, exp.DataType) and str(node.this.name) not in TYPES:
        raise _refused(f"the type {node.sql(dialect=_DIALECT)[:80]}", "")
    elif isinstance(node, exp.Select) and not node.expressions:
        raise _unreadable("a SELECT of nothing", "what to select")
    elif isinstance(node, exp.With) and node.args.get("recursive"):
        raise _refused("WITH RECURSIVE", "")


def _require_plain(table: exp.Table) -> None:
    """A table is a bare name: no schema, no function, no file, no sample, no other version."""
    if not isinstance(table.this, exp.Identifier):
        raise _refused("a function in the place of a table", "")
    if table.args.get("db") or table.args.get("catalog"):
        raise _refused(f"the qualified name {table.sql(dialect=_DIALECT)[:80]}", "")


def _require_known(tree: exp.Expr, tables: Collection[str]) -> None:
    own = {str(cte.alias).lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.name.lower() not in own | set(tables):
            raise DoorError(
                "DOR-004",
                found=f"no table {table.name[:80]!r}",
                expected=f"a table or view of this release{_near(table.name.lower(), tables)}",
                where="the question",
                remedy="`/tables` lists every table and column; other releases have addresses of their own.",
            )


def _near(name: str, known: Iterable[str]) -> str:
    nearest = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.75)
    return f"; did you mean {nearest[0]}?" if nearest else ""


def _words(node: exp.Expr) -> str:
    return type(node).__name__.upper()


def _first_line(error: Exception) -> str:
    """The parser's own words, without the colors it puts into them."""
    errors = getattr(error, "errors", None) or [{}]
    place = f" at line {errors[0]['line']}, column {errors[0]['col']}" if errors[0].get("line") else ""
    return f"text that cannot be read{place}"


def _unreadable(found: str, expected: str) -> DoorError:
    return DoorError(
        "DOR-001",
        found=found,
        expected=expected,
        where="the question",
        remedy="Mend the SQL and ask again; `/sql` has examples to begin with.",
    )


def _refused(found: str, hint: str) -> DoorError:
    return DoorError(
        "DOR-003",
        found=found,
        expected=f"SELECT, joins, WITH, aggregates, windows and the listed functions{hint}",
        where="the question",
        remedy="Files, settings, the network and what could exhaust the machine cannot be reached from "
        "here; download the table instead and compute at home.",
    )
