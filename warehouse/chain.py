"""How one ledger entry is bound to all earlier ones: canonical form, hash, signature. Pure.

Storage and transactions belong in ``ledger``. The form is a promise: it may gain a new version, never change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import JsonValue

_HASH_DOMAIN = b"guildhall-ledger-v1\0"
_SIGNATURE_DOMAIN = b"guildhall-ledger-signature-v1\0"

GENESIS = "0" * 64
"""What the first entry names as its predecessor."""

Body = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Head:
    """A place in the chain: the number and the hash of its last entry (0 and zeros when it is empty)."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: the hash covers seq, kind, prev and body, the signature also the time."""

    seq: int
    kind: str
    body: Body
    prev: str
    hash: str
    recorded_at: str
    signature: str


def canonical(value: JsonValue | Body) -> bytes:
    """RFC 8785 canonical JSON: the same value always gives the same bytes."""
    return rfc8785.dumps(dict(value) if isinstance(value, Mapping) else value)


def entry_hash(seq: int, kind: str, body: Body, prev: str) -> str:
    """The hash of an entry. No clock goes in, so the same inputs in the same order give the same chain."""
    framed = canonical({"body": dict(body), "kind": kind, "prev": prev, "seq": seq})
    return hashlib.sha256(_HASH_DOMAIN + framed).hexdigest()


def sign(key: Ed25519PrivateKey, digest: str, recorded_at: str) -> str:
    """The signature (hex) over an entry's hash and the time it was recorded."""
    return key.sign(_signed(digest, recorded_at)).hex()


def is_signed(key: Ed25519PublicKey, entry: Entry) -> bool:
    """Whether the entry's signature holds for its hash and time."""
    try:
        key.verify(bytes.fromhex(entry.signature), _signed(entry.hash, entry.recorded_at))
    except (InvalidSignature, ValueError):
        return False
    return True


def fault_of(entry: Entry, before: Head, key: Ed25519PublicKey) -> str | None:
    """What is wrong with ``entry`` as the one after ``before``, in words; None when nothing is."""
    if entry.seq != before.seq + 1:
        return f"entry {entry.seq} where {before.seq + 1} should be"
    if entry.prev != before.hash:
        return "an entry that does not follow from the one before it"
    if not _gives_hash(entry):
        return "an entry whose content does not give its hash"
    if not is_signed(key, entry):
        return "an entry whose signature does not hold"
    return None


def _gives_hash(entry: Entry) -> bool:
    try:
        return entry.hash == entry_hash(entry.seq, entry.kind, entry.body, entry.prev)
    except rfc8785.CanonicalizationError:
        return False


def _signed(digest: str, recorded_at: str) -> bytes:
    return _SIGNATURE_DOMAIN + digest.encode() + b"\0" + recorded_at.encode()
