"""``make bench-contracts``: a contract beside its floor and seven rivals, on the same planted wage rows.

Every tool reads the text file, says which record breaks what, and writes the good rows as Parquet, each in a
process of its own, in turn. What each missed is counted against the planted truth. Nothing asserts on a time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow.parquet as pq

from contracts.codesets import codeset
from contracts.render.odcs import odcs
from tests.bench.measuring import Command, Measured, Run, interleave, machine_facts, write_section
from tests.bench.planted_wages import FIRMS, BenchWage, truth, write_rows

ROOT = Path(__file__).parents[2]
RIVALS = Path(__file__).parent / "rivals"
LIBRARIES, DATACONTRACT = ROOT / ".venv-bench-libraries", ROOT / ".venv-bench-datacontract"
FLOOR, OURS = "floor: DuckDB, text to Parquet", "Guildhall"
GX, PYDANTIC, PANDERA = "Great Expectations, COMPLETE", "pydantic, row by row", "pandera on polars"
IN_BARS = (FLOOR, OURS, GX, PYDANTIC, PANDERA)
LEAST_ROWS = 2_000_000
_AS_INSTALLED = (("PYTHONDONTWRITEBYTECODE", ""),)
"""An installed program is compiled to bytecode once, not with every run."""


@dataclass(frozen=True)
class Outcome:
    """One run of one tool; ``missed`` and ``extra`` count findings by planted kind and by label."""

    tool: str
    rows: int
    session: str
    run: Run
    missed: Mapping[str, int]
    extra: Mapping[str, int]


def commands(csv: Path, out: Path) -> list[Command]:
    """Every tool, by its name in the table."""
    python, rival = str(LIBRARIES / "bin" / "python"), (str(csv), str(out))

    def own(name: str, module: str) -> Command:
        return Command(name, (sys.executable, "-m", module, *rival), _AS_INSTALLED)

    def other(name: str, script: str, *more: str) -> Command:
        return Command(name, (python, str(RIVALS / script), *rival, *more), _AS_INSTALLED)

    datacontract = (str(DATACONTRACT / "bin" / "datacontract"), "test", str(out / "contract.yaml"))
    return [
        own(FLOOR, "tests.bench.floor"),
        own(OURS, "tests.bench.ours_run"),
        other(GX, "gx_complete.py"),
        other(PYDANTIC, "pydantic_rows.py"),
        other(PANDERA, "pandera_both.py", "polars"),
        other("pandera on pandas", "pandera_both.py", "pandas"),
        other("dataframely", "dataframely_filter.py"),
        other("pointblank", "pointblank_steps.py"),
        Command("datacontract-cli", datacontract, _AS_INSTALLED),
    ]


def prepare(out: Path, rows: int) -> Path:
    """The file, the lists and the contract that every tool gets."""
    csv = out / "rows.csv"
    write_rows(csv, rows)
    lists = {
        "firms": [f"F{number:04}" for number in range(FIRMS)],
        "soc": sorted(codeset("soc_2018")),
        "counties": sorted(codeset("county_fips")),
    }
    (out / "lists.json").write_text(json.dumps(lists))
    server = f"servers:\n- server: here\n  type: local\n  path: {csv}\n  format: csv\n  delimiter: ','\n"
    (out / "contract.yaml").write_text(odcs(BenchWage) + server)
    return csv


class Bench:
    """Runs tools over one file and keeps what came out."""

    def __init__(self, out: Path, rows: int, session: str) -> None:
        self.out, self.rows, self.session = out, rows, session
        self.csv = prepare(out, rows)
        self.truth = {(one["record"], one["label"]): one["kind"] for one in truth(rows).to_pylist()}
        self.outcomes: list[Outcome] = []

    def run(self, tools: Sequence[str], runs: int) -> None:
        """Run the tools in turn."""
        chosen = [one for one in commands(self.csv, self.out) if one.name in tools]
        interleave(chosen, runs, self._ended)

    def _ended(self, command: Command, run: Run) -> None:
        missed, extra = (dict(one) for one in self._compare())
        self.outcomes.append(Outcome(command.name, self.rows, self.session, run, missed, extra))
        tail = run.output.strip()[-200:] if run.exit_status else ""
        used = f"{run.cpu_seconds:.1f} CPU s, {run.peak_bytes / 2**20:.0f} MiB, exit {run.exit_status}"
        sys.stdout.write(f"{command.name}: {used}, missed {missed}, extra {extra} {tail}\n")
        sys.stdout.flush()

    def _compare(self) -> tuple[Counter[str], Counter[str]]:
        path = self.out / "found.parquet"
        if not path.exists():
            return Counter(self.truth.values()), Counter()
        rows = pq.read_table(path)
        found = set(zip(rows["record"].to_pylist(), rows["label"].to_pylist(), strict=True))
        path.unlink()
        missed = Counter(kind for pair, kind in self.truth.items() if pair not in found)
        return missed, Counter(label for record, label in found if (record, label) not in self.truth)


def section(outcomes: Iterable[Outcome]) -> str:
    """The section of the page: a table per number of rows, then what each missed, then the machine."""
    kept = list(outcomes)
    lines = ["## Contracts", "", "`make bench-contracts`: one row in a thousand wrong, in fifteen kinds.", ""]
    for rows in sorted({one.rows for one in kept}):
        lines += [*_table(rows, [one for one in kept if one.rows == rows]), ""]
    return "\n".join([*lines, f"Measured on: {machine_facts()}."])


def _table(rows: int, kept: Sequence[Outcome]) -> list[str]:
    lines = [f"### {rows:,} rows", ""]
    lines += [
        "| tool | runs | CPU s (least–most) | × floor | × Guildhall | peak MiB | missed | beyond the truth |"
    ]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for name in dict.fromkeys(one.tool for one in kept):
        mine = [one for one in kept if one.tool == name]
        lines.append(_line(name, mine, kept))
    return [*lines, "", *_against_goals(rows, kept)]


def _against_goals(rows: int, kept: Sequence[Outcome]) -> list[str]:
    """Where the house stands, in CPU seconds."""
    mine = [one.run for one in kept if one.tool == OURS]
    if not mine:
        return []
    ours = Measured.of(mine)
    said = [f"goal: at most {2.0 if rows <= LEAST_ROWS else 2.2} times the floor"]
    for name, goal in (
        (GX, "4 times faster"),
        (PYDANTIC, "4.5 times faster"),
        (PANDERA, "at most 1.2 times it"),
    ):
        runs = [one.run for one in kept if one.tool == name]
        if runs:
            said.append(
                f"{name} : Guildhall = {Measured.of(runs).cpu_seconds / ours.cpu_seconds:.1f} (goal: {goal})"
            )
    by_round = f"round by round {_rounds(kept)}; {said[0]}"
    return [f"Guildhall : floor = {_ratio(ours, kept, FLOOR)} ({by_round})." + " ".join(["", *said[1:]])]


def _rounds(kept: Sequence[Outcome]) -> str:
    """The least and the greatest ratio of one round: a machine does not keep its speed."""
    ours, floors = ([one.run.cpu_seconds for one in kept if one.tool == tool] for tool in (OURS, FLOOR))
    ratios = [own / floor for own, floor in zip(ours, floors, strict=True)]
    return f"{min(ratios):.2f} to {max(ratios):.2f}"


def _line(name: str, mine: Sequence[Outcome], kept: Sequence[Outcome]) -> str:
    of = Measured.of([one.run for one in mine])
    told = "–" if name == FLOOR else _counted(mine[-1].missed)
    extra = "–" if name == FLOOR else _counted(mine[-1].extra)
    span = f"{of.cpu_seconds:.1f} ({of.least_cpu_seconds:.1f}–{of.most_cpu_seconds:.1f})"
    times = " | ".join(_ratio(of, kept, other) for other in (FLOOR, OURS))
    return f"| {name} | {of.runs} | {span} | {times} | {of.peak_bytes / 2**20:.0f} | {told} | {extra} |"


def _ratio(of: Measured, kept: Sequence[Outcome], other: str) -> str:
    runs = [one.run for one in kept if one.tool == other]
    return f"{of.cpu_seconds / Measured.of(runs).cpu_seconds:.2f}" if runs else ""


def _counted(counts: Mapping[str, int]) -> str:
    listed = ", ".join(f"{count} × {name}" for name, count in sorted(counts.items()))
    return f"{sum(counts.values())}: {listed}" if counts else "0"


def _store(path: Path, outcomes: Sequence[Outcome]) -> None:
    path.write_text(json.dumps([asdict(one) for one in outcomes]))


def _stored(path: Path) -> list[Outcome]:
    return [Outcome(**{**one, "run": Run(**one["run"])}) for one in json.loads(path.read_text())]


def main() -> None:
    """Make the rows, run the tools, print the section and write it."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[2_000_000, 10_000_000])
    options.add_argument("--runs", type=int, default=5, help="of the tools that the goals name")
    options.add_argument("--others", type=int, default=2, help="runs of the other tools")
    options.add_argument("--only", nargs="+", help="tools to run, by the beginning of their names")
    options.add_argument("--keep", type=Path, help="write what was measured to this file too")
    options.add_argument("--show", type=Path, nargs="+", help="only print what such files hold")
    options.add_argument("--write", action="store_true", help="write the section of docs/benchmarks.md")
    chosen = options.parse_args()
    outcomes = [one for path in chosen.show or () for one in _stored(path)] or _measure(chosen)
    text = section(outcomes)
    sys.stdout.write(text + "\n")
    if chosen.write:
        write_section("bench-contracts", text)


def _measure(chosen: argparse.Namespace) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for rows in sorted(chosen.rows):
        with tempfile.TemporaryDirectory(prefix="bench-contracts-") as folder:
            bench = Bench(Path(folder), rows, session=str(rows))
            names = [one.name for one in commands(bench.csv, bench.out)]
            wanted = [n for n in names if not chosen.only or n.startswith(tuple(chosen.only))]
            bench.run([n for n in wanted if n in IN_BARS], chosen.runs)
            if chosen.others:
                bench.run([n for n in wanted if n not in IN_BARS], chosen.others)
        outcomes += bench.outcomes
        if chosen.keep:
            _store(chosen.keep, outcomes)
    return outcomes


if __name__ == "__main__":
    main()
