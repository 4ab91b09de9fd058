"""What a name in a box means: which extract of which quarter, what only lies beside a file, what is not done.

A name is looked at here once and never becomes a path, a pattern or a statement. What is inside a file is
not asked.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from contracts import CONTRACTS
from warehouse.formats import ENDINGS, SEALED_ENDING, FileKind
from warehouse.manifests import HASH_SUFFIX, MANIFEST_SUFFIX

UNFINISHED = ".part"

_NAME = re.compile(
    rf"\A([a-z][a-z_]{{0,40}})_([0-9]{{4}}Q[1-4])\.({'|'.join(ENDINGS)})({re.escape(SEALED_ENDING)})?\Z"
)


@dataclass(frozen=True)
class Meaning:
    """What a file's name says: one contract's extract of one period, how it is written, if it is sealed."""

    contract: str
    period: str
    kind: FileKind = FileKind.CSV
    is_sealed: bool = False


def meaning_of(name: str) -> Meaning | None:
    """What the name of a drop says; None when it is not understood."""
    match = _NAME.match(name)
    if match is None or match[1] not in CONTRACTS or match[2].startswith("0000"):
        return None
    return Meaning(match[1], match[2], ENDINGS[match[3]], match[4] is not None)


def is_unfinished(name: str) -> bool:
    """Whether the sender says by the name that more is to come."""
    return name.endswith(UNFINISHED)


def file_beside(name: str) -> str | None:
    """The file a manifest or a hash speaks of, by its name; None when the name is of neither."""
    for suffix in (MANIFEST_SUFFIX, HASH_SUFFIX):
        file = name.removesuffix(suffix)
        if file != name and (suffix == MANIFEST_SUFFIX or meaning_of(file)):
            return file
    return None


def spelled(name: str) -> str:
    """A file's name as text that any receipt can hold: bytes that are not UTF-8 are spelled out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
