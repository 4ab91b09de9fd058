"""The provider report stated a second time: who falls in which program year, by the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from contracts.quarters import Quarter
from tests.transforms.restated_cohorts import INCOMPLETE, MATURE, METRICS, NOT_YET
from tests.transforms.restatement import Restatement, Unit

KEY = ["program_id", "program_year", "population", "metric_id"]
YEAR_BEFORE = (
    "employment_rate_q2",
    "median_earnings_q2",
    "employment_rate_q2_wioa",
    "median_earnings_q2_wioa",
)
CALENDAR_YEAR_BEFORE = (
    *("employment_rate_q4", "employment_rate_q4_wioa"),
    *("retention_same_employer_q2_q4", "credential_attainment"),
)
THE_YEAR = ("participants_served", "completion_rate", "measurable_skill_gains")
WIOA = {"WIOA_ADULT", "WIOA_DW", "WIOA_YOUTH"}


def program_year(metric: str, cohort: Quarter) -> int:
    """The program year that reports a cohort: N runs from July of N to June of N + 1."""
    running = cohort.year if cohort.number >= 3 else cohort.year - 1
    if metric in YEAR_BEFORE:
        return running + 1
    return cohort.year + 1 if metric in CALENDAR_YEAR_BEFORE else running


def program_results(restated: Restatement) -> pd.DataFrame:
    """One row per program × program year × population × metric."""
    programs = sorted({period.program for period in restated.people.periods})
    rows = []
    for metric in (*YEAR_BEFORE, *CALENDAR_YEAR_BEFORE, *THE_YEAR):
        for year, maturity in _years(restated, metric):
            units = [u for u in restated.units[metric] if program_year(metric, u.cohort) == year]
            for program in programs:
                mine = [unit for unit in units if unit.period.program == program]
                funded = [u for u in mine if any(row["funding_source"] in WIOA for row in u.period.rows)]
                for population, chosen in (("all", mine), ("wioa", funded)):
                    key = dict(zip(KEY, (program, year, population, metric), strict=True))
                    rows.append(key | _figures(metric, chosen, maturity))
    return pd.DataFrame(rows)


def _years(restated: Restatement, metric: str) -> Iterator[tuple[int, str]]:
    """Every program year with a cohort; mature when all of its cohorts are."""
    by_year: dict[int, set[str]] = {}
    for cohort, maturity in restated.cohorts.maturity[metric].items():
        by_year.setdefault(program_year(metric, cohort), set()).add(maturity)
    for year, seen in by_year.items():
        yield year, NOT_YET if NOT_YET in seen else INCOMPLETE if INCOMPLETE in seen else MATURE


def _figures(metric: str, units: list[Unit], maturity: str) -> dict[str, Any]:
    people = {unit.name: unit for unit in units}
    kind, n = METRICS[metric].kind, len(people)
    hits = sum(unit.hit is True for unit in people.values())
    status = -1 if maturity != MATURE else -2 if n == 0 and kind != "persons" else 1
    values = {
        "persons": lambda: float(n),
        "share": lambda: hits / n,
        "usd_per_quarter": lambda: float(np.median([unit.measure or 0.0 for unit in people.values()])),
    }
    return {
        "numerator": hits if kind == "share" and maturity != NOT_YET else None,
        "denominator": n,
        "value": values[kind]() if status == 1 else None,
        "value_status": status,
        "maturity": maturity,
    }
