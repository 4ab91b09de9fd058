"""Costs of training borne by firms, the public and a foundation, gifts of nine firms, and seats filled both
ways; the assumptions as they are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

_SEED = Path(__file__).parents[3] / "transforms" / "seeds" / "return_assumptions.csv"
_PARENTS = tuple(f"G{number}" for number in range(1, 10))
_COSTS = (
    ("EMPLOYER", "TUITION", 2_400_000.4),
    ("EMPLOYER", "ADMIN", 350_000.0),
    ("EMPLOYER", "STIPEND", 300_000.0),
    ("PUBLIC_STATE", "INSTRUCTOR", 900_000.0),
    ("PHILANTHROPY", "EQUIPMENT", 120_000.0),
    ("IN_KIND", "FACILITY", 450_000.0),
)
_FILLS = (
    ("program", 450, 31.2, 27.9, 34.5),
    ("other", 990, 61.2, 55.5, 66.9),
    ("saved", 1440, 30.0, 23.5, 36.6),
)


def marts() -> dict[str, pd.DataFrame]:
    """Marts of returns with their contributors, in the columns that publication reads."""
    window = {"cohort_start": "2023Q4", "cohort_end": "2026Q3", "newest_quarter": "2026Q3"}
    costs = pd.DataFrame(_COSTS, columns=["funding_source", "category_code", "used_usd_real"])
    fills = pd.DataFrame(_FILLS, columns=["channel", "seats", "mean_days", "mean_lower", "mean_upper"])
    parents = pd.DataFrame({"parent_group_id": _PARENTS})
    gifts = costs[costs["funding_source"] == "IN_KIND"][["funding_source", "category_code"]]
    return {
        "return_assumptions": pd.read_csv(_SEED),
        "agg_training_costs": costs.assign(**window, maturity="MATURE", base_price_period="2026Q1"),
        "agg_training_cost_contributors": gifts.merge(parents, how="cross").assign(
            persons=0, numerator_persons=0, amount_usd=50_000.0
        ),
        "agg_fill_channels": fills.assign(first_quarter="2023Q1", last_quarter="2026Q2"),
        "agg_fill_channel_contributors": fills[["channel", "seats"]]
        .merge(parents, how="cross")
        .assign(persons=lambda rows: rows["seats"] // 9, numerator_persons=0, amount_usd=0.0)
        .drop(columns="seats"),
    }
