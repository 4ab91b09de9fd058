"""The releases that may be shown today, with their tables at hand: read once, kept, since they never change.

What is asked of them is in ``addresses`` and ``warehouse.door``; how it is shown, in ``pages``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from contracts.errors import DoorError
from reports.door.about import About, Described
from reports.queryable import Example
from warehouse.door.catalog import Catalog, read_catalog
from warehouse.home import Home
from warehouse.release_manifest import Release, read_release_folder
from warehouse.releases import release_folders

LATEST = "latest"


class Volume:
    """One release on the shelf: its catalog and its tables, each read when first asked for."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self._tables: dict[str, pa.Table] = {}

    @property
    def name(self) -> str:
        """``2026-Q3/v1.0``, as in its address."""
        return self.release.name

    @cached_property
    def about(self) -> About:
        """The release in words."""
        return About.of(self.release)

    @cached_property
    def catalog(self) -> Catalog:
        """What can be asked."""
        return read_catalog(self.release.root)

    def described(self, name: str) -> Described:
        """A table's words, for whoever takes it home."""
        table = self.catalog.tables[name]
        return Described(name, table.words, self.about, {c.name: c.words for c in table.columns})

    def table(self, name: str) -> pa.Table:
        """A published table's rows in published order; KeyError when the release has no file of it."""
        if name not in self._tables:
            path = self.release.root / "tables" / f"{name}.parquet"
            if name not in self.catalog.tables or not path.is_file():
                raise KeyError(name)
            self._tables[name] = pq.read_table(path)
        return self._tables[name]

    @cached_property
    def questions(self) -> tuple[Example, ...]:
        """The questions the release brings with it; those of early releases have no name, so no address."""
        rows = self.table("example_queries").to_pylist() if "example_queries" in self.tables else []
        return tuple(Example(row.get("name", ""), row["question"], row["sql"]) for row in rows)

    @cached_property
    def named(self) -> Mapping[str, Example]:
        """Those of its questions that have an address."""
        return {one.name: one for one in self.questions if one.name}

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that lie as files, in order."""
        return tuple(sorted(path.stem for path in (self.release.root / "tables").glob("*.parquet")))


class Shelf:
    """The published releases of a home, newest last, never one before its day by ``today``."""

    def __init__(self, home: Home, today: Callable[[], date]) -> None:
        self._home = home
        self._today = today
        self._volumes: dict[Path, Volume] = {}
        self._lock = threading.Lock()

    def volumes(self) -> list[Volume]:
        """Every release that is public today, oldest first."""
        with self._lock:
            standing = [self._standing(folder) for folder in release_folders(self._home)]
            public = [one for one in standing if one.release.public_on <= self._today()]
            return sorted(public, key=lambda one: one.release.order)

    def _standing(self, folder: Path) -> Volume:
        """The release in a folder, its manifest read once."""
        if folder not in self._volumes:
            self._volumes[folder] = Volume(read_release_folder(folder))
        return self._volumes[folder]

    def volume(self, name: str) -> Volume:
        """The release ``latest``, ``2026-Q3`` (its newest version) or ``2026-Q3/v1.0``; DoorError DOR-010."""
        volumes = self.volumes()
        found = volumes if name == LATEST else [v for v in volumes if name in (v.name, v.release.period)]
        if not found:
            raise DoorError(
                "DOR-010",
                found=f"no release {name[:40]!r}",
                expected=f"latest, {', '.join(v.name for v in volumes[-4:]) or 'and none is public yet'}",
                where="the address",
                remedy="Coming releases are listed with their days on the first page.",
            )
        return found[-1]
