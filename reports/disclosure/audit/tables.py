"""The audit of protected tables: the folder that ``guildhall disclose`` wrote, by what anybody can read in
it.

Totals are worked out from the hierarchies anew. With the evidence beside it: do evidence and tables show the
same cells and values? What evidence proves is ``proof``'s.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from contracts.errors import DisclosureError
from reports.disclosure.audit.evidence import Evidence, read_evidence
from reports.disclosure.audit.findings import Attacker, Audit, Finding, audit_of
from reports.disclosure.audit.leaks import leaks, scale_of
from reports.disclosure.audit.modular import determined
from reports.disclosure.audit.noise import (
    DISTORTED,
    Figure,
    changed_factors,
    noise_findings,
    read_noised,
)
from reports.disclosure.audit.proof import Tell, audit_evidence, silent

FORMAT = "guildhall-tables-v1"
NO_CONTRIBUTIONS = (
    "No evidence lies beside these tables, so nothing is said on how far firms' amounts are distorted, nor "
    "on what the sums are made of."
)
NO_EARLIER = "No earlier tables were named, so nothing is said on whether firms keep their factors."
NO_EVIDENCE = (
    "No evidence lies beside these tables, so nothing is said on how far hidden cells can be narrowed down, "
    "nor on firms as attackers."
)
_TOTAL, _SHOWN, _HIDDEN, _DISTORTED = "Total", "1", "5", "9"
_Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shown:
    """A published cell: the table that shows it first, its value (None: hidden), its status."""

    table: str
    value: Decimal | None
    status: str


def is_of_tables(folder: Path) -> bool:
    """Whether a folder is one that ``guildhall disclose`` wrote, or the public part of one."""
    manifest = _public(folder) / "manifest.json"
    return manifest.is_file() and f'"{FORMAT}"' in manifest.read_text(encoding="utf-8")


def _public(folder: Path) -> Path:
    return folder / "public" if (folder / "public").is_dir() else folder


def audit_tables(folder: Path, tell: Tell = silent, earlier: Sequence[Path] = ()) -> Audit:
    """Everything that can be said of protected tables. ``earlier``: folders of the same firms' tables under
    noise, whose factors must be the same.

    DisclosureError AUD-003 for files that are not tables of this format, AUD-001 and AUD-002 for evidence.
    """
    public = _public(folder)
    manifest = json.loads((public / "manifest.json").read_bytes())
    is_noised = manifest.get("mechanism") == DISTORTED
    cells, rows, unequal = _read(public, manifest)
    found = [*_changed(public, manifest), *_statuses(cells, is_noised=is_noised), *unequal]
    found += _sums(cells, rows, Decimal(manifest["tolerance"]))
    # What follows by subtraction from distorted figures is a distorted figure.
    found += [] if is_noised else _following(cells, rows)
    found += _of_withheld(public, manifest, cells)
    tables = audit_of(found, (("tables", len(manifest["tables"])), ("published cells", len(cells))))
    kept = public.parent / "private" / "evidence"
    if not kept.is_dir():
        return tables.joined_with(audit_of((), (), (NO_CONTRIBUTIONS if is_noised else NO_EVIDENCE,)))
    if is_noised:
        return tables.joined_with(_audit_noised(public, manifest, cells, earlier))
    evidence = read_evidence(kept)
    levels = _levels_compared(manifest, evidence)
    same = audit_of([*_compared(cells, evidence), *levels, *leaks(public, evidence)])
    return tables.joined_with(same).joined_with(audit_evidence(evidence, (), tell))


def _audit_noised(
    public: Path, manifest: Mapping[str, Any], cells: Mapping[_Key, Shown], earlier: Sequence[Path]
) -> Audit:
    """What contributions prove of distorted tables."""
    kept = public.parent / "private" / "evidence"
    evidence, noised = read_evidence(kept), read_noised(kept)
    if evidence.policy.get("mechanism") != DISTORTED or not evidence.policy.get("noise"):
        where = "the mechanism in the manifest"
        return audit_of([Finding("AUD-113", where, "the evidence says otherwise", Attacker.NOBODY)])
    scale = max((scale_of(evidence, name) for name in evidence.blocks), default=0)
    figures = {_text(key): _figure(shown, scale) for key, shown in cells.items()}
    parents = {path.stem: _parents(path) for path in sorted((public / "hierarchies").glob("*.csv"))}
    tables = [{name: parents[name] for name in table["dimensions"]} for table in manifest["tables"]]
    found = [*noise_findings(noised, evidence, figures, tables)]
    for folder in earlier:
        found += changed_factors(noised, read_noised(_public(folder).parent / "private" / "evidence"))
    counts = {"contributions": len(noised.contributions), "firms with a factor": len(noised.factors)}
    notes = () if earlier else (NO_EARLIER,)
    return audit_of(found, (counts | {"earlier releases": len(earlier)}).items(), notes)


def _figure(shown: Shown, scale: int) -> Figure:
    """A cell in whole units; one with more decimals than a unit has is no sum of anything."""
    if shown.value is None:
        return Figure(None, shown.status)
    units = shown.value.scaleb(scale)
    return Figure(int(units) if units == int(units) else -1, shown.status)


def _read(
    public: Path, manifest: Mapping[str, Any]
) -> tuple[dict[_Key, Shown], list[tuple[_Key, list[_Key]]], list[Finding]]:
    """All cells of all tables, their totals with their parts, and cells that two tables show differently."""
    parents = {path.stem: _parents(path) for path in sorted((public / "hierarchies").glob("*.csv"))}
    cells: dict[_Key, Shown] = {}
    rows: list[tuple[_Key, list[_Key]]] = []
    unequal = []
    for table in manifest["tables"]:
        lines: dict[_Key, dict[str, list[_Key]]] = defaultdict(lambda: defaultdict(list))
        for row in _rows(
            public / "tables" / f"{table['name']}.csv", (*table["dimensions"], "value", "status")
        ):
            nodes = {name: row[name] for name in table["dimensions"]}
            key = _key(nodes)
            value = Decimal(row["value"]) if row["value"] else None
            shown = cells.setdefault(key, Shown(table["name"], value, row["status"]))
            if (shown.value, shown.status) != (value, row["status"]):
                where = f"{_text(key)} in {shown.table} and {table['name']}"
                unequal.append(Finding("AUD-111", where, "two tables differ", Attacker.PUBLIC))
            for name, node in nodes.items():
                if node != _TOTAL:
                    lines[_key(nodes | {name: parents[name].get(node, _TOTAL)})][name].append(key)
        rows += [(total, parts) for total, by_name in lines.items() for parts in by_name.values()]
    return cells, rows, unequal


def _parents(path: Path) -> Mapping[str, str]:
    return {row["code"]: row["parent"] for row in _rows(path, ("code", "parent"))}


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unfit(path, "no readable CSV file") from error
    if rows and not set(columns) <= rows[0].keys():
        raise _unfit(path, f"other columns than {', '.join(columns)}")
    return rows


def _unfit(path: Path, found: str) -> DisclosureError:
    return DisclosureError(
        "AUD-003",
        found=found,
        expected="the tables and hierarchies that the manifest names",
        where=str(path),
        remedy="Audit the folder as `guildhall disclose` wrote it.",
    )


def _key(nodes: Mapping[str, str]) -> _Key:
    return tuple(sorted((name, node) for name, node in nodes.items() if node != _TOTAL))


def _text(key: _Key) -> str:
    return json.dumps(dict(key), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _changed(public: Path, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    said = manifest["files"]
    there = {path.relative_to(public).as_posix(): path for path in public.rglob("*") if path.is_file()}
    del there["manifest.json"]
    for name in sorted(said.keys() | there.keys()):
        now = hashlib.sha256(there[name].read_bytes()).hexdigest() if name in there else None
        if said.get(name) != now:
            yield Finding("AUD-201", name, "it was changed, added or removed", Attacker.PUBLIC)


def _statuses(cells: Mapping[_Key, Shown], *, is_noised: bool) -> Iterator[Finding]:
    carry = (_SHOWN, _DISTORTED) if is_noised else (_SHOWN,)
    for key, shown in cells.items():
        where = f"{shown.table} {_text(key)}"
        if shown.status not in (*carry, _HIDDEN):
            yield Finding("AUD-203", where, "it says nothing", Attacker.PUBLIC)
        elif (shown.value is not None) != (shown.status in carry):
            yield Finding("AUD-202", where, "value and status disagree", Attacker.PUBLIC)


def _sums(
    cells: Mapping[_Key, Shown], rows: list[tuple[_Key, list[_Key]]], tolerance: Decimal
) -> Iterator[Finding]:
    """Totals that are shown with all their parts must be their sum."""
    for total, parts in rows:
        values = [cells[key].value for key in parts]
        whole = cells[total].value if total in cells else None
        if whole is None or any(value is None for value in values):
            continue
        if abs(whole - sum(value for value in values if value is not None)) > tolerance:
            yield Finding(
                "AUD-101", f"{cells[total].table} {_text(total)}", "with its parts", Attacker.NOBODY
            )


def _following(cells: Mapping[_Key, Shown], rows: list[tuple[_Key, list[_Key]]]) -> Iterator[Finding]:
    """Hidden cells that follow from what is shown; a total that no table has is one more unknown."""
    keys = list(dict.fromkeys([*cells, *(total for total, _ in rows)]))
    place = {key: number for number, key in enumerate(keys)}
    entries = [
        (number, place[key], sign)
        for number, (total, parts) in enumerate(rows)
        for key, sign in ((total, -1), *((part, 1) for part in parts))
    ]
    row, column, sign = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    matrix = sparse.coo_array((sign, (row, column)), shape=(len(rows), len(keys))).tocsr()
    hidden = np.array(
        [n for n, key in enumerate(keys) if key not in cells or cells[key].value is None], dtype=int
    )
    for number in hidden[determined(matrix[:, hidden])].tolist() if len(hidden) else ():
        key = keys[number]
        if key in cells:
            where = f"{cells[key].table} {_text(key)}"
            yield Finding("AUD-204", where, "by adding and subtracting", Attacker.PUBLIC)


def _of_withheld(public: Path, manifest: Mapping[str, Any], cells: Mapping[_Key, Shown]) -> Iterator[Finding]:
    """Cells, shown or hidden, of a combination of levels that the manifest does not say is published."""
    if "levels" not in manifest:
        return
    parents = {path.stem: _parents(path) for path in sorted((public / "hierarchies").glob("*.csv"))}
    for key, shown in cells.items():
        cuboid = {name: _depth(node, parents[name]) for name, node in key}
        if cuboid not in manifest["levels"]["published"]:
            yield Finding("AUD-211", f"{shown.table} {_text(key)}", "it has a row", Attacker.PUBLIC)


def _depth(code: str, parents: Mapping[str, str]) -> int:
    """How many codes stand from the top down to one; a code above itself is as deep as there are codes."""
    depth = 1
    while (code := parents.get(code, _TOTAL)) != _TOTAL and depth <= len(parents):
        depth += 1
    return depth


def _levels_compared(manifest: Mapping[str, Any], evidence: Evidence) -> Iterator[Finding]:
    """Evidence and manifest must speak of the same levels."""
    if manifest.get("levels") != evidence.meta.get("levels"):
        yield Finding("AUD-113", "the levels in the manifest", "the evidence says otherwise", Attacker.NOBODY)


def _compared(cells: Mapping[_Key, Shown], evidence: Evidence) -> Iterator[Finding]:
    """Evidence and tables must show the same cells and values."""
    proved: dict[str, Decimal | None] = {}
    for name, block in evidence.blocks.items():
        scale = scale_of(evidence, name)
        for cell, named in enumerate(block.keys):
            value = Decimal(int(block.units[cell])).scaleb(-scale)
            proved[named] = value if block.is_published[cell] else None
    for key, shown in cells.items():
        text = _text(key)
        if text not in proved or proved[text] != shown.value:
            attack = "the evidence says otherwise"
            yield Finding("AUD-113", f"{shown.table} {text}", attack, Attacker.NOBODY)
