# The names in these statements are the published tables' own; no value of anybody's enters them.
# ruff: noqa: S608
"""How the published database is furnished for people who ask it: plain views, safe macros, examples.

Everything here is made of published tables. Which tables there are is decided in ``tables``; how a question
is asked, in ``warehouse.door``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass

import pandas as pd

from reports.columns import PUBLISHED
from reports.disclosure.gate import Reference
from reports.disclosure.rules import VALUE_STATUSES
from warehouse.release_tables import Furnishing, View

_SHOWN = f"({', '.join(map(str, VALUE_STATUSES))})"

SAFE_SUM = (
    "CREATE MACRO safe_sum(amount, status) AS "
    f"CASE WHEN bool_and(status IN {_SHOWN} AND amount IS NOT NULL) THEN sum(amount) END"
)
SAFE_RATE = (
    "CREATE MACRO safe_rate(numerator, denominator, status) AS "
    f"CASE WHEN bool_and(status IN {_SHOWN} AND numerator IS NOT NULL AND denominator IS NOT NULL) "
    "THEN sum(numerator) / nullif(sum(denominator), 0) END"
)

STATUSES = (
    (1, "", "Published"),
    (5, "[c]", "Withheld, because it could give a person or a firm away"),
    (6, "", "Published, computed from other published figures"),
    (7, "", "Published, computed from other published figures of which some carry noise"),
    (9, "", "Published with noise added"),
    (10, "", "Published, as a sum of cells"),
    (11, "[c]", "A sum of cells that is withheld"),
    (12, "", "Published, as a sum of cells of which some carry noise"),
    (-1, "[x]", "Not yet available: the quarters it needs have not ended, or records are outstanding"),
    (-2, "[x]", "Nobody is in this category"),
)
"""LEHD's status flags in our readers' words (qwi_schemas, label_flags)."""

_ABOUT = {
    "dim_program": (("program_id",), "One row per training program that any table speaks of"),
    "dim_area": (
        ("geo_level", "geography"),
        "One row per workforce area (W), and one for the consortium (K)",
    ),
    "dim_sector": (("industry",), "One row per NAICS sector that any table speaks of"),
    "dim_occupation": (("occupation",), "One row per SOC occupation that any table speaks of"),
    "dim_period": (("cohort_start", "cohort_end"), "One row per window of quarters that any table speaks of"),
}

_FIGURES = {
    "measure": "What is measured, in words",
    "about": "What the figure is about, in words",
    "from_quarter": "First quarter of the window",
    "to_quarter": "Last quarter of the window",
    "value": "The figure; empty unless the status says published",
    "low": "Lower end of the 95 % interval",
    "high": "Upper end of the 95 % interval",
    "unit": "What the figure is counted in",
    "people_behind": "People (or rows, or seats) behind the figure, rounded",
    "status": "Whether there is a figure, and why not, in words",
    "mark": "The shorthand shown in the figure's place",
    "table_name": "The published table the row comes from",
    "metric_id": "The measure's id, as in metric_definitions",
}
_FIGURES_SQL = """
SELECT coalesce(d.title, v.metric_id) AS measure, v.label AS about, v.cohort_start AS from_quarter,
       v.cohort_end AS to_quarter, v.value, v.value_lower AS low, v.value_upper AS high, v.unit,
       v.denominator_rounded_count AS people_behind, s.meaning AS status, s.mark, v.table_name, v.metric_id
FROM fct_values AS v
LEFT JOIN dim_metric AS d ON d.metric_id = v.metric_id
LEFT JOIN value_statuses AS s ON s.value_status = v.value_status
"""

_METRIC = {
    "": "One row per measure, with its title",
    "metric_id": "The measure's id",
    "title": "The measure in words",
}


@dataclass(frozen=True)
class Example:
    """A question that a release answers: its name in an address, its words, its SQL."""

    name: str
    question: str
    sql: str


EXAMPLES = (
    Example(
        "placement_by_program",
        "Which programs place best, with their intervals?",
        "SELECT about, value, low, high, people_behind, status FROM figures "
        "WHERE table_name = 'outcomes_by_program' AND metric_id = 'employment_rate_q2' "
        "ORDER BY value DESC NULLS LAST",
    ),
    Example(
        "seats_waiting_longest",
        "Where do seats wait longest to be filled?",
        "SELECT about, value AS median_days, people_behind AS seats FROM figures "
        "WHERE table_name = 'time_to_fill' ORDER BY value DESC NULLS LAST",
    ),
    Example(
        "widest_gaps",
        "Where is the gap between demand and supply widest?",
        "SELECT about, value AS rank, people_behind, status FROM figures "
        "WHERE metric_id = 'bottleneck_rank' ORDER BY value NULLS LAST, about",
    ),
    Example(
        "cost_per_placement",
        "What did the fund cost per placement?",
        "SELECT measure, about, from_quarter, to_quarter, value, unit FROM figures "
        "WHERE metric_id = 'cost_per_placement_q2'",
    ),
    Example(
        "areas_compared",
        "How do outcomes differ between workforce areas?",
        "SELECT about, metric_id, value, low, high, status FROM figures "
        "WHERE table_name = 'outcomes_by_area' ORDER BY metric_id, about",
    ),
    Example(
        "withheld_by_table",
        "How much of each table is withheld?",
        "SELECT table_name, status, count(*) AS cells FROM figures GROUP BY ALL ORDER BY ALL",
    ),
    Example(
        "totals_without_gaps",
        "A total that is empty when a part is withheld",
        "SELECT metric_id, safe_sum(value, value_status) AS total FROM fct_values "
        "WHERE table_name = 'outcomes_by_program' AND unit = 'persons' GROUP BY metric_id",
    ),
)


def statuses_reference() -> Reference:
    """What each ``value_status`` means: one row per flag."""
    columns = {
        "value_status": "The flag in the status column of every table",
        "mark": "The shorthand shown in a value's place, or beside it",
        "meaning": "What it means, in words",
    }
    rows = pd.DataFrame(list(STATUSES), columns=list(columns))
    return Reference("value_statuses", "The status flags of published values", columns, rows)


def examples_reference() -> Reference:
    """Questions with their SQL, to begin from: one row per question."""
    columns = {
        "name": "The question's name: its answer lies under /latest/queries/",
        "question": "The question in words",
        "sql": "The same question for the SQL page",
    }
    rows = pd.DataFrame([astuple(one) for one in EXAMPLES], columns=list(columns), dtype="str")
    return Reference("example_queries", "Questions that this release answers, with their SQL", columns, rows)


def furnishing(frames: Mapping[str, pd.DataFrame]) -> Furnishing:
    """Views and macros over the published tables: a star around ``fct_values``, and ``figures`` in plain
    words.
    """
    values = _values_view(frames)
    metric = View("dim_metric", "SELECT metric_id, name AS title FROM metric_definitions", _METRIC)
    abouts = tuple(_about_view(name) for name in _ABOUT)
    words = {"": "Every published figure in plain words, one row a figure", **_FIGURES}
    return Furnishing((values, metric, *abouts, View("figures", _FIGURES_SQL, words)), (SAFE_SUM, SAFE_RATE))


def _values_view(frames: Mapping[str, pd.DataFrame]) -> View:
    columns = ", ".join(PUBLISHED)
    tidy = [name for name, frame in sorted(frames.items()) if set(PUBLISHED) <= set(frame.columns)]
    parts = [f"SELECT '{name}' AS table_name, {columns} FROM {name}" for name in tidy]
    words = {"": "Every row of every table of figures: one row a figure", "table_name": "The published table"}
    return View("fct_values", " UNION ALL ".join(parts), {**words, **PUBLISHED})


def _about_view(name: str) -> View:
    keys, words = _ABOUT[name]
    listed = ", ".join(keys)
    present = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    if name == "dim_period":
        return View(
            name,
            f"SELECT DISTINCT {listed} FROM fct_values WHERE {present}",
            {"": words, **{key: PUBLISHED[key] for key in keys}},
        )
    alone = " AND ".join(
        f"{other} IS NULL" for other in ("program_id", "occupation", "group_value") if other not in keys
    )
    sql = (
        f"SELECT {listed}, min(label) AS label FROM fct_values WHERE {present} AND {alone} GROUP BY {listed}"
    )
    return View(name, sql, {"": words, "label": PUBLISHED["label"], **{key: PUBLISHED[key] for key in keys}})
