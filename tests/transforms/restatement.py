"""The marts stated a second time, in plain Python and pandas, from the definitions and not from the SQL.

The same rows go through dbt and through here, and every figure must agree: lake frames in, mart frames out.
People, cohorts and the fund are restated in the modules beside this one; here they are counted. Nothing here
opens a database.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from contracts.quarters import Quarter
from tests.transforms.restated_cohorts import MATURE, METRICS, NOT_YET, Cohorts
from tests.transforms.restated_fund import fund_contributors, fund_flows, fund_ledger
from tests.transforms.restated_lake import LakeFrames, read_lake
from tests.transforms.restated_people import People, Period

__all__ = ["CELL", "Restatement", "median_interval", "read_lake", "wilson"]

Z95 = 1.959963984540054
CELL = ["metric_id", "breakdown", "member", "cohort_start", "cohort_end"]
COSTED = {
    "participant": "participants_served",
    "completer": "completion_rate",
    "placement_q2": "employment_rate_q2",
}


@dataclass(frozen=True)
class Unit:
    """One member of a metric's denominator."""

    metric: str
    cohort: Quarter
    name: str
    period: Period
    parent: str
    hit: bool | None = None
    measure: float | None = None


class Restatement:
    """All aggregated marts from the same lake frames; each method is one mart."""

    def __init__(self, lake: LakeFrames) -> None:
        self.whole_lake = lake
        self.people = People(lake)
        self.lake = self.people.lake
        self.cohorts = Cohorts(self.people)
        self.flows = fund_flows(self.lake)

    # who is in a denominator

    @cached_property
    def units(self) -> dict[str, list[Unit]]:
        """Everybody in a denominator, by metric."""
        found: dict[str, list[Unit]] = defaultdict(list)
        for period in self.people.periods:
            for unit in self._units_of(period):
                found[unit.metric].append(unit)
        return found

    def _units_of(self, period: Period) -> Iterator[Unit]:
        home = self.lake.parent(period.latest["box_firm_id"])
        for quarter in self.cohorts.maturity["participants_served"]:
            if period.entry_quarter <= quarter <= (period.exit_quarter or quarter):
                yield Unit("participants_served", quarter, period.learner, period, home)
        if period.training_end_quarter is not None:
            done = period.latest["training_completed"] == 1
            yield Unit("completion_rate", period.training_end_quarter, period.id, period, home, done)
            if done:
                held = self.people.has_any_credential(period)
                yield Unit(
                    "any_program_credential", period.training_end_quarter, period.id, period, home, held
                )
        timely = self.people.on_time(period)
        if timely:
            yield Unit("on_time_completion", timely[0], period.id, period, home, timely[1])
        for year, gained in self.people.gains(period):
            yield Unit("measurable_skill_gains", year, f"{period.id}|{year}", period, home, gained)
        if period.is_exiter:
            yield from self._exit_units(period, home)
            yield from self._followed_units(period)
            yield from self._wioa_units(period, home)

    def _exit_units(self, period: Period, home: str) -> Iterator[Unit]:
        """Somebody employed counts under the employer of the quarter, anybody else under the enroller."""
        second, fourth = self.people.job(period, 2), self.people.job(period, 4)
        employer = self.lake.parent(second.employer) if second.employer else home
        later = self.lake.parent(fourth.employer) if fourth.employer else home
        if period.is_asked_for_credential:
            yield _of_exit("credential_attainment", period, home, self.people.has_credential(period))
        yield _of_exit("employment_rate_q2", period, employer, second.is_employed)
        yield _of_exit("employment_rate_q4", period, later, fourth.is_employed)
        if second.is_employed and second.pay:
            yield _of_exit("median_earnings_q2", period, employer, measure=float(second.pay))
        retained, change = self.people.is_retained(period), self.people.real_change(period)
        if retained is not None:
            yield _of_exit("retention_same_employer_q2_q4", period, employer, retained)
        if change is not None:
            yield _of_exit("real_earnings_change", period, employer, measure=change)

    def _followed_units(self, period: Period) -> Iterator[Unit]:
        """Metrics over people employed in Q2, who all count under the employer of that quarter."""
        second, people = self.people.job(period, 2), self.people
        if second.employer is None:
            return
        parent = self.lake.parent(second.employer)
        for metric, hit in (
            ("retention_q4", people.job(period, 4).is_employed),
            ("retention_q8", people.job(period, 8).is_employed),
            ("retention_same_employer_q2_q8", people.is_retained(period, 8)),
            ("training_related_employment", people.is_related(period)),
        ):
            if hit is not None:
                yield _of_exit(metric, period, parent, hit)
        hourly = people.real_hourly_change(period)
        if hourly is not None:
            yield _of_exit("real_hourly_wage_change", period, parent, measure=hourly)

    def _wioa_units(self, period: Period, home: str) -> Iterator[Unit]:
        second, fourth = self.people.wioa(period, 2), self.people.wioa(period, 4)
        yield _of_exit("employment_rate_q2_wioa", period, second.parent or home, second.is_employed)
        yield _of_exit("employment_rate_q4_wioa", period, fourth.parent or home, fourth.is_employed)
        if second.is_employed and second.pay:
            parent = second.parent or home
            yield _of_exit("median_earnings_q2_wioa", period, parent, measure=float(second.pay))

    # cells

    def member(self, period: Period, breakdown: str) -> str:
        """Where a period stands in a breakdown."""
        kind = breakdown.removesuffix("_cohort_year")
        if kind == "program":
            return period.program
        if kind == "area":
            return period.latest["lwdb_code"] or "unreported"
        return self.lake.sector(period.latest["box_firm_id"]) if kind == "sector" else "consortium"

    @cached_property
    def breakdowns(self) -> list[tuple[str, str, str]]:
        """(breakdown, kind of window, member)."""
        kinds = {"program": "all", "area": "all", "sector": "all"}
        kinds |= {"program_cohort_year": "year", "area_cohort_year": "year"}
        listed = {(k, window, self.member(p, k)) for k, window in kinds.items() for p in self.people.periods}
        return [("consortium", "all", "consortium"), ("cohort", "quarter", "consortium"), *sorted(listed)]

    @cached_property
    def cells(self) -> dict[tuple[str, ...], tuple[list[Unit], str]]:
        """Units and maturity of every cell; a person or period is in a cell once."""
        return {key: cell for metric in METRICS for key, cell in self._cells_of(metric)}

    def _cells_of(self, metric: str) -> Iterator[tuple[tuple[str, ...], tuple[list[Unit], str]]]:
        for kind, cohorts, maturity in self.cohorts.windows(metric):
            inside = [unit for unit in self.units[metric] if unit.cohort in cohorts]
            for breakdown, window, member in self.breakdowns:
                if window == kind:
                    mine = [unit for unit in inside if self.member(unit.period, breakdown) == member]
                    key = (metric, breakdown, member, str(cohorts[0]), str(cohorts[-1]))
                    yield key, (_once(mine), maturity)

    # marts

    def outcomes(self) -> pd.DataFrame:
        """`agg_outcomes`, its figures: one row per cell."""
        return pd.DataFrame(
            [dict(zip(CELL, key, strict=True)) | _figures(key[0], *cell) for key, cell in self.cells.items()]
        )

    def outcome_contributors(self) -> pd.DataFrame:
        """`agg_outcome_contributors`: persons under the primary employer, dollars under whoever paid them."""
        return pd.DataFrame(
            [
                dict(zip(CELL, key, strict=True)) | {"parent_group_id": parent} | part
                for key, (units, _) in self.cells.items()
                for parent, part in self._parts(units).items()
            ]
        )

    def _parts(self, units: list[Unit]) -> dict[str, dict[str, Any]]:
        nothing = {"persons": 0, "numerator_persons": 0, "amount_usd": Decimal(0)}
        parts: dict[str, dict[str, Any]] = defaultdict(lambda: dict(nothing))
        for unit in units:
            parts[unit.parent]["persons"] += 1
            parts[unit.parent]["numerator_persons"] += unit.hit is True
            for parent, dollars in self._dollars(unit):
                parts[parent]["amount_usd"] += dollars
        return parts

    def _dollars(self, unit: Unit) -> Iterator[tuple[str, Decimal]]:
        quarters = METRICS[unit.metric].dollars_quarter if unit.metric in METRICS else None
        if quarters is not None and unit.metric.endswith("_wioa"):
            job = self.people.wioa(unit.period, quarters)
            if job.pay and job.parent:
                yield job.parent, job.pay
        elif quarters is not None and self.people.job(unit.period, quarters).is_employed:
            for row in self.people.paid(unit.period.learner, unit.period.after_exit(quarters)):
                if row["gross_wages_usd"] > 0:
                    yield self.lake.parent(row["firm_id"]), row["gross_wages_usd"]

    def fund_ledger(self) -> pd.DataFrame:
        """`agg_fund_ledger`."""
        return fund_ledger(self.flows)

    def fund_contributors(self) -> pd.DataFrame:
        """`agg_fund_contributors`."""
        return fund_contributors(self.flows, self.lake)

    def unit_costs(self) -> pd.DataFrame:
        """`agg_unit_costs`: cash to programs up to the last cohort, over the people of the cohorts."""
        return pd.DataFrame([key | figures for key, _, figures in self._costed()])

    def unit_cost_contributors(self) -> pd.DataFrame:
        """`agg_unit_cost_contributors`: who is behind each unit cost."""
        return pd.DataFrame(
            [
                key | {"parent_group_id": parent} | part
                for key, units, _ in self._costed()
                for parent, part in self._parts(units).items()
            ]
        )

    def _costed(self) -> Iterator[tuple[dict[str, str], list[Unit], dict[str, Any]]]:
        spending = self.flows[(self.flows["flow"] == "disbursed") & self.flows["program_id"].notna()]
        programs = sorted({period.program for period in self.people.periods} | set(spending["program_id"]))
        for unit, metric in COSTED.items():
            cohorts, maturity = self.cohorts.unbroken(metric)
            if cohorts:
                counted = [u for u in self.units[metric] if u.cohort in cohorts and u.hit is not False]
                spent = spending[spending["period"] <= str(cohorts[-1])]
                for member in ["consortium", *programs]:
                    mine = _once([u for u in counted if member in ("consortium", u.period.program)])
                    theirs = spent if member == "consortium" else spent[spent["program_id"] == member]
                    breakdown = "consortium" if member == "consortium" else "program"
                    key = {"unit": unit, "breakdown": breakdown, "member": member}
                    cost = sum(theirs["amount"], Decimal(0))
                    yield key, mine, _cost(cost, len(mine), cohorts, maturity)

    def earnings_by_arm(self) -> pd.DataFrame:
        """`agg_earnings_by_arm`: people with a row in all four quarters of a year, by arm."""
        wages = self.whole_lake.frame("wage")[["learner_key", "year_quarter", "gross_wages_usd"]]
        cents = (wages["gross_wages_usd"].astype("float64") * 100).round().astype("int64")
        wages = wages.assign(cents=cents, calendar_year=wages["year_quarter"].str[:4].astype("int64"))
        grouped = wages.groupby(["learner_key", "calendar_year"])
        years = grouped.agg(quarters=("year_quarter", "nunique"), cents=("cents", "sum")).reset_index()
        whole = years[years["quarters"] == 4]
        enrolled = whole["learner_key"].isin({period.learner for period in self.people.periods})
        arms = whole.assign(
            arm=enrolled.map({True: "participants", False: "comparison"}), usd=whole["cents"] / 100
        )
        figures = arms.groupby(["calendar_year", "arm"])["usd"].agg(
            persons="count", mean_annual_earnings_usd="mean", sd_usd="std"
        )
        return figures.reset_index()

    def intake_quality(self) -> pd.DataFrame:
        """`agg_intake_quality`: submissions in force and what became of their rows."""
        rows = self.lake.in_force.assign(parent=self.lake.in_force["firm_id"].map(self.lake.parent))
        grouped = rows.groupby("contract")
        sums = grouped[["rows_in", "accepted", "quarantined"]].sum()
        return sums.assign(submissions=grouped.size(), firms=grouped["parent"].nunique()).reset_index()


def _of_exit(
    metric: str, period: Period, parent: str, hit: bool | None = None, measure: float | None = None
) -> Unit:
    return Unit(metric, period.after_exit(0), period.id, period, parent, hit, measure)


def _once(units: list[Unit]) -> list[Unit]:
    """One unit per person or period: of several, the one of the latest entry."""
    return list(
        {unit.name: unit for unit in sorted(units, key=lambda u: (u.period.entry, u.period.id))}.values()
    )


def _figures(metric: str, units: list[Unit], maturity: str) -> dict[str, Any]:
    kind, n = METRICS[metric].kind, len(units)
    hits = sum(unit.hit is True for unit in units)
    status = -1 if maturity != MATURE else -2 if n == 0 and kind != "persons" else 1
    figures = {
        "numerator": hits if kind == "share" and maturity != NOT_YET else None,
        "denominator": n,
        "distinct_persons": len({unit.period.learner for unit in units}),
        "value_status": status,
        "maturity": maturity,
        "unit": kind,
        **dict.fromkeys(("value", "value_fuzzy", "value_lower", "value_upper")),
    }
    return figures | (_value(kind, hits, units) if status == 1 else {})


def _value(kind: str, hits: int, units: list[Unit]) -> dict[str, Any]:
    if kind == "persons":
        return {"value": float(len(units))}
    if kind == "share":
        lower, upper = wilson(hits, len(units))
        return {"value": hits / len(units), "value_lower": lower, "value_upper": upper}
    values = sorted(unit.measure for unit in units if unit.measure is not None)
    ends = dict(zip(("value_lower", "value_upper"), median_interval(values), strict=True))
    fuzzy = float(np.quantile(values, 0.45) + np.quantile(values, 0.55)) / 2
    return {"value": float(np.median(values)), "value_fuzzy": fuzzy, **ends}


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % score interval: the roots p of (p̂ - p)² = z²·p(1 - p)/n."""
    share = hits / n
    a, b, c = 1 + Z95**2 / n, -(2 * share + Z95**2 / n), share**2
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def median_interval(values: list[float]) -> tuple[float | None, float | None]:
    """Order statistics around the median: rank ⌊(n + 1)/2 - z·√n/2⌋ from either end; none below six."""
    rank = math.floor((len(values) + 1) / 2 - Z95 * math.sqrt(len(values)) / 2)
    return (values[rank - 1], values[-rank]) if rank >= 1 else (None, None)


def _cost(cost: Decimal, n: int, cohorts: list[Quarter], maturity: str) -> dict[str, Any]:
    status = -1 if maturity != MATURE else 1 if n else -2
    return {
        "cost_usd": cost,
        "count": n,
        "value": float(cost) / n if status == 1 else None,
        "cohort_start": str(cohorts[0]),
        "cohort_end": str(cohorts[-1]),
        "value_status": status,
        "maturity": maturity,
    }
