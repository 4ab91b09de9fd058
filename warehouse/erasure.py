"""Erasing what one firm sent for one quarter: the entry that certifies it, then the key, then the files.

First the ledger's ERASED entry, then the deletion: whatever is killed in between, ``settle_erasures``, which
every landing and every erasure begins with, carries out what the ledger says. Destroyed are the data key of
the shelf, which makes copies of it in backups unreadable too, the landed files, the lake's rows, quarantine
and violations, every warehouse build, and the workbooks in the firm's box. The chain holds, and published
releases stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from contracts.errors import VaultError
from warehouse.boxes import BoxUnreachable, open_boxes
from warehouse.erased import erased_submissions
from warehouse.error_rows import WORKBOOK_SUFFIX
from warehouse.home import Home
from warehouse.lake import ZONES, zone_file
from warehouse.ledger import ERASED, RECEIVED, REFUSED, STATED, Entry, Ledger
from warehouse.turns import alone
from warehouse.vault import Vault
from warehouse.workbook import ErrorWorkbook, error_workbook

_SENT = (RECEIVED, STATED)


@dataclass(frozen=True)
class Erased:
    """A disposal certificate: the ledger's entry, what it erased, and how many files went with it."""

    seq: int
    hash: str
    firm_id: str
    period: str
    submissions: int
    files: int


def erase_period(home: Home, ledger: Ledger, firm_id: str, period: str, reason: str) -> Erased:
    """Erase everything a firm sent for a quarter; VaultError VLT-010 when there is nothing left of it.

    Nobody lands or judges meanwhile. ``reason`` is recorded as it is given: it must name nobody.
    """
    with alone(home.landing / ".lock"), alone(home.lake / ".lock"):
        _settle(home, ledger)
        body = _certificate(home, ledger, firm_id, period, reason)
        entry = ledger.append(ERASED, body)
        files = _settle(home, ledger)
    submissions: Any = body["submissions"]
    return Erased(entry.seq, entry.hash, firm_id, period, len(submissions), files)


def settle_erasures(home: Home, ledger: Ledger) -> int:
    """Carry out every erasure that a killed run left half done; returns how many files were deleted.

    For whoever holds the landing's lock; the judging of files is kept out here.
    """
    if next(ledger.entries(ERASED), None) is None:
        return 0
    with alone(home.lake / ".lock"):
        return _settle(home, ledger)


def require_kept(home: Home, ledger: Ledger) -> tuple[int, int]:
    """Read everything that landed and was not erased, and see that nothing is left of what was.

    Returns how many files hold, and how many submissions are erased. VaultError VLT-002 or VLT-003 names the
    first file that does not hold, VLT-011 one that should be gone.
    """
    entries = list(ledger.entries(*_SENT, ERASED))
    erased, vault = erased_submissions(entries), Vault(home)
    kept = {blob for entry in entries for blob in _blobs(entry) if _id(entry) not in erased}
    for blob in sorted(kept):
        vault.read(*blob)
    for path in _doomed(home, entries, kept):
        raise VaultError(
            "VLT-011",
            found="a file of a submission that was erased",
            expected="nothing",
            where=str(path),
            remedy="Run `guildhall run`, which finishes an interrupted erasure; restore no such file.",
        )
    return len(kept), len(erased)


def _certificate(home: Home, ledger: Ledger, firm_id: str, period: str, reason: str) -> dict[str, JsonValue]:
    entries = list(ledger.entries(*_SENT, ERASED))
    erased = erased_submissions(entries)
    sent = [one for one in entries if one.kind in _SENT and _place(one) == (firm_id, period)]
    left: list[JsonValue] = [*dict.fromkeys(_id(one) for one in sent if _id(one) not in erased)]
    if not left:
        raise VaultError(
            "VLT-010",
            found="nothing that landed and is still there",
            expected="a firm and a quarter with submissions",
            where=f"firm {firm_id}, quarter {period}",
            remedy="Look with `guildhall status --firm … --period …`; what was erased is gone already.",
        )
    return {
        "firm_id": firm_id,
        "period": period,
        "reason": reason,
        "submissions": left,
        "data_key": Vault(home).key_name(firm_id, period),
    }


def _settle(home: Home, ledger: Ledger) -> int:
    """Do what the ERASED entries say, as far as it is not done."""
    entries = list(ledger.entries(*_SENT, REFUSED, ERASED))
    erased, vault = erased_submissions(entries), Vault(home)
    kept = {blob for entry in entries for blob in _blobs(entry) if _id(entry) not in erased}
    for entry in (one for one in entries if one.kind == ERASED):
        vault.destroy_key(*_place(entry), str(entry.body["data_key"]))
    doomed = [*_doomed(home, entries, kept), *_set_aside(home, entries)]
    if not doomed:
        return 0
    _empty_workbooks(home, entries, erased)
    for build in home.builds.iterdir():
        shutil.rmtree(build)
    # Last: while one of them is there, a run that was killed is known not to have finished.
    for path in doomed:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return len(doomed)


def _doomed(home: Home, entries: Iterable[Entry], kept: set[tuple[str, str, str]]) -> list[Path]:
    """Files of erased submissions that are still there, in landing and lake."""
    entries = list(entries)
    erased = erased_submissions(entries)
    paths: dict[Path, None] = {}
    for entry in (one for one in entries if one.kind in _SENT and _id(one) in erased):
        paths |= dict.fromkeys(home.blob(*blob) for blob in _blobs(entry) if blob not in kept)
        names = (str(entry.body[name]) for name in ("contract", "firm_id", "period", "submission_id"))
        slot = tuple(names)
        paths |= dict.fromkeys(zone_file(home, zone, *slot) for zone in ZONES)
    return [path for path in paths if path.is_file()]


def _set_aside(home: Home, entries: Iterable[Entry]) -> list[Path]:
    """Refused files of an erased firm and quarter, refused before it was erased, in boxes of this machine."""
    entries = list(entries)
    last = {_place(one): one.seq for one in entries if one.kind == ERASED}
    refused = (one for one in entries if one.kind == REFUSED and one.seq < last.get(_place(one), 0))
    folders = (
        folder
        for one in refused
        for folder in home.refused(str(one.body["firm_id"])).glob(f"{one.seq}*")
        if folder.name.split(".")[0] == str(one.seq)
    )
    return list(folders)


def _empty_workbooks(home: Home, entries: Iterable[Entry], erased: Mapping[str, int]) -> None:
    """Put a workbook without rows in place of each that lies in a box."""
    with open_boxes(home) as boxes:
        for entry in (one for one in entries if one.kind == RECEIVED and _id(one) in erased):
            box, name = boxes.of(str(entry.body["firm_id"])), f"{_id(entry)}{WORKBOOK_SUFFIX}"
            facts = [("erased", f"ledger entry {erased[_id(entry)]}")]
            # A box out of reach is the firm's own store: what lies in it is theirs to delete.
            with suppress(BoxUnreachable):
                if name in box.receipts():
                    box.put(name, error_workbook(ErrorWorkbook((), "line", (), facts)))


def _blobs(entry: Entry) -> list[tuple[str, str, str]]:
    """Firm, period and hash of what an entry put on a shelf: the file, and the manifest beside it."""
    if entry.kind not in _SENT:
        return []
    body: Mapping[str, Any] = entry.body
    hashes = {body["sha256"], *([body["manifest"]["sha256"]] if body["manifest"] else [])}
    return [(body["firm_id"], body["period"], digest) for digest in sorted(hashes)]


def _id(entry: Entry) -> str:
    return str(entry.body.get("submission_id"))


def _place(entry: Entry) -> tuple[str, str]:
    return (str(entry.body["firm_id"]), str(entry.body["period"]))
