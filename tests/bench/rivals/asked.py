"""What every rival is asked: the file, the lists, where its answer goes. Imports nothing of ours.

An answer is the good rows as ``good.parquet`` and one row per finding, (record, label), as ``found.parquet``.
A label is a column, or ``duplicate``, or ``minimum_wage``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROWS, OUT = Path(sys.argv[1]), Path(sys.argv[2])
LISTS = json.loads((OUT / "lists.json").read_text()) if len(sys.argv) > 2 else {}
TYPES = ["FT", "PT", "SEASONAL", "TEMP"]
BASES = ["HOURLY", "SALARY", "PIECE", "COMMISSION"]
HEX, QUARTER, FIRM = r"^[0-9a-f]{64}$", r"^[0-9]{4}Q[1-4]$", r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$"
MONEY, HOURS = r"^-?[0-9]{1,10}(\.[0-9]{1,2})?$", r"^-?[0-9]{1,5}(\.[0-9]{1,2})?$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
KEY = ["learner_key", "firm_id", "year_quarter"]
IN_LIST = {
    "firm_id": LISTS.get("firms", []),
    "soc_code": LISTS.get("soc", []),
    "primary_work_county_fips": LISTS.get("counties", []),
    "worker_type": TYPES,
    "pay_basis": BASES,
}


def answer(found: Iterable[tuple[int, str]]) -> None:
    """Write the findings."""
    records, labels = zip(*found, strict=True) if found else ((), ())
    table = pa.table({"record": pa.array(records, pa.int64()), "label": pa.array(labels, pa.string())})
    pq.write_table(table, OUT / "found.parquet")
