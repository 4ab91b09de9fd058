"""Wage extracts as firms drop them: one CSV file for each firm and quarter, everybody on the payroll in it.

Columns are built once for the whole quarter and cut by firm. Pay itself belongs in ``wages``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from warehouse.sample.careers import Careers, Region
from warehouse.sample.draws import Bools, Ints
from warehouse.sample.region import SECTORS
from warehouse.sample.wages import Effects, Pay

COLUMNS = (
    "learner_key",
    "key_epoch",
    "firm_id",
    "year_quarter",
    "gross_wages_usd",
    "hours_paid",
    "hours_worked",
    "weeks_worked",
    "month1_flag",
    "month2_flag",
    "month3_flag",
    "soc_code",
    "worker_type",
    "primary_work_county_fips",
    "primary_work_zip3",
    "pay_basis",
    "subsidized",
    "participant_flag",
)
HEADER = ",".join(COLUMNS).encode() + b"\n"

_PLAIN = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
_SOCS = [soc for sector in SECTORS for soc in sector.soc_codes]
_FIRST_SOC = np.cumsum([0, *(len(sector.soc_codes) for sector in SECTORS)])
_SALARIED_BENTS = 150


def wage_files(region: Region, careers: Careers, effects: Effects, pay: Pay) -> Iterator[tuple[int, bytes]]:
    """The quarter's files as (firm, bytes of the file), in the order of the firms."""
    table = _table(region, careers, effects, pay)
    edges = np.searchsorted(pay.firms, np.arange(len(region.firms) + 1))
    for firm in range(len(region.firms)):
        if edges[firm + 1] > edges[firm]:
            yield firm, HEADER + _csv(table.slice(edges[firm], edges[firm + 1] - edges[firm]))


def _csv(rows: pa.Table) -> bytes:
    sink = io.BytesIO()
    pyarrow.csv.write_csv(rows, sink, _PLAIN)
    return sink.getvalue()


def _table(region: Region, careers: Careers, effects: Effects, pay: Pay) -> pa.Table:
    """COLUMNS as one Arrow table, one row per job; codes stay text."""
    firms, people = region.firms, region.people
    count = len(pay)
    full_time = ~(people.part_time[pay.workers] | pay.is_side_job)
    months = [(pay.idle_month != month) & (pay.gross_cents > 0) for month in (1, 2, 3)]
    columns = [
        pa.array(people.keys[pay.workers]).cast(pa.string()),
        pa.array(np.ones(count, dtype=np.int8)),
        _coded(pay.firms, firms.ids),
        _coded(np.zeros(count, dtype=np.int64), [str(region.settings.calendar[pay.quarter])]),
        decimals(pay.gross_cents, 2),
        decimals(pay.paid_tenths, 1),
        decimals(pay.worked_tenths, 1),
        pa.array(pay.weeks),
        *(pa.array(month.astype(np.int8)) for month in months),
        _occupations(region, careers, effects, pay),
        _coded(full_time.astype(np.int64), ["PT", "FT"]),
        _coded(pay.firms, firms.counties),
        _coded(pay.firms, firms.zip3s),
        _coded((people.bents[pay.workers] < _SALARIED_BENTS).astype(np.int64), ["HOURLY", "SALARY"]),
        pa.array(pay.subsidized.astype(np.int8)),
        pa.array(_is_own_participant(region, careers, pay).astype(np.int8)),
    ]
    return pa.table(dict(zip(COLUMNS, columns, strict=True)))


def decimals(units: Ints, scale: int) -> pa.Array:
    """Whole units (cents, tenths) as exact decimals: the two 64-bit halves of Arrow's decimal128."""
    halves = np.stack([units, np.where(units < 0, -1, 0)], axis=1).astype("<i8")
    return pa.Array.from_buffers(pa.decimal128(18, scale), len(units), [None, pa.py_buffer(halves.tobytes())])


def _coded(numbers: Ints, names: npt.NDArray[np.object_] | list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), pa.array(list(names)))


def _occupations(region: Region, careers: Careers, effects: Effects, pay: Pay) -> pa.DictionaryArray:
    """The occupation of each job: one of the sector's, by bent; after completing, the program's."""
    sectors = region.firms.sectors[pay.firms]
    offered = np.diff(_FIRST_SOC)[sectors]
    usual = _FIRST_SOC[sectors] + region.people.bents[pay.workers] % offered
    targets = np.array([_SOCS.index(program.soc_code) for program in region.settings.offered])
    seats = careers.seat[pay.workers]
    trained = (seats >= 0) & (np.append(effects.from_quarters, 0)[seats] < pay.quarter)
    return _coded(np.where(trained, targets[region.seats.programs[seats]], usual), _SOCS)


def _is_own_participant(region: Region, careers: Careers, pay: Pay) -> Bools:
    """Whether the firm itself has enrolled the person by then; of others' enrollments it knows nothing."""
    seats = careers.seat[pay.workers]
    entered = region.seats.entry_quarters[seats] <= pay.quarter
    own: Bools = (seats >= 0) & entered & (region.seats.sponsors[seats] == pay.firms)
    return own
