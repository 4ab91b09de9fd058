"""What a firm's box can do, wherever it lies: list, open, remove, set aside, and take receipts.

A box is handed out for one firm; nothing that lies in it says whose it is. Which stores there are belongs to
the modules beside this one, what a listed name means to ``names``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

Answer = TypeVar("Answer")

IN, OUT, REFUSED = "in", "out", "refused"
"""The folders of a box: what the firm drops, its receipts, and what could not be taken."""


class Unstable(Exception):
    """The file is not the one that was listed, or it changed while it was read."""


class Unreadable(Exception):
    """The house has no right to read the file."""


class StoreFault(Exception):
    """The store failed in a way that may pass: worth another try. ``is_cut``: the connection itself failed.

    Says how it failed, never what was read.
    """

    def __init__(self, reason: str, *, is_cut: bool = False) -> None:
        self.reason = reason
        self.is_cut = is_cut
        super().__init__(reason)


class BoxUnreachable(Exception):
    """The store still fails after several tries; whatever lies there stays for the next run."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Found:
    """One thing that lies in a box's ``in``, as its store describes it.

    ``size`` in bytes. ``modified`` by the store's own clock. ``identity`` tells one state of one thing from
    every other.
    """

    name: str
    is_file: bool
    size: int
    modified: datetime
    identity: str


@dataclass(frozen=True)
class Reading:
    """An open file of a box: ``read(count)`` gives the next bytes, ``identity`` says what they are of."""

    read: Callable[[int], bytes]
    identity: str


class Box(ABC):
    """One firm's box on one store.

    Every method but ``open`` raises BoxUnreachable when the store cannot be reached after several tries.
    """

    is_whole_at_once = False
    """Whether a name appears only with all of its content (an object store), never with a part of it."""

    has_our_clock = False
    """Whether the store's clock is this machine's."""

    def __init__(self, firm_id: str) -> None:
        self.firm_id = firm_id

    @abstractmethod
    def look(self) -> list[Found]:
        """Everything in ``in``, hidden and unfinished things too; nothing when there is no such folder."""

    @abstractmethod
    def open(self, name: str) -> AbstractContextManager[Reading]:
        """Open a regular file, never a link's target.

        Raises Unstable when it is gone, no file, or was not the same from its first byte to its last;
        Unreadable without the right; StoreFault when the store fails. Use it inside ``patiently``.
        """

    @abstractmethod
    def patiently(self, act: Callable[[], Answer]) -> Answer:
        """Do ``act``, again after a StoreFault, a few times; BoxUnreachable when that does not help."""

    @abstractmethod
    def remove(self, name: str, identity: str) -> None:
        """Take a file out of ``in``, unless another has taken its place since."""

    @abstractmethod
    def set_aside(self, names: tuple[str, ...], number: int) -> None:
        """Move things from ``in`` to a folder of that number in ``refused``; nothing there is overwritten."""

    @abstractmethod
    def put(self, name: str, content: bytes) -> None:
        """Write a receipt into ``out``: nobody ever sees half of it."""

    @abstractmethod
    def receipts(self) -> frozenset[str]:
        """The names in ``out``."""
