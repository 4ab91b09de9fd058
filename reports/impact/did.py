"""Differences of differences beside the default: symmetric around the pick, and Callaway–Sant'Anna.

Sources: Chabé-Ferret (2015) for symmetric DiD, Callaway and Sant'Anna (2021) with never-treated comparison,
no covariates. Neither governs a headline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.impact.panel import Bools, Floats, Ints, Panel, Window
from reports.impact.results import Answer, Estimate, NotEstimable, Reason


def symmetric(panel: Panel, window: Window) -> Answer:
    """Each quarter after entry against the one as far from the quarter before entry on its other side.

    Within firms: a participant's change less the mean change of never-enrolled co-workers over the same
    quarters. Bad luck that led to enrollment fades alike on both sides and cancels.
    """
    gaps, cells, persons = _symmetric_gaps(panel, window)
    total, units = cells.sum(), int((cells > 0).sum())
    if units < 2:
        return NotEstimable(
            "symmetric", Reason.SHORT_HISTORY, f"{panel.history} quarters", f"{window.first + 3}"
        )
    value = gaps.sum() / total
    scores = (gaps - cells * value) / total
    error = np.sqrt(units / (units - 1) * (scores**2).sum())
    return Estimate("symmetric", float(value), float(error), units - 1, int(persons.sum()), units, int(total))


def _symmetric_gaps(panel: Panel, window: Window) -> tuple[Floats, Floats, Bools]:
    gaps, cells = np.zeros(panel.unit_count), np.zeros(panel.unit_count)
    persons = np.zeros(panel.shape[0], dtype=bool)
    for entry in np.unique(panel.entry[panel.is_participant]):
        for after in range(window.first, window.last + 1):
            late, early = int(entry) + after, int(entry) - 2 - after
            if early < 0 or late >= panel.shape[1]:
                continue
            change = panel.outcome[:, late] - panel.outcome[:, early]
            mean = _comparison_mean(panel, change)[panel.unit]
            own = (panel.entry == entry) & np.isfinite(change) & np.isfinite(mean)
            gaps += np.bincount(panel.unit[own], (change - mean)[own], minlength=panel.unit_count)
            cells += np.bincount(panel.unit[own], minlength=panel.unit_count)
            persons |= own
    return gaps, cells, persons


def _comparison_mean(panel: Panel, change: Floats) -> Floats:
    """Mean change of each unit's never-enrolled, NaN where there is nobody."""
    used = ~panel.is_participant & np.isfinite(change)
    total = np.bincount(panel.unit[used], change[used], minlength=panel.unit_count)
    count = np.bincount(panel.unit[used], minlength=panel.unit_count)
    mean: Floats = np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
    return mean


@dataclass(frozen=True)
class GroupTime:
    """ATT(g, t): the group that enrolled in column ``entry``, in ``quarter``; one influence a person."""

    entry: int
    quarter: int
    value: float
    influence: Floats
    members: int


def group_time_effects(
    panel: Panel, base: int = -1, events: tuple[int, int] | None = None, comparison: Bools | None = None
) -> tuple[GroupTime, ...]:
    """Group-time effects against the quarter ``base`` (negative) from entry.

    Quarters from ``base`` on, or those within ``events``. With ``base`` −1 the earlier quarters use the one
    just before each ("varying" base) when ``events`` asks for them.
    """
    never = ~panel.is_participant if comparison is None else comparison
    found = [
        _group_time(panel, int(entry), quarter, base, never)
        for entry in np.unique(panel.entry[panel.is_participant])
        for quarter in _quarters(panel, int(entry), base, events)
    ]
    return tuple(one for one in found if one is not None)


def _quarters(panel: Panel, entry: int, base: int, events: tuple[int, int] | None) -> range:
    first, last = events or (base + 1, panel.shape[1])
    return range(max(entry + first, 1), min(entry + last + 1, panel.shape[1]))


def _group_time(panel: Panel, entry: int, quarter: int, base: int, never: Bools) -> GroupTime | None:
    reference = min(entry + base, quarter - 1)
    if reference < 0:
        return None
    change = panel.outcome[:, quarter] - panel.outcome[:, reference]
    seen = np.isfinite(change)
    own, other = (panel.entry == entry) & seen, never & seen
    if not own.any() or not other.any():
        return None
    value, usual = float(change[own].mean()), float(change[other].mean())
    influence = np.zeros(len(change))
    influence[own] = len(change) / own.sum() * (change[own] - value)
    influence[other] = -len(change) / other.sum() * (change[other] - usual)
    return GroupTime(entry, quarter, value - usual, influence, int(own.sum()))


def callaway_santanna(panel: Panel, window: Window, base: int = -1) -> Answer:
    """Group-time effects averaged over the window, weighted by the groups' sizes; clustered by unit."""
    name = f"Callaway–Sant'Anna, base {base}"
    cells = group_time_effects(panel, base, (window.first, window.last))
    if not cells:
        return NotEstimable(name, Reason.EMPTY_WINDOW, "no group with a base quarter", "at least one")
    return averaged(panel, cells, name)


def averaged(panel: Panel, cells: tuple[GroupTime, ...], name: str, by_unit: bool = True) -> Estimate:
    """The mean of group-time effects weighted by group size, its error from the influence functions.

    ``by_unit``: clustered by unit, else by person.
    """
    count = panel.shape[0]
    sizes = np.array([(panel.entry == one.entry).sum() for one in cells]) / count
    values = np.array([one.value for one in cells])
    weights = sizes / sizes.sum()
    influence = sum((w * one.influence for w, one in zip(weights, cells, strict=True)), np.zeros(count))
    influence = influence + _weight_influence(panel, cells, sizes, values)
    clusters = panel.unit if by_unit else np.arange(count)
    summed = np.bincount(clusters, influence)
    units = len(summed)
    correction = units / (units - 1) if by_unit else 1.0
    members = np.isin(panel.entry, [one.entry for one in cells])
    return Estimate(
        name=name,
        value=float(weights @ values),
        se=float(np.sqrt(correction * (summed**2).sum()) / count),
        df=units - 1,
        persons=int(members.sum()),
        units=len(np.unique(panel.unit[members])),
        cells=int(sum(one.members for one in cells)),
    )


def _weight_influence(panel: Panel, cells: tuple[GroupTime, ...], sizes: Floats, values: Floats) -> Floats:
    """What the estimated group sizes add to the influence function."""
    total = sizes.sum()
    result = np.zeros(panel.shape[0])
    per_entry: dict[int, tuple[float, float]] = {}
    for one, value in zip(cells, values, strict=True):
        summed, times = per_entry.get(one.entry, (0.0, 0.0))
        per_entry[one.entry] = (summed + value, times + 1.0)
    mean = float((sizes * values).sum() / total)
    shares: dict[int, float] = {one.entry: float(s) for one, s in zip(cells, sizes, strict=True)}
    for entry, (summed, times) in per_entry.items():
        own: Ints = (panel.entry == entry).astype(np.int64)
        result += (own - shares[entry]) / total * (summed - mean * times)
    return result
