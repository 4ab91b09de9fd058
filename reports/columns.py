"""The columns of every published table: names, order, types and what each means to its reader.

The names follow LEHD and the consortium's metric definitions. Which rows a table has does not belong here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

from contracts.errors import DisclosureError
from reports.facts import ReleaseFacts
from reports.measures import rank

PUBLISHED: Mapping[str, str] = {
    "release_id": "The release this row belongs to",
    "periodicity": "A year or longer window (A), or a quarter (Q)",
    "geo_level": "K consortium, W workforce development area",
    "geography": "Consortium id, or code of the workforce development area",
    "ind_level": "A all industries, S NAICS sector",
    "industry": "NAICS 2022 sector code, or 00 for all",
    "soc_level": "D detailed SOC 2018 occupation, G major group; empty where occupations are pooled",
    "occupation": "SOC 2018 code; empty where occupations are pooled",
    "program_id": "Training program; empty where programs are pooled",
    "credential_type": "CTDL credential type; empty where pooled",
    "cohort_start": "First quarter of the cohort window (quarter of exit or of reference)",
    "cohort_end": "Last quarter of the cohort window",
    "metric_id": "The measure, as in metric_definitions",
    "group_dim": "What group_value names, where a row is about a group",
    "group_value": "The group, in the vocabulary of group_dim",
    "label": "What the row is about, in words",
    "value": "The published value, rounded; empty unless value_status carries one",
    "value_lower": "Lower end of the 95 % interval, computed from rounded counts or rounded",
    "value_upper": "Upper end of the 95 % interval, computed from rounded counts or rounded",
    "value_status": "1 published; 5 withheld; -1 not yet available; -2 nobody in this category",
    "unit": "share (0 to 1), persons, rows, usd (or usd_total, rounded, usd_per_ quarter, year, person, "
    "hour, award), seats, days, hours, quarters, points, ratio or rank; verdict, gate and signal: 1 good, 0 "
    "between, -1 not",
    "numerator_rounded_count": "Numerator of a rate, or the count itself, rounded",
    "denominator_rounded_count": "People (or rows) behind the value, rounded",
    "maturity": "MATURE, INCOMPLETE or NOT_YET; only mature cohorts carry values",
    "base_price_period": "Quarter whose prices constant dollars are in; empty for nominal dollars",
    "rule_version": "Version of the metric rules",
    "code_version": "Version of the program that made the release",
    "as_of": "Publication date",
}

_INTEGERS = ("value_status", "numerator_rounded_count", "denominator_rounded_count")
_FLOATS = ("value_lower", "value_upper")
_AS_GIVEN = ("value", "as_of")
_SORT_KEYS = (
    "geo_level",
    "geography",
    "industry",
    "program_id",
    "cohort_start",
    "cohort_end",
    "group_dim",
    "group_value",
)


def published(rows: pd.DataFrame, facts: ReleaseFacts) -> pd.DataFrame:
    """``rows`` in the published columns, types and order; missing columns are added empty.

    In: any of the columns of PUBLISHED. Out: one row per input row under its index, sorted
    by measure, then by what the row is about.
    """
    is_whole = rows["geo_level"] == "K"
    stamped = rows.assign(
        geography=rows["geography"].mask(is_whole, facts.consortium_id),
        release_id=facts.release_id,
        rule_version=facts.rule_version,
        code_version=facts.code_version,
        as_of=facts.published_on,
    ).reindex(columns=list(PUBLISHED))
    typed = stamped.assign(**{name: _typed(name, stamped[name]) for name in PUBLISHED})
    order = typed.assign(_rank=typed["metric_id"].map(rank)).sort_values(["_rank", *_SORT_KEYS]).index
    return typed.loc[order]


def _typed(name: str, column: pd.Series[Any]) -> pd.Series[Any]:
    if name in _INTEGERS:
        return column.astype("Int64")
    if name in _FLOATS:
        return column.astype("float64")
    if name == "as_of" and column.empty:
        # No day to tell the type by: without one the column would be text, which no union takes for a date.
        return column.astype(pd.ArrowDtype(pa.date32()))
    if name in _AS_GIVEN:
        return column
    return column.astype("str")


def require(marts: Mapping[str, pd.DataFrame], name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """The mart ``name``; DisclosureError DIS-011 when it or one of ``columns`` is missing."""
    missing = [name] if name not in marts else [c for c in columns if c not in marts[name].columns]
    if missing:
        raise DisclosureError(
            "DIS-011",
            found=f"no {', '.join(missing)}",
            expected=f"mart {name} with columns {', '.join(columns)}",
            where="the marts handed to publish_tables",
            remedy="Build the warehouse again with the current dbt project.",
        )
    return marts[name]
