"""How a notice reaches a firm: the addresses, which are secrets, and apprise, which knows the channels.

The addresses lie in ``keys/notify.toml``, one a line (``f001 = "mailtos://…"``), readable by the owner only;
settings, ledger and messages hold their names. What is said, and when, belongs to ``reminding``.
"""

from __future__ import annotations

import logging
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

import apprise

from contracts.errors import HomeError

Addresses = Mapping[str, str]


def read_addresses(path: Path) -> Addresses:
    """The addresses by name; none without the file. HomeError HOM-030, HOM-031, which repeat no address."""
    if not path.is_file():
        return {}
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise _unusable(
            path, "HOM-030", "a file that others may read", "mode 0600", f"chmod 600 {path.name}, in keys/."
        )
    try:
        addresses = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        addresses = {"": None}
    if not all(isinstance(url, str) for url in addresses.values()):
        raise _unusable(
            path,
            "HOM-031",
            "text that is not a list of addresses",
            'lines like f001 = "mailtos://…"',
            "Write one name and one address a line, the address in double quotes.",
        )
    return addresses


def send(address: str, title: str, text: str) -> bool:
    """Whether the channel took the message."""
    # What apprise logs can hold the address.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    channel = apprise.Apprise()
    return bool(channel.add(address)) and bool(
        channel.notify(title=title, body=text, body_format=apprise.NotifyFormat.TEXT)
    )


def _unusable(path: Path, code: str, found: str, expected: str, remedy: str) -> HomeError:
    return HomeError(code, found=found, expected=expected, where=str(path), remedy=remedy)
