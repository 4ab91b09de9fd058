"""Writes a lake as intake would leave it, from rows drawn as text: typed Parquet files and the list in force.

What the rows mean belongs to `grids.py`; how a real drop becomes a lake is the warehouse's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts import CONTRACTS
from warehouse.lake import ALIKE, accepted_columns

Row = Mapping[str, str]

_ARROW = {"VARCHAR": pa.string(), "INTEGER": pa.int32(), "BIGINT": pa.int64(), "DATE": pa.date32()}


@dataclass(frozen=True)
class Drop:
    """One submission: what a firm (or the operator) sent for one contract and period."""

    contract: str
    firm: str
    period: str
    rows: tuple[Row, ...] = ()
    quarantined: int = 0
    is_superseded: bool = False
    status: str = "ACCEPTED"


def write_lake(folder: Path, drops: Sequence[Drop]) -> None:
    """``folder/accepted`` and ``folder/in_force.parquet`` for these drops, numbered in their order."""
    for contract in CONTRACTS:
        schema = folder / "accepted" / contract / "_schema.parquet"
        schema.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(_typed(contract, []).replace_schema_metadata({ALIKE: "yes"}), schema)
    listed = [_write_drop(folder, number, drop) for number, drop in enumerate(drops, start=1)]
    pq.write_table(_in_force([line for line in listed if line]), folder / "in_force.parquet")


def _write_drop(folder: Path, number: int, drop: Drop) -> dict[str, object] | None:
    name = f"s{number:06d}"
    place = {
        "submission_id": name,
        "box_firm_id": drop.firm,
        "box_period": drop.period,
        "tx_from": str(number),
    }
    rows = [{**row, **place, "record": str(record)} for record, row in enumerate(drop.rows, start=1)]
    if rows:
        path = (
            folder
            / "accepted"
            / drop.contract
            / f"firm={drop.firm}"
            / f"period={drop.period}"
            / f"{name}.parquet"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(_typed(drop.contract, rows), path)
    if drop.is_superseded:
        return None
    return {
        "submission_id": name,
        "contract": drop.contract,
        "firm_id": drop.firm,
        "period": drop.period,
        "status": drop.status,
        "rows_in": len(rows) + drop.quarantined,
        "accepted": len(rows),
        "quarantined": drop.quarantined,
        "tx_from": number,
        "place": 0,
        "overruled": [],
    }


def _typed(contract: str, rows: Iterable[Row]) -> pa.Table:
    columns = accepted_columns(contract)
    listed = list(rows)
    unknown = {name for row in listed for name in row} - set(columns)
    if unknown:
        raise KeyError(f"{contract} has no column {sorted(unknown)}")
    arrays = [_column([row.get(name) or None for row in listed], kind) for name, kind in columns.items()]
    return pa.table(dict(zip(columns, arrays, strict=True)))


def _column(texts: list[str | None], kind: str) -> pa.Array:
    return pc.cast(pa.array(texts, pa.string()), _arrow(kind))


def _arrow(kind: str) -> pa.DataType:
    if kind.startswith("DECIMAL("):
        precision, scale = kind.removeprefix("DECIMAL(").removesuffix(")").split(",")
        return pa.decimal128(int(precision), int(scale))
    return _ARROW[kind]


def _in_force(lines: Sequence[Mapping[str, object]]) -> pa.Table:
    text, number = pa.string(), pa.int64()
    kinds = [(name, text) for name in ("submission_id", "contract", "firm_id", "period", "status")]
    kinds += [(name, number) for name in ("rows_in", "accepted", "quarantined", "tx_from", "place")]
    kinds += [("overruled", pa.list_(number))]
    return pa.Table.from_pylist(list(lines), schema=pa.schema(kinds))
