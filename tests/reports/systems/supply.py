"""Intent, demand, supply, bottlenecks and cycle of nine firms, spread evenly; public figures; one pair."""

from __future__ import annotations

import pandas as pd

_PARENTS = pd.DataFrame({"parent_group_id": [f"G{number}" for number in range(1, 10)]})
_NEWEST = "2026Q2"


def marts() -> dict[str, pd.DataFrame]:
    """Every mart of supply and demand that publication reads, in the columns it reads."""
    signal = _frame(
        ["soc_code", "county_fips", "seats_shrunk"], ("51-4121", "all", 180.0), ("51-4121", "41051", 9.0)
    )
    gap = _frame(
        ["soc_code", "county_fips", "year_quarter", "members_demand", "is_newest"],
        ("51-4121", "all", _NEWEST, 270, True),
        ("51-4121", "41051", _NEWEST, 9, True),
        ("51-4121", "all", "2026Q1", 9, False),
    )
    supply = _frame(["year_quarter", "persons", "is_newest"], (_NEWEST, 90, True), ("2026Q1", 81, False))
    groups = _frame(
        ["group_dim", "group_value", "job_quarters", "open_seat_quarters", "bottleneck_rank"],
        ("occupation", "51-4121", 810, 90, 1),
        ("tier", "TIER1", 1620, 180, 1),
    )
    cycle = _frame(
        ["soc_code", "year_quarter", "opened_seats", "cycle_index"],
        ("all", _NEWEST, 90, 1.25),
        ("all", "2024Q1", 90, None),
        ("51-4121", _NEWEST, 9, 1.0),
    )
    rate = groups["open_seat_quarters"] / (groups["job_quarters"] + groups["open_seat_quarters"])
    return {
        "agg_hiring_signal": signal.assign(stated_quarter=_NEWEST),
        "agg_hiring_signal_contributors": _spread(signal, ["soc_code", "county_fips"], "seats_shrunk"),
        "agg_supply_demand_gap": gap,
        "agg_supply_demand_gap_contributors": _spread(
            gap, ["soc_code", "county_fips", "year_quarter"], "members_demand"
        ),
        "agg_talent_supply": supply,
        "agg_talent_supply_contributors": _spread(supply, ["year_quarter"], "persons"),
        "agg_bottlenecks": groups.assign(first_quarter="2025Q3", last_quarter=_NEWEST, vacancy_rate=rate),
        "agg_bottleneck_contributors": _spread(
            groups.assign(jobs=groups["job_quarters"] + groups["open_seat_quarters"]),
            ["group_dim", "group_value"],
            "jobs",
            "open_seat_quarters",
        ),
        "agg_demand_cycle": cycle,
        "agg_demand_cycle_contributors": _spread(cycle, ["soc_code", "year_quarter"], "opened_seats"),
        "agg_labor_market": _labor_market(),
        "agg_duplicate_programs": _duplicates(),
    }


def _frame(columns: list[str], *rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns)


def _spread(rows: pd.DataFrame, keys: list[str], total: str, hits: str | None = None) -> pd.DataFrame:
    """Each row's total in nine equal parts, one for each firm."""
    parts = rows.merge(_PARENTS, how="cross")
    persons, numerators = parts[total] // 9, parts[hits] // 9 if hits else 0
    return parts[[*keys, "parent_group_id"]].assign(
        persons=persons, numerator_persons=numerators, amount_usd=0
    )


def _labor_market() -> pd.DataFrame:
    row = ("51-4121", "C", "41051", "STATE_PROJECTIONS", 2024, 2034, 1000, 110, 27.5, "2026-07-01")
    columns = ["soc_code", "geo_level", "geography", "public_source_code", "reference_year", "target_year"]
    columns += ["employment_count", "annual_openings_count", "openings_per_quarter", "retrieved_date"]
    return _frame(columns, row)


def _duplicates() -> pd.DataFrame:
    names = ["program_id", "program_name", "other_program_id", "other_program_name"]
    columns = [*names, "county_fips", "has_same_cip", "shared_occupations", "has_same_provider"]
    row = ("P1", "Welding and metal fabrication", "P9", "Welding, evenings")
    return _frame(columns, (*row, "41051", True, 1, False), (*row, "41005", True, 1, False))
