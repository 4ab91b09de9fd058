"""What a firm reads about one submission that was judged: the content of its receipt.

A receipt names records, lines, columns and codes, what they mean and what to do; never a value, and nothing
of another firm. It is made inside the ledger's transaction, because it names its own entry's number and hash;
``warehouse.issuing`` lays it out and signs it, ``warehouse.outbox`` delivers it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial

from pydantic import JsonValue

from contracts.codes import guidance
from contracts.model import Contract
from warehouse.error_rows import WORKBOOK_SUFFIX, workbook_recipe
from warehouse.formats import PLACE_WORDS, FileKind
from warehouse.intake.checks_page import CHECKS_SUFFIX, checks_page
from warehouse.intake.findings import RAGGED_HINT, RAGGED_MESSAGE, FileFinding
from warehouse.intake.majors import Major
from warehouse.intake.reading import Reading
from warehouse.intake.tries import SinceLastTry
from warehouse.intake.writing import Verdict
from warehouse.lake import ACCEPTED, PARTIAL, REJECTED, Submission
from warehouse.ledger import Entry, OutboxItem
from warehouse.receipt_files import receipt_files

_WORDS = {
    ACCEPTED: ("Accepted: every row was taken.", "Nothing; read the warnings, if there are any."),
    PARTIAL: (
        "Taken in part: the refused rows count nowhere.",
        "Mend the refused rows and send the whole file again as a REPLACEMENT of this submission.",
    ),
    REJECTED: (
        "Refused: nothing of this file was taken.",
        "Mend the file and send it again as a REPLACEMENT of this submission.",
    ),
}


@dataclass(frozen=True)
class CodeSummary:
    """One code in one column: how many rows it concerns, what it means, what to do."""

    code: str
    column: str | None
    severity: str
    rows: int
    message: str
    hint: str


@dataclass(frozen=True)
class ReadAs:
    """How the file was read: its format, whether it was sealed, which sheet of a workbook.

    ``letters``: the letter of each column in the sheet. ``notes``: what was seen that refuses nothing.
    ``sent_as``: the older version of the contract that it was read as, and why; None for today's.
    """

    kind: FileKind = FileKind.CSV
    is_sealed: bool = False
    sheet: int | None = None
    letters: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[FileFinding, ...] = ()
    sent_as: dict[str, JsonValue] | None = None

    @classmethod
    def of(cls, reading: Reading) -> ReadAs:
        """How a submission was read."""
        meaning = reading.meaning
        sent_as = _sent_as(reading.major)
        if reading.rows is None:
            return cls(meaning.kind, meaning.is_sealed, sent_as=sent_as)
        said = reading.rows.said
        is_sheet = meaning.kind is FileKind.XLSX
        letters = (
            {name: column_letters(place) for place, name in enumerate(reading.header)} if is_sheet else {}
        )
        return cls(meaning.kind, meaning.is_sealed, said.sheet, letters, said.notes, sent_as)

    def place(self, violation: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """A violation; of a workbook with its cell as well, by which a spreadsheet finds it."""
        letter = self.letters.get(str(violation["column"]))
        return {**violation, "cell": f"{letter}{violation['line']}"} if letter else dict(violation)


def _sent_as(major: Major | None) -> dict[str, JsonValue] | None:
    if major is None:
        return None
    return {"version": major.version, "because": major.because, "taken_through": major.last_day.isoformat()}


def column_letters(place: int) -> str:
    """What a spreadsheet calls a column, by its 0-based place: A to Z, then AA."""
    from openpyxl.utils import get_column_letter  # openpyxl takes its time to load

    return get_column_letter(place + 1)


@dataclass(frozen=True)
class Checks:
    """The file beside the quarter before: the page, and how many comparisons it has, how many remarkable."""

    page: bytes
    looked_at: int
    remarkable: int

    @classmethod
    def of(cls, verdict: Verdict) -> Checks | None:
        """None where there was nothing to compare with."""
        findings = verdict.compared
        if not findings:
            return None
        page = checks_page(verdict.reading.submission, findings, verdict.witnessed)
        return cls(page, len(findings), sum(not one.passed for one in findings))

    def as_json(self) -> dict[str, JsonValue]:
        """As the receipt has it."""
        return {
            "looked_at": self.looked_at,
            "remarkable": self.remarkable,
            "page_sha256": hashlib.sha256(self.page).hexdigest(),
        }


@dataclass(frozen=True)
class ReceiptFacts:
    """Everything a receipt says that its ledger entry does not.

    ``violations``: one dict per violation with record, line, column, code, in the order of the file.
    ``since``: how it compares with the last try for the same box, extract and period.
    ``checks``: how the file compares with the firm's quarter before, and the page, if there is one.
    ``read``: how the file was read.
    """

    submission: Submission
    file_findings: Sequence[FileFinding]
    codes: Sequence[CodeSummary]
    violations: Sequence[Mapping[str, JsonValue]]
    checks: Checks | None = None
    has_refused_rows: bool = False
    since: SinceLastTry | None = None
    read: ReadAs = ReadAs()


def receipt_facts(of: type[Contract], verdict: Verdict, since: SinceLastTry | None = None) -> ReceiptFacts:
    """Everything the receipt of a verdict says, in the contract's own words."""
    places = verdict.violations.select(["record", "line", "column", "code"])
    read = ReadAs.of(verdict.reading)
    return ReceiptFacts(
        verdict.reading.submission,
        verdict.reading.findings,
        _summaries(of, verdict),
        [read.place(one) for one in places.to_pylist()],
        has_refused_rows=verdict.quarantined > 0,
        since=since,
        read=read,
        checks=Checks.of(verdict),
    )


def _summaries(of: type[Contract], verdict: Verdict) -> list[CodeSummary]:
    columns = (verdict.violations[name].to_pylist() for name in ("code", "column", "severity"))
    counts = Counter(zip(*columns, strict=True))
    return [
        CodeSummary(code, column, severity, rows, *_words(of, code, column))
        for (code, column, severity), rows in sorted(
            counts.items(), key=lambda item: (item[0][0], item[0][1] or "")
        )
    ]


def _words(of: type[Contract], code: str, column: str | None) -> tuple[str, str]:
    """Message and hint. A finding without a column is about the record as a whole."""
    if column is None:
        return RAGGED_MESSAGE, RAGGED_HINT
    said = guidance(of, code, column)
    return said.message, said.hint


def receipt_items(facts: ReceiptFacts) -> tuple[OutboxItem, ...]:
    """The files for the firm's out box: signed JSON, page, and a workbook where rows were refused."""
    submission = facts.submission
    say = partial(receipt_content, facts)
    files: tuple[OutboxItem, ...] = receipt_files(submission.firm_id, submission.submission_id, say)
    if facts.checks:
        page = facts.checks.page
        files = (*files, OutboxItem(_in_out(submission, CHECKS_SUFFIX), lambda _entry, _issuer: page))
    if not facts.has_refused_rows:
        return files
    recipe = workbook_recipe(submission, [asdict(code) for code in facts.codes], PLACE_WORDS[facts.read.kind])
    return (*files, OutboxItem(_in_out(submission, WORKBOOK_SUFFIX), lambda _entry, _issuer: recipe))


def _in_out(submission: Submission, suffix: str) -> str:
    return f"boxes/{submission.firm_id}/out/{submission.submission_id}{suffix}"


def receipt_content(facts: ReceiptFacts, entry: Entry) -> dict[str, JsonValue]:
    """The receipt of a VALIDATED entry as plain JSON values."""
    counts = ("status", "contract_version", "rows_in", "accepted", "quarantined", "accepted_sha256")
    submission, (message, remedy) = facts.submission, _WORDS[str(entry.body["status"])]
    return {
        "message": message,
        "remedy": remedy,
        "receipt_id": submission.submission_id,
        "submission_id": submission.submission_id,
        "firm_id": submission.firm_id,
        "contract": submission.contract,
        "period": submission.period,
        "file_name": submission.file_name,
        "sha256": submission.sha256,
        "supersedes": submission.supersedes,
        "provisional": submission.is_provisional,
        "file_kind": str(facts.read.kind),
        "sealed": facts.read.is_sealed,
        "sheet": facts.read.sheet,
        "sent_as": facts.read.sent_as,
        "place": PLACE_WORDS[facts.read.kind],
        **{name: entry.body[name] for name in counts},
        "file_findings": [asdict(finding) for finding in facts.file_findings],
        "notes": [asdict(note) for note in facts.read.notes],
        "codes": [asdict(code) for code in facts.codes],
        "violations": [dict(violation) for violation in facts.violations],
        "since_last_try": None if facts.since is None else facts.since.as_json(),
        "errors_workbook": f"{submission.submission_id}{WORKBOOK_SUFFIX}" if facts.has_refused_rows else None,
        "checks_page": f"{submission.submission_id}{CHECKS_SUFFIX}" if facts.checks else None,
        "checks": facts.checks.as_json() if facts.checks else None,
    }
