"""``make bench-disclosure``: real linked tables protected and audited, beside published results on them.

Secondary cells are compared with what tau-ARGUS hid, the audit's time with the protection's in the same run.
The audit shares no code with the protector and reads only the evidence. Nothing asserts on a time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reports.disclosure.audit.evidence import read_evidence
from reports.disclosure.audit.proof import audit_evidence
from reports.disclosure.policy import read_policy
from reports.disclosure.protect.evidence import Named, evidence, write_evidence
from reports.disclosure.protect.exact import Limits, least
from reports.disclosure.protect.finding import ProgramFinder
from reports.disclosure.protect.merging import Merged, merged
from reports.disclosure.protect.search import UP, Effort, Pattern, protect
from reports.disclosure.protect.tables import key_text
from tests.bench.measuring import machine_facts, write_section
from tests.reports.protect.insee import POLICY, TABLES, Turnover, turnover

PUBLISHED = {("act_size",): "64 (OPT)", TABLES: "354 (Modular)"}
"""Secondary cells of tau-ARGUS 4.2.3 on the same primaries, from the vignettes of the R package rtauargus."""


@dataclass(frozen=True)
class Case:
    """Tables to protect, rounds of search, and whether the least pattern is sought after it."""

    names: tuple[str, ...]
    rounds: int
    exact: Limits | None = None


CASES = (
    Case(("act_size",), 200, Limits()),
    Case(("act_cj",), 200),
    Case(("nuts_size",), 200, Limits()),
    Case(("nuts_cj",), 200),
    Case(TABLES, 600),
)


def row_of(case: Case) -> str:
    """One line of the table: the case protected, audited and counted."""
    table = turnover(case.names)
    small = merged(table.system)
    begun = time.perf_counter()
    found = protect(small.system, ProgramFinder(small.system), Effort(seed=0, rounds=case.rounds))
    took = time.perf_counter() - begun
    exact = least(small.system, found, case.exact) if case.exact else None
    audited, passed = audit(table, small, found)
    counted = table.counted(small.spread_flags(found.hidden))
    best = "" if exact is None else f"{exact.cost:.0f}, bound {exact.bound:.0f}"
    primaries = "/".join(str(table.primaries()[name]) for name in case.names)
    cells = [
        ", ".join(case.names),
        primaries,
        f"{sum(counted.values())} ({'/'.join(map(str, counted.values()))})",
        best,
        PUBLISHED.get(case.names, ""),
        f"{took:.1f}",
        f"{audited / took:.2f}",
        "passed" if passed and not found.unprotected else "FAILED",
    ]
    return f"| {' | '.join(cells)} |"


def audit(table: Turnover, small: Merged, found: Pattern) -> tuple[float, bool]:
    """Seconds of the audit of the evidence as written, and whether it passes."""
    with tempfile.TemporaryDirectory() as folder:
        policy = read_policy(POLICY).model_dump(mode="json")
        meta = {"systems": {"turnover": {"unit": "ten-thousandths", "kind": "count"}}, "unprotectable": []}
        write_evidence(Path(folder), evidence(table.system, spread(small, found), named(table)), policy, meta)
        begun = time.perf_counter()
        audited = audit_evidence(read_evidence(Path(folder)))
        return time.perf_counter() - begun, not _exposed(audited.findings)


def _exposed(findings: tuple[object, ...]) -> list[object]:
    """Exposed hidden cells. The rules on shown cells need contributors, which these tables do not list."""
    return [found for found in findings if getattr(found, "code", "") not in ("AUD-102",)]


def spread(small: Merged, found: Pattern) -> Pattern:
    """The pattern of classes as one of the cells as given; a class is proved by any of its cells."""
    first = {int(c): int(np.flatnonzero(small.class_of == c)[0]) for c, _ in found.proofs}
    proofs = {
        (first[target], sign): tuple(small.spread(flow) for flow in flows)
        for (target, sign), flows in found.proofs.items()
        if sign in (UP, -UP)
    }
    return Pattern(small.spread_flags(found.hidden), proofs, found.unprotected)


def named(table: Turnover) -> Named:
    """The words of the evidence."""
    keys = [key_text(key) for key in table.linked.keys]
    primary = table.system.needs.is_primary
    return Named(
        system=["turnover"] * len(keys),
        table_name=table.linked.table_names,
        key=keys,
        reason=["EMPLOYER_N" if is_primary else "" for is_primary in primary],
    )


def section(rows: list[str]) -> str:
    """The section of the page."""
    return "\n".join(
        [
            "## Disclosure control",
            "",
            "`make bench-disclosure`: four linked tables of INSEE (N_OBS < 3 or MAX > 85 % of TOT, 10 % on "
            "each side; policy `tests/bench/policies/insee_turnover.yaml`), the public as attacker.",
            "",
            "| tables | primary | secondary | exact mode | tau-ARGUS | s | audit : protection | audit |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
            "",
            "Goals: at most 64 on activity × size and 60 when solved exactly; at most 285 on the four "
            f"together. A cell of two tables counts twice. {machine_facts()}.",
        ]
    )


def main() -> None:
    """Protect and audit every case, print and write the section."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--write", action="store_true", help="write the section of docs/benchmarks.md")
    chosen = options.parse_args()
    rows = []
    for case in CASES:
        rows.append(row_of(case))
        sys.stdout.write(rows[-1] + "\n")
        sys.stdout.flush()
    if chosen.write:
        write_section("bench-disclosure", section(rows))


if __name__ == "__main__":
    main()
