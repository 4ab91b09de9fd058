"""Approval: a release that is made waits, whole and unread, until somebody who did not make it lets it out.

    staged/<period>/<version>/    what waits: in the home, not in releases/, so no reader reaches it

The ledger says what was staged (STAGED, with the hash of the manifest, which names all other hashes), who
approved exactly that by a signature of their own key (APPROVED), or sent it back (SENT_BACK). Making a
release belongs to ``releases``; what is in one, to ``reports``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature

from contracts.errors import LedgerError, ReleaseError
from warehouse import releases
from warehouse.chain import canonical
from warehouse.disk import sync, sync_tree
from warehouse.home import Home
from warehouse.keys import read_private_key, read_public_key
from warehouse.ledger import APPROVED, PUBLISHED, SENT_BACK, STAGED, Entry, Ledger
from warehouse.release_manifest import MANIFEST_NAME, Release, read_release_folder, verify_release

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_DOMAIN = b"guildhall-approval-v1\0"


@dataclass(frozen=True)
class Waiting:
    """A staged release that waits for approval, and the ledger's entry of it."""

    release: Release
    entry: Entry

    @property
    def name(self) -> str:
        """``2026-Q3/v1.0``."""
        return self.release.name


@dataclass(frozen=True)
class Approver:
    """Who approves: the name under [publication] approvers, and where their private key lies."""

    name: str
    key: Path


def park(home: Home, staging: releases.Staging, ledger: Ledger) -> Waiting:
    """Prove a staged release whole, record it, and let it wait; its files become read-only.

    The entry comes first: a folder without one is nothing, and the next run makes it again.
    """
    made = verify_release(staging.root)
    body = {"period": made.period, "version": made.version, "manifest_sha256": made.manifest_sha256}
    place = home.staged / made.period / made.version
    for path in staging.root.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    sync_tree(staging.root)
    entry = ledger.append(STAGED, {**body, "built_by": home.config.publication.built_by})
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    staging.root.rename(place)
    sync(place.parent)
    return Waiting(read_release_folder(place), entry)


def waiting(home: Home, ledger: Ledger) -> list[Waiting]:
    """What waits for approval, oldest first."""
    return sorted(_waiting(home, ledger), key=lambda one: one.release.order)


def is_staged(home: Home, period: str, version: str) -> bool:
    """Whether that version lies there and waits, so that no run makes it again."""
    return (home.staged / period / version / MANIFEST_NAME).is_file()


def approve(home: Home, ledger: Ledger, name: str, by: Approver, on: date) -> Release:
    """Publish exactly the bytes that were staged, with the approver's signature in the ledger.

    ReleaseError REL-050 to REL-056 when nothing waits under that name, its day has not come, the approver is
    not one, is who built it, signs with another key, the bytes are not those that were staged, or the audit
    of them knew less than what is public now.
    """
    one = _named(home, ledger, name)
    key = _key_of(home, by)
    _require_day(one, on)
    _require_bytes(one)
    _require_audit(one, ledger)
    signature = _signature(one, by, key)
    if not any(entry.body == _approval(one, by, signature) for entry in ledger.entries(APPROVED)):
        ledger.append(APPROVED, _approval(one, by, signature))
    place = one.release.root
    return releases.promote(
        releases.Staging(place, home.releases, one.release.period, one.release.version), ledger
    )


def send_back(home: Home, ledger: Ledger, name: str, by: str, reason: str) -> None:
    """Take a staged release away, with who and why in the ledger; the next run makes it anew."""
    one = _named(home, ledger, name)
    place = {"period": one.release.period, "version": one.release.version}
    ledger.append(SENT_BACK, place | {"by": by, "reason": reason})
    shutil.rmtree(one.release.root)


def _waiting(home: Home, ledger: Ledger) -> Iterator[Waiting]:
    staged = {
        (str(entry.body["period"]), str(entry.body["version"])): entry for entry in ledger.entries(STAGED)
    }
    public = {(str(entry.body["period"]), str(entry.body["version"])) for entry in ledger.entries(PUBLISHED)}
    for (period, version), entry in staged.items():
        if (period, version) not in public and is_staged(home, period, version):
            yield Waiting(read_release_folder(home.staged / period / version), entry)


def _named(home: Home, ledger: Ledger, name: str) -> Waiting:
    found = waiting(home, ledger)
    for one in found:
        if name in (one.name, one.release.period):
            return one
    names = ", ".join(one.name for one in found) or "and nothing waits"
    raise _refusal("REL-050", f"no release {name} that waits for approval", f"one of those: {names}", name)


def _key_of(home: Home, by: Approver) -> Ed25519PublicKey:
    """The approver's public key as the settings name it."""
    settings = home.config.publication
    path = settings.approvers.get(by.name)
    if path is None:
        raise _refusal("REL-051", f"{by.name!r}, who is no approver", "a name under approvers", by.name)
    try:
        key = read_public_key(home.root / path)
    except (OSError, LedgerError):
        raise _refusal("REL-051", f"no public key at {path}", "the approver's Ed25519 key", by.name) from None
    is_house = key.public_bytes_raw() == read_public_key(home.public_key_path).public_bytes_raw()
    if by.name == settings.built_by or is_house:
        raise _refusal("REL-052", "who built the release, or the house's own key", "somebody else", by.name)
    return key


def _require_day(one: Waiting, on: date) -> None:
    if on < one.release.public_on:
        day = one.release.public_on.isoformat()
        raise _refusal("REL-053", f"{on.isoformat()}, before its day", f"{day} or later", one.name)


def _require_bytes(one: Waiting) -> None:
    try:
        held = verify_release(one.release.root).manifest_sha256 == one.entry.body["manifest_sha256"]
    except ReleaseError as error:
        raise _refusal("REL-054", error.found, "the bytes that were staged", one.name) from error
    if not held:
        raise _refusal("REL-054", "another manifest", "the manifest that was staged", one.name)


def _require_audit(one: Waiting, ledger: Ledger) -> None:
    """What was published since was not in the joint audit: two releases say more than each alone."""
    for entry in ledger.entries(PUBLISHED, after=one.entry.seq):
        found = f"{entry.body['period']}/{entry.body['version']}, published since it was audited"
        raise _refusal("REL-056", found, "an audit with all that is public", one.name)


def _signature(one: Waiting, by: Approver, public: Ed25519PublicKey) -> str:
    said = _DOMAIN + canonical(_staged(one))
    try:
        signed = read_private_key(by.key).sign(said)
        public.verify(signed, said)
    except (OSError, LedgerError, InvalidSignature):
        # The cause is not passed on: an error about a key must not repeat the key.
        raise _refusal("REL-055", "a key that is not the approver's", "their own", by.name) from None
    return signed.hex()


def _approval(one: Waiting, by: Approver, signature: str) -> dict[str, str]:
    return {**_staged(one), "approver": by.name, "signature": signature}


def _staged(one: Waiting) -> dict[str, str]:
    """What is approved: which version, and the hash that names all others."""
    return {name: str(one.entry.body[name]) for name in ("period", "version", "manifest_sha256")}


_REMEDIES = {
    "REL-050": "`guildhall status` names what waits; `guildhall run` stages what is due.",
    "REL-051": "List the name with the path of its public key under [publication] approvers.",
    "REL-052": "Somebody who did not make the release approves it, with a key of their own.",
    "REL-053": "Approve it on its day; until then nothing of it is public.",
    "REL-054": "Send it back (`--send-back`); the next run makes it again.",
    "REL-056": "Send it back (`--send-back`); the next run audits it with all that is public.",
    "REL-055": "Sign with the private half of the key that the settings name.",
}


def _refusal(code: str, found: str, expected: str, about: str) -> ReleaseError:
    return ReleaseError(
        code, found=found, expected=expected, where=f"the approval of {about}", remedy=_REMEDIES[code]
    )
