"""Demand beside supply: pooled intent, what members want, who could take it, bottlenecks, and public figures.

How each is reckoned is the marts'; by county they stay inside, because few firms share one.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from contracts.codesets import titles
from reports.systems.demand import TIERS
from reports.systems.reference import SystemReference
from reports.systems.table import Marts, SystemTable

_SECTION = "Demand for talent"
_ALL = "all"


def _occupation(code: str) -> str:
    return titles("soc_2018").get(code, f"Occupation {code}")


def _of_occupation(rows: pd.DataFrame, quarter: str) -> pd.DataFrame:
    return rows.assign(
        soc_level="D",
        occupation=rows["soc_code"],
        group_dim="occupation",
        group_value=rows["soc_code"],
        label=rows["soc_code"].map(_occupation),
        cohort_start=rows[quarter],
        cohort_end=rows[quarter],
        newest_quarter=rows[quarter],
    )


def _signal(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    """Every county together: the pooled count, which is not shrunk where five parents report."""
    whole = _of_occupation(rows[rows["county_fips"] == _ALL], "stated_quarter")
    seats = whole["seats_shrunk"].astype("float64").round().astype("int64")
    return whole.assign(metric_id="hiring_signal", unit="seats", denominator=seats, value=seats)


def _demand(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    newest = rows["is_newest"].astype(bool) & (rows["county_fips"] == _ALL) & (rows["members_demand"] > 0)
    whole = _of_occupation(rows[newest], "year_quarter")
    seats = whole["members_demand"]
    return whole.assign(metric_id="members_demand", unit="seats", denominator=seats, value=seats)


def _supply(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    newest = rows[rows["is_newest"].astype(bool)]
    return newest.assign(
        metric_id="talent_supply",
        unit="persons",
        group_dim="all",
        group_value="all",
        label="All occupations",
        denominator=newest["persons"],
        value=newest["persons"],
        cohort_start=newest["year_quarter"],
        cohort_end=newest["year_quarter"],
        newest_quarter=newest["year_quarter"],
    )


def _bottlenecks(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    """Occupations by rank; places in the value chain by the share of their jobs that is vacant."""
    is_occupation = rows["group_dim"] == "occupation"
    jobs = rows["job_quarters"] + rows["open_seat_quarters"]
    rate = rows["vacancy_rate"].astype("float64")
    named = [
        _occupation(value) if dim == "occupation" else TIERS.get(value, value)
        for dim, value in zip(rows["group_dim"], rows["group_value"], strict=True)
    ]
    return rows.assign(
        metric_id=is_occupation.map({True: "bottleneck_rank", False: "vacancy_rate"}),
        unit=is_occupation.map({True: "rank", False: "share"}),
        label=named,
        soc_level=is_occupation.map({True: "D", False: None}),
        occupation=rows["group_value"].where(is_occupation),
        numerator=rows["open_seat_quarters"].mask(is_occupation),
        denominator=jobs,
        value=rows["bottleneck_rank"].astype("float64").where(is_occupation, rate),
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
    )


def _cycle(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    whole = rows[rows["soc_code"] == _ALL]
    return whole.assign(
        metric_id="demand_cycle",
        unit="ratio",
        group_dim="all",
        group_value="all",
        label=whole["year_quarter"],
        denominator=whole["opened_seats"],
        value=whole["cycle_index"].astype("float64"),
        cohort_start=whole["year_quarter"],
        cohort_end=whole["year_quarter"],
        newest_quarter=whole["year_quarter"],
        value_status=whole["cycle_index"].notna().map({True: 1, False: -1}),
    )


_OCCUPATIONS = ("occupation", "occupations")

TABLES = (
    SystemTable(
        name="hiring_signal",
        description="Seats that members expect over the next four quarters, pooled, by occupation",
        mart="agg_hiring_signal",
        contributors="agg_hiring_signal_contributors",
        keys=("soc_code", "county_fips"),
        cells=_signal,
        section=_SECTION,
        member=_OCCUPATIONS,
        adds_up=(),
    ),
    SystemTable(
        name="members_demand",
        description="Members' seats open on the last day of the newest quarter or expected for the next one, "
        "by occupation; the area's projected openings are in labor_market and contain these",
        mart="agg_supply_demand_gap",
        contributors="agg_supply_demand_gap_contributors",
        keys=("soc_code", "county_fips", "year_quarter"),
        cells=_demand,
        section=_SECTION,
        member=_OCCUPATIONS,
        adds_up=(),
    ),
    SystemTable(
        name="talent_supply",
        description="People who completed a program, hold an active credential of it and are not placed "
        "in an occupation that it leads to",
        mart="agg_talent_supply",
        contributors="agg_talent_supply_contributors",
        keys=("year_quarter",),
        cells=_supply,
        section=_SECTION,
        member=_OCCUPATIONS,
        adds_up=(),
    ),
    SystemTable(
        name="bottlenecks",
        description="Where seats are hardest to fill: occupations by rank, the value chain by jobs vacant",
        mart="agg_bottlenecks",
        contributors="agg_bottleneck_contributors",
        keys=("group_dim", "group_value"),
        cells=_bottlenecks,
        section=_SECTION,
        member=("group of jobs", "groups of jobs"),
    ),
    SystemTable(
        name="demand_cycle",
        description="Seats opened in a quarter over the mean of the eight quarters that end with it",
        mart="agg_demand_cycle",
        contributors="agg_demand_cycle_contributors",
        keys=("soc_code", "year_quarter"),
        cells=_cycle,
        section=_SECTION,
        member=("quarter", "quarters"),
    ),
)


def _counties(mart: pd.DataFrame) -> pd.DataFrame:
    return mart[mart["geo_level"] == "C"]


def _openings(frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Each occupation over all counties of the table, by title."""
    sums = frame.assign(
        **{name: frame[name].astype("float64") for name in ("employment_count", "openings_per_quarter")}
    )
    sums = sums.groupby("soc_code")[["employment_count", "openings_per_quarter"]].sum()
    for soc, row in sorted(sums.iterrows(), key=lambda line: _occupation(str(line[0]))):
        yield _occupation(str(soc)), f"{row['employment_count']:,.0f}", f"{row['openings_per_quarter']:,.0f}"


def _pairs(frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for row in frame.to_dict("records"):
        shared = "field of study" if row["has_same_cip"] else f"{row['shared_occupations']} occupations"
        yield row["program_name"], row["other_program_name"], shared


REFERENCES = (
    SystemReference(
        name="labor_market",
        description="Public projections for the counties of the area, wages left out",
        mart="agg_labor_market",
        columns={
            "soc_code": "Occupation, SOC 2018",
            "geo_level": "C for a county",
            "geography": "County by FIPS code; Connecticut as a whole is 09",
            "public_source_code": "Public source",
            "reference_year": "Base year of the projection",
            "target_year": "Last year of the projection",
            "employment_count": "Employment",
            "annual_openings_count": "Projected openings a year",
            "openings_per_quarter": "Projected openings a year / 4",
            "retrieved_date": "Day it was taken from the source",
        },
        section=_SECTION,
        header=("Occupation", "Employment in the area", "Projected openings a quarter"),
        lines=_openings,
        rows=_counties,
    ),
    SystemReference(
        name="duplicate_programs",
        description="Programs that lead to the same field of study or occupation in the same county",
        mart="agg_duplicate_programs",
        columns={
            "program_id": "One program",
            "program_name": "Its name",
            "other_program_id": "The other program",
            "other_program_name": "Its name",
            "has_same_cip": "Whether both have the same CIP code",
            "shared_occupations": "Occupations that both lead to",
            "has_same_provider": "Whether one provider offers both",
        },
        section=_SECTION,
        header=("Program", "Other program", "In common"),
        lines=_pairs,
    ),
)
