"""A tiny region for the matrix: few firms, few rows, and one of each thing an intake must cope with.

Enough for one cycle in about a second: two registers, two extracts, a partial file, a file refused at its
header, a nil return, a name nobody understands, a second file nobody announced, and the same bytes twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from contracts.quarters import Quarter
from warehouse.config import Consortium, ConsortiumConfig, Intake, announce_releases
from warehouse.home import Home, init_home, open_box
from warehouse.ledger import RECEIVED, REFUSED, VALIDATED, Ledger
from warehouse.vault import Vault

CONFIG = ConsortiumConfig(
    consortium=Consortium(id="tiny", name="Tiny Alliance", region="One county"),
    releases=announce_releases(Quarter(2026, 3), 2),
    intake=Intake(uploads="renamed"),
)
WAGE_HEADER = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd,hours_paid,hours_worked"
FIRMS = ("F001", "F002", "F003")


def wage_file(firm: str, rows: int, *, quarter: str = "2026Q1", bad: int = 0) -> bytes:
    """A wage extract of so many rows, the first ``bad`` of which break a rule."""
    lines = [WAGE_HEADER]
    for number in range(rows):
        key = hashlib.sha256(f"{firm}-{number}".encode()).hexdigest()
        dollars = "much" if number < bad else f"{4000 + number}.00"
        lines.append(f"{key},1,{firm},{quarter},{dollars},520,500")
    return ("\n".join(lines) + "\n").encode()


def make_region(root: Path) -> Home:
    """A home with its boxes filled. Copies of one home end in the same bytes: they share its signing key."""
    home = init_home(root, CONFIG)
    fill(home)
    return home


def fill(home: Home) -> None:
    """Put the region's drops into the boxes."""
    program = b"program_id,name,effective_from\nP1,Welding,2020-01-01\nP2,Care,2020-01-01\n"
    put(home, "operator", "program_2026Q1.csv", program)
    for place, firm in enumerate(FIRMS):
        put(home, firm, "wage_2026Q1.csv", wage_file(firm, 40, bad=place))
    put(home, "F001", "wage_2025Q4.csv", wage_file("F001", 20, quarter="2025Q4"))
    put(home, "F002", "wage_2025Q4.csv", b"some,other,header\n1,2,3\n")
    put(home, "F003", "wage_2025Q4.csv", b"", {"nil_return": True, "row_count": 0})
    put(home, "F003", "notes for you.txt", b"call me")


def put(
    home: Home, firm: str, name: str, content: bytes, manifest: Mapping[str, object] | None = None
) -> Path:
    """One file into a box, with a manifest if one is given; ``sha256`` is filled in."""
    path = open_box(home, firm) / name
    path.write_bytes(content)
    if manifest is not None:
        claims = {"sha256": hashlib.sha256(content).hexdigest(), **manifest}
        path.with_name(name + ".manifest.json").write_text(json.dumps(claims), encoding="utf-8")
    return path


@dataclass(frozen=True)
class State:
    """What a home holds, by content: two homes that took the same drops have equal states."""

    head: str
    entries: tuple[tuple[str, str], ...]
    rows: int
    files: tuple[tuple[str, str], ...]
    boxes: tuple[str, ...]


def state(home: Home) -> State:
    """The verified ledger, every judged and delivered file by hash, and what is left in the boxes.

    Every landed file is read back: one that is missing or damaged is an error.
    """
    with Ledger.open(home) as ledger:
        head = ledger.verify().head.hash
        entries = list(ledger.entries(RECEIVED, REFUSED, VALIDATED))
    rows = sum(int(str(e.body["rows_in"])) for e in entries if e.kind == VALIDATED)
    named = tuple((e.kind, json.dumps(e.body, sort_keys=True)) for e in entries)
    vault = Vault(home)
    for body in (e.body for e in entries if e.kind == RECEIVED):
        vault.read(*(str(body[name]) for name in ("firm_id", "period", "sha256")))
    boxes = tuple(sorted(str(p.relative_to(home.root)) for p in home.boxes.glob("*/in/*")))
    return State(head, named, rows, tuple(_digests(home)), boxes)


def _digests(home: Home) -> list[tuple[str, str]]:
    """The lake, what was set aside, and receipts. Hidden files are no content; landed ones are read above."""
    roots = (home.lake, *home.boxes.glob("*/refused"), *home.boxes.glob("*/out"))
    paths = (path for root in roots for path in sorted(root.rglob("*")) if path.is_file())
    kept = (
        path for path in paths if not any(part.startswith(".") for part in path.relative_to(home.root).parts)
    )
    return [(str(p.relative_to(home.root)), hashlib.sha256(p.read_bytes()).hexdigest()) for p in kept]
