"""Shape gates: regular expressions that mean the same in every engine a contract runs on.

A gate always matches a whole text. Its pattern is refused when it leaves the subset on which RE2 (DuckDB),
Rust (Polars), Java (Spark) and Python agree. What a shape stands for belongs to ``fields``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from contracts.errors import ContractError

if TYPE_CHECKING:
    import ibis.expr.types as ir

ANCHORED = re.compile(r"\\A\(\?:(?P<inner>.*)\)\\z", re.DOTALL)
"""How a gate's pattern stands in an expression: anchored at both ends, so that no engine skips a line end."""

_MOST_REPEATS = 1000
_CLASS_ITEM = r"(?:[A-Za-z0-9 _.,;:=+@#/%~!'-]|\\x[0-7][0-9A-F]|\\[\\\]\[^-])"
_TOKEN = re.compile(
    rf"""
      (?P<class>\[\^?{_CLASS_ITEM}+\])
    | (?P<group>\((?:\?:)?|\)|\|)
    | (?P<repeat>[?*+]|\{{(?P<low>[0-9]+)(?:,(?P<high>[0-9]+))?\}})
    | (?P<literal>[A-Za-z0-9 _,;:=@#/%~!'-]|\\[.\\+*?()|\[\]{{}}^$])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Gate:
    """A full-match pattern of literals, explicit ASCII classes, groups, ``|`` and bounded repetition.

    A negated class is for control characters only (``[^\\x00-\\x1F]``): it alone may match beyond ASCII.
    ContractError CTR-001 when the pattern uses anything else.
    """

    pattern: str

    def __post_init__(self) -> None:
        """Read the pattern by tokens; ``open_groups`` holds the greatest repetition inside each group."""
        open_groups, last = [1], 1
        for token in _tokens(self.pattern):
            last = _repetition(token, open_groups, last)
            if last > _MOST_REPEATS:
                raise _outside_subset(self.pattern, token.start())
        re.compile(self.pattern)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.ASCII)

    def admits(self, text: str) -> bool:
        """Whether Python finds the whole text to be of this shape."""
        return self._compiled.fullmatch(text) is not None

    def matches(self, text: ir.StringValue) -> ir.BooleanValue:
        """The same as an expression over a text column; null for null."""
        return text.re_search(rf"\A(?:{self.pattern})\z")


def _tokens(pattern: str) -> Iterator[re.Match[str]]:
    """The pattern's tokens. A repetition stands behind an atom: ``(?i)``, ``a??`` and ``a++`` are refused."""
    position, behind_atom = 0, False
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None or (token["repeat"] and not behind_atom):
            raise _outside_subset(pattern, position)
        yield token
        position, behind_atom = token.end(), bool(token["literal"] or token["class"] or token[0] == ")")


def _repetition(token: re.Match[str], open_groups: list[int], last: int) -> int:
    """How often the atom that ends here repeats at most; like RE2, groups within groups multiply."""
    if token["group"] == ")" and len(open_groups) > 1:
        last = open_groups.pop()
    elif token["repeat"]:
        last *= int(token["high"] or token["low"] or 1)
    else:
        last = 1
        if token["group"] in ("(", "(?:"):
            open_groups.append(1)
    open_groups[-1] = max(open_groups[-1], last)
    return last


def _outside_subset(pattern: str, position: int) -> ContractError:
    return ContractError(
        "CTR-001",
        found=f"a regular expression that leaves the portable subset at position {position}",
        expected="literals, explicit ASCII classes, groups, | ? * + {m,n} with n at most 1000, no anchors",
        where=f"the gate {pattern!r}",
        remedy="Spell classes out, for example [0-9] instead of \\d; the gate anchors itself.",
    )
