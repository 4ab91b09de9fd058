"""The audit of a release's folder: what its files say, and, where evidence lies, what the evidence proves.

The same for a release being made and for one that stands; anyone can run it on a copy. What is done when it
does not pass is decided by the asset check and by the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from contracts.errors import ReleaseError
from reports.disclosure.audit.amounts import other_amounts
from reports.disclosure.audit.evidence import has_evidence, read_evidence
from reports.disclosure.audit.findings import Attacker, Audit, Finding, audit_of
from reports.disclosure.audit.leaks import charted, leaks
from reports.disclosure.audit.proof import Tell, audit_evidence, silent
from reports.disclosure.audit.published import (
    Opened,
    Printed,
    published_findings,
    strange_numbers,
)
from warehouse.release_manifest import MANIFEST_NAME, order_of, verify_release
from warehouse.release_tables import DATABASE_NAME, csv_bytes, read_database
from warehouse.releases import read_tables

NO_EVIDENCE = (
    "No evidence lies beside this release, so nothing is said on linear programs, on firms as attackers, "
    "or on several releases."
)
NO_MANIFEST = "There is no manifest yet, so files are not compared with one."


@dataclass(frozen=True)
class Places:
    """Where a release lies, where its evidence does (None: nowhere), and that of earlier ones, oldest
    first.
    """

    root: Path
    evidence: Path | None = None
    earlier: tuple[Path, ...] = ()


def places_of(root: Path) -> Places:
    """The places of a release in its home: ``releases/<period>/<version>`` beside
    ``evidence/<period>/<version>``.
    """
    root = root.resolve()
    kept = root.parents[2] / "evidence" if len(root.parents) > 2 else root
    own = kept / root.parent.name / root.name.removesuffix(".tmp")
    found = sorted((path for path in kept.glob("*/v*") if has_evidence(path)), key=_order)
    earlier = tuple(path for path in found if _order(path) < _order(own))
    return Places(root, own if has_evidence(own) else None, earlier)


def _order(folder: Path) -> tuple[str, list[int]]:
    """By period, then by version; a folder that is no version of anything comes first."""
    is_version = re.fullmatch(r"v[0-9]+\.[0-9]+", folder.name)
    return order_of(folder.parent.name, folder.name) if is_version else ("", [])


def audit_release(places: Places, policy: Mapping[str, Any], tell: Tell = silent) -> Audit:
    """Everything that can be said of a release. ``policy``: its values, as the release was judged by.

    ReleaseError when there are no tables; DisclosureError AUD-001 or AUD-002 for evidence that cannot be
    read.
    """
    opened = _opened(places.root, policy)
    public = _published(places.root, opened)
    strange = strange_numbers(opened)
    if places.evidence is None:
        notes = (*public.unchecked, NO_EVIDENCE, *_note(strange))
        return audit_of(public.findings, public.checked, notes)
    tell("Reading evidence", 0, 1)
    evidence = read_evidence(places.evidence)
    earlier = [read_evidence(folder) for folder in places.earlier]
    found = [*leaks(places.root, evidence), *charted(strange, evidence)]
    leaked = audit_of([*found, *other_amounts(evidence, opened.tables)], (), _note(strange))
    return public.joined_with(leaked).joined_with(audit_evidence(evidence, earlier, tell))


def _note(strange: Sequence[Printed]) -> tuple[str, ...]:
    if not strange:
        return ()
    return (f"{len(strange)} numbers under charts are in no published table; they should follow from some.",)


def _opened(root: Path, policy: Mapping[str, Any]) -> Opened:
    pages = sorted(path for path in root.rglob("*.html") if path.is_file())
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    return Opened(tables=read_tables(root), page=text, policy=policy)


def _published(root: Path, opened: Opened) -> Audit:
    tables = opened.tables
    if not tables:
        raise ReleaseError(
            "REL-012",
            found="no tables/*.parquet",
            expected="the folder of a release, or what `guildhall disclose` wrote",
            where=str(root),
            remedy="Name the folder that holds manifest.json and tables/.",
        )
    has_manifest = (root / MANIFEST_NAME).is_file()
    found = [*published_findings(opened), *_forms(root), *(_manifest(root) if has_manifest else ())]
    rows = sum(len(table) for table in tables.values())
    checked = (("tables", len(tables)), ("published rows", rows))
    return audit_of(found, checked, () if has_manifest else (NO_MANIFEST,))


def _manifest(root: Path) -> Iterator[Finding]:
    try:
        verify_release(root)
    except ReleaseError as error:
        yield Finding("AUD-201", error.where, error.found, Attacker.PUBLIC)


def _forms(root: Path) -> Iterator[Finding]:
    """The same tables in every format: CSV and database are compared with Parquet."""
    database = root / DATABASE_NAME
    stored = read_database(database) if database.is_file() else None
    parquet = sorted((root / "tables").glob("*.parquet"))
    for path in parquet:
        table = pq.read_table(path)
        if stored is not None and (path.stem not in stored or not _same(table, stored[path.stem])):
            yield Finding("AUD-208", f"{path.stem}, {DATABASE_NAME}", "against Parquet", Attacker.PUBLIC)
        text = path.with_suffix(".csv")
        if text.is_file() and text.read_bytes() != csv_bytes(table):
            yield Finding("AUD-208", f"{path.stem}, CSV", "against Parquet", Attacker.PUBLIC)
    for name in sorted((stored or {}).keys() - {path.stem for path in parquet}):
        yield Finding("AUD-208", f"{name}, {DATABASE_NAME}", "a table of its own", Attacker.PUBLIC)


def _same(one: Any, other: Any) -> bool:
    names: Sequence[str] = one.column_names
    return bool(names == other.column_names and one.to_pylist() == other.to_pylist())
