"""How training is run, stated a second time: surveys, awards, time to productivity, pay of apprentices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import mean, stdev
from typing import Any

import pandas as pd

from contracts.quarters import Quarter
from tests.transforms.restated_lake import LakeFrames, Record, by
from tests.transforms.restatement import Restatement, wilson

MIN_RESPONDERS = 3
Z95 = 1.959963984540054


def survey_scores(lake: LakeFrames) -> pd.DataFrame:
    """One row per level and per instrument that enough people answered."""
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for row in lake.rows("survey_response"):
        if row["asked_on"] <= lake.as_of and row["no_answer_reason"] != "NOT_APPLICABLE":
            groups["instrument", row["instrument_id"]].append(row)
    for _, answers in [*groups.items()]:
        if len({row["response_id"] for row in answers if row["value"] is not None}) >= MIN_RESPONDERS:
            for row in answers:
                groups["level", row["kirkpatrick_level"]].append(row)
    rows = [_score(group, answers) for group, answers in groups.items()]
    return pd.DataFrame([row for row in rows if row["responders"] >= MIN_RESPONDERS])


def _score(group: tuple[str, str], rows: list[Record]) -> Record:
    given = [row for row in rows if row["value"] is not None]
    scores = [float((r["value"] - r["scale_least"]) / (r["scale_most"] - r["scale_least"])) for r in given]
    half = Z95 * stdev(scores) / len(scores) ** 0.5 if len(scores) > 1 else 0.0
    asked, responders = ({row["response_id"] for row in some} for some in (rows, given))
    return {
        "group_dim": group[0],
        "group_value": group[1],
        "asked": len(asked),
        "responders": len(responders),
        "answers": len(given),
        "response_share": len(responders) / len(asked),
        "mean_score": mean(scores) if scores else None,
        "score_lower": mean(scores) - half if scores else None,
        "score_upper": mean(scores) + half if scores else None,
    }


def incentive_awards(restated: Restatement) -> pd.DataFrame:
    """One row per year × tier (and all): what was given, to how many of those in training."""
    lake = restated.whole_lake
    groups: dict[tuple[str, int], list[Record]] = defaultdict(list)
    for row in lake.rows("incentive_award"):
        if row["awarded_on"] <= lake.as_of:
            tiers = ["all"] + ([str(int(row["award_tier"]))] if row["award_tier"] is not None else [])
            for tier in tiers:
                groups[tier, row["awarded_on"].year].append(row)
    means = {key: found for key, rows in groups.items() if (found := _mean_award(rows))}
    return pd.DataFrame([_awards(restated, key, rows, means) for key, rows in groups.items()])


def _mean_award(rows: list[Record]) -> tuple[float, float] | None:
    """What an award of money was worth on average, and when on average it was given, in quarters."""
    paid = [row for row in rows if row["amount_usd"] is not None]
    if not paid:
        return None
    worth = float(sum((row["amount_usd"] for row in paid), Decimal(0))) / len(paid)
    return worth, sum(_quarters(row["awarded_on"]) for row in paid) / len(paid)


def _quarters(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3


def _awards(
    restated: Restatement,
    key: tuple[str, int],
    rows: list[Record],
    means: dict[tuple[str, int], tuple[float, float]],
) -> Record:
    tier, year = key
    today = restated.whole_lake.as_of
    served = {
        period.learner
        for period in restated.people.periods
        if period.entry.year <= year <= (period.exit or today).year and period.entry <= today
    }
    persons = {row["learner_key"] for row in rows}
    now, before = means.get(key), means.get((tier, year - 1))
    growth = (now[0] / before[0]) ** (4 / (now[1] - before[1])) - 1 if now and before else None
    return {
        "tier": tier,
        "award_year": year,
        "awards": len(rows),
        "persons": len(persons),
        "financial_awards": sum(row["amount_usd"] is not None for row in rows),
        "mean_award_usd": now[0] if now else None,
        "mean_award_growth": growth,
        "participants": len(served) or None,
        "qualifying_share": len(persons) / len(served) if served else None,
        "is_inflating": growth is not None and growth > 0.10,
    }


@dataclass(frozen=True)
class Start:
    """One job followed to a milestone: days until it, or until the job was lost from sight."""

    parent: str
    days: int
    is_reached: bool


def starts(lake: LakeFrames) -> dict[tuple[str, str, str], list[Start]]:
    """Jobs begun, by milestone and group."""
    groups: dict[tuple[str, str, str], list[Start]] = defaultdict(list)
    milestones = {"time_to_proficiency": "proficiency_date", "time_to_productivity": "full_productivity_date"}
    for row in lake.rows("placement"):
        if row["job_start_date"] <= lake.as_of and row["placement_type"] != "RETAINED_INCUMBENT":
            hired = "program_hire" if row["hire_source"] == "CONSORTIUM_PROGRAM" else "other_hire"
            own = [("all", "all"), ("hired", hired)]
            own += [("occupation", row["soc_code"])] if row["soc_code"] else []
            for metric, column in milestones.items():
                start = _start(lake, row, row[column])
                for dimension, group in own:
                    groups[metric, dimension, group].append(start)
    return groups


def _start(lake: LakeFrames, row: Record, milestone: date | None) -> Start:
    reached = milestone is not None and milestone <= lake.as_of
    until = milestone if reached and milestone else min(row["job_end_date"] or lake.as_of, lake.as_of)
    return Start(lake.parent(row["firm_id"]), (until - row["job_start_date"]).days, reached)


def time_to_productivity(lake: LakeFrames) -> pd.DataFrame:
    """One row per milestone × group: Kaplan and Meier's median, and who was at risk on that day."""
    rows = []
    for (metric, dimension, group), members in starts(lake).items():
        median, at_risk = _median(members)
        key = {"metric_id": metric, "group_dim": dimension, "group_value": group}
        reached = sum(start.is_reached for start in members)
        counts = {"jobs": len(members), "reached": reached}
        rows.append(key | counts | {"median_days": median, "at_risk_at_median": at_risk})
    return pd.DataFrame(rows)


def _median(members: list[Start]) -> tuple[int | None, int | None]:
    waiting = Fraction(1)
    for day in sorted({start.days for start in members if start.is_reached}):
        at_risk = sum(start.days >= day for start in members)
        waiting *= 1 - Fraction(sum(s.days == day and s.is_reached for s in members), at_risk)
        if waiting <= Fraction(1, 2):
            return day, at_risk
    return None, None


def on_step(lake: LakeFrames) -> pd.DataFrame:
    """One row per step, and one for all: whole quarters on the step paid at its rate or more."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for paid in _paid_steps(lake):
        groups["all"].append(paid)
        groups[str(int(paid["step"]))].append(paid)
    rows = []
    for step, members in groups.items():
        hits, n = sum(row["on_step"] for row in members), len(members)
        lower, upper = wilson(hits, n)
        counts = {"persons": len({row["learner"] for row in members}), "quarters": n, "on_step": hits}
        shares = {"on_step_share": hits / n, "on_step_lower": lower, "on_step_upper": upper}
        rows.append({"step": step, **counts, **shares})
    return pd.DataFrame(rows)


def _paid_steps(lake: LakeFrames) -> Iterator[dict[str, Any]]:
    steps = [
        row
        for row in lake.rows("placement")
        if row["apprenticeship_step"] is not None
        and (row["entry_wage_rate_usd_hr"] or 0) > 0
        and row["job_start_date"] <= lake.as_of
    ]
    wages = by(lake.rows("wage"), "learner_key") if steps else {}
    for row in steps:
        who, begun = ("learner_key", "firm_id"), ("job_start_date", "position_key")
        later = [
            other["job_start_date"]
            for other in steps
            if all(other[name] == row[name] for name in who)
            and tuple(other[name] for name in begun) > tuple(row[name] for name in begun)
        ]
        for pay in wages.get(row["learner_key"], []):
            quarter = Quarter.parse(pay["year_quarter"])
            whole = (
                quarter.first_day >= row["job_start_date"]
                and quarter.last_day < min(later, default=date.max)
                and quarter.last_day <= (row["job_end_date"] or date.max)
            )
            told = pay["hours_paid"] is not None and pay["hours_paid"] >= 20 and pay["gross_wages_usd"] > 0
            if pay["firm_id"] == row["firm_id"] and whole and told:
                rate = pay["gross_wages_usd"] / pay["hours_paid"]
                yield {
                    "learner": row["learner_key"],
                    "step": row["apprenticeship_step"],
                    "on_step": rate >= row["entry_wage_rate_usd_hr"],
                }
