"""The member firms: size, sector, place, and the parents some of them share.

One entry per firm, in arrays. What firms pay belongs in ``wages``, what they pay into the fund in ``fund``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from warehouse.sample.draws import Floats, Ints, stream
from warehouse.sample.region import AREAS, SECTORS
from warehouse.sample.settings import SampleSettings

MEMBERS_WITHOUT_OWN_PARENT = 5
"""Every fifth firm belongs to the parent of another one."""

_SIZE_SPREAD = 0.4
_LARGEST_GROUP = 3

Names = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Firms:
    """Arrays over firms: ids, sector and area (indices into the region), county, NAICS, parent, size, pay."""

    ids: Names
    parents: Ints
    sectors: Ints
    areas: Ints
    counties: Names
    zip3s: Names
    naics_codes: Names
    sizes: Floats
    pay: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def parent_ids(self) -> Names:
        """The parent group of each firm."""
        return np.array([f"G{parent + 1:03d}" for parent in self.parents], dtype=object)


def make_firms(settings: SampleSettings) -> Firms:
    """Draw the firms: sectors and areas crossed evenly, sizes (shares of the workforce) log-normal."""
    rng, count = stream(settings.seed, "firms"), settings.firm_count
    numbers = np.arange(count)
    sectors, areas = numbers % len(SECTORS), (numbers // len(SECTORS)) % len(AREAS)
    # Firms of one sector and area take its counties and industries in turn.
    turns = numbers // (len(SECTORS) * len(AREAS))
    counties = [
        AREAS[area].counties[turn % len(AREAS[area].counties)]
        for area, turn in zip(areas, turns, strict=True)
    ]
    industries = [SECTORS[sector].naics_codes for sector in sectors]
    sizes = np.exp(rng.normal(0, _SIZE_SPREAD, count).clip(-0.8, 0.8))
    return Firms(
        ids=np.array([f"F{number + 1:03d}" for number in numbers], dtype=object),
        parents=_parents(sectors, areas, rng),
        sectors=sectors,
        areas=areas,
        counties=np.array([fips for fips, _ in counties], dtype=object),
        zip3s=np.array([zip3 for _, zip3 in counties], dtype=object),
        naics_codes=np.array(
            [codes[n % len(codes)] for codes, n in zip(industries, numbers // len(SECTORS), strict=True)],
            dtype=object,
        ),
        sizes=sizes / sizes.sum(),
        pay=np.array([SECTORS[sector].pay for sector in sectors]) + rng.normal(0, 0.06, count),
    )


def _parents(sectors: Ints, areas: Ints, rng: np.random.Generator) -> Ints:
    """Each firm's parent, named by the number of its first firm; siblings differ in sector and in area."""
    count = len(sectors)
    parents = np.arange(count)
    owners = count - count // MEMBERS_WITHOUT_OWN_PARENT
    order = rng.permutation(owners)
    members = np.ones(count, dtype=np.int64)
    for child in range(owners, count):
        small = members[order] < _LARGEST_GROUP
        apart = small & (sectors[order] != sectors[child]) & (areas[order] != areas[child])
        free = order[apart] if apart.any() else order[small]
        # The first children share a parent where they may, so that some groups have three firms.
        chosen = free[np.argmax(members[free])] if child < owners + 2 else free[np.argmin(members[free])]
        parents[child] = chosen
        members[chosen] += 1
    return parents
