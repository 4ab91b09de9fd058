"""Public facts beside the figures: registers and public statistics that a release repeats without judging.

Nothing counted from firms' or people's rows belongs here: that goes through the gate as a ``SystemTable``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from reports.columns import require
from reports.disclosure.gate import Reference

Lines = Iterable[tuple[str, ...]]


@dataclass(frozen=True)
class SystemReference:
    """One published table of public facts.

    ``columns``: published columns of ``mart`` with their words, in order. ``rows`` picks rows of the mart.
    ``header`` and ``lines`` are what the report shows of it, in ``section``: the frame's printed rows.
    """

    name: str
    description: str
    mart: str
    columns: Mapping[str, str]
    section: str
    header: tuple[str, ...]
    lines: Callable[[pd.DataFrame], Lines]
    rows: Callable[[pd.DataFrame], pd.DataFrame] = lambda mart: mart


def reference(table: SystemReference, marts: Mapping[str, pd.DataFrame]) -> Reference:
    """The table as the gate takes it; DisclosureError DIS-011 when the mart or a column is missing."""
    mart = require(marts, table.mart, tuple(table.columns))
    names = list(table.columns)
    rows = table.rows(mart)[names].drop_duplicates().sort_values(names).reset_index(drop=True)
    return Reference(table.name, table.description, table.columns, rows)
