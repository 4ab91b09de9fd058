"""Encrypting a file for transit with age: for one or several recipients, streamed.

age says nothing of the sender: that is what the firm's own box is for. Decrypting belongs to the recipient.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pyrage

from contracts.pseudonyms import SealError

SUFFIX = ".age"


def read_recipients(texts: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """Recipients from their public keys (``age1…``); SealError SEA-040 for anything else, never repeated."""
    recipients = []
    for place, text in enumerate(texts, 1):
        try:
            recipients.append(pyrage.x25519.Recipient.from_str(text.strip()))
        except pyrage.RecipientError:
            secret = text.strip().upper().startswith("AGE-SECRET-KEY")
            raise _no_recipient(place, secret=secret) from None
    return recipients


def encrypt(source: Path, target: BinaryIO, recipients: Sequence[pyrage.x25519.Recipient]) -> None:
    """Write a file's content to ``target``, readable by any one of the recipients."""
    with source.open("rb") as plain:
        pyrage.encrypt_io(plain, target, list(recipients))


def _no_recipient(place: int, *, secret: bool) -> SealError:
    remedy = (
        "This is a secret key: whoever owns it must make a new one, for the shell's history now holds it."
        if secret
        else "Copy the public key again from the consortium's letter."
    )
    return SealError(
        "SEA-040",
        found="a secret key" if secret else "text that is no public key of age",
        expected="a public key that begins with age1",
        where=f"--encrypt-for number {place}",
        remedy=remedy,
    )
