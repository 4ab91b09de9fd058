"""Effects at nine firms: two that pass with both intervals, one that is not estimable, and one program."""

from __future__ import annotations

import pandas as pd

from reports.impact.estimates import ALL, EFFECT_COLUMNS
from reports.impact.group_estimates import (
    CONTRIBUTOR_COLUMNS,
    GROUP_COLUMNS,
    GROUP_CONTRIBUTORS,
    GROUP_KEYS,
    GROUPS,
)
from reports.impact.performance import PERFORMANCE_COLUMNS, estimate_performance

_PARENTS = tuple(f"G{number}" for number in range(1, 10))
_KEYS = ("metric_id", "program_id", "interval")
_ROWS = (
    ("effect_earnings", ALL, "default", "usd_per_quarter", 514.36, 391.84, 636.88, 342.7, 630),
    ("effect_earnings", ALL, "careful", "usd_per_quarter", 642.01, 83.69, 1200.34, 781.3, 630),
    ("effect_hourly_wage", ALL, "default", "usd_per_hour", None, None, None, None, None),
    ("effect_earnings", "CNC", "default", "usd_per_quarter", 265.8, -101.2, 632.8, 511.1, 126),
)
_WORDS = {
    "verdict": "positive",
    "sentence": "Positive: the default and the careful interval both lie above zero.",
    "flags": "",
    "estimator": "imputation",
    "history": 20,
    "specifications": 13,
    "attrition_participants": 0.214,
    "attrition_comparison": 0.187,
    "first_quarter": "2024Q3",
    "last_quarter": "2026Q1",
}


_GROUPS = (
    ("effect_by_trait", "equity", "sex", "female", None, 587.3, 400.7, 773.9, 306),
    ("effect_by_trait", "equity", "sex", "male", None, 480.7, 316.6, 644.8, 324),
    ("contrast_by_trait", "equity", "sex", "female", None, 106.6, -138.7, 351.9, 630),
    ("effect_by_trait", "equity", "race_ethnicity", "black", None, None, None, None, None),
    ("effect_by_dose", "mentoring", "mentoring_dose", "4_to_7", None, 902.4, 706.1, 1098.7, 252),
    ("effect_by_dose", "mentoring", "mentoring_dose", "none", None, 313.4, 176.0, 450.7, 252),
    ("contrast_by_dose", "mentoring", "mentoring_dose", "4_to_7", "none", 589.0, 349.3, 828.7, 504),
)


def _groups() -> dict[str, pd.DataFrame]:
    """Effects by group: one that is not estimable, and one difference that stands out."""
    names = ("reference_value", "value", "value_lower", "value_upper", "persons")
    rows = [dict(zip((*GROUP_KEYS, *names), row, strict=True)) for row in _GROUPS]
    window = {"first_quarter": "2024Q3", "last_quarter": "2026Q1"}
    told = [row | window | ({} if row["value"] else {"reason": "IMP-101"}) for row in rows]
    behind = [
        {name: row[name] for name in GROUP_KEYS}
        | {"parent_group_id": parent, "persons": row["persons"] // 9, "numerator_persons": 0}
        | {"amount_usd": 28 * 9000.0}
        for row in rows
        if row["value"]
        for parent in _PARENTS
    ]
    return {
        GROUPS: pd.DataFrame(told, columns=list(GROUP_COLUMNS)).astype(GROUP_COLUMNS),
        GROUP_CONTRIBUTORS: pd.DataFrame(behind, columns=list(CONTRIBUTOR_COLUMNS)).astype(
            CONTRIBUTOR_COLUMNS
        ),
    }


def marts() -> dict[str, pd.DataFrame]:
    """The estimated marts, in the shape in which they lie beside a build."""
    numbers = ("value", "value_lower", "value_upper", "detectable", "persons")
    rows = [dict(zip((*_KEYS, "unit", *numbers), row, strict=True)) | _WORDS for row in _ROWS]
    rows[2] |= {"verdict": "not_estimable", "sentence": "Not estimable.", "reason": "IMP-107"}
    effects = pd.DataFrame(rows, columns=list(EFFECT_COLUMNS)).astype(EFFECT_COLUMNS)
    behind = pd.DataFrame(
        [
            (*row[:3], parent, row[8] // 9, 0, 70 * 9000.0)
            for row in _ROWS
            if row[8] is not None
            for parent in _PARENTS
        ],
        columns=[*_KEYS, "parent_group_id", "persons", "numerator_persons", "amount_usd"],
    )
    whole, of_all = effects["program_id"] == ALL, behind["program_id"] == ALL
    return {
        "agg_effects": effects[whole].reset_index(drop=True),
        "agg_effect_contributors": behind[of_all].reset_index(drop=True),
        "agg_program_effects": effects[~whole].reset_index(drop=True),
        "agg_program_effect_contributors": behind[~of_all].reset_index(drop=True),
        **_groups(),
        **estimate_performance(pd.DataFrame(columns=list(PERFORMANCE_COLUMNS))),
    }
