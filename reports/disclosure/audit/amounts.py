"""Amounts between a release and those it corrects: is what changed of a mean, a median or a sum about enough?

Counts and what firms paid are cells of systems and judged by ``changes``. Averages are in no system: what two
versions show of one is judged here, by whose dollars (or, without dollars, whose persons) moved. Also whether
the amounts of the evidence are those that are published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from reports.disclosure.audit.evidence import SHOWN, Evidence
from reports.disclosure.audit.findings import Attacker, Finding
from reports.disclosure.audit.restated import Rules, failing

_CELL = ["table_name", "cell"]
_ZERO = "0.000000"
_DIFFERENCE = "the earlier value is subtracted from the later"


def betraying_amounts(evidence: Evidence, earlier: Sequence[Evidence]) -> Iterator[Finding]:
    """Amounts that a release shows otherwise than an earlier one, by too few."""
    for old in earlier:
        if evidence.amounts is None or old.amounts is None:
            continue
        for (table, cell), rows in _changed(old.amounts, evidence.amounts):
            if _is_about_too_few(rows, evidence.policy):
                yield Finding("AUD-109", f"{table} {cell} in averages", _DIFFERENCE, Attacker.RELEASES)


def _changed(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    """Each cell that both show, and otherwise, with its rows of both (``sign`` -1 for the earlier)."""
    said = [frame.drop_duplicates(_CELL).set_index(_CELL)[list(SHOWN)] for frame in (old, new)]
    both = said[0].index.intersection(said[1].index)
    differs = (said[0].loc[both] != said[1].loc[both]).any(axis=1)
    named = set(both[differs.to_numpy(dtype=bool)])
    rows = pd.concat([old.assign(sign=-1), new.assign(sign=1)], ignore_index=True)
    for key, group in rows.groupby(_CELL, sort=True):
        if key in named:
            yield (str(key[0]), str(key[1])), group


def _is_about_too_few(rows: pd.DataFrame, policy: Mapping[str, Any]) -> bool:
    """Whether the firms that moved fail a rule. That each stands for one person at least is all that is known
    of people; a sum that firms paid is about none."""
    weight = "cents" if (rows["cents"] != 0).any() else "persons"
    firms = rows[rows["firm"] != ""].assign(
        moved=rows[weight] * rows["sign"], people=rows["persons"] * rows["sign"]
    )
    change = firms.groupby("firm")[["moved", "people"]].sum().abs()
    change = change[change["moved"] > 0].sort_values("moved", ascending=False)
    sizes = change["moved"].tolist()
    people = -1 if rows["is_money"].any() else int(np.maximum(change["people"], 1).sum())
    spread = pd.DataFrame(
        {
            "firms": [len(sizes)],
            "largest": [sum(sizes[:1])],
            "second": [sum(sizes[1:2])],
            "persons": [people],
            "top_persons": [-1],
        }
    )
    rules = Rules.of(policy, "wage_derived" if rows["is_wage_derived"].any() else "count")
    units = np.array([sum(sizes)], dtype=np.int64)
    return bool(failing(units, spread, replace(rules, hides_zeros=True), is_of_people=False)[0])


def other_amounts(evidence: Evidence, tables: Mapping[str, pd.DataFrame]) -> Iterator[Finding]:
    """Tables and measures whose published amounts are not those of the evidence. Of a measure in dollars the
    evidence holds the rows that firms paid, and others may be published beside them.
    """
    if evidence.amounts is None:
        return
    cells = evidence.amounts.drop_duplicates(_CELL)
    for (table, metric), kept in cells.groupby(["table_name", "metric_id"], sort=True):
        said = Counter(kept[list(SHOWN)].itertuples(index=False, name=None))
        shown = _published(tables[str(table)], str(metric)) if str(table) in tables else Counter()
        others = Counter() if kept["is_money"].any() else shown - said
        if said - shown or others:
            yield Finding("AUD-113", f"{table}, {metric}", "amounts of the evidence", Attacker.NOBODY)


def _published(rows: pd.DataFrame, metric: str) -> Counter[tuple[str, ...]]:
    shown = rows[(rows["metric_id"] == metric) & rows["value"].notna()]
    return Counter(
        tuple("" if pd.isna(number) else f"{float(number):.6f}".replace("-0.000000", _ZERO) for number in row)
        for row in shown[list(SHOWN)].itertuples(index=False, name=None)
    )
