"""A region many times over: the lake of a home, with every firm and person again under names of their own.

What consortium-wide registers say (programs, credentials, rules) is said once. Nothing here judges a row: the
lake is written as the intake would have left it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.builds import Build
from warehouse.chain import Head
from warehouse.home import OPERATOR, Home, init_home
from warehouse.lake import ensure_schemas, schema_path, with_all_columns

FIRMS = (
    "firm_id",
    "parent_group_id",
    "from_firm_id",
    "to_firm_id",
    "predecessor_firm_id",
    "successor_firm_id",
)
PEOPLE = ("learner_key", "mentor_key", "mentee_key")
RECORDS = (
    *("contribution_id", "transfer_id", "spot_check_id", "finding_id", "requisition_id", "agreement_id"),
    *("establishment_id", "response_id", "position_key", "site_id", "rater_id", "group_id"),
)
PROGRAMS = ("program_id", "restricted_to_program_id", "from_program_id", "to_program_id", "cohort_id")
"""Where every copy has programs of its own: cells as small as one region's, as many times over."""
ONCE = {"member_role"}
"""Registers of the whole consortium that name a firm all the same."""


@dataclass(frozen=True)
class Stamped:
    """A home whose lake holds a region ``times`` over, and the list of what is in force."""

    home: Home
    in_force: Path


def stamp(source: Home, in_force: Path, target: Path, times: int, *, own_programs: bool = False) -> Stamped:
    """Write what is in force of the lake of ``source``, ``times`` over, into a new home in ``target``.

    Programs are those of all copies, or, with ``own_programs``, each copy's own.
    """
    home = init_home(target, source.config)
    ensure_schemas(home)
    listed = pq.read_table(in_force)
    own = (*FIRMS, *PEOPLE, *(PROGRAMS if own_programs else ()))
    written = [_copies(source, home, row, own, times) for row in listed.to_pylist()]
    rows = [line for lines in written for line in lines]
    pq.write_table(pa.Table.from_pylist(rows, schema=listed.schema), target / "in_force.parquet")
    return Stamped(home, target / "in_force.parquet")


def place_of(home: Home, row: dict[str, object]) -> Path:
    """Where the accepted rows of a line of the list in force lie."""
    zone = schema_path(home, "accepted", str(row["contract"])).parent
    return zone / f"firm={row['firm_id']}" / f"period={row['period']}" / f"{row['submission_id']}.parquet"


def build_in(folder: Path) -> Build:
    """The build in a folder outside the line of builds of a home."""
    return Build(folder.name, folder, Head(0, ""), 0)


def _copies(
    source: Home, home: Home, row: dict[str, object], own: tuple[str, ...], times: int
) -> list[dict[str, object]]:
    path = place_of(source, row)
    rows = pq.read_table(path, partitioning=None) if path.is_file() else None
    names = set() if rows is None else set(rows.column_names)
    is_shared = row["contract"] in ONCE or (rows is not None and not names & {*own})
    lines = []
    for number in range(1 if is_shared else times):
        line = _marked(row, number)
        if rows is not None:
            target = place_of(home, line)
            target.parent.mkdir(parents=True, exist_ok=True)
            schema = pq.read_schema(schema_path(home, "accepted", str(line["contract"])))
            own_rows = _renamed(rows, line, (*own, *RECORDS), number)
            pq.write_table(with_all_columns(own_rows, schema), target)
        lines.append(line)
    return lines


def _marked(row: dict[str, object], number: int) -> dict[str, object]:
    mark = f"~{number}" if number else ""
    box = row["firm_id"] if row["firm_id"] == OPERATOR else f"{row['firm_id']}{mark}"
    return row | {"submission_id": f"{row['submission_id']}{mark}", "firm_id": box}


def _renamed(rows: pa.Table, line: dict[str, object], own: tuple[str, ...], number: int) -> pa.Table:
    """The rows under the names of one copy; the first keeps those it has."""
    if number == 0:
        return rows
    for name in own:
        if name in rows.column_names:
            column = pc.binary_join_element_wise(rows[name], f"~{number}", "")
            rows = rows.set_column(rows.column_names.index(name), name, column)
    for name, value in (("submission_id", line["submission_id"]), ("box_firm_id", line["firm_id"])):
        column = pa.array([value] * len(rows), rows.schema.field(name).type)
        rows = rows.set_column(rows.column_names.index(name), name, column)
    return rows
