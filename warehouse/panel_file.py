"""Reads named columns of a panel file (CSV or Parquet) that an analyst brings, and nothing else of it.

What the columns mean and whether they make a panel is judged in ``reports.impact``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from contracts.errors import PanelError

_KINDS = "a CSV file (.csv, comma-separated, with a header) or a Parquet file (.parquet)"


def read_panel_file(path: Path, columns: Sequence[str], text: Sequence[str]) -> pd.DataFrame:
    """The ``columns`` of the file, one row per row; those in ``text`` as they are written, the others typed.

    PanelError IMP-001 for a file that is not there or of another kind, IMP-002 for one that cannot be parsed,
    IMP-003 when a column is missing.
    """
    if not path.is_file():
        raise _error("IMP-001", "no such file", _KINDS, path, "Check the path.")
    wanted = list(dict.fromkeys(columns))
    if path.suffix.lower() == ".parquet":
        return _parquet(path, wanted)
    if path.suffix.lower() in (".csv", ".txt"):
        return _csv(path, wanted, text)
    raise _error("IMP-001", f"a file ending in {path.suffix or 'nothing'}", _KINDS, path, "Convert it.")


def _parquet(path: Path, columns: list[str]) -> pd.DataFrame:
    try:
        names = pq.read_schema(path).names
        _require(path, columns, names)
        rows: pd.DataFrame = pq.read_table(path, columns=columns).to_pandas()
    except pa.ArrowException as error:
        raise _unreadable(path) from error
    return rows


def _csv(path: Path, columns: list[str], text: Sequence[str]) -> pd.DataFrame:
    try:
        with path.open("rb") as file:
            names = pc.open_csv(file).schema.names
        _require(path, columns, names)
        convert = pc.ConvertOptions(
            include_columns=columns,
            column_types={name: pa.string() for name in text},
            strings_can_be_null=True,
        )
        rows: pd.DataFrame = pc.read_csv(path, convert_options=convert).to_pandas()
    except pa.ArrowException as error:
        raise _unreadable(path) from error
    return rows


def _require(path: Path, columns: list[str], names: list[str]) -> None:
    missing = [name for name in columns if name not in names]
    if missing:
        raise _error(
            "IMP-003",
            f"no column {', '.join(missing)}",
            f"one of the file's columns: {', '.join(names[:40])}",
            path,
            "Name the columns as the file's header does.",
        )


def _unreadable(path: Path) -> PanelError:
    # Without the parser's own words: they can repeat a cell.
    return _error("IMP-002", "a file that cannot be parsed", _KINDS, path, "Save it again in one of the two.")


def _error(code: str, found: str, expected: str, path: Path, remedy: str) -> PanelError:
    return PanelError(code, found=found, expected=expected, where=path.name, remedy=remedy)
