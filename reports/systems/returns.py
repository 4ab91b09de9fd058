"""What returns rest on: costs by who bore them, how fast seats were filled, and the assumptions.

Returns themselves are ``return_tables``', which reckons them from these and from the effects.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reports.labels import FUNDING_SOURCES
from reports.systems.reference import SystemReference
from reports.systems.table import Marts, SystemTable

SECTION = "What the fund got for it"

COST_WORDS = {
    "TUITION": "tuition",
    "INSTRUCTOR": "instructors",
    "FACILITY": "facilities",
    "EQUIPMENT": "equipment",
    "STIPEND": "stipends",
    "CHILDCARE": "child care",
    "TRANSPORT": "transport",
    "ASSESSMENT": "assessment",
    "ADMIN": "administration",
    "EVALUATION": "evaluation",
    "CURRICULUM": "curriculum",
}
_CHANNELS = {
    "program": "Filled out of a program",
    "other": "Filled otherwise, same occupations",
    "saved": "Days sooner out of a program",
}


def _costs(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    is_gift = rows["funding_source"] == "IN_KIND"
    dollars = rows["used_usd_real"].astype("float64").round()
    return rows.assign(
        metric_id="training_cost",
        unit="usd_total",
        breakdown="consortium",
        member="consortium",
        group_dim="source_and_category",
        group_value=rows["funding_source"] + ":" + rows["category_code"],
        label=[
            f"{FUNDING_SOURCES.get(source, source)}: {COST_WORDS.get(kind, str(kind).lower())}"
            for source, kind in zip(rows["funding_source"], rows["category_code"], strict=True)
        ],
        denominator=None,
        value=dollars,
        # Only gifts are single firms' money; the fund's belongs to all.
        money=dollars.where(is_gift),
    )


def _fills(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return rows.assign(
        metric_id="fill_days",
        unit="days",
        group_dim="fill_channel",
        group_value=rows["channel"],
        label=rows["channel"].map(_CHANNELS),
        denominator=rows["seats"],
        value=rows["mean_days"],
        value_lower=rows["mean_lower"],
        value_upper=rows["mean_upper"],
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
    )


TABLES = (
    SystemTable(
        name="training_costs",
        description="What training took in all, by who bore it and for what, in prices of the base quarter",
        mart="agg_training_costs",
        contributors="agg_training_cost_contributors",
        keys=("funding_source", "category_code"),
        cells=_costs,
        # Printed kinds down and bearers across, by ``return_blocks``.
        section="",
        member=("bearer and kind", "bearers and kinds"),
        is_drawn=False,
    ),
    SystemTable(
        name="fill_channels",
        description="Days that filled seats had waited: out of a program, otherwise, and the difference",
        mart="agg_fill_channels",
        contributors="agg_fill_channel_contributors",
        keys=("channel",),
        cells=_fills,
        section=SECTION,
        member=("way of filling", "ways of filling"),
        is_drawn=False,
    ),
)


def _lines(frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for row in frame.to_dict("records"):
        low, central, high = (f"{float(row[name]):g}" for name in ("low", "central", "high"))
        span = "" if low == high else f"{low} to {high}"
        yield str(row["assumption_id"]).replace("_", " "), central, span, str(row["unit"]), str(row["source"])


REFERENCES = (
    SystemReference(
        name="return_assumptions",
        description="What is assumed in the returns: set, central value, range, unit and source",
        mart="return_assumptions",
        columns={
            "assumption_id": "What is assumed",
            "assumption_set": "Version of the whole set; a changed set gets a new one",
            "low": "Least value",
            "central": "Value assumed",
            "high": "Largest value",
            "unit": "What the value is a share or a number of",
            "source": "Where it comes from",
        },
        section=SECTION,
        header=("Assumption", "Value", "Range", "Unit", "Source"),
        lines=_lines,
    ),
)
