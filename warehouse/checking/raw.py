"""The table ``raw`` of one file that has no box: whose it is and for which quarter is said or assumed.

Reading the file belongs to ``source``, judging ``raw`` to ``warehouse.intake.judging``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from contracts.fields import BoxFirm, BoxQuarter, Field
from contracts.model import Contract
from warehouse.checking.choosing import period_in_name
from warehouse.checking.report import Assumed
from warehouse.checking.source import PARSED, Loaded
from warehouse.duck import identifier
from warehouse.intake.raw import Batched, create_raw

SUBMISSION_ID = "check"
_NO_FIRM, _NO_PERIOD = "NONE", "0001Q1"
_FROM_ROWS = "as most of its rows say"


@dataclass(frozen=True)
class Box:
    """The box a file is checked for; None where neither the order nor the file says."""

    firm: Assumed | None = None
    period: Assumed | None = None

    @property
    def firm_id(self) -> str:
        """The firm, or a stand-in that no rule looks at."""
        return self.firm.value if self.firm else _NO_FIRM


def assume_box(
    con: duckdb.DuckDBPyConnection, of: type[Contract], path: Path, *, firm: str | None, period: str | None
) -> Box:
    """Whose file ``parsed`` is and for when: as said, else by the file's name, else by most of its rows."""
    return Box(_firm(con, of, firm), _period(con, of, path, period))


def make_raw(con: duckdb.DuckDBPyConnection, of: type[Contract], loaded: Loaded, box: Box) -> None:
    """Make the tables ``batch`` and ``raw`` of ``parsed``."""
    period = box.period.value if box.period else _NO_PERIOD
    batched = Batched(0, SUBMISSION_ID, loaded.token, box.firm_id, period, tx_from=0)
    create_raw(con, [batched], of.column_names(), alone=True)


def _firm(con: duckdb.DuckDBPyConnection, of: type[Contract], said: str | None) -> Assumed | None:
    if said is not None:
        return Assumed(said, "as you said", surely=True)
    most = _most_common(con, of, BoxFirm)
    return Assumed(most, _FROM_ROWS, surely=False, shown=False) if most else None


def _period(
    con: duckdb.DuckDBPyConnection, of: type[Contract], path: Path, said: str | None
) -> Assumed | None:
    if said is not None:
        return Assumed(said, "as you said", surely=True)
    named = period_in_name(path)
    if named is not None:
        return Assumed(named, "by the file's name", surely=True)
    most = _most_common(con, of, BoxQuarter)
    return Assumed(most, _FROM_ROWS, surely=False, shown=False) if most else None


def _most_common(con: duckdb.DuckDBPyConnection, of: type[Contract], kind: type[Field]) -> str | None:
    """The commonest text in the contract's column of a kind, if it has one."""
    for column in of.columns():
        if isinstance(column.field, kind):
            name = identifier(column.name)
            row = con.execute(
                f"SELECT {name} FROM {PARSED} WHERE {name} <> '' "  # noqa: S608
                f"GROUP BY {name} ORDER BY count(*) DESC, {name} LIMIT 1"
            ).fetchone()
            return str(row[0]) if row else None
    return None
