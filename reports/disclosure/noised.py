"""Tables of cells under permanent noise: every firm's amounts distorted by its own factor, then added up.

What a rule hides stays hidden, nothing is hidden besides: a reader who subtracts finds a distorted amount.
Factors are ``noise``'s, the auditor proves the result by other means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from contracts.errors import DisclosureError
from reports.disclosure.cell_rules import Level, Spread, judged
from reports.disclosure.contributions import Contribution, by_cell
from reports.disclosure.disclosing import SYSTEM, Disclosed, Distortion, cells_of, linked_of
from reports.disclosure.noise import distorted, factor_of
from reports.disclosure.policy import MeasureKind, Noise, Policy
from reports.disclosure.protect.evidence import Named, evidence, status_of
from reports.disclosure.protect.search import Pattern
from reports.disclosure.protect.system import Contributors, Needs, plain_system
from reports.disclosure.protect.tables import Linked, cell_key, key_text
from reports.disclosure.tables_of_cells import Given, GivenCell, cell_name

LEAST_SECRET = 32
"""Fewer bytes could be guessed."""


@dataclass(frozen=True)
class Parts:
    """What firms contributed and what is shown of it (aligned), the factor of each, and who is in which
    cell: per cell of the system the numbers of its contributions.
    """

    contributions: Sequence[Contribution]
    shown: Sequence[int]
    factors: Mapping[str, int]
    inside: Mapping[int, Sequence[int]]


def read_secret(path: Path) -> bytes:
    """The secret that factors follow from. DisclosureError CEL-017 for a missing or a short one."""
    try:
        secret = path.read_bytes().strip()
    except OSError:
        secret = b""
    if len(secret) < LEAST_SECRET:
        raise DisclosureError(
            "CEL-017",
            found=f"{len(secret)} bytes",
            expected=f"a secret of at least {LEAST_SECRET}, the same for every release",
            where=str(path),
            remedy="Make one once (openssl rand -hex 32) and keep it: another secret is other factors.",
        )
    return secret


def noise_of(policy: Policy) -> Noise:
    """The noise of a policy. DisclosureError CEL-018 where it has none."""
    if policy.noise is None:
        raise DisclosureError(
            "CEL-018",
            found=f"the mechanism {policy.mechanism}",
            expected="mechanism: ramp_noise, with noise: {least: …, most: …}",
            where=f"the disclosure policy {policy.name}",
            remedy="Leave --contributions and --noise-key out, or name a policy with noise.",
        )
    return policy.noise


def disclose_noised(
    given: Given, policy: Policy, kind: MeasureKind, contributions: Sequence[Contribution], secret: bytes
) -> Disclosed:
    """The tables with every amount distorted, without the cells that a rule of the policy hides."""
    linked = linked_of(given)
    cells = cells_of(linked, given)
    parts = _parts(linked, given, contributions, secret, noise_of(policy))
    spreads = [_spread(cell, place, given, parts) for place, cell in enumerate(cells)]
    levels = [judged(one, policy.thresholds(kind), policy.protection, zeros=policy.zeros) for one in spreads]
    names = [key_text(key) for key in linked.keys]
    needs = _needs(levels)
    system = plain_system(linked.values, linked.equations, needs, _contributors(parts))
    reasons = ["" if level is None else str(level.reason) for level in levels]
    named = Named([SYSTEM] * system.size, list(linked.table_names), names, reasons)
    hidden = Pattern(needs.is_primary, {}, ())
    return Disclosed(
        given=given,
        names=tuple(names),
        tables=linked.table_names,
        status=tuple(status_of(system, hidden.hidden)),
        why=tuple(reasons),
        evidence=evidence(system, hidden, named),
        spreads=_listed(spreads),
        distortion=_distortion(names, parts, needs, linked),
    )


def _parts(
    linked: Linked, given: Given, contributions: Sequence[Contribution], secret: bytes, noise: Noise
) -> Parts:
    factors = {firm: factor_of(secret, firm, noise) for firm in sorted({one.firm for one in contributions})}
    inside: dict[int, list[int]] = defaultdict(list)
    place = {key_text(key): at for at, key in enumerate(linked.keys)}
    seen: set[int] = set()
    for table in given.tables:
        own = set()
        for nodes, number in by_cell(table, given, contributions):
            at = place[key_text(cell_key(table.dimensions, nodes))]
            if at not in seen:
                inside[at].append(number)
                own.add(at)
        seen |= own
    shown = [distorted(one.units, factors[one.firm]) for one in contributions]
    return Parts(contributions, shown, factors, inside)


def _spread(cell: GivenCell | None, place: int, given: Given, parts: Parts) -> Spread:
    by_firm = _by_firm(parts, place)
    largest, second = (*sorted(by_firm.values(), reverse=True), 0, 0)[:2]
    value = 0 if cell is None else given.units(cell.value)
    return Spread(value, len(by_firm), largest, second, None if cell is None else cell.persons)


def _by_firm(parts: Parts, place: int) -> Mapping[str, int]:
    found: dict[str, int] = defaultdict(int)
    for number in parts.inside.get(place, ()):
        found[parts.contributions[number].firm] += parts.contributions[number].units
    return found


def _needs(levels: Sequence[Level | None]) -> Needs:
    up = np.array([0 if level is None else level.up for level in levels], dtype=np.int64)
    down = np.array([0 if level is None else level.down for level in levels], dtype=np.int64)
    return Needs(up, down)


def _contributors(parts: Parts) -> Contributors:
    names = tuple(parts.factors)
    index = {firm: number for number, firm in enumerate(names)}
    rows = [
        (place, index[firm], units)
        for place in sorted(parts.inside)
        for firm, units in sorted(_by_firm(parts, place).items())
    ]
    cell, firm, units = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Contributors(cell, firm, units, names)


def _listed(spreads: Sequence[Spread]) -> pd.DataFrame:
    rows = [
        (SYSTEM, place, one.firms, one.largest, one.second, -1 if one.persons is None else one.persons)
        for place, one in enumerate(spreads)
    ]
    return pd.DataFrame(rows, columns=["system", "cell", "firms", "largest", "second", "persons"])


def _distortion(names: Sequence[str], parts: Parts, needs: Needs, linked: Linked) -> Distortion:
    values = np.zeros(len(names), dtype=np.int64)
    for place, numbers in parts.inside.items():
        values[place] = sum(parts.shown[number] for number in numbers)
    away = abs(values - linked.values)
    rows = [
        (cell_name([*one.codes], [*one.codes.values()]), one.firm, one.units, shown)
        for one, shown in zip(parts.contributions, parts.shown, strict=True)
    ]
    return Distortion(
        values=dict(zip(names, values.tolist(), strict=True)),
        contributions=pd.DataFrame(rows, columns=["cell", "firm", "units", "shown"]),
        factors=pd.DataFrame([*parts.factors.items()], columns=["firm", "billionths"]),
        close=int((needs.is_primary & (away < needs.up)).sum()),
    )
