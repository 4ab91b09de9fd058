"""Which contract a file is meant for: by its name, or by the one contract its header fits best.

What a header must be under a contract belongs to ``warehouse.intake.header``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts import CONTRACTS, contract
from contracts.errors import CheckError
from contracts.model import Contract
from contracts.quarters import Quarter
from warehouse.checking.report import Assumed

_NAMED = re.compile(r"\A(?P<contract>[a-z][a-z_]{0,40}?)(?:_(?P<period>[0-9]{4}Q[1-4]))?\Z")
_QUARTER = re.compile(r"(?<![0-9A-Za-z])([0-9]{4}Q[1-4])(?![0-9A-Za-z])")
_ENOUGH = 0.5


@dataclass(frozen=True)
class Choice:
    """A contract, and why this one."""

    contract: type[Contract]
    chosen: Assumed


def choose_contract(path: Path, header: Sequence[str], asked: str | None) -> Choice:
    """The contract asked for; else the one the file is named after; else the one its header fits best.

    ContractError CTR-006 for a contract that does not exist, CheckError CHK-002 when no contract or more than
    one fits.
    """
    if asked is not None:
        return Choice(contract(asked), Assumed(asked, "as you said", surely=True))
    named = _NAMED.match(path.stem)
    if named is not None and named["contract"] in CONTRACTS:
        name = named["contract"]
        return Choice(CONTRACTS[name], Assumed(name, "by the file's name", surely=False))
    return _by_header(path, header)


def period_in_name(path: Path) -> str | None:
    """The quarter that a file's name holds, if it holds exactly one."""
    found = set(_QUARTER.findall(path.stem))
    return found.pop() if len(found) == 1 else None


def require_quarter(text: str) -> str:
    """A quarter as given; CheckError CHK-003 when it is none."""
    try:
        return str(Quarter.parse(text))
    except ValueError:
        raise CheckError(
            "CHK-003",
            found="a period that is no quarter",
            expected="a quarter such as 2026Q1",
            where="the option --period",
            remedy="Write the year, Q and 1 to 4.",
        ) from None


@dataclass(frozen=True)
class _Fit:
    """How well a header fits one contract; the better fit is the smaller."""

    of: type[Contract]
    lacking: int
    unknown: int
    known: int

    @property
    def rank(self) -> tuple[int, int, int]:
        """No required column missing counts first, then no unknown column, then how many are known."""
        return (self.lacking, self.unknown, -self.known)

    @property
    def plausible(self) -> bool:
        """More than half of what is required is there, and most columns are known."""
        required = len(self.of.required_columns())
        return self.lacking < _ENOUGH * required and self.known > self.unknown


def _by_header(path: Path, header: Sequence[str]) -> Choice:
    names = set(header)
    fits = sorted((_fit(of, names) for of in CONTRACTS.values()), key=lambda fit: fit.rank)
    best = [fit for fit in fits if fit.rank == fits[0].rank and fit.plausible]
    if len(best) != 1:
        raise _undecided(path, [fit.of.meta.name for fit in best])
    fit, name = best[0], best[0].of.meta.name
    because = f"by its header, which has {fit.known} of the contract's {len(fit.of.columns())} columns"
    return Choice(fit.of, Assumed(name, because, surely=False))


def _fit(of: type[Contract], names: Collection[str]) -> _Fit:
    known = set(of.column_names()).intersection(names)
    lacking = set(of.required_columns()).difference(names)
    return _Fit(of, len(lacking), len(names) - len(known), len(known))


def _undecided(path: Path, candidates: Sequence[str]) -> CheckError:
    several = " and of ".join(candidates)
    names = ": " + " or ".join(candidates) if candidates else "; `guildhall contract list` has the names"
    return CheckError(
        "CHK-002",
        found=f"a header that could be that of {several}" if several else "a header that fits no contract",
        expected="the name of a contract in the file's name, or a header that fits one contract only",
        where=path.name,
        remedy=f"Say which it is with --contract NAME{names}.",
    )
