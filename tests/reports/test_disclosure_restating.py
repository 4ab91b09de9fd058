"""A correction states anew what gives nobody away by its change; the rest stays until the next release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

import pandas as pd
import pytest

from reports import cells as shape
from reports.columns import PUBLISHED
from reports.disclosure.amounts import by_cell
from reports.disclosure.audit.proof import audit_evidence
from reports.disclosure.gate import Candidate, Passage, pass_gate
from reports.disclosure.joint import numbers_of
from reports.disclosure.policy import Policy
from reports.disclosure.restating import Restating, tied
from reports.disclosure.standing import Standing
from reports.disclosure.vintages import Before, Was
from reports.facts import ReleaseFacts
from reports.measures import Statistic
from reports.outcome_tables import rounded_rows
from reports.systems.table import gate_cells
from tests.reports.test_disclosure_vintages import COHORT, Frames, _audited, _cohorts, _release, _row

FIRMS, EACH = 12, 5


def _corrected(marts: Frames, board: Policy, facts: ReleaseFacts, first: Passage) -> Passage:
    from tests.reports.test_disclosure_vintages import _without_sums

    cohorts = [_without_sums(c) for c in _cohorts(marts, board, facts)]
    return pass_gate(cohorts, [], board, facts.published_on, [first.evidence], standing=stands([first]))


def stands(before: Sequence[Passage], *, is_corrected: bool = True) -> Standing:
    """What was published before, oldest first: the last of it is corrected, or followed by the next."""
    tables = {name: table.frame for name, table in before[-1].tables.items()} if before else {}
    return Standing(tables, [by_cell(one.amounts) for one in before], is_corrected=is_corrected)


def _more_people(marts: Frames, firms: int, each: int) -> None:
    """People of one cohort that were missed, at so many firms, half of them completers."""
    outcomes, behind = marts["agg_outcomes"], marts["agg_outcome_contributors"]
    cell = (outcomes["metric_id"] == "completion_rate") & (outcomes["breakdown"] == "cohort")
    cell &= outcomes["cohort_start"] == "2024Q2"
    parts = (behind["metric_id"] == "completion_rate") & (behind["breakdown"] == "cohort")
    parts &= behind["cohort_start"] == "2024Q2"
    at = behind[parts].drop_duplicates("parent_group_id").index[:firms]
    assert len(at) == firms
    behind.loc[at, "persons"] += 2 * each
    behind.loc[at, "numerator_persons"] += each
    outcomes.loc[cell, ["denominator", "distinct_persons"]] += 2 * each * firms
    outcomes.loc[cell, "numerator"] += each * firms
    outcomes.loc[cell, "value"] = outcomes.loc[cell, "numerator"] / outcomes.loc[cell, "denominator"]


def test_count_is_corrected_when_many_firms_are_behind_the_change(
    marts: Frames, board: Policy, facts: ReleaseFacts, tmp_path: Path
) -> None:
    first = _release(marts, board, facts)
    _more_people(marts, FIRMS, EACH)
    fresh, corrected = _release(marts, board, facts), _corrected(marts, board, facts, first)
    assert _row(corrected)["denominator_rounded_count"] == _row(fresh)["denominator_rounded_count"]
    assert _row(corrected)["denominator_rounded_count"] != _row(first)["denominator_rounded_count"]
    before = _audited(tmp_path / "v1.0", first, board)
    assert audit_evidence(_audited(tmp_path / "v1.1", corrected, board), [before]).passed


@pytest.mark.parametrize("firms,each", [(1, 30), (2, 15), (FIRMS, 0)])
def test_count_stays_when_its_change_is_of_too_few_firms(
    marts: Frames, board: Policy, facts: ReleaseFacts, tmp_path: Path, firms: int, each: int
) -> None:
    first = _release(marts, board, facts)
    _more_people(marts, firms, each)
    corrected = _corrected(marts, board, facts, first)
    assert _row(corrected)["denominator_rounded_count"] == _row(first)["denominator_rounded_count"]
    before = _audited(tmp_path / "v1.0", first, board)
    assert audit_evidence(_audited(tmp_path / "v1.1", corrected, board), [before]).passed


def test_planted_change_of_one_firm_is_found_by_the_audit(
    marts: Frames, board: Policy, facts: ReleaseFacts, tmp_path: Path
) -> None:
    first = _release(marts, board, facts)
    _more_people(marts, 1, 30)
    careless = _release(marts, board, facts)
    before = _audited(tmp_path / "v1.0", first, board)
    found = audit_evidence(_audited(tmp_path / "v1.1", careless, board), [before])
    assert "AUD-109" in {finding.code for finding in found.findings}


def test_what_adds_up_is_corrected_together_or_not_at_all(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    first = _release(marts, board, facts)
    _more_people(marts, FIRMS, EACH)
    (table,) = _cohorts(marts, board, facts)
    other = _other(table.cells)
    tables = {table.name: (table.cells, table.contributors)}
    before = Before.of([first.evidence])
    assert (table.name, COHORT) in Restating.of(tables, [], before, board).free()
    _give_to_one_firm(marts, other)
    (table,) = _cohorts(marts, board, facts)
    tables = {table.name: (table.cells, table.contributors)}
    alone = Restating.of(tables, [], before, board).free()
    assert ((table.name, COHORT) in alone, (table.name, other) in alone) == (True, False)
    sums = tied([{(table.name, COHORT): 1, (table.name, other): 1}], [])
    assert (table.name, COHORT) not in Restating.of(tables, sums, before, board).free()


def _other(cells: pd.DataFrame) -> str:
    rates = cells[(cells["metric_id"] == "completion_rate") & (cells["value_status"] == 1)]
    return str(next(cell for cell in rates["cell_id"] if cell != COHORT))


def _give_to_one_firm(marts: Frames, cell: str) -> None:
    cohort = cell.rsplit(" | ", 1)[-1]
    outcomes, behind = marts["agg_outcomes"], marts["agg_outcome_contributors"]
    for frame, columns in (
        (outcomes, ["denominator", "distinct_persons", "numerator"]),
        (behind, ["persons", "numerator_persons"]),
    ):
        rows = (frame["metric_id"] == "completion_rate") & (frame["breakdown"] == "cohort")
        rows &= frame["cohort_start"] == cohort
        frame.loc[frame[rows].index[:1], columns] += 9


@pytest.mark.parametrize(
    "revision, firms, each, is_stated_anew",
    [("batch", FIRMS, EACH, True), ("batch", 1, 30, False), ("frozen", FIRMS, EACH, False)],
)
def test_late_records_reach_a_shown_count_in_batches_that_give_nobody_away_and_only_by_that_policy(
    marts: Frames,
    board: Policy,
    facts: ReleaseFacts,
    tmp_path: Path,
    revision: Literal["frozen", "batch"],
    firms: int,
    each: int,
    is_stated_anew: bool,
) -> None:
    policy = board.revising(revision)
    first = _release(marts, policy, facts)
    _more_people(marts, firms, each)
    fresh, second = _release(marts, policy, facts), _release(marts, policy, facts, [first.evidence])
    shown = [_row(passage)["denominator_rounded_count"] for passage in (first, fresh, second)]
    assert shown[0] != shown[1]
    assert shown[2] == shown[1 if is_stated_anew else 0]
    before = _audited(tmp_path / "1", first, policy)
    assert audit_evidence(_audited(tmp_path / "2", second, policy), [before]).passed
    assert any("stated anew" in words for words in policy.in_words()) == (revision == "batch")


ROWS = ("total", "a", "b", "c")
SUM = {("t", "total"): -1, ("t", "a"): 1, ("t", "b"): 1, ("t", "c"): 1}
FIRMS_OF_A = {f"G{n:02d}": 20 for n in range(12)}


def _counted(of: dict[str, dict[str, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cells and contributors of a table of counts whose first row is the sum of the others."""
    whole = {"total": {f: sum(one.get(f, 0) for one in of.values()) for f in FIRMS_OF_A}} | of
    cells = [
        {"cell_id": row, "member": row, "metric_id": "m", "statistic": "COUNT", "value_status": 1}
        | {"denominator": sum(parts.values()), "numerator": pd.NA, "is_wage_derived": False}
        for row, parts in whole.items()
    ]
    behind = [
        {"cell_id": row, "parent_group_id": firm, "persons": n, "numerator_persons": 0, "amount_cents": 0}
        for row, parts in whole.items()
        for firm, n in parts.items()
    ]
    return pd.DataFrame(cells), pd.DataFrame(behind)


def _as_released(
    table: tuple[pd.DataFrame, pd.DataFrame], hidden: set[str], role: str = "denominator"
) -> Before:
    numbers = (n for n in numbers_of("t", *table) if n.role == role)
    return Before([{n.key: Was(n.units, n.parts, n.row[1] not in hidden) for n in numbers}])


@pytest.mark.parametrize(
    "late,is_restated",
    [
        ({}, True),
        ({"b": {"G01": 1}}, False),
        ({"b": {"G01": 30}}, False),
        ({"b": {"G01": 1}, "c": {"G02": 1}}, False),
        ({"b": dict.fromkeys(FIRMS_OF_A, 3)}, True),
        ({"b": dict.fromkeys(list(FIRMS_OF_A)[:6], 3), "c": dict.fromkeys(list(FIRMS_OF_A)[6:], 3)}, True),
    ],
    ids=["nobody", "one person", "one firm", "one person in each", "many firms", "many firms in both"],
)
def test_sum_is_restated_only_when_what_its_shown_rows_leave_of_the_change_is_about_enough(
    board: Policy, late: dict[str, dict[str, int]], is_restated: bool
) -> None:
    """b and c are hidden; a, which is shown, changes by many firms, and so does the sum."""
    before = {"a": FIRMS_OF_A, "b": {"G01": 4, "G02": 3}, "c": {"G03": 5}}
    grown = {row: {f: parts.get(f, 0) for f in FIRMS_OF_A} for row, parts in before.items()}
    for row, more in (late | {"a": dict.fromkeys(FIRMS_OF_A, 5)}).items():
        grown[row] = {firm: n + more.get(firm, 0) for firm, n in grown[row].items()}
    was, now = _as_released(_counted(before), {"b", "c"}), _counted(grown)
    found = Restating.of({"t": now}, [SUM.keys()], was, board, sums=[SUM]).free()
    assert (("t", "total") in found) is is_restated
    assert (("t", "a") in found) is is_restated


ALL = [f"G{n:02d}" for n in range(12)]
OF_BEFORE = {
    "a": dict.fromkeys(ALL, 40),
    "b": dict.fromkeys(ALL, 30),
    "c": {"G01": 4},
    "d": {"G02": 6},
    "e": dict.fromkeys(ALL, 3),
}
"""People served by firm, in five groups of one division; c and d are hidden."""


def _groups(of: Mapping[str, Mapping[str, int]], board: Policy, facts: ReleaseFacts) -> list[Candidate]:
    """A table of groups, and one with their sum."""
    total = {firm: sum(parts.get(firm, 0) for parts in of.values()) for firm in ALL}
    rows = [
        {"metric_id": "participants_served", "label": group, "unit": "persons", "group_dim": "x"}
        | {"group_value": group, "denominator": sum(parts.values()), "value": sum(parts.values())}
        | {"cohort_start": "2024Q1", "cohort_end": "2024Q4", "newest_quarter": "2024Q4"}
        for group, parts in {"total": total, **of}.items()
    ]
    behind = [
        {"group_value": group, "parent_group_id": firm, "persons": n, "numerator_persons": 0, "amount_usd": 0}
        for group, parts in {"total": total, **of}.items()
        for firm, n in parts.items()
    ]
    names = shape.cell_ids(pd.DataFrame(rows), ("group_value",))
    cells = gate_cells(pd.DataFrame(rows), names)
    firms = shape.contributors(pd.DataFrame(behind), ("group_value",))
    finish = partial(rounded_rows, policy=board, facts=facts)
    equation = {("groups", group): 1 for group in of} | {("whole", "total"): -1}
    return [
        Candidate(
            name=name,
            description=name,
            columns=PUBLISHED,
            cells=cells[(cells["cell_id"] == "total") == is_total].reset_index(drop=True),
            contributors=firms[(firms["cell_id"] == "total") == is_total].reset_index(drop=True),
            finish=finish,
            equations=equations,
            weight=weight,
        )
        for name, is_total, equations, weight in (
            ("whole", True, (), 50.0),
            ("groups", False, (equation,), 1.0),
        )
    ]


def _released(
    of: Mapping[str, Mapping[str, int]], board: Policy, facts: ReleaseFacts, before: Sequence[Passage] = ()
) -> Passage:
    standing = stands(before) if before else None
    earlier = [one.evidence for one in before]
    return pass_gate(_groups(of, board, facts), [], board, facts.published_on, earlier, standing=standing)


def _counts(passage: Passage) -> dict[str, object]:
    rows = pd.concat([passage.tables[name].frame for name in ("groups", "whole")])
    return dict(zip(rows["group_value"], rows["value"], strict=True))


def test_row_that_only_the_correction_hides_is_one_whose_change_the_others_tell(
    board: Policy, facts: ReleaseFacts, tmp_path: Path
) -> None:
    """Nearly all of b are found to be of d, which is hidden, and so is what is left of b; c gains one
    person.
    """
    moved = {firm: 25 if firm == "G00" else 30 for firm in ALL}
    after = OF_BEFORE | {
        "a": dict.fromkeys(ALL, 45),
        "b": {"G00": 5},
        "c": {"G01": 5},
        "d": {**moved, "G02": 36},
    }
    first = _released(OF_BEFORE, board, facts)
    second = _released(after, board, facts, [first])
    assert _counts(second)["total"] == _counts(first)["total"]
    assert _counts(second)["a"] == _counts(first)["a"]
    old = _audited(tmp_path / "1", first, board)
    assert audit_evidence(_audited(tmp_path / "2", second, board), [old]).passed
    careless = _audited(tmp_path / "3", _released(after, board, facts), board)
    found = [one for one in audit_evidence(careless, [old]).findings if one.code == "AUD-109"]
    assert found
    assert not any('"a"' in one.where for one in found)


def test_change_that_an_earlier_correction_told_does_not_block_every_release_after_it(
    board: Policy, facts: ReleaseFacts, tmp_path: Path
) -> None:
    grown = OF_BEFORE | {"a": dict.fromkeys(ALL, 45), "c": {"G01": 5}}
    passages = [_released(OF_BEFORE, board, facts), _released(grown, board, facts)]
    told = [_audited(tmp_path / str(n), one, board) for n, one in enumerate(passages)]
    assert "AUD-109" in {one.code for one in audit_evidence(told[1], told[:1]).findings}
    following = _audited(tmp_path / "3", _released(grown, board, facts, passages), board)
    assert "AUD-109" not in {one.code for one in audit_evidence(following, told).findings}


def test_dollars_of_a_sum_are_not_restated_where_one_firms_are_what_its_shown_rows_leave(
    board: Policy,
) -> None:
    """Two quarters of payments and their sum over one hidden row: the quarters move by many firms."""
    behind = [
        {"cell_id": row, "parent_group_id": firm, "persons": 1, "numerator_persons": 0, "amount_cents": cents}
        for row, firms in {"q1": ALL, "q2": ALL, "paid": ["G01"], "size": ALL}.items()
        for firm, cents in dict.fromkeys(firms, 100_000).items()
    ]
    contributors = pd.DataFrame(behind)

    def table(added: Mapping[tuple[str, str], int]) -> tuple[pd.DataFrame, pd.DataFrame]:
        parts = contributors.copy()
        more = [added.get(place, 0) for place in zip(parts["cell_id"], parts["parent_group_id"], strict=True)]
        parts["amount_cents"] += more
        usd = parts.groupby("cell_id")["amount_cents"].sum() / 100
        cells = [
            {"cell_id": row, "member": row, "metric_id": "m", "statistic": Statistic.LEDGER}
            | {"value_status": 1}
            | {"value": usd[row], "money": usd[row], "denominator": pd.NA, "is_wage_derived": False}
            for row in ("q1", "q2", "paid", "size")
        ]
        return pd.DataFrame(cells), parts

    was = _as_released(table({}), {"paid"}, "amount")
    equation = {("t", "q1"): -1, ("t", "q2"): -1, ("t", "size"): 1, ("t", "paid"): 1}
    between = {("q1", firm): -50_000 for firm in ALL} | {("q2", firm): 50_000 for firm in ALL}
    for paid, is_restated in ((0, True), (700, False)):
        now = table(between | {("paid", "G01"): paid, ("q2", "G01"): 50_000 + paid})
        found = Restating.of({"t": now}, [equation.keys()], was, board, sums=[equation]).free()
        assert (("t", "q2") in found) is is_restated
