"""What was published last, row by row beside the rows that would take its place.

A row that may not be stated anew shows what it showed: all of it, words as well, but for the columns that say
which release it is in. Which rows those are is ``restating``'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from reports.columns import PUBLISHED
from reports.disclosure.amounts import Amount, is_amount, name_of, parts_of, shown_by, written
from reports.disclosure.joint import CellRef
from reports.disclosure.policy import Policy
from reports.disclosure.restating import betrays, limits_of
from reports.disclosure.rules import SUPPRESSED, VALUE_STATUSES
from reports.disclosure.vintages import Formerly
from reports.measures import Statistic
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


def rows_by_cell(rows: pd.DataFrame) -> Mapping[str, Row]:
    """Published rows, indexed by cell_id, by it."""
    return dict(zip(map(str, rows.index), rows.to_dict("records"), strict=True))


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


@dataclass(frozen=True)
class Restated:
    """A table beside what was published of it last. By cell_id: the rows it would show if all were stated
    anew (``fresh``), those that ``stand``, each release's amounts that were shown (oldest first), and what
    each row measures; the rows that stay ``whole`` where they may not be stated anew.
    """

    name: str
    fresh: Mapping[str, Row]
    stands: Mapping[str, Row]
    metrics: Mapping[str, str]
    amounts: Sequence[Mapping[str, Amount]]
    whole: Collection[str]

    @classmethod
    def of(cls, name: str, cells: pd.DataFrame, fresh: pd.DataFrame, standing: Standing) -> Restated:
        """Of the cells of a table, the rows that they make (indexed by cell_id), and all that was published
        before.
        """
        amounts = cells[is_amount(cells)]
        refs = {cell["cell_id"]: (name, name_of(cell)) for cell in amounts.to_dict("records")}
        # Counts that no correction corrects are frozen one by one.
        whole = cells if standing.is_corrected else amounts
        return cls(
            name=name,
            fresh=rows_by_cell(fresh),
            stands=standing_rows(fresh, standing.tables.get(name)),
            metrics=dict(zip(cells["cell_id"], cells["metric_id"], strict=True)),
            amounts=[
                {c: shown[ref] for c, ref in refs.items() if ref in shown} for shown in standing.amounts
            ],
            whole=frozenset(whole["cell_id"]),
        )

    def hidden(self, free: Collection[str]) -> set[str]:
        """The rows that are withheld where they stand, and those whose amount may not change from what an
        earlier release showed, and does not stand any more.
        """
        withheld = {cell for cell, row in self.stands.items() if row["value_status"] == SUPPRESSED}
        gone = {cell for cell in self._newest() if cell not in free and not self._stands(cell)}
        return withheld | {cell for cell in gone if self._changes(cell)}

    def _newest(self) -> Mapping[str, Amount]:
        """What was shown last of each row."""
        return {cell: amount for shown in self.amounts for cell, amount in shown.items()}

    def _stands(self, cell: str) -> bool:
        return cell in self.stands and is_shown(self.stands[cell])

    def _changes(self, cell: str) -> bool:
        """Whether a row would say something else than it does where it stands, or did where it was shown."""
        row = self.fresh.get(cell)
        if row is None or not is_shown(row):
            return False
        if self._stands(cell):
            return says_other(row, self.stands[cell])
        return any(shown[cell].shown != shown_by(row) for shown in self.amounts if cell in shown)

    def amounts_held(
        self, cells: pd.DataFrame, contributors: pd.DataFrame, policy: Policy
    ) -> Iterator[CellRef]:
        """The rows whose amount would change by too few."""
        parts = parts_of(contributors)
        for row in cells[is_amount(cells)].to_dict("records"):
            cell = row["cell_id"]
            if not self._changes(cell):
                continue
            now = Amount(shown_by(self.fresh[cell]), parts.get(cell, {}))
            before = [shown[cell] for shown in self.amounts if cell in shown]
            limits = policy.thresholds(limits_of(bool(row["is_wage_derived"])))
            if betrays(now, before, limits, policy, row["statistic"] == Statistic.LEDGER):
                yield self.name, cell

    def formerly(self, free: Collection[str]) -> Formerly:
        """What the rows that are not stated anew, or say the same if they are, showed besides counts."""
        newest = self._newest()
        kept = [cell for cell in self.stands if self._stands(cell) and cell in self.whole]
        kept = [cell for cell in kept if cell not in free or not self._changes(cell)]
        dollars = {c: Decimal(str(self.stands[c]["value"])) for c in kept if is_shown(self.fresh[c])}
        return Formerly(dollars, {cell: newest[cell].parts for cell in kept if cell in newest})

    def kept(self, shown: pd.DataFrame, free: Collection[str]) -> list[str]:
        """The rows that show what stands, and would read differently if they were stated anew."""
        return [
            cell
            for cell, row in rows_by_cell(shown).items()
            if cell in self.whole and cell not in free
            if is_shown(row) and self._stands(cell) and differs(self.fresh[cell], self.stands[cell])
        ]
