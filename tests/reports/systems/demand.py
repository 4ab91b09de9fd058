"""Seats of nine firms, spread evenly; of the critical ones, half are not filled yet."""

from __future__ import annotations

import pandas as pd

_PARENTS = tuple(f"G{number}" for number in range(1, 10))
_WAITS = (
    ("all", "all", 900, 810, 45),
    ("occupation", "51-4121", 450, 405, 60),
    ("role", "critical", 90, 72, None),
)
_FILLS = (("all", 810, 243), ("critical", 90, 45))


def marts() -> dict[str, pd.DataFrame]:
    """Time to fill and internal fill with their contributors, in the columns that publication reads."""
    window = {"first_quarter": "2023Q1", "last_quarter": "2026Q2"}
    group = ["group_dim", "group_value"]
    waits = pd.DataFrame(_WAITS, columns=[*group, "seats", "filled_seats", "median_days"]).assign(**window)
    fills = pd.DataFrame(_FILLS, columns=["role", "filled_seats", "internal_seats"]).assign(**window)
    share = fills["internal_seats"] / fills["filled_seats"]
    return {
        "agg_time_to_fill": waits.astype({"median_days": "Int64"}),
        "agg_time_to_fill_contributors": _spread(waits, group, "seats", "filled_seats"),
        "agg_internal_fill": fills.assign(
            internal_share=share, internal_lower=share - 0.03, internal_upper=share + 0.03
        ),
        "agg_internal_fill_contributors": _spread(fills, ["role"], "filled_seats", "internal_seats"),
    }


def _spread(rows: pd.DataFrame, keys: list[str], all_seats: str, hits: str) -> pd.DataFrame:
    """Each row's seats in nine equal parts, one for each firm."""
    parts = rows[[*keys, all_seats, hits]].merge(pd.DataFrame({"parent_group_id": _PARENTS}), how="cross")
    return parts.assign(persons=parts[all_seats] // 9, numerator_persons=parts[hits] // 9, amount_usd=0).drop(
        columns=[all_seats, hits]
    )
