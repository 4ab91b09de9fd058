"""``make bench-intake``: the deadline hour, landed, judged and receipted, beside the least one could do.

The floor reads every file, hashes it, parses it strictly and writes it as Parquet: one pass of libraries, no
ledger, no contract, no receipt. Each in a process of its own, one after the other. Nothing asserts on a time.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.csv as pc
import pyarrow.parquet as pq

from contracts.quarters import Quarter
from tests.bench.measuring import Command, Run, machine_facts, replace_section, run_once
from warehouse.boxes import list_boxes
from warehouse.config import Consortium, ConsortiumConfig, Intake, announce_releases
from warehouse.home import Home, init_home, open_box
from warehouse.intake import validate_landed
from warehouse.intake.validate import unjudged
from warehouse.landing import land_pending
from warehouse.ledger import Ledger

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
HEADER = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd,hours_paid,hours_worked"
LISTED = 10_000


def fill(root: Path, firms: int, rows: int) -> Home:
    """A home in whose boxes every firm has four wage files of so many rows."""
    config = ConsortiumConfig(
        consortium=Consortium(id="bench", name="Bench", region="Bench"),
        releases=announce_releases(Quarter(2026, 3), 1),
        intake=Intake(uploads="renamed"),
    )
    home = init_home(root, config)
    keys = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(rows)]
    for firm in (f"F{number:04}" for number in range(firms)):
        for quarter in QUARTERS:
            lines = [f"{key},1,{firm},{quarter},{4000 + n}.00,520,500" for n, key in enumerate(keys)]
            text = "\n".join((HEADER, *lines, ""))
            (open_box(home, firm) / f"wage_{quarter}.csv").write_text(text)
    return home


def floor(root: Path) -> None:
    """Hash, parse strictly, write Parquet: what no intake can do without."""
    target = root / "floor"
    target.mkdir()
    for path in sorted((root / "boxes").glob("*/in/*.csv")):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        pq.write_table(pc.read_csv(path), target / f"{digest}.parquet", compression="zstd")


def intake(root: Path) -> None:
    """Land, judge and receipt everything."""
    home = Home.open(root)
    with Ledger.open(home) as ledger:
        begun = time.perf_counter()
        land_pending(home, ledger)
        landed = time.perf_counter()
        validate_landed(home, ledger)
        sys.stdout.write(f"landing {landed - begun:.1f} s, judging {time.perf_counter() - landed:.1f} s\n")


def tick(root: Path) -> None:
    """What a look into a box of 10,000 files costs: list them, and subtract what the ledger has."""
    home = Home.open(root)
    box = open_box(home, "crowded")
    for number in range(LISTED):
        (box / f"wage_{1000 + number // 4}Q{number % 4 + 1}.csv").write_text("x\n")
    begun = time.perf_counter()
    with Ledger.open(home) as ledger:
        unjudged(ledger)
    found = len(list_boxes(home).drops)
    sys.stdout.write(f"{found} files listed in {time.perf_counter() - begun:.2f} s\n")


STEPS = {"floor": floor, "intake": intake, "tick": tick}


def section(size: str, runs: dict[str, Run]) -> str:
    """The section of the page: figures, the ratio, the machine."""
    cpu = runs["intake"].cpu_seconds / runs["floor"].cpu_seconds
    wall = runs["intake"].wall_seconds / runs["floor"].wall_seconds
    lines = ["## Intake", "", f"`make bench-intake`: {size}.", ""]
    lines += ["| step | CPU s | wall s | peak MiB | said |", "|---|---|---|---|---|"]
    for name, run in runs.items():
        said = run.output.strip().rpartition("\n")[2]
        used = f"{run.cpu_seconds:.1f} | {run.wall_seconds:.1f} | {run.peak_bytes / 2**20:.0f}"
        lines.append(f"| {name} | {used} | {said} |")
    facts = ", ".join(f"{name} {fact}" for name, fact in machine_facts().items())
    goal = "goal: at most 10 times, at most 1,536 MiB, a look into a box at most 5 s"
    return "\n".join(
        [*lines, "", f"Intake : floor = {cpu:.1f} in CPU seconds, {wall:.1f} by the clock ({goal}). {facts}."]
    )


def main() -> None:
    """Make the region, run the steps each in a process of its own, print and write the section."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--firms", type=int, default=500)
    options.add_argument("--rows", type=int, default=1000)
    options.add_argument("--write", action="store_true", help="write the section of docs/benchmarks.md")
    options.add_argument("--step", nargs=2, metavar=("STEP", "HOME"))
    chosen = options.parse_args()
    if chosen.step:
        STEPS[chosen.step[0]](Path(chosen.step[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        root = fill(Path(folder) / "home", chosen.firms, chosen.rows).root
        words = (sys.executable, "-m", "tests.bench.intake", "--step")
        runs = {name: run_once(Command(name, (*words, name, str(root)))) for name in STEPS}
    failed = {name: run.output[-2000:] for name, run in runs.items() if run.exit_status}
    if failed:
        raise SystemExit(str(failed))
    files, rows = 4 * chosen.firms, 4 * chosen.firms * chosen.rows
    text = section(f"{files:,} files of {chosen.firms} firms, {rows:,} rows", runs)
    sys.stdout.write(text + "\n")
    if chosen.write:
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Benchmarks\n"
        PAGE.write_text(replace_section(page, "bench-intake", text), encoding="utf-8")


if __name__ == "__main__":
    main()
