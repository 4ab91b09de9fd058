"""``make soak-impact``: whether the intervals hold what they promise, over hundreds of drawn worlds and
sample regions.

Every replication is kept in a file, so that a run can be stopped and taken up again. ``--write`` puts tables
and a chart into docs/benchmarks.md. Nothing asserts: numbers that miss their bar are printed like the others.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.reports.impact.regions import VARIANTS, Checked, RegionRun, check_region
from tests.reports.impact.replication import Replication, replicate
from tests.reports.impact.soak_page import write_page
from tests.reports.impact.worlds import ADVERSARIAL, WORLDS, World

Kept = dict[str, list[Replication]]


def plan() -> list[World]:
    """Every world with a long and a short history; the growing ones also with no effect at all."""
    growing = next(world for world in WORLDS if world.growth)
    zero = growing.without_effect()
    return [*WORLDS, *(one.short() for one in WORLDS), zero, zero.short(), *ADVERSARIAL]


def title(world: World) -> str:
    return f"{world.name} | {world.history}"


def soak(path: Path, replications: int) -> Kept:
    """Run what is not kept yet, one replication of every world after the other."""
    kept = read(path)
    with path.open("a") as out:
        for seed in range(replications):
            for world in plan():
                wanted = replications // (8 if world in ADVERSARIAL else 1)
                if len(kept[title(world)]) <= seed < wanted:
                    one = replicate(world, seed)
                    kept[title(world)].append(one)
                    out.write(json.dumps([title(world), asdict(one)]) + "\n")
            out.flush()
    return kept


def soak_regions(path: Path, seeds: int) -> Mapping[str, list[RegionRun]]:
    """Sample regions of both variants, what is kept already left out."""
    kept: dict[str, list[RegionRun]] = {name: [] for name in VARIANTS}
    for name, one in _lines(path):
        kept[name].append(_region_run(one))
    with path.open("a") as out:
        for seed in range(1, seeds + 1):
            for name in VARIANTS:
                if len(kept[name]) < seed:
                    kept[name].append(check_region(name, seed))
                    out.write(json.dumps([name, asdict(kept[name][-1])]) + "\n")
            out.flush()
    return kept


def _region_run(fields: dict[str, Any]) -> RegionRun:
    checked = {name: Checked(**fields[name]) for name in ("log_pay", "pay")}
    return RegionRun(**{**fields, **checked})


def read(path: Path) -> Kept:
    kept: Kept = defaultdict(list)
    for name, one in _lines(path):
        kept[name].append(Replication(**one))
    return kept


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if path.is_file():
        for line in path.read_text().splitlines():
            name, one = json.loads(line)
            yield name, one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=400)
    parser.add_argument("--regions", type=int, default=100, help="sample regions of either history")
    parser.add_argument(
        "--keep", type=Path, default=Path(tempfile.gettempdir()) / "guildhall-soak-impact.jsonl"
    )
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and its chart")
    given = parser.parse_args()
    begun = time.perf_counter()
    kept = soak(given.keep, given.replications)
    regions = soak_regions(given.keep.with_suffix(".regions.jsonl"), given.regions)
    text = write_page(kept, plan(), regions, to_docs=given.write)
    sys.stdout.write(f"{text}\n{time.perf_counter() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
