"""Made-up cubes of wages by place, sector and occupation, seeded: what `make bench-cubes` protects.

Firms have Pareto sizes, one sector and a few counties; persons an occupation that goes with the sector and a
lognormal wage. Every total is a cell, state > area > county × sector × occupation. Protecting is the bench's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from reports.disclosure.cell_rules import Spread, judged
from reports.disclosure.policy import MeasureKind, Policy, read_policy
from reports.disclosure.protect.cube import Cube, cube_of
from reports.disclosure.protect.evidence import Named, evidence, write_evidence
from reports.disclosure.protect.merging import Merged, merged
from reports.disclosure.protect.search import UP, Pattern
from reports.disclosure.protect.system import Contributors, Integers, Needs, System, plain_system
from reports.disclosure.protect.tables import TOTAL, CellTable, Hierarchy, Linked, key_text, link

POLICY = Path(__file__).parent / "policies" / "made_up_cubes.yaml"
DIMENSIONS = ("place", "sector", "occupation")


@dataclass(frozen=True)
class Region:
    """How large a cube is made: codes of each dimension, firms and persons."""

    areas: int
    counties: int
    sectors: int
    occupations: int
    firms: int
    persons: int

    def county(self, number: int) -> tuple[str, str]:
        """The area and the code of a county."""
        return f"area {number % self.areas:02}", f"county {number:03}"

    @property
    def hierarchies(self) -> Mapping[str, Hierarchy]:
        """Areas and their counties; sectors and occupations directly under the total."""
        return {
            "place": Hierarchy.from_levels("place", [self.county(n) for n in range(self.counties)]),
            "sector": Hierarchy.flat("sector", [f"sector {n:02}" for n in range(self.sectors)]),
            "occupation": Hierarchy.flat("occupation", [f"job {n:02}" for n in range(self.occupations)]),
        }


SMALL = Region(areas=5, counties=32, sectors=10, occupations=10, firms=600, persons=80_000)
MIDDLE = Region(areas=8, counties=48, sectors=20, occupations=22, firms=4_000, persons=400_000)
LARGE = Region(areas=16, counties=195, sectors=20, occupations=26, firms=16_000, persons=1_600_000)
REGIONS: Mapping[str, Region] = {"4.5": SMALL, "27": MIDDLE, "118": LARGE}
"""By thousands of cells, about."""


@dataclass(frozen=True)
class Made:
    """A cube as a system, equal cells made one in ``small``, and the persons behind each part."""

    linked: Linked
    system: System
    small: Merged
    hierarchies: Mapping[str, Hierarchy]
    persons: Integers

    def without_firms(self) -> Made:
        """The same with the public as the only attacker."""
        system = replace(self.system, contributors=Contributors.none())
        return replace(self, system=system, small=merged(system))


def made(region: Region, seed: int = 0) -> Made:
    """The cube of a region: all cells that hold anything, in cents."""
    parts = _parts(_payroll(region, seed), region)
    cells = parts.groupby(list(DIMENSIONS), sort=True)["cents"].sum()
    linked = link([CellTable("wages", DIMENSIONS, cells.to_dict())], region.hierarchies)
    place = pd.Series(linked.places["wages"])
    cell = place.reindex(pd.MultiIndex.from_frame(parts[list(DIMENSIONS)])).to_numpy(np.int64)
    firm, cents, persons = (parts[name].to_numpy(np.int64) for name in ("firm", "cents", "persons"))
    names = tuple(f"firm {n:05}" for n in range(region.firms))
    needs = _needs(parts.assign(cell=cell), linked.values, read_policy(POLICY))
    system = plain_system(linked.values, linked.equations, needs, Contributors(cell, firm, cents, names))
    return Made(linked, system, merged(system), region.hierarchies, persons)


def grid(made: Made) -> Cube:
    """The cells of ``small`` on the grid of the cube."""
    places = made.linked.places["wages"]
    cells = {nodes: int(made.small.class_of[place]) for nodes, place in places.items()}
    found = cube_of(DIMENSIONS, cells, made.hierarchies)
    if found is None:
        raise ValueError(DIMENSIONS)
    return found


def write(folder: Path, made: Made, found: Pattern) -> None:
    """The evidence of a protected cube; who is behind its cells is named with their persons."""
    spread = spread_pattern(made, found)
    keys = [key_text(key) for key in made.linked.keys]
    reason = np.where(made.system.needs.is_primary, "EMPLOYER_N", "").tolist()
    named = Named(["wages"] * len(keys), made.linked.table_names, keys, reason)
    proof = evidence(made.system, spread, named)
    if len(made.persons) == proof.contributors.num_rows:
        column = proof.contributors.schema.get_field_index("persons")
        persons = pa.array(made.persons, pa.int64())
        proof = replace(proof, contributors=proof.contributors.set_column(column, "persons", persons))
    policy = read_policy(POLICY).model_dump(mode="json")
    facts = {"wages": {"unit": "cents", "kind": "wage_derived"}}
    write_evidence(folder, proof, policy, {"systems": facts, "unprotectable": []})


def spread_pattern(made: Made, found: Pattern) -> Pattern:
    """The pattern of ``small`` as one of the cells as given."""
    needs, class_of = made.system.needs, made.small.class_of
    proofs = {}
    for sign, need in ((UP, needs.up), (-UP, needs.down)):
        for cell in np.flatnonzero(need).tolist():
            flows = found.proofs.get((int(class_of[cell]), sign), ())
            proofs[cell, sign] = tuple(made.small.spread(flow) for flow in flows)
    return Pattern(made.small.spread_flags(found.hidden), proofs, found.unprotected)


def _payroll(region: Region, seed: int) -> pd.DataFrame:
    """One row per firm × county × sector × occupation: cents and persons."""
    random = np.random.default_rng(seed)
    weight = random.pareto(1.1, region.firms) + 1
    firm = random.choice(region.firms, region.persons, p=weight / weight.sum())
    sector = random.choice(region.sectors, region.firms, p=_falling(region.sectors))
    home = random.choice(region.counties, region.firms, p=_falling(region.counties))
    sites = 1 + np.minimum(2 * weight, region.counties / 2).astype(np.int64)
    county = (home[firm] + (random.random(region.persons) ** 2 * sites[firm]).astype(int)) % region.counties
    rank = random.choice(region.occupations, region.persons, p=_falling(region.occupations, 1.0))
    cents = np.rint(np.exp(random.normal(10.6, 0.5, region.persons)) * 100).astype(np.int64)
    job = (rank + 3 * sector[firm]) % region.occupations
    frame = pd.DataFrame(
        {"firm": firm, "county": county, "sector": sector[firm], "occupation": job, "cents": cents}
    )
    grouped = frame.groupby(["firm", "county", "sector", "occupation"], sort=True)["cents"]
    return grouped.agg(cents="sum", persons="size").reset_index()


def _falling(count: int, power: float = 0.5) -> np.ndarray:
    """Shares that fall with rank."""
    share = (np.arange(count) + 2.0) ** -power
    return share / share.sum()


def _parts(payroll: pd.DataFrame, region: Region) -> pd.DataFrame:
    """One row per firm × cell at every level."""
    area, county = np.array([region.county(n) for n in range(region.counties)]).T
    places = {"county": county[payroll["county"]], "area": area[payroll["county"]], TOTAL: TOTAL}
    sectors = {"sector": [f"sector {n:02}" for n in payroll["sector"]], TOTAL: TOTAL}
    jobs = {"job": [f"job {n:02}" for n in payroll["occupation"]], TOTAL: TOTAL}
    levels = []
    for place, sector, job in product(places.values(), sectors.values(), jobs.values()):
        named = payroll.assign(place=place, sector=sector, occupation=job)
        levels.append(named.groupby([*DIMENSIONS, "firm"], sort=True)[["cents", "persons"]].sum())
    return pd.concat(levels).reset_index()


def _needs(parts: pd.DataFrame, values: Integers, policy: Policy) -> Needs:
    limits = policy.thresholds(MeasureKind.WAGE_DERIVED)
    ranked = parts.sort_values(["cell", "cents"], ascending=[True, False]).groupby("cell")
    facts = ranked.agg(firms=("firm", "size"), first=("cents", "first"), persons=("persons", "sum"))
    facts["second"] = ranked["cents"].nth(1).groupby(parts["cell"]).first().reindex(facts.index).fillna(0)
    up, down = (np.zeros(len(values), dtype=np.int64) for _ in range(2))
    for fact in facts.astype(np.int64).itertuples():
        total = int(values[fact.Index])
        spread = Spread(total, fact.firms, fact.first, fact.second, fact.persons)
        level = judged(spread, limits, policy.protection, zeros=policy.zeros)
        if level is not None:
            up[fact.Index], down[fact.Index] = level.up, level.down
    return Needs(up, down)
