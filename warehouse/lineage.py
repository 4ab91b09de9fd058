"""What follows what: the place of every submission beside the others of its firm, extract and period. Pure.

Only what submissions say of each other decides, never when they came: whoever reads the same entries in
another order finds the same lines. Which rows count in the end belongs in ``in_force``; what a landed file
is, in ``submissions``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from warehouse.chain import Body, Entry
from warehouse.ledger import RECEIVED, STATED

ORIGINAL, REPLACEMENT, CORRECTION, WITHDRAWAL = "ORIGINAL", "REPLACEMENT", "CORRECTION", "WITHDRAWAL"

Slot = tuple[str, str, str]
"""Firm, contract, period: what there is one line of submissions for."""


class Standing(StrEnum):
    """Where a submission stands.

    PLACED: it takes effect in its line. HELD: it does not say what it is. WAITING: what it names has not
    come, or stands nowhere itself. SETTLED: it was held, and was withdrawn or sent again with a word.
    """

    PLACED = "PLACED"
    HELD = "HELD"
    WAITING = "WAITING"
    SETTLED = "SETTLED"


@dataclass(frozen=True)
class Node:
    """What one submission says of its place; ``supersedes`` as written, ``as_of`` in UTC or blank."""

    submission_id: str
    slot: Slot
    kind: str
    supersedes: str | None
    as_of: str
    sha256: str
    is_bare: bool = False

    @property
    def order(self) -> tuple[str, str, str, str]:
        """What orders two that follow the same one: as_of, then hash.

        The same bytes differ in what is said of them, and so in their ids.
        """
        return (self.as_of, self.sha256, self.kind, self.submission_id)


@dataclass
class Lineage:
    """Every submission known so far, by what it says; entries may be added in any order the ledger has."""

    nodes: dict[str, Node] = field(default_factory=dict)
    _aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    _bytes: defaultdict[tuple[Slot, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _names: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _followers: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, entries: Iterable[Entry]) -> Lineage:
        """The lineage that RECEIVED and STATED entries tell; others are passed over."""
        lineage = cls()
        for entry in entries:
            if entry.kind in (RECEIVED, STATED):
                lineage.add(entry.body)
        return lineage

    def add(self, body: Body) -> None:
        """Take in the body of a RECEIVED or STATED entry; a statement may answer for a held submission."""
        node = _node(body)
        names = [node.submission_id, *filter(None, [_claims(body).get("submission_id")])]
        if body.get("answers") is not None:
            held = self.nodes[str(body["answers"])]
            node = replace(node, submission_id=held.submission_id, sha256=held.sha256)
        self.nodes[node.submission_id] = node
        if node.supersedes is not None:
            self._followers[node.slot[0], node.supersedes].append(node.submission_id)
        for name in names:
            self._aliases[node.slot[0], name] = node.submission_id
        self._names[node.submission_id] += names
        self._bytes[node.slot, node.sha256].add(node.submission_id)

    def known(self, firm_id: str, name: str) -> Node | None:
        """The firm's submission of this name, ours or its own; another firm's is as unknown as none."""
        return self.nodes.get(self._aliases.get((firm_id, name), ""))

    def uses(self, firm_id: str, own_id: str) -> bool:
        """Whether the firm has given one of its submissions this id."""
        return (firm_id, own_id) in self._aliases

    def standing(self, submission_id: str) -> Standing:
        """Where a submission stands."""
        node = self.nodes[submission_id]
        if node.is_bare:
            return Standing.SETTLED if self._is_settled(node) else Standing.HELD
        parent = self._parent(node)
        if node.kind == WITHDRAWAL and parent is not None and parent.is_bare:
            return Standing.SETTLED
        return Standing.PLACED if self._is_rooted(node) else Standing.WAITING

    def lines(self) -> Iterator[tuple[Slot, list[Node]]]:
        """Slot by slot, what is placed there in the order in which it takes effect."""
        roots: defaultdict[Slot, list[Node]] = defaultdict(list)
        for node in self.nodes.values():
            if node.supersedes is None and not node.is_bare:
                roots[node.slot].append(node)
        for slot in sorted(roots):
            yield slot, list(self._from(roots[slot]))

    def _from(self, roots: Iterable[Node]) -> Iterator[Node]:
        """Each node before those that follow it, and with all of those before its next sibling."""
        waiting = sorted(roots, key=lambda node: node.order, reverse=True)
        while waiting:
            node = waiting.pop()
            yield node
            waiting += sorted(self._children(node), key=lambda child: child.order, reverse=True)

    def _children(self, node: Node) -> list[Node]:
        names = self._names[node.submission_id]
        found = (self.nodes[one] for name in names for one in self._followers.get((node.slot[0], name), ()))
        return [child for child in found if child.slot == node.slot]

    def _parent(self, node: Node) -> Node | None:
        parent = None if node.supersedes is None else self.known(node.slot[0], node.supersedes)
        return parent if parent is not None and parent.slot == node.slot else None

    def _is_rooted(self, node: Node) -> bool:
        """Whether what it follows leads back to an original, and not in a circle."""
        seen: set[str] = set()
        at: Node | None = node
        while at is not None and at.submission_id not in seen and not at.is_bare:
            if at.supersedes is None:
                return True
            seen.add(at.submission_id)
            at = self._parent(at)
        return False

    def _is_settled(self, held: Node) -> bool:
        same_bytes = (self.nodes[one] for one in self._bytes[held.slot, held.sha256])
        return any(child.kind == WITHDRAWAL for child in self._children(held)) or any(
            one.supersedes is not None for one in same_bytes
        )


def _node(body: Body) -> Node:
    kind, supersedes = str(body["submission_type"]), body["supersedes"]
    return Node(
        str(body["submission_id"]),
        (str(body["firm_id"]), str(body["contract"]), str(body["period"])),
        kind,
        None if supersedes is None else str(supersedes),
        str(_claims(body).get("as_of") or ""),
        str(body["sha256"]),
        is_bare=kind == ORIGINAL and body.get("held") is True,
    )


def _claims(body: Body) -> Mapping[str, Any]:
    manifest = body["manifest"]
    return manifest if isinstance(manifest, Mapping) else {}
