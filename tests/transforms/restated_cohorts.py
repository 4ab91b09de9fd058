"""Cohorts restated: which quarters there are, whether they are mature, and which of them are pooled.

Rule: the lag has passed, and every member firm that employed one of the cohort has sent its wages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from contracts.quarters import Quarter, quarters_between
from tests.transforms.restated_people import People

MATURE, INCOMPLETE, NOT_YET = "MATURE", "INCOMPLETE", "NOT_YET"


@dataclass(frozen=True)
class Metric:
    """How long a metric waits, for whose extracts, and what kind of number it is."""

    after: int
    waits_for: str
    kind: str
    wage_quarters: tuple[int, ...] = ()
    dollars_quarter: int | None = None


METRICS = {
    "participants_served": Metric(0, "enrollment", "persons"),
    "completion_rate": Metric(0, "enrollment", "share"),
    "credential_attainment": Metric(4, "credential", "share"),
    "employment_rate_q2": Metric(2, "wage", "share", (2,), 2),
    "employment_rate_q4": Metric(4, "wage", "share", (4,), 4),
    "median_earnings_q2": Metric(2, "wage", "usd_per_quarter", (2,), 2),
    "retention_same_employer_q2_q4": Metric(4, "wage", "share", (2, 4), 2),
    "real_earnings_change": Metric(2, "wage", "usd_per_quarter", (2,), 2),
    "on_time_completion": Metric(0, "enrollment", "share"),
    "any_program_credential": Metric(4, "credential", "share"),
    "measurable_skill_gains": Metric(0, "enrollment", "share"),
    "training_related_employment": Metric(2, "wage", "share", (2,), 2),
    "real_hourly_wage_change": Metric(2, "wage", "usd_per_hour", (2,), 2),
    "retention_q4": Metric(4, "wage", "share", (2, 4), 2),
    "retention_q8": Metric(8, "wage", "share", (2, 8), 2),
    "retention_same_employer_q2_q8": Metric(8, "wage", "share", (2, 8), 2),
    "employment_rate_q2_wioa": Metric(2, "ui_match", "share", (), 2),
    "employment_rate_q4_wioa": Metric(4, "ui_match", "share", (), 4),
    "median_earnings_q2_wioa": Metric(2, "ui_match", "usd_per_quarter", (), 2),
}
NEEDS_PRICE = {"real_earnings_change", "real_hourly_wage_change"}
Window = tuple[str, list[Quarter], str]
"""Kind, cohorts pooled, maturity."""


class Cohorts:
    """Maturity by metric and cohort quarter, from the first quarter with an event to the last."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.lake = people.lake
        self.maturity = {name: {q: self._maturity(name, q) for q in self._span(name)} for name in METRICS}

    def _span(self, metric: str) -> list[Quarter]:
        events = list(self._events(metric))
        span = quarters_between(min(events), max(events)) if events else []
        # A program year is one cohort, named by its last quarter.
        return [q for q in span if metric != "measurable_skill_gains" or q.number == 2]

    def _events(self, metric: str) -> Iterator[Quarter]:
        today = Quarter.of(self.lake.as_of)
        for period in self.people.periods:
            if metric == "participants_served":
                if period.entry <= self.lake.as_of:
                    yield from (period.entry_quarter, min(period.exit_quarter or today, today))
            elif metric == "completion_rate":
                yield from [period.training_end_quarter] if period.training_end_quarter else []
            elif metric == "any_program_credential":
                if period.is_completed and period.training_end_quarter:
                    yield period.training_end_quarter
            elif metric == "on_time_completion":
                timely = self.people.on_time(period)
                yield from [timely[0]] if timely else []
            elif metric == "measurable_skill_gains":
                yield from (year for year, _ in self.people.gains(period))
            elif period.is_exiter:
                yield period.after_exit(0)

    def _maturity(self, name: str, cohort: Quarter) -> str:
        metric = METRICS[name]
        newest = cohort + metric.after
        has_price = name not in NEEDS_PRICE or str(newest) in self.people.price
        if not self.lake.has_ended(newest) or not has_price:
            return NOT_YET
        if metric.waits_for == "wage":
            owed = any(self.outstanding(cohort, cohort + k) for k in metric.wage_quarters)
        elif metric.waits_for == "ui_match":
            owed = self._is_unanswered(cohort, metric.after)
        else:
            owed = self.lake.newest_delivery(metric.waits_for) < str(newest)
        return INCOMPLETE if owed else MATURE

    def _is_unanswered(self, cohort: Quarter, quarters: int) -> bool:
        """Whether neither members nor the state have said yes or no of one of the cohort."""
        exits = (p for p in self.people.periods if p.is_exiter and p.exit_quarter == cohort)
        return any(not self.people.wioa(period, quarters).is_known for period in exits)

    def outstanding(self, cohort: Quarter, quarter: Quarter) -> set[str]:
        """Member firms that employed one of the cohort by then and still owe the quarter's wages."""
        employers = {firm for firm, since in self._employers.get(cohort, {}).items() if since <= quarter}
        members = {firm for firm in employers if self._is_member(firm, quarter.last_day)}
        return {firm for firm in members if ("wage", firm, str(quarter)) not in self.lake.delivered}

    def _is_member(self, firm: str, day: date) -> bool:
        row = self.lake.firms.get(firm, {})
        joined, left = row.get("joined_on"), row.get("left_on")
        return (joined is None or joined <= day) and (left is None or left >= day)

    @cached_property
    def _employers(self) -> dict[Quarter, dict[str, Quarter]]:
        """By exit quarter: each firm that employed an exiter since entry, and the first such quarter."""
        since: dict[Quarter, dict[str, Quarter]] = defaultdict(dict)
        for period in (period for period in self.people.periods if period.is_exiter):
            cohort = since[period.after_exit(0)]
            for firm, quarter in self.people.employments(period):
                cohort[firm] = min(cohort.get(firm, quarter), quarter)
        return since

    def windows(self, metric: str) -> Iterator[Window]:
        """Each quarter, each calendar year, all. A pool holds its mature cohorts, or all where none is."""
        cohorts = self.maturity[metric]
        yield from (("quarter", [quarter], maturity) for quarter, maturity in cohorts.items())
        for _, year in groupby(cohorts, key=lambda quarter: quarter.year):
            yield "year", *_pooled(list(year), cohorts)
        if cohorts:
            yield "all", *_pooled(list(cohorts), cohorts)

    def unbroken(self, metric: str) -> tuple[list[Quarter], str]:
        """The run of mature cohorts from the first, as far as disbursements are known; all if none is."""
        run = []
        for quarter, maturity in self.maturity[metric].items():
            if maturity != MATURE or str(quarter) > self.lake.newest_delivery("disbursement"):
                break
            run.append(quarter)
        return (run, MATURE) if run else (list(self.maturity[metric]), NOT_YET)


def _pooled(cohorts: list[Quarter], maturity: Mapping[Quarter, str]) -> tuple[list[Quarter], str]:
    mature = [quarter for quarter in cohorts if maturity[quarter] == MATURE]
    if mature:
        return mature, MATURE
    return cohorts, INCOMPLETE if INCOMPLETE in {maturity[quarter] for quarter in cohorts} else NOT_YET
