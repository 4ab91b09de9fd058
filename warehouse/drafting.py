"""A manifest drafted at the firm: what is sent, counted and hashed from the file itself. Needs no home.

What a manifest may say belongs to ``manifests``; what it means beside earlier ones, to ``submissions``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue, ValidationError

from contracts import contract
from contracts.corrections import CORRECTION_COLUMNS
from contracts.errors import CheckError
from warehouse.boxes.names import Meaning, meaning_of
from warehouse.formats import FileKind
from warehouse.intake.header import read_header
from warehouse.intake.records import RecordIndex, index_records
from warehouse.lineage import CORRECTION, ORIGINAL, WITHDRAWAL
from warehouse.manifests import MANIFEST_SUFFIX, Manifest

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BYTES = 10
"""Of an id: 48 bits of time, 80 of chance."""


@dataclass(frozen=True, kw_only=True)
class DraftOrder:
    """What a manifest is to say. ``path``: the file it is for, which need not exist where it comes alone."""

    path: Path
    kind: str = ORIGINAL
    supersedes: str | None = None
    answers: str | None = None
    reason: str | None = None
    is_nil: bool = False

    @property
    def comes_alone(self) -> bool:
        """Whether no file goes with it."""
        return self.kind == WITHDRAWAL or self.answers is not None


def draft(order: DraftOrder, now: datetime, chance: bytes) -> dict[str, JsonValue]:
    """The fields of a manifest, those that say something.

    ``now`` becomes ``as_of`` and, with ``chance`` (10 bytes), the submission's id. CheckError CHK-010 for a
    name that says no extract and quarter, CHK-011 for a file that cannot be read, CHK-012 for options that do
    not fit, CHK-013 for a file that does not fit them.
    """
    meaning = _meaning(order.path)
    said: dict[str, JsonValue] = {
        "submission_id": new_id(now, chance),
        "contract": meaning.contract,
        "contract_version": contract(meaning.contract).meta.version,
        "period": meaning.period,
        "submission_type": order.kind,
        "supersedes": order.supersedes,
        "answers": order.answers,
        "reason": order.reason,
        "as_of": now.astimezone(UTC).isoformat(timespec="seconds"),
        "nil_return": order.is_nil or None,
    }
    if not order.comes_alone:
        said |= _facts(order, meaning)
    fields: dict[str, JsonValue] = {name: value for name, value in said.items() if value is not None}
    _require_fitting(order, fields)
    return fields


def write_draft(order: DraftOrder, fields: dict[str, JsonValue]) -> Path:
    """Write the manifest beside its file; CheckError CHK-014 when one is there already."""
    path = order.path.with_name(order.path.name + MANIFEST_SUFFIX)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(json.dumps(fields, indent=1) + "\n")
    except FileExistsError:
        raise CheckError(
            "CHK-014",
            found="a manifest of this name",
            expected="none",
            where=str(path),
            remedy="Move it away if it is an earlier one; a manifest is never overwritten.",
        ) from None
    return path


def new_id(now: datetime, chance: bytes) -> str:
    """A ULID: 26 characters of Crockford's base 32, the milliseconds of its time first."""
    number = int(now.timestamp() * 1000) << 8 * RANDOM_BYTES | int.from_bytes(chance, "big")
    return "".join(_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(26)))


def _meaning(path: Path) -> Meaning:
    meaning = meaning_of(path.name)
    if meaning is None:
        raise CheckError(
            "CHK-010",
            found="a name that does not say which extract of which quarter the file is",
            expected="<extract>_<quarter>.csv (or .xlsx, .parquet, .csv.age), for example wage_2026Q1.csv",
            where=str(path),
            remedy="Give the file the name it is to be dropped under.",
        )
    return meaning


def _facts(order: DraftOrder, meaning: Meaning) -> dict[str, JsonValue]:
    """Hash and number of rows; of a workbook, Parquet or a sealed file the hash alone."""
    try:
        content = order.path.read_bytes()
    except OSError as error:
        raise CheckError(
            "CHK-011",
            found=f"no file that can be read ({error.strerror})",
            expected="the file that the manifest is for",
            where=str(order.path),
            remedy="Only a WITHDRAWAL, and a manifest that answers for a held file, come without one.",
        ) from None
    sha256 = hashlib.sha256(content).hexdigest()
    if meaning.is_sealed or meaning.kind is not FileKind.CSV:
        return {"sha256": sha256}
    index = index_records(content)
    _require_shape(order, index, content)
    return {"row_count": index.data_records, "sha256": sha256}


def _require_shape(order: DraftOrder, index: RecordIndex, content: bytes) -> None:
    if index.misquoted_line is not None:
        raise _misfit(order, "quotation marks that leave the rows uncountable", "a well-formed CSV file")
    if bool(index.data_records) == order.is_nil:
        found = "rows in a nil return" if order.is_nil else "no rows"
        raise _misfit(order, found, "rows, or --nil where there is nothing to report")
    if order.kind == CORRECTION:
        header = read_header(content[index.starts[0] : index.ends[0]].decode("utf-8", "replace"))
        lacking = [name for name in CORRECTION_COLUMNS if name not in header]
        if lacking:
            expected = "a record_action (U or D) and a correction_reason in every row of a correction"
            raise _misfit(order, "no column " + " and no column ".join(lacking), expected)


def _misfit(order: DraftOrder, found: str, expected: str) -> CheckError:
    remedy = "Mend the file; `guildhall check` lists everything that intake would say."
    return CheckError("CHK-013", found=found, expected=expected, where=str(order.path), remedy=remedy)


def _require_fitting(order: DraftOrder, fields: dict[str, JsonValue]) -> None:
    try:
        Manifest.model_validate_json(json.dumps(fields))
    except ValidationError as error:
        wrong = "; ".join(_in_words(one["loc"], one["msg"]) for one in error.errors(include_input=False))
        raise CheckError(
            "CHK-012",
            found=wrong,
            expected="a type, and for all but an ORIGINAL the submission_id of the receipt that it follows",
            where=f"the options for {order.path.name}",
            remedy="See `guildhall manifest --help`; submission_ids stand in the receipts in your outbox.",
        ) from None


def _in_words(place: tuple[int | str, ...], message: str) -> str:
    words = message.removeprefix("Value error, ")
    return f"{place[0]}: {words}" if place else words
