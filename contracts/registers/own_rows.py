"""Rules that hold a register's row against the firm's own other rows, and never against another firm's.

Rules within a row belong to ``row_rules``.
"""

from __future__ import annotations

from contracts.codes import Severity
from contracts.extracts.enrollment import Enrollment
from contracts.registers.establishment import Establishment
from contracts.rules import CrossRule


def enrolled_at_own_firm(code: str, *, why: str) -> CrossRule:
    """The firm has reported an enrollment of the learner in the program; a warning where it has not."""
    return CrossRule(
        code=code,
        needs=("program_id", "learner_key"),
        against=Enrollment,
        on=("learner_key", "program_id"),
        ok=lambda row, own: own["found"],
        severity=Severity.WARNING,
        message="the firm has reported no enrollment of the learner into this program",
        hint="Send the enrollment, or check program_id; other firms' enrollments are not seen.",
        rationale=why,
    )


def known_at_own_firm(code: str, *, why: str) -> CrossRule:
    """The firm's own list of establishments has the site; a warning where it has not."""
    return CrossRule(
        code=code,
        needs=("establishment_id",),
        against=Establishment,
        on=("establishment_id",),
        ok=lambda row, own: own["found"],
        severity=Severity.WARNING,
        message="the firm's list of establishments does not have this one",
        hint="Add the site to the establishments, or correct establishment_id.",
        rationale=why,
    )
