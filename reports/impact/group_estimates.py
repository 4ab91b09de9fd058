"""Effects on earnings by group and by dose, as two frames in the shape of marts: figures, and firms behind.

Exact numbers, for the disclosure gate. What a group's effect is stands in ``groups``; which groups there are,
in the warehouse's ``fct_effect_group``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from reports.impact.groups import Gaps, group_effects
from reports.impact.outcomes import Region, earnings, period_of
from reports.impact.panel import Bools, Floats, Ints, Window
from reports.impact.results import Answer, Estimate, NotEstimable

GROUPS, GROUP_CONTRIBUTORS = "agg_group_effects", "agg_group_effect_contributors"
GROUP_KEYS = ("metric_id", "topic", "group_dim", "group_value")
RESIDUAL = "undisclosed_or_small"
"""Those who gave no answer and groups too small to stand alone: described by nothing."""

GROUP_COLUMNS: dict[str, str] = {
    **dict.fromkeys((*GROUP_KEYS, "reference_value"), "string[pyarrow]"),
    **dict.fromkeys(("value", "value_lower", "value_upper"), "Float64"),
    "persons": "Int64",
    **dict.fromkeys(("first_quarter", "last_quarter", "reason"), "string[pyarrow]"),
}
"""One row per metric (effect or contrast, by trait or by dose) × topic × dimension × group."""

CONTRIBUTOR_COLUMNS: dict[str, str] = {
    **dict.fromkeys((*GROUP_KEYS, "parent_group_id"), "string[pyarrow]"),
    **dict.fromkeys(("persons", "numerator_persons"), "Int64"),
    "amount_usd": "Float64",
}

Row = dict[str, Any]


def estimate_groups(region: Region | None, groups: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Both marts; without rows where there is no region or no group. ``groups``: rows of
    ``fct_effect_group``.
    """
    found = [] if region is None or groups.empty else list(_of_region(region, groups))
    figures = pd.DataFrame([row for row, _ in found], columns=list(GROUP_COLUMNS))
    behind = pd.DataFrame([one for _, rows in found for one in rows], columns=list(CONTRIBUTOR_COLUMNS))
    return {
        GROUPS: figures.astype(GROUP_COLUMNS),
        GROUP_CONTRIBUTORS: behind.astype(CONTRIBUTOR_COLUMNS),
    }


@dataclass(frozen=True)
class _Everybody:
    """Who the gaps are of, in their order: each one's parent (a number) and what members paid in the window,
    real USD; ``period``: the quarters of the window that anybody is in.
    """

    gaps: Gaps
    keys: pd.Index
    home: Ints
    paid: Floats
    parents: tuple[str, ...]
    period: Row


def _everybody(region: Region) -> _Everybody:
    values, window = earnings(region), Window()
    persons = region.persons(values)
    panel = region.panel(values, persons)
    return _Everybody(
        Gaps.of(panel, window),
        pd.Index(region.keys)[persons],
        region.home[persons],
        region.paid(persons, panel.within(window)),
        region.parents,
        period_of(panel),
    )


def _of_region(region: Region, groups: pd.DataFrame) -> Iterator[tuple[Row, list[Row]]]:
    everybody = _everybody(region)
    known = groups[groups["group_value"] != RESIDUAL]
    of_dimension = known.groupby(["topic", "group_dim"], sort=False, observed=True)
    for (topic, dimension), rows in sorted(of_dimension, key=itemgetter(0)):
        of_person = pd.Series(rows["group_value"].to_numpy(dtype=object), rows["learner_key"].astype("str"))
        named = of_person.reindex(everybody.keys, fill_value="").to_numpy(dtype=object)
        fixed = rows["reference_value"].dropna()
        reference = str(fixed.iloc[0]) if len(fixed) else None
        for one in group_effects(everybody.gaps, named, reference):
            key = {"topic": topic, "group_dim": dimension, "group_value": one.group}
            yield _row("effect", key, one.effect, everybody, one.own)
            if one.contrast is not None:
                row, behind = _row("contrast", key, one.contrast, everybody, one.own | one.other)
                yield row | {"reference_value": reference}, behind


def _row(what: str, key: Row, answer: Answer, everybody: _Everybody, chosen: Bools) -> tuple[Row, list[Row]]:
    base = {"metric_id": f"{what}_by_{'trait' if key['topic'] == 'equity' else 'dose'}"} | key
    base |= everybody.period
    if isinstance(answer, NotEstimable):
        return base | {"reason": answer.reason.value}, []
    return base | _numbers(answer), _behind(base, everybody, chosen)


def _numbers(answer: Estimate) -> Row:
    return {
        "value": answer.value,
        "value_lower": answer.lower,
        "value_upper": answer.upper,
        "persons": answer.persons,
    }


def _behind(base: Row, everybody: _Everybody, chosen: Bools) -> list[Row]:
    """Per parent, those of the group with a cell, and what members paid them in the window."""
    counted = chosen & (everybody.gaps.cells > 0)
    home, size = everybody.home[counted], len(everybody.parents)
    people = np.bincount(home, minlength=size)
    pay = np.bincount(home, everybody.paid[counted], minlength=size)
    key = {name: base[name] for name in GROUP_KEYS}
    return [
        key
        | {
            "parent_group_id": parent,
            "persons": int(people[number]),
            "numerator_persons": 0,
            "amount_usd": round(float(pay[number]), 2),
        }
        for number, parent in enumerate(everybody.parents)
        if people[number]
    ]
