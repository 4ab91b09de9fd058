"""The manifest of a release: what it was made from, and the hash of every file.

Staging, promotion and pointers belong in ``releases``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from pydantic import JsonValue

from contracts.errors import ReleaseError
from warehouse.chain import Head, canonical
from warehouse.release_tables import DATABASE_NAME, logical_digest

MANIFEST_NAME = "manifest.json"
REPORT_NAME = "report.html"
FIRST_VERSION = "v1.0"
MANIFEST_FORMAT = "guildhall-release-v1"


class StagedRelease(Protocol):
    """What a manifest needs to know of a release being made."""

    @property
    def root(self) -> Path: ...
    @property
    def period(self) -> str: ...
    @property
    def version(self) -> str: ...


@dataclass(frozen=True)
class Release:
    """A release that stands: its folder, period, version and manifest."""

    root: Path
    period: str
    version: str
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """``2026-Q3/v1.0``."""
        return name_of(self.period, self.version)

    @property
    def manifest_sha256(self) -> str:
        """The hash of the manifest's bytes, which name all others."""
        return _sha256(self.root / MANIFEST_NAME)

    @property
    def ledger_head(self) -> Head:
        """The entry of the ledger that it was made from."""
        return Head(**self.manifest["ledger_head"])

    @property
    def report(self) -> Path:
        """The report's page."""
        return self.root / REPORT_NAME

    @property
    def files(self) -> int:
        """How many files the manifest names."""
        return len(self.manifest["files"])

    @property
    def order(self) -> tuple[str, list[int]]:
        """Later periods, then later versions, are newer."""
        return order_of(self.period, self.version)

    @property
    def announced_for(self) -> date:
        """The announced day, for which its figures are stated."""
        return date.fromisoformat(str(self.manifest["published_on"]))

    @property
    def correction(self) -> Mapping[str, Any] | None:
        """What a corrected version says of itself; None of a first one."""
        said: Mapping[str, Any] | None = self.manifest.get("correction")
        return said

    @property
    def public_on(self) -> date:
        """The day it became public: the announced one, or that of the correction."""
        return date.fromisoformat(self.correction["on"]) if self.correction else self.announced_for


def name_of(period: str, version: str) -> str:
    """How a version of a release is called, everywhere: ``2026-Q3/v1.0``."""
    return f"{period}/{version}"


def order_of(period: str, version: str) -> tuple[str, list[int]]:
    """How versions of releases follow one another: by period, then by version (v1.10 after v1.9)."""
    return (period, [int(part) for part in version[1:].split(".")])


@dataclass(frozen=True)
class ReleaseFacts:
    """What a manifest says beside hashes: from which ledger head, under which rules, code and policy.

    ``published_on`` is the calendar's day, never a clock's.
    """

    ledger_head: Head
    published_on: date
    rule_version: str
    code_version: str
    policy: Mapping[str, JsonValue]
    contracts: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, JsonValue] = field(default_factory=dict)


def write_manifest(staged: StagedRelease, facts: ReleaseFacts) -> Path:
    """Write ``manifest.json`` over everything staged so far; call it last. Returns its path."""
    manifest: dict[str, JsonValue] = {
        **facts.more,
        "format": MANIFEST_FORMAT,
        "period": staged.period,
        "version": staged.version,
        "published_on": facts.published_on.isoformat(),
        "ledger_head": {"seq": facts.ledger_head.seq, "hash": facts.ledger_head.hash},
        "rule_version": facts.rule_version,
        "code_version": facts.code_version,
        "policy": dict(facts.policy),
        "contracts": dict(facts.contracts),
        "files": _fingerprints(staged.root),
    }
    path = staged.root / MANIFEST_NAME
    path.write_bytes(canonical(manifest))
    return path


def verify_release(path: Path) -> Release:
    """Compare a release's files with its manifest; ReleaseError names the first one that does not match."""
    release = read_release_folder(path)
    said, found = dict(release.manifest["files"]), _fingerprints(path)
    for name in sorted(said.keys() | found.keys()):
        if said.get(name) != found.get(name):
            fault = f"{name}, {_fault(name in said, name in found)}"
            raise release_error("REL-004", str(path), fault, "exactly the files of its manifest")
    return release


def _fault(is_said: bool, is_found: bool) -> str:
    if is_said and is_found:
        return "changed"
    return "missing" if is_said else "which its manifest does not name"


def _fingerprints(root: Path) -> dict[str, JsonValue]:
    """Hash and size of every file but the manifest; of the database its logical digest."""
    named = {path.relative_to(root).as_posix(): path for path in release_files(root)}
    named.pop(MANIFEST_NAME, None)
    return {name: _fingerprint(path) for name, path in sorted(named.items())}


def _fingerprint(path: Path) -> JsonValue:
    if path.name == DATABASE_NAME:
        return {"logical_digest": logical_digest(path)}
    return {"bytes": path.stat().st_size, "sha256": _sha256(path)}


def release_files(root: Path) -> list[Path]:
    """Every file below a release's folder."""
    return [path for path in root.rglob("*") if path.is_file()]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_release_folder(root: Path) -> Release:
    """The release in a folder, unproved; ReleaseError when it has no readable manifest."""
    try:
        manifest = json.loads((root / MANIFEST_NAME).read_bytes())
        return Release(root, manifest["period"], manifest["version"], manifest)
    except (OSError, ValueError, KeyError) as error:
        raise release_error(
            "REL-006", str(root), "no readable manifest", "a release with its manifest.json"
        ) from error


def release_error(code: str, where: str, found: str, expected: str) -> ReleaseError:
    """A ReleaseError with the remedy of its code."""
    remedies = {
        "REL-001": "Write the period as year, dash, quarter.",
        "REL-002": "Published releases never change; the next period carries what is new.",
        "REL-003": "Publish one with `guildhall run` on or after its day in the calendar.",
        "REL-004": "Do not use this copy. Restore it from a backup; never edit a release.",
        "REL-005": "Describe the table and its columns where the published tables are declared.",
        "REL-007": "Stage the release's tables first; `guildhall run` does all steps in order.",
        "REL-006": "Restore the release from a backup, or remove the folder if it is none.",
    }
    return ReleaseError(code, found=found, expected=expected, where=where, remedy=remedies[code])
