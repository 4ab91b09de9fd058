"""Is a file in a box whole? What says so, in the order in which it is trusted; pure.

A manifest or a hash beside the file, an upload that ends with a rename, a store that shows whole objects
only; and last, weakest, a time without change. A quiet time is no proof: of uploads that stall, 1.6 % are
still unfinished after a minute of silence. So a file taken for that reason alone is provisional. What a
manifest says is compared with the bytes in ``submissions``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from warehouse.boxes.box import Found
from warehouse.config import Intake
from warehouse.manifests import MANIFEST_SUFFIX


class Proof(StrEnum):
    """What says that a file is whole. ``QUIET`` is the one that proves nothing."""

    MANIFEST = "MANIFEST"
    HASH = "HASH"
    RENAME = "RENAME"
    OBJECT = "OBJECT"
    QUIET = "QUIET"


@dataclass(frozen=True)
class Rules:
    """What a consortium agreed on: how firms upload, how long a file must rest, what a rest is worth."""

    are_renamed: bool
    quiet: timedelta
    quiet_is_enough: bool

    @classmethod
    def of(cls, intake: Intake) -> Rules:
        """The rules of a consortium's settings."""
        quiet = timedelta(seconds=intake.quiet_seconds)
        return cls(intake.uploads == "renamed", quiet, intake.provisional == "accept")


@dataclass(frozen=True)
class Watched:
    """How long a thing has been as it is: as seen since ``since``, or by its store's clock if it is ours."""

    since: datetime
    has_our_clock: bool

    def has_rested(self, file: Found, rest: timedelta, now: datetime) -> bool:
        """Whether it has not changed for so long. A time in the future, of whichever clock, says nothing."""
        times = (self.since, file.modified) if self.has_our_clock else (self.since,)
        return any(now - time >= rest for time in times)


def proof_of(
    beside: Sequence[Found], rules: Rules, *, is_whole_at_once: bool, has_rested: bool
) -> Proof | None:
    """The best proof there is that a file is whole; None when it has to wait."""
    if beside:
        return Proof.MANIFEST if beside[0].name.endswith(MANIFEST_SUFFIX) else Proof.HASH
    if is_whole_at_once:
        return Proof.OBJECT
    if rules.are_renamed:
        return Proof.RENAME
    return Proof.QUIET if has_rested and rules.quiet_is_enough else None


@dataclass(frozen=True)
class Wait:
    """Why something in a box is not taken: a stable code, and words for the firm. Holds nothing of a file."""

    code: str
    message: str
    remedy: str


UNFINISHED = Wait(
    "WAI-001",
    "The upload was never finished: the name still ends in .part.",
    "Upload the file again, and rename it once all of it is there.",
)
NO_FILE = Wait(
    "WAI-002",
    "A manifest or a hash lies there without its file.",
    "Upload the file it speaks of, under the name it has without the last ending.",
)
NO_MANIFEST = Wait(
    "WAI-003",
    "Nothing says that the file is whole.",
    "Lay its hash beside it (sha256sum FILE > FILE.sha256), or a manifest.",
)
NOT_AT_REST = Wait(
    "WAI-004",
    "The file changed a short while ago, and nothing says that it is whole.",
    "Nothing: it is taken once it rests. With a manifest or a hash beside it, at once.",
)
WAITS: Mapping[str, Wait] = {wait.code: wait for wait in (UNFINISHED, NO_FILE, NO_MANIFEST, NOT_AT_REST)}
