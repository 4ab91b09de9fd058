"""Who asks: boards with tokens that are kept as hashes only, and how often each may ask.

Without any board the door is open to whoever reaches it. Tokens are given out by ``guildhall token``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import DoorError
from warehouse.disk import replace_text

FILE_NAME = "door.json"
_BOARD = re.compile(r"\A[a-z0-9][a-z0-9_-]{0,39}\Z")
_TOKEN = re.compile(r"\A[A-Za-z0-9_-]{43}\Z")
_FULL, _REFILL = 60.0, 2.0
"""Questions a board may ask at once, and how many a second it gets back."""


@dataclass(frozen=True)
class Boards:
    """The boards that have a token: by name, the sha256 of it."""

    hashes: Mapping[str, str]

    @classmethod
    def read(cls, keys: Path) -> Boards:
        """The boards of the home whose keys lie in ``keys``."""
        path = keys / FILE_NAME
        return cls(json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {})

    def whose(self, authorization: str | None, in_address: str | None) -> str:
        """The board that a request comes from: ``Bearer``, ``Basic`` (token as password) or ``?token=``.

        DoorError DOR-012 when boards have tokens and the request has none that is known. Compares every hash
        in constant time, so that an answer's time tells nothing.
        """
        if not self.hashes:
            return "anyone"
        token = in_address or _presented(authorization)
        digest = hashlib.sha256(token.encode()).hexdigest() if _TOKEN.match(token) else ""
        known = [name for name, kept in self.hashes.items() if hmac.compare_digest(kept, digest)]
        if not known:
            raise DoorError(
                "DOR-012",
                found="no token that is known here" if token else "no token",
                expected="a board's token, as Bearer, as the password of Basic, or as ?token=",
                where="the request",
                remedy="Ask the consortium's operator for your board's token.",
            )
        return known[0]


def give_token(keys: Path, board: str) -> str:
    """A new token for ``board``, which replaces an older one. Told once: only its hash is kept."""
    if not _BOARD.match(board):
        raise DoorError(
            "DOR-013",
            found=f"the name {board[:60]!r}",
            expected="small letters, digits, dashes, at most 40",
            where="guildhall token",
            remedy="Choose a short name for the board.",
        )
    token = secrets.token_urlsafe(32)
    hashes = dict(Boards.read(keys).hashes) | {board: hashlib.sha256(token.encode()).hexdigest()}
    _keep(keys, hashes)
    return token


def take_token(keys: Path, board: str) -> bool:
    """Let a board's token hold no longer; whether it had one."""
    hashes = dict(Boards.read(keys).hashes)
    had = hashes.pop(board, None) is not None
    _keep(keys, hashes)
    return had


def _keep(keys: Path, hashes: Mapping[str, str]) -> None:
    path = keys / FILE_NAME
    replace_text(path, json.dumps(dict(sorted(hashes.items())), indent=1) + "\n")
    path.chmod(0o600)


def _presented(authorization: str | None) -> str:
    kind, _, value = (authorization or "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


class Allowance:
    """How often each asker may ask: a bucket of questions that fills again with time."""

    def __init__(self, clock: Callable[[], float], full: float = _FULL, refill: float = _REFILL) -> None:
        self._clock, self._full, self._refill = clock, full, refill
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, asker: str) -> None:
        """Count one question; DoorError DOR-014 when the bucket is empty."""
        with self._lock:
            now = self._clock()
            left, since = self._left.get(asker, (self._full, now))
            left = min(self._full, left + (now - since) * self._refill)
            self._left[asker] = (max(left - 1, 0.0), now)
        if left < 1:
            raise DoorError(
                "DOR-014",
                found="too many questions",
                expected=f"at most {self._full:.0f} at once and {self._refill:g} a second after that",
                where="the request",
                remedy="Wait a little; whole tables under /latest/tables/ need no question.",
            )
