"""dataframely's filter; days and numbers are cast by hand (its own cast of a text to a day fails)."""

from __future__ import annotations

from decimal import Decimal

import dataframely as dy
import polars as pl
from asked import DAY, HEX, HOURS, IN_LIST, MONEY, OUT, QUARTER, ROWS, answer


def _listed(column: str) -> dy.String:
    return dy.String(check=lambda text: text.is_in(IN_LIST[column]))


class Wage(dy.Schema):
    """The ten columns."""

    learner_key = dy.String(primary_key=True, regex=HEX)
    firm_id = dy.String(primary_key=True, check=lambda text: text.is_in(IN_LIST["firm_id"]))
    year_quarter = dy.String(primary_key=True, regex=QUARTER)
    gross_wages_usd = dy.Decimal(14, 2, min=Decimal(0))
    hours_paid = dy.Decimal(9, 2, min=Decimal(0), max=Decimal(1200))
    soc_code = _listed("soc_code")
    worker_type = _listed("worker_type")
    pay_basis = _listed("pay_basis")
    primary_work_county_fips = _listed("primary_work_county_fips")
    hire_date = dy.Date()

    @dy.rule()
    def minimum_wage(cls) -> pl.Expr:
        wage = pl.col("gross_wages_usd")
        return (wage < 0) | (wage >= pl.lit("7.25").cast(pl.Decimal(4, 2)) * pl.col("hours_paid"))


def _gated(name: str, shape: str) -> pl.Expr:
    return pl.when(pl.col(name).str.contains(shape)).then(pl.col(name))


def main() -> None:
    rows = pl.read_csv(ROWS, infer_schema=False, row_index_name="record", row_index_offset=1).with_columns(
        gross_wages_usd=_gated("gross_wages_usd", MONEY).cast(pl.Decimal(14, 2), strict=False),
        hours_paid=_gated("hours_paid", HOURS).cast(pl.Decimal(9, 2), strict=False),
        hire_date=_gated("hire_date", DAY).str.to_date("%Y-%m-%d", strict=False),
    )
    # Columns beyond the schema are dropped, so which row a failure is must be found again.
    names = list(Wage.columns())
    good, failure = Wage.filter(rows.select(names))
    good.write_parquet(OUT / "good.parquet", compression="zstd")
    failed = failure.details()
    rules = [name for name in failed.columns if name not in names]
    bad = rows.join(
        failed.select(*names).unique(), on=names, how="semi", nulls_equal=True, maintain_order="left"
    )
    found = set()
    for rule in rules:
        label = "duplicate" if rule == "primary_key" else rule.partition("|")[0]
        hit = failed.with_columns(record=bad["record"]).filter(pl.col(rule) == "invalid")
        found |= {(record, label) for record in hit["record"]}
    answer(sorted(found))


main()
