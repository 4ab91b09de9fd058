"""Rows that a reading process left in an Arrow file, put into the table ``parsed`` beside those of text.

Reading belongs to the readers, rules of a header and of row counts to ``header`` and ``preflight``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from contracts import CONTRACTS
from warehouse.duck import identifier, literal
from warehouse.intake.findings import FileFinding
from warehouse.intake.formats.extracted import Extracted
from warehouse.intake.header import HeaderRules, find_header_faults
from warehouse.intake.preflight import Claims, find_row_faults
from warehouse.intake.records import Offsets

_CONTROL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{202A}-\x{202E}\x{2066}-\x{2069}]"


@dataclass(frozen=True)
class Rows:
    """What was extracted from one file: what the reader says, and where the rows lie."""

    said: Extracted
    path: Path

    def faults(self, rules: HeaderRules, claims: Claims) -> list[FileFinding]:
        """What refuses the file before its rows are looked at.

        A sheet's blank rows are no records, so a header alone is the same as a text without rows.
        """
        if self.said.findings:
            return list(self.said.findings)
        return [*find_header_faults(self.said.header, rules), *find_row_faults(self.said.rows, claims)]

    def insert(
        self, con: duckdb.DuckDBPyConnection, table: str, token: str, columns: Sequence[str]
    ) -> tuple[tuple[FileFinding, ...], Offsets]:
        """Put the rows into ``table`` under ``token``; the places of all records, 0 being the header's.

        FIL-011 and no rows when a cell holds a control character, FIL-025 when the rows are not those that
        the reader counted.
        """
        if not self.said.rows:
            return (), np.zeros(1, dtype=np.int64)
        with pa.memory_map(str(self.path)) as mapped:
            rows = pa.ipc.open_file(mapped).read_all()
            findings = _control_characters(rows, self.said.header) or _uncounted(rows, self.said)
            if not findings:
                _insert(con, table, token, rows, self.said.header, columns)
            return findings, _places(rows, self.said)


@cache
def known_columns() -> frozenset[str]:
    """The names of all columns of all contracts: what makes a row of a sheet a header."""
    return frozenset(name for of in CONTRACTS.values() for name in of.column_names())


def _uncounted(rows: pa.Table, said: Extracted) -> tuple[FileFinding, ...]:
    """The second count: rows that were written and those set aside are all that the reader saw."""
    if len(rows) + len(said.ragged) == said.rows:
        return ()
    message = f"{len(rows) + len(said.ragged)} records were read, {said.rows} were counted"
    return (FileFinding("FIL-025", message, "write the file again, or export CSV"),)


def _control_characters(rows: pa.Table, header: Sequence[str]) -> tuple[FileFinding, ...]:
    """FIL-011 for the first column with one, as intake finds it in text; tab and line ends may stand."""
    import pyarrow.compute as pc  # takes its time to load, and text needs it not

    for place, _ in enumerate(header):
        found = pc.match_substring_regex(rows[f"c{place}"], _CONTROL)
        first = pc.index(found, True).as_py()
        if first >= 0:
            message = "a control character, or one that makes text run backward, stands in a cell"
            hint = "export the data again without such characters"
            line = rows["place"][first].as_py()
            return (FileFinding("FIL-011", message, hint, line=line, column=f"column {place + 1}"),)
    return ()


def _insert(
    con: duckdb.DuckDBPyConnection,
    table: str,
    token: str,
    rows: pa.Table,
    header: Sequence[str],
    columns: Sequence[str],
) -> None:
    con.register("extracted", rows)
    texts = ", ".join(
        f"c{place} AS {identifier(name)}" for place, name in enumerate(header) if name in columns
    )
    con.execute(
        f"INSERT INTO {identifier(table)} BY NAME "  # noqa: S608
        f"SELECT {literal(token)} AS sha256, record, {texts} FROM extracted"
    )
    con.unregister("extracted")


def _places(rows: pa.Table, said: Extracted) -> Offsets:
    places = np.zeros(said.rows + 1, dtype=np.int64)
    places[rows["record"].to_numpy()] = rows["place"].to_numpy()
    for one in said.ragged:
        places[one.record] = one.place
    return places
