"""The manifest a firm may lay beside a drop: what it says it sent.

What it says is checked against the file in ``submissions``. Nothing in it decides whose the file is.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

MANIFEST_SUFFIX = ".manifest.json"
HASH_SUFFIX = ".sha256"
"""A file that says nothing but the hash, as `sha256sum FILE` prints it."""

MANIFEST_MAX_BYTES = 65_536
_HASH_DIGITS = 64

SubmissionType = Literal["ORIGINAL", "REPLACEMENT", "CORRECTION", "WITHDRAWAL"]
Reason = Literal[
    "KEYING", "LATE_INFO", "RECLASS", "LEGAL_NAME_CHANGE", "COURT_ORDER", "FIRM_LEAVES", "LEGAL_HOLD", "OTHER"
]
Ulid = Annotated[str, StringConstraints(pattern=r"\A[0-7][0-9A-HJKMNP-TV-Z]{25}\z")]
SubmissionId = Annotated[
    str, StringConstraints(pattern=r"\A(?:[0-7][0-9A-HJKMNP-TV-Z]{25}|sub-[0-9a-f]{24})\z")
]
Sha256 = Annotated[str, StringConstraints(pattern=r"\A[0-9a-f]{64}\z")]
SemVer = Annotated[str, StringConstraints(pattern=r"\A[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}\z")]
Sentence = Annotated[str, StringConstraints(max_length=2_000)]


class Manifest(BaseModel):
    """One manifest: every field may be missing, what is there is well-formed, and nothing else is there.

    ``answers`` names a held submission that the firm has no need to send again: the manifest then comes alone
    and says what the held one is. A withdrawal comes alone too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    submission_id: Ulid | None = None
    contract: Annotated[str, StringConstraints(max_length=64)] | None = None
    contract_version: SemVer | None = None
    period: Annotated[str, StringConstraints(pattern=r"\A[0-9]{4}Q[1-4]\z")] | None = None
    row_count: Annotated[int, Field(ge=0, strict=True)] | None = None
    sha256: Sha256 | None = None
    submission_type: SubmissionType = "ORIGINAL"
    supersedes: SubmissionId | None = None
    answers: Annotated[str, StringConstraints(pattern=r"\Asub-[0-9a-f]{24}\z")] | None = None
    reason: Reason | None = None
    as_of: AwareDatetime | None = None
    nil_return: Annotated[bool, Field(strict=True)] = False
    preparer_role: Annotated[str, StringConstraints(max_length=64)] | None = None
    attestation: Sentence | None = None

    @model_validator(mode="after")
    def _names_what_it_supersedes(self) -> Self:
        if (self.submission_type == "ORIGINAL") != (self.supersedes is None):
            raise ValueError("a type other than ORIGINAL names what it supersedes, an ORIGINAL names nothing")
        return self

    @model_validator(mode="after")
    def _answers_with_what_it_is(self) -> Self:
        if self.answers is not None and self.submission_type not in ("REPLACEMENT", "CORRECTION"):
            raise ValueError("what is held is a REPLACEMENT or a CORRECTION; to take it back, withdraw it")
        return self

    @property
    def comes_alone(self) -> bool:
        """Whether it says all there is to say, so that no file belongs beside it."""
        return self.submission_type == "WITHDRAWAL" or self.answers is not None


def read_manifest(content: bytes) -> Manifest | None:
    """The manifest in these bytes, or None when they hold no well-formed one."""
    try:
        return Manifest.model_validate_json(content)
    except ValidationError:
        return None


def read_hash(content: bytes) -> Manifest | None:
    """What a bare hash file claims: the first word is the sha256 of the file beside it."""
    first = content[:_HASH_DIGITS].decode("ascii", "replace").lower()
    if content[_HASH_DIGITS : _HASH_DIGITS + 1].strip():
        return None
    try:
        return Manifest(sha256=first)
    except ValidationError:
        return None
