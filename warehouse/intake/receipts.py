"""What a firm reads about one submission: the receipt's content, as JSON and as a page.

A receipt names records, lines, columns and codes, what they mean and what to do; never a value, and nothing
of another firm. It is rendered inside the ledger's transaction, because it names its own entry's number and
hash; ``warehouse.outbox`` delivers it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from pydantic import JsonValue

from contracts.codes import guidance
from contracts.model import Contract
from warehouse.intake.findings import RAGGED_HINT, RAGGED_MESSAGE, FileFinding
from warehouse.intake.writing import Verdict
from warehouse.lake import ACCEPTED, PARTIAL, REJECTED, Submission
from warehouse.ledger import Entry, OutboxItem

SHOWN_ON_PAGE = 500
RECEIPT_FORMAT = "guildhall-receipt-v1"

_VERDICTS = {
    ACCEPTED: "Accepted: every row was taken.",
    PARTIAL: "Taken in part: the quarantined rows count nowhere until they are mended and sent again.",
    REJECTED: "Refused: nothing of this file was taken.",
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
class ReceiptFacts:
    """Everything a receipt says that its ledger entry does not.

    ``violations``: one dict per violation with record, line, column, code, in the order of the file.
    ``checks_page``: the file beside the receipt that compares the batch with earlier ones, if there is one.
    """

    submission: Submission
    file_findings: Sequence[FileFinding]
    codes: Sequence[CodeSummary]
    violations: Sequence[Mapping[str, JsonValue]]
    checks_page: str | None = None


def receipt_facts(of: type[Contract], verdict: Verdict) -> ReceiptFacts:
    """Everything the receipt of a verdict says, in the contract's own words."""
    places = verdict.violations.select(["record", "line", "column", "code"])
    return ReceiptFacts(
        verdict.reading.submission, verdict.reading.findings, _summaries(of, verdict), places.to_pylist()
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


def receipt_items(facts: ReceiptFacts) -> tuple[OutboxItem, OutboxItem]:
    """The two files for the firm's outbox: ``<submission_id>.receipt.json`` and ``.html``."""
    stem = f"boxes/{facts.submission.firm_id}/out/{facts.submission.submission_id}.receipt"
    return (
        OutboxItem(f"{stem}.json", partial(render_json, facts)),
        OutboxItem(f"{stem}.html", partial(render_html, facts)),
    )


def receipt_content(facts: ReceiptFacts, entry: Entry) -> dict[str, JsonValue]:
    """The receipt of a VALIDATED entry as plain JSON values."""
    counts = ("status", "contract_version", "rows_in", "accepted", "quarantined", "accepted_sha256")
    submission = facts.submission
    return {
        "format": RECEIPT_FORMAT,
        "submission_id": submission.submission_id,
        "firm_id": submission.firm_id,
        "contract": submission.contract,
        "period": submission.period,
        "file_name": submission.file_name,
        "sha256": submission.sha256,
        "supersedes": submission.supersedes,
        **{name: entry.body[name] for name in counts},
        "file_findings": [asdict(finding) for finding in facts.file_findings],
        "codes": [asdict(code) for code in facts.codes],
        "violations": [dict(violation) for violation in facts.violations],
        "checks_page": facts.checks_page,
        "recorded_at": entry.recorded_at,
        "ledger": {"seq": entry.seq, "hash": entry.hash},
    }


def render_json(facts: ReceiptFacts, entry: Entry) -> bytes:
    """The receipt as JSON, every violation listed."""
    return (
        json.dumps(receipt_content(facts, entry), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    ).encode()


def render_html(facts: ReceiptFacts, entry: Entry) -> bytes:
    """The receipt as a page of its own, the list of places capped."""
    content = receipt_content(facts, entry)
    shown = facts.violations[:SHOWN_ON_PAGE]
    page = _template().render(r=content, verdict=_VERDICTS[str(content["status"])], shown=shown)
    return page.encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("warehouse.intake"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("receipt.html")
