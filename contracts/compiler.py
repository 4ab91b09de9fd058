"""From a contract to one vectorised program, the same for every engine Ibis speaks.

A program reads text rows (``raw``) and context tables, and yields violations and typed accepted rows. It
holds no connection and runs nothing. The order of work is chosen for speed: cheap predicates find the suspect
rows, and only those are expanded into findings. Whoever has many rows runs the parts by themselves and keeps
no row: ``screened`` over all rows, ``violations`` over the few suspects, ``typed`` over all again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from contracts.codes import Severity
from contracts.collecting import uncollected
from contracts.fields import Cell, Fault
from contracts.model import Column, Contract
from contracts.portability import refuse_unportable
from contracts.rules import CrossRule, KeyRule, RowRule, Rule
from contracts.statements import IS_ERROR, IS_SUSPECT, RAW, SUBMISSION, ContextTable, Statements

_IBIS = {"VARCHAR": "string", "BIGINT": "int64", "INTEGER": "int32", "DATE": "date"}
_DUPLICATE = "key__twice"


@dataclass(frozen=True, eq=False)
class Program:
    """A compiled contract.

    ``violations``: one row per submission, record, column and code, with severity. ``accepted``: the typed
    rows without an error. ``typed``: every row of ``raw``; what it says of a row with an error is of no
    account, so that no gate is asked again.
    ``screened``: of every row its typed key, with ``is__error`` and ``is__suspect`` by all that is said of it
    but whether its key occurs again: the one question that needs other rows of its submission. Rows that are
    no suspects and share their key with nobody have no violation, so ``violations`` over the others alone is
    the same. ``columns``: the contract's columns with their DuckDB types. ``context``: the tables read
    besides ``raw``.
    """

    contract: type[Contract]
    violations: ir.Table
    accepted: ir.Table
    typed: ir.Table
    screened: ir.Table
    columns: Mapping[str, str]
    context: tuple[ContextTable, ...]

    def sql_violations(self, dialect: str = "duckdb") -> str:
        """Every violation of every record as one statement."""
        return _sql(self, "violations", dialect)

    def sql_accepted(self, dialect: str = "duckdb") -> str:
        """The typed rows of all records without a violation of severity ERROR, as one statement."""
        return _sql(self, "accepted", dialect)

    def sql_typed(self, dialect: str = "duckdb") -> str:
        """Every record typed, for the good ones to be taken of, as one statement."""
        return _sql(self, "typed", dialect)

    def sql_screened(self, dialect: str = "duckdb") -> str:
        """Every record's key and its two marks, as one statement."""
        return _sql(self, "screened", dialect)

    def statements(self) -> Statements:
        """All parts as DuckDB's SQL."""
        return Statements(
            contract=self.contract,
            columns=self.columns,
            context=self.context,
            screened=self.sql_screened(),
            violations=self.sql_violations(),
            typed=self.sql_typed(),
            accepted=self.sql_accepted(),
        )


@cache
def _sql(program: Program, part: str, dialect: str) -> str:
    with _unfused(), uncollected():
        return str(ibis.to_sql(getattr(program, part), dialect=dialect))


@contextmanager
def _unfused() -> Iterator[None]:
    """Leaves merging of nested selects to the engines' planners: it takes half of all the rendering."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before


@cache
def compile_contract(contract: type[Contract]) -> Program:
    """The program of a contract; ContractError CTR-001 or CTR-007 if engines would not agree on it."""
    with uncollected():
        return _program(contract)


def _program(contract: type[Contract]) -> Program:
    cells = _typed_cells(contract)
    screened = _screened(contract, cells)
    rows = _with_duplicates(contract, screened)
    repeats = _condition(contract.key_rule(), rows)
    violations = _violations(contract, rows.filter(rows[IS_SUSPECT] | repeats))
    refuse_unportable(violations, where=f"the contract {contract.meta.name}")
    return Program(
        contract=contract,
        violations=violations,
        accepted=rows.filter(~(rows[IS_ERROR] | repeats)).select(*SUBMISSION, *contract.column_names()),
        typed=_values(contract),
        screened=screened.select("submission_id", "record", IS_ERROR, IS_SUSPECT, *contract.meta.key),
        columns={column.name: column.field.column_type for column in contract.columns()},
        context=tuple(_context_tables(contract)),
    )


def _screened(contract: type[Contract], cells: ir.Table) -> ir.Table:
    """Every row with its cells, what is looked up for them, and the two marks."""
    rows = _with_context(contract, cells)
    bad = [_is_bad(_cell(column, rows), column) for column in contract.columns()]
    broken = {
        severity: [
            _condition(rule, rows)
            for rule in contract.all_rules()
            if rule.severity is severity and not isinstance(rule, KeyRule)
        ]
        for severity in Severity
    }
    errors = _any([*bad, *broken[Severity.ERROR]])
    return rows.mutate(**{IS_ERROR: errors}).mutate(
        **{IS_SUSPECT: _any([ibis._[IS_ERROR], *broken[Severity.WARNING]])}
    )


def _raw(contract: type[Contract]) -> ir.Table:
    texts = dict.fromkeys(contract.column_names(), "string")
    return ibis.table({name: _IBIS[kind] for name, kind in SUBMISSION.items()} | texts, name=RAW)


def _values(contract: type[Contract]) -> ir.Table:
    """Raw rows with every column's value, for those that were found good."""
    raw = _raw(contract)
    values = {
        one.name: one.field.value(raw[one.name] if one.required else raw[one.name].nullif(""))
        for one in contract.columns()
    }
    return raw.select("submission_id", "record", **values)


def _typed_cells(contract: type[Contract]) -> ir.Table:
    """Raw rows with every column twice: its text (blank is null) and its typed value."""
    raw = _raw(contract)
    texts = raw.select(*SUBMISSION, **{_text(name): raw[name].nullif("") for name in contract.column_names()})
    return texts.mutate(**{c.name: c.field.typed(texts[_text(c.name)]) for c in contract.columns()})


def _with_context(contract: type[Contract], cells: ir.Table) -> ir.Table:
    """Cells with one column for everything that is looked up: lists, and other extracts of the box.

    All are joined in one go: a step for each would name every column again.
    """
    tables = [*_lists(contract, cells), *(_summary(rule, cells) for rule in _cross_rules(contract))]
    if not tables:
        return cells
    joined: ir.Table = cells
    for one in tables:
        joined = joined.left_join(one.table, one.same)
    return joined.select(*cells.columns, *(name for one in tables for name in one.facts))


def _with_duplicates(contract: type[Contract], cells: ir.Table) -> ir.Table:
    """Marks rows whose key occurs again in their submission."""
    parts = _key_parts(contract, cells)
    # Parts are columns before they are joined on: an expression would be taken for the other side's own.
    rows = cells.mutate(**parts)
    keys = rows.select("submission_id", *parts).drop_null()
    counted = keys.group_by(keys.columns).agg(rows_of_key=ibis._.count())
    twice = counted.filter(counted.rows_of_key > 1)
    twice = twice.select(**{_mine(name): twice[name] for name in keys.columns}, **{_DUPLICATE: True})
    same = [rows[name] == twice[_mine(name)] for name in keys.columns]
    return rows.left_join(twice, same).select(*cells.columns, _DUPLICATE)


def _key_parts(contract: type[Contract], cells: ir.Table) -> dict[str, ir.Value]:
    """What makes up the key: null where missing or bad; a blank in an optional part is a value."""
    return {
        _part(name): cells[name] if contract.column(name).required else _blank_or_value(cells, name)
        for name in contract.meta.key
    }


def _blank_or_value(cells: ir.Table, name: str) -> ir.StringValue:
    return cells[_text(name)].isnull().ifelse("", cells[name].cast("string"))


@dataclass(frozen=True)
class _LookUp:
    """A table of what is looked up, at most one row for a row of cells; the names of what is taken."""

    table: ir.Table
    same: list[ir.BooleanValue]
    facts: tuple[str, ...]


def _lists(contract: type[Contract], cells: ir.Table) -> Iterator[_LookUp]:
    """For each column that has a list, whether its value is in it."""
    for column in contract.columns():
        membership = column.field.membership
        if membership is not None:
            name, known = column.name, _known(column.name)
            listed = ibis.table({membership.column: "string"}, name=membership.table)
            if membership.shape is not None:
                listed = listed.filter(membership.shape.matches(listed[membership.column]))
            listed = listed.select(**{_mine(name): listed[membership.column]}).distinct()
            listed = listed.mutate(**{known: True})
            yield _LookUp(listed, [membership.key(cells[name]) == listed[_mine(name)]], (known,))


def _summary(rule: CrossRule, cells: ir.Table) -> _LookUp:
    """The summary of the other extract's rows of the same box and key."""
    table = _context_of(rule)
    theirs = ibis.table({name: _ibis_type(kind) for name, kind in table.columns.items()}, name=table.name)
    keys = ("box_firm_id", *rule.on)
    facts = {_fact(rule, name): summarize(theirs) for name, summarize in rule.summary.items()}
    facts[_fact(rule, "rows")] = theirs.count()
    grouped = theirs.group_by(keys).agg(**facts)
    grouped = grouped.rename({_mine(_fact(rule, name)): name for name in keys})
    same = [cells[name] == grouped[_mine(_fact(rule, name))] for name in keys]
    return _LookUp(grouped, same, tuple(facts))


def _context_tables(contract: type[Contract]) -> Iterator[ContextTable]:
    """Every table read besides ``raw``, once each, sorted by name."""
    needed: dict[str, dict[str, str]] = {}
    for column in contract.columns():
        membership = column.field.membership
        if membership is not None:
            needed.setdefault(membership.table, {})[membership.column] = "VARCHAR"
    for rule in _cross_rules(contract):
        needed.setdefault(_context_of(rule).name, {}).update(_context_of(rule).columns)
    yield from (ContextTable(name, needed[name]) for name in sorted(needed))


def _context_of(rule: CrossRule) -> ContextTable:
    names = dict.fromkeys((*rule.on, *rule.uses))
    types = {name: rule.against.column(name).field.column_type for name in names}
    return ContextTable(_table_of(rule), {"box_firm_id": "VARCHAR", **types})


def _table_of(rule: CrossRule) -> str:
    return f"ref_{rule.against.meta.name}"


def _cross_rules(contract: type[Contract]) -> list[CrossRule]:
    return [rule for rule in contract.rules if isinstance(rule, CrossRule)]


def _condition(rule: Rule, rows: ir.Table) -> ir.BooleanValue:
    """Where a rule is broken, provided no cell it looks at is bad."""
    filled = [rows[name].notnull() for name in rule.needs]
    return _all([*filled, ~_answer(rule, rows).fill_null(True)])


def _answer(rule: Rule, rows: ir.Table) -> ir.BooleanValue:
    if isinstance(rule, RowRule):
        return rule.ok(rows)
    if isinstance(rule, CrossRule):
        own = {name: rows[_fact(rule, name)] for name in rule.summary}
        return rule.ok(rows, {**own, "found": rows[_fact(rule, "rows")].notnull()})
    return rows[_DUPLICATE].isnull()


def _cell(column: Column, rows: ir.Table) -> Cell:
    known = rows[_known(column.name)] if column.field.membership else None
    return Cell(rows[_text(column.name)], rows[column.name], known, rows.box_firm_id, rows.box_period)


def _is_bad(cell: Cell, column: Column) -> ir.BooleanValue:
    """Where a cell has any fault: the last check fails wherever an earlier one does."""
    faulty = column.field.faults(cell)[-1].when
    return cell.text.isnull() | faulty if column.required else cell.text.notnull() & faulty


def _cell_code(cell: Cell, column: Column) -> ir.StringValue:
    """The code of a cell's first failing check; null for a good cell."""
    blank = ibis.literal("CEL-101") if column.required else ibis.null("string")
    faults = [Fault("", cell.text.isnull()), *column.field.faults(cell)]
    return ibis.cases(*((fault.when, fault.code or blank) for fault in faults))


def _violations(contract: type[Contract], suspects: ir.Table) -> ir.Table:
    """One row per finding of the suspect rows, from one array of structs."""
    codes = {one.name: _cell_code(_cell(one, suspects), one) for one in contract.columns()}
    judged = suspects.mutate(**{_code(name): code for name, code in codes.items()})
    cells = [_finding(name, judged[_code(name)], Severity.ERROR) for name in codes]
    rules = [_rule_finding(rule, judged) for rule in contract.all_rules()]
    found = judged.select("submission_id", "record", finding=ibis.array([*cells, *rules]).unnest())
    finding = found.finding
    columns_found = {name: finding[name] for name in ("column", "code", "severity")}
    return found.filter(finding["code"].notnull()).select("submission_id", "record", **columns_found)


def _rule_finding(rule: Rule, rows: ir.Table) -> ir.StructValue:
    """A rule's finding: masked where a cell it looks at is bad, and by nothing else."""
    good = [rows[_code(name)].isnull() for name in (*rule.needs, *rule.reads)]
    broken = _all([*good, _condition(rule, rows)])
    return _finding(rule.column, broken.ifelse(rule.code, ibis.null("string")), rule.severity)


def _finding(column: str, code: ir.StringValue, severity: Severity) -> ir.StructValue:
    return ibis.struct({"column": column, "code": code, "severity": severity.value})


def _all(conditions: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(and_, conditions)


def _any(conditions: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(or_, conditions)


def _ibis_type(kind: str) -> str:
    return _IBIS.get(kind) or kind.lower()


def _text(name: str) -> str:
    return f"{name}__text"


def _code(name: str) -> str:
    return f"{name}__code"


def _part(name: str) -> str:
    return f"{name}__part"


def _known(name: str) -> str:
    return f"{name}__known"


def _mine(name: str) -> str:
    return f"{name}__here"


def _fact(rule: CrossRule, name: str) -> str:
    return f"{rule.code.lower().replace('-', '_')}__{name}"
