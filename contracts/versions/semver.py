"""Version numbers of contracts, and how large a step between two of them is.

Source: Semantic Versioning 2.0.0, sections 2 and 6 to 8. Contracts have no pre-releases.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from contracts.errors import ContractError

_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", re.ASCII)


class Bump(IntEnum):
    """How large a step is; a larger one covers a smaller one."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


class Version(NamedTuple):
    """A version that compares by number, not by text: 1.10.0 comes after 1.9.0."""

    major: int
    minor: int
    patch: int

    @classmethod
    def read(cls, text: str) -> Version:
        """``1.2.0`` as a version; ContractError CTR-033 when it is none."""
        found = _VERSION.fullmatch(text)
        if found is None:
            raise _no_version(text)
        return cls(*map(int, found.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def after(self, bump: Bump) -> Version:
        """The next version, by a step of this size."""
        steps = {
            Bump.NONE: self,
            Bump.PATCH: Version(self.major, self.minor, self.patch + 1),
            Bump.MINOR: Version(self.major, self.minor + 1, 0),
            Bump.MAJOR: Version(self.major + 1, 0, 0),
        }
        return steps[bump]


def step_between(old: str, new: str) -> Bump:
    """How large a step was declared; ContractError CTR-033 for no version, CTR-034 for a step back."""
    before, after = Version.read(old), Version.read(new)
    if after < before:
        raise _step_back(before, after)
    if after.major > before.major:
        return Bump.MAJOR
    if after.minor > before.minor:
        return Bump.MINOR
    return Bump.PATCH if after > before else Bump.NONE


def _no_version(text: str) -> ContractError:
    return ContractError(
        "CTR-033",
        found=f"the version {text!r}",
        expected="three whole numbers such as 1.2.0",
        where="a contract's version",
        remedy="Write MAJOR.MINOR.PATCH without leading zeros.",
    )


def _step_back(before: Version, after: Version) -> ContractError:
    return ContractError(
        "CTR-034",
        found=f"version {after}",
        expected=f"{before} or a later version",
        where="a contract's version",
        remedy="Versions only grow; a change that is taken back is a new version too.",
    )
