"""``make bench-impact``: the default estimate with its error beside diff-diff's, and its growth.

Both read the same Parquet file of long rows in processes of their own, interleaved. The peer has unit and
time effects, ours firm × quarter effects: more to estimate. Nothing asserts on a time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from tests.bench.measuring import Command, Run, interleave, machine_facts, run_once, write_section

QUARTERS, FIRM_SIZE, SHARE = 20, 250, 0.12
GROWTH = (10_000, 100_000, 1_000_000)


def write_panel(path: Path, persons: int) -> None:
    """Long rows of made-up pay: twelve percent enroll in one of three quarters."""
    rng = np.random.default_rng(7)
    entry = np.where(rng.random(persons) < SHARE, rng.integers(10, 13, persons), 0)
    pay = rng.normal(0, 0.2, (persons, 1)) + rng.normal(0, 0.1, (persons, QUARTERS))
    rows = {
        "person": np.repeat(np.arange(persons), QUARTERS),
        "firm": np.repeat(rng.integers(0, persons // FIRM_SIZE, persons), QUARTERS),
        "quarter": np.tile(np.arange(1, QUARTERS + 1), persons),
        "entry": np.repeat(entry, QUARTERS),
        "pay": pay.ravel(),
    }
    pd.DataFrame(rows).to_parquet(path, index=False)


def ours(path: Path, careful: bool) -> None:
    """Rows to panel, default estimate; with ``careful`` drift and dip as well."""
    from reports.impact.drift_and_dip import drift_and_dip
    from reports.impact.frame import Columns, panel_of
    from reports.impact.imputation import imputation
    from reports.impact.panel import Window

    columns = Columns(person="person", unit="firm", time="quarter", entry="entry", outcome="pay")
    panel = panel_of(pd.read_parquet(path), columns)
    sys.stdout.write(f"{imputation(panel)}\n")
    if careful:
        sys.stdout.write(f"{drift_and_dip(panel, Window())[2]}\n")


def peer(path: Path) -> None:
    """diff-diff's imputation with its standard error, clustered by firm."""
    from diff_diff import ImputationDiD

    rows = pd.read_parquet(path)
    found = ImputationDiD(anticipation=4, cluster="firm").fit(
        rows, outcome="pay", unit="person", time="quarter", first_treat="entry"
    )
    sys.stdout.write(f"{found.overall_att} {found.overall_se}\n")


def _command(name: str, path: Path) -> Command:
    return Command(name, (sys.executable, "-m", "tests.bench.impact", "--run", name, "--panel", str(path)))


def _summed(runs: list[Run]) -> tuple[float, float, float]:
    return (
        median(run.wall_seconds for run in runs),
        median(run.cpu_seconds for run in runs),
        median(run.peak_bytes for run in runs) / 2**20,
    )


def measure(folder: Path, runs: int) -> str:
    """The section for docs/benchmarks.md."""
    panels = {persons: folder / f"{persons}.parquet" for persons in GROWTH}
    for persons, path in panels.items():
        write_panel(path, persons)
    names = ("ours", "ours-careful", "peer")
    done = interleave([_command(name, panels[100_000]) for name in names], runs)
    failed = [name for name, found in done.items() if any(run.exit_status for run in found)]
    figures = {name: _summed(found) for name, found in done.items()}
    rows = [f"| {name} | {w:.1f} | {c:.1f} | {m:.0f} |" for name, (w, c, m) in figures.items()]
    ratios = [f"{ours_ / peer_:.2f}" for ours_, peer_ in zip(figures["ours"], figures["peer"], strict=True)]
    grown = {persons: run_once(_command("ours", path)) for persons, path in panels.items()}
    growth = [
        f"| {persons:,} | {run.wall_seconds:.1f} | {run.cpu_seconds:.1f} | {run.peak_bytes / 2**20:.0f} |"
        for persons, run in grown.items()
    ]
    return "\n".join(
        [
            "## Effects: time and memory",
            "",
            f"`make bench-impact`: 100,000 persons × {QUARTERS} quarters with standard errors, from a file "
            f"(Parquet), median of {runs} interleaved runs. ours-careful adds drift and dip; the peer is "
            "diff-diff's ImputationDiD.",
            "",
            "| what | wall s | CPU s | peak MiB |",
            "|---|---|---|---|",
            *rows,
            "",
            f"ours : peer = {ratios[0]} by the clock, {ratios[1]} in CPU seconds, {ratios[2]} in memory "
            "(goal: at most 1.0). "
            + (f"Failed: {', '.join(failed)}. " if failed else "")
            + "Growth, one run each:",
            "",
            "| persons | wall s | CPU s | peak MiB |",
            "|---|---|---|---|",
            *growth,
            "",
            f"{machine_facts()}.",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", choices=("ours", "ours-careful", "peer"))
    parser.add_argument("--panel", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    given = parser.parse_args()
    if given.run == "peer":
        return peer(given.panel)
    if given.run:
        return ours(given.panel, careful=given.run == "ours-careful")
    with tempfile.TemporaryDirectory() as folder:
        text = measure(Path(folder), given.runs)
    sys.stdout.write(text + "\n")
    if given.write:
        write_section("bench-impact", text)
    return None


if __name__ == "__main__":
    main()
