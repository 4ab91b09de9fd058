"""Great Expectations on pandas, COMPLETE; texts are cast by hand beforehand, for it casts none."""

from __future__ import annotations

import os

os.environ["GX_ANALYTICS_ENABLED"] = "False"
import great_expectations as gx
import pandas as pd
from asked import DAY, HEX, HOURS, IN_LIST, KEY, MONEY, OUT, QUARTER, ROWS, answer
from great_expectations import expectations as ask


def frame() -> pd.DataFrame:
    rows = pd.read_csv(ROWS, dtype=str, keep_default_na=False, na_values=[""])
    for name, shape in (("gross_wages_usd", MONEY), ("hours_paid", HOURS)):
        text = rows[name].where(rows[name].str.match(shape, na=False))
        rows[f"{name}_n"] = pd.to_numeric(text)
    days = rows["hire_date"].where(rows["hire_date"].str.match(DAY, na=False))
    rows["hire_date_d"] = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce")
    # A wage below zero is a fault of its own.
    rows["least"] = (rows["hours_paid_n"] * 7.25).where(
        rows["gross_wages_usd_n"] >= 0, rows["gross_wages_usd_n"]
    )
    return rows


def suite() -> list[tuple[str, object]]:
    asked: list[tuple[str, object]] = [
        ("learner_key", ask.ExpectColumnValuesToNotBeNull(column="learner_key")),
        ("learner_key", ask.ExpectColumnValuesToMatchRegex(column="learner_key", regex=HEX)),
        ("year_quarter", ask.ExpectColumnValuesToMatchRegex(column="year_quarter", regex=QUARTER)),
        ("gross_wages_usd", ask.ExpectColumnValuesToNotBeNull(column="gross_wages_usd_n")),
        ("gross_wages_usd", ask.ExpectColumnValuesToBeBetween(column="gross_wages_usd_n", min_value=0)),
        ("hours_paid", ask.ExpectColumnValuesToNotBeNull(column="hours_paid_n")),
        ("hours_paid", ask.ExpectColumnValuesToBeBetween(column="hours_paid_n", min_value=0, max_value=1200)),
        ("hire_date", ask.ExpectColumnValuesToNotBeNull(column="hire_date_d")),
        (
            "duplicate",
            ask.ExpectCompoundColumnsToBeUnique(column_list=KEY, ignore_row_if="any_value_is_missing"),
        ),
        (
            "minimum_wage",
            ask.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="gross_wages_usd_n",
                column_B="least",
                or_equal=True,
                ignore_row_if="either_value_is_missing",
            ),
        ),
    ]
    return asked + [(c, ask.ExpectColumnValuesToBeInSet(column=c, value_set=v)) for c, v in IN_LIST.items()]


def main() -> None:
    rows = frame()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("p").add_dataframe_asset("a")
    batch = asset.add_batch_definition_whole_dataframe("b").get_batch({"dataframe": rows})
    whole = gx.ExpectationSuite(name="wage", expectations=[one for _, one in suite()])
    said = batch.validate(whole, result_format={"result_format": "COMPLETE"})
    labels = {
        (type(one).__name__, str(one.configuration.kwargs.get("column"))): name for name, one in suite()
    }
    found: set[tuple[int, str]] = set()
    for one in said.results:
        kind = one.expectation_config.type
        name = "".join(part.title() for part in kind.split("_"))
        column = one.expectation_config.kwargs.get("column")
        label = next(v for (k, c), v in labels.items() if k.lower() == name.lower() and c == str(column))
        found |= {(int(index) + 1, label) for index in one.result.get("unexpected_index_list") or ()}
    bad = {record - 1 for record, _ in found}
    rows.drop(index=list(bad)).to_parquet(OUT / "good.parquet", compression="zstd")
    answer(sorted(found))


main()
