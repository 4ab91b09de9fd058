"""What the committee steers by: gates of tiers, pay for performance, alerts, pilots.

A verdict is judged like the figure it speaks of: where the figure could not be shown, neither is the verdict.
Terms of single payees and alerts on single programs stay with the operator.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from reports.measures import measure
from reports.outcome_tables import names_by_code
from reports.systems.table import Marts, SystemTable

_DECISIONS: Mapping[str, int] = {"PASS": 1, "FAIL": -1}
_VERDICTS: Mapping[str, int] = {"MET": 1, "INCONCLUSIVE": 0, "NOT_MET": -1}
_LINES: Mapping[str, str] = {
    "due": "Due by the day of publication",
    "pending": "Held back until the second test",
    "forfeited": "Lost in the second test",
}
NO_VALUE_YET = -1


def _gates(rows: pd.DataFrame, marts: Marts) -> pd.DataFrame:
    names = names_by_code(marts, "dim_program", "program_id", "name")
    values = rows["decision"].map(_DECISIONS)
    return _spoken(rows, values).assign(
        metric_id="tier_gate",
        unit="gate",
        group_dim="tier",
        group_value=rows["tier_id"] + "." + rows["metric_id"],
        label=[
            f"Tier {row['tier_level']}, {measure(row['metric_id']).title.lower()}: "
            f"{names.get(row['program_id'], row['program_id'])}"
            for row in rows.to_dict("records")
        ],
        cohort_start=rows["cohort_start"],
        cohort_end=rows["cohort_end"],
    )


def _payables(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return rows.assign(
        metric_id="performance_payable",
        unit="usd_total",
        group_dim="payable",
        group_value=rows["line"],
        label=rows["line"].map(_LINES),
        denominator=rows["persons"],
        value=rows["amount_usd"].astype("float64"),
    )


def _signals(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    return _spoken(rows, rows["signal"]).assign(
        metric_id="alert_signal",
        unit="signal",
        group_dim="watched",
        group_value=rows["watched_metric_id"],
        label=[
            f"{measure(metric).title}, {cohort}"
            for metric, cohort in zip(rows["watched_metric_id"], rows["cohort_quarter"], strict=True)
        ],
        cohort_start=rows["cohort_quarter"],
        cohort_end=rows["cohort_quarter"],
    )


def _verdicts(rows: pd.DataFrame, marts: Marts) -> pd.DataFrame:
    names = names_by_code(marts, "dim_program", "program_id", "name")
    return _spoken(rows, rows["verdict"].map(_VERDICTS)).assign(
        metric_id="pilot_verdict",
        unit="verdict",
        group_dim="pilot",
        group_value=rows["cohort_id"],
        label=[
            f"{names.get(row['program_id'], row['program_id'])}, {row['cohort_id']}: "
            f"{measure(row['metric_id']).title.lower()}"
            for row in rows.to_dict("records")
        ],
    )


def _spoken(rows: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Verdicts as numbers, with the counts they rest on; none yet where there is no value."""
    is_known = values.notna()
    return rows.assign(
        value=values.astype("Float64"),
        numerator=rows["numerator"].astype("Int64").where(is_known),
        denominator=rows["denominator"].astype("Int64").where(is_known),
        value_status=is_known.map({True: 1, False: NO_VALUE_YET}),
        maturity=is_known.map({True: "MATURE", False: "NOT_YET"}),
    )


SECTION = "Steering the fund"

TABLES = (
    SystemTable(
        name="alert_signals",
        description="Newest mature cohorts of the consortium, and those that raised an alert, by measure",
        mart="agg_alert_signals",
        contributors="agg_alert_signal_contributors",
        keys=("watched_metric_id", "cohort_quarter"),
        cells=_signals,
        section=SECTION,
        member=("measure and cohort", "measures and cohorts"),
        is_drawn=False,
    ),
    SystemTable(
        name="tier_gates",
        description="Gates of funding tiers held against the newest mature cohorts, by program",
        mart="agg_tier_gates",
        contributors="agg_tier_gate_contributors",
        keys=("tier_id", "program_id", "metric_id"),
        cells=_gates,
        section=SECTION,
        member=("gate and program", "gates and programs"),
        is_drawn=False,
    ),
    SystemTable(
        name="performance_payables",
        description="What mature cohorts brought due under terms of pay for performance, rounded",
        mart="agg_performance_totals",
        contributors="agg_performance_total_contributors",
        keys=("line",),
        cells=_payables,
        section=SECTION,
        member=("line", "lines"),
        is_drawn=False,
    ),
    SystemTable(
        name="pilot_verdicts",
        description="Pilots against the criteria registered before they began, on the day fixed in advance",
        mart="agg_pilot_verdicts",
        contributors="agg_pilot_verdict_contributors",
        keys=("cohort_id",),
        cells=_verdicts,
        section=SECTION,
        member=("pilot", "pilots"),
        is_drawn=False,
    ),
)
