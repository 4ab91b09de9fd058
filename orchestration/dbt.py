"""How the dbt project in ``transforms/`` is parsed and run into one build file.

What the models say belongs in ``transforms/``; where the build lies is the warehouse's business.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from contracts.errors import BuildError
from orchestration.facts import policy_of
from orchestration.programs import installed
from reports.disclosure.policy import Policy
from transforms import PROJECT_DIR
from warehouse.builds import Build, move_into_place
from warehouse.chain import Head
from warehouse.code_version import code_digest
from warehouse.home import Home

_FOUR_FIFTHS_NEED = 5
"""Times the least number of persons on either side of a rate that a rate of four fifths needs people."""

_PARSE = "partial_parse.msgpack"
"""As dbt calls it."""


def manifest_path(home: Home) -> Path:
    """The parsed project: made once for its files and a home's settings, kept in the builds folder."""
    target = home.builds / "parsed" / _project_hash(_variables(home))
    manifest = target / "manifest.json"
    if not manifest.is_file():
        _parse(home, target)
    return manifest


def basis(home: Home, day: date) -> str:
    """A digest of all that decides a build beside the rows in force: code, engines, settings and day."""
    engines = {name: version(name) for name in ("duckdb", "dbt-core", "dbt-duckdb")}
    settings = {"as_of": day.isoformat(), **_settings(home)}
    said = {"code": code_digest(), "engines": engines, "settings": settings}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _settings(home: Home) -> dict[str, Any]:
    return {"design": home.config.study.design, **floors(policy_of(home))}


def _variables(home: Home) -> tuple[str, str]:
    """What a home sets, as dbt's command line takes it: the same in every call, or dbt parses all again."""
    return "--vars", json.dumps(_settings(home))


def build_command(home: Home, parsed: Path, kept: CarriedOver) -> list[str]:
    """dbt's words for one build: what is not ``kept`` of the one before is built and tested.

    Unit tests judge the code and not the data: they run with the project's tests, not with every build. The
    parse beside the manifest ``parsed`` is taken up; dbt's log holds what it says, not what it thinks.
    """
    command = ["--log-level-file", "info", "build", "--exclude-resource-type", "unit_test"]
    command += [*_variables(home), "--partial-parse-file-path", str(parsed.with_name(_PARSE))]
    return [*command, *leave_out(kept)]


def leave_out(kept: CarriedOver) -> list[str]:
    """dbt's words for what is not built again; a test is left out where all it looks at is.

    By default dbt would leave it out where any of it is. It looks through the whole project for each name,
    so there are few.
    """
    last = " ".join(f"+{name}" for name in kept.last)
    return ["--indirect-selection", "cautious", "--exclude", last] if last else []


def dbt_command(words: Sequence[str], target: Path) -> list[str]:
    """A command line of these words for the project; what dbt leaves behind goes into ``target``."""
    return [
        *(installed("dbt"), "--no-use-colors", "--no-send-anonymous-usage-stats", *words),
        *("--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)),
        *("--target-path", str(target), "--log-path", str(target / "logs")),
    ]


@dataclass(frozen=True)
class CarriedOver:
    """The models and seeds that a build keeps of the one it went on from, by name.

    ``last``: those of them that no other of them is made from. What a kept one is made from is kept as well,
    so the last ones tell dbt of all.
    """

    names: frozenset[str] = frozenset()
    last: tuple[str, ...] = ()


def carried_over(parsed: Path, changed: Collection[str] | None) -> CarriedOver:
    """What does not lie downstream of a contract with new rows; nothing where ``changed`` is None.

    ``parsed``: the project's manifest.
    """
    if changed is None:
        return CarriedOver()
    manifest = json.loads(parsed.read_bytes())
    children = manifest["child_map"]
    touched: set[str] = set()
    ahead = [f"model.guildhall.stg_{contract}" for contract in ("submission", *changed)]
    while ahead:
        node = ahead.pop()
        if node not in touched:
            touched.add(node)
            ahead += children.get(node, [])
    kept = {
        unique_id: node["name"]
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in {"model", "seed"} and unique_id not in touched
    }
    last = sorted(name for unique_id, name in kept.items() if kept.keys().isdisjoint(children[unique_id]))
    return CarriedOver(frozenset(kept.values()), tuple(last))


def run_dbt(home: Home, build: Build, day: date) -> None:
    """Fill a build's warehouse outside Dagster; BuildError BLD-012 when a model or a test fails."""
    target, parsed = build.dbt_dir / "target", manifest_path(home)
    command = dbt_command(build_command(home, parsed, carried_over(parsed, build.changed)), target)
    with build_environment(home, build, day):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildError(
            "BLD-012",
            found="a model or a test that failed",
            expected="a warehouse built from the lake as it was",
            where=f"{target / 'logs' / 'dbt.log'}",
            remedy="Read the log; a release made by other code is rebuilt with that code.",
        )
    move_into_place(build)


def floors(policy: Policy) -> dict[str, int]:
    """The dbt project's variables that a policy decides: below them nothing is computed, pooled or watched.

    A policy with its thresholds off leaves the project's own in force: a median of three persons is no
    figure, whoever may see it.
    """
    if policy.is_off:
        return {}
    persons = max(policy.count.min_persons, policy.wage_derived.min_persons)
    return {
        "min_persons": persons,
        "min_responders": policy.min_responders,
        "pool_below": _FOUR_FIFTHS_NEED * persons,
        "alert_least_persons": persons,
        "shrink_below_firms": policy.wage_derived.min_firms,
    }


@contextmanager
def build_environment(home: Home, build: Build, day: date) -> Iterator[None]:
    """What one build is made of and where it goes: dbt's profile and macros read it from the environment."""
    settings = {
        "GUILDHALL_BUILD_DB": str(build.under_construction.resolve()),
        "GUILDHALL_LAKE": str(home.lake.resolve()),
        "GUILDHALL_IN_FORCE": str(build.in_force.resolve()),
        "GUILDHALL_AS_OF": day.isoformat(),
        "GUILDHALL_CHANGES": "" if build.changed is None else str(build.changes.resolve()),
        "GUILDHALL_THREADS": str(home.config.engine.threads),
        "GUILDHALL_MEMORY_LIMIT": home.config.engine.memory_limit,
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _project_hash(variables: Sequence[str]) -> str:
    digest = hashlib.sha256("\0".join(variables).encode())
    for path in sorted(PROJECT_DIR.rglob("*")):
        if path.suffix in {".sql", ".yml", ".csv", ".md"} and not {"target", "logs"} & set(path.parts):
            digest.update(path.relative_to(PROJECT_DIR).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _parse(home: Home, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    nowhere = Build("parsed", home.builds / "parsed", Head(0, ""), 0)
    command = dbt_command(["parse", *_variables(home)], target)
    with build_environment(home, nowhere, date(2000, 1, 1)):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildError(
            "BLD-010",
            found="a dbt project that does not parse:\n" + done.stdout[-2000:],
            expected="a project that parses",
            where="transforms/",
            remedy="Mend the model named above.",
        )
