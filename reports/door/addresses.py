"""What the address of a table says: which rows and columns, so that Excel's "From Web" needs no program.

    ?metric_id=employment_rate_q2&geography=101,102&columns=label,value&limit=50&offset=100

Filters name a column and the values it may have; several are separated by commas. Free questions are SQL's.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from contracts.errors import DoorError

RESERVED = ("columns", "limit", "offset", "token")


@dataclass(frozen=True)
class Selection:
    """Rows and columns of a table: filters by column, the columns in order, how many rows from where."""

    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    limit: int | None = None
    offset: int = 0


def read_selection(query: Iterable[tuple[str, str]], columns: tuple[str, ...]) -> Selection:
    """The selection that a query string asks for; DoorError DOR-011 for unknown columns and bad numbers."""
    said = [(name, value) for name, value in query if name != "token"]
    filters: dict[str, tuple[str, ...]] = {}
    for name, value in said:
        if name not in RESERVED:
            filters[_known(name, columns)] = filters.get(name, ()) + tuple(value.split(","))
    words = dict(said)
    listed = [name.strip() for name in words.get("columns", "").split(",") if name.strip()]
    return Selection(
        filters=filters,
        columns=tuple(dict.fromkeys(_known(name, columns) for name in listed)),
        limit=_whole("limit", words["limit"]) if "limit" in words else None,
        offset=_whole("offset", words.get("offset", "0")),
    )


def select(table: pa.Table, selection: Selection) -> pa.Table:
    """The rows that pass every filter, in published order, in the columns asked for.

    A value matches when its text is equal to one of the filter's; an empty text matches a blank.
    """
    for name, wanted in selection.filters.items():
        text = table.column(name).cast(pa.string())
        is_wanted = pc.is_in(text, value_set=pa.array(wanted, pa.string()))
        if "" in wanted:
            is_wanted = pc.or_(is_wanted, pc.is_null(text))
        table = table.filter(is_wanted)
    chosen = table.select(list(selection.columns)) if selection.columns else table
    return chosen.slice(selection.offset, selection.limit)


def _known(name: str, columns: tuple[str, ...]) -> str:
    if name in columns:
        return name
    nearest = difflib.get_close_matches(name, columns, n=1)
    raise DoorError(
        "DOR-011",
        found=f"no column {name[:80]!r}",
        expected=f"one of {', '.join(columns)}" + (f"; did you mean {nearest[0]}?" if nearest else ""),
        where="the address",
        remedy="Correct the name before the equals sign, or leave it out.",
    )


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise DoorError(
            "DOR-011",
            found=f"{name}={text[:40]!r}",
            expected="a whole number",
            where="the address",
            remedy=f"Write {name} as digits.",
        )
    return int(text)
