"""Languages of cells as terms: regular expressions with "both" and "not", decided by derivatives.

A term stands for a set of texts. Equal terms are the same number, so that a search through them ends. How
patterns, numbers and days become terms belongs to ``patterns`` and ``ranges``.

Source: J. A. Brzozowski, Derivatives of Regular Expressions, Journal of the ACM 11(4), 1964; character
classes after S. Owens, J. Reppy and A. Turon, Regular-expression derivatives re-examined, JFP 19(2), 2009.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from contracts.errors import ContractError

BEYOND_ASCII = 128
"""The one symbol for every character beyond ASCII: no gate can tell two of them apart."""

SYMBOLS = frozenset(range(BEYOND_ASCII + 1))
DIGITS = frozenset(range(48, 58))

MOST_TERMS = 400_000
"""Beyond this a comparison is given up with an error: a gate that needs more is none a person can read."""

Symbols = frozenset[int]
Term = int

NOTHING: Term = 0
"""No text at all."""

BLANK: Term = 1
"""The empty text alone."""


class _Node(NamedTuple):
    """``kind`` decides what the rest means: terms, a class of symbols, a count from ``low`` to ``high``."""

    kind: str
    parts: tuple[Term, ...] = ()
    symbols: Symbols = frozenset()
    low: int = 0
    high: int | None = None


class Terms:
    """A store of terms. ContractError CTR-032 when it would hold more than ``most`` of them."""

    def __init__(self, most: int = MOST_TERMS) -> None:
        self._most = most
        self._nodes: list[_Node] = []
        self._numbers: dict[_Node, Term] = {}
        self._takes_blank: list[bool] = []
        self._derived: dict[tuple[Term, int], Term] = {}
        self._make(_Node("nothing"), takes_blank=False)
        self._make(_Node("blank"), takes_blank=True)
        self.everything = self.other_than(NOTHING)

    def __len__(self) -> int:
        return len(self._nodes)

    def one_of(self, symbols: Iterable[int]) -> Term:
        """A single character out of these symbols."""
        chosen = frozenset(symbols)
        return self._make(_Node("one_of", symbols=chosen), takes_blank=False) if chosen else NOTHING

    def text(self, text: str) -> Term:
        """This text and no other."""
        return self.then(*(self.one_of((symbol,)) for symbol in symbols_of(text)))

    def then(self, *parts: Term) -> Term:
        """One part after the other."""
        whole = BLANK
        for part in reversed(parts):
            whole = self._pair(part, whole)
        return whole

    def either(self, *parts: Term) -> Term:
        """A text of any part."""
        chosen, symbols = set(self._flat("either", parts)), frozenset[int]()
        if self.everything in chosen:
            return self.everything
        for part in [one for one in chosen if self._nodes[one].kind == "one_of"]:
            symbols |= self._nodes[part].symbols
            chosen.discard(part)
        chosen.add(self.one_of(symbols))
        chosen.discard(NOTHING)
        if len(chosen) < 2:
            return chosen.pop() if chosen else NOTHING
        parts = tuple(sorted(chosen))
        return self._make(_Node("either", parts), takes_blank=any(map(self.takes_blank, parts)))

    def both(self, *parts: Term) -> Term:
        """A text of every part."""
        chosen = set(self._flat("both", parts)) - {self.everything}
        if NOTHING in chosen:
            return NOTHING
        if len(chosen) < 2:
            return chosen.pop() if chosen else self.everything
        parts = tuple(sorted(chosen))
        return self._make(_Node("both", parts), takes_blank=all(map(self.takes_blank, parts)))

    def other_than(self, part: Term) -> Term:
        """Every text that is not of the part."""
        node = self._nodes[part]
        if node.kind == "other_than":
            return node.parts[0]
        return self._make(_Node("other_than", (part,)), takes_blank=not self.takes_blank(part))

    def times(self, part: Term, low: int = 0, high: int | None = None) -> Term:
        """The part ``low`` to ``high`` times; None is without end."""
        if high == 0 or part == BLANK:
            return BLANK
        if part == NOTHING:
            return NOTHING if low else BLANK
        if low == high == 1:
            return part
        low = 0 if self.takes_blank(part) else low
        return self._make(_Node("times", (part,), low=low, high=high), takes_blank=low == 0)

    def words(self, words: Iterable[str]) -> Term:
        """Any of these texts, as a tree of their first letters."""
        return self._tree([symbols_of(word) for word in sorted(set(words))])

    def takes_blank(self, term: Term) -> bool:
        """Whether the empty text is in the set."""
        return self._takes_blank[term]

    def takes(self, term: Term, text: str) -> bool:
        """Whether a text is in the set."""
        for symbol in symbols_of(text):
            term = self.after(term, symbol)
        return self.takes_blank(term)

    def after(self, term: Term, symbol: int) -> Term:
        """The derivative: what may follow once the symbol was read."""
        known = self._derived.get((term, symbol))
        if known is None:
            known = self._derived[term, symbol] = self._derive(self._nodes[term], symbol)
        return known

    def shortest(self, term: Term) -> str | None:
        """A shortest text of the set; None when it holds no text, which is proved by visiting every state."""
        symbols = self._representatives()
        came_from: dict[Term, tuple[Term, int]] = {}
        seen, ring = {term}, [term]
        while ring:
            for state in ring:
                if self.takes_blank(state):
                    return _way_back(state, term, came_from)
            further: list[Term] = []
            for state in ring:
                for symbol in symbols:
                    reached = self.after(state, symbol)
                    if reached not in seen and reached != NOTHING:
                        seen.add(reached)
                        came_from[reached] = (state, symbol)
                        further.append(reached)
            ring = further
        return None

    def _derive(self, node: _Node, symbol: int) -> Term:
        if node.kind == "one_of":
            return BLANK if symbol in node.symbols else NOTHING
        if node.kind == "then":
            return self._derive_pair(node.parts[0], node.parts[1], symbol)
        if node.kind == "times":
            rest = self.times(node.parts[0], max(node.low - 1, 0), node.high and node.high - 1)
            return self._pair(self.after(node.parts[0], symbol), rest)
        derived = [self.after(part, symbol) for part in node.parts]
        if node.kind == "either":
            return self.either(*derived)
        if node.kind == "both":
            return self.both(*derived)
        return self.other_than(derived[0]) if node.kind == "other_than" else NOTHING

    def _derive_pair(self, first: Term, second: Term, symbol: int) -> Term:
        within = self._pair(self.after(first, symbol), second)
        return self.either(within, self.after(second, symbol)) if self.takes_blank(first) else within

    def _pair(self, first: Term, second: Term) -> Term:
        if NOTHING in (first, second):
            return NOTHING
        if BLANK in (first, second):
            return second if first == BLANK else first
        node = self._nodes[first]
        if node.kind == "then":
            return self._pair(node.parts[0], self._pair(node.parts[1], second))
        takes_blank = self.takes_blank(first) and self.takes_blank(second)
        return self._make(_Node("then", (first, second)), takes_blank=takes_blank)

    def _flat(self, kind: str, parts: Iterable[Term]) -> Iterator[Term]:
        for part in parts:
            node = self._nodes[part]
            yield from node.parts if node.kind == kind else (part,)

    def _tree(self, words: list[tuple[int, ...]]) -> Term:
        branches: dict[int, list[tuple[int, ...]]] = {}
        for word in words:
            if word:
                branches.setdefault(word[0], []).append(word[1:])
        tree = [self._pair(self.one_of((symbol,)), self._tree(rest)) for symbol, rest in branches.items()]
        return self.either(*tree, *([BLANK] if () in words[:1] else []))

    def _representatives(self) -> list[int]:
        """One symbol of every group that no class tells apart; readable ones first."""
        classes = [node.symbols for node in self._nodes if node.kind == "one_of"]
        groups: dict[tuple[bool, ...], int] = {}
        for symbol in sorted(SYMBOLS, key=_readability):
            groups.setdefault(tuple(symbol in one for one in classes), symbol)
        return list(groups.values())

    def _make(self, node: _Node, *, takes_blank: bool) -> Term:
        number = self._numbers.get(node)
        if number is None:
            number = self._numbers[node] = len(self._nodes)
            self._nodes.append(node)
            self._takes_blank.append(takes_blank)
            if number >= self._most:
                raise _too_large(self._most)
        return number


def symbols_of(text: str) -> tuple[int, ...]:
    """A text as the symbols of this module."""
    return tuple(min(ord(letter), BEYOND_ASCII) for letter in text)


def _readability(symbol: int) -> tuple[int, int]:
    letter = chr(symbol)
    if symbol == BEYOND_ASCII or not letter.isprintable():
        return (3, symbol)
    return (0 if letter.isdigit() else 1 if letter.isalpha() else 2, symbol)


def _way_back(state: Term, start: Term, came_from: dict[Term, tuple[Term, int]]) -> str:
    letters = []
    while state != start:
        state, symbol = came_from[state]
        letters.append("é" if symbol == BEYOND_ASCII else chr(symbol))
    return "".join(reversed(letters))


def _too_large(most: int) -> ContractError:
    return ContractError(
        "CTR-032",
        found=f"a comparison that needs more than {most:,} states",
        expected="patterns whose comparison stays within that",
        where="the comparison of two shapes of a cell",
        remedy="Write the pattern without overlapping repetitions, for example one class instead of several.",
    )
