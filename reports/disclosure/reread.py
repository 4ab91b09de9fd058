"""Published tables read back from their files: does any row say more than its status allows?

A second look that shares nothing with the gate but the meaning of a status. How tables come to be published
belongs to ``gate``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from reports.disclosure.gate import VALUE_COLUMNS
from reports.disclosure.rules import SUPPRESSED, VALUE_STATUSES


def indiscretions(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """What is wrong with the tables of a release, in words without values; empty when nothing is.

    ``tables``: every published table by name, ``withheld`` among them. A row whose status carries no value
    must hold none, and ``withheld`` must name exactly the (table, measure) pairs that are suppressed.
    """
    if "withheld" not in tables:
        return ["withheld: the table that lists what is left out is missing"]
    measured = {
        name: rows for name, rows in tables.items() if {"value_status", "metric_id"} <= {*rows.columns}
    }
    spoken = [
        f"{name}: a row without a published status holds a number in {column}"
        for name, rows in measured.items()
        for column in VALUE_COLUMNS
        if rows.loc[~rows["value_status"].isin(VALUE_STATUSES), column].notna().any()
    ]
    hidden = {
        (name, str(metric))
        for name, rows in measured.items()
        for metric in rows.loc[rows["value_status"] == SUPPRESSED, "metric_id"].unique()
    }
    listed = set(tables["withheld"][["table_name", "metric_id"]].itertuples(index=False, name=None))
    return spoken + [
        f"{table}: {metric} is hidden and not listed, or listed and not hidden"
        for table, metric in sorted(hidden ^ listed)
    ]
