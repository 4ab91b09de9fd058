"""A home's own keys: the ledger's Ed25519 pair, the key of the landing zone's data keys, the sealing key.

What is signed belongs in ``chain``, what is encrypted in ``vault``. Custody of the firms' own pseudonym keys
happens at the firms.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from contracts.errors import LedgerError, VaultError
from warehouse.disk import sync_all


def make_keys(private_path: Path, public_path: Path) -> None:
    """Make the pair if there is none: the private half readable by its owner only, the public half by all.

    A private key without its public half (an interrupted ``init``) keeps being the key.
    """
    if not private_path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_key(private_path, pem, 0o400)
    if not public_path.exists():
        public = read_private_key(private_path).public_key()
        write_key(public_path, public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), 0o444)


def make_home_key(path: Path) -> None:
    """Make the key that wraps data keys, an age identity, if there is none; readable by its owner only."""
    if not path.exists():
        write_key(path, str(pyrage.x25519.Identity.generate()).encode(), 0o400)


def make_sealing_key(path: Path, public_path: Path) -> None:
    """Make the key that opens what firms seal for this home, and its public half, where they are missing."""
    make_home_key(path)
    if not public_path.exists():
        write_key(public_path, f"{read_home_key(path).to_public()}\n".encode(), 0o444)


def read_home_key(path: Path) -> pyrage.x25519.Identity:
    """An age key of this home; VaultError VLT-001 when the file holds none."""
    try:
        return pyrage.x25519.Identity.from_str(path.read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        # The cause is not passed on: an error about a key must not repeat the key.
        raise VaultError(
            "VLT-001",
            found="a file that holds no age identity",
            expected="the key this home was made with",
            where=str(path),
            remedy="Restore the keys folder from a backup.",
        ) from None


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


def fingerprint(key: Ed25519PublicKey) -> str:
    """The sha256 of a public key's 32 bytes, to be compared over another channel."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def write_key(path: Path, content: bytes, mode: int) -> None:
    """``write_keys`` of one."""
    write_keys({path: content}, mode)


def write_keys(contents: Mapping[Path, bytes], mode: int) -> None:
    """Write all beside, then give them their names; on disk when this returns.

    A crash leaves no half of a key behind, and a key that is there already stays: what it closed needs it.
    """
    beside = {path: path.with_name(path.name + ".tmp") for path in contents}
    for path, content in contents.items():
        beside[path].unlink(missing_ok=True)
        handle = os.open(beside[path], os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    sync_all(beside.values())
    for path in contents:
        with suppress(FileExistsError):
            os.link(beside[path], path)
        beside[path].unlink()
    sync_all({path.parent for path in contents})


def _no_key(path: Path) -> LedgerError:
    return LedgerError(
        "LED-010",
        found="a file that holds no Ed25519 key",
        expected="the key this home was made with",
        where=str(path),
        remedy="Restore the keys folder from a backup.",
    )
