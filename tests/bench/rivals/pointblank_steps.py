"""pointblank on polars, its limit of 500 rows lifted; texts are cast by hand, numbers to floats."""

from __future__ import annotations

import pointblank as pb
import polars as pl
from asked import DAY, HEX, HOURS, IN_LIST, KEY, MONEY, OUT, QUARTER, ROWS, answer


def _gated(name: str, shape: str) -> pl.Expr:
    return pl.when(pl.col(name).str.contains(shape)).then(pl.col(name))


def main() -> None:
    rows = pl.read_csv(ROWS, infer_schema=False).with_columns(
        gross_wages_usd=_gated("gross_wages_usd", MONEY).cast(pl.Float64, strict=False),
        hours_paid=_gated("hours_paid", HOURS).cast(pl.Float64, strict=False),
        hire_date=_gated("hire_date", DAY).str.to_date("%Y-%m-%d", strict=False),
    )
    wage = pl.col("gross_wages_usd")
    enough = (wage < 0) | (wage >= 7.25 * pl.col("hours_paid"))
    asked = (
        pb.Validate(rows)
        .col_vals_regex("learner_key", HEX)
        .col_vals_regex("year_quarter", QUARTER)
        .col_vals_ge("gross_wages_usd", 0)
        .col_vals_between("hours_paid", 0, 1200)
        .col_vals_not_null("hire_date")
        .rows_distinct(columns_subset=KEY)
        .col_vals_expr(enough.fill_null(True))
    )
    labels = [
        "learner_key",
        "year_quarter",
        "gross_wages_usd",
        "hours_paid",
        "hire_date",
        "duplicate",
        "minimum_wage",
    ]
    for column, values in IN_LIST.items():
        asked = asked.col_vals_in_set(column, values)
        labels.append(column)
    asked = asked.interrogate(extract_limit=len(rows))
    found = {
        (int(record), label)
        for step, label in enumerate(labels, 1)
        for record in asked.get_data_extracts(i=step, frame=True)["_row_num_"]
    }
    bad = sorted({record - 1 for record, _ in found})
    good = rows.with_row_index("n").filter(~pl.col("n").is_in(bad)).drop("n")
    good.write_parquet(OUT / "good.parquet", compression="zstd")
    answer(sorted(found))


main()
