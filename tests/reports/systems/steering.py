"""Verdicts on nine firms' people, spread evenly: an open alert, gates of all kinds, pilots of all kinds."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

_PARENTS = tuple(f"G{number}" for number in range(1, 10))
_COMPLETED = "completion_rate"
_SIGNALS = ((_COMPLETED, "2026Q1", 90, 45, -1), ("employment_rate_q2", "2025Q4", 180, 135, 1))
_GATES = (
    ("GROW", "P1", 90, 72, "PASS"),
    ("GROW", "P2", 90, 36, "FAIL"),
    ("GROW", "P3", 9, 9, "NOT_ENOUGH_DATA"),
)
_PILOTS = (
    ("P1-2024Q4", "P1", 90, 81, "MET"),
    ("P2-2024Q4", "P2", 90, 54, "INCONCLUSIVE"),
    ("P3-2027Q1", "P3", None, None, "NOT_DUE"),
)
_TOTALS = (("due", "12345.67"), ("pending", "2500.00"), ("forfeited", "0.00"))


def marts() -> dict[str, pd.DataFrame]:
    """Signals, gates, payables and verdicts with contributors, in the columns that publication reads."""
    counted = ["denominator", "numerator"]
    signals = pd.DataFrame(_SIGNALS, columns=["watched_metric_id", "cohort_quarter", *counted, "signal"])
    signals = signals.assign(newest_quarter="2026Q2", is_wage_derived=False)
    gates = pd.DataFrame(_GATES, columns=["tier_id", "program_id", *counted, "decision"]).assign(
        metric_id=_COMPLETED, tier_level=1, is_wage_derived=False, **_window()
    )
    pilots = pd.DataFrame(_PILOTS, columns=["cohort_id", "program_id", *counted, "verdict"]).assign(
        metric_id=_COMPLETED, is_wage_derived=False, newest_quarter="2026Q2"
    )
    totals = pd.DataFrame(_TOTALS, columns=["line", "amount_usd"]).assign(
        persons=900, is_wage_derived=False, **_window()
    )
    totals["amount_usd"] = totals["amount_usd"].map(Decimal)
    return {
        "agg_alert_signals": signals,
        "agg_alert_signal_contributors": _spread(signals, ["watched_metric_id", "cohort_quarter"]),
        "agg_tier_gates": gates,
        "agg_tier_gate_contributors": _spread(gates, ["tier_id", "program_id", "metric_id"]),
        "agg_performance_totals": totals,
        "agg_performance_total_contributors": _spread(
            totals.assign(denominator=900, numerator=810), ["line"]
        ),
        "agg_pilot_verdicts": pilots,
        "agg_pilot_verdict_contributors": _spread(pilots.dropna(), ["cohort_id"]),
    }


def _window() -> dict[str, str]:
    return {"cohort_start": "2025Q4", "cohort_end": "2026Q1", "newest_quarter": "2026Q2"}


def _spread(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Each row's people in nine equal parts, one for each firm, without wages."""
    parts = rows[[*keys, "denominator", "numerator"]].merge(
        pd.DataFrame({"parent_group_id": _PARENTS}), how="cross"
    )
    return parts.assign(
        persons=parts["denominator"].astype("int64") // 9,
        numerator_persons=parts["numerator"].astype("int64") // 9,
        amount_usd=0,
    ).drop(columns=["denominator", "numerator"])
