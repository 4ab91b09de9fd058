"""Files that appear whole or not at all: written beside their place, on disk, then named together."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from contracts.pseudonyms import SealError
from warehouse.disk import sync


class Targets:
    """The files one command writes. Readable by their owner only, as is what is still being written."""

    def __init__(self) -> None:
        self._beside: dict[Path, Path] = {}

    @contextlib.contextmanager
    def create(self, target: Path) -> Iterator[BinaryIO]:
        """Write a file beside its place; on leaving, its content is on disk."""
        handle, name = tempfile.mkstemp(prefix=".guildhall-seal-", dir=target.parent)
        self._beside[target] = Path(name)
        with os.fdopen(handle, "wb", buffering=1 << 20) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    def beside(self, target: Path) -> Path:
        """Where a file that has no name yet can be read."""
        return self._beside[target]

    def leave_out(self, target: Path) -> None:
        """Give up a file that turned out not to be needed."""
        self._beside.pop(target).unlink()

    def put_in_place(self, *, instead_of: Sequence[Path]) -> None:
        """Give every file its name; what an earlier run left under the other names is taken away."""
        for path in instead_of:
            path.unlink(missing_ok=True)
        for target, beside in list(self._beside.items()):
            beside.replace(target)
            del self._beside[target]
            sync(target.parent)

    def discard(self) -> None:
        """Remove what has no name yet."""
        for beside in self._beside.values():
            beside.unlink(missing_ok=True)
        self._beside.clear()


@contextlib.contextmanager
def open_targets() -> Iterator[Targets]:
    """Targets of which nothing is left behind when anything goes wrong; SealError SEA-030 from the disk."""
    targets = Targets()
    try:
        yield targets
    except OSError as error:
        raise SealError(
            "SEA-030",
            found=f"the disk refused: {error.strerror}",
            expected="a folder that can be written to, with room for the file",
            where="the folder of the sealed file",
            remedy="Make the folder or choose another with --out; nothing was written.",
        ) from error
    finally:
        targets.discard()
