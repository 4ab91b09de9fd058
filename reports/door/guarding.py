"""What every request passes and every answer carries: a longest address, safe headers, one line in the log.

The line says when, which board, which kind of address, what came of it and how long it took: no question, no
filter, no address of a reader.
"""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LONGEST_ADDRESS = 16 << 10
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_STRICTEST = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


class Log:
    """Lines of JSON appended to one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def write(self, **said: Any) -> None:
        """Append one line."""
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(said) + "\n")


class Guard:
    """ASGI middleware around the whole door."""

    def __init__(self, app: ASGIApp, log: Log | None = None) -> None:
        self._app, self._log = app, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless its address is too long, and see its answer off."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), [500]

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                message["headers"] = _guarded(message["headers"])
            await send(message)

        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > _LONGEST_ADDRESS:
            await _refuse(sent)
        else:
            await self._app(scope, receive, sent)
        if self._log is not None:
            self._log.write(**_line(scope, status[0], began))


def _guarded(headers: Any) -> list[tuple[bytes, bytes]]:
    kept = list(headers)
    has_policy = any(name.lower() == b"content-security-policy" for name, _ in kept)
    return [*kept, *_HEADERS, *(() if has_policy else (_STRICTEST,))]


async def _refuse(send: Send) -> None:
    words = {
        "code": "DOR-016",
        "found": "a longer address",
        "remedy": "Send long questions to /query by POST.",
    }
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 414, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(words).encode()})


def _line(scope: Scope, status: int, began: float) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "board": scope.get("board", ""),
        "kind": "/".join(scope["path"].split("/")[:2])[:20],
        "method": scope["method"][:8],
        "status": status,
        "ms": round((time.monotonic() - began) * 1000),
    }
