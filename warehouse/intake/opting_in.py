"""Rows that only firms send which have opted in: a file of any other firm is refused before it is read.

A contract names the column of the register ``membership_agreement`` that holds the firm's word. Refused
whole, nothing of such a file is in the lake, its quarantine included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from string import Template

import duckdb

from contracts.model import Contract
from contracts.quarters import Quarter
from warehouse.duck import identifier
from warehouse.home import Home
from warehouse.in_force import load_accepted
from warehouse.intake.findings import FileFinding
from warehouse.lake import InForce, Submission

REGISTER = "membership_agreement"
_YES = Template("""
SELECT firm_id, max(coalesce(effective_to, DATE '9999-12-31')) FROM agreed WHERE $word = 1 GROUP BY firm_id
""")


def refuse_not_opted_in(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    of: type[Contract],
    in_force: Sequence[InForce],
    pending: Sequence[Submission],
) -> dict[str, FileFinding]:
    """FIL-042 by submission, for every firm without a yes in an agreement that outlasts the file's quarter.

    Empty for contracts that every member sends. ``in_force``: what counts of the registers.
    """
    if not of.meta.opt_in:
        return {}
    load_accepted(con, home, REGISTER, (one for one in in_force if one.contract == REGISTER), "agreed")
    last_days = dict(con.execute(_YES.substitute(word=identifier(of.meta.opt_in))).fetchall())
    con.execute("DROP TABLE agreed")
    return {one.submission_id: _refusal(of) for one in pending if not _has_opted_in(one, last_days)}


def _has_opted_in(one: Submission, last_days: Mapping[str, date]) -> bool:
    return last_days.get(one.firm_id, date.min) >= Quarter.parse(one.period).last_day


def _refusal(of: type[Contract]) -> FileFinding:
    message = f"no membership agreement of the firm that lasts through the quarter says {of.meta.opt_in} 1"
    hint = (
        "do not send these rows; if the firm has opted in, ask the operator to enter it, then send them again"
    )
    return FileFinding("FIL-042", message, hint)
