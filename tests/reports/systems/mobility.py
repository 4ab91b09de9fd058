"""Moves, retention, pay and pathways of nine firms, spread evenly; beside them what is not shown."""

from __future__ import annotations

import pandas as pd

_PARENTS = pd.DataFrame({"parent_group_id": [f"G{number}" for number in range(1, 10)]})
_CELL = ["horizon", "base_quarter", "group_dim", "group_value"]
_WINDOW = {"newest_quarter": "2026Q2", "maturity": "MATURE"}
_BASES = pd.DataFrame(
    [(4, "2025Q2", True), (4, "2025Q1", False), (8, "2024Q2", True)],
    columns=["horizon", "base_quarter", "is_newest"],
)


def marts() -> dict[str, pd.DataFrame]:
    """Every mart of mobility that publication reads, in the columns it reads."""
    groups = pd.DataFrame([("all", "all"), ("soc_group", "51-0000")], columns=_CELL[2:])
    cells = _BASES.merge(groups, how="cross").assign(**_WINDOW)
    moved = _rates(cells.assign(persons=1800, movers=180), "movers", "persons", "mobility")
    moved = moved.rename(columns={"mobility_share": "mobility_rate"})
    moved = _rates(
        moved.assign(movers_compared=180, upward_movers=90), "upward_movers", "movers_compared", "upward"
    )
    kept = _rates(cells.assign(persons=1800, observed_later=1620), "observed_later", "persons", "retained")
    kinds = pd.DataFrame({"employer": ["all", "same", "another"]})
    pay = _BASES.merge(kinds, how="cross").assign(**_WINDOW, persons=900, fuzzy_median_usd=120.0)
    pay = pay.assign(median_lower_usd=80.0, median_upper_usd=160.0)
    paths = pd.DataFrame(
        [("G", "51-0000", "49-0000", 900, 90), ("D", "51-4121", "49-9041", 9, 1)],
        columns=["soc_level", "from_occupation", "to_occupation", "observed", "steps"],
    ).assign(first_quarter="2021Q2", newest_quarter="2026Q2", step_share=0.1)
    return {
        "agg_mobility": moved,
        "agg_mobility_contributors": _spread(moved, _CELL, "persons", "movers"),
        "agg_upward_mobility_contributors": _spread(moved, _CELL, "movers_compared", "upward_movers"),
        "agg_job_retention": kept,
        "agg_job_retention_contributors": _spread(kept, _CELL, "persons", "observed_later"),
        "agg_wage_change": pay,
        "agg_wage_change_contributors": _spread(pay, [*_CELL[:2], "employer"], "persons", None),
        "agg_pathways": paths,
        "agg_pathway_contributors": _spread(paths, list(paths.columns[:3]), "observed", "steps"),
    }


def _rates(rows: pd.DataFrame, hits: str, total: str, name: str) -> pd.DataFrame:
    share = rows[hits] / rows[total]
    ends = {f"{name}_share": share, f"{name}_lower": share - 0.02, f"{name}_upper": share + 0.02}
    return rows.assign(**ends)


def _spread(rows: pd.DataFrame, keys: list[str], total: str, hits: str | None) -> pd.DataFrame:
    """Each row's people in nine equal parts, one for each firm."""
    parts = rows.merge(_PARENTS, how="cross")
    numerators = parts[hits] // 9 if hits else 0
    people = {"persons": parts[total] // 9, "numerator_persons": numerators, "amount_usd": 0}
    return parts[[*keys, "parent_group_id"]].assign(**people)
