"""What two releases tell by subtraction: everybody can hold a later one against an earlier one.

What a release hid stays hidden; where a shown value changed, the change itself must meet the primary rules,
and so must what the shown cells of a sum leave of its change. Releases as one system are ``joined``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
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
    """A later and an earlier release of one system."""

    earlier: Block
    later: Block

    @cached_property
    def both(self) -> tuple[Whole, Whole]:
        """The numbers of the cells that both releases have (aligned), in the earlier and in the later one."""
        old = {key: number for number, key in enumerate(self.earlier.keys)}
        pairs = [(old[key], number) for number, key in enumerate(self.later.keys) if key in old]
        found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]

    @cached_property
    def is_shown(self) -> Mask:
        """Which of both cells both releases show."""
        before, after = self.both
        return self.earlier.is_published[before] & self.later.is_published[after]

    @cached_property
    def moved(self) -> Whole:
        """By how much each of both cells changed."""
        before, after = self.both
        return self.later.units[after] - self.earlier.units[before]

    def is_seen(self, what: Nature, policy: Mapping[str, Any]) -> Mask:
        """Which of both cells both releases show, and otherwise. Counts are published rounded, so that a
        change within the rounding is not seen.
        """
        before, after = self.both
        step = np.where(what.is_of_people[after], int(policy.get("round_counts_to", 1)), 1)
        old, new = (rounded(units, step) for units in (self.earlier.units[before], self.later.units[after]))
        seen: Mask = self.is_shown & (old != new)
        return seen


def uncovered_again(pair: Pair) -> Iterator[Finding]:
    """Cells that the earlier release hid and the later one shows."""
    before, after = pair.both
    shown = ~pair.earlier.is_published[before] & pair.later.is_published[after]
    for cell in after[shown].tolist():
        yield Finding(
            "AUD-110", pair.later.where(cell), "it was hidden in an earlier release", Attacker.RELEASES
        )


def betraying_differences(pair: Pair, what: Nature, policy: Mapping[str, Any]) -> Iterator[Finding]:
    """Cells shown twice with different values whose change fails a primary rule.

    A firm's part of the change counts by its size: one firm going up while another goes down is two firms.
    """
    _, after = pair.both
    changed = np.flatnonzero(pair.is_seen(what, policy) & ~what.is_known[after])
    alone = sparse.csr_array(sparse.eye_array(len(after), dtype=np.int64, format="csr")[changed])
    yield from _betraying(
        pair, alone, what.at(after[changed]), policy, "the earlier value is subtracted from the later"
    )


def betraying_rests(pair: Pair, what: Nature, policy: Mapping[str, Any], newest: Block) -> Iterator[Finding]:
    """Sums whose shown cells tell by how much those that are hidden changed together, where that change fails
    a primary rule. What the ``newest`` of the earlier releases told already is not found again.
    """
    _, after = pair.both
    sums = _in_both(pair)
    hidden = sparse.csr_array(sums.multiply(~pair.is_shown))
    hidden.eliminate_zeros()
    told = (abs(sums) @ pair.is_seen(what, policy).astype(np.int64) > 0) & (hidden @ pair.moved != 0)
    told &= abs(sums) @ _is_new(pair.later, newest)[after].astype(np.int64) > 0
    rests = sparse.csr_array(hidden[np.flatnonzero(told)])
    is_wage = abs(rests) @ what.is_wage_derived[after].astype(np.int64) > 0
    strictest = replace(what.at(after[_first(rests)]), is_wage_derived=is_wage)
    yield from _betraying(
        pair, rests, strictest, policy, "with the hidden cells of its sum, by how the others changed"
    )


def _betraying(
    pair: Pair, sums: sparse.csr_array, what: Nature, policy: Mapping[str, Any], attack: str
) -> Iterator[Finding]:
    """The sums of both cells whose change fails a primary rule."""
    if sums.shape[0] == 0:
        return
    change = _change(pair, sums)
    for number in np.flatnonzero(breaking(change, what, policy)).tolist():
        yield Finding("AUD-109", change.where(number), attack, Attacker.RELEASES)


def _in_both(pair: Pair) -> sparse.csr_array:
    """The sums that both releases have, on the cells that both have; what they miss may differ."""
    found, terms = [], []
    for block, cells in zip((pair.earlier, pair.later), pair.both, strict=True):
        is_known = np.array([table in KNOWN_TABLES for table in block.tables], dtype=bool)
        is_alone = ~is_known
        is_alone[cells] = False
        in_both = np.flatnonzero(abs(block.equations) @ is_alone.astype(np.int64) == 0)
        found.append(sparse.csr_array(block.equations[in_both][:, cells]))
        terms.append(_terms(found[-1], is_known[cells]))
    earlier = set(terms[0])
    return sparse.csr_array(found[1][[row for row, said in enumerate(terms[1]) if said in earlier]])


def _is_new(block: Block, before: Block) -> Mask:
    """Which cells an earlier release has not, or otherwise."""
    pair = Pair(before, block)
    old, new = pair.both
    is_new = np.ones(block.size, dtype=bool)
    is_new[new] = (pair.moved != 0) | (before.is_published[old] != block.is_published[new])
    return is_new


def _terms(matrix: sparse.csr_array, is_known: Mask) -> list[frozenset[tuple[int, int]]]:
    """The terms of each row, without those of cells that are known anyhow."""
    listed = [
        zip(matrix.indices[a:b].tolist(), matrix.data[a:b].tolist(), strict=True)
        for a, b in pairwise(matrix.indptr.tolist())
    ]
    return [frozenset((cell, sign) for cell, sign in row if not is_known[cell]) for row in listed]


def _first(sums: sparse.csr_array) -> Whole:
    """The first cell of each sum."""
    return sums.indices[sums.indptr[:-1]].astype(np.int64)


def rounded(units: Whole, step: Whole | int) -> Whole:
    """Counts as they are published: to the nearest multiple of ``step``, a half upwards."""
    return (units + step // 2) // step * step


def _change(pair: Pair, sums: sparse.csr_array) -> Block:
    """The table of changes: of each sum of both cells, with every firm's part of it, under its first cell's
    name.
    """
    before, after = pair.both
    parts = pd.concat([_listed(pair.earlier, before, -1), _listed(pair.later, after, 1)])
    terms = sums.tocoo()
    row, cell = terms.coords
    parts = parts.merge(pd.DataFrame({"sum": row, "cell": cell, "coefficient": terms.data}), on="cell")
    parts[["units", "persons"]] = parts[["units", "persons"]].mul(parts["coefficient"], axis=0)
    moved = parts.groupby(["sum", "firm"], as_index=False)[["units", "persons", "unknown"]].sum()
    moved = moved[moved["units"] != 0]
    persons = moved["persons"].abs().where(moved["unknown"] == 0, -1)
    firm, firms = pd.factorize(moved["firm"], sort=True)
    behind = Parts(
        moved["sum"].to_numpy(dtype=np.int64),
        np.asarray(firm, dtype=np.int64),
        moved["units"].abs().to_numpy(dtype=np.int64),
        persons.to_numpy(dtype=np.int64),
        tuple(firms),
    )
    names, count = after[_first(sums)].tolist(), sums.shape[0]
    none = sparse.csr_array((0, count), dtype=np.int64)
    zero = np.zeros(count, dtype=np.int64)
    total = np.bincount(behind.cell, weights=behind.units, minlength=count).astype(np.int64)
    return Block(
        name=pair.later.name,
        tables=tuple(pair.later.tables[cell] for cell in names),
        keys=tuple(pair.later.keys[cell] for cell in names),
        units=np.maximum(total, abs(sums @ pair.moved)),
        status=np.full(count, PUBLISHED, dtype=object),
        need_up=zero,
        need_down=zero,
        equations=none,
        parts=behind,
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
