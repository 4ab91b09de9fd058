"""What ``guildhall disclose`` leaves behind: a folder to publish and a folder to keep.

    public/    manifest.json, tables/<name>.csv, hierarchies/<dimension>.csv, about.html
    private/   evidence/ (for the auditor), explanation.html (every hidden cell with its reason),
               plan.json (where levels were planned: which, why, what was tried); under noise the
               evidence holds every contribution and every firm's factor as well

Protecting is ``disclosing``'s, checking the auditor's.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from contracts.errors import DisclosureError
from reports.disclosure.disclosing import NOT_PUBLISHED, Disclosed, unjudged
from reports.disclosure.plan_words import plan_said, words_of
from reports.disclosure.policy import MeasureKind, Policy
from reports.disclosure.protect.evidence import write_evidence
from reports.disclosure.protect.search import Effort
from reports.disclosure.tables_of_cells import TOTAL, GivenTable

FORMAT = "guildhall-tables-v1"
SHOWN, HIDDEN, DISTORTED = 1, 5, 9
"""Status flags of LEHD: published, withheld (shown as [c]), and published as noise made it."""

MARK = "[c]"


@dataclass(frozen=True)
class Terms:
    """Under which policy, for which kind of measure, and with what effort tables were protected."""

    policy: Policy
    kind: MeasureKind
    effort: Effort


def require_free(folder: Path) -> None:
    """DisclosureError CEL-014 where the folder holds anything already."""
    if folder.exists() and any(folder.iterdir()):
        raise DisclosureError(
            "CEL-014",
            found="a folder that is not empty",
            expected="a new one",
            where=str(folder),
            remedy="Name another folder; nothing is written over.",
        )


def write_disclosed(folder: Path, found: Disclosed, terms: Terms) -> None:
    """Write both folders; public first, its manifest last of it."""
    public, private = folder / "public", folder / "private"
    for name, text in _public_files(found, terms):
        _write(public / name, text)
    manifest = _manifest(found, terms, public)
    _write(public / "manifest.json", _json(manifest))
    write_evidence(
        private / "evidence",
        found.evidence,
        terms.policy.model_dump(mode="json") | {"sha256": terms.policy.sha256},
        found.meta(terms.policy, terms.effort, terms.kind),
    )
    found.spreads.to_parquet(private / "evidence" / "concentrations.parquet", index=False)
    if found.distortion is not None:
        for name in ("contributions", "factors"):
            frame = getattr(found.distortion, name)
            frame.to_parquet(private / "evidence" / f"noise_{name}.parquet", index=False)
    _write(private / "explanation.html", _page("private", found, terms))
    if found.chosen is not None:
        _write(private / "plan.json", _json(plan_said(found.chosen)))


def _json(said: Mapping[str, Any]) -> str:
    return json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _public_files(found: Disclosed, terms: Terms) -> Iterator[tuple[str, str]]:
    for table in found.given.tables:
        yield f"tables/{table.name}.csv", _table_text(found, table)
    for dimension, parents in found.given.parents.items():
        rows = [("code", "parent"), *sorted(parents.items())]
        yield f"hierarchies/{dimension}.csv", _csv(rows)
    yield "about.html", _page("public", found, terms)


def _table_text(found: Disclosed, table: GivenTable) -> str:
    """Dimensions, value (empty where hidden), status; rows of published levels in their given order.
    Counts of firms stay inside.
    """
    rows: list[Sequence[object]] = [(*table.dimensions, "value", "status")]
    for nodes, cell in found.rows(table):
        is_shown = found.shown(table, nodes)
        # An empty cell is empty whatever a firm's factor is.
        shown = SHOWN if found.distortion is None or cell.firms == 0 else DISTORTED
        figure = f"{found.figure(table, nodes):f}" if is_shown else ""
        rows.append((*nodes, figure, shown if is_shown else HIDDEN))
    return _csv(rows)


def _csv(rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _manifest(found: Disclosed, terms: Terms, public: Path) -> Mapping[str, Any]:
    files = {path.relative_to(public).as_posix(): path for path in public.rglob("*") if path.is_file()}
    policy = terms.policy
    said: dict[str, Any] = {
        "format": FORMAT,
        "policy": {"name": policy.name, "version": policy.version, "sha256": policy.sha256},
        "tolerance": str(found.given.tolerance),
        "tables": [{"name": t.name, "dimensions": [*t.dimensions]} for t in found.given.tables],
        "files": {
            name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(files.items())
        },
    }
    if found.distortion is not None:
        said["mechanism"] = policy.mechanism
    return said if found.chosen is None else said | {"levels": found.levels_said()}


def _page(audience: str, found: Disclosed, terms: Terms) -> str:
    """The page about the tables: for the public what was done, for the operator also why each cell is
    hidden.
    """
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    hidden = [
        (table, name if name != "{}" else TOTAL, why)
        for table, name, why in zip(found.tables, found.names, found.why, strict=True)
        if why and why != NOT_PUBLISHED
    ]
    text: str = environment.get_template("disclosed.html.j2").render(
        audience=audience,
        tables=[table.name for table in found.given.tables],
        counts={state.lower(): count for state, count in found.counts.items()},
        policy=terms.policy,
        unjudged=unjudged(terms.policy, terms.kind, found.given, knows_firms=found.distortion is not None),
        distortion=found.distortion,
        tolerance=found.given.tolerance,
        hidden=hidden if audience == "private" else [],
        mark=MARK,
        levels=None if found.chosen is None else words_of(found.chosen),
    )
    return text


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
