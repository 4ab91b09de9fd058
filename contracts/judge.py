"""The second judgement: pydantic reads the failing rows again, cell by cell, and must agree with the program.

Plain Python over text rows: no engine and no frame. Rules over several cells are the program's alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from pydantic import ValidationError

from contracts.codes import CELL_CODES
from contracts.fields import Surroundings
from contracts.model import Contract

TextRow = Mapping[str, object]
"""``submission_id``, ``record``, ``box_firm_id``, ``box_period``, and text by column; None or '' is blank."""


class CellFinding(NamedTuple):
    """One cell's code; holds no value."""

    submission_id: str
    record: int
    column: str
    code: str


def judge_rows(
    contract: type[Contract], rows: Iterable[TextRow], lists: Mapping[str, Set[str]]
) -> frozenset[CellFinding]:
    """Every bad cell of these rows.

    ``lists`` holds the values of each code set and register by the name of its context table
    (``codeset_soc_2018``, ``ref_program``); a list that is missing objects to nothing.
    """
    return frozenset(finding for row in rows for finding in _judge_row(contract, row, lists))


def disagreements(
    found: Iterable[CellFinding], judged: Set[CellFinding]
) -> tuple[frozenset[CellFinding], frozenset[CellFinding]]:
    """What only the program found, and what only pydantic found; both are empty unless one of them is wrong.

    Of ``found``, codes of rules beyond the single cell are left out.
    """
    cells = frozenset(finding for finding in found if finding.code in CELL_CODES)
    return cells - judged, frozenset(judged - cells)


def _judge_row(
    contract: type[Contract], row: TextRow, lists: Mapping[str, Set[str]]
) -> Iterator[CellFinding]:
    around = Surroundings(str(row["box_firm_id"]), str(row["box_period"]), lists)
    cells = {name: row.get(name) for name in contract.column_names()}
    try:
        contract.model_validate(cells, context=around)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False, include_input=False):
            yield CellFinding(
                str(row["submission_id"]), int(str(row["record"])), str(one["loc"][0]), one["type"]
            )
