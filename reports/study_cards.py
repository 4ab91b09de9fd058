"""Study cards: for each effect what may be said of it in words, and what it rests on.

A card is withheld together with its numbers. Estimating is ``reports.impact``'s; the page is ``report``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from reports import cells as shape
from reports import wording
from reports.columns import PUBLISHED, require
from reports.disclosure.gate import Candidate
from reports.disclosure.policy import Policy
from reports.disclosure.rules import SUPPRESSED
from reports.document import Block, Note, Table
from reports.facts import ReleaseFacts
from reports.impact.estimates import CONTRIBUTORS, EFFECTS, KEYS
from reports.impact.results import WORDS, Reason
from reports.measures import measure
from reports.outcome_tables import rounded_rows
from reports.published import Published
from reports.return_blocks import said_of_returns
from reports.return_inputs import EARNINGS
from reports.rounding import rounder
from reports.systems.impact import effect_cells
from reports.systems.table import gate_cells

NAME = "study_cards"

_WORDS = {
    "verdict": "positive, negative, maybe_gain, maybe_loss, unclear or not_estimable",
    "statement": "What may be said of the effect, in words",
    "flags": "What speaks against more, in words",
    "estimand": "Of what, on whom and when the effect is measured",
    "window": "Quarters after entry that count, and quarters before it that are left out",
    "pool": "Whom participants are compared with",
    "history": "Quarters observed before the first enrollment; 20 are wanted",
    "specifications": "How many estimates were made of this effect",
    "detectable": "The smallest effect that this design finds four times in five, rounded",
    "attrition_participants": "Participants seen before entry and not in the window, as a share",
    "attrition_comparison": "The same of the comparison workers over the same quarters",
}
_TYPES = {
    **dict.fromkeys(("history", "specifications"), "Int64"),
    **dict.fromkeys(("detectable", "attrition_participants", "attrition_comparison"), "float64"),
}
CARD_COLUMNS: Mapping[str, str] = {**PUBLISHED, **_WORDS}

_ESTIMAND = "Intent to treat from the first entry into any program, all participants"
_WINDOW = "Quarters 4 to 8 after entry; 4 quarters before entry left out"
_POOL = "Co-workers of the same firm and quarter who never took part"


def cards_candidate(marts: Mapping[str, pd.DataFrame], policy: Policy, facts: ReleaseFacts) -> Candidate:
    """One card for each effect on the whole consortium, judged by the numbers of its default interval."""
    rows = require(marts, EFFECTS, (*KEYS, "sentence"))
    rows = rows[rows["interval"] == "default"].reset_index(drop=True)
    behind = require(marts, CONTRIBUTORS, (*KEYS, "parent_group_id"))
    behind = behind[behind["interval"] == "default"]
    return Candidate(
        name=NAME,
        description="What may be said of each effect in words, and what it rests on",
        columns=CARD_COLUMNS,
        cells=gate_cells(effect_cells(rows, marts), shape.cell_ids(rows, KEYS)),
        contributors=shape.contributors(behind, KEYS),
        finish=partial(_finish, policy=policy, facts=facts),
        # A card says nothing where the effect itself is withheld.
        shares_counts_with={
            metric: frozenset({("effects", metric)}) for metric in map(str, rows["metric_id"].unique())
        },
    )


def _finish(cells: pd.DataFrame, policy: Policy, facts: ReleaseFacts) -> pd.DataFrame:
    rows = rounded_rows(cells, policy, facts)
    words = pd.DataFrame(
        [_card(cell, policy) for cell in cells.to_dict("records")], columns=["metric_id", *_WORDS]
    )
    typed = words.astype({name: _TYPES.get(name, "str") for name in words.columns})
    return rows.join(typed.set_index("metric_id"), on="metric_id")[list(CARD_COLUMNS)]


def _card(cell: Mapping[Any, Any], policy: Policy) -> dict[str, Any]:
    """The words of one card; a withheld one says nothing."""
    blank: dict[str, Any] = dict.fromkeys(_WORDS)
    if cell["value_status"] == SUPPRESSED:
        return {"metric_id": cell["metric_id"], **blank}
    reason = (
        ""
        if pd.isna(cell["reason"])
        else f" {WORDS[Reason(cell['reason'])].capitalize()} ({cell['reason']})."
    )
    is_there = not pd.isna(cell["detectable"]) and cell["value_status"] == 1
    return {
        "metric_id": cell["metric_id"],
        "verdict": cell["verdict"],
        "statement": f"{cell['sentence']}{reason}",
        "flags": None if pd.isna(cell["flags"]) else str(cell["flags"]),
        "estimand": _ESTIMAND,
        "window": _WINDOW,
        "pool": _POOL,
        "history": None if pd.isna(cell["history"]) else int(cell["history"]),
        "specifications": None if pd.isna(cell["specifications"]) else int(cell["specifications"]),
        "detectable": rounder(cell["unit"], policy)(float(cell["detectable"])) if is_there else None,
        "attrition_participants": _share(cell["attrition_participants"]) if is_there else None,
        "attrition_comparison": _share(cell["attrition_comparison"]) if is_there else None,
    }


def _share(value: Any) -> float | None:
    return None if pd.isna(value) else round(float(value), 2)


def card_blocks(published: Published) -> Iterator[Block]:
    """The cards for the report: each statement first, then what all of them rest on."""
    frame = published.frames.get(NAME)
    if frame is None:
        return
    rows = [row for row in frame.to_dict("records") if not pd.isna(row["statement"])]
    for row in rows:
        flags = "" if pd.isna(row["flags"]) or not row["flags"] else f" {row['flags']}"
        came_to = f" {said_of_returns(published)}" if row["metric_id"] == EARNINGS else ""
        yield Note(f"{measure(row['metric_id']).title}. {row['statement']}{flags}{came_to}".rstrip())
    if rows:
        yield Table(
            "study-cards",
            f"Study cards. {_ESTIMAND}. {_WINDOW}. Compared with: {_POOL.lower()}.",
            (
                "Measure",
                "Verdict",
                "Could have found",
                "Earlier quarters",
                "Estimates made",
                "Lost from sight",
            ),
            tuple(_printed(row) for row in rows),
        )


def _printed(row: Mapping[Any, Any]) -> tuple[str, ...]:
    lost = [row["attrition_participants"], row["attrition_comparison"]]
    return (
        measure(row["metric_id"]).title,
        str(row["verdict"]).replace("_", " "),
        "[z]" if pd.isna(row["detectable"]) else wording.in_unit(float(row["detectable"]), row["unit"]),
        "[z]" if pd.isna(row["history"]) else f"{int(row['history'])}",
        "[z]" if pd.isna(row["specifications"]) else f"{int(row['specifications'])}",
        "[z]" if any(pd.isna(one) for one in lost) else f"{lost[0]:.0%} against {lost[1]:.0%}",
    )
