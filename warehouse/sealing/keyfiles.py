"""Reading a secret key from a file that only its owner may read. Keys come from nowhere else.

What makes a key strong enough is said in ``contracts.pseudonyms.tokens``.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from contracts.pseudonyms import SealError, SecretKey
from contracts.pseudonyms.tokens import KEY_BYTES, WeakKeyError

_LARGEST = 4096
_OTHERS = stat.S_IRWXO
_GROUP = stat.S_IRWXG
_HAS_MODES = os.name == "posix"
_LOOKS_LIKE_A_KEY = re.compile(r"[0-9a-fA-F]{32,}")
_EXPECTED = f"a key of at least {KEY_BYTES} random bytes as hexadecimal digits, and nothing else"


@dataclass(frozen=True)
class KeyFile:
    """A key that was read, and what its owner should know about the file it lies in."""

    key: SecretKey
    warning: str | None


def read_key(path: Path, purpose: str) -> KeyFile:
    """Read a key file; ``purpose`` says which key in messages (``link key``, ``firm key``).

    SealError: SEA-001 no such readable file, SEA-002 others on the machine can read it, SEA-003 no key of
    enough strength. A file its group can read is used with a warning.
    """
    content, mode = _read(path, purpose)
    if _HAS_MODES and mode & _OTHERS:
        raise _open_to_others(path, purpose)
    try:
        key = SecretKey.from_hex(content)
    except WeakKeyError as weakness:
        found = str(weakness)
    else:
        return KeyFile(key, _group_warning(path, purpose) if _HAS_MODES and mode & _GROUP else None)
    raise SealError(
        "SEA-003",
        found=found,
        expected=_EXPECTED,
        where=f"the {purpose} file {path}",
        remedy=f"Ask for the {purpose} again" if purpose == "link key" else "Make one: openssl rand -hex 32",
    )


def _read(path: Path, purpose: str) -> tuple[str, int]:
    """The file's text and mode, both of the same opened file."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LARGEST + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
    else:
        return content.decode("ascii", errors="replace") if len(content) <= _LARGEST else "", mode
    raise SealError(
        "SEA-001",
        found=f"no file that can be read: {reason}",
        expected="the path of a key file",
        where=f"the {purpose} file{_name(path)}",
        remedy="Give the path of the file, never the key itself: what is typed stays in the shell's history.",
    )


def _name(path: Path) -> str:
    """The path, unless it is the key itself, given by mistake."""
    return "" if _LOOKS_LIKE_A_KEY.search(str(path)) else f" {path}"


def _open_to_others(path: Path, purpose: str) -> SealError:
    return SealError(
        "SEA-002",
        found="a file everyone on this machine can open",
        expected="a file only its owner can read",
        where=f"the {purpose} file {path}",
        remedy=f"Run: chmod 600 {path} -- and tell the key's maker if anyone may have read it.",
    )


def _group_warning(path: Path, purpose: str) -> str:
    return f"the {purpose} file {path} can be opened by its group; run: chmod 600 {path}"
