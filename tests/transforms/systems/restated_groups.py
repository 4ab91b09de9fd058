"""Groups of people and their outcomes, stated a second time: one participation at a time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from tests.transforms.restated_cohorts import MATURE, METRICS
from tests.transforms.restated_lake import Record, by
from tests.transforms.restated_people import Period
from tests.transforms.restatement import Restatement, Unit, median_interval, wilson

MIN_PERSONS, POOL_BELOW = 5, 8
"""What the small region is built with; the project's own are larger."""

RESIDUAL = "undisclosed_or_small"
KEY = ["group_dim", "group_value", "metric_id"]
ACCESS = "access_to_credential_training"
MEASURED = {
    "equity": (
        *(ACCESS, "completion_rate", "credential_attainment"),
        *("employment_rate_q2", "median_earnings_q2"),
    ),
    "support": ("completion_rate",),
    "incentive": ("completion_rate", "retention_q4"),
    "mentoring": ("completion_rate", "employment_rate_q2"),
    "delivery": ("completion_rate", "credential_attainment", "employment_rate_q2"),
}
FIXED = {"incentive": "none", "mentoring": "none", "support": "unmet"}
YES_NO = (
    *("disability", "single_parent", "low_income", "ell"),
    *("basic_skills_deficient", "ex_offender", "long_term_unemployed"),
)
RACES = ("aian", "asian", "black", "nhpi", "white", "mena")
EARLY = {"STARTED", "MODULE_COMPLETED", "HOURS_REACHED", "COMPETENCY_MASTERED", "MENTORED"}


class Groups:
    """Everybody's groups by topic, and the figures of each."""

    def __init__(self, restated: Restatement) -> None:
        self.restated, self.lake = restated, restated.whole_lake
        self.needs = by(self.lake.rows("support_service"), "learner_key")
        self.awards = by(self.lake.rows("incentive_award"), "learner_key")
        self.pairs = by(self.lake.rows("mentoring_pair"), "mentee_key")

    def of(self, period: Period, topic: str) -> Iterator[tuple[str, str]]:
        """(dimension, group) of one participation, small groups not yet put together."""
        yield from {
            "equity": self._traits,
            "support": self._supports,
            "incentive": self._incentives,
            "mentoring": self._mentoring,
            "delivery": self._delivery,
        }[topic](period)

    def _traits(self, period: Period) -> Iterator[tuple[str, str]]:
        row = period.first
        yield "sex", {"1": "male", "2": "female", "3": "other"}.get(row["sex"], "undisclosed")
        yield "race_ethnicity", _race(row)
        yield "age", _age(row["age_at_entry"])
        standing = {None: "undisclosed", 0: "new_entrant"}
        yield "standing", standing.get(row["incumbent_worker"], "incumbent")
        for name in YES_NO:
            yield name, {"1": "yes", "0": "no"}.get(row[name], "undisclosed")

    def _supports(self, period: Period) -> Iterator[tuple[str, str]]:
        today, got = self.lake.as_of, defaultdict[str, list[Record]](list)
        for need in self.needs.get(period.learner, []):
            during = period.entry <= need["need_found_on"] <= min(period.exit or date.max, today)
            if during and need["program_id"] == period.program:
                got[need["support_type"].lower()].append(need)
        answers = {kind: _provided(rows, today) for kind, rows in got.items()}
        known = {kind: answer for kind, answer in answers.items() if answer is not None}
        if known:
            known["any"] = any(known.values())
        for kind, provided in known.items():
            yield kind, "provided" if provided else "unmet"

    def _incentives(self, period: Period) -> Iterator[tuple[str, str]]:
        until = period.latest["training_end_date"] or period.exit or date.max
        early = [
            (award["awarded_on"], award["incentive_type"])
            for award in self.awards.get(period.learner, [])
            if award["program_id"] == period.program
            and award["milestone"] in EARLY
            and period.entry <= award["awarded_on"] <= min(until, self.lake.as_of)
        ]
        yield "incentive", "awarded" if early else "none"
        yield "incentive_type", min(early)[1].lower() if early else "none"

    def _mentoring(self, period: Period) -> Iterator[tuple[str, str]]:
        until = period.latest["training_end_date"] or period.exit or date.max
        sittings: dict[tuple[str, str], int] = {}
        for pair in self.pairs.get(period.learner, []):
            in_time = period.entry <= pair["started_on"] <= min(until, self.lake.as_of)
            if in_time and pair["program_id"] in (None, period.program):
                sitting = pair["group_id"] or f"{pair['mentor_key']}{pair['started_on']}"
                key = (pair["mode"], sitting)
                sittings[key] = max(sittings.get(key, 0), pair["sessions_held"])
        by_mode: dict[str, int] = defaultdict(int)
        for (mode, _), sessions in sittings.items():
            by_mode[mode] += sessions
        total = sum(by_mode.values())
        steps = ((0, "none"), (3, "1_to_3"), (7, "4_to_7"))
        yield "mentoring_dose", next((name for most, name in steps if total <= most), "8_or_more")
        main = min(by_mode, key=lambda mode: (-by_mode[mode], mode)).lower() if total else "none"
        yield "mentoring_mode", main

    def _delivery(self, period: Period) -> Iterator[tuple[str, str]]:
        program = self.lake.programs.get(period.program, {})
        yield "delivery_mode", (program.get("delivery_mode") or "undisclosed").lower()
        kinds = {
            **{None: "undisclosed", "0": "none", "3": "pre_apprenticeship", "5": "on_the_job"},
            **dict.fromkeys(("1", "2"), "employment_or_internship"),
        }
        yield "work_based_learning", kinds.get(program.get("wbl_type"), "other")

    def outcomes(self, topic: str) -> pd.DataFrame:
        """The topic's mart: one row per dimension × group × metric."""
        return pd.DataFrame(
            _held_against(topic, [self._row(*key, units) for key, units in self.cells(topic)])
        )

    def contributors(self, topic: str) -> pd.DataFrame:
        """Its contributors: one row per cell × parent firm."""
        parts = [
            {**dict(zip(KEY, key, strict=True)), "parent_group_id": parent, **part}
            for key, units in self.cells(topic)
            for parent, part in self.restated._parts(units).items()
        ]
        return pd.DataFrame(parts)

    def cells(self, topic: str) -> list[tuple[tuple[str, str, str], list[Unit]]]:
        """Units of every group of at least MIN_PERSONS persons, small groups put together."""
        groups = self._pooled(topic)
        found: dict[tuple[str, str, str], list[Unit]] = defaultdict(list)
        for metric in MEASURED[topic]:
            for unit in self._units(metric):
                for dimension, group in groups[unit.period.id]:
                    found[dimension, group, metric].append(unit)
        return [
            (key, units)
            for key, units in found.items()
            if len({unit.period.learner for unit in units}) >= MIN_PERSONS
        ]

    def _pooled(self, topic: str) -> dict[str, list[tuple[str, str]]]:
        told = {period.id: list(self.of(period, topic)) for period in self.restated.people.periods}
        sizes: dict[tuple[str, str], int] = defaultdict(int)
        for groups in told.values():
            for group in groups:
                sizes[group] += 1

        def shown(group: tuple[str, str]) -> tuple[str, str]:
            alone = group[1] != "undisclosed" and sizes[group] >= POOL_BELOW
            return group if alone else (group[0], RESIDUAL)

        return {name: [shown(group) for group in groups] for name, groups in told.items()}

    def _units(self, metric: str) -> Iterator[Unit]:
        if metric == ACCESS:
            for period in self.restated.people.periods:
                if self.lake.has_ended(period.entry_quarter):
                    home = self.lake.parent(period.latest["box_firm_id"])
                    yield Unit(
                        "access",
                        period.entry_quarter,
                        period.id,
                        period,
                        home,
                        period.is_asked_for_credential,
                    )
            return
        maturity = self.restated.cohorts.maturity[metric]
        yield from (unit for unit in self.restated.units[metric] if maturity[unit.cohort] == MATURE)

    def _row(self, dimension: str, group: str, metric: str, units: list[Unit]) -> dict[str, Any]:
        lag = 0 if metric == ACCESS else METRICS[metric].after
        cohorts = sorted(unit.cohort for unit in units)
        row = dict(zip(KEY, (dimension, group, metric), strict=True)) | {
            "cohort_start": str(cohorts[0]),
            "cohort_end": str(cohorts[-1]),
            "newest_quarter": str(cohorts[-1] + lag),
            "denominator": len(units),
            "persons": len({unit.period.learner for unit in units}),
            "_units": units,
        }
        if metric == "median_earnings_q2":
            return row | _median(sorted(unit.measure or 0.0 for unit in units))
        hits = sum(unit.hit is True for unit in units)
        lower, upper = wilson(hits, len(units))
        return row | {
            **{"numerator": hits, "value": hits / len(units), "value_fuzzy": None},
            **{"value_lower": lower, "value_upper": upper},
        }


def _median(values: list[float]) -> dict[str, Any]:
    lower, upper = median_interval(values)
    fuzzy = float(np.quantile(values, 0.45) + np.quantile(values, 0.55)) / 2
    ends = {"value_lower": lower, "value_upper": upper}
    return {"numerator": None, "value": float(np.median(values)), "value_fuzzy": fuzzy, **ends}


def _race(row: Record) -> str:
    races = [race for race in RACES if row[f"race_{race}"] == "1"]
    if row["hispanic"] == "1":
        return "hispanic"
    if len(races) > 1:
        return "multiracial"
    alone = {"white": "white", "black": "black", "asian": "asian"}
    return alone.get(races[0], "another_race") if races else "undisclosed"


def _age(age: int | None) -> str:
    if age is None:
        return "undisclosed"
    return "under_25" if age < 25 else "25_to_54" if age < 55 else "55_and_over"


def _provided(needs: list[Record], today: date) -> bool | None:
    """Whether a wanted support was provided by today; None where the learner declined."""
    if all(need["support_status"] == "DECLINED" for need in needs):
        return None
    return any(
        need["support_status"] == "PROVIDED" and need["provided_from"] and need["provided_from"] <= today
        for need in needs
    )


def _held_against(topic: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every row beside the one it is held against, with its gap and its controlled p-value."""
    for metric in MEASURED[topic]:
        tested = []
        for dimension in {row["group_dim"] for row in rows}:
            groups = [row for row in rows if (row["metric_id"], row["group_dim"]) == (metric, dimension)]
            alone = [row for row in groups if row["group_value"] != RESIDUAL]
            reference = _reference(topic, dimension, alone)
            for row in groups:
                if reference and row in alone and row is not reference:
                    row |= _gap(row, reference)
                    tested += [row] if row["numerator"] is not None else []
        _control(tested)
    for row in rows:
        row["is_flagged"] = bool(
            row.get("q_value") is not None
            and (row["ratio"] or 1) < 0.8 - 1e-9
            and row["gap_lower"] > 0
            and row["q_value"] <= 0.05
        )
    return [{k: v for k, v in row.items() if k != "_units"} for row in rows]


def _reference(topic: str, dimension: str, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    fixed = FIXED.get(topic) or {"delivery_mode": "in_person", "work_based_learning": "none"}.get(dimension)
    if fixed:
        return next((row for row in rows if row["group_value"] == fixed), None)
    ranked = sorted(rows, key=lambda row: (-row["value"], -row["denominator"], row["group_value"]))
    return ranked[0] if ranked else None


def _gap(row: dict[str, Any], reference: dict[str, Any]) -> dict[str, Any]:
    ratio = row["value"] / reference["value"] if reference["value"] else None
    stated = {"reference_value": reference["group_value"], "ratio": ratio}
    if row["numerator"] is None:
        return stated
    gap = reference["value"] - row["value"]
    down = math.hypot(reference["value"] - reference["value_lower"], row["value_upper"] - row["value"])
    up = math.hypot(reference["value_upper"] - reference["value"], row["value"] - row["value_lower"])
    n, m = row["denominator"], reference["denominator"]
    pooled = (row["numerator"] + reference["numerator"]) / (n + m)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    p_value = math.erfc(abs(gap) / error / math.sqrt(2)) if error else 1.0
    limits = {"gap": gap, "gap_lower": gap - down, "gap_upper": gap + up, "p_value": p_value}
    return stated | limits | _matched(row["_units"], reference["_units"])


def _matched(units: list[Unit], reference: list[Unit]) -> dict[str, Any]:
    """The gap within programs that both are in, weighted by the group's people."""
    weighted, people = 0.0, 0
    for program in {unit.period.program for unit in units}:
        mine = [unit.hit is True for unit in units if unit.period.program == program]
        theirs = [unit.hit is True for unit in reference if unit.period.program == program]
        if theirs:
            people += len(mine)
            weighted += len(mine) * (sum(theirs) / len(theirs) - sum(mine) / len(mine))
    return {"matched_gap": weighted / people if people else None, "matched_persons": people or None}


def _control(tested: list[dict[str, Any]]) -> None:
    """q = min over ranks k ≥ own of p(k) · m / k."""
    ordered = sorted(tested, key=lambda row: row["p_value"])
    smallest = math.inf
    for place in range(len(ordered), 0, -1):
        smallest = min(smallest, ordered[place - 1]["p_value"] * len(ordered) / place)
        ordered[place - 1]["q_value"] = smallest
