"""Why a drop is not taken at all: stable codes, and words for the person who dropped it.

What is wrong inside a file that was taken belongs to ``intake``; what is wrong in a row, to ``contracts``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """A stable code, what is wrong, and what to do. Holds nothing of the file's content."""

    code: str
    message: str
    remedy: str


NAME_NOT_UNDERSTOOD = Refusal(
    "FIL-001",
    "The file's name does not say which extract of which quarter it is.",
    "Name it <extract>_<quarter> with .csv, .xlsx or .parquet behind (and .age behind that if it is sealed), "
    "for example wage_2026Q1.csv, and drop it again.",
)
MANIFEST_DISAGREES = Refusal(
    "FIL-030",
    "The manifest names another hash, extract or period than the file beside it has.",
    "Make the manifest anew from the file you mean, and drop both again.",
)
MANIFEST_UNUSABLE = Refusal(
    "FIL-031",
    "The manifest is not well-formed: a field is unknown or wrong, or the submission's type and what it "
    "supersedes do not fit.",
    "Correct the manifest, or leave it away when this is the first file for its extract and period.",
)
FILE_BESIDE_STATEMENT = Refusal(
    "FIL-032",
    "The manifest is a withdrawal, or answers for a held submission, yet a file lies beside it.",
    "Drop the manifest alone; send a file with a manifest of type REPLACEMENT or CORRECTION.",
)
ID_USED_BEFORE = Refusal(
    "FIL-033",
    "The manifest's submission_id was used before, for another file.",
    "Give every submission an id of its own, and drop both again.",
)
SUPERSEDES_ANOTHER_KEY = Refusal(
    "FIL-034",
    "What the manifest says it supersedes is a submission of another extract or period.",
    "Name the submission_id of the receipt for this extract and period.",
)
NOT_A_FILE = Refusal(
    "FIL-035",
    "This is a link, a folder or a device, not a file.",
    "Drop the file itself.",
)
NOT_FROM_THIS_BOX = Refusal(
    "FIL-036",
    "This extract is not taken from this box.",
    "Member firms drop enrollment, credential, placement and wage; the operator drops the registers.",
)
TOO_LARGE = Refusal(
    "FIL-037",
    "The file is larger than this consortium takes.",
    "Send one quarter's rows only, without further columns; ask the operator if it is still too large.",
)
NOT_READABLE = Refusal(
    "FIL-038",
    "The file, or its manifest, may not be read by the consortium.",
    "Drop it again with the right to read it.",
)
NOT_HELD = Refusal(
    "FIL-039",
    "What the manifest answers for is no submission of this box that is held for this extract and period.",
    "Name the submission_id of a HELD receipt; what was answered before is changed by a REPLACEMENT.",
)

REFUSALS = {
    one.code: one.message
    for one in (
        NAME_NOT_UNDERSTOOD,
        MANIFEST_DISAGREES,
        MANIFEST_UNUSABLE,
        FILE_BESIDE_STATEMENT,
        ID_USED_BEFORE,
        SUPERSEDES_ANOTHER_KEY,
        NOT_A_FILE,
        NOT_FROM_THIS_BOX,
        TOO_LARGE,
        NOT_READABLE,
        NOT_HELD,
    )
}
"""What is wrong, by code."""
