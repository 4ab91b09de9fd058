"""Which boxes a home has and where each lies, as ``consortium.toml`` says; the connections to them.

A firm is named by the folder, prefix or credential its box stands under, never by anything in it. What is
in a box belongs to ``listing``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from warehouse.boxes.box import Box, BoxUnreachable
from warehouse.boxes.line import Line, Store
from warehouse.boxes.local import LocalBox
from warehouse.boxes.remote import RemoteBox
from warehouse.config import FIRM_PLACE, BoxPlace
from warehouse.home import FIRM_ID, OPERATOR, Home

Sleep = Callable[[float], None]
_SFTP_PORT = 22


@dataclass(frozen=True)
class Unreachable:
    """A box, or all boxes of one place (``firm_id`` None), that cannot be looked into, and why."""

    firm_id: str | None
    reason: str


class Boxes:
    """The boxes of a home, with the connections they share; use it inside ``open_boxes``."""

    def __init__(self, home: Home, sleep: Sleep = time.sleep) -> None:
        self.home = home
        self._config = home.config.boxes
        self._sleep = sleep
        self._lines: dict[object, Line] = {}
        self._boxes: dict[str, Box] = {}

    def firms(self) -> tuple[list[str], tuple[Unreachable, ...]]:
        """Everybody who has a box, sorted, the operator too; and the place that could not be asked."""
        known = {OPERATOR, *self._config.firms, *self._config.firm}
        try:
            known.update(self._listed())
        except BoxUnreachable as error:
            return sorted(known), (Unreachable(None, error.reason),)
        return sorted(known), ()

    def of(self, firm_id: str) -> Box:
        """The box of one firm."""
        if firm_id not in self._boxes:
            self._boxes[firm_id] = self._make(firm_id)
        return self._boxes[firm_id]

    def close(self) -> None:
        """Hang up every line."""
        for line in self._lines.values():
            line.close()

    def _listed(self) -> list[str]:
        """The folders of the place all boxes lie in; none when every firm has a credential of its own."""
        if FIRM_PLACE in self._config.url:
            return []
        parts = urlsplit(self._config.url)
        if parts.scheme in ("", "file"):
            return _folders(self._local(parts))
        line, folder = self._line(self._config, parts), _folder(parts)
        return [name for name in line.patiently(lambda: _remote_folders(line, folder)) if FIRM_ID.match(name)]

    def _make(self, firm_id: str) -> Box:
        own = self._config.firm.get(firm_id)
        if own is None and firm_id == OPERATOR:
            return LocalBox(firm_id, self.home.boxes / OPERATOR)
        place: BoxPlace = own or self._config
        is_shared = own is None and FIRM_PLACE not in place.url
        parts = urlsplit(place.url.replace(FIRM_PLACE, firm_id))
        if parts.scheme in ("", "file"):
            folder = self._local(parts)
            return LocalBox(firm_id, folder / firm_id if is_shared else folder)
        folder_there = f"{_folder(parts)}/{firm_id}" if is_shared else _folder(parts)
        return self._remote(firm_id, self._line(place, parts), parts.scheme, folder_there)

    def _remote(self, firm_id: str, line: Line, scheme: str, folder: str) -> Box:
        if scheme == "s3":
            from warehouse.boxes.s3 import S3Box

            return S3Box(firm_id, line, folder)
        return RemoteBox(firm_id, line, folder)

    def _local(self, parts: SplitResult) -> Path:
        return self.home.root / parts.path

    def _line(self, place: BoxPlace, parts: SplitResult) -> Line:
        """One line for all boxes of one server and credential."""
        authority = "" if parts.scheme == "s3" else parts.netloc
        key = (parts.scheme, authority, place.key_file, place.known_hosts, place.endpoint_url, place.profile)
        if key not in self._lines:
            self._lines[key] = Line(self._store(place, parts), self._sleep)
        return self._lines[key]

    def _store(self, place: BoxPlace, parts: SplitResult) -> Store:
        """The libraries are imported here: they take seconds, and most homes have folders only."""
        if parts.scheme == "s3":
            from warehouse.boxes.s3 import S3Address, s3_store

            return s3_store(S3Address(place.endpoint_url or None, place.profile or None))
        from warehouse.boxes.sftp import SftpAddress, sftp_store

        root = self.home.root
        return sftp_store(
            SftpAddress(
                parts.hostname or "",
                parts.port or _SFTP_PORT,
                parts.username or "",
                root / place.key_file,
                root / place.known_hosts,
            )
        )


@contextmanager
def open_boxes(home: Home, sleep: Sleep = time.sleep) -> Iterator[Boxes]:
    """The boxes of a home; connections are made when they are needed, and closed at the end."""
    boxes = Boxes(home, sleep)
    try:
        yield boxes
    finally:
        boxes.close()


def _folder(parts: SplitResult) -> str:
    """Where on its store a place lies: a path on a server, bucket and prefix in S3."""
    return f"{parts.netloc}{parts.path}".strip("/") if parts.scheme == "s3" else parts.path.rstrip("/")


def _folders(place: Path) -> list[str]:
    if not place.is_dir():
        return []
    return [
        entry.name
        for entry in place.iterdir()
        if FIRM_ID.match(entry.name) and entry.is_dir() and not entry.is_symlink()
    ]


def _remote_folders(line: Line, folder: str) -> list[str]:
    try:
        with line.translated():
            listed = line.files.ls(folder or "/", detail=True)
    except FileNotFoundError:
        return []
    return [info["name"].rstrip("/").rpartition("/")[2] for info in listed if info["type"] == "directory"]
