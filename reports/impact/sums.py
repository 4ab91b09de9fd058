"""One pass over the panel, firm by firm: everything that the regression-and-imputation estimators need.

Persons' own levels and the firm × quarter effects are projected out by (generalized) least squares on the
untreated cells; the treated cells are then predicted. Every column of a design (the outcome, a drift, a dip,
…) goes through the same operator, so that one pass serves any choice of regressors, and all results are sums
over firms: leaving a firm out costs nothing. Which columns and which cells is decided by the callers.

Source: Borusyak, Jaravel and Spiess (2024), Revisiting Event-Study Designs, for identity weights.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from reports.impact.panel import MIN_COWORKERS, Bools, Floats, Ints, Panel, pattern_keys

CHUNK = 500
"""Persons handled at once (whole firms)."""

BLOCK = 20_000_000
"""Numbers kept of what persons share, at most: quarters × quarters for each. Both bound the memory and change
no result.
"""

_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Design:
    """What goes through the pass.

    ``columns`` makes persons × quarters × columns for a slice of persons (whole units), first the outcome;
    ``untreated`` are the cells that teach, ``events`` the quarters since entry to be predicted (first, last);
    ``covariance``: quarters × quarters of a person's pay over time, or None for equal, independent cells.
    """

    columns: Callable[[slice], Floats]
    untreated: Bools
    events: tuple[int, int]
    covariance: Floats | None = None


@dataclass(frozen=True)
class UnitSums:
    """Per unit. ``gram``: columns × columns over untreated cells; ``gaps``: events × columns, the sum over
    treated cells of value less prediction; ``cells``: events, how many there are; ``persons``: in the window.
    """

    gram: Floats
    gaps: Floats
    cells: Floats
    first_event: int
    is_target: Bools

    def within(self, first: int, last: int) -> tuple[Floats, Floats]:
        """Gaps (units × columns) and cells (units) summed over the events ``first``..``last``."""
        chosen = slice(first - self.first_event, last + 1 - self.first_event)
        return self.gaps[:, chosen].sum(axis=1), self.cells[:, chosen].sum(axis=1)


def unit_sums(panel: Panel, design: Design) -> UnitSums:
    """The sums over all units, chunk by chunk."""
    parts = [_chunk(panel, design, persons, operator) for persons, operator in _chunks(panel, design)]
    gram, gaps, cells, target = (np.concatenate(column) for column in zip(*parts, strict=True))
    return UnitSums(gram, gaps, cells, design.events[0], target)


def _chunks(panel: Panel, design: Design) -> Iterator[tuple[slice, Operator]]:
    """Slices of whole units with about CHUNK persons, each with its operator; those of a block share what
    there is to each pattern of quarters.
    """
    edges = np.append(panel.starts, len(panel.unit))
    for block in _slices(edges, max(CHUNK, BLOCK // panel.shape[1] ** 2)):
        operator = operator_of(design.untreated[block], design.covariance)
        for chunk in _slices(edges[(edges >= block.start) & (edges <= block.stop)] - block.start, CHUNK):
            persons = slice(chunk.start + block.start, chunk.stop + block.start)
            yield persons, operator.of_persons(chunk)


def _slices(edges: Ints, size: int) -> Iterator[slice]:
    """Slices of whole units with at most ``size`` persons, or one unit; ``edges``: each one's first person,
    and the end.
    """
    at = 0
    while at < len(edges) - 1:
        end = max(int(np.searchsorted(edges, edges[at] + size, side="right")) - 1, at + 1)
        yield slice(int(edges[at]), int(edges[end]))
        at = end


@dataclass(frozen=True)
class _Predicted:
    """What a chunk's pass finds: gram by unit; gaps of those with a target cell (``aimed``), and each of
    their quarters' events, one beyond the last where it is no target; who is a target when.
    """

    gram: Floats
    gaps: Floats
    event: Ints
    aimed: Ints
    unit: Ints
    target: Bools


def _predicted(panel: Panel, design: Design, persons: slice, operator: Operator) -> _Predicted:
    own = np.flatnonzero(np.diff(panel.unit[persons], prepend=-1))
    unit = panel.unit[persons] - panel.unit[persons.start]
    taught, columns = design.untreated[persons], design.columns(persons)
    weighted = operator.apply(columns)
    summed = np.add.reduceat(weighted, own)
    effects, is_connected = _effects(operator.summed(own), summed, taught, own)
    gram = by_unit(columns, weighted, own)
    gram -= np.matmul(summed.transpose(0, 2, 1), effects)
    target = _targets(panel, design, persons, unit, own) & is_connected[unit][:, None]
    aimed = np.flatnonzero(target.any(axis=1))
    residual = columns[aimed] - effects[unit[aimed]]
    gaps = residual - operator.of_persons(aimed).predict(residual)
    event = np.where(target[aimed], panel.event[persons][aimed], design.events[1] + 1)
    return _Predicted(gram, gaps, event, aimed, unit[aimed], target)


def _chunk(
    panel: Panel, design: Design, persons: slice, operator: Operator
) -> tuple[Floats, Floats, Floats, Bools]:
    found = _predicted(panel, design, persons, operator)
    summed = _by_event(found.gaps, found.event, found.unit, design.events, len(found.gram))
    return found.gram, *summed, found.target


def person_gaps(panel: Panel, design: Design) -> tuple[Floats, Floats]:
    """Per person, over the design's events: the sum of value less prediction, and how many cells there are.

    Added up by unit they are the gaps and cells of ``unit_sums``. Person-level: never leaves the building.
    """
    gaps, cells = np.zeros(panel.shape[0]), np.zeros(panel.shape[0])
    first, last = design.events
    for persons, operator in _chunks(panel, design):
        found = _predicted(panel, design, persons, operator)
        inside = (found.event >= first) & (found.event <= last)
        gaps[persons.start + found.aimed] = np.where(inside, found.gaps[:, :, 0], 0.0).sum(axis=1)
        cells[persons.start + found.aimed] = inside.sum(axis=1)
    return gaps, cells


def _by_event(
    gaps: Floats, event: Ints, unit: Ints, events: tuple[int, int], units: int
) -> tuple[Floats, Floats]:
    """Gaps and cells summed by unit and quarter since entry."""
    first, last = events
    persons, quarters = np.nonzero((event >= first) & (event <= last))
    place = unit[persons] * (last - first + 1) + event[persons, quarters] - first
    size = units * (last - first + 1)
    columns = [
        np.bincount(place, gaps[persons, quarters, number], minlength=size) for number in range(gaps.shape[2])
    ]
    summed = np.stack(columns, axis=1).reshape(units, -1, gaps.shape[2])
    cells: Floats = np.bincount(place, minlength=size).reshape(units, -1).astype(np.float64)
    return summed.astype(np.float64), cells


def _targets(panel: Panel, design: Design, persons: slice, unit: Ints, own: Ints) -> Bools:
    """Treated cells with an untreated quarter of one's own and enough untreated co-workers in the quarter."""
    taught = design.untreated[persons]
    coworkers = np.add.reduceat(taught.astype(np.int64), own)[unit]
    targets: Bools = (
        panel.observed[persons] & ~taught & (taught.sum(axis=1) > 0)[:, None] & (coworkers >= MIN_COWORKERS)
    )
    return targets


def _effects(matrices: Floats, summed: Floats, taught: Bools, own: Ints) -> tuple[Floats, Bools]:
    """Unit × quarter effects of every column, and whether persons link all the unit's quarters."""
    values, vectors = np.linalg.eigh(matrices)
    largest = np.maximum(values[:, -1:], np.finfo(float).tiny)
    is_zero = values <= _TOLERANCE * largest
    inverse = np.where(is_zero, 0.0, 1 / np.where(is_zero, 1.0, values))
    effects = vectors @ (inverse[:, :, None] * (vectors.transpose(0, 2, 1) @ summed))
    return effects, (~is_zero).sum(axis=1) >= _seen(taught, own) - 1


def _seen(taught: Bools, own: Ints) -> Ints:
    """How many quarters of each unit have an untreated cell."""
    seen: Ints = (np.add.reduceat(taught.astype(np.int64), own) > 0).sum(axis=1)
    return seen


class Operator(Protocol):
    """What takes persons' own levels out: M = V − ss'/1's, with V the inverse covariance over a person's
    untreated quarters and s = V1.
    """

    def of_persons(self, chosen: slice | Ints) -> Operator:
        """The operator of some of the persons."""

    def summed(self, own: Ints) -> Floats:
        """The sum of the persons' M by unit; ``own``: the first person of each."""

    def apply(self, columns: Floats) -> Floats:
        """M times each person's columns."""

    def predict(self, residual: Floats) -> Floats:
        """What is expected of every quarter given the residuals of the untreated ones (best linear)."""


def operator_of(taught: Bools, covariance: Floats | None) -> Operator:
    """The operator of persons × quarters of untreated cells."""
    return Means(taught) if covariance is None else Patterns.of(taught, covariance)


@dataclass(frozen=True)
class Means:
    """Where cells are equal and independent: V is the identity, a level the mean of the ``taught`` cells."""

    taught: Bools

    @cached_property
    def _weights(self) -> Floats:
        """Of each cell in its person's mean; none where nothing taught."""
        weights: Floats = self.taught / np.maximum(self.taught.sum(axis=1, keepdims=True), 1.0)
        return weights

    def of_persons(self, chosen: slice | Ints) -> Means:
        """See ``Operator``."""
        return Means(self.taught[chosen])

    def summed(self, own: Ints) -> Floats:
        """See ``Operator``."""
        ones = self.taught.astype(np.float64)
        summed = -by_unit(ones[:, None, :], self._weights[:, None, :], own)
        np.einsum("utt->ut", summed)[:] += np.add.reduceat(ones, own)
        return summed

    def apply(self, columns: Floats) -> Floats:
        """See ``Operator``."""
        return np.where(self.taught[:, :, None], columns - self.predict(columns), 0.0)

    def predict(self, residual: Floats) -> Floats:
        """See ``Operator``."""
        level: Floats = np.matmul(self._weights[:, None, :], residual)
        return level


@dataclass(frozen=True)
class Patterns:
    """Where cells move together: one M per pattern of untreated quarters, and each person's ``pattern``.

    ``share``: s'/1's; ``covariance``: quarters × quarters.
    """

    pattern: Ints
    matrix: Floats
    share: Floats
    covariance: Floats

    @classmethod
    def of(cls, taught: Bools, covariance: Floats) -> Patterns:
        """The operator of persons × quarters of untreated cells."""
        _, first, pattern = np.unique(pattern_keys(taught), return_index=True, return_inverse=True)
        precision = _precisions(taught[first].astype(float), covariance)
        row = precision.sum(axis=2)
        share = row / np.maximum(row.sum(axis=1), np.finfo(float).tiny)[:, None]
        precision -= row[:, :, None] * share[:, None, :]
        return cls(pattern, precision, share, covariance)

    def of_persons(self, chosen: slice | Ints) -> Patterns:
        """See ``Operator``."""
        return Patterns(self.pattern[chosen], self.matrix, self.share, self.covariance)

    def summed(self, own: Ints) -> Floats:
        """See ``Operator``."""
        found, place = np.unique(self.pattern, return_inverse=True)
        unit = np.repeat(np.arange(len(own)), np.diff(own, append=len(place)))
        counts = np.bincount(unit * len(found) + place, minlength=len(own) * len(found))
        flat = counts.reshape(len(own), -1).astype(float) @ self.matrix[found].reshape(len(found), -1)
        summed: Floats = flat.reshape(len(own), *self.covariance.shape)
        return summed

    def apply(self, columns: Floats) -> Floats:
        """See ``Operator``; persons with the same pattern are multiplied together where they are many."""
        if len(self.matrix) * 8 > len(self.pattern):
            multiplied: Floats = np.matmul(self.matrix[self.pattern], columns)
            return multiplied
        result = np.empty_like(columns)
        for number, matrix in enumerate(self.matrix):
            chosen = self.pattern == number
            # One large product (the matrix is symmetric) instead of one small one for each person.
            result[chosen] = np.tensordot(columns[chosen], matrix, axes=(1, 0)).transpose(0, 2, 1)
        return result

    def predict(self, residual: Floats) -> Floats:
        """See ``Operator``."""
        level = np.matmul(self.share[self.pattern][:, None, :], residual)
        predicted: Floats = level + np.matmul(self.covariance, self.apply(residual))
        return predicted


def by_unit(left: Floats, right: Floats, own: Ints) -> Floats:
    """left'right over all cells of each unit: units × columns × columns; ``own``: each one's first person."""
    units = [slice(*ends) for ends in itertools.pairwise([*own, len(left)])]
    columns = left.shape[2], right.shape[2]
    return np.stack(
        [left[one].reshape(-1, columns[0]).T @ right[one].reshape(-1, columns[1]) for one in units]
    )


def _precisions(seen: Floats, covariance: Floats) -> Floats:
    """The inverse covariance over each pattern's quarters, zero elsewhere."""
    both = seen[:, :, None] * seen[:, None, :]
    padded = covariance * both + (1 - seen)[:, :, None] * np.eye(seen.shape[1])
    inverse: Floats = np.linalg.inv(padded) * both
    return inverse


def leave_one_out(
    sums: UnitSums, window: tuple[int, int], regressors: tuple[int, ...], response: int = 0
) -> Floats:
    """The mean gap in the window after the regressors, without each unit in turn; first with all of them.

    One number for all, then one per unit; NaN where the rest cannot carry the estimate.
    """
    gaps, cells = sums.within(*window)
    chosen = list(regressors)
    total_gaps = np.vstack([gaps.sum(axis=0), gaps.sum(axis=0) - gaps])
    total_cells = np.append(cells.sum(), cells.sum() - cells)
    coefficients = slopes(sums, regressors, response)
    adjusted = total_gaps[:, response] - (total_gaps[:, chosen] * coefficients).sum(axis=1)
    mean: Floats = np.divide(adjusted, total_cells, out=np.full(len(adjusted), np.nan), where=total_cells > 0)
    return mean


def slopes(sums: UnitSums, regressors: tuple[int, ...], response: int = 0) -> Floats:
    """The regressors' coefficients with all units, then without each in turn (1 + units × regressors)."""
    chosen = list(regressors)
    if not chosen:
        return np.zeros((len(sums.cells) + 1, 0))
    gram = np.concatenate([sums.gram.sum(axis=0)[None], sums.gram.sum(axis=0) - sums.gram])
    left, right = gram[:, chosen][:, :, chosen], gram[:, chosen, response]
    scale = np.sqrt(np.maximum(np.einsum("uii->ui", left), np.finfo(float).tiny))
    scaled = left / (scale[:, :, None] * scale[:, None, :])
    solved = np.linalg.pinv(scaled, rcond=1e-10, hermitian=True) @ (right / scale)[:, :, None]
    coefficients: Floats = solved[:, :, 0] / scale
    return coefficients


def jackknife_variance(left_out: Floats) -> float:
    """Delete-one-unit variance of estimates without each unit in turn."""
    count = len(left_out)
    return float((count - 1) / count * ((left_out - left_out.mean()) ** 2).sum())
