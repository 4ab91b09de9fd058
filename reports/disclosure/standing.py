"""What was published last, row by row beside the rows that would take its place.

A row that may not be stated anew shows what it showed: all of it, words as well, but for the columns that say
which release it is in. Which rows those are is ``restating``'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.columns import PUBLISHED
from reports.disclosure.amounts import Amount, shown_by, written
from reports.disclosure.joint import CellRef
from reports.disclosure.rules import VALUE_STATUSES
from reports.revisions import KEYS

STAMPS = ("release_id", "rule_version", "code_version", "as_of")
"""Columns that say of which release a row is, not what it shows."""

_COUNTS = ("numerator_rounded_count", "denominator_rounded_count")
Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Standing:
    """What was published last: its tables by name, the amounts of all earlier releases, oldest first, and
    whether this release is its correction, or the next period's (then ``is_corrected`` is False).
    """

    tables: Mapping[str, pd.DataFrame]
    amounts: Sequence[Mapping[CellRef, Amount]] = ()
    is_corrected: bool = True


def standing_rows(rows: pd.DataFrame, standing: pd.DataFrame | None) -> Mapping[str, Row]:
    """By cell_id the row that stands for the same cell; none where it is not certain which one it is.

    ``rows``: published rows, indexed by cell_id. Cells that share their keys are paired by their order.
    """
    if standing is None or not set(KEYS) <= set(standing.columns):
        return {}
    mine, theirs = _named(rows), _named(standing)
    of_key = [Counter(key for key, _ in names) for names in (mine, theirs)]
    place = {name: at for at, name in enumerate(theirs)}
    found = standing.to_dict("records")
    return {
        str(cell): found[place[name]]
        for cell, name in zip(rows.index, mine, strict=True)
        if name in place and of_key[0][name[0]] == of_key[1][name[0]]
    }


def _named(rows: pd.DataFrame) -> list[tuple[tuple[str, ...], int]]:
    texts = rows[list(KEYS)].reset_index(drop=True)
    texts = texts.astype("str").where(texts.notna().to_numpy(), "").astype(object)
    keys = list(texts.itertuples(index=False, name=None))
    return list(zip(keys, texts.groupby(list(KEYS)).cumcount().tolist(), strict=True))


def is_shown(row: Row) -> bool:
    """Whether a published row carries a value."""
    return not pd.isna(row["value_status"]) and int(row["value_status"]) in VALUE_STATUSES


def says_other(row: Row, standing: Row) -> bool:
    """Whether two published rows differ in what they show besides counts: values, intervals, words."""
    words = [name for name in row if name not in PUBLISHED]
    return shown_by(row) != shown_by(standing) or any(_text(row[n]) != _text(standing.get(n)) for n in words)


def differs(row: Row, standing: Row) -> bool:
    """Whether two published rows differ in anything that they show."""
    counts = any(written(row[name]) != written(standing[name]) for name in _COUNTS)
    return counts or says_other(row, standing)


def _text(said: Any) -> str:
    if said is None or pd.isna(said):
        return ""
    return written(said) if isinstance(said, int | float) else str(said)


def as_they_stood(rows: pd.DataFrame, stands: Mapping[str, Row], kept: Iterable[str]) -> pd.DataFrame:
    """``rows`` (indexed by cell_id) with those of ``kept`` as they stood, but for STAMPS."""
    put = {cell: stands[cell] for cell in kept}
    if not put:
        return rows
    at = [place for place, cell in enumerate(rows.index) if cell in put]
    cells = [rows.index[place] for place in at]
    columns = {}
    for name in rows.columns:
        said = rows[name].astype(object)
        if name not in STAMPS:
            for place, cell in zip(at, cells, strict=True):
                former = put[cell].get(name)
                said.iloc[place] = None if former is None or pd.isna(former) else former
        columns[name] = said.astype(rows[name].dtype)
    return pd.DataFrame(columns, index=rows.index)
