"""``make bench-region-disclosure``: releases of a region many times over, protected and audited.

The region is the demo's (``make demo`` first), stamped and built as ``make bench-warehouse`` does, or one
that is built already (``--home`` and ``--build``, only read). Effects, tables, pages and the audit are those
of ``guildhall run``, each in a process of its own; what they write lies in a home of its own. Three releases
in a row: the first; its correction, after files were taken back; the next period's, with those files again.
Nothing asserts on a time.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration import facts
from orchestration.auditing import audit_staged
from orchestration.cli import one_thread_a_product
from orchestration.dbt import manifest_path
from orchestration.estimating import estimate
from orchestration.publishing import gated_tables, write_manifest, write_proof, write_report, write_tables
from reports.disclosure.rules import SUPPRESSED, VALUE_STATUSES, Reason
from reports.impact.estimates import estimate_effects
from reports.impact.outcomes import GROUP_COLUMNS
from reports.impact.performance import PERFORMANCE_COLUMNS
from tests.bench.measuring import Command, Run, machine_facts, run_once, write_section
from tests.bench.stamped import Stamped, build_in, stamp
from tests.bench.warehouse import measured
from warehouse import builds, releases
from warehouse.builds import Build
from warehouse.editions import Correction, Edition, first_edition
from warehouse.home import Home, init_home
from warehouse.ledger import Ledger

EFFECTS, NO_EFFECTS = "estimate", "no-effects"
STEPS = ("protect", "page", "audit", "publish")
GIVEN = "given"
"""The folder of a build that was made before."""
REASON = "Wage files of one firm, and one of another, did not hold."


@dataclass(frozen=True)
class Released:
    """One release: what each step took, what the audit says, how many rows are shown, hidden by a rule, and
    hidden because they would give one away.
    """

    times: int
    name: str
    runs: Mapping[str, Run]
    audit: Mapping[str, Any]
    rows: Mapping[str, int]

    def line(self) -> str:
        """The row as Markdown."""
        checked, rows = self.audit["checked"], self.rows
        cells = [
            f"{self.times}",
            self.name,
            f"{sum(rows.values()):,}",
            f"{rows['shown'] / sum(rows.values()):.1%}",
            f"{rows['by a rule']:,}",
            f"{rows['beside']:,}",
            f"{checked['cells']:,}",
            f"{checked['firms as attackers']:,}",
            f"{len(self.audit['findings']):,}",
            *(_took(self.runs.get(step)) for step in (EFFECTS, "protect", "audit")),
        ]
        return f"| {' | '.join(cells)} |"


def editions(place: Home) -> tuple[Edition, ...]:
    """The releases in a row: the first of the calendar, its correction a week later, the next."""
    first, following = (first_edition(entry) for entry in place.config.releases[:2])
    correction = Correction(first.version, REASON, "the bench", first.date + timedelta(days=7))
    return first, replace(first, version="v1.1", correction=correction), following


def take(step: str, place: Home, build: Build, edition: Edition) -> None:
    """What is measured: one step between a finished build and a release, as the journey takes it."""
    if step == EFFECTS:
        estimate(build)
    elif step == NO_EFFECTS:
        builds.write_estimates(build, _no_effects(), "none")
    elif step == "protect":
        publication = gated_tables(place, build, edition)
        staging = releases.stage_release(place, edition.period, edition.version)
        write_proof(place, edition, publication)
        write_tables(place, build, edition, publication, staging)
    else:
        staging = releases.open_staging(place, edition.period, edition.version)
        if step == "page":
            write_report(place, build, edition, staging)
        elif step == "audit":
            _audit(place, edition, staging.root)
        else:
            write_manifest(place, build, edition, staging)
            with Ledger.open(place) as ledger:
                releases.promote(staging, ledger)


def _no_effects() -> Mapping[str, pd.DataFrame]:
    """The marts of effects as they are where nobody was trained."""
    groups, performance = (
        pd.DataFrame(columns=list(names)) for names in (GROUP_COLUMNS, PERFORMANCE_COLUMNS)
    )
    return estimate_effects(None, groups, performance).marts


def _audit(place: Home, edition: Edition, root: Path) -> None:
    audit = audit_staged(root, facts.policy_of(place).model_dump(mode="json"))
    said = {"checked": dict(audit.checked), "findings": [str(finding) for finding in audit.findings]}
    _said_of(place, edition).write_text(json.dumps(said, indent=1), encoding="utf-8")


def _said_of(place: Home, edition: Edition) -> Path:
    return place.evidence / edition.period / edition.version / "audit.json"


@dataclass(frozen=True)
class Bench:
    """The home that is written into, how many times the region it is, and how effects are come by."""

    place: Home
    times: int
    effects: str

    def released(self, number: int, build: Path) -> Released:
        """Make one of the ``editions`` of a build, as far as a release that stands.

        One that the audit refuses stays staged, and ends the bench after it was told.
        """
        edition, runs = editions(self.place)[number], dict[str, Run]()
        if not build_in(build).estimates.exists():
            runs[self.effects] = self._run(self.effects, number, build)
        for step in STEPS:
            runs[step] = self._run(step, number, build)
            if step == "audit":
                one = Released(self.times, edition.name, runs, *_found(self.place, edition))
                sys.stderr.write(f"{one.line()}\n")
                if one.audit["findings"]:
                    raise SystemExit("\n".join(one.audit["findings"]))
        return one

    def _run(self, step: str, number: int, build: Path) -> Run:
        words = (
            "--step",
            step,
            "--edition",
            str(number),
            "--home",
            str(self.place.root),
            "--build",
            str(build),
        )
        command = Command(step, (sys.executable, "-m", "tests.bench.region_disclosure", *words))
        run = run_once(command, timeout_seconds=4 * 3600)
        if run.exit_status != 0:
            raise SystemExit(f"{step} ended with {run.exit_status}: {run.output[-2000:]}")
        sys.stderr.write(
            f"{self.times} times, {step}: {_took(run)} MiB, {run.wall_seconds:.0f} s by the clock\n"
        )
        return run


def _found(place: Home, edition: Edition) -> tuple[Mapping[str, Any], Mapping[str, int]]:
    return json.loads(_said_of(place, edition).read_bytes()), _rows(place, edition)


def _rows(place: Home, edition: Edition) -> dict[str, int]:
    root = releases.open_staging(place, edition.period, edition.version).root
    tables = [
        one for one in releases.read_tables(root).values() if {"value_status", "metric_id"} <= {*one.columns}
    ]
    status = pd.concat([table["value_status"].astype("int64") for table in tables])
    explained = pd.read_csv(_said_of(place, edition).with_name("explanations.csv"))
    is_beside = explained["reason"].eq(str(Reason.COMPLEMENTARY))
    beside = int(is_beside.groupby([explained["table_name"], explained["cell"]]).all().sum())
    return {
        "shown": int(status.isin(VALUE_STATUSES).sum()),
        "by a rule": int(status.eq(SUPPRESSED).sum()) - beside,
        "beside": beside,
    }


def linked(source: Home, in_force: Path, place: Path) -> Stamped:
    """A home of one's own over the lake of another, which is only read."""
    home = init_home(place, source.config)
    home.lake.rmdir()
    home.lake.symlink_to(source.lake.resolve(), target_is_directory=True)
    shutil.copyfile(in_force, place / "in_force.parquet")
    return Stamped(home, place / "in_force.parquet")


def taken_back(region: Stamped) -> Stamped:
    """The region without one firm's wages of a quarter, in every copy, and another firm's in one copy.

    The quarter is the fifth last: it counts in outcomes that are mature.
    """
    listed = pq.read_table(region.in_force)
    lines = listed.to_pylist()
    wages = [row for row in lines if row["contract"] == "wage" and row["accepted"]]
    quarter = sorted({row["period"] for row in wages})[-5]
    wages = [row for row in wages if row["period"] == quarter]
    first, second, *_ = sorted({row["firm_id"].partition("~")[0] for row in wages})
    gone = {row["submission_id"] for row in wages if row["firm_id"].partition("~")[0] == first}
    gone |= {row["submission_id"] for row in wages if row["firm_id"] == second}
    rest = [row for row in lines if row["submission_id"] not in gone]
    shorter = region.in_force.with_name("in_force_taken_back.parquet")
    pq.write_table(pa.Table.from_pylist(rest, schema=listed.schema), shorter)
    return replace(region, in_force=shorter)


def measure(region: Stamped, bench: Bench, build: Path, releases_asked: int) -> Iterator[Released]:
    """The releases of a built region: 1 the first, 2 the next period's as well, 3 the correction as well."""
    yield bench.released(0, build)
    if releases_asked > 2:
        corrected, run = _built_again(taken_back(region), region, build)
        sys.stderr.write(f"{bench.times} times, built without what was taken back: {_took(run)} MiB\n")
        yield bench.released(1, corrected)
    if releases_asked > 1:
        yield bench.released(2, build)


def _built_again(after: Stamped, before: Stamped, build: Path) -> tuple[Path, Run]:
    """The build after files were taken back: it goes on from the one before where that was made here, for
    what other code made has other tables.
    """
    return measured(after, "taken-back", after=None if build.name == GIVEN else (before, build))


def _took(run: Run | None) -> str:
    return "" if run is None else f"{run.cpu_seconds:.0f} / {run.peak_bytes / 2**20:,.0f}"


NAME = "bench-region-disclosure"
SHARED = (
    f"`make {NAME}`: releases of the demo's region, its firms and people several times over under names of "
    "their own, by the policy `board`: the first, its correction after wage files were taken back, the next "
    "period's with those files again. Rows: those that could carry a value. Cells: the numbers of the two "
    "systems that are audited, of persons and of dollars; firms: the attackers in each, added up. Exposed: "
    "what the audit found, by arithmetic and by intervals, for the public and for every firm that knows a "
    "hidden cell or its own part of one, over all releases so far. Steps: CPU seconds / peak MiB; no effects "
    "are in a release where theirs are empty, unless its build is that of an earlier one."
)
OWN = (
    f"`make {NAME} OWN=--own-programs`: the same, but each copy of the region has programs of its own, so "
    "that cells by program are as small as one region's, as many times over."
)


def _section(done: list[Released], *, own_programs: bool) -> str:
    return "\n".join(
        [
            f"## Disclosure control of a region{', programs apart' if own_programs else ''}",
            "",
            OWN if own_programs else SHARED,
            "",
            "| times | release | rows | shown | hidden by a rule | beside | cells | firms | exposed "
            "| effects | protection | audit |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|",
            *(one.line() for one in done),
            "",
            f"Goal: none exposed. {machine_facts()}.",
        ]
    )


def main() -> None:
    """Take one step, or make and audit all releases, print, or write the section."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--demo", type=Path, default=Path("demo"))
    words.add_argument("--times", type=int, default=50)
    words.add_argument("--into", type=Path, help="a new folder for what is made, else it is thrown away")
    words.add_argument(
        "--releases", type=int, choices=(1, 2, 3), default=3, help="2 leaves out the correction"
    )
    words.add_argument("--own-programs", action="store_true", help="stamp, or given was stamped, so")
    words.add_argument("--without-effects", action="store_true", help="as where nobody was trained")
    words.add_argument("--write", action="store_true")
    for name in ("--home", "--build"):
        words.add_argument(name, type=Path)
    words.add_argument("--step", choices=(EFFECTS, NO_EFFECTS, *STEPS))
    words.add_argument("--edition", type=int)
    said = words.parse_args()
    if said.step:
        place = Home.open(said.home)
        take(said.step, place, build_in(said.build), editions(place)[said.edition])
        return
    one_thread_a_product()
    with tempfile.TemporaryDirectory(prefix="bench-region-disclosure-") as folder:
        region, build = _built(said, said.into or Path(folder) / "region")
        bench = Bench(region.home, said.times, NO_EFFECTS if said.without_effects else EFFECTS)
        done = [*measure(region, bench, build, said.releases)]
    section = _section(done, own_programs=said.own_programs)
    sys.stdout.write(section + "\n")
    if said.write:
        write_section(f"{NAME}{'-own' if said.own_programs else ''}", section)


def _built(said: argparse.Namespace, place: Path) -> tuple[Stamped, Path]:
    """The region and its warehouse: as they are given, or made here."""
    if said.build is None:
        source = Home.open(said.demo)
        in_force = builds.latest_build(source).in_force
        region = stamp(source, in_force, place, said.times, own_programs=said.own_programs)
        manifest_path(region.home)
        return region, measured(region, "full")[0]
    region = linked(Home.open(said.home), said.build / "in_force.parquet", place)
    manifest_path(region.home)
    build = region.home.builds / GIVEN
    build.mkdir()
    shutil.copyfile(region.in_force, build / "in_force.parquet")
    (build / "warehouse.duckdb").symlink_to((said.build / "warehouse.duckdb").resolve())
    return region, build


if __name__ == "__main__":
    main()
