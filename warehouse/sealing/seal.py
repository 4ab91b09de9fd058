"""Sealing one file from end to end, streaming: read, seal row by row, list what cannot be, write, encrypt.

Nothing takes its final name before every check has passed. Options and wording belong to the command line.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from contracts.identifiers import direct_identifiers
from contracts.pseudonyms import (
    FirmPseudonyms,
    LearnerPseudonyms,
    Refusal,
    SealError,
    SecretKey,
    TokenKind,
    UnusableIdentifierError,
)
from warehouse.sealing import encryption, source
from warehouse.sealing.layout import IdentifierColumns, Layout, plan_layout, refuse_identifiers
from warehouse.sealing.rows import RowSealer
from warehouse.sealing.sample import RowSample
from warehouse.sealing.source import Record, read_records
from warehouse.sealing.targets import Targets, open_targets

_FIRST_RECORDS = 5
_LIST_HEADER = ("record", "line", "code", "reason", "what_to_do")


class RowWriter(Protocol):
    """What ``csv.writer`` returns."""

    def writerow(self, row: Iterable[Any], /) -> Any:
        """Write one row."""


@dataclass(frozen=True, kw_only=True)
class SealOrder:
    """What to seal, with what. ``protected``: files that must not be written over (keys)."""

    source: Path
    target: Path
    columns: IdentifierColumns
    link_key: SecretKey
    key_epoch: int
    firm_key: SecretKey | None = None
    recipients: tuple[str, ...] = ()
    protected: tuple[Path, ...] = ()

    @property
    def encrypted(self) -> Path:
        """Where the encrypted copy goes: ``OUT.csv.age``."""
        return self.target.with_name(self.target.name + encryption.SUFFIX)

    @property
    def rejected(self) -> Path:
        """Where the list of rows that could not be sealed goes: ``OUT.rejected.csv``."""
        return self.target.with_name(f"{self.target.stem}.rejected.csv")


@dataclass
class RefusalCount:
    """How many rows were refused for one reason, and the numbers of the first."""

    rows: int = 0
    first_records: list[int] = field(default_factory=list)

    def add(self, record: int) -> None:
        """Count one more."""
        self.rows += 1
        if self.rows <= _FIRST_RECORDS:
            self.first_records.append(record)


@dataclass(frozen=True)
class SealReport:
    """What became of a file, in counts that add up: rows in = sealed + refused."""

    rows_in: int
    kinds: Mapping[TokenKind, int]
    refusals: Mapping[Refusal, RefusalCount]

    @property
    def sealed(self) -> int:
        """Rows in the sealed file."""
        return sum(self.kinds.values())

    @property
    def refused(self) -> int:
        """Rows that are not."""
        return sum(count.rows for count in self.refusals.values())


def seal_file(order: SealOrder, on_progress: source.Counter | None = None) -> SealReport:
    """Seal a CSV file: identifier columns out; learner_key, key_epoch, position_key, age_at_entry in.

    Rows keep their order and the other columns their text. Rows that cannot be sealed are left out of the
    sealed file and listed by record, line and reason in ``OUT.rejected.csv``, which holds no value: the rows
    themselves stay where they are, in the file that was read. Companions of an earlier run that do not apply
    any more are removed. SealError when the file, its header, a key or what is left in it is not usable;
    then nothing is written.
    """
    _refuse_order(order)
    recipients = encryption.read_recipients(order.recipients)
    records = read_records(order.source, on_progress)
    run = _Run(order, plan_layout(_header(order, records), order.columns))
    with open_targets() as targets:
        run.write(records, targets)
        report = run.report()
        if not report.refused:
            targets.leave_out(order.rejected)
        if recipients:
            with targets.create(order.encrypted) as encrypted:
                encryption.encrypt(targets.beside(order.target), encrypted, recipients)
        targets.put_in_place(instead_of=(order.encrypted, order.rejected))
    return report


def _refuse_order(order: SealOrder) -> None:
    """Keys that do not fit the options, or files that would be written over."""
    if (order.firm_key is None) != (order.columns.position is None):
        raise _bad_order("--position or --firm-key alone", "both, or neither")
    if order.firm_key is not None and order.firm_key.is_same_as(order.link_key):
        raise _bad_order("one key as link key and as firm key", "a firm key that the firm made for itself")
    for path in (order.source, *order.protected):
        if any(_is_same(path, one) for one in (order.target, order.encrypted, order.rejected)):
            raise _bad_order(f"--out would write over {path}", "a file of its own for what is sealed")


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _bad_order(found: str, expected: str) -> SealError:
    return SealError(
        "SEA-014",
        found=found,
        expected=expected,
        where="the options",
        remedy="Correct the command; nothing was written.",
    )


def _header(order: SealOrder, records: Iterator[Record]) -> list[str]:
    first = next(records, None)
    if first is None:
        raise source.unusable(order.source, "an empty file")
    return first.cells


class _Run:
    """One pass over the rows, and what was counted on the way."""

    def __init__(self, order: SealOrder, layout: Layout) -> None:
        firm = None if order.firm_key is None else FirmPseudonyms(order.firm_key)
        learners = LearnerPseudonyms(order.link_key, order.key_epoch)
        self._order = order
        self._layout = layout
        self._sealer = RowSealer(layout, learners, order.key_epoch, firm)
        self._sample = RowSample()
        self._kinds: Counter[TokenKind] = Counter()
        self._refusals: dict[Refusal, RefusalCount] = {}

    def write(self, records: Iterator[Record], targets: Targets) -> None:
        """Write the sealed file and the list of refused rows, not yet named; judge what is kept."""
        with (
            _rows_to(targets, self._order.target) as sealed,
            _rows_to(targets, self._order.rejected) as refused,
        ):
            sealed.writerow(self._layout.header)
            refused.writerow(_LIST_HEADER)
            for record in records:
                self._write_row(record, sealed, refused)
        names = self._layout.kept_names
        refuse_identifiers(names, direct_identifiers(names, self._sample.columns()))

    def _write_row(self, record: Record, sealed: RowWriter, refused: RowWriter) -> None:
        try:
            row = self._sealer.seal(record.cells)
        except UnusableIdentifierError as error:
            reason = error.refusal
            self._refusals.setdefault(reason, RefusalCount()).add(record.number)
            refused.writerow((record.number, record.line, reason.code, reason.message, reason.hint))
        else:
            sealed.writerow(row.cells)
            self._kinds[row.kind] += 1
            self._sample.add(row.kept)

    def report(self) -> SealReport:
        """What was counted; SealError SEA-010 when there was no row at all."""
        rows_in = self._kinds.total() + sum(count.rows for count in self._refusals.values())
        if not rows_in:
            raise source.unusable(self._order.source, "a header without rows")
        return SealReport(rows_in, dict(self._kinds), self._refusals)


@contextlib.contextmanager
def _rows_to(targets: Targets, target: Path) -> Iterator[RowWriter]:
    """A CSV file to write rows to, UTF-8, lines ended by line feeds."""
    with targets.create(target) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        yield csv.writer(text, lineterminator="\n")
        text.flush()
        text.detach()
