"""What should count after any sequence of submissions, by dictionaries and recursion alone.

Written from the words of the guide, not from the code: it knows no ledger, no file and no lineage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

State = dict[str, int] | None
"""Person to dollars; None where no file that states the whole is in force."""

ORIGINAL, CORRECTION, WITHDRAWAL = "ORIGINAL", "CORRECTION", "WITHDRAWAL"


@dataclass(eq=False)
class Sent:
    """One submission: what it says (``kind``, ``follows``), what it said first, what others call it."""

    period: str
    kind: str
    follows: str | None
    as_of: str | None
    content: bytes
    names: list[str] = field(default_factory=list)
    is_nil: bool = False
    is_held: bool = False
    was_held: bool = False
    is_erased: bool = False

    def __post_init__(self) -> None:
        self.said = (self.kind, self.follows, self.is_nil)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def order(self) -> tuple[datetime, str, str, str]:
        """Of two that follow the same one, the later as_of has the last word; none at all is the earliest.

        Never which came first: the same bytes of the same kind are ordered by the ids the house gave them.
        """
        day = datetime.fromisoformat(self.as_of) if self.as_of else datetime(1, 1, 1, tzinfo=UTC)
        return (day.astimezone(UTC), self.sha256, self.kind, self.house_id)

    @property
    def house_id(self) -> str:
        """The name the house gave it when it came."""
        return next(name for name in self.names if name.startswith("sub-"))

    @property
    def is_rejected(self) -> bool:
        """A file needs rows, unless it is declared a nil return: then it must have none."""
        return self.content.startswith(b"rejected") or bool(self.content) == self.is_nil


class Model:
    """Everything that was taken, in the order in which it came."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.unerased: set[str] = set()

    def take(self, new: Sent) -> bool:
        """Whether a file is new and taken; a second one that says nothing is held."""
        if self._is_known(new) or any(self.find(name) for name in new.names):
            return False
        if self.is_elsewhere(new.follows, new.period):
            return False
        new.is_held = new.kind == ORIGINAL and any(
            one.said[0] == ORIGINAL and not one.was_held for one in self._at(new.period)
        )
        new.was_held = new.is_held
        return self._keep(new)

    def withdraw(self, new: Sent) -> bool:
        """Whether a withdrawal is new and taken."""
        if any(one.content == new.content for one in self._at(new.period)):
            return False
        return not self.is_elsewhere(new.follows, new.period) and self._keep(new)

    def answer(self, held: Sent, period: str, kind: str, follows: str, as_of: str | None) -> bool:
        """Whether the word on a held file is taken: it is from then on what it is said to be."""
        if self.is_elsewhere(follows, period) or held.period != period or not self._waits_for_a_word(held):
            return False
        held.kind, held.follows, held.as_of, held.is_held = kind, follows, as_of, False
        self.unerased.add(period)
        return True

    def erase(self, period: str) -> bool:
        """Whether there is anything to erase; what is erased has no rows, whatever is said of it later."""
        if period not in self.unerased:
            return False
        self.unerased.discard(period)
        for one in self._at(period):
            one.is_erased = True
        return True

    def find(self, name: str | None) -> Sent | None:
        """Who is called that."""
        return next((one for one in self.sent if name in one.names), None)

    def is_elsewhere(self, name: str | None, period: str) -> bool:
        """Whether a name is known, but of another period."""
        found = self.find(name)
        return found is not None and found.period != period

    def state(self, period: str) -> State:
        """What counts of a period."""
        after: State = None
        for root in self._at(period):
            if root.follows is None and not root.is_held:
                after = self._after(root, after)
        return after

    def _keep(self, new: Sent) -> bool:
        self.sent.append(new)
        self.unerased.add(new.period)
        return True

    def _after(self, one: Sent, before: State) -> State:
        state = _applied(one, before)
        for child in self._children(one):
            state = self._after(child, state)
        return state

    def _children(self, of: Sent) -> list[Sent]:
        return sorted(
            (one for one in self._at(of.period) if one.follows in of.names), key=lambda one: one.order
        )

    def _at(self, period: str) -> Iterator[Sent]:
        return (one for one in self.sent if one.period == period)

    def _is_known(self, new: Sent) -> bool:
        """The same bytes that say nothing, or nothing else than before."""
        says_nothing = new.follows is None and not new.names and not new.is_nil
        return any(
            says_nothing
            or (one.said[::2] == new.said[::2] and self._means_the_same(one.said[1], new.follows))
            for one in self._at(new.period)
            if one.content == new.content and one.kind != WITHDRAWAL
        )

    def _means_the_same(self, one: str | None, other: str | None) -> bool:
        found = self.find(one)
        return one == other or (found is not None and found is self.find(other))

    def _waits_for_a_word(self, held: Sent) -> bool:
        if not held.is_held or any(child.kind == WITHDRAWAL for child in self._children(held)):
            return False
        again = (one for one in self._at(held.period) if one.content == held.content and one is not held)
        return all(one.follows is None for one in again)


def _applied(one: Sent, before: State) -> State:
    if one.kind == WITHDRAWAL:
        return None
    if one.is_rejected or one.is_erased:
        return before
    lines = [line.split(",") for line in one.content.decode().split()]
    said = {person: int(dollars) for person, dollars, action in lines if action == "U"}
    if one.kind != CORRECTION:
        return said
    if before is None:
        return None
    named = {person for person, *_ in lines}
    return {person: dollars for person, dollars in before.items() if person not in named} | said
