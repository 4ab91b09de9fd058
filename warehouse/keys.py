"""The ledger's Ed25519 key pair: made once with the home, read when entries are signed or checked.

What is signed belongs in ``chain``. Custody of the firms' own pseudonym keys happens at the firms.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from contracts.errors import LedgerError


def make_keys(private_path: Path, public_path: Path) -> None:
    """Make the pair if there is none: the private half readable by its owner only, the public half by all.

    A private key without its public half (an interrupted ``init``) keeps being the key.
    """
    if not private_path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_new(private_path, pem, 0o400)
    if not public_path.exists():
        public = read_private_key(private_path).public_key()
        _write_new(public_path, public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), 0o444)


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """The signing key; LedgerError when the file holds no Ed25519 key."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise _no_key(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path)
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The checking key; LedgerError when the file holds no Ed25519 key."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except ValueError as error:
        raise _no_key(path) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path)
    return key


def _write_new(path: Path, content: bytes, mode: int) -> None:
    """Write beside, then link: a crash never leaves half a key under the key's name."""
    beside = path.with_name(path.name + ".tmp")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)


def _no_key(path: Path) -> LedgerError:
    return LedgerError(
        "LED-010",
        found="a file that holds no Ed25519 key",
        expected="the key this home was made with",
        where=str(path),
        remedy="Restore the keys folder from a backup.",
    )
