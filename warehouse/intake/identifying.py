"""Files whose columns hold direct identifiers of people, whatever their headers say: refused before judging.

Of every file some thousand rows are looked at, evenly spread; all of them where there are fewer. One search
over each row sets most files aside, and the columns of the few others are judged one by one. What identifies
a person is decided in ``contracts.identifiers``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import Template
from typing import TYPE_CHECKING

import duckdb

from contracts.fields import HexKey
from contracts.identifiers import CELL_END, SUSPECT, IdentifierFinding, direct_identifiers
from contracts.model import Contract
from warehouse.duck import identifier, literal
from warehouse.intake.findings import FileFinding

if TYPE_CHECKING:
    from warehouse.intake.reading import Reading

SAMPLE_ROWS = 5_000
"""Of each file: enough for a column of bare social security numbers to be told from any other number."""

_SAMPLE = Template("""
FROM raw JOIN (SELECT submission_id, max(record) AS records FROM raw GROUP BY submission_id) AS counted
    USING (submission_id)
WHERE record * $rows % records < $rows
""")
_SUSPECTS = Template("""
SELECT DISTINCT submission_id $sample
    AND regexp_matches(concat($end, concat_ws($end, $columns), $end), $suspect)
""")
_CELLS = Template("SELECT $columns $sample AND submission_id = ? ORDER BY record")
_FORGET = "DELETE FROM batch WHERE submission_id IN (SELECT unnest(?))"


def refuse_identifying(
    con: duckdb.DuckDBPyConnection, of: type[Contract], readings: Sequence[Reading]
) -> list[Reading]:
    """The readings, in the same order; one with identifying columns has a FIL-041 for each and no rows.

    Such a submission is taken out of ``batch``, and with it its rows out of ``raw``.
    """
    found = {one: findings for one in _suspects(con, of) if (findings := _identifying(con, of, one))}
    con.execute(_FORGET, [sorted(found)])
    return [_refused(one, found) for one in readings]


def key_columns(of: type[Contract]) -> frozenset[str]:
    """The contract's columns that hold keys of people."""
    return frozenset(column.name for column in of.columns() if isinstance(column.field, HexKey))


def _suspects(con: duckdb.DuckDBPyConnection, of: type[Contract]) -> list[str]:
    query = _SUSPECTS.substitute(
        sample=_SAMPLE.substitute(rows=SAMPLE_ROWS),
        end=literal(CELL_END),
        columns=_columns(of),
        suspect=literal(SUSPECT),
    )
    return sorted(submission_id for (submission_id,) in con.execute(query).fetchall())


def _identifying(con: duckdb.DuckDBPyConnection, of: type[Contract], submission_id: str) -> list[FileFinding]:
    query = _CELLS.substitute(columns=_columns(of), sample=_SAMPLE.substitute(rows=SAMPLE_ROWS))
    rows = con.execute(query, [submission_id]).fetchall()
    sample = [[cell or "" for cell in column] for column in zip(*rows, strict=True)]
    names = of.column_names()
    found = direct_identifiers(names, sample, known=names, keys=key_columns(of))
    return [_finding(names, one) for one in found]


def _finding(names: Sequence[str], found: IdentifierFinding) -> FileFinding:
    return FileFinding(found.code, found.message, found.hint, column=names[found.position - 1])


def _columns(of: type[Contract]) -> str:
    return ", ".join(identifier(name) for name in of.column_names())


def _refused(reading: Reading, found: Mapping[str, Sequence[FileFinding]]) -> Reading:
    findings = found.get(reading.submission.submission_id)
    return replace(reading, findings=tuple(findings), ragged=()) if findings else reading
