"""``make bench-warehouse``: a full build of a region many times over, one firm's correction, and peers.

The region is the demo's (``make demo`` first), its firms and people again under names of their own. A build
is dbt in a process of its own, tests included. Nothing asserts on a time.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.dbt import manifest_path, run_dbt
from tests.bench import outcome_marts
from tests.bench.measuring import Command, Run, machine_facts, run_once, write_section
from tests.bench.stamped import Stamped, build_in, place_of, stamp
from tests.transforms.agreement import differing
from warehouse import builds
from warehouse.home import Home
from warehouse.in_force import changed_contracts, write_changes

GOAL_GROWTH, GOAL_MEMORY_MIB, GOAL_CORRECTION = 1.1, 4096, 0.25


@dataclass(frozen=True)
class Built:
    """One measured build: how many times the region, its wage rows, and what it took."""

    times: int
    wage_rows: int
    run: Run


def fill(home: Path, folder: Path, changed: Collection[str] | None) -> None:
    """What is measured: fill one build, or the part of it that lies downstream of changed contracts."""
    opened = Home.open(home)
    build = replace(build_in(folder), changed=None if changed is None else frozenset(changed))
    build.dbt_dir.mkdir(exist_ok=True)
    build.under_construction.parent.mkdir(exist_ok=True)
    run_dbt(opened, build, opened.config.releases[0].date)


def measured(region: Stamped, name: str, after: tuple[Stamped, Path] | None = None) -> tuple[Path, Run]:
    """Fill a build of a region in a process of its own; what is in force is copied beside it.

    ``after``: the region as it was, and its build, whose warehouse is copied to go on from.
    """
    folder = region.home.builds / name
    folder.mkdir()
    shutil.copyfile(region.in_force, folder / "in_force.parquet")
    words = ["--fill", str(region.home.root), "--into", str(folder)]
    if after is not None:
        before, build = after[0].in_force, build_in(after[1])
        build.under_construction.parent.mkdir()
        shutil.copyfile(build.database, build.under_construction)
        write_changes(region.home, before, region.in_force, build_in(folder).changes)
        words += ["--changed", *changed_contracts(before, region.in_force)]
    run = run_once(Command(folder.name, (sys.executable, "-m", "tests.bench.warehouse", *words)))
    if run.exit_status != 0:
        raise SystemExit(f"{folder.name} did not build: {run.output[-2000:]}")
    return folder, run


def corrected(region: Stamped) -> Stamped:
    """The same region after one firm sent one quarter's wages again, a dollar more each."""
    lines = pq.read_table(region.in_force).to_pylist()
    at = next(n for n, row in enumerate(lines) if row["contract"] == "wage" and row["accepted"])
    again = lines[at] | {"submission_id": f"{lines[at]['submission_id']}-again", "tx_from": 10_000_000}
    rows = pq.read_table(place_of(region.home, lines[at]), partitioning=None)
    raised = pc.add(rows["gross_wages_usd"], pa.scalar(1, pa.int32())).cast(rows["gross_wages_usd"].type)
    rows = rows.set_column(rows.column_names.index("gross_wages_usd"), "gross_wages_usd", raised)
    name = pa.array([again["submission_id"]] * len(rows), rows.schema.field("submission_id").type)
    rows = rows.set_column(rows.column_names.index("submission_id"), "submission_id", name)
    pq.write_table(rows, place_of(region.home, again))
    listed = region.in_force.with_name("in_force_corrected.parquet")
    table = pa.Table.from_pylist(
        [*lines[:at], again, *lines[at + 1 :]], schema=pq.read_schema(region.in_force)
    )
    pq.write_table(table, listed)
    return replace(region, in_force=listed)


def measure(demo: Path, folder: Path, sizes: tuple[int, ...], corrected_at: int) -> str:
    """The section for docs/benchmarks.md."""
    source = Home.open(demo)
    in_force = builds.latest_build(source).in_force
    full: list[Built] = []
    for times in sizes:
        region = _region(source, in_force, folder / f"region-{times}", times)
        manifest_path(region.home)
        built, run = measured(region, "full")
        full.append(Built(times, _wage_rows(built), run))
        sys.stderr.write(f"{times} times: {run.cpu_seconds:.0f} CPU s, {run.wall_seconds:.0f} s\n")
        if times == corrected_at:
            beside = outcome_marts.compare(region, region.home.builds / "outcomes")
            again, same = _correction(region, built)
    return _section(full, corrected_at, again, same, outcome_marts.table_of(beside, corrected_at))


def _region(source: Home, in_force: Path, place: Path, times: int) -> Stamped:
    """The region many times over: as an earlier bench left it, without its builds, or made here."""
    if not place.exists():
        return stamp(source, in_force, place, times)
    home = Home.open(place)
    shutil.rmtree(home.builds)
    home.builds.mkdir()
    return Stamped(home, place / "in_force.parquet")


def _correction(region: Stamped, before: Path) -> tuple[Run, bool]:
    """The build that goes on after a correction, and whether it has the rows of a full one."""
    again = corrected(region)
    goes_on, run = measured(again, "goes-on", after=(region, before))
    sys.stderr.write(f"corrected: {run.cpu_seconds:.0f} CPU s, {run.wall_seconds:.0f} s\n")
    whole, _ = measured(again, "whole")
    return run, differing(build_in(goes_on).database, build_in(whole).database) == []


def _wage_rows(folder: Path) -> int:
    lines = pq.read_table(folder / "in_force.parquet", columns=["contract", "accepted"]).to_pylist()
    return sum(row["accepted"] for row in lines if row["contract"] == "wage")


def _section(full: list[Built], corrected_at: int, again: Run, same: bool, beside: list[str]) -> str:
    least = full[0]
    rows = [
        f"| {one.times} | {one.wage_rows:,} | {one.run.cpu_seconds:.0f} | {one.run.wall_seconds:.0f} "
        f"| {one.run.peak_bytes / 2**20:.0f} | {_growth(one, least)} |"
        for one in full
    ]
    base = next(one.run for one in full if one.times == corrected_at)
    shares = again.cpu_seconds / base.cpu_seconds, again.wall_seconds / base.wall_seconds
    return "\n".join(
        [
            "## The warehouse",
            "",
            "`make bench-warehouse`: the demo's region, its firms and people several times over under names "
            "of their own; all models built and tested by dbt in a process of its own. Growth is time per "
            "wage row against the smallest.",
            "",
            "| times | wage rows | CPU s | wall s | peak MiB | growth |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            f"Goals: growth at most {GOAL_GROWTH}, at most {GOAL_MEMORY_MIB:,} MiB.",
            "",
            f"One firm sends one quarter of wages again, at {corrected_at} times the region: "
            f"{again.cpu_seconds:.0f} CPU seconds and {again.wall_seconds:.0f} by the clock, {shares[0]:.0%} "
            f"and {shares[1]:.0%} of the full build (goal: at most {GOAL_CORRECTION:.0%}); its tables are "
            f"{'' if same else 'NOT '}those of a full build.",
            "",
            *beside,
            "",
            f"{machine_facts()}.",
        ]
    )


def _growth(one: Built, least: Built) -> str:
    per_row = one.run.wall_seconds / one.wage_rows
    return f"{per_row / (least.run.wall_seconds / least.wage_rows):.2f}"


def main() -> None:
    """Fill one build, or measure all and print or write the section."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--demo", type=Path, default=Path("demo"))
    words.add_argument("--sizes", default="1,10,50")
    words.add_argument("--corrected-at", type=int, default=10)
    words.add_argument("--write", action="store_true")
    words.add_argument("--keep", type=Path, help="a folder in which regions stay, to be measured again")
    for name in ("--fill", "--into"):
        words.add_argument(name, type=Path)
    words.add_argument("--changed", nargs="*")
    said = words.parse_args()
    if said.fill:
        fill(said.fill, said.into, said.changed)
        return
    sizes = tuple(int(size) for size in said.sizes.split(","))
    with tempfile.TemporaryDirectory(prefix="bench-warehouse-") as folder:
        section = measure(said.demo, said.keep or Path(folder), sizes, said.corrected_at)
    sys.stdout.write(section + "\n")
    if said.write:
        write_section("bench-warehouse", section)


if __name__ == "__main__":
    main()
