"""A gate's pattern as a term. Which patterns are gates at all is decided in ``contracts.gates``."""

from __future__ import annotations

import re

from contracts.gates import Gate
from contracts.versions.terms import BLANK, SYMBOLS, Symbols, Term, Terms

_COUNT = re.compile(r"\{(?P<low>[0-9]+)(?P<more>,(?P<high>[0-9]+))?\}")
_COUNTS = {"?": (0, 1), "*": (0, None), "+": (1, None)}


def term_of_pattern(terms: Terms, pattern: str) -> Term:
    """The set of texts a gate admits; ContractError CTR-001 when the pattern is none of a gate's."""
    return _Reader(terms, Gate(pattern).pattern).read()


class _Reader:
    """Reads a pattern that is known to be well formed, from left to right."""

    def __init__(self, terms: Terms, pattern: str) -> None:
        self._terms = terms
        self._pattern = pattern
        self._at = 0

    def read(self) -> Term:
        """Alternatives up to the end of the pattern or of the group."""
        found = [self._sequence()]
        while self._skip("|"):
            found.append(self._sequence())
        return self._terms.either(*found)

    def _sequence(self) -> Term:
        parts = [BLANK]
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            parts.append(self._repeated(self._atom()))
        return self._terms.then(*parts)

    def _atom(self) -> Term:
        if self._skip("(?:") or self._skip("("):
            inner = self.read()
            self._skip(")")
            return inner
        if self._skip("["):
            return self._terms.one_of(self._class())
        return self._terms.one_of((self._letter(),))

    def _repeated(self, atom: Term) -> Term:
        sign = self._pattern[self._at : self._at + 1]
        if sign and sign in _COUNTS:
            self._at += 1
            return self._terms.times(atom, *_COUNTS[sign])
        count = _COUNT.match(self._pattern, self._at)
        if count is None:
            return atom
        self._at = count.end()
        low = int(count["low"])
        return self._terms.times(atom, low, int(count["high"]) if count["more"] else low)

    def _class(self) -> Symbols:
        negated = self._skip("^")
        chosen: set[int] = set()
        while not self._skip("]"):
            first = last = self._letter()
            if self._pattern[self._at] == "-" and self._pattern[self._at + 1] != "]":
                self._at += 1
                last = self._letter()
            chosen.update(range(first, last + 1))
        return SYMBOLS - chosen if negated else frozenset(chosen)

    def _letter(self) -> int:
        """One character, which may be written as ``\\x1F`` or behind a backslash."""
        if self._skip("\\x"):
            self._at += 2
            return int(self._pattern[self._at - 2 : self._at], 16)
        self._skip("\\")
        self._at += 1
        return ord(self._pattern[self._at - 1])

    def _skip(self, sign: str) -> bool:
        found = self._pattern.startswith(sign, self._at)
        self._at += len(sign) * found
        return found
