"""The tables ``batch`` and ``raw`` that a contract's program reads, made of the table ``parsed``.

Reading files into ``parsed`` belongs to ``reading`` and ``parse``, judging ``raw`` to ``judging``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import duckdb
import pyarrow as pa

from warehouse.duck import identifier

_BATCH = pa.schema(
    [
        ("position", pa.int64()),
        ("submission_id", pa.string()),
        ("sha256", pa.string()),
        ("box_firm_id", pa.string()),
        ("box_period", pa.string()),
        ("tx_from", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Batched:
    """A submission whose rows are judged: its place in the batch, and what its rows in ``parsed`` are
    joined by.
    """

    position: int
    submission_id: str
    sha256: str
    box_firm_id: str
    box_period: str
    tx_from: int


def create_raw(
    con: duckdb.DuckDBPyConnection, batch: Sequence[Batched], columns: Sequence[str], *, alone: bool = False
) -> None:
    """Make ``batch``, one row per submission, and ``raw`` as a view of it and of the table ``parsed``.

    ``alone``: ``parsed`` has the rows of one submission only, and it is the only one of the batch.
    """
    con.register("batch_rows", pa.Table.from_pylist([asdict(one) for one in batch], schema=_BATCH))
    con.execute("CREATE OR REPLACE TEMP TABLE batch AS FROM batch_rows")
    con.unregister("batch_rows")
    con.execute(f"CREATE OR REPLACE TEMP VIEW raw AS {raw_of('parsed', columns, alone=alone)}")


def raw_of(table: str, columns: Sequence[str], *, alone: bool = False) -> str:
    """The rows of ``raw`` that a table such as ``parsed`` makes with ``batch``, as a query.

    ``alone``: all of them are the batch's only submission's, so that none is looked up.
    """
    said = ("submission_id", "box_firm_id", "box_period")
    mine = [f"(SELECT {name} FROM batch) AS {name}" for name in said] if alone else said  # noqa: S608
    chosen = ", ".join([*mine, "record", *(identifier(column) for column in columns)])
    joined = "" if alone else " JOIN batch USING (sha256)"
    return f"SELECT {chosen} FROM {identifier(table)}{joined}"  # noqa: S608
