"""What lies in the boxes: which files are drops, whose they are, and what their names and manifests say.

The box alone decides whose a file is. Nothing here opens a dropped file; copying belongs in ``landing``,
and what a file means beside earlier ones in ``submissions``.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from contracts import CONTRACTS
from contracts.model import Party
from warehouse.home import FIRM_ID, OPERATOR, Home
from warehouse.manifests import MANIFEST_SUFFIX
from warehouse.refusals import MANIFEST_UNUSABLE, NAME_NOT_UNDERSTOOD, NOT_A_FILE, NOT_FROM_THIS_BOX, Refusal

_NAME = re.compile(r"\A([a-z][a-z_]{0,40})_([0-9]{4}Q[1-4])\.csv\Z")
_UNFINISHED = ".part"


@dataclass(frozen=True)
class Drop:
    """A regular file whose name is understood: one contract's extract of one period in one firm's box."""

    firm_id: str
    contract: str
    period: str
    path: Path
    size: int
    manifest: Path | None

    @property
    def file_name(self) -> str:
        """The name as sent."""
        return name_as_sent(self.path)

    @property
    def files(self) -> tuple[Path, ...]:
        """The file, and its manifest if there is one."""
        return (self.path,) if self.manifest is None else (self.path, self.manifest)


@dataclass(frozen=True)
class Lone:
    """A manifest whose file is not there: a statement complete in itself, or one that waits for its file."""

    firm_id: str
    contract: str
    period: str
    path: Path

    @property
    def file_name(self) -> str:
        """The name as sent."""
        return name_as_sent(self.path)

    @property
    def files(self) -> tuple[Path, ...]:
        """The manifest."""
        return (self.path,)


@dataclass(frozen=True)
class Misfit:
    """Something in a box that cannot be a drop, with the reason."""

    firm_id: str
    path: Path
    size: int
    refusal: Refusal
    contract: str | None = None
    period: str | None = None
    manifest: Path | None = None

    @property
    def file_name(self) -> str:
        """The name as sent."""
        return name_as_sent(self.path)

    @property
    def files(self) -> tuple[Path, ...]:
        """The thing itself, and its manifest if there is one."""
        return (self.path,) if self.manifest is None else (self.path, self.manifest)


@dataclass(frozen=True)
class Listing:
    """Everything that waits in the boxes, in the order in which it is taken."""

    drops: tuple[Drop, ...]
    misfits: tuple[Misfit, ...]
    lone: tuple[Lone, ...] = ()


def list_boxes(home: Home) -> Listing:
    """Look into every box once.

    Unfinished uploads (``.part``) and hidden files wait and are not listed.
    Order: contracts as they depend on each other, then period, firm and name; never time of arrival.
    """
    found = [item for firm_id in _firms(home) for item in _box(home, firm_id)]
    drops = sorted((item for item in found if isinstance(item, Drop)), key=_turn)
    misfits = sorted(
        (item for item in found if isinstance(item, Misfit)),
        key=lambda m: (m.firm_id, os.fsencode(m.path.name)),
    )
    lone = sorted((item for item in found if isinstance(item, Lone)), key=_turn)
    return Listing(tuple(drops), tuple(misfits), tuple(lone))


def name_as_sent(path: Path) -> str:
    """A file's name as text that any receipt can hold: bytes that are not UTF-8 are spelled out."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def _turn(drop: Drop | Lone) -> tuple[int, str, str, str]:
    return (list(CONTRACTS).index(drop.contract), drop.period, drop.firm_id, drop.path.name)


def _firms(home: Home) -> list[str]:
    with os.scandir(home.boxes) as entries:
        return sorted(
            entry.name
            for entry in entries
            if FIRM_ID.match(entry.name) and entry.is_dir(follow_symlinks=False)
        )


def _box(home: Home, firm_id: str) -> Iterator[Drop | Lone | Misfit]:
    inbox = home.inbox(firm_id)
    if not inbox.is_dir() or inbox.is_symlink():
        return
    with os.scandir(inbox) as entries:
        found = {entry.name: entry.stat(follow_symlinks=False) for entry in entries}
    for name in found:
        if not _waits(name):
            yield _item(firm_id, inbox / name, found)
        elif name.endswith(MANIFEST_SUFFIX) and name.removesuffix(MANIFEST_SUFFIX) not in found:
            yield from _lone(firm_id, inbox / name, found[name])


def _lone(firm_id: str, path: Path, status: os.stat_result) -> Iterator[Lone]:
    """The manifest, if its name says what it is about and this box may say it; any other waits unseen."""
    match = _NAME.match(path.name.removesuffix(MANIFEST_SUFFIX))
    if match is None or match[1] not in CONTRACTS or match[2].startswith("0000"):
        return
    if _refusal(firm_id, match[1], status.st_mode, None) is None:
        yield Lone(firm_id, match[1], match[2], path)


def _waits(name: str) -> bool:
    return name.startswith(".") or name.endswith((_UNFINISHED, MANIFEST_SUFFIX))


def _item(firm_id: str, path: Path, found: Mapping[str, os.stat_result]) -> Drop | Misfit:
    """One thing in a box, with the manifest beside it if one was found."""
    status, beside = found[path.name], found.get(path.name + MANIFEST_SUFFIX)
    manifest = path.with_name(path.name + MANIFEST_SUFFIX) if beside else None
    match = _NAME.match(path.name)
    if match is None or match[1] not in CONTRACTS or match[2].startswith("0000"):
        reason = NAME_NOT_UNDERSTOOD if stat.S_ISREG(status.st_mode) else NOT_A_FILE
        return Misfit(firm_id, path, status.st_size, reason, manifest=manifest)
    contract, period = match[1], match[2]
    refusal = _refusal(firm_id, contract, status.st_mode, beside.st_mode if beside else None)
    if refusal:
        return Misfit(firm_id, path, status.st_size, refusal, contract, period, manifest)
    return Drop(firm_id, contract, period, path, status.st_size, manifest)


def _refusal(firm_id: str, contract: str, mode: int, manifest_mode: int | None) -> Refusal | None:
    if not stat.S_ISREG(mode):
        return NOT_A_FILE
    if CONTRACTS[contract].meta.dropped_by is not _party(firm_id):
        return NOT_FROM_THIS_BOX
    if manifest_mode is not None and not stat.S_ISREG(manifest_mode):
        return MANIFEST_UNUSABLE
    return None


def _party(firm_id: str) -> Party:
    return Party.OPERATOR if firm_id == OPERATOR else Party.FIRM
