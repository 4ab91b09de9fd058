"""pandera, lazy, on pandas or polars; texts are cast by hand, for it names no row of a bad cast."""

from __future__ import annotations

import sys

from asked import DAY, FIRM, HEX, HOURS, IN_LIST, KEY, MONEY, OUT, QUARTER, ROWS, answer


def on_polars() -> None:
    import pandera.polars as pa
    import polars as pl

    rows = pl.read_csv(ROWS, infer_schema=False)
    rows = rows.with_columns(
        gross_wages_usd=_gated(pl, "gross_wages_usd", MONEY).cast(pl.Decimal(14, 2), strict=False),
        hours_paid=_gated(pl, "hours_paid", HOURS).cast(pl.Decimal(9, 2), strict=False),
        hire_date=_gated(pl, "hire_date", DAY).str.to_date("%Y-%m-%d", strict=False),
    )
    paid = pa.Check(lambda data: data.lazyframe.select(_paid_enough(pl)), name="minimum_wage")
    number = pl.Decimal
    schema = pa.DataFrameSchema(
        {
            "learner_key": pa.Column(str, pa.Check.str_matches(HEX)),
            "firm_id": pa.Column(str, [pa.Check.str_matches(FIRM), pa.Check.isin(IN_LIST["firm_id"])]),
            "year_quarter": pa.Column(str, pa.Check.str_matches(QUARTER)),
            "gross_wages_usd": pa.Column(number(14, 2), pa.Check.ge(0)),
            "hours_paid": pa.Column(number(9, 2), pa.Check.in_range(0, 1200)),
            "hire_date": pa.Column(pl.Date),
            **{c: pa.Column(str, pa.Check.isin(v)) for c, v in IN_LIST.items() if c != "firm_id"},
        },
        checks=paid,
        unique=KEY,
    )
    try:
        schema.validate(rows, lazy=True)
        found: set[tuple[int, str]] = set()
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        found = {
            (i + 1, _label(c, k))
            for i, c, k in zip(cases["index"], cases["column"], cases["check"], strict=True)
            if i is not None
        }
    bad = sorted({record - 1 for record, _ in found})
    rows.with_row_index("n").filter(~pl.col("n").is_in(bad)).drop("n").write_parquet(
        OUT / "good.parquet", compression="zstd"
    )
    answer(sorted(found))


def _gated(pl, name: str, shape: str):
    return pl.when(pl.col(name).str.contains(shape)).then(pl.col(name))


def _paid_enough(pl):
    """A wage below zero is a fault of its own."""
    wage = pl.col("gross_wages_usd")
    return (wage < 0) | (wage >= pl.lit("7.25").cast(pl.Decimal(4, 2)) * pl.col("hours_paid"))


def _label(column: str | None, check: str) -> str:
    if "unique" in check.lower():
        return "duplicate"
    return "minimum_wage" if "minimum_wage" in check else str(column)


def on_pandas() -> None:
    import pandas as pd
    import pandera.pandas as pa

    rows = pd.read_csv(ROWS, dtype=str, keep_default_na=False, na_values=[""])
    for name, shape in (("gross_wages_usd", MONEY), ("hours_paid", HOURS)):
        rows[name] = pd.to_numeric(rows[name].where(rows[name].str.match(shape, na=False)))
    days = rows["hire_date"].where(rows["hire_date"].str.match(DAY, na=False))
    rows["hire_date"] = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce")
    paid = pa.Check(
        lambda f: ~((f["gross_wages_usd"] >= 0) & (f["gross_wages_usd"] < 7.25 * f["hours_paid"])),
        name="minimum_wage",
    )
    schema = pa.DataFrameSchema(
        {
            "learner_key": pa.Column(None, pa.Check.str_matches(HEX)),
            "firm_id": pa.Column(None, [pa.Check.str_matches(FIRM), pa.Check.isin(IN_LIST["firm_id"])]),
            "year_quarter": pa.Column(None, pa.Check.str_matches(QUARTER)),
            "gross_wages_usd": pa.Column(float, pa.Check.ge(0)),
            "hours_paid": pa.Column(float, pa.Check.in_range(0, 1200)),
            "hire_date": pa.Column(None),
            **{c: pa.Column(None, pa.Check.isin(v)) for c, v in IN_LIST.items() if c != "firm_id"},
        },
        checks=paid,
    )
    found: set[tuple[int, str]] = set()
    try:
        schema.validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        found = {
            (int(i) + 1, _label(c, str(k)))
            for i, c, k in zip(cases["index"], cases["column"], cases["check"], strict=True)
            if i is not None
        }
    # Its own check of uniqueness takes missing keys for equal: they are left out by hand.
    twice = rows[rows["learner_key"].notna() & rows.duplicated(KEY, keep=False)].index
    found |= {(int(i) + 1, "duplicate") for i in twice}
    rows.drop(index=sorted({record - 1 for record, _ in found})).to_parquet(
        OUT / "good.parquet", compression="zstd"
    )
    answer(sorted(found))


{"pandas": on_pandas, "polars": on_polars}[sys.argv[3]]()
