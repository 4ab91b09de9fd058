"""Several releases as one: a cell with the same name and value is the same unknown in all of them.

So what one release shows is known in every other, and the equations of all hold together. What two releases
tell by subtraction is ``changes``'s; rules and proofs are other modules'.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse

from reports.disclosure.audit.evidence import LOCKED, PRIMARY, PUBLISHED, SECONDARY, Block, Parts, Whole

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
