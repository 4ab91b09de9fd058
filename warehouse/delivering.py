"""Delivery of a firm's private pages: into the ``out`` of its box, wherever that lies, and once for each
release.

The ledger holds which files went out with their hashes, never what they say. A crash between the files and
the entry repeats the same bytes under the same names. What the pages say belongs to ``reports.scorecards``;
receipts, which come out of the ledger itself, to ``outbox``.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from contracts.errors import ScorecardError
from warehouse.boxes import Boxes, BoxUnreachable
from warehouse.disk import sync_tree
from warehouse.ledger import DELIVERED, Ledger


def delivered_firms(ledger: Ledger, release: str) -> frozenset[str]:
    """The firms that have their pages of a release (``2026-Q3/v1.0``)."""
    bodies = (entry.body for entry in ledger.entries(DELIVERED))
    return frozenset(str(body["firm_id"]) for body in bodies if body["release"] == release)


def put_into_box(
    boxes: Boxes, ledger: Ledger, firm_id: str, release: str, files: Mapping[str, bytes]
) -> None:
    """Write the files into a firm's box, each in one step, and then record that they are there.

    ScorecardError SCO-005 when the box is out of reach: nothing is recorded, and the next run tries again.
    """
    box = boxes.of(firm_id)
    try:
        for name, content in files.items():
            box.put(name, content)
    except BoxUnreachable as error:
        raise ScorecardError(
            "SCO-005",
            found=f"a box out of reach ({error.reason})",
            expected="a box that takes files, as for receipts",
            where=f"the box of {firm_id}",
            remedy="Run `guildhall scorecards` again when it can be reached; what was delivered is not "
            "repeated.",
        ) from error
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    ledger.append(DELIVERED, {"firm_id": firm_id, "release": release, "files": dict(hashes)})


def put_into_folder(out: Path, firm_id: str, files: Mapping[str, bytes]) -> None:
    """Write the files into ``out/<firm>/``: the whole folder or nothing of it; one that is there is
    replaced.
    """
    out.mkdir(parents=True, exist_ok=True)
    unfinished, place = out / f".{firm_id}.tmp", out / firm_id
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for name, content in files.items():
        (unfinished / name).write_bytes(content)
    sync_tree(unfinished)
    shutil.rmtree(place, ignore_errors=True)
    unfinished.rename(place)
