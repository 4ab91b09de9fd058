"""Planted mistakes: what a protector, a gate or a page can get wrong, judged by linear programs of the tests.

Regions are protected by the product's own protector, so that its evidence is what is spoiled. Whether a
mistake matters is decided without the auditor and without any certificate.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from reports.disclosure.audit.evidence import evidence_of
from reports.disclosure.audit.leaks import charted, leaks
from reports.disclosure.audit.proof import audit_evidence
from reports.disclosure.audit.published import Opened, strange_numbers
from reports.disclosure.protect.evidence import Named, evidence
from reports.disclosure.protect.finding import ProgramFinder
from reports.disclosure.protect.search import Effort, protect
from reports.disclosure.protect.system import Contributors, Needs, plain_system
from tests.reports.audit.patterns import META, POLICY, Cube, Frames, cube, exposed, needs, primary, region

Random = np.random.Generator


@dataclass(frozen=True)
class Mistake:
    """A mistake: the evidence as it then is, the earlier releases, a page; and whether it matters."""

    kind: str
    tables: Frames
    matters: bool
    earlier: tuple[Frames, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=lambda: META)
    page: str = ""

    def is_refused(self) -> bool:
        """Whether the auditor finds anything."""
        given = evidence_of(self.tables, POLICY, self.meta, name="spoiled")
        before = [evidence_of(one, POLICY, META, name="earlier") for one in self.earlier]
        if not audit_evidence(given, before).passed:
            return True
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "report.html").write_text(self.page, encoding="utf-8")
            printed = any(leaks(Path(folder), given))
        opened = Opened({"pay": _published_rows(self.tables)}, self.page, POLICY)
        return printed or any(charted(strange_numbers(opened), given))


@dataclass(frozen=True)
class Protected:
    """A region with its rules and what the product hides of it, against firms or against the public only."""

    made: Cube
    rules: np.ndarray
    hidden: np.ndarray
    tables: Frames

    @property
    def secondary(self) -> np.ndarray:
        return np.flatnonzero(self.hidden & ~self.rules)


SEEDS = tuple(seed for seed in range(60) if seed not in {9, 30})
"""Seeds of regions; those left out are hidden almost whole."""


@cache
def protected(seed: int, against_firms: bool = True) -> Protected | None:
    """A protected region; None where no rule hides anything, or nothing can protect it."""
    made = region(seed) if against_firms else region(seed, firms=18, rows=170)
    rules = primary(made)
    up, down = needs(made, rules)
    system = plain_system(
        made.units.astype(np.int64),
        sparse.csr_array(made.equations),
        Needs(up, down),
        _contributors(made) if against_firms else Contributors.none(),
    )
    pattern = protect(system, ProgramFinder(system), Effort(seed=seed, rounds=5))
    if not rules.any() or pattern.unprotected:
        return None
    named = Named(["pay"] * made.size, ["pay"] * made.size, made.keys, ["PERSON_N"] * made.size)
    found = evidence(system, pattern, named)
    tables = {name.removesuffix(".parquet"): table.to_pandas() for name, table in found.files()}
    tables["contributors"] = made.parts.assign(system="pay")
    return Protected(made, rules, pattern.hidden, tables)


def _contributors(made: Cube) -> Contributors:
    firm, names = pd.factorize(made.parts["firm"], sort=True)
    cell, units = (made.parts[name].to_numpy(dtype=np.int64) for name in ("cell", "units"))
    return Contributors(cell, firm.astype(np.int64), units, tuple(names))


def _published_rows(tables: Frames) -> pd.DataFrame:
    shown = tables["cells"].query("status == 'PUBLISHED'")
    units = shown["units"].astype("float64")
    return pd.DataFrame({"value": units, "value_status": 1, "unit": "usd", "metric_id": "pay"}).assign(
        cohort_start="2026Q1", cohort_end="2026Q1"
    )


def _shown(base: Protected, cells: Sequence[int]) -> tuple[Frames, bool]:
    """The evidence with some hidden cells shown after all, and whether that exposes a cell."""
    listed = base.tables["cells"].copy()
    listed.loc[listed["cell"].isin(cells), "status"] = "PUBLISHED"
    hidden = base.hidden.copy()
    hidden[list(cells)] = False
    return base.tables | {"cells": listed}, bool(exposed(base.made, hidden, base.rules))


def show_a_secondary(base: Protected, random: Random) -> Mistake | None:
    """One or two cells that protect others are shown."""
    if not len(base.secondary):
        return None
    cells = random.choice(base.secondary, min(int(random.integers(1, 3)), len(base.secondary)), replace=False)
    return Mistake("a needed cell is shown", *_shown(base, cells.tolist()))


def forget_the_firms(base: Protected, random: Random) -> Mistake | None:
    """The pattern is made against the public only, and now and then one cell more is hidden by chance."""
    seed = int(random.choice(SEEDS))
    public = protected(seed, against_firms=False)
    if public is None:
        return None
    hidden = public.hidden | (random.random(public.made.size) < random.choice([0.0, 0.2, 0.5]))
    status = np.select([public.rules, hidden], ["PRIMARY", "SECONDARY"], "PUBLISHED")
    tables = public.tables | {"cells": public.tables["cells"].assign(status=status)}
    return Mistake("firms are forgotten", tables, bool(exposed(public.made, hidden, public.rules)))


def publish_a_change(base: Protected, random: Random) -> Mistake | None:
    """A second release in which some firms restate; shown cells change by what those firms changed."""
    firms = random.choice(sorted(base.made.parts["firm"].unique()), int(random.integers(1, 7)), replace=False)
    parts = base.made.parts[base.made.parts["cell"] == base.made.cell()]
    before = _one_cell({f: (int(u), int(p)) for f, u, p in parts[["firm", "units", "persons"]].values})
    added = {firm: (int(random.integers(5, 400)), int(random.integers(1, 12))) for firm in firms}
    after = _one_cell({f: (int(u), int(p)) for f, u, p in parts[["firm", "units", "persons"]].values}, added)
    change = _one_cell(added)
    matters = bool(primary(change).any())
    if primary(after).any() or primary(before).any():
        return None
    plain = tuple(_all_shown(made) for made in (before, after))
    return Mistake("a change is published", plain[1], matters, earlier=(plain[0],))


def _one_cell(*parts: Mapping[str, tuple[int, int]]) -> Cube:
    rows = [(firm, "r0", units, persons) for some in parts for firm, (units, persons) in some.items()]
    listed = pd.DataFrame(rows, columns=["firm", "row", "units", "persons"])
    return cube(listed.groupby(["firm", "row"], as_index=False).sum(), {"row": ["row"]})


def _all_shown(made: Cube, system: str = "pay") -> Frames:
    from tests.reports.audit.patterns import frames

    nothing = np.zeros(made.size, dtype=bool)
    return frames(made, nothing, nothing, system)


def show_an_average(base: Protected, random: Random) -> Mistake | None:
    """The average and the count of one cell are shown, whatever is hidden of its sum."""
    cell = int(random.integers(base.made.size))
    _, matters = _shown(base, [cell])
    counts = Cube(base.made.keys, np.full(base.made.size, 0), base.made.equations, base.made.parts.head(0))
    counted = _all_shown(counts, system="persons")
    both = {name: pd.concat([base.tables[name], counted[name]]) for name in base.tables}
    shown = [{"sum": "pay", "count": "persons", "shown": [base.made.keys[cell]]}]
    meta = {"systems": META["systems"] | {"persons": {"unit": "persons", "kind": "count"}}, "averages": shown}
    return Mistake("an average betrays a sum", both, matters and bool(base.hidden[cell]), meta=meta)


def draw_a_margin(base: Protected, random: Random) -> Mistake | None:
    """A chart shows the number of some cell; it matters where no published cell has that number."""
    needed = [c for c in np.flatnonzero(base.hidden) if base.rules[c] or _shown(base, [int(c)])[1]]
    shown = np.flatnonzero(~base.hidden)
    cell = int(random.choice(needed if random.random() < 0.6 else shown))
    number = int(base.made.units[cell])
    matters = bool(base.hidden[cell]) and number not in set(base.made.units[shown].tolist())
    text = random.choice([f"{number:,}", f"{number}", f"${number:,}"])
    page = f"<figure><table><tr><th>north</th><td>{text}</td></tr></table></figure>"
    meta = {"systems": {"pay": {"unit": "usd", "kind": "count"}}}
    return Mistake("a chart shows a number", base.tables, matters, meta=meta, page=page)


KINDS: tuple[tuple[Callable[[Protected, Random], Mistake | None], int], ...] = (
    (show_a_secondary, 40),
    (forget_the_firms, 15),
    (publish_a_change, 15),
    (show_an_average, 15),
    (draw_a_margin, 15),
)
"""Each kind of mistake with its share, in percent."""


def mistakes(count: int, seed: int, seeds: Sequence[int] = SEEDS) -> Iterator[Mistake]:
    """``count`` mistakes of all kinds on regions drawn from ``seeds``; the same for the same arguments."""
    random = np.random.default_rng(seed)
    shares = np.array([share for _, share in KINDS]) / sum(share for _, share in KINDS)
    made = 0
    while made < count:
        base = protected(int(random.choice(seeds)))
        make = KINDS[int(random.choice(len(KINDS), p=shares))][0]
        mistake = None if base is None else make(base, random)
        if mistake is not None:
            made += 1
            yield mistake
