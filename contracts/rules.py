"""Rules beyond the single cell: within a row, over a key, and against another extract of the same box.

Rules are Ibis expressions over typed columns. A rule is judged only where the columns it looks at are good,
so it neither repeats a cell's finding nor is hidden by one elsewhere. How rules become a program belongs to
``compiler``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contracts.codes import Severity

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from contracts.model import Contract

Summary = Callable[["ir.Table"], "ir.Scalar"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What every rule says of itself.

    ``needs``: columns that must be filled and good, or the rule is not judged. ``reads``: columns that may be
    blank but not bad. A finding is laid to the first column needed, or else read.
    """

    code: str
    message: str
    hint: str
    rationale: str
    needs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR

    @property
    def column(self) -> str:
        """The column a finding is laid to."""
        return (*self.needs, *self.reads)[0]


@dataclass(frozen=True, kw_only=True)
class RowRule(Rule):
    """``ok`` holds for the typed columns of one row; a null answer counts as holding."""

    ok: Callable[[ir.Table], ir.BooleanValue]


@dataclass(frozen=True, kw_only=True)
class KeyRule(Rule):
    """No two rows of a submission share their key; rows with a blank or bad required part are left out."""


@dataclass(frozen=True, kw_only=True)
class CrossRule(Rule):
    """A row against a summary of another extract's accepted rows **of the same box**.

    Rows of ``against`` are grouped by box and the columns ``on`` (same name on both sides); ``summary`` names
    what is computed per group, from the columns it ``uses``. ``ok`` gets the typed row and those summaries,
    with ``found`` true where a group exists; a null answer counts as holding.
    """

    against: type[Contract]
    on: tuple[str, ...]
    ok: Callable[[ir.Table, Mapping[str, ir.Value]], ir.BooleanValue]
    summary: Mapping[str, Summary] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
