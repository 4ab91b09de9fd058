"""Releases: staged beside, proved whole, renamed into place, never changed again.

    releases/<period>/v1.0/{manifest.json, report.*, report/…, guildhall.duckdb, tables/…}
    releases/<period>/v1.1/{…, corrections.csv}      a correction of v1.0, beside it
    releases/CURRENT

A crash leaves nothing (a ``.tmp`` folder the next staging removes) or the whole release. What is in a release
is decided in ``reports``; which version it is, in ``editions``.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from contracts.errors import ReleaseError
from warehouse.disk import replace_text, sync, sync_tree
from warehouse.home import Home
from warehouse.ledger import PUBLISHED, Entry, Ledger
from warehouse.release_manifest import (
    FIRST_VERSION,
    Release,
    ReleaseFacts,
    name_of,
    order_of,
    read_release_folder,
    release_error,
    release_files,
    verify_release,
    write_manifest,
)
from warehouse.release_tables import (
    BARE,
    DATABASE_NAME,
    Comments,
    Furnishing,
    logical_digest,
    typed_table,
    write_csv,
    write_database,
    write_parquet,
)

__all__ = [
    "Release",
    "ReleaseFacts",
    "Staging",
    "all_releases",
    "logical_digest",
    "name_of",
    "named_release",
    "open_staging",
    "order_of",
    "promote",
    "published",
    "read_release",
    "read_table",
    "read_tables",
    "record_published",
    "release_before",
    "release_folders",
    "release_on",
    "settle",
    "stage_release",
    "verify_release",
    "write_files",
    "write_manifest",
    "write_tables",
]

_PERIOD = re.compile(r"\A[0-9]{4}-Q[1-4]\Z")
_VERSION = re.compile(r"\Av[0-9]+\.[0-9]+\Z")


@dataclass(frozen=True)
class Staging:
    """A release being made: where its files go, and where it will stand."""

    root: Path
    releases: Path
    period: str
    version: str

    @property
    def final(self) -> Path:
        """Where it will stand."""
        return self.releases / self.period / self.version


def stage_release(home: Home, period: str, version: str = FIRST_VERSION) -> Staging:
    """Begin a release in an empty folder beside its place; ReleaseError when that version is published."""
    staging = _staging(home, period, version)
    if staging.final.exists():
        raise _published_already(staging)
    if staging.root.exists():
        shutil.rmtree(staging.root)
    (staging.root / "tables").mkdir(parents=True)
    return staging


def open_staging(home: Home, period: str, version: str = FIRST_VERSION) -> Staging:
    """The release that ``stage_release`` began; ReleaseError when none was."""
    staging = _staging(home, period, version)
    if not staging.root.is_dir():
        raise release_error(
            "REL-007", str(staging.root), "no release being made", "one begun by the step before"
        )
    return staging


def write_tables(
    staging: Staging,
    tables: Mapping[str, pd.DataFrame],
    comments: Comments,
    furnishing: Furnishing = BARE,
) -> None:
    """Write each table as CSV and Parquet, and all into ``guildhall.duckdb``, rows in the order given.

    The database also gets the views and macros of ``furnishing``.

    ReleaseError when a value has no published type, or a table or column has no comment.
    """
    typed = {name: typed_table(name, frame) for name, frame in tables.items()}
    for name, table in typed.items():
        _require_comments(name, table.column_names, comments)
        write_csv(table, staging.root / "tables" / f"{name}.csv")
        write_parquet(table, staging.root / "tables" / f"{name}.parquet")
    write_database(typed, comments, staging.root / DATABASE_NAME, furnishing)


def write_files(staging: Staging, files: Mapping[str, bytes]) -> None:
    """Write further files of the release, by their names below its folder."""
    for name, content in files.items():
        path = staging.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def promote(staging: Staging, ledger: Ledger) -> Release:
    """Prove the staged release whole, rename it into place, let CURRENT name the newest, and record it.

    Its files become read-only. ReleaseError when it does not match its manifest, or the place is taken.
    """
    verify_release(staging.root)
    for path in release_files(staging.root):
        path.chmod(0o444)
    sync_tree(staging.root)
    if staging.final.exists():
        raise _published_already(staging)
    staging.final.parent.mkdir(parents=True, exist_ok=True)
    staging.root.rename(staging.final)
    sync(staging.final.parent)
    sync(staging.releases)
    release = read_release_folder(staging.final)
    _point_forward(staging.releases, release)
    record_published(ledger, release)
    return release


def published(home: Home, period: str) -> Release | None:
    """The newest version of a period's release, or None when it is not published."""
    found = [release for release in _standing(home) if release.period == period]
    return max(found, key=lambda r: r.order, default=None)


def read_release(home: Home, period: str | None = None) -> Release:
    """A period's newest release, or the one CURRENT names; ReleaseError when there is none."""
    release = published(home, period) if period else _current(home.releases)
    if release is None:
        raise release_error("REL-003", str(home.releases), "no such release", "a published one")
    return release


def named_release(home: Home, name: str | None) -> Release:
    """The release called ``2026-Q3`` (its newest version), ``2026-Q3/v1.0``, or, for None, the one CURRENT
    names.

    ReleaseError REL-003 when there is none of that name.
    """
    period, _, version = (name or "").partition("/")
    if not version:
        return read_release(home, period or None)
    found = [one for one in _standing(home) if (one.period, one.version) == (period, version)]
    if not found:
        raise release_error("REL-003", str(home.releases), f"no release {name}", "a published one")
    return found[0]


def all_releases(home: Home) -> list[Release]:
    """Every release that stands, oldest first."""
    return sorted(_standing(home), key=lambda r: r.order)


def release_folders(home: Home) -> Iterator[Path]:
    """The folder of every release that stands, in no order; what is in one never changes."""
    for folder in home.releases.glob("*/*"):
        if _PERIOD.match(folder.parent.name) and _VERSION.match(folder.name):
            yield folder


def release_before(home: Home, period: str, on: date) -> Release | None:
    """The newest release of an earlier period that was public on a day, or None before the first.

    What was corrected later plays no part, so that a release made again has the same one before it.
    """
    return _newest(one for one in _standing(home) if one.period < period and one.public_on <= on)


def release_on(home: Home, on: date) -> Release | None:
    """The newest release that was public on a day, or None before the first."""
    return _newest(one for one in _standing(home) if one.public_on <= on)


def read_tables(root: Path) -> dict[str, pd.DataFrame]:
    """Every table of a release or of one being made, by name."""
    return {path.stem: _read_parquet(path) for path in sorted((root / "tables").glob("*.parquet"))}


def read_table(release: Release | Staging, name: str) -> pd.DataFrame:
    """One published table with exact types (Arrow-backed columns), rows in published order."""
    return _read_parquet(release.root / "tables" / f"{name}.parquet")


def record_published(ledger: Ledger, release: Release) -> Entry | None:
    """Enter a release as PUBLISHED; None when it is entered already."""
    if (release.period, release.version) in _recorded(ledger):
        return None
    place = {"period": release.period, "version": release.version}
    facts = {"manifest_sha256": release.manifest_sha256, "built_at_head": release.manifest["ledger_head"]}
    corrected = {"correction": dict(release.correction)} if release.correction else {}
    return ledger.append(PUBLISHED, place | facts | corrected)


def settle(home: Home, ledger: Ledger) -> list[Release]:
    """Finish what a crash left between a release's place, CURRENT and the ledger; void what was only staged.

    A CURRENT that is lost, or names nothing that stands, names the newest release again.

    Returns the releases that were finished. Nothing to do is the usual case. Evidence of a version that was
    never published goes too: no later release is judged by it.
    """
    for staged in (*home.releases.glob("*/*.tmp"), *home.staged.glob("*/*.tmp")):
        shutil.rmtree(staged)
    for evidence in home.evidence.glob("*/v*"):
        version = Path(evidence.parent.name) / evidence.name
        if not any((made / version).is_dir() for made in (home.releases, home.staged)):
            shutil.rmtree(evidence)
    _find_current_again(home)
    recorded = _recorded(ledger)
    unfinished = [
        release for release in all_releases(home) if (release.period, release.version) not in recorded
    ]
    for release in unfinished:
        _point_forward(home.releases, release)
        record_published(ledger, release)
    return unfinished


def _recorded(ledger: Ledger) -> set[tuple[str, str]]:
    return {(str(entry.body["period"]), str(entry.body["version"])) for entry in ledger.entries(PUBLISHED)}


def _staging(home: Home, period: str, version: str) -> Staging:
    if not _PERIOD.match(period):
        raise release_error("REL-001", period, "another spelling of a period", "a period like 2026-Q3")
    # What needs approval is never in the readers' folder before: not even while it is made.
    made_in = home.staged if home.config.publication.is_required else home.releases
    return Staging(made_in / period / f"{version}.tmp", home.releases, period, version)


def _read_parquet(path: Path) -> pd.DataFrame:
    frame: pd.DataFrame = pq.read_table(path).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _require_comments(name: str, columns: list[str], comments: Comments) -> None:
    words = comments.get(name, {})
    bare = [column for column in ("", *columns) if not words.get(column)]
    if bare:
        found = f"no description of {', '.join(column or 'the table' for column in bare)}"
        raise release_error(
            "REL-005", f"published table {name}", found, "words for the table and each column"
        )


def _standing(home: Home) -> Iterator[Release]:
    return map(read_release_folder, release_folders(home))


def _newest(found: Iterable[Release]) -> Release | None:
    return max(found, key=lambda r: r.order, default=None)


def _current(releases: Path) -> Release | None:
    pointer = releases / "CURRENT"
    if not pointer.is_file():
        return None
    return read_release_folder(releases / pointer.read_text(encoding="utf-8").strip())


def _find_current_again(home: Home) -> None:
    try:
        is_lost = _current(home.releases) is None
    except ReleaseError:
        is_lost = True
    if is_lost and (standing := all_releases(home)):
        replace_text(home.releases / "CURRENT", f"{standing[-1].name}\n")


def _point_forward(releases: Path, release: Release) -> None:
    """Let CURRENT name this release unless it names a newer one."""
    current = _current(releases)
    if current is None or current.order < release.order:
        replace_text(releases / "CURRENT", f"{release.name}\n")


def _published_already(staging: Staging) -> ReleaseError:
    found = f"{staging.period} {staging.version}, published already"
    return release_error("REL-002", str(staging.final), found, "a period that is not published yet")
