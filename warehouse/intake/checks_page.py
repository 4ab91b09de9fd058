"""The page beside a receipt: a file beside its firm's quarter before. Holds no cell, nothing of other firms.

What is compared belongs to ``comparing``; that the page is named in the receipt, to ``receipts``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from warehouse.intake.batch_checks import BatchFinding
from warehouse.intake.witness import Witnessed
from warehouse.lake import Submission
from warehouse.pages import page_template

CHECKS_SUFFIX = ".checks.html"

_WORDS: Mapping[str, tuple[str, str]] = {
    "volume": ("number of rows", "Is the file whole, and is it one quarter?"),
    "blank_share": ("share of blank cells", "Has the export lost the column, or is it no longer filled in?"),
    "share": ("share of a code", "Has the meaning of the code changed, or is a group missing?"),
    "mean": ("mean, as a multiple of the quarter before", "Same unit, same period (cents, months, hours)?"),
}


def checks_page(one: Submission, findings: Sequence[BatchFinding], witnessed: Witnessed | None) -> bytes:
    """The page of one file; what is remarkable comes first."""
    rows = [_told(finding) for finding in sorted(findings, key=lambda finding: finding.passed)]
    return page_template("checks.html").render(one=one, rows=rows, witnessed=witnessed).encode()


def _told(finding: BatchFinding) -> dict[str, object]:
    what, ask = _WORDS[finding.check]
    show = _percent if finding.check in ("blank_share", "share") else _plain
    return {
        "what": what,
        "column": finding.column or "",
        "code": finding.category or "",
        "observed": show(finding.observed),
        "expected": f"{show(finding.low)} to {show(finding.high)}",
        "passed": finding.passed,
        "ask": "" if finding.passed else ask,
    }


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:,.0f}" if number == int(number) else f"{number:.2f}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
