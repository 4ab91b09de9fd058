"""Effects on earnings by group and by dose, as two frames in the shape of marts: figures, and firms behind.

Exact numbers, for the disclosure gate. What a group's effect is stands in ``groups``; which groups there are,
in the warehouse's ``fct_effect_group``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from reports.impact.groups import Gaps, group_effects
from reports.impact.outcomes import Region, earnings
from reports.impact.panel import Bools, Ints, Window
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


def _of_region(region: Region, groups: pd.DataFrame) -> Iterator[tuple[Row, list[Row]]]:
    values = earnings(region)
    persons = region.persons(values)
    gaps = Gaps.of(region.panel(values, persons), Window())
    known = groups[groups["group_value"] != RESIDUAL]
    for (topic, dimension), rows in known.groupby(["topic", "group_dim"], sort=True):
        of_person = dict(
            zip(rows["learner_key"].astype("str"), rows["group_value"].astype("str"), strict=True)
        )
        named = [of_person.get(region.keys[person]) for person in persons]
        fixed = rows["reference_value"].dropna()
        reference = str(fixed.iloc[0]) if len(fixed) else None
        for one in group_effects(gaps, named, reference):
            key = {"topic": topic, "group_dim": dimension, "group_value": one.group}
            yield _row("effect", key, one.effect, region, persons, gaps, one.own)
            if one.contrast is not None:
                both = one.own | one.other
                row, behind = _row("contrast", key, one.contrast, region, persons, gaps, both)
                yield row | {"reference_value": reference}, behind


def _row(
    what: str, key: Row, answer: Answer, region: Region, persons: Ints, gaps: Gaps, chosen: Bools
) -> tuple[Row, list[Row]]:
    base = {"metric_id": f"{what}_by_{'trait' if key['topic'] == 'equity' else 'dose'}"} | key
    base |= _period(region, gaps)
    if isinstance(answer, NotEstimable):
        return base | {"reason": answer.reason.value}, []
    return base | _numbers(answer), _behind(base, region, persons, gaps, chosen)


def _numbers(answer: Estimate) -> Row:
    return {
        "value": answer.value,
        "value_lower": answer.lower,
        "value_upper": answer.upper,
        "persons": answer.persons,
    }


def _period(region: Region, gaps: Gaps) -> Row:
    quarters = np.flatnonzero(gaps.panel.within(Window()).any(axis=0))
    if not len(quarters):
        return {}
    return {"first_quarter": region.quarters[quarters[0]], "last_quarter": region.quarters[quarters[-1]]}


def _behind(base: Row, region: Region, persons: Ints, gaps: Gaps, chosen: Bools) -> list[Row]:
    """Per parent, those of the group with a cell, and what members paid them in the window."""
    counted = chosen & (gaps.cells > 0)
    home, size = region.home[persons][counted], len(region.parents)
    inside = gaps.panel.within(Window())[counted]
    paid = np.where(inside, np.nan_to_num(region.wages[persons][counted]), 0.0).sum(axis=1)
    people, pay = np.bincount(home, minlength=size), np.bincount(home, paid, minlength=size)
    key = {name: base[name] for name in GROUP_KEYS}
    return [
        key
        | {
            "parent_group_id": parent,
            "persons": int(people[number]),
            "numerator_persons": 0,
            "amount_usd": round(float(pay[number]), 2),
        }
        for number, parent in enumerate(region.parents)
        if people[number]
    ]
