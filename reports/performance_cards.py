"""Study cards on firms' performance: for each measure what may be said in words, then its numbers.

A card is withheld together with its numbers. Firms are compared with firms, so no word here calls anything an
effect. Estimating is ``reports.impact.performance``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from contracts.registers.firm_performance import MEASURES
from reports import cells as shape
from reports import wording
from reports.columns import PUBLISHED, require
from reports.disclosure.gate import Candidate
from reports.disclosure.policy import Policy
from reports.disclosure.rules import SUPPRESSED
from reports.document import Block, Note, Table
from reports.facts import ReleaseFacts
from reports.impact.performance import METRIC, PERFORMANCE, PERFORMANCE_CONTRIBUTORS, RATED
from reports.impact.results import WORDS, Reason
from reports.impact.verdict import Verdict
from reports.intervals import round_count
from reports.outcome_tables import rounded_rows
from reports.published import Published
from reports.rounding import rounder
from reports.systems.table import gate_cells

NAME = "performance_cards"
_KEYS = ("metric_id", "measure_code")

_WORDS = {
    "verdict": "maybe_gain (a rise), maybe_loss (a fall), unclear or not_estimable",
    "statement": "What may be said, in words",
    "estimand": "Of what, on whom and when the difference is measured",
    "pool": "Whom these firms are compared with",
    "comparison_firms": "Parent firms they are compared with, rounded",
    "specifications": "How many estimates were made",
    "detectable": "The smallest effect that this design finds four times in five, rounded",
}
CARD_COLUMNS: Mapping[str, str] = {**PUBLISHED, **_WORDS}

_ESTIMAND = (
    "Parent firms from the quarter in which their people first entered a program, all later quarters, "
    "firm and quarter effects imputed from before and from firms that never enrolled anybody"
)
_POOL = "Parent firms that never enrolled anybody, and the same firms before"
_NO_CAREFUL = (
    "Firms are compared with firms: there is no careful interval, and how firms came to train is not known, "
    "so nothing is called an effect."
)
_SENTENCES = {
    Verdict.MAYBE_GAIN: "Higher after training, by an interval that excludes zero; a difference in earlier "
    "trends could explain it.",
    Verdict.MAYBE_LOSS: "Lower after training, by an interval that excludes zero; a difference in earlier "
    "trends could explain it.",
    Verdict.UNCLEAR: "Not distinguishable from zero.",
    Verdict.NOT_ESTIMABLE: "Not estimable.",
}


def performance_candidate(
    marts: Mapping[str, pd.DataFrame], policy: Policy, facts: ReleaseFacts
) -> Candidate:
    """One card for each measure of performance that firms reported."""
    rows = require(marts, PERFORMANCE, (*_KEYS, "value", "verdict")).reset_index(drop=True)
    behind = require(marts, PERFORMANCE_CONTRIBUTORS, (*_KEYS, "parent_group_id"))
    return Candidate(
        name=NAME,
        description="What may be said of output, quality and safety at firms that trained",
        columns=CARD_COLUMNS,
        cells=gate_cells(_cells(rows), shape.cell_ids(rows, _KEYS)),
        contributors=shape.contributors(behind, _KEYS),
        finish=partial(_finish, policy=policy, facts=facts),
    )


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        group_dim="performance",
        group_value=rows["measure_code"],
        label=[_title(str(code)) for code in rows["measure_code"]],
        denominator=rows["treated"].astype("Int64"),
        cohort_start=rows["first_quarter"],
        cohort_end=rows["last_quarter"],
        newest_quarter=rows["last_quarter"],
        value_status=rows["value"].notna().map({True: 1, False: -1}),
    )


def _title(code: str) -> str:
    words = MEASURES.get(code, code.lower().replace("_", " "))
    return f"{words[0].upper()}{words[1:]}, {'percentage points' if code in RATED else 'about percent'}"


def _finish(cells: pd.DataFrame, policy: Policy, facts: ReleaseFacts) -> pd.DataFrame:
    rows = rounded_rows(cells, policy, facts)
    said = [_card(cell, policy) for cell in cells.to_dict("records")]
    words = pd.DataFrame(said, columns=["group_value", *_WORDS])
    whole = dict.fromkeys(("comparison_firms", "specifications"), "Int64")
    typed = words.astype({name: whole.get(name, "str") for name in words.columns if name != "detectable"})
    typed["detectable"] = words["detectable"].astype("float64")
    return rows.join(typed.set_index("group_value"), on="group_value")[list(CARD_COLUMNS)]


def _card(cell: Mapping[Any, Any], policy: Policy) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(_WORDS)
    if cell["value_status"] == SUPPRESSED:
        return {"group_value": cell["group_value"], **blank}
    is_there = not pd.isna(cell["value"])
    found = rounder(cell["unit"], policy)(float(cell["detectable"])) if is_there else None
    return {
        "group_value": cell["group_value"],
        "verdict": cell["verdict"],
        "statement": _statement(cell, found),
        "estimand": _ESTIMAND,
        "pool": _POOL,
        "comparison_firms": _rounded(cell["comparison"], policy),
        "specifications": None if pd.isna(cell["specifications"]) else int(cell["specifications"]),
        "detectable": found,
    }


def _statement(cell: Mapping[Any, Any], found: float | None) -> str:
    said = _SENTENCES[Verdict(cell["verdict"])]
    if found is None:
        if pd.isna(cell["reason"]):
            return said
        return f"{said} {WORDS[Reason(cell['reason'])].capitalize()} ({cell['reason']})."
    could = (
        f" A difference of {wording.in_unit(found, cell['unit'])} would have been found four times in five."
    )
    return f"{said}{could if Verdict(cell['verdict']) is Verdict.UNCLEAR else ''} {_NO_CAREFUL}"


def _rounded(count: Any, policy: Policy) -> int | None:
    return None if pd.isna(count) else round_count(int(count), policy.round_counts_to)


def performance_blocks(published: Published) -> Iterator[Block]:
    """The cards for the report: each statement first, then the numbers."""
    rows = published.rows(NAME, METRIC)
    frame = published.frames.get(NAME)
    if frame is None or not rows:
        return
    said = dict(zip(frame["group_value"], frame["statement"], strict=True))
    for row in rows:
        if not pd.isna(said[row.group]):
            yield Note(f"{row.label}. {said[row.group]}")
    compared = dict(zip(frame["group_value"], frame["comparison_firms"], strict=True))
    cells = tuple(
        (
            row.label,
            wording.number(row),
            wording.interval(row),
            wording.count(row),
            row.mark or f"{int(compared[row.group]):,}",
        )
        for row in rows
    )
    header = ("Measure", "Difference", "95% interval", "Firms that trained", "Firms compared with")
    yield Table("performance-cards", f"Output, quality and safety. {_ESTIMAND}.", header, cells)
