"""How a system's mart becomes a published table: one description, one way through the gate.

A system declares its tables (``SystemTable``) in a module of its own in this package and is listed in
``__init__``. What a mart holds is the dbt project's; which cells may pass is ``disclosure``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from reports import cells as shape
from reports.columns import PUBLISHED, require
from reports.disclosure.gate import Candidate
from reports.disclosure.joint import Equation
from reports.disclosure.policy import Policy
from reports.document import Block
from reports.facts import ReleaseFacts
from reports.findings import contrast
from reports.fund_tables import line_cells
from reports.outcome_tables import consortium_cells, rounded_rows
from reports.published import Published, Row

Marts = Mapping[str, pd.DataFrame]

_CONTRIBUTOR_NUMBERS = ("parent_group_id", "persons", "numerator_persons", "amount_usd")

CELL_DEFAULTS: Mapping[str, Any] = {
    "geo_level": "K",
    "geography": None,
    "ind_level": "A",
    "industry": "00",
    "program_id": None,
    "group_dim": None,
    "group_value": None,
    "cohort_start": None,
    "cohort_end": None,
    "newest_quarter": None,
    "is_wage_derived": False,
    "maturity": "MATURE",
    "value_status": 1,
    "value_lower": None,
    "value_upper": None,
    "numerator": None,
    "money": None,
}
"""What a cell is unless its system says otherwise: of the whole consortium, mature, a value."""


@dataclass(frozen=True)
class Sum:
    """The cell with ``total`` (column: value) is the sum of the cells with ``parts``, or of all others of its
    measure; apart for every value of the columns ``by``.
    """

    total: Mapping[str, str]
    parts: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Partition:
    """The cells of every value of the column ``of`` are all people of their measure, each once.

    Where the table of the whole consortium shows the measure over the same cohorts, they add up to its row.
    """

    of: str


@dataclass(frozen=True)
class SystemTable:
    """One published table of a system.

    ``mart`` and ``contributors`` name dbt models; ``keys`` are the columns both share, which name a cell.
    ``contributors`` has one row per cell × parent_group_id with persons, numerator_persons and amount_usd.
    ``cells`` turns the mart's rows into cells: same rows and index, with metric_id, label, unit, denominator,
    value and whatever of CELL_DEFAULTS is different. ``section`` is where the report shows it, ``member`` (in
    the singular and the plural) what its rows are about; ``is_drawn`` whether it gets a chart, ``finding``
    what the chart's title says of the rows. ``adds_up`` says which counts are sums of others: then single
    cells can be hidden. Empty: none are. None: not said, so that a measure with one hidden cell is hidden
    whole. ``remarks`` are blocks that follow its figures, made from the published tables alone.
    """

    name: str
    description: str
    mart: str
    contributors: str
    keys: tuple[str, ...]
    cells: Callable[[pd.DataFrame, Marts], pd.DataFrame]
    section: str
    member: tuple[str, str]
    is_drawn: bool = True
    finding: Callable[[tuple[Row, ...], str], str] = contrast
    adds_up: tuple[Sum | Partition, ...] | None = None
    foots: Mapping[str, str] = field(default_factory=dict)
    remarks: Callable[[Published], Sequence[Block]] | None = None

    @property
    def marts(self) -> tuple[str, str]:
        """The marts it reads."""
        return self.mart, self.contributors


def candidate(table: SystemTable, marts: Marts, policy: Policy, facts: ReleaseFacts) -> Candidate:
    """The table as a candidate for the gate; DisclosureError DIS-011 when a mart or a key is missing."""
    rows = require(marts, table.mart, table.keys)
    behind = require(marts, table.contributors, (*table.keys, *_CONTRIBUTOR_NUMBERS))
    cells = gate_cells(table.cells(rows, marts), shape.cell_ids(rows, table.keys))
    return Candidate(
        name=table.name,
        description=table.description,
        columns=PUBLISHED,
        cells=cells,
        contributors=shape.contributors(behind, table.keys),
        finish=partial(rounded_rows, policy=policy, facts=facts),
        equations=tuple(_equations(table, cells, marts)),
        is_whole=table.adds_up is None,
    )


def _equations(table: SystemTable, cells: pd.DataFrame, marts: Marts) -> Iterator[Equation]:
    for metric, line in table.foots.items():
        parts = cells.loc[cells["metric_id"] == metric, "cell_id"]
        footed = line_cells(marts, line)
        if len(parts) and footed:
            yield {(table.name, cell): 1 for cell in parts} | dict.fromkeys(footed, -1)
    for declared in table.adds_up or ():
        if isinstance(declared, Sum):
            yield from _sums(table.name, declared, cells)
        else:
            yield from _partitions(table.name, declared, cells, marts)


def _sums(name: str, declared: Sum, cells: pd.DataFrame) -> Iterator[Equation]:
    for _, rows in cells.groupby(["metric_id", *declared.by], dropna=False):
        is_total = _matching(rows, declared.total)
        parts = rows[~is_total & _matching(rows, declared.parts)]
        for total in rows.loc[is_total, "cell_id"]:
            if len(parts):
                yield {(name, cell): 1 for cell in parts["cell_id"]} | {(name, total): -1}


def _partitions(name: str, declared: Partition, cells: pd.DataFrame, marts: Marts) -> Iterator[Equation]:
    """Each division against the one before it, and the first against the whole, where that is published."""
    totals = consortium_cells(marts)
    for _, rows in cells.groupby(["metric_id", "cohort_start", "cohort_end"]):
        metric, first, last = (
            str(rows[name].iloc[0]) for name in ("metric_id", "cohort_start", "cohort_end")
        )
        whole = totals.get((metric, first, last))
        before = [("outcomes_consortium", whole)] if whole else []
        for _, division in rows.groupby(declared.of):
            own = [(name, str(cell)) for cell in division["cell_id"]]
            if before:
                yield dict.fromkeys(own, 1) | dict.fromkeys(before, -1)
            before = own


def _matching(rows: pd.DataFrame, values: Mapping[str, str]) -> pd.Series[bool]:
    matches = pd.Series(True, index=rows.index)
    for column, value in values.items():
        matches &= rows[column].astype("str") == value
    return matches


def gate_cells(cells: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Cells as the gate reads them, with CELL_DEFAULTS for what they do not say, and as many persons as their
    denominator where they say nothing else. ``names``: their ids by index; there may be more.
    """
    missing = {name: value for name, value in CELL_DEFAULTS.items() if name not in cells.columns}
    # A frame without rows would take on those of the column it is given.
    cells = cells.assign(**missing, cell_id=names.reindex(cells.index))
    if "persons" not in cells.columns:
        cells = cells.assign(persons=cells["denominator"])
    whole = {name: cells[name].astype("Int64") for name in ("persons", "numerator", "denominator")}
    return shape.judged(cells.assign(**whole)).reset_index(drop=True)
