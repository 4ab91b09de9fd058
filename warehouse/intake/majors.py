"""Which major of its contract a file is of: the current one, or an older one that is still taken and lifted.

What the manifest says decides; where it says nothing, the header: the newest major whose header it is. The
day that counts is the day on which the file was received, so that judging it again ends the same. An older
file's rows are lifted step by step and judged by today's program alone. What a step does belongs to
``contracts.versions.upcasts``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import duckdb
import pyarrow as pa

from contracts.errors import ContractError
from contracts.model import Contract
from contracts.versions.description import ContractDescription
from contracts.versions.history import released, released_versions
from contracts.versions.semver import Version
from contracts.versions.upcasts import UPCASTS, TextRow, Upcast, lift, majors_taken
from warehouse.duck import identifier
from warehouse.intake.findings import FileFinding
from warehouse.intake.header import HeaderRules, header_rules
from warehouse.lake import Submission
from warehouse.lineage import CORRECTION

BY_MANIFEST, BY_HEADER = "as its manifest says", "by its header"
_CHUNK_ROWS = 50_000


@dataclass(frozen=True)
class Major:
    """An older version that is still taken: number and version, header, until when; why a file is of it."""

    number: int
    version: str
    rules: HeaderRules
    last_day: date
    because: str = field(compare=False)

    @property
    def table(self) -> str:
        """Where its rows are read before they are lifted."""
        return f"parsed_{self.number}"


def latest_released(name: str, major: int) -> ContractDescription:
    """The last released version of a major."""
    return released(name, str(max(one for one in released_versions(name) if one.major == major)))


@dataclass(frozen=True)
class Versions:
    """A contract with the older majors that may be sent in its place."""

    contract: type[Contract]
    upcasts: Sequence[Upcast] = UPCASTS
    describe: Callable[[str, int], ContractDescription] = latest_released

    def rules_of(self, major: Major | None) -> HeaderRules:
        """What a version asks of a header, None being today's."""
        return header_rules(self.contract) if major is None else major.rules

    @property
    def current(self) -> int:
        """Today's major."""
        return Version.read(self.contract.meta.version).major

    def candidates(self, one: Submission) -> tuple[Major | None, ...]:
        """What a file may be of, best guess first, None being today's; empty when its manifest names a major
        that is not taken. Corrections are taken under today's only.
        """
        is_correction = one.submission_type == CORRECTION
        older = () if is_correction else self._older(one.received_on)
        if one.contract_version is None:
            return (None, *older)
        said = Version.read(one.contract_version).major
        if said == self.current:
            return (None,)
        return tuple(replace(major, because=BY_MANIFEST) for major in older if major.number == said)

    def refusal(self, one: Submission) -> FileFinding:
        """FIL-043 for a file whose manifest names a major that is not taken."""
        taken = [*(f"{major.number}" for major in self._older(one.received_on)), f"{self.current}"]
        hint = "send it under the current version: `guildhall template` writes its header"
        message = f"the manifest names a version that is not taken; major versions taken: {', '.join(taken)}"
        return FileFinding("FIL-043", message, hint)

    def lift(self, con: duckdb.DuckDBPyConnection, major: Major, table: str) -> dict[str, FileFinding]:
        """Put the rows read under an older major into ``table`` as rows of today's, under their own tokens.

        By sha256 a FIL-044 for every file with rows that no step can lift; nothing of it is in ``table``.
        """
        unlifted: defaultdict[str, list[int]] = defaultdict(list)
        order = f"SELECT * FROM {identifier(major.table)} ORDER BY sha256, record"  # noqa: S608
        for batch in con.execute(order).to_arrow_table().to_batches(_CHUNK_ROWS):
            con.register("lifted", self._lift(major, batch, unlifted))
            con.execute(f"INSERT INTO {identifier(table)} BY NAME FROM lifted")
            con.unregister("lifted")
        for sha256 in unlifted:
            con.execute(f"DELETE FROM {identifier(table)} WHERE sha256 = ?", [token(sha256, major)])  # noqa: S608
        return {sha256: _unlifted(major, records) for sha256, records in unlifted.items()}

    def _lift(self, major: Major, batch: pa.RecordBatch, unlifted: Mapping[str, list[int]]) -> pa.Table:
        rows: dict[str, list[str | int | None]] = {name: [] for name in ("sha256", "record", *self._columns)}
        for sent in batch.to_pylist():
            sha256, record = sent.pop("sha256"), sent.pop("record")
            lifted = self._lift_row(major, {name: text for name, text in sent.items() if text is not None})
            if lifted is None:
                unlifted[sha256].append(record)
                continue
            for name, cell in {"sha256": token(sha256, major), "record": record, **lifted}.items():
                rows[name].append(cell)
        kinds = {"record": pa.int64()}
        return pa.table({name: pa.array(cells, kinds.get(name, pa.string())) for name, cells in rows.items()})

    def _lift_row(self, major: Major, row: TextRow) -> dict[str, str | None] | None:
        """The row as one of today's; None when a step fails: its law is about rows that were valid once."""
        try:
            (lifted,) = lift(self.contract.meta.name, (major.number, self.current), [row], self.upcasts)
        except ContractError:
            raise
        except Exception:
            # Whatever a step's arithmetic says of a cell that was never valid, its words may hold the cell.
            return None
        return {name: lifted.get(name) for name in self._columns}

    @property
    def _columns(self) -> tuple[str, ...]:
        return self.contract.column_names()

    def _older(self, on: date) -> tuple[Major, ...]:
        """The older majors taken on a day, newest first."""
        name = self.contract.meta.name
        steps = {one.from_major: one for one in self.upcasts if one.name == name}
        taken = majors_taken(name, self.current, on, self.upcasts)[:-1]
        return tuple(self._major(steps[number]) for number in reversed(taken))

    def _major(self, step: Upcast) -> Major:
        told = self.describe(step.name, step.from_major)
        names = tuple(column.name for column in told.columns)
        required = frozenset(column.name for column in told.columns if column.required)
        rules = HeaderRules(names, required, told.strict)
        return Major(step.from_major, told.version, rules, step.last_day, BY_HEADER)


def _unlifted(major: Major, records: Sequence[int]) -> FileFinding:
    count = "one row is" if len(records) == 1 else f"{len(records)} rows are"
    message = f"{count} not valid under version {major.version}, the first is record {records[0]}"
    hint = "mend these rows, or send the file under the current version, which names every cell"
    return FileFinding("FIL-044", message, hint)


def token(sha256: str, major: Major | None) -> str:
    """What rows are joined by: the same bytes may be read under two majors."""
    return sha256 if major is None else f"{sha256}.{major.number}"
