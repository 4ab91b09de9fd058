"""The few words that every rendering of a report shares, so that they cannot disagree."""

from __future__ import annotations

from collections.abc import Mapping

from warehouse.checking.report import Verdict

VERDICTS: Mapping[Verdict, str] = {
    Verdict.CLEAN: "Clean: nothing was found.",
    Verdict.WARNINGS: "Clean, with warnings: every row would be taken.",
    Verdict.VIOLATIONS: "Violations: rows with errors would be quarantined and count nowhere.",
    Verdict.UNUSABLE: "Unusable: the file as a whole would be refused.",
}
NOT_CHECKED = "not checked here"
