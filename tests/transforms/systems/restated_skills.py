"""Skills stated a second time: pairs of assessments, agreement of raters, gaps by occupation."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from statistics import mean, stdev, variance
from typing import Any

import pandas as pd

from contracts.quarters import Quarter
from tests.transforms.restated_lake import LakeFrames, Record
from transforms import PROJECT_DIR

MIN_PERSONS = 5
Z95 = 1.959963984540054


def ratings(lake: LakeFrames) -> list[Record]:
    """Ratings by the announced day, levels as numbers, the rater's role where the rater has no id."""
    return [
        {
            **row,
            "level": float(row["level"]),
            "cut": None if row["cut_level"] is None else float(row["cut_level"]),
            "rater": row["rater_id"] or row["rater_role"],
            "parent": lake.parent(row["box_firm_id"]),
            "quarter": str(Quarter.of(row["assessed_on"])),
        }
        for row in lake.rows("skill_assessment")
        if row["assessed_on"] <= lake.as_of
    ]


def _grouped(rows: list[Record], *names: str) -> Iterator[tuple[tuple[Any, ...], list[Record]]]:
    def key(row: Record) -> tuple[Any, ...]:
        return tuple(row[name] or "" for name in names)

    for found, members in groupby(sorted(rows, key=key), key=key):
        yield found, list(members)


def pairs(lake: LakeFrames) -> list[Record]:
    """Last level before training beside the first one after it, each the mean of the day's raters."""
    found = []
    of_programs = [row for row in ratings(lake) if row["program_id"] is not None]
    for (_, competency, _), rows in _grouped(of_programs, "learner_key", "competency_id", "program_id"):
        before, after = _days(rows, "PRE"), _days(rows, "POST")
        later = [day for day in after if before and day > max(before)]
        if later:
            found.append(_pair(competency, before[max(before)], after[min(later)]))
    return found


def _days(rows: list[Record], occasion: str) -> dict[date, list[Record]]:
    days: dict[date, list[Record]] = defaultdict(list)
    for row in rows:
        if row["occasion"] == occasion:
            days[row["assessed_on"]].append(row)
    return days


def _pair(competency: str, before: list[Record], after: list[Record]) -> Record:
    low, high = (mean(row["level"] for row in rows) for rows in (before, after))
    cuts = [row["cut"] for row in after if row["cut"] is not None]
    return {
        "competency": competency,
        "learner": after[0]["learner_key"],
        "quarter": after[0]["quarter"],
        "parent": min(row["parent"] for row in after),
        "before": low,
        "after": high,
        "passed_before": bool(cuts) and low >= max(cuts),
        "passed_after": bool(cuts) and high >= max(cuts),
        "has_cut": bool(cuts),
    }


def _with_all(rows: list[Record]) -> Iterator[tuple[str, list[Record]]]:
    if rows:
        yield "all", rows
    for (competency,), members in _grouped(rows, "competency"):
        yield competency, members


def skill_gains(lake: LakeFrames) -> pd.DataFrame:
    """One row per competency, and one for all."""
    return pd.DataFrame([_gain(name, rows) for name, rows in _with_all(pairs(lake))])


def _gain(name: str, rows: list[Record]) -> Record:
    gains = [row["after"] - row["before"] for row in rows]
    return {
        "competency": name,
        "first_quarter": min(row["quarter"] for row in rows),
        "last_quarter": max(row["quarter"] for row in rows),
        "pairs": len(rows),
        "persons": len({row["learner"] for row in rows}),
        "mean_before": mean(row["before"] for row in rows),
        "mean_after": mean(row["after"] for row in rows),
        "mean_gain": mean(gains),
        "sd_gain": stdev(gains) if len(gains) > 1 else None,
        "pairs_with_cut": sum(row["has_cut"] for row in rows),
        "passed_before": sum(row["passed_before"] for row in rows),
        "passed_after": sum(row["passed_after"] for row in rows),
    }


def twice(lake: LakeFrames) -> list[Record]:
    """Performances with a cut that two raters saw: what the first two by name said."""
    found = []
    with_cut = [row for row in ratings(lake) if row["cut"] is not None]
    performance = ("learner_key", "competency_id", "assessed_on", "program_id")
    for (_, competency, *_), rows in _grouped(with_cut, *performance):
        first, second, *_ = [*sorted(rows, key=lambda row: (row["rater"], row["box_firm_id"])), None, None]
        if first and second and first["rater"] != second["rater"]:
            says = (first["level"] >= first["cut"], second["level"] >= second["cut"])
            apart = abs(first["level"] - second["level"])
            found.append({"competency": competency, "says": says, "apart": apart, **_place(first)})
    return found


def _place(row: Record) -> Record:
    return {"quarter": row["quarter"], "parent": row["parent"]}


def rater_agreement(lake: LakeFrames) -> pd.DataFrame:
    """Cohen's κ: (observed - expected) / (1 - expected), on whether a performance passes."""
    rows = []
    for name, seen in _with_all(twice(lake)):
        n = len(seen)
        first, second = (sum(row["says"][place] for row in seen) for place in (0, 1))
        observed = sum(row["says"][0] == row["says"][1] for row in seen) / n
        expected = (first / n) * (second / n) + (1 - first / n) * (1 - second / n)
        rows.append(
            {
                "competency": name,
                "ratings": n,
                "both_pass": sum(all(row["says"]) for row in seen),
                "neither_passes": sum(not any(row["says"]) for row in seen),
                "observed_agreement": observed,
                "expected_agreement": expected,
                "kappa": (observed - expected) / (1 - expected) if expected < 1 else None,
                "mean_difference": mean(row["apart"] for row in seen),
            }
        )
    return pd.DataFrame(rows)


def contributors(rows: list[Record], hit: str | None) -> pd.DataFrame:
    """One row per competency (and all) × parent of some pairs."""
    found = []
    for name, members in _with_all(rows):
        for parent in {row["parent"] for row in members}:
            own = [row for row in members if row["parent"] == parent]
            hits = sum(row[hit] if hit else row["says"][0] == row["says"][1] for row in own)
            found.append((name, parent, len(own), hits))
    return pd.DataFrame(found, columns=["competency", "parent_group_id", "persons", "numerator_persons"])


def sites(lake: LakeFrames) -> pd.DataFrame:
    """One row per competency × site of assessments after training: its mean against all other sites."""
    after = [row for row in ratings(lake) if row["occasion"] == "POST" and row["site_id"]]
    found = []
    for (competency, site), rows in _grouped(after, "competency_id", "site_id"):
        own = [row["level"] for row in rows]
        others = [
            row["level"] for row in after if row["competency_id"] == competency and row["site_id"] != site
        ]
        row = {"competency_id": competency, "site_id": site, "ratings": len(own), "mean_level": mean(own)}
        found.append(row | _difference(own, others))
    return pd.DataFrame(found)


def _difference(own: list[float], others: list[float]) -> Record:
    if not others:
        return dict.fromkeys(("difference", "difference_lower", "difference_upper"))
    difference = mean(own) - mean(others)
    limits: dict[str, float | None] = dict.fromkeys(("difference_lower", "difference_upper"))
    if len(own) > 1 and len(others) > 1:
        half = Z95 * (variance(own) / len(own) + variance(others) / len(others)) ** 0.5
        limits = {"difference_lower": difference - half, "difference_upper": difference + half}
    return {"difference": difference, **limits}


def required() -> dict[str, dict[str, tuple[float, float]]]:
    """Per SOC occupation and skill: weight (importance on 0 to 1) and level; details count alike."""
    asked: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    with (PROJECT_DIR / "seeds" / "onet_skills.csv").open() as file:
        for row in csv.DictReader(file):
            values = (float(row["importance"]), float(row["level"]))
            asked[row["onet_soc_code"][:7], row["skill_id"]].append(values)
    found: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    for (soc, skill), values in asked.items():
        found[soc][skill] = ((mean(v[0] for v in values) - 1) / 4, mean(v[1] for v in values))
    return found


def at_work(lake: LakeFrames) -> dict[str, dict[str, dict[str, list[Record]]]]:
    """Per occupation, skill and learner: the newest day's ratings at work."""
    elements = {
        row["competency_id"]: row["onet_element_id"]
        for row in lake.rows("competency")
        if row["framework"] == "ONET"
    }
    seen: dict[str, dict[str, dict[str, list[Record]]]] = defaultdict(lambda: defaultdict(dict))
    for row in ratings(lake):
        skill = elements.get(row["competency_id"])
        if skill and row["soc_code"] and row["occasion"] in {"INVENTORY", "FOLLOW_UP"}:
            people = seen[row["soc_code"]][skill]
            kept = people.get(row["learner_key"], [])
            if not kept or row["assessed_on"] > kept[0]["assessed_on"]:
                people[row["learner_key"]] = [row]
            elif row["assessed_on"] == kept[0]["assessed_on"]:
                kept.append(row)
    return seen


def skills_gap(lake: LakeFrames) -> pd.DataFrame:
    """Headcount × Σ weight · mean shortfall, by occupation with enough people assessed."""
    asked, heads, rows = required(), _headcounts(lake), []
    for soc, skills in at_work(lake).items():
        people = {learner for levels in skills.values() for learner in levels}
        known = {skill: levels for skill, levels in skills.items() if skill in asked.get(soc, {})}
        if len(people) < MIN_PERSONS or not known:
            continue
        weights = {skill: asked[soc][skill][0] for skill in known}
        per_head = sum(
            weights[skill] * _shortfall(asked[soc][skill][1], levels) for skill, levels in known.items()
        )
        rows.append(
            {
                "soc_code": soc,
                "assessed_persons": len(people),
                "assessed_skills": len(known),
                "coverage_share": sum(weights.values()) / sum(weight for weight, _ in asked[soc].values()),
                "gap_per_head": per_head,
                "headcount": heads.get(soc),
                "gap": per_head * heads[soc] if soc in heads else None,
            }
        )
    return pd.DataFrame(rows)


def _shortfall(level: float, people: dict[str, list[Record]]) -> float:
    return mean(max(0.0, level - mean(row["level"] for row in rows)) for rows in people.values())


def _headcounts(lake: LakeFrames) -> dict[str, int]:
    """People by the occupation of their best-paid job in the newest ended quarter with wages."""
    wages = [row for row in lake.rows("wage") if lake.has_ended(Quarter.parse(row["year_quarter"]))]
    newest = max(row["year_quarter"] for row in wages)
    best: dict[str, Record] = {}
    paid = [row for row in wages if row["year_quarter"] == newest and row["gross_wages_usd"] > 0]
    for row in sorted(paid, key=lambda row: (-row["gross_wages_usd"], row["firm_id"])):
        best.setdefault(row["learner_key"], row)
    heads: dict[str, int] = defaultdict(int)
    for row in best.values():
        if row["soc_code"] is not None:
            heads[row["soc_code"]] += 1
    return heads
