"""The folder of evidence: cells, equations, contributors and alternative tables, for the operator and the
auditor.

Its format is the seam of docs/decisions/0022. Nothing of it is ever published. What is proved is
``search``'s.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from reports.disclosure.protect.knowledge import Flow
from reports.disclosure.protect.search import UP, Pattern
from reports.disclosure.protect.system import Flags, Integers, System

FORMAT = 1
PUBLISHED, PRIMARY, SECONDARY, LOCKED = "PUBLISHED", "PRIMARY", "SECONDARY", "LOCKED"
COMPLEMENTARY = "COMPLEMENTARY"

CELLS = pa.schema(
    [
        ("system", pa.string()),
        ("cell", pa.int64()),
        ("table_name", pa.string()),
        ("key", pa.string()),
        ("units", pa.int64()),
        ("status", pa.string()),
        ("need_up", pa.int64()),
        ("need_down", pa.int64()),
        ("reason", pa.string()),
    ]
)
EQUATIONS = pa.schema(
    [
        ("system", pa.string()),
        ("equation", pa.int64()),
        ("cell", pa.int64()),
        ("coefficient", pa.int32()),
    ]
)
CONTRIBUTORS = pa.schema(
    [
        ("system", pa.string()),
        ("cell", pa.int64()),
        ("firm", pa.string()),
        ("units", pa.int64()),
        ("persons", pa.int64()),
    ]
)
CERTIFICATES = pa.schema(
    [
        ("system", pa.string()),
        ("certificate", pa.int64()),
        ("target", pa.int64()),
        ("direction", pa.string()),
        ("attacker", pa.string()),
    ]
)
FLOWS = pa.schema(
    [
        ("system", pa.string()),
        ("certificate", pa.int64()),
        ("cell", pa.int64()),
        ("delta", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Named:
    """The words for the cells of a system, aligned with them: the evidence's system, table, key, and why a
    cell is hidden by a rule (empty where it is not)."""

    system: Sequence[str]
    table_name: Sequence[str]
    key: Sequence[str]
    reason: Sequence[str]


@dataclass(frozen=True)
class Evidence:
    """The five tables of a folder."""

    cells: pa.Table
    equations: pa.Table
    contributors: pa.Table
    certificates: pa.Table
    flows: pa.Table

    def files(self) -> Iterator[tuple[str, pa.Table]]:
        """Each table with its file name."""
        for name in ("cells", "equations", "contributors", "certificates", "flows"):
            yield f"{name}.parquet", getattr(self, name)


def status_of(system: System, hidden: Flags) -> list[str]:
    """PUBLISHED, PRIMARY, SECONDARY or LOCKED for every cell."""
    primary = system.needs.is_primary
    words = np.select([primary, system.locked, hidden], [PRIMARY, LOCKED, SECONDARY], PUBLISHED)
    return [str(word) for word in words]


def evidence(system: System, pattern: Pattern, named: Named) -> Evidence:
    """The evidence of a protected system, cells numbered within the system that ``named`` gives them."""
    local = _numbered(named.system)
    names = np.asarray(named.system, dtype=object)
    status = status_of(system, pattern.hidden)
    reasons = [
        COMPLEMENTARY if state == SECONDARY else why for state, why in zip(status, named.reason, strict=True)
    ]
    cells = pa.table(
        {
            "system": list(named.system),
            "cell": local,
            "table_name": list(named.table_name),
            "key": list(named.key),
            "units": system.values,
            "status": status,
            "need_up": system.needs.up,
            "need_down": system.needs.down,
            "reason": reasons,
        },
        schema=CELLS,
    )
    certificates, flows = _proofs(pattern, names, local)
    return Evidence(
        cells, _equations(system, names, local), _contributors(system, names, local), certificates, flows
    )


def write_evidence(folder: Path, found: Evidence, policy: Mapping[str, Any], meta: Mapping[str, Any]) -> None:
    """Write the folder; it must not hold evidence yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in found.files():
        pq.write_table(table, folder / name, compression="zstd")
    for name, words in (("policy.json", policy), ("meta.json", {"format": FORMAT} | dict(meta))):
        text = json.dumps(words, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / name).write_text(text + "\n", encoding="utf-8")


def read_evidence(folder: Path) -> Evidence:
    """The five tables of a folder written before."""
    names = ("cells", "equations", "contributors", "certificates", "flows")
    return Evidence(*(pq.read_table(folder / f"{name}.parquet") for name in names))


def _numbered(names: Sequence[str]) -> Integers:
    """The place of every cell among the cells of its system."""
    seen: dict[str, int] = {}
    numbers = np.zeros(len(names), dtype=np.int64)
    for place, name in enumerate(names):
        numbers[place] = seen.get(name, 0)
        seen[name] = seen.get(name, 0) + 1
    return numbers


def _equations(system: System, names: np.ndarray[Any, Any], local: Integers) -> pa.Table:
    by_row = system.equations.tocoo()
    row, cell = by_row.coords
    return pa.table(
        {
            "system": names[cell].tolist(),
            "equation": row.astype(np.int64),
            "cell": local[cell],
            "coefficient": by_row.data.astype(np.int32),
        },
        schema=EQUATIONS,
    )


def _contributors(system: System, names: np.ndarray[Any, Any], local: Integers) -> pa.Table:
    parts = system.contributors
    return pa.table(
        {
            "system": names[parts.cell].tolist(),
            "cell": local[parts.cell],
            "firm": [parts.names[firm] for firm in parts.firm.tolist()],
            "units": parts.units,
            "persons": pa.nulls(len(parts.cell), pa.int64()),
        },
        schema=CONTRIBUTORS,
    )


def _proofs(pattern: Pattern, names: np.ndarray[Any, Any], local: Integers) -> tuple[pa.Table, pa.Table]:
    listed: list[tuple[str, int, int, str, None]] = []
    moves: list[tuple[str, int, int, int]] = []
    numbers: dict[tuple[bytes, bytes], int] = {}
    for (target, sign), flows in sorted(pattern.proofs.items()):
        for flow in flows:
            number, is_new = _number(flow, numbers)
            direction = "UP" if sign == UP else "DOWN"
            listed.append((str(names[target]), number, int(local[target]), direction, None))
            if is_new:
                system = str(names[target])
                moved = zip(local[flow.cells].tolist(), flow.deltas.tolist(), strict=True)
                moves += [(system, number, cell, delta) for cell, delta in moved]
    return _table(listed, CERTIFICATES), _table(moves, FLOWS)


def _number(flow: Flow, numbers: dict[tuple[bytes, bytes], int]) -> tuple[int, bool]:
    name = (flow.cells.tobytes(), flow.deltas.tobytes())
    is_new = name not in numbers
    return numbers.setdefault(name, len(numbers)), is_new


def _table(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.table(
        {field.name: list(column) for field, column in zip(schema, columns, strict=True)}, schema=schema
    )
