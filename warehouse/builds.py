"""Warehouse builds: a new file for what is new, never changed in place, never read half-made.

What goes into the file is decided by the dbt project; what may leave it, by ``reports``. What a build is made
with (code, engine, variables) is its basis, a digest that whoever runs dbt declares: on the same basis, a
build goes on from the one before, and only what lies downstream of new rows is made anew.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.errors import BuildError
from warehouse.chain import Head
from warehouse.code_version import code_digest
from warehouse.disk import replace_text, sync_tree
from warehouse.duck import connect, identifier
from warehouse.home import Home
from warehouse.in_force import changed_contracts, write_changes, write_in_force
from warehouse.lake import ensure_schemas
from warehouse.ledger import Ledger

_ID = re.compile(r"\Ab[0-9]{8,}-[0-9a-f]{8}(?:\.[0-9]+)?\Z")
_BEGUN, _COMPLETE = "build.json", "COMPLETE"
_UNFINISHED, _WAREHOUSE = "unfinished", "warehouse.duckdb"


@dataclass(frozen=True)
class Build:
    """One build: its id, its folder, the ledger head it is made from, its place in the line of builds.

    ``basis`` is a digest of what it is made with. ``changed``: the contracts of which other rows are in force
    than in the build it went on from; None when it began with nothing.
    """

    id: str
    root: Path
    head: Head
    number: int
    basis: str = ""
    changed: frozenset[str] | None = None

    @property
    def database(self) -> Path:
        """The warehouse file of a finished build."""
        return self.root / _WAREHOUSE

    @property
    def under_construction(self) -> Path:
        """The warehouse file until the build is finished: one place for all builds of a home, one at a time.

        What dbt parses holds for one database file; it would parse all models anew for each build's own.
        """
        return self.root.parent / _UNFINISHED / _WAREHOUSE

    @property
    def in_force(self) -> Path:
        """One row per submission in force at the build's ledger head."""
        return self.root / "in_force.parquet"

    @property
    def changes(self) -> Path:
        """Of a build that goes on from another: a folder that says which rows count otherwise than there."""
        return self.root / "changes"

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


def begin_build(home: Home, ledger: Ledger, basis: str) -> Build:
    """Begin a build from the ledger's head: a folder with ``in_force.parquet``, its warehouse unfinished.

    Where the newest build has the same basis, its warehouse is copied to go on from; where the same rows are
    in force besides, it is that build, finished: another would be the same. Unfinished builds are thrown
    away: a build that was interrupted holds tables of several runs.
    """
    for unfinished in (build for build in _builds(home) if not build.is_complete):
        shutil.rmtree(unfinished.root)
    shutil.rmtree(home.builds / _UNFINISHED, ignore_errors=True)
    head, newest = ledger.head(), _newest(home)
    build = _make(home, head, number=1 + (newest.number if newest else 0), basis=basis)
    ensure_schemas(home)
    write_in_force(home, ledger, build.in_force, at_head=head.seq)
    if newest is not None and newest.basis == basis:
        changed = changed_contracts(newest.in_force, build.in_force)
        if not changed:
            shutil.rmtree(build.root)
            return newest
        shutil.copyfile(newest.database, build.under_construction)
        write_changes(home, newest.in_force, build.in_force, build.changes)
        build = replace(build, changed=changed)
    _note(build)
    return build


def build_at(home: Home, ledger: Ledger, head: Head, root: Path) -> Build:
    """Begin a build of the lake as it stood at an earlier head, in a folder outside the line of builds."""
    build = Build(root.name, root, head, 0)
    _make_room(build)
    write_in_force(home, ledger, build.in_force, at_head=head.seq)
    return build


def finish_build(build: Build) -> None:
    """Move the warehouse to its place and mark the build complete once it is on disk.

    BuildError when there is no warehouse, or one still open.
    """
    if not build.under_construction.is_file():
        raise _unfinished(build, "no warehouse.duckdb")
    if build.under_construction.with_name(f"{_WAREHOUSE}.wal").exists():
        raise _unfinished(build, "a warehouse that was not closed")
    move_into_place(build)
    sync_tree(build.root)
    replace_text(build.root / _COMPLETE, build.id + "\n")


def move_into_place(build: Build) -> None:
    """Move a closed warehouse from where it was made to where it is read, and clear that place."""
    build.under_construction.replace(build.database)
    shutil.rmtree(build.under_construction.parent)


def latest_build(home: Home) -> Build:
    """The newest complete build; BuildError when there is none."""
    newest = max((b for b in _builds(home) if b.is_complete), key=_place, default=None)
    if newest is None:
        raise BuildError(
            "BLD-005",
            found="no finished build",
            expected="a warehouse built from the lake",
            where=str(home.builds),
            remedy="Run `guildhall run`, which builds one.",
        )
    return newest


def build_of(home: Home, head: Head) -> Build:
    """The newest complete build of a ledger head, such as a release was made from; BuildError when none is
    kept.
    """
    made = max((b for b in _builds(home) if b.is_complete and b.head == head), key=_place, default=None)
    if made is None:
        raise BuildError(
            "BLD-006",
            found=f"no finished build of ledger entry {head.seq}",
            expected="the build that the release was made from",
            where=str(home.builds),
            remedy="Restore the folder from a backup; or wait for the next release, whose build is new.",
        )
    return made


def begun_build(home: Home, basis: str) -> Build:
    """The newest build, begun on this basis, and finished already where nothing was new; else BuildError."""
    begun = _newest(home)
    if begun is None or begun.basis != basis:
        raise BuildError(
            "BLD-003",
            found="no build that was begun with the present code, settings and day",
            expected="one begun by the step before",
            where=str(home.builds),
            remedy="Run from the submissions in force on, not from the models.",
        )
    return begun


def read_mart(build: Build, name: str) -> pd.DataFrame:
    """One mart, as ``read_marts`` gives it."""
    return read_marts(build, (name,))[name]


def read_marts(build: Build, names: Collection[str]) -> dict[str, pd.DataFrame]:
    """Marts by name, with exact types (Arrow-backed: DECIMAL stays Decimal, NULL stays NULL), in no order.

    What was estimated on the build lies beside it. BuildError when the build has no such table.
    """
    estimates = {name: build.estimates / f"{name}.parquet" for name in names}
    marts = {name: pq.read_table(path) for name, path in estimates.items() if path.is_file()}
    if built := [name for name in names if name not in marts]:
        # Opening a warehouse of hundreds of models takes longer than reading one of them.
        with connect(build.database, read_only=True) as con:
            marts |= {name: _mart(con, name, build.database) for name in built}
    return {name: _arrow_backed(marts[name]) for name in names}


def read_columns(build: Build, name: str, columns: Collection[str]) -> pd.DataFrame:
    """Some columns of one mart, in no order: text as categories in their order, so that what millions of rows
    repeat is held once; numbers that may be missing as floats. BuildError when the build has no such table.
    """
    with connect(build.database, read_only=True) as con:
        mart = _table(con, name, build.database)
        types = dict(zip(mart.columns, map(str, mart.types), strict=True))
        texts = {one: _texts(con, mart, one) for one in columns if types[one] == "VARCHAR"}
        asked = (_code(one, texts[one]) if one in texts else identifier(one) for one in columns)
        rows = mart.select(", ".join(asked)).to_arrow_table()
    return pd.DataFrame(
        {
            one: pd.Categorical.from_codes(rows[one].to_numpy(), texts[one])
            if one in texts
            else rows[one].to_numpy()
            for one in columns
        }
    )


def _texts(con: duckdb.DuckDBPyConnection, mart: duckdb.DuckDBPyRelation, column: str) -> pd.Index:
    """The different texts of a column, in order; where there are any, as a type named after it as well."""
    text = identifier(column)
    distinct = mart.filter(f"{text} IS NOT NULL").select(text).distinct().order(text)
    found: pd.Index = pd.Index(distinct.to_arrow_table()[column].to_numpy(), dtype=object)
    if len(found):
        con.execute(f"CREATE TEMP TYPE {_type_of(column)} AS ENUM ({distinct.sql_query()})")
    return found


def _code(column: str, texts: pd.Index) -> str:
    """The place of each row's text among them, -1 where it has none."""
    found = f"enum_code({identifier(column)}::{_type_of(column)})::INTEGER" if len(texts) else "NULL"
    return f"coalesce({found}, -1) AS {identifier(column)}"


def _type_of(column: str) -> str:
    return identifier(f"text of {column}")


def _mart(con: duckdb.DuckDBPyConnection, name: str, where: Path) -> pa.Table:
    return _table(con, name, where).to_arrow_table()


def _table(con: duckdb.DuckDBPyConnection, name: str, where: Path) -> duckdb.DuckDBPyRelation:
    known = "SELECT count(*) FROM information_schema.tables WHERE table_name = ? AND table_schema = 'main'"
    if con.execute(known, [name]).fetchall() != [(1,)]:
        raise BuildError(
            "BLD-004",
            found=f"no table {name}",
            expected="a mart of the dbt project",
            where=str(where),
            remedy="Name a model of transforms/models/marts, or build again with the present code.",
        )
    return con.table(identifier(name))


def estimates_stand(build: Build, basis: str) -> bool:
    """Whether all that is estimated on a build was estimated on this basis."""
    noted = build.estimates / _COMPLETE
    return noted.is_file() and noted.read_text(encoding="utf-8") == basis + "\n"


def write_estimates(build: Build, marts: Mapping[str, pd.DataFrame], basis: str) -> None:
    """Keep marts that were estimated on a finished build beside it, each in one rename, then their basis."""
    build.estimates.mkdir(exist_ok=True)
    (build.estimates / _COMPLETE).unlink(missing_ok=True)
    for name, frame in marts.items():
        unfinished = build.estimates / f".{name}.parquet"
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), unfinished)
        unfinished.replace(build.estimates / f"{name}.parquet")
    sync_tree(build.estimates)
    replace_text(build.estimates / _COMPLETE, basis + "\n")


def _arrow_backed(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _newest(home: Home) -> Build | None:
    return max(_builds(home), key=_place, default=None)


def _place(build: Build) -> int:
    return build.number


def _make(home: Home, head: Head, number: int, basis: str) -> Build:
    stem = f"b{head.seq:08d}-{code_digest()[:8]}"
    ids = (stem if again == 1 else f"{stem}.{again}" for again in count(1))
    build_id = next(one for one in ids if not (home.builds / one).exists())
    build = Build(build_id, home.builds / build_id, head, number, basis)
    _make_room(build)
    return build


def _make_room(build: Build) -> None:
    build.dbt_dir.mkdir(parents=True)
    build.under_construction.parent.mkdir(exist_ok=True)


def _note(build: Build) -> None:
    """Write a build's facts; until then its folder counts as begun at nothing."""
    facts = {
        "id": build.id,
        "number": build.number,
        "ledger_head": {"seq": build.head.seq, "hash": build.head.hash},
        "basis": build.basis,
        "changed": None if build.changed is None else sorted(build.changed),
    }
    replace_text(build.root / _BEGUN, json.dumps(facts, indent=1) + "\n")


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
    # A build of an earlier version names no basis, so none goes on from it.
    basis, changed = facts.get("basis", ""), facts.get("changed")
    head = Head(**facts["ledger_head"])
    return Build(
        facts["id"], root, head, facts["number"], basis, None if changed is None else frozenset(changed)
    )


def _unfinished(build: Build, found: str) -> BuildError:
    return BuildError(
        "BLD-002",
        found=found,
        expected="a finished, closed warehouse file",
        where=str(build.root),
        remedy="Run again: the unfinished build is thrown away and made anew from the lake.",
    )
