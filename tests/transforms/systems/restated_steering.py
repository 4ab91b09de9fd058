"""Tiers, terms, charts and pilots stated a second time, one figure after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from contracts.quarters import Quarter
from tests.transforms.restated_lake import Record
from tests.transforms.restatement import METRICS, Restatement, Unit, wilson

LEAST_PERSONS, BASELINE, SIGMAS, SLACK, LIMIT = 10, 4, 3.0, 0.5, 5.0
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Figure:
    """A rate of one cohort: who was hit of whom, and whether it is mature."""

    cohort: Quarter
    hits: int
    n: int
    maturity: str
    newest: Quarter

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float | None, float | None]:
        return wilson(self.hits, self.n) if self.n else (None, None)

    @property
    def can_be_shown(self) -> bool:
        """Mature, on enough people, with nobody among a few on either side."""
        few = range(1, LEAST_PERSONS)
        hidden = self.n < LEAST_PERSONS or self.hits in few or self.n - self.hits in few
        return self.maturity == "MATURE" and not hidden


def p_chart(figures: Sequence[Figure]) -> list[tuple[float, float, float] | None]:
    """Center and limits for each figure in order; None for the first ones, which set the base."""
    found: list[tuple[float, float, float] | None] = []
    for place, figure in enumerate(figures):
        earlier = figures[:place]
        if place < BASELINE:
            found.append(None)
            continue
        center = sum(one.hits for one in earlier) / sum(one.n for one in earlier)
        width = SIGMAS * math.sqrt(center * (1 - center) / figure.n)
        found.append((center, max(0.0, center - width), min(1.0, center + width)))
    return found


def cusum(figures: Sequence[Figure]) -> list[tuple[float, float]]:
    """Downward and upward sums for each figure, cut at 0, from the rate of the first ones."""
    first = figures[:BASELINE]
    base = sum(one.hits for one in first) / sum(one.n for one in first)
    low = high = 0.0
    sums = []
    for place, figure in enumerate(figures):
        if place >= BASELINE and 0 < base < 1:
            z = (figure.hits / figure.n - base) / math.sqrt(base * (1 - base) / figure.n)
            low, high = max(0.0, low - z - SLACK), max(0.0, high + z - SLACK)
        sums.append((low, high))
    return sums


def side(value: float, lower: float, upper: float) -> str:
    """LOW or HIGH beyond a limit, WITHIN on it and between."""
    return "LOW" if value < lower - 1e-9 else "HIGH" if value > upper + 1e-9 else "WITHIN"


class Steering:
    """Everything that hangs on rates by cohort."""

    def __init__(self, restated: Restatement) -> None:
        self.restated, self.lake = restated, restated.whole_lake

    @cached_property
    def figures(self) -> dict[tuple[str, str], list[Figure]]:
        """By rate and member, one figure a cohort, in order."""
        members = ["consortium", *sorted({period.program for period in self.restated.people.periods})]
        rates = [metric for metric, of in METRICS.items() if of.kind == "share"]
        return {(metric, member): self._series(metric, member) for metric in rates for member in members}

    def _series(self, metric: str, member: str) -> list[Figure]:
        units = [u for u in self.restated.units[metric] if member in ("consortium", u.period.program)]
        return [
            self._figure(metric, [u for u in units if u.cohort == cohort], cohort)
            for cohort in sorted(self.restated.cohorts.maturity[metric])
        ]

    def _figure(self, metric: str, units: list[Unit], cohort: Quarter) -> Figure:
        hits = sum(unit.hit is True for unit in units)
        maturity = self.restated.cohorts.maturity[metric][cohort]
        return Figure(cohort, hits, len(units), maturity, cohort + METRICS[metric].after)

    # charts

    def limits(self) -> pd.DataFrame:
        """`agg_alert_limits`."""
        return pd.DataFrame([row for key, series in self.figures.items() for row in _charted(*key, series)])

    def alerts(self) -> list[tuple[str, str, str, str, str]]:
        """(kind, metric, member, cohort, side) of every alert the charts raise."""
        found = []
        for (metric, member), rows in self.limits().groupby(["metric_id", "member"]):
            judged = rows[rows["p_chart_state"] != "NOT_JUDGED"].sort_values("cohort_quarter")
            before = "WITHIN"
            for row in judged.to_dict("records"):
                key = (metric, member, row["cohort_quarter"])
                if row["p_chart_state"] != "WITHIN":
                    found.append(("P_CHART", *key, row["p_chart_state"]))
                if row["cusum_state"] not in ("WITHIN", before):
                    found.append(("CUSUM", *key, row["cusum_state"]))
                before = row["cusum_state"]
        return found

    # tiers

    def gates(self) -> pd.DataFrame:
        """`agg_tier_gates`: the version in force of every gate, for each program it holds for."""
        rows = []
        programs = sorted({row["program_id"] for row in self.lake.rows("program")})
        for gate in self._gates_in_force():
            for program in [gate["program_id"]] if gate["program_id"] else programs:
                rows.append(self._gate(gate, program))
        return pd.DataFrame(rows)

    def _gates_in_force(self) -> list[Record]:
        day = self.lake.as_of
        begun = [
            row
            for row in self.lake.rows("funding_tier")
            if (row["valid_from"] or date.min) <= day <= (row["valid_to"] or date.max)
        ]
        newest = sorted(begun, key=lambda row: row["valid_from"] or date.min)
        return list({(row["tier_id"], row["gate_metric_id"]): row for row in newest}.values())

    def _gate(self, gate: Record, program: str) -> dict[str, Any]:
        series = self.figures.get((gate["gate_metric_id"], program), [])
        needed = int(gate["cohorts_needed"] or 1)
        held = [figure for figure in series if figure.maturity == "MATURE"][-needed:]
        missing = None
        if (gate["evidence_level"] or "DESCRIPTIVE") != "DESCRIPTIVE":
            missing = "EVIDENCE"
        elif len(held) < needed:
            missing = "COHORTS"
        elif min(figure.n for figure in held) < gate["least_n"]:
            missing = "PERSONS"
        passed = all(is_met(figure, gate) for figure in held)
        return {
            "tier_id": gate["tier_id"],
            "program_id": program,
            "metric_id": gate["gate_metric_id"],
            "decision": "NOT_ENOUGH_DATA" if missing else "PASS" if passed else "FAIL",
            "missing": missing,
            "cohorts": len(held),
            "denominator": sum(figure.n for figure in held),
            "numerator": sum(figure.hits for figure in held),
        }

    # pay for performance

    def payables(self) -> pd.DataFrame:
        """`agg_performance_payables`: terms in force, oldest cohorts first within the cap."""
        return pd.DataFrame([row for term in self._terms() for row in self._payable(term)])

    def _terms(self) -> list[Record]:
        begun = [r for r in self.lake.rows("performance_term") if r["effective_from"] <= self.lake.as_of]
        newest = sorted(begun, key=lambda row: row["effective_from"])
        return list({row["term_id"]: row for row in newest}.values())

    def _payable(self, term: Record) -> Iterator[dict[str, Any]]:
        left = term["cap_usd"]
        seconds = {
            one.cohort: one for one in self.figures.get((term["second_metric_id"], term["program_id"]), [])
        }
        for figure in self.figures[term["trigger_metric_id"], term["program_id"]]:
            if term["cohort_start"] <= str(figure.cohort) <= term["cohort_end"]:
                row = _tested(term, figure, seconds.get(figure.cohort))
                due = row["due_usd"] if left is None else min(row["due_usd"], left)
                left = None if left is None else left - due
                yield row | {"due_usd": due}

    # pilots

    def pilots(self) -> pd.DataFrame:
        """`agg_pilot_verdicts`."""
        pilots = [row for row in self.lake.rows("cohort") if row["cohort_kind"] == "PILOT"]
        return pd.DataFrame([self._verdict(pilot) for pilot in pilots])

    def _verdict(self, pilot: Record) -> dict[str, Any]:
        metric = pilot["criterion_metric_id"]
        mine = [
            unit
            for unit in self.restated.units[metric]
            if any(row["cohort_id"] == pilot["cohort_id"] for row in unit.period.rows)
        ]
        figures = [
            self._figure(metric, [u for u in mine if u.cohort == cohort], cohort)
            for cohort in sorted({u.cohort for u in mine})
        ]
        whole = Figure(Quarter(2000, 1), sum(f.hits for f in figures), len(mine), "", Quarter(2000, 1))
        verdict, because = _judged(pilot, whole, figures, self.lake.as_of)
        return {"cohort_id": pilot["cohort_id"], "verdict": verdict, "inconclusive_because": because}


def _charted(metric: str, member: str, series: list[Figure]) -> Iterator[dict[str, Any]]:
    shown = [figure for figure in series if figure.can_be_shown]
    limits = dict(zip([f.cohort for f in shown], p_chart(shown), strict=True))
    sums = dict(zip([f.cohort for f in shown], cusum(shown) if shown else [], strict=True))
    for figure in series:
        row = {"metric_id": metric, "member": member, "cohort_quarter": str(figure.cohort)}
        states = dict.fromkeys(("p_chart_state", "cusum_state"), "NOT_JUDGED")
        numbers = dict.fromkeys(("center", "lower_limit", "upper_limit", "drift_low", "drift_high"))
        because = None if figure.can_be_shown else "SUPPRESSED" if figure.maturity == "MATURE" else "IMMATURE"
        around = limits.get(figure.cohort)
        if figure.can_be_shown and around is None:
            because = "BASELINE"
        if around is not None:
            low, high = sums[figure.cohort]
            numbers = dict(zip(numbers, (*around, low, high), strict=True))
            states = {
                "p_chart_state": side(figure.hits / figure.n, *around[1:]),
                "cusum_state": "LOW" if low > LIMIT else "HIGH" if high > LIMIT else "WITHIN",
            }
        yield row | {"not_judged_because": because} | states | numbers


def is_met(figure: Figure, rule: Record, threshold: str = "threshold") -> bool:
    """Whether a figure stands on the good side: its point, or the unfavorable limit of its interval."""
    lower, upper = figure.interval
    mark = float(rule[threshold])
    direction = rule["direction"]
    held = figure.value if rule["tested_on"] == "POINT" else upper if direction == "AT_MOST" else lower
    if held is None:
        return False
    return held <= mark if direction == "AT_MOST" else held >= mark


def _tested(term: Record, first: Figure, second: Figure | None) -> dict[str, Any]:
    row: dict[str, Any] = {"term_id": term["term_id"], "cohort_quarter": str(first.cohort)}
    nothing = dict.fromkeys(("due_usd", "pending_usd", "forfeited_usd"), Decimal(0))
    if first.maturity != "MATURE":
        return row | nothing | {"state": "NOT_MATURE"}
    if first.n < (term["least_n"] or 1) or not is_met(first, term):
        return row | nothing | {"state": "NOT_MET"}
    fee = term["fee_usd"] * (first.hits if term["fee_unit"] == "PERSON" else 1)
    held = (fee * (term["holdback_share"] or 0)).quantize(CENT, ROUND_HALF_UP)
    if held == 0:
        return row | nothing | {"state": "DUE", "due_usd": fee}
    if second is None or second.maturity != "MATURE":
        return row | nothing | {"state": "HELD_BACK", "due_usd": fee - held, "pending_usd": held}
    if is_met(second, term, "second_threshold"):
        return row | nothing | {"state": "DUE", "due_usd": fee}
    return row | nothing | {"state": "FORFEITED", "due_usd": fee - held, "forfeited_usd": held}


def _judged(pilot: Record, whole: Figure, figures: Sequence[Figure], as_of: date) -> tuple[str, str | None]:
    if pilot["verdict_on"] > as_of:
        return "NOT_DUE", None
    if whole.n < pilot["planned_n"]:
        return "INCONCLUSIVE", "PLANNED_N"
    in_time = all(f.maturity == "MATURE" and f.newest.last_day < pilot["verdict_on"] for f in figures)
    if not in_time:
        return "INCONCLUSIVE", "IMMATURE"
    (lower, upper), margin = wilson(whole.hits, whole.n), float(pilot["margin"])
    at_most = pilot["criterion_direction"] == "AT_MOST"
    if upper <= margin if at_most else lower >= margin:
        return "MET", None
    if lower > margin if at_most else upper < margin:
        return "NOT_MET", None
    return "INCONCLUSIVE", "INTERVAL"
