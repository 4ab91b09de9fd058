"""pydantic, row by row, as its documentation would have it; keys are counted beside it."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Annotated

import pyarrow as pa
import pyarrow.parquet as pq
from asked import FIRM, HEX, IN_LIST, KEY, OUT, QUARTER, ROWS, answer
from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

_SETS = {name: frozenset(values) for name, values in IN_LIST.items()}
CHUNK = 50_000


def _in(name: str):
    def check(value: str) -> str:
        if value not in _SETS[name]:
            raise ValueError("not in the list")
        return value

    return AfterValidator(check)


class Wage(BaseModel):
    """The ten columns."""

    learner_key: Annotated[str, Field(pattern=HEX)]
    firm_id: Annotated[str, Field(pattern=FIRM), _in("firm_id")]
    year_quarter: Annotated[str, Field(pattern=QUARTER)]
    gross_wages_usd: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
    hours_paid: Annotated[Decimal, Field(ge=0, le=1200, max_digits=7, decimal_places=2)]
    soc_code: Annotated[str, _in("soc_code")]
    worker_type: Annotated[str, _in("worker_type")]
    pay_basis: Annotated[str, _in("pay_basis")]
    primary_work_county_fips: Annotated[str, _in("primary_work_county_fips")]
    hire_date: date

    @model_validator(mode="after")
    def _paid_enough(self) -> Wage:
        if self.gross_wages_usd < Decimal("7.25") * self.hours_paid:
            raise ValueError("minimum_wage")
        return self


def main() -> None:
    found: list[tuple[int, str]] = []
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    good: list[dict[str, object]] = []
    schema = pa.schema(
        [
            (n, pa.string())
            for n in Wage.model_fields
            if n not in ("gross_wages_usd", "hours_paid", "hire_date")
        ]
        + [
            ("gross_wages_usd", pa.decimal128(12, 2)),
            ("hours_paid", pa.decimal128(7, 2)),
            ("hire_date", pa.date32()),
        ]
    )
    with (
        ROWS.open(encoding="utf-8", newline="") as file,
        pq.ParquetWriter(OUT / "good.parquet", schema, compression="zstd") as writer,
    ):
        for record, row in enumerate(csv.DictReader(file), 1):
            if row["learner_key"]:
                places[tuple(row[name] for name in KEY)].append(record)
            try:
                good.append(Wage.model_validate(row).model_dump())
            except ValidationError as error:
                found += [
                    (record, str(one["loc"][0]) if one["loc"] else "minimum_wage") for one in error.errors()
                ]
            if len(good) == CHUNK:
                writer.write_table(pa.Table.from_pylist(good, schema=schema))
                good.clear()
        writer.write_table(pa.Table.from_pylist(good, schema=schema))
    found += [(one, "duplicate") for same in places.values() if len(same) > 1 for one in same]
    answer(found)


main()
