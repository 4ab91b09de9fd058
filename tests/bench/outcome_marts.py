"""The core outcome marts three times, in one run: by dbt, in plain pandas and in plain Polars.

All read the same accepted files of a region many times over, each in a process of its own, in turn; their
rows are held against each other. Nothing asserts on a time. How a peer computes is said in ``outcome_peers``.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.dbt import CarriedOver, build_command, build_environment, dbt_command, manifest_path
from tests.bench.measuring import Command, Measured, Run, interleave
from tests.bench.outcome_peers.asked import CELL, COUNTS, METRICS, VALUES
from tests.bench.stamped import Stamped, build_in
from tests.transforms.agreement import assert_equal, side_by_side
from warehouse.builds import Build

MART = "agg_outcomes"
OURS, UNTESTED = "Guildhall", "Guildhall, untested"
PEERS = {"pandas": "on_pandas", "Polars": "on_polars"}
GOAL_TIMES, RUNS = 5, 3


@dataclass(frozen=True)
class Compared:
    """What each took, and which of the peers has our rows."""

    measured: Mapping[str, Measured]
    agrees: Mapping[str, bool]

    def times(self, tool: str) -> tuple[float, float]:
        """How many times our CPU seconds and our seconds by the clock a tool took."""
        one, ours = self.measured[tool], self.measured[OURS]
        return one.cpu_seconds / ours.cpu_seconds, one.least_wall_seconds / ours.least_wall_seconds


def compare(region: Stamped, folder: Path, runs: int = RUNS) -> Compared:
    """Run all in turn, ``runs`` times each; the answers lie in ``folder``, which is made."""
    folder.mkdir()
    shutil.copyfile(region.in_force, folder / "in_force.parquet")
    day = region.home.config.releases[0].date
    build = build_in(folder)
    build.under_construction.parent.mkdir(exist_ok=True)
    commands = [*_ours(region, build), *(_peer(region, build, name) for name in PEERS)]

    def put_aside(command: Command, run: Run) -> None:
        if run.exit_status != 0:
            raise SystemExit(f"{command.name} did not finish: {run.output[-2000:]}")
        sys.stderr.write(f"{command.name}: {run.cpu_seconds:.0f} CPU s, {run.wall_seconds:.0f} s\n")
        if command.name in (OURS, UNTESTED):
            build.under_construction.replace(build.database)

    with build_environment(region.home, build, day):
        done = interleave(commands, runs, put_aside)
    build.under_construction.parent.rmdir()
    mart = mart_of(build.database)
    agrees = {name: disagreement(mart, pd.read_parquet(_answer(build, name))) == "" for name in PEERS}
    return Compared({name: Measured.of(one) for name, one in done.items()}, agrees)


def mart_of(database: Path) -> pd.DataFrame:
    """Our rows of the metrics that the peers compute."""
    names = ", ".join(f"'{name}'" for name in METRICS)
    with duckdb.connect(str(database), read_only=True) as con:
        return con.execute(f"SELECT * FROM {MART} WHERE metric_id IN ({names})").to_arrow_table().to_pandas()


def disagreement(mart: pd.DataFrame, answer: pd.DataFrame) -> str:
    """What differs between our rows and a peer's, blank for nothing: counts exactly, values to 1e-9."""
    try:
        assert_equal(side_by_side(mart, answer, CELL), COUNTS, VALUES)
    except AssertionError as error:
        return str(error) or "values"
    return ""


def table_of(compared: Compared, times: int) -> list[str]:
    """The lines of the table for docs/benchmarks.md."""
    runs = compared.measured[OURS].runs
    pandas_times = compared.times("pandas")
    return [
        f"The core outcome marts beside plain pandas and Polars, at {times} times the region: "
        f"{len(METRICS)} metrics (employment in Q2 and Q4 and earnings in Q2, each with and without the "
        "state's records, retention, credentials) by program, area, sector and window of cohorts. Ours is "
        f"`dbt build` of `+{MART}`: dbt's start, every table between, the other metrics of the mart as well, "
        "and the tests; the second line is without the tests. The peers read what they use of the same "
        "files, write the answer alone and test nothing. Rows agree when counts are equal and values differ "
        f"by no more than a billionth. {runs} runs each, in turn: medians, by the clock the least.",
        "",
        "| tool | CPU s | wall s | peak MiB | × our CPU | × our wall | agrees |",
        "|---|---|---|---|---|---|---|",
        *(_line(compared, tool) for tool in (OURS, UNTESTED, *PEERS)),
        "",
        f"Goal: pandas takes at least {GOAL_TIMES} times as long. It takes {pandas_times[0]:.1f} times our "
        f"CPU seconds and {pandas_times[1]:.1f} times ours by the clock.",
    ]


def _line(compared: Compared, tool: str) -> str:
    one, (cpu, wall) = compared.measured[tool], compared.times(tool)
    agrees = {True: "yes", False: "NO"}[compared.agrees[tool]] if tool in PEERS else ""
    return (
        f"| {tool} | {one.cpu_seconds:.0f} | {one.least_wall_seconds:.0f} | {one.peak_bytes / 2**20:.0f} "
        f"| {cpu:.2f} | {wall:.2f} | {agrees} |"
    )


def _ours(region: Stamped, build: Build) -> list[Command]:
    words = [*build_command(region.home, manifest_path(region.home), CarriedOver()), "--select", f"+{MART}"]
    # A test that looks at other models as well would find nothing there.
    tested = dbt_command([*words, "--indirect-selection", "cautious"], build.dbt_dir / "target")
    untested = dbt_command([*words, "--exclude-resource-type", "test"], build.dbt_dir / "target")
    return [Command(OURS, tuple(tested)), Command(UNTESTED, tuple(untested))]


def _peer(region: Stamped, build: Build, name: str) -> Command:
    program = f"tests.bench.outcome_peers.{PEERS[name]}"
    day = region.home.config.releases[0].date.isoformat()
    places = (str(region.home.lake), str(build.in_force), day, str(_answer(build, name)))
    return Command(name, (sys.executable, "-m", program, *places))


def _answer(build: Build, name: str) -> Path:
    return build.root / f"{PEERS[name]}.parquet"
