"""A box behind a network, through fsspec: what is read is compared with what the store says before and after.

How a store is reached belongs to ``sftp`` and ``s3``; how often one tries, to ``line``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from typing import Any

from warehouse.boxes.box import (
    IN,
    OUT,
    REFUSED,
    Answer,
    Box,
    BoxUnreachable,
    Found,
    Reading,
    StoreFault,
    Unreadable,
    Unstable,
)
from warehouse.boxes.line import FINAL, Line

Info = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RemoteBox(Box):
    """A box on a store whose files have a size and a time, and can be renamed."""

    def __init__(self, firm_id: str, line: Line, folder: str) -> None:
        super().__init__(firm_id)
        self._line = line
        self._folder = folder.rstrip("/")

    def look(self) -> list[Found]:
        return self._do(lambda: [self._found(info) for info in self._infos(IN)])

    @contextmanager
    def open(self, name: str) -> Iterator[Reading]:
        path = self._path(IN, name)
        before = self._as_it_is(path)
        if before is None or not before.is_file:
            raise Unstable
        with self._opened(path, before) as stream:
            counted = _Counted(self._line, stream)
            yield Reading(counted.read, before.identity)
        after = self._as_it_is(path)
        if after is None or after.identity != before.identity:
            raise Unstable
        if counted.size != before.size:
            raise StoreFault("ShortRead")

    def patiently(self, act: Callable[[], Answer]) -> Answer:
        return self._line.patiently(act)

    def remove(self, name: str, identity: str) -> None:
        self._do(lambda: self._remove(self._path(IN, name), identity))

    def set_aside(self, names: tuple[str, ...], number: int) -> None:
        """A connection cut half way leaves a file in ``in`` or moved, never in both or in none."""
        folder = self._do(lambda: self._free(number))
        for name in names:
            self._do(lambda name=name: self._move(self._path(IN, name), f"{folder}/{name}"))  # type: ignore[misc]

    def put(self, name: str, content: bytes) -> None:
        self._do(lambda: self._write(self._path(OUT, name), content))

    def receipts(self) -> frozenset[str]:
        return self._do(lambda: frozenset(_name(info) for info in self._infos(OUT)))

    def _do(self, act: Callable[[], Answer]) -> Answer:
        """Like ``patiently``, for what the house may always do in a box: a refused right is a fault of it."""
        try:
            return self.patiently(act)
        except FINAL as error:
            raise BoxUnreachable(f"{self._folder} ({type(error).__name__})") from error

    def _path(self, part: str, name: str) -> str:
        return f"{self._folder}/{part}/{name}"

    def _infos(self, part: str) -> list[Info]:
        """What a folder of the box holds; the folder itself, which some stores list too, left out."""
        folder = f"{self._folder}/{part}"
        try:
            with self._line.translated():
                listed = self._line.files.ls(folder, detail=True)
        except FileNotFoundError:
            return []
        return [info for info in listed if _name(info) and info["name"].strip("/") != folder.strip("/")]

    def _found(self, info: Info) -> Found:
        size = int(info["size"] or 0)
        is_file = info["type"] == "file" and not info.get("islink")
        return Found(_name(info), is_file, size, _modified(info), self._identity(info))

    def _identity(self, info: Info) -> str:
        return f"{info['type']}:{info['size']}:{_modified(info).timestamp()}"

    def _as_it_is(self, path: str) -> Found | None:
        """The thing as it is now; None when there is none."""
        try:
            with self._line.translated():
                return self._found(self._line.files.info(path))
        except FileNotFoundError:
            return None

    @contextmanager
    def _opened(self, path: str, found: Found) -> Iterator[Any]:
        try:
            with self._line.translated():
                stream = self._line.files.open(path, "rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise Unstable from None
        except PermissionError:
            raise Unreadable from None
        try:
            yield stream
        finally:
            with suppress(Exception):
                stream.close()

    def _remove(self, path: str, identity: str) -> None:
        found = self._as_it_is(path)
        if found is not None and found.identity == identity:
            with suppress(FileNotFoundError), self._line.translated():
                self._line.files.rm_file(path)

    def _free(self, number: int) -> str:
        """A new folder in ``refused`` that bears the number."""
        names = (str(number) if again == 1 else f"{number}.{again}" for again in count(1))
        with self._line.translated():
            taken = {_name(info) for info in self._infos(REFUSED)}
            folder = self._path(REFUSED, next(name for name in names if name not in taken))
            self._line.files.makedirs(folder, exist_ok=True)
        return folder

    def _move(self, source: str, target: str) -> None:
        with suppress(FileNotFoundError), self._line.translated():
            self._line.files.mv(source, target)

    def _write(self, path: str, content: bytes) -> None:
        folder, _, name = path.rpartition("/")
        beside = f"{folder}/.{name}.tmp"
        with self._line.translated():
            self._line.files.makedirs(folder, exist_ok=True)
            self._line.files.pipe_file(beside, content)
            self._line.files.mv(beside, path)


class _Counted:
    """A stream that counts what was read of it, and names a store's failure as one."""

    def __init__(self, line: Line, stream: Any) -> None:
        self._line = line
        self._stream = stream
        self.size = 0

    def read(self, size: int) -> bytes:
        try:
            with self._line.translated():
                chunk: bytes = self._stream.read(size)
        except (FileNotFoundError, PermissionError):
            raise Unstable from None
        self.size += len(chunk)
        return chunk


def _name(info: Info) -> str:
    return str(info["name"]).rstrip("/").rpartition("/")[2]


def _modified(info: Info) -> datetime:
    """The time of change as the store tells it; stores differ in what they call it."""
    told = info.get("mtime") or info.get("LastModified") or info.get("created") or _EPOCH
    return told if isinstance(told, datetime) else datetime.fromtimestamp(told, UTC)
