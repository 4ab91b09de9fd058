"""``make bench-cubes``: made-up cubes protected by circuits beside local linear programs, verified, audited.

For each size: the baseline (up to the middle one), circuits against the public and against every firm, in one
run; how long each took in CPU-seconds, and how it grows. Nothing asserts on a time.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import altair as alt
import pandas as pd
import vl_convert

from reports.disclosure.audit.certificates import uncovered
from reports.disclosure.audit.evidence import read_evidence
from reports.disclosure.audit.proof import audit_evidence
from reports.disclosure.protect.circuits import protect_cube
from reports.disclosure.protect.search import Effort, Pattern
from tests.bench.local_programs import protect_by_programs
from tests.bench.made_up_cubes import REGIONS, Made, grid, made, write
from tests.bench.measuring import machine_facts, write_section

CHART = Path(__file__).parents[2] / "docs" / "images" / "disclosure-growth.svg"
WITH_BASELINE = ("4.5", "27")
"""The largest cube has no baseline: its time grows by 20 for 6 times the cells."""

EFFORT = Effort(seed=0, rounds=100)


@dataclass(frozen=True)
class Row:
    """One pattern: of which cube, how, against whom; CPU-seconds; whether the auditor finds nothing."""

    cube: str
    cells: int
    primary: int
    way: str
    attacker: str
    secondary: int
    open: int
    seconds: float
    verifying: float
    auditing: float
    passed: bool

    @property
    def verdict(self) -> str:
        """What the auditor says, or how many cells the protector itself left open."""
        if self.passed:
            return "passed"
        return f"{self.open} left open" if self.open else "FAILED"

    def line(self) -> str:
        """The row as Markdown."""
        cells = [
            f"{self.cells:,}",
            f"{self.primary:,}",
            self.way,
            self.attacker,
            f"{self.secondary:,}",
            f"{self.seconds:.1f}",
            f"{self.verifying / self.seconds:.3f}",
            f"{self.auditing / self.seconds:.2f}",
            self.verdict,
        ]
        return f"| {' | '.join(cells)} |"


def rows_of(name: str) -> list[Row]:
    """The rows of one cube."""
    whole = made(REGIONS[name])
    public = whole.without_firms()
    found = []
    if name in WITH_BASELINE:
        protect = lambda cube: protect_by_programs(cube.small.system, grid(cube))  # noqa: E731
        found.append(_row(name, public, ("local programs", "public"), protect))
    by_circuits = lambda cube: protect_cube(cube.small.system, grid(cube), EFFORT)  # noqa: E731
    found.append(_row(name, public, ("circuits", "public"), by_circuits))
    found.append(_row(name, whole, ("circuits", "every firm"), by_circuits))
    return found


def _row(name: str, cube: Made, words: tuple[str, str], protect: Callable[[Made], Pattern]) -> Row:
    begun = time.process_time()
    pattern = protect(cube)
    took = time.process_time() - begun
    verifying, auditing, passed = _audited(cube, pattern)
    row = Row(
        cube=name,
        cells=cube.system.size,
        primary=int(cube.system.needs.is_primary.sum()),
        way=words[0],
        attacker=words[1],
        secondary=int(pattern.secondary(cube.small.system).sum()),
        open=len(pattern.unprotected),
        seconds=took,
        verifying=verifying,
        auditing=auditing,
        passed=passed,
    )
    sys.stdout.write(row.line() + "\n")
    sys.stdout.flush()
    return row


def _audited(cube: Made, pattern: Pattern) -> tuple[float, float, bool]:
    """Seconds to multiply out all proofs, seconds of the whole audit, and whether nothing is exposed."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), cube, pattern)
        evidence = read_evidence(Path(folder))
        begun = time.process_time()
        missing = uncovered(evidence.blocks["wages"])
        verified = time.process_time()
        audited = audit_evidence(evidence)
        # Where no firm is named, no shown cell can keep to rules on firms.
        codes = {finding.code for finding in audited.findings} - {"AUD-102"}
        return verified - begun, time.process_time() - verified, not codes and not missing


def warm_up() -> None:
    """Compile, or read what was compiled before: once a machine, and no part of what is measured."""
    cube = made(REGIONS["4.5"], seed=1).without_firms()
    protect_cube(cube.small.system, grid(cube), Effort(rounds=0))


def section(rows: Sequence[Row], load: float) -> str:
    """The section of the page."""
    return "\n".join(
        [
            "## Disclosure control of cubes",
            "",
            "`make bench-cubes`: seeded made-up cubes of wages, state > area > county × sector × occupation "
            "(policy `tests/bench/policies/made_up_cubes.yaml`). Local programs are the baseline: one linear "
            "program for each target over its neighborhood. Seconds are of one core, without the compilation "
            "of a machine's first call. Verified: all alternative tables multiplied out in whole numbers; "
            "audited: everything `guildhall audit` asks. Both as shares of the protection's time.",
            "",
            "![Seconds of protection by the number of cells](images/disclosure-growth.svg)",
            "",
            "| cells | primary | by | attacker | secondary | s | verified | audited | audit |",
            "|---|---|---|---|---|---|---|---|---|",
            *(row.line() for row in rows),
            "",
            *bars(rows),
            "",
            f"Load when it began: {load:.1f} on the cores below. {machine_facts()}.",
        ]
    )


def bars(rows: Sequence[Row]) -> list[str]:
    """What the middle cube must reach, and what it reached."""
    by = {(row.way, row.attacker): row for row in rows if row.cube == "27"}
    if len(by) < 3:
        return []
    base, public, firms = (
        by[key] for key in (("local programs", "public"), ("circuits", "public"), ("circuits", "every firm"))
    )
    return [
        "Bars, at 27 thousand cells:",
        "",
        "| bar | found |",
        "|---|---|",
        f"| time of circuits at most 1/4 of the programs' | {public.seconds / base.seconds:.3f} |",
        f"| secondaries at most 1.02 of the programs' | {public.secondary / base.secondary:.2f} |",
        f"| every firm: secondaries at most 1.7 of the public's | {firms.secondary / public.secondary:.2f} |",
        f"| verified in at most 1/10 of the protection's time | {public.verifying / public.seconds:.3f} |",
    ]


def draw(rows: Sequence[Row]) -> None:
    """Seconds by cells, both on a scale of logarithms."""
    frame = pd.DataFrame(
        {
            "cells": [row.cells for row in rows],
            "seconds": [max(row.seconds, 0.01) for row in rows],
            "by": [f"{row.way}, {row.attacker}" for row in rows],
        }
    )
    chart = (
        alt.Chart(frame, width=520, height=300, title="Protecting a cube: seconds of one core")
        .mark_line(point=True)
        .encode(
            x=_logarithmic("cells", [3_000, 10_000, 30_000, 100_000]),
            y=_logarithmic("seconds", [1, 3, 10, 30, 100, 300]),
            color=alt.Color("by:N", title=None, scale=alt.Scale(scheme="dark2")),
        )
    )
    CHART.write_text(str(vl_convert.vegalite_to_svg(chart.to_dict())), encoding="utf-8")


def _logarithmic(name: str, ticks: list[int]) -> alt.X | alt.Y:
    axis = alt.Axis(values=ticks, format=",", title=name)
    scale = alt.Scale(type="log", domain=[ticks[0], 1.5 * ticks[-1]])
    return (alt.X if name == "cells" else alt.Y)(f"{name}:Q", scale=scale, axis=axis)


def main() -> None:
    """Protect and audit the cubes, print; write the section and the chart."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("cubes", nargs="*", default=list(REGIONS), help="thousands of cells: 4.5 27 118")
    options.add_argument("--write", action="store_true", help="write the section of docs/benchmarks.md")
    chosen = options.parse_args()
    warm_up()
    load, rows = os.getloadavg()[0], list[Row]()
    for name in chosen.cubes:
        rows += rows_of(name)
        if chosen.write:
            draw(rows)
            write_section("bench-cubes", section(rows, load))


if __name__ == "__main__":
    main()
