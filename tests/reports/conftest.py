"""Marts made by hand: a small region drawn person by person, in the columns the warehouse builds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from contracts.quarters import Quarter, quarters_between
from reports.disclosure.policy import Policy, load_preset
from reports.facts import ReleaseFacts
from reports.rendering import render_report
from reports.tables import Publication, publish_tables
from tests.reports.releasing import publish, tables_of
from tests.reports.systems import system_marts
from warehouse.config import Consortium, ConsortiumConfig, announce_releases
from warehouse.home import Home, init_home

Frames = dict[str, pd.DataFrame]

PROGRAMS = {
    "P1": ("Welding and metal fabrication", 0.93, 0.90),
    "P2": ("Industrial maintenance technician", 0.86, 0.84),
    "P3": ("Practical nursing", 0.79, 0.83),
    "P4": ("Certified nursing assistant", 0.74, 0.70),
    "P5": ("Commercial driving (class A)", 0.82, 0.80),
    "P6": ("Logistics and warehouse supervision", 0.80, 0.76),
    "P7": ("Network support specialist", 0.71, 0.72),
    "P8": ("Electrical apprenticeship, first year", 0.88, 0.86),
}
AREAS = ("18005", "18010", "18015", "18020")
SECTORS = ("31-33", "62", "48-49", "23", "54")
PUBLISHED_ON = date(2026, 11, 12)
FIRST, LAST = Quarter(2023, 4), Quarter(2026, 3)
LAG = {"completion_rate": 0, "credential_attainment": 4, "employment_rate_q2": 2, "employment_rate_q4": 4}
LAG |= {"median_earnings_q2": 2, "retention_same_employer_q2_q4": 4, "real_earnings_change": 2}
NEWEST_WAGES = Quarter(2026, 2)
KEYS = ["metric_id", "breakdown", "member", "cohort_start", "cohort_end"]


def _people(count: int = 1500) -> pd.DataFrame:
    draw = np.random.default_rng(20261112)
    program = draw.choice(list(PROGRAMS), count)
    completes = np.array([PROGRAMS[p][1] for p in program])
    works = np.array([PROGRAMS[p][2] for p in program])
    quarters = [str(q) for q in quarters_between(FIRST, LAST)]
    completed = draw.random(count) < completes
    q2 = draw.random(count) < works
    return pd.DataFrame(
        {
            "program_id": program,
            "geography": draw.choice(AREAS, count),
            "industry": draw.choice(SECTORS, count),
            "quarter": draw.choice(quarters, count),
            "parent_group_id": [f"G{n:02d}" for n in draw.integers(0, 40, count)],
            "completion_rate": completed,
            "credential_attainment": completed & (draw.random(count) < 0.85),
            "employment_rate_q2": q2,
            "employment_rate_q4": draw.random(count) < works - 0.04,
            "retention_same_employer_q2_q4": draw.random(count) < 0.78,
            "earnings": np.round(np.exp(draw.normal(9.25, 0.35, count)), 2),
            "change": np.round(draw.normal(1150, 2100, count), 2),
        }
    )


_BREAKDOWNS: Mapping[str, str | None] = {
    "consortium": None,
    "program": "program_id",
    "area": "geography",
    "sector": "industry",
    "cohort": "quarter",
}


def _cells(people: pd.DataFrame) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    for metric in ("participants_served", *LAG):
        for breakdown, by in _BREAKDOWNS.items():
            groups = [(None, people)] if by is None else list(people.groupby(by))
            for member, rows in groups:
                yield _cell(metric, breakdown, member, rows)
        complete = people[people["quarter"] < "2026"]
        for (program, year), rows in complete.groupby(["program_id", complete["quarter"].str[:4]]):
            cell, behind = _cell(metric, "program_cohort_year", program, rows)
            yield (
                cell | {"program_id": program, "cohort_start": f"{year}Q1", "cohort_end": f"{year}Q4"},
                behind,
            )


def _cell(
    metric: str, breakdown: str, member: Any, people: pd.DataFrame
) -> tuple[dict[str, Any], pd.DataFrame]:
    lag = LAG.get(metric, 0)
    last = LAST if lag == 0 else Quarter.parse("2026Q2") + -lag
    is_mature = breakdown != "cohort" or Quarter.parse(member) <= last
    mature = people[people["quarter"] <= str(last)] if is_mature else people
    window = (member, member) if breakdown == "cohort" else (str(FIRST), str(last))
    key = {
        "metric_id": metric,
        "breakdown": breakdown,
        "member": member or "consortium",
        "geo_level": "W" if breakdown == "area" else "K",
        "geography": member if breakdown == "area" else "demo",
        "ind_level": "S" if breakdown == "sector" else "A",
        "industry": member if breakdown == "sector" else "00",
        "program_id": member if breakdown == "program" else None,
        "cohort_start": window[0],
        "cohort_end": window[1],
        "rule_version": "1.0.0",
        "as_of": PUBLISHED_ON,
        "newest_quarter": str(Quarter.parse(window[1]) + lag),
        "is_wage_derived": lag > 0 and metric != "credential_attainment",
        "maturity": "MATURE" if is_mature else "NOT_YET",
        "base_price_period": "2026Q1" if metric == "real_earnings_change" else None,
        "value_fuzzy": np.nan,
    }
    numbers, behind = _numbers(metric, mature)
    if not is_mature:
        numbers |= {"value": np.nan, "value_lower": np.nan, "value_upper": np.nan, "value_status": -1}
    return key | numbers, behind


def _numbers(metric: str, people: pd.DataFrame) -> tuple[dict[str, Any], pd.DataFrame]:
    behind = people.assign(persons=1, numerator_persons=0, amount_usd=0.0)
    if metric == "participants_served":
        counted = {"numerator": pd.NA, "unit": "persons", "value_status": 1} | _size(len(people))
        return counted | _value(len(people), None, None), behind
    if metric in ("median_earnings_q2", "real_earnings_change"):
        employed = behind[behind["employment_rate_q2"]]
        amounts = employed["earnings" if metric == "median_earnings_q2" else "change"].sort_values()
        fuzzy = (amounts.quantile(0.45) + amounts.quantile(0.55)) / 2
        n = len(amounts)
        low, high = int(n / 2 - 0.98 * n**0.5), int(n / 2 + 0.98 * n**0.5)
        numbers = _value(amounts.median(), amounts.iloc[max(low, 0)], amounts.iloc[min(high, n - 1)])
        fixed = {"numerator": pd.NA, "unit": "usd_per_quarter", "value_status": 1} | _size(n)
        return numbers | fixed | {"value_fuzzy": fuzzy}, employed.assign(amount_usd=employed["earnings"])
    if metric == "retention_same_employer_q2_q4":
        behind = behind[behind["employment_rate_q2"]]
    behind = behind.assign(numerator_persons=behind[metric].astype(int))
    if metric.startswith("employment"):
        behind["amount_usd"] = behind["earnings"].where(behind[metric], 0.0)
    share = behind["numerator_persons"].mean()
    fixed = {
        "numerator": int(behind["numerator_persons"].sum()),
        "unit": "share",
        "value_status": 1,
    }
    return fixed | _size(len(behind)) | _value(share, share - 0.01, share + 0.01), behind


def _size(count: int) -> dict[str, Any]:
    return {"denominator": count, "distinct_persons": count}


def _value(value: float, lower: float | None, upper: float | None) -> dict[str, Any]:
    return {"value": value, "value_lower": lower, "value_upper": upper}


def _outcome_marts(people: pd.DataFrame) -> Frames:
    cells, behind = [], []
    for cell, rows in _cells(people):
        cells.append(cell)
        firms = rows.groupby("parent_group_id")[["persons", "numerator_persons", "amount_usd"]].sum()
        behind.append(firms.reset_index().assign(**{key: cell[key] for key in KEYS}))
    outcomes = pd.DataFrame(cells)
    counts = {name: outcomes[name].astype("Int64") for name in ("numerator", "value_status")}
    contributors = pd.concat(behind, ignore_index=True)
    contributors["amount_usd"] = [Decimal(str(round(x, 2))) for x in contributors["amount_usd"]]
    return {"agg_outcomes": outcomes.assign(**counts), "agg_outcome_contributors": contributors}


def _fund_marts() -> Frames:
    ledger, firms = [], []
    balance = {"EMPLOYER": Decimal("210000.00"), "PUBLIC_STATE": Decimal("0.00"), "IN_KIND": Decimal("0.00")}
    owed = Decimal(0)
    for step, quarter in enumerate(quarters_between(Quarter(2023, 3), Quarter(2026, 4))):
        paid = [Decimal(3100 + 37 * n + 11 * step) + Decimal("0.13") for n in range(40)]
        late = Decimal("250.40") if step % 3 == 0 else Decimal(0)
        owed += 8 * late
        amounts = {
            "EMPLOYER": (sum(paid), Decimal(0), Decimal(118000 + 2500 * (step % 4)) + Decimal("0.41")),
            "PUBLIC_STATE": (Decimal(0), Decimal("48000.00"), Decimal("41250.50")),
            "IN_KIND": (Decimal(0), Decimal(0), Decimal(0)),
        }
        for source, (contributions, match, out) in amounts.items():
            opening, closing = balance[source], balance[source] + contributions + match - out
            balance[source] = closing
            in_kind = Decimal("5200.00") if source == "IN_KIND" else Decimal(0)
            assessed = contributions + 8 * late if source == "EMPLOYER" else Decimal(0)
            ledger.append(
                {
                    "period": str(quarter),
                    "funding_source": source,
                    "opening_usd": opening,
                    "contributions_usd": contributions,
                    "match_usd": match,
                    "in_kind_in_usd": in_kind,
                    "in_kind_out_usd": in_kind,
                    **dict.fromkeys(
                        ("interest_usd", "transferred_in_usd", "transferred_out_usd"), Decimal(0)
                    ),
                    "disbursed_usd": out,
                    "lapsed_usd": Decimal(0),
                    "closing_usd": closing,
                    "assessed_usd": assessed,
                    "receivable_usd": owed if source == "EMPLOYER" else Decimal(0),
                }
            )
        firms += [
            {
                "period": str(quarter),
                "parent_group_id": f"G{n:02d}",
                "amount_usd": amount,
                "assessed_usd": amount + (late if n < 8 else Decimal(0)),
                "in_kind_usd": Decimal("5200.00") if n == 0 else Decimal(0),
                "firms": 1,
            }
            for n, amount in enumerate(paid)
        ]
    return {"agg_fund_ledger": pd.DataFrame(ledger), "agg_fund_contributors": pd.DataFrame(firms)}


_UNIT_METRIC = {
    "participant": "participants_served",
    "completer": "completion_rate",
    "placement_q2": "employment_rate_q2",
}


def _cost_marts(people: pd.DataFrame) -> Frames:
    costs, behind = [], []
    for unit, metric in _UNIT_METRIC.items():
        for breakdown, program, members in [
            ("consortium", None, people),
            *[("program", p, g) for p, g in people.groupby("program_id")],
        ]:
            cell, rows = _cell(metric, breakdown, program, members)
            counted = rows if unit == "participant" else rows[rows["numerator_persons"] == 1]
            key = {"unit": unit, "breakdown": breakdown, "member": program or "consortium"}
            window = {name: cell[name] for name in ("cohort_start", "cohort_end", "maturity", "value_status")}
            dollars = Decimal(len(rows)) * Decimal(980 + 240 * len(unit)) + Decimal("0.77")
            costs.append(
                key
                | window
                | {
                    "program_id": program,
                    "cost_usd": dollars,
                    "count": len(counted),
                    "value": float(dollars) / len(counted),
                    "newest_quarter": cell["newest_quarter"],
                    "is_wage_derived": cell["is_wage_derived"],
                }
            )
            firms = counted.groupby("parent_group_id").size().rename("persons").reset_index()
            behind.append(firms.assign(amount_usd=Decimal(0), **key))
    return {
        "agg_unit_costs": pd.DataFrame(costs),
        "agg_unit_cost_contributors": pd.concat(behind, ignore_index=True),
    }


def _other_marts() -> Frames:
    definitions = pd.DataFrame(
        [
            (
                "employment_rate_q2",
                "Exiters seen on a member's payroll",
                "Exiters",
                "Excluded exits",
                "PIRL 1602",
            ),
            ("completion_rate", "Training completed", "Training ended", "In progress", "PIRL 1307"),
        ],
        columns=["metric_id", "numerator", "denominator", "exclusions", "citation"],
    )
    intake = pd.DataFrame(
        [("enrollment", 640, 1832, 1811, 31), ("wage", 1860, 512300, 511904, 40), ("firm", 1, 60, 60, 1)],
        columns=["contract", "submissions", "rows_in", "accepted", "firms"],
    )
    arms = pd.DataFrame(
        [
            (1978, "participants", 185, 6349.14, 7867.40),
            (1978, "comparison", 260, 4554.80, 5483.84),
            (1975, "participants", 185, 1532.06, 3219.25),
            (1975, "comparison", 260, 1266.91, 3102.98),
        ],
        columns=["calendar_year", "arm", "persons", "mean_annual_earnings_usd", "sd_usd"],
    )
    programs = pd.DataFrame(
        [(code, name, 180 + 60 * place) for place, (code, (name, *_)) in enumerate(PROGRAMS.items())],
        columns=["program_id", "name", "clock_hours"],
    )
    return {
        "metric_definitions": definitions.assign(name=definitions["metric_id"].str.replace("_", " ")),
        "agg_intake_quality": intake.assign(quarantined=intake["rows_in"] - intake["accepted"]),
        "agg_earnings_by_arm": arms,
        "dim_program": programs,
        "dim_area": pd.DataFrame({"geography": list(AREAS), "name": [f"Area {code}" for code in AREAS]}),
    }


@pytest.fixture(scope="session")
def _region() -> Frames:
    people = _people()
    return _outcome_marts(people) | _fund_marts() | _cost_marts(people) | _other_marts() | system_marts()


@pytest.fixture
def marts(_region: Frames) -> Frames:
    """A fresh copy of the region's marts: a test may change it."""
    return {name: frame.copy() for name, frame in _region.items()}


@pytest.fixture
def tiny_marts(marts: Frames) -> Frames:
    """A region of 8 firms and a few dozen people, of whom all stay but some of one firm in one area."""
    people = _people(64)
    for column, values in (("parent_group_id", 8), ("program_id", 2), ("quarter", 3)):
        known = {"parent_group_id": "G0{}", "program_id": "P{}", "quarter": "2025Q{}"}[column]
        people[column] = [known.format(n % values + 1) for n in range(len(people))]
    people["employment_rate_q2"] = True
    leaves = (people["parent_group_id"] == "G04") & (people["geography"] == "18010")
    people["retention_same_employer_q2_q4"] = ~leaves
    return marts | _outcome_marts(people)


@pytest.fixture(scope="session")
def board() -> Policy:
    return load_preset("board")


def _facts(**changes: Any) -> ReleaseFacts:
    facts: dict[str, Any] = {
        "release_id": "demo-2026-Q3-v1.0",
        "consortium_id": "demo",
        "consortium_name": "Three Rivers Training Consortium",
        "region": "Three Rivers",
        "period": "2026-Q3",
        "version": "v1.0",
        "published_on": PUBLISHED_ON,
        "next_on": date(2027, 2, 12),
        "policy": load_preset("board"),
        "ledger_seq": 5321,
        "ledger_hash": "5f" * 32,
        "code_version": "0.1.0",
        "rule_version": "1.0.0",
        "contact": "data@threerivers.example",
    }
    return ReleaseFacts(**(facts | changes))


@pytest.fixture(scope="session")
def make_facts() -> Callable[..., ReleaseFacts]:
    """Release facts with anything overridden by keyword."""
    return _facts


@pytest.fixture(scope="session")
def facts() -> ReleaseFacts:
    return _facts()


@pytest.fixture(scope="session")
def publication(_region: Frames, board: Policy, facts: ReleaseFacts) -> Publication:
    """The region's release; its tables hand out copies, so tests can share it."""
    return publish_tables(_region, board, facts)


@pytest.fixture(scope="session")
def pages(publication: Publication, facts: ReleaseFacts) -> dict[str, str]:
    """The region's report: page one, the chapters and their style, by name."""
    return {name: page.decode() for name, page in render_report(publication.frames(), facts).items()}


@pytest.fixture(scope="session")
def published_home(
    publication: Publication, facts: ReleaseFacts, tmp_path_factory: pytest.TempPathFactory
) -> Home:
    """A home with one published release of the made-up region."""
    config = ConsortiumConfig(
        consortium=Consortium(id="rivers", name="Three Rivers & Hills", region="Three <Rivers>"),
        releases=announce_releases(Quarter(2026, 3), 3),
    )
    home = init_home(tmp_path_factory.mktemp("published") / "home", config)
    publish(home, tables_of(publication), facts, PUBLISHED_ON)
    return home
