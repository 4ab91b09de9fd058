"""What bears witness to the ledger outside of it: the heads that releases and receipts carry.

Somebody with the ledger's file and its key could cut it, or write another history, without breaking the
chain; what left the house names the entry it rests on. The chain itself is walked by ``ledger``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.errors import ReceiptError
from warehouse import releases
from warehouse.chain import Head
from warehouse.home import Home
from warehouse.issuing import RECEIPT_SUFFIX, verify_receipt
from warehouse.keys import read_public_key


@dataclass(frozen=True)
class Witnesses:
    """The heads that were found, how many receipts name one, and how many are not as they were issued."""

    heads: tuple[Head, ...]
    receipts: int
    altered: int


def find_witnesses(home: Home) -> Witnesses:
    """Look through the home's releases and the receipts in those boxes that lie in the home.

    A receipt that is not as it was issued proves nothing and is only counted: firms reach their own boxes.
    """
    found = [_receipt_head(home, path) for path in sorted(home.boxes.glob(f"*/out/*{RECEIPT_SUFFIX}"))]
    heads = [head for head in found if head is not None]
    return Witnesses((*_release_heads(home), *heads), len(heads), len(found) - len(heads))


def _release_heads(home: Home) -> Iterator[Head]:
    return (release.ledger_head for release in releases.all_releases(home))


def _receipt_head(home: Home, path: Path) -> Head | None:
    try:
        content: Any = verify_receipt(path.read_bytes(), read_public_key(home.public_key_path)).content
    except (OSError, ReceiptError):
        return None
    return Head(**content["ledger"])
