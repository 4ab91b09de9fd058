"""The same cells before three judges: the compiled program on DuckDB and on Polars, and pydantic.

Each says of every cell a code or a value. A cell that an engine takes and pydantic does not, or takes for
another value, is unsound; any other difference is a disagreement and just as much a fault of the program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, NamedTuple

import duckdb
import ibis
import ibis.expr.operations as ops
import polars as pl
import pyarrow as pa
from ibis.backends.polars import compiler as polars_compiler
from pydantic import TypeAdapter, ValidationError

from contracts.codesets import codeset
from contracts.compiler import Program, compile_contract
from contracts.fields import Identifier, Surroundings
from contracts.model import Cadence, Contract, ContractMeta, Party
from tests.contracts.soundness.fields_on_trial import BOX_FIRM, BOX_PERIOD, REGISTERED, SAID, Trial


class Verdict(NamedTuple):
    """A code, or the value with its type; one of them."""

    code: str | None
    value: Any = None
    type: type | None = None


@dataclass(frozen=True)
class Difference:
    """A cell the judges do not agree on."""

    text: str
    duckdb: Verdict
    polars: Verdict
    pydantic: Verdict

    @property
    def is_unsound(self) -> bool:
        """Whether an engine takes what pydantic refuses, or takes it for something else."""
        return any(one.code is None and one != self.pydantic for one in (self.duckdb, self.polars))


@dataclass(frozen=True)
class Outcome:
    """What became of one setting's cells."""

    cells: int
    accepted: Mapping[str, int]
    differences: tuple[Difference, ...]


def hear(trial: Trial, texts: Sequence[str]) -> Outcome:
    """Every judge's verdict on every cell, held against the others'."""
    program = compile_contract(probe(trial))
    said = {
        "duckdb": _on_duckdb(program, texts),
        "polars": _on_polars(program, texts),
        "pydantic": list(verdicts_of_pydantic(trial, texts)),
    }
    accepted = {judge: sum(one.code is None for one in verdicts) for judge, verdicts in said.items()}
    heard = zip(texts, *said.values(), strict=True)
    apart = tuple(Difference(t, d, p, y) for t, d, p, y in heard if not d == p == y)
    return Outcome(len(texts), accepted, apart)


def probe(trial: Trial) -> type[Contract]:
    """A contract of one optional column on trial and a key."""
    meta = ContractMeta(
        **dict.fromkeys(("name", "version", "title", "description", "grain"), "probe"),
        prefix="PRB",
        key=("row",),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )
    columns = {"row": Annotated[str, Identifier(**SAID)], "cell": Annotated[trial.python | None, trial.field]}
    names = {"__module__": __name__, "__annotations__": columns, "cell": None, "meta": meta}
    return type(Contract)("Probe", (Contract,), names)


# Intake takes the values of accepted rows from the statement that asks no gate again.
_AS_INTAKE = "SELECT record, cell FROM ({}) SEMI JOIN ({}) USING (submission_id, record)"


def _raw(texts: Sequence[str]) -> pa.Table:
    count = len(texts)
    return pa.table(
        {
            "submission_id": pa.repeat("S1", count),
            "record": pa.array(range(count), pa.int64()),
            "box_firm_id": pa.repeat(BOX_FIRM, count),
            "box_period": pa.repeat(BOX_PERIOD, count),
            "row": pa.array([f"R{number}" for number in range(count)]),
            "cell": pa.array(texts, pa.string()),
        }
    )


def _lists(program: Program) -> Iterator[tuple[str, str, Set[str]]]:
    """Every list the program looks into: its table, its column, its values."""
    for table in program.context:
        (column,) = [name for name in table.columns if name != "box_firm_id"]
        is_code_set = table.name.startswith("codeset_")
        yield (
            table.name,
            column,
            codeset(table.name.removeprefix("codeset_")) if is_code_set else frozenset(REGISTERED),
        )


def _on_duckdb(program: Program, texts: Sequence[str]) -> list[Verdict]:
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        con.register("arriving", _raw(texts))
        con.execute("CREATE TABLE raw AS FROM arriving")
        for name, column, values in _lists(program):
            con.register(f"{name}_values", pa.table({column: sorted(values)}))
            con.execute(f"CREATE TABLE {name} AS FROM {name}_values")
        found = con.execute(program.sql_violations()).to_arrow_table()
        accepted = con.execute(
            _AS_INTAKE.format(program.sql_typed(), program.sql_accepted())
        ).to_arrow_table()
    return _verdicts(
        len(texts),
        zip(found["record"].to_pylist(), found["code"].to_pylist(), strict=True),
        zip(accepted["record"].to_pylist(), accepted["cell"].to_pylist(), strict=True),
    )


def _on_polars(program: Program, texts: Sequence[str]) -> list[Verdict]:
    teach_polars_tolerant_casts()
    con = ibis.polars.connect()
    con.create_table("raw", pl.from_arrow(_raw(texts)))
    for name, column, values in _lists(program):
        con.create_table(name, pl.DataFrame({column: sorted(values)}))
    found, accepted = con.to_polars(program.violations), con.to_polars(program.accepted)
    return _verdicts(
        len(texts), found.select("record", "code").iter_rows(), accepted.select("record", "cell").iter_rows()
    )


def _verdicts(
    count: int, found: Iterator[tuple[int, str]], accepted: Iterator[tuple[int, Any]]
) -> list[Verdict]:
    """By record; an engine that says two things of one cell, or nothing, is not listened to."""
    verdicts: list[Verdict | None] = [None] * count
    for record, verdict in [
        *((record, Verdict(code)) for record, code in found),
        *((record, Verdict(None, value, type(value))) for record, value in accepted),
    ]:
        if verdicts[record] is not None:
            raise ValueError(f"two verdicts on the cell of record {record}")
        verdicts[record] = verdict
    return [_said(record, one) for record, one in enumerate(verdicts)]


def _said(record: int, verdict: Verdict | None) -> Verdict:
    if verdict is None:
        raise ValueError(f"no verdict on the cell of record {record}")
    return verdict


def verdicts_of_pydantic(trial: Trial, texts: Sequence[str]) -> Iterator[Verdict]:
    """What pydantic says of each cell."""
    program = compile_contract(probe(trial))
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[trial.python | None, trial.field])
    around = Surroundings(BOX_FIRM, BOX_PERIOD, {name: values for name, _, values in _lists(program)})
    for text in texts:
        try:
            value = adapter.validate_python(text, context=around)
        except ValidationError as error:
            told = error.errors(include_url=False, include_context=False, include_input=False)
            yield Verdict(told[0]["type"])
        else:
            yield Verdict(None, value, type(value))


@cache
def teach_polars_tolerant_casts() -> None:
    """Ibis knows no tolerant cast from text to date on Polars, though Polars has one; once per process."""

    def try_cast(op: ops.TryCast, **options: object) -> pl.Expr:
        if op.to.is_date():
            text = polars_compiler.translate(op.arg, **options)
            return text.str.strptime(pl.Date, "%Y-%m-%d", strict=False)
        return polars_compiler._cast(op, strict=False, **options)

    polars_compiler.translate.register(ops.TryCast)(try_cast)
