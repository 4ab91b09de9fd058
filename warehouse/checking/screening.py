"""The rows of one file screened: a text file's while they are read, so that none of them is kept.

Of the few suspects the text is read again, from their own bytes. What is asked of a row belongs to the
contract's program, how a file is read to ``warehouse.intake.parse``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from contracts.statements import Statements
from warehouse.checking.source import Loaded
from warehouse.duck import one_thread
from warehouse.intake.judging import SUSPECT_ROWS, narrow, rows_lost, screen
from warehouse.intake.parse import read_records
from warehouse.intake.raw import raw_of

_AGAIN = "parsed_again"
_SUSPECT_RECORDS = "SELECT record FROM suspect ORDER BY record"


def screen_rows(con: duckdb.DuckDBPyConnection, program: Statements, loaded: Loaded, folder: Path) -> None:
    """Make ``screened``, ``suspect`` and ``suspect_raw`` of ``raw``; ``folder`` takes the suspects' bytes.

    IntakeError INT-011 when other rows were screened than the independent counter counts, INT-012 when the
    engine fails.
    """
    if loaded.blob is None:
        screen(con, program)
        narrow(con)
        return
    with from_file(con):
        screen(con, program)
    _require_rows(con, "screened", loaded.rows)
    names = program.contract.column_names()
    records = con.execute(_SUSPECT_RECORDS).to_arrow_table()["record"].to_numpy()
    read_records(con, _AGAIN, loaded.blob, records, names, folder)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {SUSPECT_ROWS} AS {raw_of(_AGAIN, names, alone=True)}")
    _require_rows(con, SUSPECT_ROWS, len(records))


def _require_rows(con: duckdb.DuckDBPyConnection, table: str, rows: int) -> None:
    (found,) = con.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)  # noqa: S608
    if found != rows:
        raise rows_lost(f"{found} rows read", rows, "the file")


@contextmanager
def from_file(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """For statements over a view of a file: one thread, for it is read in its order; joins as written.

    The planner does not know how many rows a file has: it would take them for the smaller side and hold all.
    """
    with one_thread(con):
        con.execute("SET disabled_optimizers = 'build_side_probe_side'")
        try:
            yield
        finally:
            con.execute("RESET disabled_optimizers")
