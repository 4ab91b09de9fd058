"""Assurance: what spot checks found of the facts that firms reported.

Which facts were drawn and what agreed is the mart's; discrepancies of single firms stay with the operator.
"""

from __future__ import annotations

import pandas as pd

from contracts import contract
from reports.systems.table import Marts, SystemTable


def _verified(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return rows.assign(
        metric_id="verified_rate",
        unit="share",
        group_dim="checked_fact",
        group_value=rows["checked_contract"] + "." + rows["checked_column"],
        label=[
            _label(name, column)
            for name, column in zip(rows["checked_contract"], rows["checked_column"], strict=True)
        ],
        numerator=rows["agreed_count"],
        denominator=rows["verified_count"],
        value=rows["verified_share"],
        value_lower=rows["verified_lower"],
        value_upper=rows["verified_upper"],
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
        value_status=rows["verified_count"].gt(0).map({True: 1, False: -2}),
    )


def _label(name: str, column: str) -> str:
    return f"{contract(name).meta.title}: {column.replace('_', ' ')}"


TABLES = (
    SystemTable(
        name="verified_rates",
        description="Reported facts that spot checks found to agree with the firms' own records, by fact",
        mart="agg_verified_rates",
        contributors="agg_verified_rate_contributors",
        keys=("checked_contract", "checked_column"),
        cells=_verified,
        section="Data quality",
        member=("checked fact", "checked facts"),
        adds_up=(),
    ),
)
