"""Assurance stated a second time, in plain Python, from its definition and not from the SQL."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

import pandas as pd

from tests.transforms.restated_lake import LakeFrames, Record
from tests.transforms.restatement import wilson


def random_checks(lake: LakeFrames) -> Iterator[Record]:
    """Checks that stand for all records: drawn at random, with or without groups, by the announced day."""
    for row in lake.rows("spot_check"):
        if row["sample_method"] != "RISK_BASED" and row["checked_on"] <= lake.as_of:
            yield row


def verified_rates(lake: LakeFrames) -> pd.DataFrame:
    """One row per checked fact: what was drawn, found and confirmed, and Wilson's interval."""
    facts: dict[tuple[str, str], list[Record]] = {}
    for row in random_checks(lake):
        facts.setdefault((row["checked_contract"], row["checked_column"]), []).append(row)
    return pd.DataFrame([_rate(fact, rows) for fact, rows in facts.items()])


def _rate(fact: tuple[str, str], rows: list[Record]) -> dict[str, Any]:
    agreed = sum(row["agreed_n"] for row in rows)
    found = agreed + sum(row["disagreed_n"] for row in rows)
    lower, upper = wilson(agreed, found) if found else (None, None)
    return {
        "checked_contract": fact[0],
        "checked_column": fact[1],
        "first_quarter": min(row["period"] for row in rows),
        "last_quarter": max(row["period"] for row in rows),
        "checks": len({row["spot_check_id"] for row in rows}),
        "sampled_count": sum(row["sampled_n"] for row in rows),
        "unverifiable_count": sum(row["unverifiable_n"] for row in rows),
        "agreed_count": agreed,
        "verified_count": found,
        "verified_share": agreed / found if found else None,
        "verified_lower": lower,
        "verified_upper": upper,
    }


def contributors(lake: LakeFrames) -> pd.DataFrame:
    """One row per checked fact × parent firm: records found, and those that agree."""
    sums: dict[tuple[str, str, str], tuple[int, int]] = {}
    for row in random_checks(lake):
        cell = (row["checked_contract"], row["checked_column"], lake.parent(row["firm_id"]))
        found, agreed = sums.get(cell, (0, 0))
        sums[cell] = (found + row["agreed_n"] + row["disagreed_n"], agreed + row["agreed_n"])
    names = ("checked_contract", "checked_column", "parent_group_id", "persons", "numerator_persons")
    return pd.DataFrame([(*cell, *counts) for cell, counts in sums.items()], columns=list(names))


def audit_findings(lake: LakeFrames) -> pd.DataFrame:
    """One row per kind of audit × severity, and for each over all."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for row in lake.rows("audit_finding"):
        if row["found_on"] <= lake.as_of:
            for kind in ("all", row["audit_kind"]):
                for severity in ("all", row["severity"]):
                    groups.setdefault((kind, severity), []).append(row)
    return pd.DataFrame([_findings(lake, key, rows) for key, rows in groups.items()])


def _findings(lake: LakeFrames, key: tuple[str, str], rows: list[Record]) -> dict[str, Any]:
    closed = [row for row in rows if row["resolved_on"] and row["resolved_on"] <= lake.as_of]
    still = [row for row in rows if row not in closed]
    late = [row for row in still if row["due_on"] and row["due_on"] < lake.as_of]
    days = [(row["resolved_on"] - row["found_on"]).days for row in closed]
    return {
        "audit_kind": key[0],
        "severity": key[1],
        "findings": len(rows),
        "resolved": len(closed),
        "open_findings": len(still) - len(late),
        "overdue": len(late),
        "not_upheld": sum(row["resolution"] == "NOT_UPHELD" for row in closed),
        "median_days_to_resolve": float(median(days)) if days else None,
    }
