"""A published release made again from the ledger head it names, and laid beside the published one.

Nothing is published here, and the home is only read. What a release consists of belongs to ``publishing``.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from contracts.errors import BuildError
from orchestration.dbt import run_dbt
from orchestration.estimating import estimate
from orchestration.publishing import gated_tables, write_manifest, write_report, write_tables
from orchestration.resources import Progress
from warehouse import builds, releases
from warehouse.builds import Build
from warehouse.editions import edition_of
from warehouse.home import Home
from warehouse.ledger import Ledger

BUILD = "build"
"""The folder, beside what is rebuilt, of the warehouse it is made from; gone when all is done."""


@dataclass(frozen=True)
class Comparison:
    """A release and its rebuild: how many files are the same, which differ, which facts differ."""

    release: releases.Release
    same: int
    files: tuple[str, ...]
    facts: tuple[str, ...]

    @property
    def is_identical(self) -> bool:
        """Whether nothing differs, so that the two manifests are the same bytes."""
        return not self.files and not self.facts


def rebuild(home: Home, release: releases.Release, into: Path, progress: Progress) -> Comparison:
    """Make a release again in the folder ``into`` and compare it with the published one, file by file.

    BuildError BLD-011 when the folder holds something, BLD-012 when dbt fails; LedgerError when the ledger is
    not the one the release names; ReleaseError when the published files are not those of their manifest.
    """
    releases.verify_release(release.root)
    _claim(into)
    edition = edition_of(release)
    build = _build(home, release, into / BUILD, edition.date, progress)
    staging = releases.Staging(into, into.parent, release.period, release.version)
    (into / "tables").mkdir()
    estimate(build)
    publication = gated_tables(home, build, edition)
    write_tables(home, build, edition, publication, staging)
    write_report(home, build, edition, staging)
    shutil.rmtree(build.root)
    write_manifest(home, build, edition, staging)
    return compare(release, releases.verify_release(into))


def compare(published: releases.Release, rebuilt: releases.Release) -> Comparison:
    """What differs between two releases by their manifests, which name every file by its hash."""
    ours, theirs = (dict(one.manifest["files"]) for one in (rebuilt, published))
    files = tuple(name for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name))
    same = len(theirs) - sum(name in theirs for name in files)
    return Comparison(published, same, files, _differing(published.manifest, rebuilt.manifest))


def _differing(published: Any, rebuilt: Any) -> tuple[str, ...]:
    names = sorted((published.keys() | rebuilt.keys()) - {"files"})
    return tuple(name for name in names if published.get(name) != rebuilt.get(name))


def _claim(into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise BuildError(
            "BLD-011",
            found="a folder that holds something",
            expected="an empty folder, or none",
            where=str(into),
            remedy="Name another folder: nothing is ever overwritten.",
        )


def _build(home: Home, release: releases.Release, root: Path, day: date, progress: Progress) -> Build:
    """The warehouse as of the release's ledger head."""
    head = release.ledger_head
    with Ledger.open(home) as ledger:
        ledger.verify(head)
        build = builds.build_at(home, ledger, head, root)
    done = progress.stage("Building the warehouse as of the release")
    done(0, 1)
    run_dbt(home, build, day)
    done(1, 1)
    return build
