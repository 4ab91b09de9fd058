"""What two releases tell by subtraction: everybody can hold a later one against an earlier one.

What a release hid stays hidden; where a shown value changed, the change itself must meet the primary rules,
and so must what the shown cells of a sum leave of its change. Releases as one system are ``joined``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from reports.disclosure.audit.evidence import PUBLISHED, Block, Mask, Parts, Whole
from reports.disclosure.audit.findings import Attacker, Finding
from reports.disclosure.audit.restated import KNOWN_TABLES, Nature, breaking


@dataclass(frozen=True)
class Pair:
    """A later and an earlier release of one system, cell by cell where both have it (aligned numbers)."""

    earlier: Block
    later: Block

    def both(self) -> tuple[Whole, Whole]:
        """The numbers of the cells that both releases have."""
        old = {key: number for number, key in enumerate(self.earlier.keys)}
        pairs = [(old[key], number) for number, key in enumerate(self.later.keys) if key in old]
        found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]


def uncovered_again(pair: Pair) -> Iterator[Finding]:
    """Cells that the earlier release hid and the later one shows."""
    before, after = pair.both()
    shown = ~pair.earlier.is_published[before] & pair.later.is_published[after]
    for cell in after[shown].tolist():
        yield Finding(
            "AUD-110", pair.later.where(cell), "it was hidden in an earlier release", Attacker.RELEASES
        )


def betraying_differences(pair: Pair, what: Nature, policy: Mapping[str, Any]) -> Iterator[Finding]:
    """Cells shown twice with different values whose change fails a primary rule.

    A firm's part of the change counts by its size: one firm going up while another goes down is two firms.
    Counts are published rounded, so that a change within the rounding is not seen.
    """
    before, after = pair.both()
    step = np.where(what.is_of_people[after], int(policy.get("round_counts_to", 1)), 1)
    old, new = pair.earlier.units[before], pair.later.units[after]
    changed = pair.earlier.is_published[before] & pair.later.is_published[after] & ~what.is_known[after]
    changed &= (old != new) & (rounded(old, step) != rounded(new, step))
    if not changed.any():
        return
    change = _change(pair, before[changed], after[changed])
    for number in np.flatnonzero(breaking(change, what.at(after[changed]), policy)).tolist():
        yield Finding(
            "AUD-109",
            change.where(number),
            "the earlier value is subtracted from the later",
            Attacker.RELEASES,
        )


def betraying_rests(pair: Pair, what: Nature, policy: Mapping[str, Any], newest: Block) -> Iterator[Finding]:
    """Sums whose shown cells tell by how much those that are hidden changed together, where that change fails
    a primary rule. What the ``newest`` of the earlier releases told already is not found again.
    """
    before, after = pair.both()
    shown = pair.earlier.is_published[before] & pair.later.is_published[after]
    sums = _in_both(pair, before, after, what.is_known[after])
    moved = pair.later.units[after] - pair.earlier.units[before]
    step = np.where(what.is_of_people[after], int(policy.get("round_counts_to", 1)), 1)
    seen = shown & (rounded(pair.later.units[after], step) != rounded(pair.earlier.units[before], step))
    of_hidden = sparse.csr_array(sums.multiply(~shown))
    of_hidden.eliminate_zeros()
    told = (abs(sums) @ seen.astype(np.int64) > 0) & (of_hidden @ moved != 0)
    told &= abs(sums) @ _is_new(pair.later, newest)[after].astype(np.int64) > 0
    if not told.any():
        return
    rests = sparse.csr_array(of_hidden[np.flatnonzero(told)])
    change = _change(pair, before, after, rests)
    first = [int(rests[[row]].indices[0]) for row in range(rests.shape[0])]
    of_rests = replace(
        what.at(after[first]),
        is_wage_derived=abs(rests) @ what.is_wage_derived[after].astype(np.int64) > 0,
    )
    for number in np.flatnonzero(breaking(change, of_rests, policy)).tolist():
        yield Finding(
            "AUD-109",
            change.where(number),
            "with the hidden cells of its sum, by how the others changed",
            Attacker.RELEASES,
        )


def _in_both(pair: Pair, before: Whole, after: Whole, is_known: Mask) -> sparse.csr_array:
    """The sums that both releases have, on the cells that both have; what they miss may differ."""
    found = []
    for block, cells in ((pair.earlier, before), (pair.later, after)):
        alike = np.array([table in KNOWN_TABLES for table in block.tables], dtype=bool)
        whole = np.ones(block.size, dtype=np.int64)
        whole[cells] = 0
        missing = abs(block.equations) @ (whole * ~alike) > 0
        found.append(sparse.csr_array(block.equations[np.flatnonzero(~missing)][:, cells]))
    earlier, later = (_rows(matrix, is_known) for matrix in found)
    known = set(earlier)
    return sparse.csr_array(found[1][[row for row, terms in enumerate(later) if terms in known]])


def _is_new(block: Block, before: Block) -> Mask:
    """Which cells an earlier release has not, or otherwise."""
    pair = Pair(before, block)
    old, new = pair.both()
    is_new = np.ones(block.size, dtype=bool)
    is_new[new] = (before.units[old] != block.units[new]) | (
        before.is_published[old] != block.is_published[new]
    )
    return is_new


def _rows(matrix: sparse.csr_array, is_known: Mask) -> list[frozenset[tuple[int, int]]]:
    """The terms of each row, without those of cells that are known anyhow."""
    listed = [
        zip(matrix.indices[a:b].tolist(), matrix.data[a:b].tolist(), strict=True)
        for a, b in pairwise(matrix.indptr.tolist())
    ]
    return [frozenset((cell, sign) for cell, sign in row if not is_known[cell]) for row in listed]


def rounded(units: Whole, step: Whole | int) -> Whole:
    """Counts as they are published: to the nearest multiple of ``step``, a half upwards."""
    return (units + step // 2) // step * step


def _change(pair: Pair, before: Whole, after: Whole, rows: sparse.csr_array | None = None) -> Block:
    """The table of changes of the cells that both have, each with every firm's part of it; with ``rows``, of
    sums of them.
    """
    frames = [_listed(pair.earlier, before, -1), _listed(pair.later, after, 1)]
    moved = pd.concat(frames).groupby(["cell", "firm"], as_index=False)[["units", "persons", "unknown"]].sum()
    units = pair.later.units[after] - pair.earlier.units[before]
    names = after
    if rows is not None:
        row, cell = rows.tocoo().coords
        terms = pd.DataFrame({"row": row, "cell": cell, "sign": rows.tocoo().data})
        moved = moved.merge(terms, on="cell").drop(columns="cell").rename(columns={"row": "cell"})
        moved[["units", "persons"]] = moved[["units", "persons"]].mul(moved["sign"], axis=0)
        moved = moved.groupby(["cell", "firm"], as_index=False)[["units", "persons", "unknown"]].sum()
        units, names = rows @ units, after[[int(rows[[n]].indices[0]) for n in range(rows.shape[0])]]
    moved = moved[moved["units"] != 0]
    persons = moved["persons"].abs().where(moved["unknown"] == 0, -1)
    firm, firms = pd.factorize(moved["firm"], sort=True)
    parts = Parts(
        moved["cell"].to_numpy(dtype=np.int64),
        np.asarray(firm, dtype=np.int64),
        moved["units"].abs().to_numpy(dtype=np.int64),
        persons.to_numpy(dtype=np.int64),
        tuple(firms),
    )
    count = len(names)
    none = sparse.csr_array((0, count), dtype=np.int64)
    zero = np.zeros(count, dtype=np.int64)
    total = np.bincount(parts.cell, weights=parts.units, minlength=count).astype(np.int64)
    return Block(
        name=pair.later.name,
        tables=tuple(pair.later.tables[cell] for cell in names.tolist()),
        keys=tuple(pair.later.keys[cell] for cell in names.tolist()),
        units=np.maximum(total, abs(units)),
        status=np.full(count, PUBLISHED, dtype=object),
        need_up=zero,
        need_down=zero,
        equations=none,
        parts=parts,
        flows=none,
    )


def _listed(block: Block, cells: Whole, sign: int) -> pd.DataFrame:
    place = np.full(block.size, -1, dtype=np.int64)
    place[cells] = np.arange(len(cells))
    parts = block.parts
    inside = place[parts.cell] >= 0
    return pd.DataFrame(
        {
            "cell": place[parts.cell[inside]],
            "firm": [parts.names[firm] for firm in parts.firm[inside].tolist()],
            "units": sign * parts.units[inside],
            "persons": sign * parts.persons[inside],
            "unknown": parts.persons[inside] < 0,
        }
    )
