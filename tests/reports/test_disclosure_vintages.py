"""Two releases: what was shown stays as it was shown, and what was hidden stays hidden."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from reports.disclosure.audit.evidence import read_evidence
from reports.disclosure.audit.proof import audit_evidence
from reports.disclosure.gate import Candidate, Passage, pass_gate
from reports.disclosure.joint import key_of
from reports.disclosure.policy import Policy
from reports.disclosure.protect.evidence import Evidence, write_evidence
from reports.disclosure.suppression import SYSTEMS
from reports.disclosure.vintages import Before, Was, vintage
from reports.facts import ReleaseFacts
from reports.outcome_tables import outcome_candidates

Frames = dict[str, pd.DataFrame]
COHORT = "completion_rate | cohort | 2024Q2 | 2024Q2 | 2024Q2"


def _cohorts(marts: Frames, board: Policy, facts: ReleaseFacts) -> list[Candidate]:
    return [c for c in outcome_candidates(marts, board, facts) if c.name == "outcomes_by_cohort"]


def _release(marts: Frames, board: Policy, facts: ReleaseFacts, earlier: Sequence[Evidence] = ()) -> Passage:
    cohorts = [_without_sums(c) for c in _cohorts(marts, board, facts)]
    return pass_gate(cohorts, [], board, facts.published_on, earlier)


def _without_sums(candidate: Candidate) -> Candidate:
    from dataclasses import replace

    return replace(candidate, equations=())


def _row(passage: Passage) -> pd.Series:
    rows = passage.tables["outcomes_by_cohort"].frame.set_index(["metric_id", "cohort_start"])
    return rows.loc[("completion_rate", "2024Q2")]


def _late(marts: Frames) -> None:
    """One firm reports two completers of a cohort late, and the people with them."""
    outcomes, behind = marts["agg_outcomes"], marts["agg_outcome_contributors"]
    cell = (outcomes["metric_id"] == "completion_rate") & (outcomes["breakdown"] == "cohort")
    cell &= outcomes["cohort_start"] == "2024Q2"
    outcomes.loc[cell, ["numerator", "denominator", "distinct_persons"]] += 7
    parts = (behind["metric_id"] == "completion_rate") & (behind["breakdown"] == "cohort")
    parts &= behind["cohort_start"] == "2024Q2"
    first = behind[parts].index[0]
    behind.loc[first, ["persons", "numerator_persons"]] += 7


def _audited(folder: Path, passage: Passage, board: Policy):
    meta = {"systems": {name: dict(words) for name, words in SYSTEMS.items()}, "unprotectable": []}
    write_evidence(folder, passage.evidence, json.loads(board.model_dump_json()), meta)
    return read_evidence(folder)


def test_shown_count_stays_as_it_was_when_a_firm_reports_late(
    marts: Frames, board: Policy, facts: ReleaseFacts, tmp_path: Path
) -> None:
    first = _release(marts, board, facts)
    _late(marts)
    fresh, second = _release(marts, board, facts), _release(marts, board, facts, [first.evidence])
    assert _row(fresh)["denominator_rounded_count"] != _row(first)["denominator_rounded_count"]
    assert _row(second)["denominator_rounded_count"] == _row(first)["denominator_rounded_count"]
    assert _row(second)["value"] == _row(first)["value"]
    old = _audited(tmp_path / "1", first, board)
    assert not audit_evidence(_audited(tmp_path / "2", fresh, board), [old]).passed
    assert audit_evidence(_audited(tmp_path / "3", second, board), [old]).passed


def test_hidden_cell_stays_hidden_when_it_would_pass_by_now(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    starved = {name: frame.copy() for name, frame in marts.items()}
    behind = starved["agg_outcome_contributors"]
    cell = (behind["metric_id"] == "completion_rate") & (behind["breakdown"] == "cohort")
    behind.loc[cell & (behind["cohort_start"] == "2024Q2"), "parent_group_id"] = "G00"
    first = _release(starved, board, facts)
    second = _release(marts, board, facts, [first.evidence])
    assert _row(first)["value_status"] == _row(second)["value_status"] == 5
    why = second.explanations.set_index("cell")["reason"]
    assert "TEMPORAL_DIFF" in set(why[[COHORT]])
    _late(marts)
    third = _release(marts, board, facts, [first.evidence])
    assert _units(third) == _units(first) != _units(_release(marts, board, facts))


def _units(passage: Passage) -> dict[str, int]:
    """The numbers of the cohort as they are protected, by role."""
    cells = passage.evidence.cells.to_pylist()
    ours = [(json.loads(cell["key"]), cell["units"]) for cell in cells if "completion_rate" in cell["key"]]
    return {said["number"]: units for said, units in ours if said["cohort_start"] == "2024Q2"}


def test_hidden_row_stays_as_it_was_though_one_side_of_it_was_shown_as_another_rows_count(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    (table,) = _cohorts(marts, board, facts)
    row = table.cells[table.cells["cell_id"] == COHORT].iloc[0]
    keys = {role: key_of(table.name, row, role) for role in ("denominator", "numerator", "rest")}
    units = {keys["denominator"]: 57, keys["numerator"]: 51, keys["rest"]: 6}
    before = Before([{key: Was(n, {"G01": n}, key == keys["numerator"]) for key, n in units.items()}])
    made = vintage(table.name, table.cells, table.contributors, before)
    now = made.cells[made.cells["cell_id"] == COHORT].iloc[0]
    assert (now["numerator"], now["denominator"]) == (51, 57)
    assert COHORT in made.hidden
    behind = made.contributors[made.contributors["cell_id"] == COHORT]
    assert behind["persons"].sum() == 57
    assert behind["numerator_persons"].sum() == 51
