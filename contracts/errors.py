"""The one family of errors a person can act on.

    GuildhallError
    ├── ContractError    a contract cannot be compiled, found or rendered
    ├── HomeError        a consortium home is missing, incomplete or badly configured
    ├── IntakeError      a drop cannot be taken at all
    ├── CheckError       a file cannot be checked at the firm
    ├── LedgerError      the ledger does not verify, or a write would break it
    ├── ReceiptError     a receipt is none, or not as it was issued
    ├── VaultError       what landed cannot be opened, or was erased
    ├── LakeError        the lake does not hold what the ledger says it holds
    ├── BuildError       a warehouse build failed and was thrown away
    ├── PanelError       a panel cannot be read or studied as given
    ├── PolicyError      a disclosure policy is unknown, loosened or misplaced
    ├── DisclosureError  something would leave the building that must not
    ├── ReleaseError     a release cannot be made, read or verified
    ├── ScorecardError   a member's scorecard or fund statement cannot be made or delivered
    ├── DoorError        a question at the boards' door cannot be answered as asked
    └── SampleError      a sample region cannot be generated as asked

Every error carries a stable code, says what was found, what was expected, where, and what to do.
No error ever holds a person-level value. Exceptions for programming mistakes do not belong here.
"""

from __future__ import annotations


class GuildhallError(Exception):
    """An error with a code, a place, an expectation and a remedy."""

    def __init__(self, code: str, *, found: str, expected: str, where: str, remedy: str) -> None:
        self.code = code
        self.found = found
        self.expected = expected
        self.where = where
        self.remedy = remedy
        super().__init__(f"{code} in {where}: found {found}; expected {expected}. {remedy}")


class ContractError(GuildhallError):
    """A contract cannot be compiled, found or rendered."""


class HomeError(GuildhallError):
    """A consortium home is missing, incomplete or badly configured."""


class IntakeError(GuildhallError):
    """A drop cannot be taken at all."""


class CheckError(GuildhallError):
    """A file cannot be checked at the firm as asked."""


class LedgerError(GuildhallError):
    """The ledger does not verify, or a write would break it."""


class ReceiptError(GuildhallError):
    """A receipt is none, or not as it was issued."""


class VaultError(GuildhallError):
    """What landed cannot be opened, or was erased."""


class LakeError(GuildhallError):
    """The lake does not hold what the ledger says it holds."""


class BuildError(GuildhallError):
    """A warehouse build failed and was thrown away."""


class PanelError(GuildhallError):
    """A panel of persons and quarters cannot be read or studied as given."""


class PolicyError(GuildhallError):
    """A disclosure policy is unknown, loosened or misplaced."""


class DisclosureError(GuildhallError):
    """Something would leave the building that must not."""


class ReleaseError(GuildhallError):
    """A release cannot be made, read or verified."""


class ScorecardError(GuildhallError):
    """A member's scorecard or fund statement cannot be made or delivered."""


class DoorError(GuildhallError):
    """A question at the boards' door cannot be answered as asked."""


class SampleError(GuildhallError):
    """A sample region cannot be generated as asked."""
