"""Reads a lake's frames for the restatement: which rows count, which version of a register row is in force.

What the rows mean belongs to the other `restated_` modules; nothing here knows dbt or opens a database.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from contracts import CONTRACTS
from contracts.model import Cadence
from contracts.quarters import Quarter

Record = dict[str, Any]

STATE_KEYS = {
    name: list(of.meta.key)
    for name, of in CONTRACTS.items()
    if of.meta.cadence is Cadence.EVENTS and name != "wage"
}
"""What a later period's row of the same box replaces. The quarter is in a wage's key, so nothing does."""


@dataclass(frozen=True)
class LakeFrames:
    """Accepted rows by contract (all submissions), those in force, monthly prices, the announced day."""

    accepted: Mapping[str, pd.DataFrame]
    in_force: pd.DataFrame
    prices: pd.DataFrame
    as_of: date

    def rows(self, contract: str) -> list[Record]:
        """Rows of the submissions in force; of a key reported again, the latest period's."""
        kept = self.frame(contract)
        if contract in STATE_KEYS:
            newest_last = kept.sort_values(["box_period", "tx_from", "record"])
            kept = newest_last.drop_duplicates(["box_firm_id", *STATE_KEYS[contract]], keep="last")
        return [{str(k): _none(v) for k, v in row.items()} for row in kept.to_dict("records")]

    def frame(self, contract: str) -> pd.DataFrame:
        """Accepted rows of the submissions in force; of a key that was corrected, the last word."""
        listed = self.in_force.loc[self.in_force["contract"] == contract, ["submission_id", "place"]]
        kept = self.accepted[contract].merge(listed, on="submission_id")
        if not kept["place"].any():
            return kept
        key = ["box_firm_id", "box_period", *CONTRACTS[contract].meta.key]
        last = kept.sort_values("place", kind="stable").drop_duplicates(key, keep="last")
        return last[(last["place"] == 0) | (last["record_action"] != "D")].drop(columns="place")

    def of_people(self, people: set[str]) -> LakeFrames:
        """The same lake with the wages of these people only."""
        wages = self.accepted["wage"]
        theirs = wages[wages["learner_key"].isin(people)]
        return replace(self, accepted={**self.accepted, "wage": theirs})

    def has_ended(self, quarter: Quarter) -> bool:
        """Whether a quarter lies wholly before the announced day."""
        return quarter.last_day < self.as_of

    @cached_property
    def delivered(self) -> set[tuple[str, str, str]]:
        """(contract, firm, quarter) of extracts that arrived and were not rejected whole."""
        taken = self.in_force[self.in_force["status"] != "REJECTED"]
        return set(taken[["contract", "firm_id", "period"]].itertuples(index=False, name=None))

    def newest_delivery(self, contract: str) -> str:
        """The newest quarter anybody sent the extract for; blank when nobody did."""
        return max((period for name, _, period in self.delivered if name == contract), default="")

    @cached_property
    def firms(self) -> dict[str, Record]:
        """The register of firms on the announced day."""
        return self._versions("firm", "firm_id")

    @cached_property
    def programs(self) -> dict[str, Record]:
        """The register of programs on the announced day."""
        return self._versions("program", "program_id", "effective_from")

    @cached_property
    def credential_types(self) -> dict[str, str | None]:
        """PIRL type of every registered credential on the announced day."""
        versions = self._versions("credential_definition", "credential_id")
        return {name: row["credential_type_pirl"] for name, row in versions.items()}

    def _versions(self, register: str, key: str, since: str = "valid_from") -> dict[str, Record]:
        """Per key, the newest version begun by the day; one still to come only where there is no other."""

        def rank(row: Record) -> tuple[bool, date, str]:
            begins = row[since] or date.min
            return (begins <= self.as_of, begins, row["submission_id"])

        return {row[key]: row for row in sorted(self.rows(register), key=rank)}

    def parent(self, firm: str) -> str:
        """The ultimate parent; a firm without one is its own."""
        return str(self.firms.get(firm, {}).get("parent_group_id") or firm)

    def sector(self, firm: str) -> str:
        """The NAICS sector, possibly a range."""
        ranges = {"31": "31-33", "32": "31-33", "33": "31-33", "44": "44-45", "45": "44-45", "48": "48-49"}
        prefix = (self.firms.get(firm, {}).get("naics_code") or "")[:2]
        return {**ranges, "49": "48-49"}.get(prefix, prefix) or "unreported"


def read_lake(lake: Path, in_force: Path, prices: Path, as_of: date) -> LakeFrames:
    """Read a home's lake and the CPI seed; amounts come as Decimal, days as date."""
    folders = sorted(folder for folder in (lake / "accepted").iterdir() if folder.is_dir())
    monthly = pd.read_csv(prices, dtype={"month": "str"})
    return LakeFrames(
        {f.name: _read(f) for f in folders}, pq.read_table(in_force).to_pandas(), monthly, as_of
    )


def _read(folder: Path) -> pd.DataFrame:
    if any(folder.glob("firm=*")):
        return ds.dataset(folder, format="parquet", partitioning=None).to_table().to_pandas()
    return pq.read_table(folder / "_schema.parquet", partitioning=None).to_pandas()


def by(rows: Iterable[Record], column: str) -> dict[str, list[Record]]:
    """Rows by the value of a column."""
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


def _none(value: Any) -> Any:
    return None if value is pd.NaT or (isinstance(value, float) and math.isnan(value)) else value
