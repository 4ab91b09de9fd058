"""The folder of evidence, read into whole numbers: cells, equations, contributors, alternative tables (see
ADR 0022).

Form is checked here: files, columns, numbering. Whether what it says is true and enough is the rest of the
auditor's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy import sparse

from contracts.errors import DisclosureError

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

PUBLISHED, PRIMARY, SECONDARY, LOCKED = "PUBLISHED", "PRIMARY", "SECONDARY", "LOCKED"
STATUSES = (PUBLISHED, PRIMARY, SECONDARY, LOCKED)
NO_FIRM = -1

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cells": ("system", "cell", "table_name", "key", "units", "status", "need_up", "need_down", "reason"),
        "equations": ("system", "equation", "cell", "coefficient"),
        "contributors": ("system", "cell", "firm", "units", "persons"),
        "certificates": ("system", "certificate", "target", "direction", "attacker"),
        "flows": ("system", "certificate", "cell", "delta"),
    }
)
CONCENTRATIONS = "concentrations"
AMOUNTS = "amounts"
SHOWN = ("value", "value_lower", "value_upper")
PAID = ("table_name", "cell", "metric_id", "is_wage_derived", "is_money", *SHOWN, "firm", "cents", "persons")
"""Columns of the optional file ``amounts``: what is shown besides counts, one row per cell and firm."""
RULED = ("system", "cell", "firms", "largest", "second", "persons")
"""Columns of the optional file ``concentrations``: of tables that come as cells, all that is known of who is
behind.
"""


@dataclass(frozen=True)
class Parts:
    """Which firm has how much of which cell: aligned arrays. ``firm`` counts through ``names``; ``persons``
    is −1 where it is not known.
    """

    cell: Whole
    firm: Whole
    units: Whole
    persons: Whole
    names: tuple[str, ...]

    @classmethod
    def none(cls) -> Parts:
        """Nobody behind any cell."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty, empty, empty, ())


@dataclass(frozen=True)
class Block:
    """One system: n cells, equations (rows × n, Σ coefficient · units = 0), who is behind, flows (flows × n).

    ``ruled`` has one row per cell with firms, largest, second, persons where the source knows only those.
    """

    name: str
    tables: tuple[str, ...]
    keys: tuple[str, ...]
    units: Whole
    status: NDArray[np.object_]
    need_up: Whole
    need_down: Whole
    equations: sparse.csr_array
    parts: Parts
    flows: sparse.csr_array
    ruled: pd.DataFrame | None = None

    @property
    def size(self) -> int:
        """How many cells."""
        return len(self.units)

    @cached_property
    def is_published(self) -> Mask:
        """The cells that everybody sees."""
        return np.asarray(self.status == PUBLISHED, dtype=bool)

    @cached_property
    def is_primary(self) -> Mask:
        """The cells that a rule hides: what there is to protect."""
        return np.asarray(self.status == PRIMARY, dtype=bool)

    @cached_property
    def sole(self) -> Whole:
        """The only contributor of each cell, or NO_FIRM."""
        counts = np.bincount(self.parts.cell, minlength=self.size)
        found = np.full(self.size, NO_FIRM, dtype=np.int64)
        found[self.parts.cell] = self.parts.firm
        return np.where(counts == 1, found, NO_FIRM)

    @cached_property
    def component(self) -> Whole:
        """The number of the group of cells that equations link when nothing is published."""
        return linked(self.equations)

    def where(self, cell: int) -> str:
        """A cell as the operator finds it."""
        return f"{self.tables[cell]} {self.keys[cell]} in {self.name}"


@dataclass(frozen=True)
class Evidence:
    """Everything the protector hands over of one release; ``amounts``: rows of PAID, None where none were
    kept.
    """

    blocks: Mapping[str, Block]
    policy: Mapping[str, Any]
    meta: Mapping[str, Any]
    name: str
    amounts: pd.DataFrame | None = None


def linked(equations: sparse.csr_array) -> Whole:
    """The number of the group that each cell (column) belongs to: an equation links all that are in it."""
    links = abs(equations.T) @ abs(equations)
    return np.asarray(sparse.csgraph.connected_components(links, directed=False)[1], dtype=np.int64)


def has_evidence(folder: Path) -> bool:
    """Whether a folder holds evidence at all."""
    return (folder / "cells.parquet").is_file()


def read_evidence(folder: Path) -> Evidence:
    """The evidence in a folder.

    DisclosureError AUD-001 for a file or column that is missing or unreadable, AUD-002 for cells that are not
    numbered from 0, rows about no cell, and unknown statuses.
    """
    frames = {name: _frame(folder, name, columns) for name, columns in COLUMNS.items()}
    if (folder / f"{CONCENTRATIONS}.parquet").is_file():
        frames[CONCENTRATIONS] = _frame(folder, CONCENTRATIONS, RULED)
    documents = _document(folder, "policy"), _document(folder, "meta")
    found = evidence_of(frames, *documents, name=folder.as_posix())
    has_amounts = (folder / f"{AMOUNTS}.parquet").is_file()
    return replace(found, amounts=_frame(folder, AMOUNTS, PAID)) if has_amounts else found


def evidence_of(
    frames: Mapping[str, pd.DataFrame], policy: Mapping[str, Any], meta: Mapping[str, Any], *, name: str
) -> Evidence:
    """Evidence from its tables as frames; DisclosureError AUD-002 as in ``read_evidence``."""
    by_system = {kind: dict(tuple(frame.groupby("system", sort=True))) for kind, frame in frames.items()}
    blocks = {str(system): _block(name, str(system), by_system) for system in by_system["cells"]}
    return Evidence(blocks, policy, meta, name)


def _frame(folder: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    path = folder / f"{name}.parquet"
    try:
        frame: pd.DataFrame = pq.read_table(path, columns=list(columns)).to_pandas()
        return frame
    except (OSError, pa.ArrowException, KeyError) as error:
        raise _unreadable(path, f"no readable file with columns {', '.join(columns)}") from error


def _document(folder: Path, name: str) -> Mapping[str, Any]:
    path = folder / f"{name}.json"
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _unreadable(path, "no readable JSON") from error
    if not isinstance(found, dict):
        raise _unreadable(path, "no JSON object")
    return found


def _block(folder: str, name: str, frames: Mapping[str, Mapping[Any, pd.DataFrame]]) -> Block:
    cells = frames["cells"][name].sort_values("cell")
    size = len(cells)
    if not np.array_equal(cells["cell"].to_numpy(), np.arange(size)):
        raise _malformed(folder, f"cells of {name} that are not numbered from 0 without gaps")
    if not cells["status"].isin(STATUSES).all():
        raise _malformed(folder, f"an unknown status in {name}")
    rows = {kind: frames[kind].get(name) for kind in ("equations", "contributors", "flows")}
    for kind, frame in rows.items():
        if frame is not None and not frame["cell"].between(0, size - 1).all():
            raise _malformed(folder, f"{kind} of {name} about a cell that there is not")
    ruled = frames.get(CONCENTRATIONS, {}).get(name)
    return Block(
        name=name,
        tables=tuple(cells["table_name"]),
        keys=tuple(cells["key"]),
        units=_whole(cells["units"]),
        status=cells["status"].to_numpy(dtype=object),
        need_up=_whole(cells["need_up"].fillna(0)),
        need_down=_whole(cells["need_down"].fillna(0)),
        equations=_matrix(rows["equations"], "equation", "coefficient", size),
        parts=_parts(rows["contributors"]),
        flows=_matrix(rows["flows"], "certificate", "delta", size),
        ruled=None if ruled is None else ruled.set_index("cell").drop(columns="system"),
    )


def _whole(column: pd.Series[Any]) -> Whole:
    return np.asarray(column.to_numpy(), dtype=np.int64)


def _matrix(frame: pd.DataFrame | None, row: str, value: str, size: int) -> sparse.csr_array:
    """Rows numbered anew from 0 in the order of their names; a repeated entry is added up."""
    if frame is None or frame.empty:
        return sparse.csr_array((0, size), dtype=np.int64)
    rows, names = pd.factorize(frame[row], sort=True)
    entries = (_whole(frame[value]), (rows, _whole(frame["cell"])))
    return sparse.coo_array(entries, shape=(len(names), size)).tocsr()


def _parts(frame: pd.DataFrame | None) -> Parts:
    if frame is None or frame.empty:
        return Parts.none()
    whole = (
        frame.groupby(["cell", "firm"], as_index=False, sort=True).agg(
            units=("units", "sum"),
            persons=("persons", lambda known: known.sum() if known.notna().all() else -1),
        )
        if frame.duplicated(["cell", "firm"]).any()
        else frame
    )
    firm, names = pd.factorize(whole["firm"], sort=True)
    persons = _whole(whole["persons"].fillna(-1))
    return Parts(
        _whole(whole["cell"]), np.asarray(firm, dtype=np.int64), _whole(whole["units"]), persons, tuple(names)
    )


def _unreadable(path: Path, found: str) -> DisclosureError:
    return DisclosureError(
        "AUD-001",
        found=found,
        expected="evidence as ADR 0022 describes it",
        where=str(path),
        remedy="Make the release again: the disclosure gate and `guildhall disclose` write evidence.",
    )


def _malformed(folder: str, found: str) -> DisclosureError:
    return DisclosureError(
        "AUD-002",
        found=found,
        expected="every row about a numbered cell of its system, with a known status",
        where=folder,
        remedy="Make the release again; evidence is never edited.",
    )
