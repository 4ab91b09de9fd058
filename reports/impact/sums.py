"""One pass over the panel, firm by firm: everything that the regression-and-imputation estimators need.

Persons' own levels and the firm × quarter effects are projected out by (generalized) least squares on the
untreated cells; the treated cells are then predicted. Every column of a design (the outcome, a drift, a dip,
…) goes through the same operator, so that one pass serves any choice of regressors, and all results are sums
over firms: leaving a firm out costs nothing. Which columns and which cells is decided by the callers.

Source: Borusyak, Jaravel and Spiess (2024), Revisiting Event-Study Designs, for identity weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from reports.impact.panel import MIN_COWORKERS, Bools, Floats, Ints, Panel

CHUNK = 500
"""Persons handled at once (whole firms): bounds the memory, changes no result."""

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
    parts = [_chunk(panel, design, persons) for persons in _chunks(panel)]
    gram, gaps, cells, target = (np.concatenate(column) for column in zip(*parts, strict=True))
    return UnitSums(gram, gaps, cells, design.events[0], target)


def _chunks(panel: Panel) -> Iterator[slice]:
    """Slices of whole units with about CHUNK persons."""
    edges = np.append(panel.starts, len(panel.unit))
    begin = 0
    while begin < len(panel.unit):
        later = edges[(edges > begin) & (edges <= begin + CHUNK)]
        end = int(later[-1]) if len(later) else int(edges[edges > begin][0])
        yield slice(begin, end)
        begin = end


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


def _predicted(panel: Panel, design: Design, persons: slice) -> _Predicted:
    own = np.flatnonzero(np.diff(panel.unit[persons], prepend=-1))
    unit = panel.unit[persons] - panel.unit[persons.start]
    taught, columns = design.untreated[persons], design.columns(persons)
    operator = Operator.of(taught, design.covariance)
    weighted = operator.apply(columns)
    summed = np.add.reduceat(weighted, own)
    effects, is_connected = _effects(operator.summed(unit, len(own)), summed, taught, own)
    gram = np.add.reduceat(np.matmul(columns.transpose(0, 2, 1), weighted), own)
    gram -= np.matmul(summed.transpose(0, 2, 1), effects)
    target = _targets(panel, design, persons, unit, own) & is_connected[unit][:, None]
    aimed = np.flatnonzero(target.any(axis=1))
    residual = columns[aimed] - effects[unit[aimed]]
    gaps = residual - operator.of_persons(aimed).predict(residual)
    event = np.where(target[aimed], panel.event[persons][aimed], design.events[1] + 1)
    return _Predicted(gram, gaps, event, aimed, unit[aimed], target)


def _chunk(panel: Panel, design: Design, persons: slice) -> tuple[Floats, Floats, Floats, Bools]:
    found = _predicted(panel, design, persons)
    summed = _by_event(found.gaps, found.event, found.unit, design.events, len(found.gram))
    return found.gram, *summed, found.target


def person_gaps(panel: Panel, design: Design) -> tuple[Floats, Floats]:
    """Per person, over the design's events: the sum of value less prediction, and how many cells there are.

    Added up by unit they are the gaps and cells of ``unit_sums``. Person-level: never leaves the building.
    """
    gaps, cells = np.zeros(panel.shape[0]), np.zeros(panel.shape[0])
    first, last = design.events
    for persons in _chunks(panel):
        found = _predicted(panel, design, persons)
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


@dataclass(frozen=True)
class Operator:
    """What takes persons' own levels out, one matrix per pattern of observed quarters.

    V is the inverse covariance over the untreated quarters of a pattern, s = V1: M = V − ss'/1's.
    """

    pattern: Ints
    matrix: Floats
    share: Floats
    covariance: Floats | None

    @classmethod
    def of(cls, taught: Bools, covariance: Floats | None) -> Operator:
        """The operator of persons × quarters of untreated cells."""
        _, first, pattern = np.unique(_keys(taught), return_index=True, return_inverse=True)
        seen = taught[first].astype(float)
        precision = _precisions(seen, covariance)
        row = precision.sum(axis=2)
        total = np.maximum(row.sum(axis=1), np.finfo(float).tiny)
        share = row / total[:, None]
        return cls(pattern, precision - row[:, :, None] * share[:, None, :], share, covariance)

    def of_persons(self, chosen: Ints) -> Operator:
        """The operator of some of the persons."""
        return Operator(self.pattern[chosen], self.matrix, self.share, self.covariance)

    def summed(self, unit: Ints, units: int) -> Floats:
        """The sum of the persons' matrices by unit."""
        patterns, size = len(self.matrix), self.matrix.shape[1]
        counts = np.bincount(unit * patterns + self.pattern, minlength=units * patterns)
        flat = counts.reshape(units, patterns).astype(float) @ self.matrix.reshape(patterns, -1)
        summed: Floats = flat.reshape(units, size, size)
        return summed

    def apply(self, columns: Floats) -> Floats:
        """M times each person's columns; persons with the same pattern are multiplied together."""
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
        """What is expected of every quarter given the residuals of the untreated ones (best linear)."""
        level = np.einsum("nt,ntc->nc", self.share[self.pattern], residual)[:, None, :]
        if self.covariance is None:
            return np.broadcast_to(level, residual.shape)
        predicted: Floats = level + np.matmul(self.covariance, self.apply(residual))
        return predicted


def _keys(taught: Bools) -> Ints:
    """A number for each person's pattern of untreated quarters."""
    size = -(-taught.shape[1] // 64) * 64
    padded = np.zeros((len(taught), size), dtype=bool)
    padded[:, : taught.shape[1]] = taught
    words = np.packbits(padded, axis=1).view(np.int64)
    if words.shape[1] == 1:
        return words[:, 0]
    numbers: Ints = np.unique(words, axis=0, return_inverse=True)[1].astype(np.int64)
    return numbers


def _precisions(seen: Floats, covariance: Floats | None) -> Floats:
    """The inverse covariance over each pattern's quarters, zero elsewhere."""
    if covariance is None:
        return seen[:, :, None] * np.eye(seen.shape[1])
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
