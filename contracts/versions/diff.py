"""What changed between two descriptions, and for whom it is a breach.

A **producer** is a firm that goes on sending as before: a change is safe for it when every file that was
fine is fine still. A **consumer** is whoever goes on reading the lake as before: a change is safe for it when
no row can arrive that the old version ruled out in type, list, register, blank, key or rule. Wider bounds,
lengths and shapes within the same type are no breach for consumers; a longer closed list is, unless they
declared it open.

The step follows: words alone PATCH, safe for both MINOR, a breach for either MAJOR. Whether the declared
version honors it is decided in ``history``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from contracts.codes import Severity
from contracts.fields import Privacy
from contracts.versions.description import (
    Coded,
    ColumnDescription,
    ContractDescription,
    Listed,
    MultiListed,
    RuleDescription,
    Words,
)
from contracts.versions.gates_inclusion import ReadCodes, taken_only_by
from contracts.versions.semver import Bump

_GUARDED = tuple(Privacy)
"""Classes of privacy in rising order, as they are declared."""


class Effect(StrEnum):
    """What a change is for a party."""

    SAFE = "safe"
    BREAKING = "breaking"


class Compatibility(StrEnum):
    """Names of the Confluent schema registry.

    BACKWARD: the new version takes what was sent under the old one, so the house changes first. FORWARD: who
    reads by the old version can read what the new one lets in, so firms may change first.
    """

    FULL = "FULL"
    BACKWARD = "BACKWARD"
    FORWARD = "FORWARD"
    NONE = "NONE"


@dataclass(frozen=True)
class Change:
    """One difference: where, what, and for whom it is a breach.

    ``place``: ``contract``, ``column hours_paid``, ``rule WAG-201``. ``words``: only what is said to people
    differs.
    """

    place: str
    what: str
    producer: Effect = Effect.SAFE
    consumer: Effect = Effect.SAFE
    words: bool = False

    @property
    def bump(self) -> Bump:
        """The step this change alone asks for."""
        if Effect.BREAKING in (self.producer, self.consumer):
            return Bump.MAJOR
        return Bump.PATCH if self.words else Bump.MINOR


@dataclass(frozen=True)
class Difference:
    """All changes from one description to another; empty when both promise and say the same."""

    changes: tuple[Change, ...]

    @property
    def bump(self) -> Bump:
        """The step all changes together ask for: the largest of them."""
        return max((change.bump for change in self.changes), default=Bump.NONE)

    @property
    def compatibility(self) -> Compatibility:
        """What the changes together are called in a schema registry."""
        producers = all(change.producer is Effect.SAFE for change in self.changes)
        consumers = all(change.consumer is Effect.SAFE for change in self.changes)
        if producers and consumers:
            return Compatibility.FULL
        if producers:
            return Compatibility.BACKWARD
        return Compatibility.FORWARD if consumers else Compatibility.NONE


def compare(
    old: ContractDescription,
    new: ContractDescription,
    read_codes: ReadCodes,
    open_lists: frozenset[str] = frozenset(),
) -> Difference:
    """Every change from ``old`` to ``new``, in the order contract, columns, rules; versions are not compared.

    ``read_codes`` gives the codes of a published set at the edition described; ``open_lists`` names the
    columns whose consumers take codes they do not know. ContractError CTR-032 when a comparison is too large.
    """
    within = _Comparison(old, new, read_codes, open_lists)
    return Difference((*_terms(old, new), *within.columns(), *_rules(old, new)))


def _breach(is_breach: bool) -> Effect:
    return Effect.BREAKING if is_breach else Effect.SAFE


def _terms(old: ContractDescription, new: ContractDescription) -> Iterator[Change]:
    """The contract as a whole. Rows that a key told apart may be twins under a key with fewer columns."""
    both = (Effect.BREAKING, Effect.BREAKING)
    for name in ("name", "dropped_by", "cadence"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change("contract", f"{name} was {before}, is {after}", *both)
    if old.prefix != new.prefix:
        what = f"codes begin with {new.prefix}, no longer with {old.prefix}"
        yield Change("contract", what, consumer=Effect.BREAKING)
    if old.strict != new.strict:
        what = "unknown columns are " + ("refused" if new.strict else "let pass")
        yield Change("contract", what, producer=_breach(new.strict))
    if old.opt_in != new.opt_in:
        what = f"asks for the opt-in {new.opt_in or 'of nobody'}, asked for {old.opt_in or 'that of nobody'}"
        yield Change("contract", what, _breach(bool(new.opt_in)), _breach(bool(old.opt_in)))
    if old.key != new.key:
        before, after = set(old.key), set(new.key)
        what = f"the key was {', '.join(old.key)}, is {', '.join(new.key)}"
        yield Change("contract", what, _breach(not before <= after), _breach(not after <= before))
    yield from _words("contract", old.words, new.words)


def _words(place: str, old: Words, new: Words) -> Iterator[Change]:
    said = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    if said:
        yield Change(place, "words: " + ", ".join(said), words=True)


@dataclass(frozen=True)
class _Comparison:
    """Two descriptions side by side, column by column."""

    old: ContractDescription
    new: ContractDescription
    read_codes: ReadCodes
    open_lists: frozenset[str]

    def columns(self) -> Iterator[Change]:
        """Dropped, added and changed columns; one that was renamed was dropped and added."""
        before, after = _by_name(self.old), _by_name(self.new)
        yield from (self._dropped(before[name]) for name in before if name not in after)
        yield from (self._added(after[name]) for name in after if name not in before)
        for name in before:
            if name in after:
                yield from self._column(before[name], after[name])
        shared = [name for name in before if name in after]
        if shared != [name for name in after if name in before]:
            yield Change("contract", "columns stand in another order")

    def _dropped(self, column: ColumnDescription) -> Change:
        return Change(_at(column), "dropped", _breach(self.new.strict), Effect.BREAKING)

    def _added(self, column: ColumnDescription) -> Change:
        """Where unknown columns were let pass, a file may hold anything under the new name already."""
        how = "required" if column.required else "optional"
        return Change(_at(column), f"added, {how}", _breach(column.required or not self.old.strict))

    def _column(self, old: ColumnDescription, new: ColumnDescription) -> Iterator[Change]:
        yield from _declaration(old, new)
        yield from self._cells(old, new)
        yield from _binding(old, new)
        yield from _words(_at(old), old.words, new.words)

    def _cells(self, old: ColumnDescription, new: ColumnDescription) -> Iterator[Change]:
        """A text is shown as the proof; it is made from the two shapes and is nobody's data."""
        refused = taken_only_by(old.cells, new.cells, self.read_codes)
        if refused is not None:
            yield Change(_at(old), f"narrower: refuses for example {refused!r}", producer=Effect.BREAKING)
        taken = taken_only_by(new.cells, old.cells, self.read_codes)
        if taken is not None:
            closed = isinstance(old.cells, Listed | MultiListed | Coded) and old.name not in self.open_lists
            yield Change(_at(old), f"wider: takes for example {taken!r}", consumer=_breach(closed))
        if refused is None and taken is None and old.cells != new.cells:
            yield Change(_at(old), "described in another way; takes the same texts")


def _by_name(of: ContractDescription) -> Mapping[str, ColumnDescription]:
    return {column.name: column for column in of.columns}


def _at(column: ColumnDescription) -> str:
    return f"column {column.name}"


def _declaration(old: ColumnDescription, new: ColumnDescription) -> Iterator[Change]:
    place = _at(old)
    if old.required != new.required:
        what = "required" if new.required else "optional"
        yield Change(place, f"is {what} now", _breach(new.required), _breach(old.required))
    if old.type != new.type:
        yield Change(place, f"type was {old.type}, is {new.type}", consumer=Effect.BREAKING)
    if old.unit != new.unit:
        what = f"unit was {old.unit or 'none'}, is {new.unit or 'none'}"
        yield Change(place, what, Effect.BREAKING, Effect.BREAKING)
    if old.kind != new.kind:
        yield Change(place, f"kind was {old.kind}, is {new.kind}: findings have its codes")
    if old.privacy != new.privacy:
        yield _privacy(place, old.privacy, new.privacy)


def _privacy(place: str, old: Privacy, new: Privacy) -> Change:
    """Less guarded breaks what firms were promised; more guarded, what readers were allowed."""
    guarded_more = _GUARDED.index(new) > _GUARDED.index(old)
    what = f"privacy was {old}, is {new}"
    return Change(place, what, _breach(not guarded_more), _breach(guarded_more))


def _binding(old: ColumnDescription, new: ColumnDescription) -> Iterator[Change]:
    """What a register or a box holds is not known here, so no two of them ever stand for each other."""
    if old.bound_to != new.bound_to:
        what = f"must be known to {new.bound_to or 'nothing'}, was {old.bound_to or 'nothing'}"
        yield Change(_at(old), what, _breach(bool(new.bound_to)), _breach(bool(old.bound_to)))


def _rules(old: ContractDescription, new: ContractDescription) -> Iterator[Change]:
    before, after = ({rule.code: rule for rule in one.rules} for one in (old, new))
    for code in sorted({*before, *after}):
        yield from _rule(f"rule {code}", before.get(code), after.get(code))


def _rule(place: str, old: RuleDescription | None, new: RuleDescription | None) -> Iterator[Change]:
    """Only rules of severity ERROR keep rows out: one more binds producers, one less lets consumers down."""
    if old is None or new is None or _judges(old) != _judges(new):
        yield Change(place, _rule_words(old, new), _breach(_keeps_out(new)), _breach(_keeps_out(old)))
    elif old.severity != new.severity:
        what = f"severity was {old.severity}, is {new.severity}"
        yield Change(place, what, _breach(_keeps_out(new)), _breach(_keeps_out(old)))
    if old is not None and new is not None:
        yield from _words(place, old.words, new.words)


def _judges(rule: RuleDescription) -> tuple[object, ...]:
    return (rule.condition, rule.needs, rule.reads)


def _keeps_out(rule: RuleDescription | None) -> bool:
    return rule is not None and rule.severity is Severity.ERROR


def _rule_words(old: RuleDescription | None, new: RuleDescription | None) -> str:
    if old is None:
        return f"added, {new.severity}" if new else ""
    return (
        f"judges otherwise, {old.severity} before and {new.severity} now"
        if new
        else f"dropped, {old.severity}"
    )
