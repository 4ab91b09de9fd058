"""A consortium home: the one folder that holds everything about a consortium, and where things lie in it.

What the settings mean belongs in ``config``; what is written into the folders belongs to their own modules.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import HomeError
from warehouse.config import (
    CONFIG_NAME,
    CalendarEntry,
    ConsortiumConfig,
    HomeSettings,
    announce_releases,
    due_release,
    next_release,
    read_config,
)
from warehouse.home_template import render_config
from warehouse.keys import make_home_key, make_keys, make_sealing_key
from warehouse.ledger_store import create_store

__all__ = [
    "OPERATOR",
    "CalendarEntry",
    "ConsortiumConfig",
    "Home",
    "HomeSettings",
    "announce_releases",
    "due_release",
    "init_home",
    "next_release",
    "open_box",
]

OPERATOR = "operator"
"""The box of the consortium's own registers."""

FIRM_ID = re.compile(r"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,31}\Z")

_FOLDERS = (
    "boxes",
    "landing/sha256",
    "landing/.tmp",
    "keys/data",
    "lake",
    "builds",
    "staged",
    "releases",
    "evidence",
    "dagster",
)
_OWN_NAMES = {folder.split("/")[0] for folder in _FOLDERS} | {"ledger.sqlite"}


@dataclass(frozen=True)
class Home:
    """One consortium's folder and its settings."""

    root: Path
    config: ConsortiumConfig

    @classmethod
    def open(cls, path: Path) -> Home:
        """The home in ``path``; HomeError when it is none, is incomplete, or its settings do not hold."""
        root = path.resolve()
        if not (root / CONFIG_NAME).is_file():
            raise _no_home(root)
        home = cls(root, read_config(root / CONFIG_NAME))
        for part in (home.ledger_path, home.private_key_path, home.public_key_path, home.landing_key_path):
            if not part.is_file():
                raise _incomplete(home, part)
        return home

    @property
    def boxes(self) -> Path:
        """One folder per member firm, and the operator's."""
        return self.root / "boxes"

    @property
    def landing(self) -> Path:
        """Everything ever received, encrypted, under the sha256 of its bytes."""
        return self.root / "landing"

    @property
    def ledger_path(self) -> Path:
        """The ledger's SQLite file."""
        return self.root / "ledger.sqlite"

    @property
    def private_key_path(self) -> Path:
        """The key that signs ledger entries (0400)."""
        return self.root / "keys" / "ledger.key"

    @property
    def public_key_path(self) -> Path:
        """The key anybody may check the signatures with."""
        return self.root / "keys" / "ledger.pub"

    @property
    def landing_key_path(self) -> Path:
        """The key that every data key is wrapped with (0400)."""
        return self.root / "keys" / "landing.key"

    @property
    def sealing_key_path(self) -> Path:
        """The key that opens what firms sealed for this home (0400); homes of earlier versions have none."""
        return self.root / "keys" / "sealing.key"

    @property
    def sealing_public_path(self) -> Path:
        """The age recipient firms seal for."""
        return self.root / "keys" / "sealing.pub"

    @property
    def notify_path(self) -> Path:
        """The addresses notices go to (0600)."""
        return self.root / "keys" / "notify.toml"

    @property
    def lake(self) -> Path:
        """Typed rows, quarantine and violations as Parquet."""
        return self.root / "lake"

    @property
    def builds(self) -> Path:
        """Warehouse files, a new one each time."""
        return self.root / "builds"

    @property
    def evidence(self) -> Path:
        """Why cells of each release are hidden, and the proof that it is enough; the operator's, never
        published.
        """
        return self.root / "evidence"

    @property
    def staged(self) -> Path:
        """Releases that wait for approval; nobody reads here but who approves. Older homes have none."""
        return self.root / "staged"

    @property
    def releases(self) -> Path:
        """What was published, immutable."""
        return self.root / "releases"

    @property
    def dashboards(self) -> Path:
        """Pages for the operator and the committee, by month; never published. Made when first written."""
        return self.root / "dashboards"

    @property
    def dagster(self) -> Path:
        """Dagster's own records."""
        return self.root / "dagster"

    def inbox(self, firm_id: str) -> Path:
        """Where a firm drops its files."""
        return self.boxes / firm_id / "in"

    def outbox(self, firm_id: str) -> Path:
        """Where a firm finds its receipts."""
        return self.boxes / firm_id / "out"

    def refused(self, firm_id: str) -> Path:
        """Where a firm's files lie that could not be taken."""
        return self.boxes / firm_id / "refused"

    def shelf(self, firm_id: str, period: str) -> Path:
        """Where everything lies that landed from one box for one period."""
        return self.landing / "sha256" / _shelf_name(firm_id, period)

    def blob(self, firm_id: str, period: str, sha256: str) -> Path:
        """Where what landed from a box for a period lies, by the hash of its bytes as they were sent."""
        return self.shelf(firm_id, period) / sha256

    def data_key_path(self, firm_id: str, period: str) -> Path:
        """The wrapped key of one shelf; without it nothing on the shelf can be read again."""
        return self.root / "keys" / "data" / f"{_shelf_name(firm_id, period)}.key"


def _shelf_name(firm_id: str, period: str) -> str:
    """A name of hexadecimal digits: no text of a firm becomes part of a path in the landing zone."""
    return hashlib.sha256(f"guildhall-shelf-v1\0{firm_id}\0{period}".encode()).hexdigest()[:32]


def init_home(path: Path, settings: HomeSettings | ConsortiumConfig) -> Home:
    """Make a home in ``path`` (new, empty, or left by an interrupted ``init``).

    HomeError when the folder is a home already or holds anything else, or a setting does not hold.
    """
    config = settings.as_config() if isinstance(settings, HomeSettings) else settings
    root = path.resolve()
    _refuse_foreign(root)
    for folder in _FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    home = Home(root, config)
    make_keys(home.private_key_path, home.public_key_path)
    make_home_key(home.landing_key_path)
    make_sealing_key(home.sealing_key_path, home.sealing_public_path)
    open_box(home, OPERATOR)
    create_store(home.ledger_path)
    # Last, because it is what makes the folder a home.
    (root / CONFIG_NAME).write_text(render_config(config), encoding="utf-8")
    return Home.open(root)


def open_box(home: Home, firm_id: str) -> Path:
    """Make a firm's box (``in``, ``out``) if it is missing, and return the folder to drop files in."""
    if not FIRM_ID.match(firm_id):
        raise HomeError(
            "HOM-020",
            found="a firm id of another shape",
            expected="1 to 32 letters, digits, dots, dashes or underscores, a letter or digit first",
            where=str(home.boxes),
            remedy="Give the firm an id of that shape in the firm register, and name its box after it.",
        )
    home.inbox(firm_id).mkdir(parents=True, exist_ok=True)
    home.outbox(firm_id).mkdir(parents=True, exist_ok=True)
    return home.inbox(firm_id)


def _refuse_foreign(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise _taken(root, "a file")
    names = {entry.name for entry in root.iterdir()} if root.is_dir() else set()
    if CONFIG_NAME in names:
        raise _taken(root, "a consortium home")
    if names - _OWN_NAMES:
        raise _taken(root, "a folder with other things in it")


def _taken(root: Path, found: str) -> HomeError:
    return HomeError(
        "HOM-003",
        found=found,
        expected="a folder that is empty or does not exist yet",
        where=str(root),
        remedy="Name another folder, or work on the home that is there with --home.",
    )


def _no_home(root: Path) -> HomeError:
    return HomeError(
        "HOM-001",
        found=f"no {CONFIG_NAME}",
        expected="a consortium home",
        where=str(root),
        remedy=f"Make one with `guildhall init {root}`, or name the home with --home DIR.",
    )


def _incomplete(home: Home, part: Path) -> HomeError:
    return HomeError(
        "HOM-002",
        found=f"no {part.relative_to(home.root)}",
        expected="a home with its ledger and its keys",
        where=str(home.root),
        remedy="Restore the missing file from a backup: landing, ledger and keys cannot be made again.",
    )
