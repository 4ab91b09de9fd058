"""Several releases as one: a cell with the same name and value is the same unknown in all of them.

So what one release shows is known in every other, and the equations of all hold together. Besides: what a
release hid stays hidden, and where a shown value changed, the change itself must meet the primary rules, for
everybody can subtract. Rules and proofs are other modules'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from reports.disclosure.audit.evidence import LOCKED, PRIMARY, PUBLISHED, SECONDARY, Block, Parts, Whole
from reports.disclosure.audit.findings import Attacker, Finding
from reports.disclosure.audit.restated import Nature, breaking

_MOST_OPEN_FIRST = (PUBLISHED, PRIMARY, SECONDARY, LOCKED)


def joined(blocks: Sequence[Block]) -> Block:
    """The same system in several releases, oldest first, as one block; one release is itself.

    A cell shown anywhere is PUBLISHED, one that a rule hides anywhere else PRIMARY; needs are the widest
    asked for.
    """
    if len(blocks) == 1:
        return blocks[0]
    places, size = _places(blocks)
    newest = _newest(places, size)
    units, up, down = (np.zeros(size, dtype=np.int64) for _ in range(3))
    status = np.full(size, LOCKED, dtype=object)
    for block, place in zip(blocks, places, strict=True):
        units[place] = block.units
        np.maximum.at(up, place, block.need_up)
        np.maximum.at(down, place, block.need_down)
        status[place] = [
            _more_open(one, other) for one, other in zip(status[place], block.status, strict=True)
        ]
    names = [(blocks[r].tables[c], blocks[r].keys[c]) for r, c in newest]
    return Block(
        name=blocks[-1].name,
        tables=tuple(table for table, _ in names),
        keys=tuple(key for _, key in names),
        units=units,
        status=status,
        need_up=up,
        need_down=down,
        equations=_stacked([block.equations for block in blocks], places, size),
        parts=_parts(blocks, newest),
        flows=_stacked([block.flows for block in blocks], places, size),
    )


def _more_open(one: str, other: str) -> str:
    return min(one, other, key=_MOST_OPEN_FIRST.index)


def _places(blocks: Sequence[Block]) -> tuple[list[Whole], int]:
    """For each release the place of its cells in the joint block."""
    numbers: dict[tuple[str, int], int] = {}
    places = []
    for block in blocks:
        named = zip(block.keys, block.units.tolist(), strict=True)
        places.append(np.array([numbers.setdefault(name, len(numbers)) for name in named], dtype=np.int64))
    return places, len(numbers)


def _newest(places: Sequence[Whole], size: int) -> list[tuple[int, int]]:
    """Of each cell of the joint block, the newest release that has it and its number there."""
    found = [(0, 0)] * size
    for release, place in enumerate(places):
        for cell, number in enumerate(place.tolist()):
            found[number] = (release, cell)
    return found


def _stacked(matrices: Sequence[sparse.csr_array], places: Sequence[Whole], size: int) -> sparse.csr_array:
    """The rows of all matrices on the joint cells, each row once."""
    moved = []
    for matrix, place in zip(matrices, places, strict=True):
        listed = matrix.tocoo()
        row, column = listed.coords
        moved.append(sparse.csr_array((listed.data, (row, place[column])), shape=(matrix.shape[0], size)))
    whole = sparse.csr_array(sparse.vstack(moved, format="csr"))
    whole.sort_indices()
    seen: dict[bytes, int] = {}
    for number, (start, end) in enumerate(pairwise(whole.indptr.tolist())):
        inside = slice(start, end)
        seen.setdefault(whole.indices[inside].tobytes() + b"|" + whole.data[inside].tobytes(), number)
    return whole[sorted(seen.values())]


def _parts(blocks: Sequence[Block], newest: Sequence[tuple[int, int]]) -> Parts:
    """Who is behind each joint cell, as the newest release that has it says."""
    place = {found: number for number, found in enumerate(newest)}
    rows = [
        (place[release, cell], block.parts.names[firm], units, persons)
        for release, block in enumerate(blocks)
        for cell, firm, units, persons in zip(
            block.parts.cell.tolist(),
            block.parts.firm.tolist(),
            block.parts.units.tolist(),
            block.parts.persons.tolist(),
            strict=True,
        )
        if (release, cell) in place
    ]
    if not rows:
        return Parts.none()
    frame = pd.DataFrame(rows, columns=["cell", "firm", "units", "persons"])
    firm, names = pd.factorize(frame["firm"], sort=True)
    numbers = (frame[name].to_numpy(dtype=np.int64) for name in ("cell", "units", "persons"))
    cell, units, persons = numbers
    return Parts(cell, np.asarray(firm, dtype=np.int64), units, persons, tuple(names))


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
    total = np.bincount(change.parts.cell, weights=change.parts.units, minlength=change.size).astype(np.int64)
    fails = breaking(replace(change, units=np.maximum(total, change.units)), what.at(after[changed]), policy)
    for number in np.flatnonzero(fails).tolist():
        yield Finding(
            "AUD-109",
            change.where(number),
            "the earlier value is subtracted from the later",
            Attacker.RELEASES,
        )


def rounded(units: Whole, step: Whole | int) -> Whole:
    """Counts as they are published: to the nearest multiple of ``step``, a half upwards."""
    return (units + step // 2) // step * step


def _change(pair: Pair, before: Whole, after: Whole) -> Block:
    """The table of changes: as many cells as changed, each with every firm's part of the change."""
    frames = [_listed(pair.earlier, before, -1), _listed(pair.later, after, 1)]
    moved = pd.concat(frames).groupby(["cell", "firm"], as_index=False)[["units", "persons", "unknown"]].sum()
    moved = moved[moved["units"] != 0]
    persons = moved["persons"].abs().where(moved["unknown"] == 0, -1)
    firm, names = pd.factorize(moved["firm"], sort=True)
    parts = Parts(
        moved["cell"].to_numpy(dtype=np.int64),
        np.asarray(firm, dtype=np.int64),
        moved["units"].abs().to_numpy(dtype=np.int64),
        persons.to_numpy(dtype=np.int64),
        tuple(names),
    )
    count = len(after)
    none = sparse.csr_array((0, count), dtype=np.int64)
    zero = np.zeros(count, dtype=np.int64)
    return Block(
        name=pair.later.name,
        tables=tuple(pair.later.tables[cell] for cell in after.tolist()),
        keys=tuple(pair.later.keys[cell] for cell in after.tolist()),
        units=np.abs(pair.later.units[after] - pair.earlier.units[before]),
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
