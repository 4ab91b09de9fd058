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
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.csv as pc
import pyarrow.parquet as pq

from contracts.quarters import Quarter
from tests.bench.measuring import Command, Run, machine_facts, run_once, write_section
from tests.faults.test_hostile_files import PLANTS
from warehouse.config import Consortium, ConsortiumConfig, Intake, announce_releases
from warehouse.home import Home, init_home, open_box
from warehouse.intake.validate import validate_landed
from warehouse.intake.witness import great_expectations_witness
from warehouse.landing import land_pending
from warehouse.ledger import RECEIVED, VALIDATED, Ledger

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
HEADER = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd,hours_paid,hours_worked"
LISTED, SOUND = 10_000, 20


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
        validate_landed(home, ledger, witness=great_expectations_witness)
        sys.stdout.write(f"landing {landed - begun:.1f} s, judging {time.perf_counter() - landed:.1f} s\n")


def crowd(root: Path) -> None:
    """One box more, with 10,000 files."""
    box = open_box(Home.open(root), "crowded")
    for number in range(LISTED):
        (box / f"wage_{1000 + number // 4}Q{number % 4 + 1}.csv").write_text("x\n")


def tick(root: Path) -> None:
    """One look of the sensor at a box of 10,000 files: list them, and subtract what the ledger has."""
    import dagster as dg

    from orchestration.definitions import intake_defs
    from orchestration.resources import HomeResource

    crowd(root)
    sensor = intake_defs(Home.open(root)).resolve_sensor_def("boxes")
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance, resources={"home": HomeResource(path=str(root))})
        begun = time.perf_counter()
        asked = sensor(context)
        seconds = time.perf_counter() - begun
    sys.stdout.write(f"{LISTED} files in a box: {asked.run_key} asked for in {seconds:.2f} s\n")


def hostile(root: Path) -> None:
    """Every hostile file of the matrix in a box of its own, beside sound firms: when each had its verdict."""
    home = fill(root.parent / "hostile", SOUND, 1000)
    for firm, plant in PLANTS.items():
        (open_box(home, firm) / "wage_2026Q1.csv").write_bytes(plant.content(firm))
    begun = datetime.now(UTC)
    with Ledger.open(home) as ledger:
        land_pending(home, ledger)
        validate_landed(home, ledger)
        firms = {e.body["submission_id"]: e.body["firm_id"] for e in ledger.entries(RECEIVED)}
        seconds = [
            (firms[e.body["submission_id"]], (datetime.fromisoformat(e.recorded_at) - begun).total_seconds())
            for e in ledger.entries(VALIDATED)
        ]
    bad, good = (max(s for firm, s in seconds if (firm in PLANTS) is is_bad) for is_bad in (True, False))
    sys.stdout.write(
        f"{len(PLANTS)} hostile files judged within {bad:.1f} s, {4 * SOUND} sound ones within {good:.1f} s\n"
    )


STEPS = {"floor": floor, "intake": intake, "tick": tick, "hostile": hostile}


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
    goal = "goal: at most 10 times, at most 1,536 MiB, a tick of the sensor at most 5 s, a hostile "
    goal += "file judged within 30 s"
    return "\n".join(
        [
            *lines,
            "",
            f"Intake : floor = {cpu:.1f} in CPU seconds, {wall:.1f} by the clock ({goal}). "
            f"{machine_facts()}.",
        ]
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
        write_section("bench-intake", text)


if __name__ == "__main__":
    main()
