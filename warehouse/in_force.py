"""What counts at a ledger head: which submissions, and which rows of theirs a correction has overruled.

The lake keeps every row ever accepted under the ledger number it came in with; here it is derived up to which
number it counts. In which order submissions take effect is decided in ``lineage``; which row of a key is the
newest across periods, in the dbt project.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from contracts import CONTRACTS, contract
from contracts.corrections import ACTION, DELETE
from contracts.errors import LakeError
from contracts.model import Cadence
from warehouse.duck import connect, duck_path, identifier, literal
from warehouse.erased import erased_submissions
from warehouse.home import Home
from warehouse.lake import (
    REJECTED,
    InForce,
    Submission,
    accepted_path,
    are_alike,
    schema_path,
    write_rows,
    zone_file,
)
from warehouse.ledger import ERASED, RECEIVED, STATED, VALIDATED, Entry, Ledger
from warehouse.lineage import CORRECTION, WITHDRAWAL, Lineage, Node

KINDS = (RECEIVED, STATED, VALIDATED, ERASED)
"""The kinds of entries that decide what is in force."""

_TEXTS = ("submission_id", "contract", "firm_id", "period", "status")
_COUNTS = ("rows_in", "accepted", "quarantined", "tx_from", "place")
_SCHEMA = pa.schema(
    [(name, pa.string()) for name in _TEXTS]
    + [(name, pa.int64()) for name in _COUNTS]
    + [("overruled", pa.list_(pa.int64()))]
)

_KEY = "learner_key"

_PLACE = ("submission_id", "record", "box_firm_id", "box_period")
"""What says which row of which file a row is."""

_LOAD = Template("CREATE OR REPLACE TEMP TABLE $table AS SELECT $columns FROM $files")

_FIND_OVERRULED = Template("""
CREATE OR REPLACE TEMP TABLE overruled AS
SELECT submission_id, record FROM (
    SELECT submission_id, record, place, $action AS action,
        row_number() OVER (PARTITION BY box_firm_id, box_period, $key ORDER BY place DESC) AS recency
    FROM $table JOIN corrected USING (submission_id)
) WHERE recency > 1 OR (place > 0 AND action = $delete)
""")

_REMOVE = Template("""
DELETE FROM $table AS loaded USING overruled
WHERE loaded.submission_id = overruled.submission_id AND loaded.record = overruled.record
""")


def placed_submissions(entries: Iterable[Entry]) -> list[Submission]:
    """The files that are neither held nor waiting: in effect, or soon to be judged; in the ledger's order."""
    entries = list(entries)
    waves = {
        node.submission_id: (place if node.kind == CORRECTION else 0)
        for _, line in Lineage.read(entries).lines()
        for place, node in enumerate(line)
    }
    said = {str(entry.body["answers"]): entry.body for entry in entries if entry.kind == STATED}
    came = ((str(entry.body["submission_id"]), entry) for entry in entries if entry.kind == RECEIVED)
    placed = waves.keys() - erased_submissions(entries)
    return [Submission.of(entry, said.get(name), waves[name]) for name, entry in came if name in placed]


def submissions_in_force(entries: Iterable[Entry]) -> list[InForce]:
    """What counts after these entries, by contract, period, firm and place in its line.

    Of each box, contract and period: the last file that states the whole and was not rejected, and the
    corrections that follow it; nothing after a withdrawal. A rejected file is listed (with no accepted rows)
    only where nothing better was sent; an erased one has no effect. Of a register that states a whole
    (``Cadence.STATE``) only the latest period counts.
    """
    entries = list(entries)
    results = {str(entry.body["submission_id"]): entry.body for entry in entries if entry.kind == VALIDATED}
    for gone in erased_submissions(entries):
        results.pop(gone, None)
    came = {str(entry.body["submission_id"]): entry for entry in entries if entry.kind == RECEIVED}
    states = [_State.after(line, results) for _, line in Lineage.read(entries).lines()]
    chosen = _latest_wholes([state for state in states if state.last is not None])
    found = [
        _in_force(came[node.submission_id], results[node.submission_id], place)
        for state in chosen
        for place, node in enumerate(state.nodes)
    ]
    order = list(CONTRACTS)
    return sorted(found, key=lambda one: (order.index(one.contract), one.period, one.firm_id, one.place))


@dataclass
class _State:
    """What a line comes to: the file that states the whole and its corrections, or else a rejected one."""

    base: Node | None = None
    corrections: list[Node] = field(default_factory=list)
    rejected: Node | None = None

    @classmethod
    def after(cls, line: Iterable[Node], results: Mapping[str, Mapping[str, Any]]) -> _State:
        """Let the submissions take effect in their order; what is not judged yet has none."""
        state = cls()
        for node in line:
            if node.kind == WITHDRAWAL:
                state = cls()
            elif node.submission_id in results:
                state.take(node, is_rejected=results[node.submission_id]["status"] == REJECTED)
        return state

    def take(self, node: Node, *, is_rejected: bool) -> None:
        """A correction adds to what there is, any other file takes its place; a rejected one does neither."""
        if node.kind == CORRECTION:
            if self.base is not None and not is_rejected:
                self.corrections.append(node)
        elif is_rejected:
            self.rejected = node
        else:
            self.base, self.corrections = node, []

    @property
    def last(self) -> Node | None:
        """What stands for the slot."""
        return self.base or self.rejected

    @property
    def nodes(self) -> list[Node]:
        """What is in force, the whole first."""
        return [node for node in (self.last, *self.corrections) if node is not None]

    @property
    def rank(self) -> tuple[bool, str]:
        """Of two periods of one register: an accepted one before a rejected one, then the later."""
        return (self.base is not None, self.nodes[0].slot[2])


def _latest_wholes(states: Iterable[_State]) -> list[_State]:
    """Every slot's state, but of a register that states a whole only the latest period's."""
    kept: dict[tuple[str, ...], _State] = {}
    for state in sorted(states, key=lambda state: state.rank):
        firm, name, period = state.nodes[0].slot
        is_state = contract(name).meta.cadence is Cadence.STATE
        kept[(firm, name) if is_state else (firm, name, period)] = state
    return list(kept.values())


def _in_force(came: Entry, result: Mapping[str, Any], place: int) -> InForce:
    body: Mapping[str, Any] = came.body
    names = {name: body[name] for name in ("submission_id", "contract", "firm_id", "period")}
    counts = {name: result[name] for name in ("status", "rows_in", "accepted", "quarantined")}
    return InForce(**names, **counts, tx_from=came.seq, place=place)


def write_in_force(home: Home, ledger: Ledger, path: Path, at_head: int | None = None) -> int:
    """Write ``in_force.parquet`` as of a ledger head (default: the newest); returns the number of rows.

    One row per submission in force; ``overruled`` lists its records that do not count, because a correction
    says otherwise of their key, or because they do nothing but delete.
    """
    submissions = submissions_in_force(ledger.entries(*KINDS, up_to=at_head))
    _require_rows(submissions, erased_submissions(ledger.entries(ERASED)))
    overruled = overruled_records(home, submissions)
    rows = [asdict(one) | {"overruled": overruled.get(one.submission_id, [])} for one in submissions]
    write_rows(path, pa.Table.from_pylist(rows, schema=_SCHEMA))
    return len(rows)


def changed_contracts(before: Path, after: Path) -> frozenset[str]:
    """The contracts of which other rows count in one ``in_force.parquet`` than in another."""
    return frozenset(str(row["contract"]) for row in _changed(before, after))


def write_changes(home: Home, before: Path, after: Path, folder: Path) -> None:
    """Write which rows count otherwise than before: a file for each column that tells them, named after it.

    ``before``, ``after``: two ``in_force.parquet`` files. Every ``submission_id`` that counts otherwise, and
    every ``learner_key`` with a row of wages in one of them, once.
    """
    names = ("contract", "firm_id", "period", "submission_id")
    changed = list(_changed(before, after))
    folder.mkdir()
    submissions = pa.array(sorted({str(row["submission_id"]) for row in changed}), pa.string())
    pq.write_table(pa.table({"submission_id": submissions}), folder / "submission_id.parquet")
    places = {
        zone_file(home, "accepted", *(str(row[name]) for name in names))
        for row in changed
        if row["contract"] == "wage"
    }
    keys = [pq.read_table(place, columns=[_KEY]) for place in sorted(places) if place.is_file()]
    none = pa.table({_KEY: pa.array([], pa.string())})
    pq.write_table(pa.concat_tables([none, *keys]).group_by(_KEY).aggregate([]), folder / f"{_KEY}.parquet")


def _changed(before: Path, after: Path) -> Iterator[dict[str, Any]]:
    listed = [{repr(row): row for row in pq.read_table(path).to_pylist()} for path in (before, after)]
    for one, other in (listed, listed[::-1]):
        yield from (row for said, row in one.items() if said not in other)


def _require_rows(submissions: Iterable[InForce], erased: Mapping[str, int]) -> None:
    """LakeError LAK-010 when rows that counted at an earlier head were erased since."""
    gone = sorted({erased[one.submission_id] for one in submissions if one.submission_id in erased})
    if gone:
        raise LakeError(
            "LAK-010",
            found=f"rows that were erased since, by ledger entry {', '.join(map(str, gone))}",
            expected="every row that counted at this ledger head",
            where="the lake",
            remedy="It cannot be made again, and must not be. What was published stays as it is.",
        )


def overruled_records(home: Home, in_force: Iterable[InForce]) -> dict[str, list[int]]:
    """Record numbers that do not count, by submission; only slots that were corrected are read."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    with connect() as con:
        for name, submissions in _corrected(in_force).items():
            columns = _columns((*_PLACE, *contract(name).meta.key, ACTION))
            files = accepted_rows(home, name, submissions)
            con.execute(_LOAD.substitute(table="stacked", columns=columns, files=files))
            _find_overruled(con, submissions, "stacked")
            for submission_id, record in con.execute("FROM overruled ORDER BY ALL").fetchall():
                found[submission_id].append(record)
    return dict(found)


def load_accepted(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    name: str,
    submissions: Iterable[InForce],
    table: str,
    columns: Iterable[str] = (),
) -> None:
    """Make a temporary table of a contract's accepted rows that count, of these submissions of that contract.

    A file without its corrections gives its rows as they stood before them. With ``columns`` given, the table
    has these, and where rows were corrected, what tells which of them count as well.
    """
    chosen = list(submissions)
    corrections = _corrected(chosen)
    wanted = set(columns)
    if wanted and corrections:
        wanted |= {*_PLACE, *contract(name).meta.key, ACTION}
    terms = {"table": identifier(table), "columns": _columns(sorted(wanted)) or "*"}
    con.execute(_LOAD.substitute(terms, files=accepted_rows(home, name, chosen)))
    for corrected in corrections.values():
        _find_overruled(con, corrected, table)
        con.execute(_REMOVE.substitute(table=identifier(table)))


def _corrected(in_force: Iterable[InForce]) -> dict[str, list[InForce]]:
    """By contract, the submissions of slots that have corrections."""
    slots: defaultdict[tuple[str, str, str], list[InForce]] = defaultdict(list)
    for one in in_force:
        slots[one.contract, one.firm_id, one.period].append(one)
    chosen: defaultdict[str, list[InForce]] = defaultdict(list)
    for (name, *_), submissions in slots.items():
        if any(one.place for one in submissions):
            chosen[name] += submissions
    return dict(chosen)


def accepted_rows(home: Home, name: str, submissions: Iterable[InForce]) -> str:
    """A contract's accepted rows of some submissions as the engine reads them; corrections are not heeded."""
    paths = [accepted_path(home, one) for one in submissions if one.accepted]
    files = ", ".join(literal(duck_path(path)) for path in (schema_path(home, "accepted", name), *paths))
    by_name = not are_alike(home, "accepted", name)
    return f"read_parquet([{files}], hive_partitioning = false, union_by_name = {by_name})"


def _find_overruled(con: duckdb.DuckDBPyConnection, submissions: Sequence[InForce], table: str) -> None:
    """Make the table ``overruled``: submission and record of the rows of a table that do not count."""
    places = {name: [getattr(one, name) for one in submissions] for name in ("submission_id", "place")}
    con.register("corrected", pa.table(places))
    key = _columns(contract(submissions[0].contract).meta.key)
    terms = {"table": identifier(table), "key": key, "action": identifier(ACTION), "delete": literal(DELETE)}
    con.execute(_FIND_OVERRULED.substitute(terms))
    con.unregister("corrected")


def _columns(names: Iterable[str]) -> str:
    return ", ".join(identifier(name) for name in names)
