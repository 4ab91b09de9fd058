"""Impact: effects of the training by estimator, and by program where the sample carries it.

What an effect is and which words it allows is ``reports.impact``'s; which cells are shown, the gate's.
"""

from __future__ import annotations

import pandas as pd

from reports.findings import governing
from reports.impact.estimates import (
    ALL,
    CONTRIBUTORS,
    EFFECTS,
    KEYS,
    PROGRAM_CONTRIBUTORS,
    PROGRAM_EFFECTS,
)
from reports.impact.group_estimates import GROUP_CONTRIBUTORS, GROUP_KEYS, GROUPS
from reports.outcome_tables import names_by_code
from reports.systems.groups import group_label, support_label
from reports.systems.table import Marts, SystemTable

SECTION = "What the training did"

INTERVALS = {
    "default": "Default: imputation with firm and quarter effects",
    "careful": "Careful: drift and dip, governs the words",
    "symmetric": "Symmetric differences",
    "callaway_santanna_base_5": "Callaway–Sant'Anna, base five quarters before",
    "union": "Default or less the earlier slope (older careful rule)",
    "skip_2": "Default, two quarters before entry left out",
    "skip_6": "Default, six quarters before entry left out",
    "placebo": "Placebo: as if entered eight quarters early",
    "pre_slope": "Slope before entry, a quarter",
}


def effect_cells(rows: pd.DataFrame, marts: Marts) -> pd.DataFrame:
    """The mart's rows as cells for the gate; one that is not estimable carries no value."""
    is_program = rows["program_id"] != ALL
    return _estimated(rows).assign(
        program_id=rows["program_id"].where(is_program),
        breakdown=is_program.map({True: "program", False: "consortium"}),
        member=rows["program_id"].where(is_program, "consortium"),
        group_dim="interval",
        group_value=rows["interval"],
        label=_labels(rows, marts),
    )


def _estimated(rows: pd.DataFrame) -> pd.DataFrame:
    """What every estimate's cell says of the people behind it and of its quarters."""
    return rows.assign(
        denominator=rows["persons"].astype("Int64"),
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
        is_wage_derived=True,
        value_status=rows["value"].notna().map({True: 1, False: -1}),
    )


def _labels(rows: pd.DataFrame, marts: Marts) -> list[str]:
    programs = names_by_code(marts, "dim_program", "program_id", "name")
    return [
        INTERVALS[interval]
        if program == ALL
        else f"{programs.get(program, f'Program {program}')}, {interval}"
        for interval, program in zip(rows["interval"], rows["program_id"], strict=True)
    ]


def group_cells(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    """Effects and contrasts by group as cells; one that is not estimable carries no value."""
    labels = [
        (support_label if topic == "support" else group_label)(dimension, group)
        for topic, dimension, group in zip(rows["topic"], rows["group_dim"], rows["group_value"], strict=True)
    ]
    return _estimated(rows).assign(unit="usd_per_quarter", label=labels)


TABLES = (
    SystemTable(
        name="effects_by_group",
        description="Effects on earnings by group and by dose, and how far they lie apart: descriptive",
        mart=GROUPS,
        contributors=GROUP_CONTRIBUTORS,
        keys=GROUP_KEYS,
        cells=group_cells,
        # Printed by ``group_blocks``: what can be estimated, and how many groups cannot.
        section="",
        member=("group", "groups"),
    ),
    SystemTable(
        name="effects",
        description="Effects of the training by measure and estimator; the careful interval governs",
        mart=EFFECTS,
        contributors=CONTRIBUTORS,
        keys=KEYS,
        cells=effect_cells,
        section=SECTION,
        member=("estimator", "estimators"),
        finding=governing,
    ),
    SystemTable(
        name="effects_by_program",
        description="Effects of the training by program, where the sample carries one",
        mart=PROGRAM_EFFECTS,
        contributors=PROGRAM_CONTRIBUTORS,
        keys=KEYS,
        cells=effect_cells,
        section=SECTION,
        member=("program and interval", "programs"),
    ),
)
