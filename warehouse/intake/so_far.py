"""What is in force while a run goes on: every ledger entry is read once, though each batch adds to them.

A question looks only at the entries of the contracts it names, for what follows what never crosses from one
contract into another. What the entries come to is decided in ``in_force``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from warehouse.in_force import KINDS, submissions_in_force
from warehouse.lake import InForce
from warehouse.ledger import ERASED, RECEIVED, VALIDATED, Entry, Ledger


class SoFar:
    """What the ledger says by now, as ``submissions_in_force`` would tell it from all its entries."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._read_up_to = 0
        self._entries: defaultdict[str, list[Entry]] = defaultdict(list)
        self._contracts: dict[str, str] = {}

    def in_force(self, contracts: Iterable[str]) -> list[InForce]:
        """What counts of these contracts now, in the order of ``submissions_in_force``."""
        self._catch_up()
        return submissions_in_force(entry for name in {ERASED, *contracts} for entry in self._entries[name])

    def _catch_up(self) -> None:
        for entry in self._ledger.entries(*KINDS, after=self._read_up_to):
            self._entries[self._about(entry)].append(entry)
            self._read_up_to = entry.seq

    def _about(self, entry: Entry) -> str:
        """The contract an entry speaks of; an erasure may speak of several and stands by itself."""
        if entry.kind == ERASED:
            return ERASED
        submission_id = str(entry.body["submission_id"])
        if entry.kind == VALIDATED:
            return self._contracts[submission_id]
        name = str(entry.body["contract"])
        if entry.kind == RECEIVED:
            self._contracts[submission_id] = name
        return name
