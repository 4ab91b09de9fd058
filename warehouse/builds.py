"""Warehouse builds: a new folder and a new file every time, never changed in place, never read half-made.

What goes into the file is decided by the dbt project; what may leave it, by ``reports``.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.errors import BuildError
from warehouse.chain import Head
from warehouse.code_version import code_digest
from warehouse.disk import replace_text, sync_tree
from warehouse.duck import connect, identifier
from warehouse.home import Home
from warehouse.in_force import write_in_force
from warehouse.lake import ensure_schemas
from warehouse.ledger import Ledger

_ID = re.compile(r"\Ab[0-9]{8,}-[0-9a-f]{8}(?:\.[0-9]+)?\Z")
_BEGUN, _COMPLETE = "build.json", "COMPLETE"


@dataclass(frozen=True)
class Build:
    """One build: its id, its folder, the ledger head it is made from, and its place in the line of builds."""

    id: str
    root: Path
    head: Head
    number: int

    @property
    def database(self) -> Path:
        """The warehouse file."""
        return self.root / "warehouse.duckdb"

    @property
    def in_force(self) -> Path:
        """One row per submission in force at the build's ledger head."""
        return self.root / "in_force.parquet"

    @property
    def estimates(self) -> Path:
        """Marts that were estimated on the warehouse, not selected from it."""
        return self.root / "estimates"

    @property
    def dbt_dir(self) -> Path:
        """What dbt leaves behind: its target and its logs."""
        return self.root / "dbt"

    @property
    def is_complete(self) -> bool:
        """Whether it was finished."""
        return (self.root / _COMPLETE).is_file()


def new_build(home: Home, ledger: Ledger) -> Build:
    """Begin a build from the ledger's head: an empty folder with ``in_force.parquet`` and no warehouse yet.

    Unfinished builds are thrown away: a build that was interrupted holds tables of different runs.
    """
    for unfinished in (build for build in _builds(home) if not build.is_complete):
        shutil.rmtree(unfinished.root)
    head = ledger.head()
    build = _make(home, head, number=1 + max((build.number for build in _builds(home)), default=0))
    ensure_schemas(home)
    write_in_force(home, ledger, build.in_force, at_head=head.seq)
    return build


def build_at(home: Home, ledger: Ledger, head: Head, root: Path) -> Build:
    """Begin a build of the lake as it stood at an earlier head, in a folder outside the line of builds."""
    build = Build(root.name, root, head, 0)
    build.dbt_dir.mkdir(parents=True)
    write_in_force(home, ledger, build.in_force, at_head=head.seq)
    return build


def finish_build(build: Build) -> None:
    """Mark a build complete once it is on disk; BuildError when there is no warehouse, or one still open."""
    if not build.database.is_file():
        raise _unfinished(build, "no warehouse.duckdb")
    if build.database.with_name(build.database.name + ".wal").exists():
        raise _unfinished(build, "a warehouse that was not closed")
    sync_tree(build.root)
    replace_text(build.root / _COMPLETE, build.id + "\n")


def latest_build(home: Home) -> Build:
    """The newest complete build; BuildError when there is none."""
    newest = max((b for b in _builds(home) if b.is_complete), key=lambda b: b.number, default=None)
    if newest is None:
        raise BuildError(
            "BLD-005",
            found="no finished build",
            expected="a warehouse built from the lake",
            where=str(home.builds),
            remedy="Run `guildhall run`, which builds one.",
        )
    return newest


def unfinished_build(home: Home) -> Build:
    """The build that was begun and not finished yet; BuildError when there is none."""
    begun = max((b for b in _builds(home) if not b.is_complete), key=lambda b: b.number, default=None)
    if begun is None:
        raise BuildError(
            "BLD-003",
            found="no build that was begun",
            expected="one begun by the step before",
            where=str(home.builds),
            remedy="Run from the submissions in force on, not from the models.",
        )
    return begun


def read_mart(build: Build, name: str) -> pd.DataFrame:
    """One mart with exact types (Arrow-backed columns: DECIMAL stays Decimal, NULL stays NULL), in no order.

    What was estimated on the build lies beside it. BuildError when the build has no such table.
    """
    estimated = build.estimates / f"{name}.parquet"
    if estimated.is_file():
        return _arrow_backed(pq.read_table(estimated))
    with connect(build.database, read_only=True) as con:
        known = (
            "SELECT count(*) FROM information_schema.tables WHERE table_name = ? AND table_schema = 'main'"
        )
        if con.execute(known, [name]).fetchall() != [(1,)]:
            raise BuildError(
                "BLD-004",
                found=f"no table {name}",
                expected="a mart of the dbt project",
                where=str(build.database),
                remedy="Name a model of transforms/models/marts, or build again with the present code.",
            )
        table: pa.Table = con.table(identifier(name)).to_arrow_table()
    return _arrow_backed(table)


def write_estimates(build: Build, marts: Mapping[str, pd.DataFrame]) -> None:
    """Keep marts that were estimated on a finished build beside it, each in one rename."""
    build.estimates.mkdir(exist_ok=True)
    for name, frame in marts.items():
        unfinished = build.estimates / f".{name}.parquet"
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), unfinished)
        unfinished.replace(build.estimates / f"{name}.parquet")
    sync_tree(build.estimates)


def _arrow_backed(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _make(home: Home, head: Head, number: int) -> Build:
    stem = f"b{head.seq:08d}-{code_digest()[:8]}"
    ids = (stem if again == 1 else f"{stem}.{again}" for again in count(1))
    build_id = next(one for one in ids if not (home.builds / one).exists())
    build = Build(build_id, home.builds / build_id, head, number)
    build.dbt_dir.mkdir(parents=True)
    facts = {"id": build_id, "number": number, "ledger_head": {"seq": head.seq, "hash": head.hash}}
    replace_text(build.root / _BEGUN, json.dumps(facts, indent=1) + "\n")
    return build


def _builds(home: Home) -> Iterator[Build]:
    """Every build there is, whatever its state; a folder without its facts counts as begun at nothing."""
    for root in home.builds.iterdir():
        if _ID.match(root.name):
            yield _read(root)


def _read(root: Path) -> Build:
    try:
        facts = json.loads((root / _BEGUN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Build(root.name, root, Head(0, ""), 0)
    return Build(facts["id"], root, Head(**facts["ledger_head"]), facts["number"])


def _unfinished(build: Build, found: str) -> BuildError:
    return BuildError(
        "BLD-002",
        found=found,
        expected="a finished, closed warehouse file",
        where=str(build.root),
        remedy="Run again: the unfinished build is thrown away and made anew from the lake.",
    )
