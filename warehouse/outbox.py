"""Delivery of what the ledger's outbox holds: receipts, put into the ``out`` of the box they belong to.

Of a workbook the outbox holds the recipe, and its rows come from the lake; where they were erased there is no
workbook. Beside receipts lie the public keys: to check them with, and to seal files for the home.

What a receipt says belongs to whoever records the entry. A file is written again, byte for byte, as often
as it takes: a crash between the commit and the delivery loses nothing, and neither does a box out of reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import PurePosixPath

from warehouse.boxes import Boxes, BoxUnreachable, open_boxes
from warehouse.error_rows import WORKBOOK_SUFFIX, make_workbook
from warehouse.home import Home
from warehouse.ledger import Ledger, OutboxFile

_BATCH = 500


def deliver(home: Home, ledger: Ledger) -> int:
    """Put every outbox file where it belongs that is not there yet; returns how many.

    What belongs into a box out of reach stays in the outbox, for the next time.
    """
    files, delivered = list(ledger.waiting()), 0
    with open_boxes(home) as boxes:
        for start in range(0, len(files), _BATCH):
            batch = list(_put_all(home, boxes, files[start : start + _BATCH]))
            ledger.mark_delivered(batch)
            delivered += len(batch)
    return delivered


def restore(home: Home, ledger: Ledger) -> int:
    """Put again every receipt that is missing from its box; returns how many."""
    with open_boxes(home) as boxes:
        files = sorted(ledger.outbox(), key=_firm)
        missing = [one for firm, group in groupby(files, key=_firm) for one in _missing(boxes, firm, group)]
        present = [one for one in missing if _content(home, one) is not None]
        return len(list(_put_all(home, boxes, present)))


def _missing(boxes: Boxes, firm_id: str, files: Iterator[OutboxFile]) -> list[OutboxFile]:
    try:
        there = boxes.of(firm_id).receipts()
    except BoxUnreachable:
        return []
    return [file for file in files if _name(file) not in there]


def _put_all(home: Home, boxes: Boxes, files: Sequence[OutboxFile]) -> Iterator[OutboxFile]:
    """Those of the files that reached their box, or have nothing left to bring."""
    public_keys, supplied = [home.public_key_path, home.sealing_public_path], set[str]()
    for file in files:
        box, content = boxes.of(_firm(file)), _content(home, file)
        try:
            if _firm(file) not in supplied:
                for key in (key for key in public_keys if key.is_file()):
                    box.put(key.name, key.read_bytes())
                supplied.add(_firm(file))
            if content is not None:
                box.put(_name(file), content)
        except BoxUnreachable:
            continue
        yield file


def _content(home: Home, file: OutboxFile) -> bytes | None:
    return make_workbook(home, file.content) if file.path.endswith(WORKBOOK_SUFFIX) else file.content


def _firm(file: OutboxFile) -> str:
    """Whose box: an outbox path is ``boxes/<firm>/out/<name>`` wherever the box lies."""
    return PurePosixPath(file.path).parts[1]


def _name(file: OutboxFile) -> str:
    return PurePosixPath(file.path).name
