"""What tables under noise must satisfy, proved from every contribution: distances, one factor a firm, sums,
zeros, rules.

Contributions are rolled up anew by the published hierarchies. Nothing is said here of what a hidden cell's
distorted value tells: it follows by subtraction, and is all that follows.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.errors import DisclosureError
from reports.disclosure.audit.evidence import Block, Evidence
from reports.disclosure.audit.findings import Attacker, Finding
from reports.disclosure.audit.restated import breaking, nature

DISTORTED = "ramp_noise"
_BILLION = 10**9
_TOTAL = "Total"
_CONTRIBUTIONS, _FACTORS = ("cell", "firm", "units", "shown"), ("firm", "billionths")

Codes = Mapping[str, str]


@dataclass(frozen=True)
class Noised:
    """Contributions with what is shown of each, and every firm's factor: billionths away from 1."""

    contributions: pd.DataFrame
    factors: Mapping[str, int]


@dataclass(frozen=True)
class Figure:
    """A published cell in whole units (None: hidden), and its status."""

    units: int | None
    status: str


def read_noised(folder: Path) -> Noised:
    """From a folder of evidence; DisclosureError AUD-001 for a file or column that is missing."""
    contributions = _frame(folder / "noise_contributions.parquet", _CONTRIBUTIONS)
    factors = _frame(folder / "noise_factors.parquet", _FACTORS)
    pairs = zip(factors["firm"].tolist(), factors["billionths"].tolist(), strict=True)
    return Noised(contributions, {str(firm): int(size) for firm, size in pairs})


def _frame(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    try:
        frame: pd.DataFrame = pq.read_table(path, columns=list(columns)).to_pandas()
        return frame
    except (OSError, pa.ArrowException, KeyError) as error:
        raise DisclosureError(
            "AUD-001",
            found=f"no readable file with columns {', '.join(columns)}",
            expected="the contributions and factors that distorted tables were made from",
            where=str(path),
            remedy="Make the tables again: `guildhall disclose` writes them beside the evidence.",
        ) from error


def noise_findings(
    noised: Noised, evidence: Evidence, figures: Mapping[str, Figure], tables: Sequence[Mapping[str, Codes]]
) -> Iterator[Finding]:
    """What is wrong with distorted tables. ``figures``: published cells by key; ``tables``: the dimensions of
    each, with the parent of every code.
    """
    yield from _distances(noised, evidence.policy)
    yield from _one_factor(noised)
    for block in evidence.blocks.values():
        yield from _cells(noised, block, evidence, figures, tables)


def changed_factors(noised: Noised, earlier: Noised) -> Iterator[Finding]:
    """Firms whose factor is another than in an earlier release: two figures of it would average out."""
    both = noised.factors.keys() & earlier.factors.keys()
    if any(noised.factors[firm] != earlier.factors[firm] for firm in both):
        yield Finding("AUD-213", "the factors of the firms", "against an earlier release", Attacker.RELEASES)


def _distances(noised: Noised, policy: Mapping[str, Any]) -> Iterator[Finding]:
    """Every amount moved by the least share at least, and by the most share (and a unit) at most."""
    least, most = (Fraction(str(policy["noise"][name])) for name in ("least", "most"))
    for size in noised.factors.values():
        if not least <= Fraction(abs(size), _BILLION) <= most:
            yield Finding("AUD-212", "a firm's factor", "its distance from 1", Attacker.PUBLIC)
    for cell, _, units, shown in noised.contributions.itertuples(index=False, name=None):
        moved = abs(int(shown) - int(units))
        if units <= 0 or shown < 0 or not least * int(units) <= moved < most * int(units) + 1:
            yield Finding("AUD-212", f"a contribution to {cell}", "its distance", Attacker.PUBLIC)


def _one_factor(noised: Noised) -> Iterator[Finding]:
    """Every shown amount is the true one times the firm's factor, rounded away by less than a unit."""
    for cell, firm, units, shown in noised.contributions.itertuples(index=False, name=None):
        factor = noised.factors.get(firm, 0)
        moved = (int(shown) - int(units)) * (1 if factor > 0 else -1)
        off = moved * _BILLION - abs(factor) * int(units)
        if not 0 <= off < _BILLION:
            yield Finding("AUD-213", f"a contribution to {cell}", "its factor", Attacker.PUBLIC)


def _cells(
    noised: Noised,
    block: Block,
    evidence: Evidence,
    figures: Mapping[str, Figure],
    tables: Sequence[Mapping[str, Codes]],
) -> Iterator[Finding]:
    true, shown, by_firm = _rolled_up(noised, tables)
    for cell, key in enumerate(block.keys):
        if block.units[cell] != true.get(key, 0):
            yield Finding("AUD-113", block.where(cell), "contributions say otherwise", Attacker.NOBODY)
    for key in sorted({*figures, *true} - {*block.keys}):
        yield Finding("AUD-113", key, "the evidence does not have it", Attacker.NOBODY)
    for key, figure in figures.items():
        if figure.units is not None and (
            figure.units != shown.get(key, 0) or figure.status != ("9" if key in shown else "1")
        ):
            yield Finding("AUD-214", key, "by its contributions", Attacker.PUBLIC)
    what = nature(block, evidence.meta.get("systems", {}).get(block.name, {}))
    known = replace(block, ruled=_ruled(block, by_firm))
    for cell in np.flatnonzero(breaking(known, what, evidence.policy)).tolist():
        if _is_shown(figures.get(block.keys[cell])):
            yield Finding("AUD-102", block.where(cell), "it can be read", Attacker.PUBLIC)


def _is_shown(figure: Figure | None) -> bool:
    return figure is not None and figure.units is not None


def _rolled_up(
    noised: Noised, tables: Sequence[Mapping[str, Codes]]
) -> tuple[dict[str, int], dict[str, int], dict[str, dict[str, int]]]:
    """True and shown units by cell, and every firm's true part, along every dimension of every table."""
    true: dict[str, int] = {}
    shown: dict[str, int] = {}
    parts: dict[str, dict[str, int]] = {}
    for dimensions in tables:
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        firms: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for cell, firm, units, figure in noised.contributions.itertuples(index=False, name=None):
            codes = json.loads(cell)
            for nodes in product(
                *(_above(codes.get(name, _TOTAL), above) for name, above in dimensions.items())
            ):
                named = {name: node for name, node in zip(dimensions, nodes, strict=True) if node != _TOTAL}
                key = json.dumps(named, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                sums[key][0] += int(units)
                sums[key][1] += int(figure)
                firms[key][firm] += int(units)
        true |= {key: both[0] for key, both in sums.items()}
        shown |= {key: both[1] for key, both in sums.items()}
        parts |= firms
    return true, shown, parts


def _above(code: str, parents: Codes) -> list[str]:
    """A code and all above it, up to the total."""
    found = [code]
    while found[-1] != _TOTAL and len(found) <= len(parents) + 1:
        found.append(parents.get(found[-1], _TOTAL))
    return found


def _ruled(block: Block, by_firm: Mapping[str, Mapping[str, int]]) -> pd.DataFrame:
    """Who is behind each cell by its contributions; persons as the evidence has them."""
    rows = []
    for key in block.keys:
        sizes = sorted(by_firm.get(key, {}).values(), reverse=True)
        rows.append((len(sizes), *(*sizes, 0, 0)[:2]))
    found = pd.DataFrame(rows, columns=["firms", "largest", "second"])
    persons = -1 if block.ruled is None else block.ruled["persons"].reindex(range(block.size)).fillna(-1)
    return found.assign(persons=persons)
