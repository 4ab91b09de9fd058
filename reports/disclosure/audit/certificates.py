"""Alternative tables, multiplied out: which of them hold, whom they convince, and which needs stay uncovered.

An alternative is another table that looks the same from outside: no published cell moves, every equation
holds, nothing falls below zero. A firm rules it out when a cell would fall below the firm's own part, or when
the firm is alone in a cell that moves. Everything is whole numbers; what no alternative covers goes to
``intervals``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from reports.disclosure.audit.evidence import NO_FIRM, Block, Mask, Whole

UP, DOWN = 1, -1
PUBLIC = -1
"""The attacker who knows only what is published; firms are numbered from 0."""

_HUGE = 2**61


@dataclass(frozen=True, order=True)
class Open:
    """A need that no alternative covers: which cell, upwards or downwards, against whom."""

    target: int
    direction: int
    attacker: int


def holding(block: Block) -> Mask:
    """Which flows are alternative tables for everybody: one truth value per flow."""
    flows = block.flows
    # Sums of such numbers could wrap around and look like zero; nothing of that size is money.
    tame = abs(flows).astype(np.float64).sum(axis=1) + float(block.units.max(initial=0)) < _HUGE
    moved = sparse.csr_array(flows @ block.equations.T)
    balanced = np.asarray(abs(moved).sum(axis=1) == 0)
    flow, cell, delta = _entries(flows)
    wrong = block.is_published[cell] & (delta != 0) | (block.units[cell] + delta < 0)
    is_right = np.bincount(flow[wrong], minlength=flows.shape[0]) == 0
    return np.asarray(tame & balanced & is_right, dtype=bool)


def uncovered(block: Block) -> list[Open]:
    """Every need of every primary cell that no flow covers: for the public, and upwards for every single
    firm.

    The firm that is alone in the target is no attacker of it. Downwards a firm's own part is a floor that it
    knows anyway, so only the public is asked for.
    """
    good = holding(block)
    flow, cell, delta = _entries(block.flows)
    serves = good[flow] & block.is_primary[cell]
    up = serves & (delta >= block.need_up[cell]) & (block.need_up[cell] > 0)
    down = serves & (-delta >= block.need_down[cell]) & (block.need_down[cell] > 0)
    missing = [Open(int(c), UP, PUBLIC) for c in _without(block, block.need_up, cell[up])]
    missing += [Open(int(c), DOWN, PUBLIC) for c in _without(block, block.need_down, cell[down])]
    missing += _ruled_out(block, flow[up], cell[up])
    return sorted(missing)


def _without(block: Block, need: Whole, served: Whole) -> Whole:
    return np.setdiff1d(np.flatnonzero(block.is_primary & (need > 0)), served)


def _ruled_out(block: Block, flow: Whole, target: Whole) -> list[Open]:
    """Targets for which one firm rules out every flow that serves them."""
    used = np.unique(flow)
    blocking = blockers(block, used)
    if blocking.empty:
        return []
    serving = pd.DataFrame({"flow": flow, "target": target}).drop_duplicates()
    serving["of"] = serving.groupby("target")["flow"].transform("size")
    met = serving.merge(blocking, on="flow")
    counted = met.groupby(["target", "firm"], as_index=False).agg(
        blocked=("flow", "size"), of=("of", "first")
    )
    lost = counted[counted["blocked"] == counted["of"]]
    owner = block.sole[lost["target"].to_numpy()]
    lost = lost[owner != lost["firm"].to_numpy()]
    pairs = zip(lost["target"].tolist(), lost["firm"].tolist(), strict=True)
    return [Open(cell, UP, firm) for cell, firm in pairs]


def blockers(block: Block, flows: Whole) -> pd.DataFrame:
    """Which firms rule out which of the ``flows``: one row per flow × firm."""
    flow, cell, delta = _entries(block.flows[flows])
    alone = block.sole[cell]
    known = alone != NO_FIRM
    left = block.units[cell] + delta
    largest = np.zeros(block.size, dtype=np.int64)
    np.maximum.at(largest, block.parts.cell, block.parts.units)
    short = left < largest[cell]
    falls = pd.DataFrame({"flow": flow[short], "cell": cell[short], "left": left[short]})
    parts = pd.DataFrame({"cell": block.parts.cell, "firm": block.parts.firm, "part": block.parts.units})
    met = falls.merge(parts[parts["cell"].isin(falls["cell"])], on="cell")
    met = met[met["part"] > met["left"]]
    found = pd.concat(
        [pd.DataFrame({"flow": flow[known], "firm": alone[known]}), met[["flow", "firm"]]]
    ).drop_duplicates()
    return found.assign(flow=flows[found["flow"].to_numpy(dtype=np.int64)])


def _entries(flows: sparse.csr_array) -> tuple[Whole, Whole, Whole]:
    """Row, column and value of every entry."""
    listed = flows.tocoo()
    row, column = listed.coords
    return row.astype(np.int64), column.astype(np.int64), listed.data.astype(np.int64)
