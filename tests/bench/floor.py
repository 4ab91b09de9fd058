"""The least one could do with a CSV file: DuckDB writes its text as zstd Parquet. Nothing is judged."""

from __future__ import annotations

import sys
from pathlib import Path

from warehouse.duck import connect, literal


def main() -> None:
    """Read the file named first, write beside the second."""
    rows, out = Path(sys.argv[1]), Path(sys.argv[2])
    source = f"read_csv({literal(str(rows))}, all_varchar = true, header = true)"
    with connect(spill=out / "spill") as con:
        target = literal(str(out / "floor.parquet"))
        con.execute(f"COPY (FROM {source}) TO {target} (FORMAT parquet, COMPRESSION zstd)")


if __name__ == "__main__":
    main()
