"""What differs between a release and its rebuild is told, file by file and fact by fact."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.rebuilding import compare
from warehouse.release_manifest import Release

FILES = {"report.html": {"sha256": "a"}, "tables/x.csv": {"sha256": "b"}}
SAID = {"files": FILES, "code_version": "c", "policy": {"name": "board"}}


def release(**changes: object) -> Release:
    return Release(Path("r"), "2026-Q3", "v1.0", SAID | changes)


def test_rebuild_is_identical_when_manifests_are() -> None:
    assert compare(release(), release()).is_identical
    assert compare(release(), release()).same == 2


@pytest.mark.parametrize(
    "changes,files,facts,same",
    [
        ({"code_version": "d"}, (), ("code_version",), 2),
        ({"more": 1}, (), ("more",), 2),
        ({"files": FILES | {"report.html": {"sha256": "z"}}}, ("report.html",), (), 1),
        ({"files": {"report.html": {"sha256": "a"}}}, ("tables/x.csv",), (), 1),
        ({"files": FILES | {"new": {"sha256": "n"}}}, ("new",), (), 2),
    ],
)
def test_rebuild_is_not_identical_when_anything_differs(
    changes: dict[str, object], files: tuple[str, ...], facts: tuple[str, ...], same: int
) -> None:
    found = compare(release(), release(**changes))
    assert (found.files, found.facts, found.same, found.is_identical) == (files, facts, same, False)
