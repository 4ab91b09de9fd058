"""The files a receipt consists of, as items of the ledger's outbox: the signed JSON and the page.

How they are laid out and signed belongs to ``issuing``; what they say, to ``notices`` and ``intake``.
"""

from __future__ import annotations

from warehouse.chain import Entry
from warehouse.issuing import PAGE_SUFFIX, RECEIPT_SUFFIX, Issuer, Say
from warehouse.ledger import OutboxItem


class _Issued:
    """Both files of one receipt, made once for the entry they belong to."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._made: dict[str, tuple[bytes, bytes]] = {}

    def page(self, entry: Entry, issuer: Issuer) -> bytes:
        """The page."""
        return self._both(entry, issuer)[0]

    def json(self, entry: Entry, issuer: Issuer) -> bytes:
        """The signed JSON."""
        return self._both(entry, issuer)[1]

    def _both(self, entry: Entry, issuer: Issuer) -> tuple[bytes, bytes]:
        # By signature: a transaction that is rolled back and tried again makes another entry.
        if entry.signature not in self._made:
            self._made = {entry.signature: issuer.page_and_json(self._say, entry)}
        return self._made[entry.signature]


def receipt_files(firm_id: str, receipt_id: str, say: Say) -> tuple[OutboxItem, OutboxItem]:
    """JSON and page for a firm's out box; ``{seq}`` in the id becomes the entry's number."""
    issued, stem = _Issued(say), f"boxes/{firm_id}/out/{receipt_id}"
    return (
        OutboxItem(f"{stem}{RECEIPT_SUFFIX}", issued.json),
        OutboxItem(f"{stem}{PAGE_SUFFIX}", issued.page),
    )
