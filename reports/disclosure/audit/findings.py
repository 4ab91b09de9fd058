"""What an audit can find: a code, the cell, the attack and the kind of attacker. What the public may hear of
it.

A finding is the operator's: it names a cell that is exposed. Which firm could attack is never said, not even
to the operator. Finding things does not belong here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Attacker(StrEnum):
    """Who could learn something."""

    PUBLIC = "anybody"
    FIRM = "a single firm"
    RELEASES = "a reader of several releases"
    NOBODY = "nobody yet: the proof is missing"


MEANINGS = MappingProxyType(
    {
        "AUD-101": "the evidence does not add up: an equation fails, or a value is below zero",
        "AUD-102": "a cell that a primary rule hides is published",
        "AUD-103": "a hidden cell asks for a narrower interval than the policy does",
        "AUD-104": "a hidden cell follows exactly from what is published",
        "AUD-105": "a hidden cell follows exactly for a firm that adds what it knows of itself",
        "AUD-106": "a hidden cell can be narrowed down too far from what is published",
        "AUD-107": "a hidden cell can be narrowed down too far by a firm that adds what it knows of itself",
        "AUD-108": "nothing proves a hidden cell wide enough, and the system is too large to compute it",
        "AUD-109": "the difference between two releases is about too few persons or firms",
        "AUD-110": "a cell that an earlier release hid is published",
        "AUD-111": "what is shown of one cell gives away what is hidden of it",
        "AUD-112": "the protector itself says that a cell cannot be protected",
        "AUD-113": "the evidence and what is published are not about the same cells",
        "AUD-201": "a file is not what the manifest says",
        "AUD-202": "a number stands beside a status that carries none",
        "AUD-203": "a status is unknown, or missing",
        "AUD-204": "a hidden cell follows exactly from published files and totals",
        "AUD-205": "a hidden number can be read in a published file",
        "AUD-206": "an average and its count give a hidden sum away",
        "AUD-207": "a percentile is exact, or rests on too few people",
        "AUD-208": "the same table differs between two file formats",
        "AUD-209": "a chart shows a number that no published table holds and a hidden cell does",
        "AUD-210": "a figure derived from wages is published too soon after its newest quarter",
        "AUD-211": "a cell of a level that is not to be published stands in a table",
        "AUD-212": "a firm's amount is distorted by less, or more, than the policy says",
        "AUD-213": "a firm does not have one factor in all cells and releases",
        "AUD-214": "a figure is not what distorted amounts add up to, or its status does not say what it is",
    }
)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing found: ``where`` names the cell or the file, ``attack`` how it is exposed."""

    code: str
    where: str
    attack: str
    attacker: Attacker

    @property
    def meaning(self) -> str:
        """What its code stands for."""
        return MEANINGS[self.code]

    def __str__(self) -> str:
        return f"{self.code}  {self.where}: {self.meaning} ({self.attack}; {self.attacker})"


@dataclass(frozen=True)
class Audit:
    """What was checked, what could not be, and what was found.

    ``checked`` names each check with how much it looked at; ``unchecked`` says what was not possible, and
    why.
    """

    findings: tuple[Finding, ...]
    checked: tuple[tuple[str, int], ...]
    unchecked: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def in_public(self) -> str:
        """All that the public is told: a cell that is named as exposed is exposed twice."""
        return "The disclosure audit passed." if self.passed else "The disclosure audit did not pass."

    def joined_with(self, other: Audit) -> Audit:
        """Two audits of the same release as one."""
        return Audit(
            tuple(sorted({*self.findings, *other.findings})),
            self.checked + other.checked,
            self.unchecked + other.unchecked,
        )


def audit_of(
    findings: Iterable[Finding], checked: Iterable[tuple[str, int]] = (), unchecked: Iterable[str] = ()
) -> Audit:
    """An audit with its findings sorted, each once."""
    return Audit(tuple(sorted(set(findings))), tuple(checked), tuple(unchecked))
