"""Several releases are one system: what one shows, hides or changes counts in all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reports.disclosure.audit.evidence import Evidence, evidence_of
from reports.disclosure.audit.findings import Attacker, Audit
from reports.disclosure.audit.joined import joined
from reports.disclosure.audit.proof import audit_evidence
from tests.reports.audit.patterns import META, POLICY, Cube, Frames, cube, frames, from_grid

SQUARE = from_grid([[200, 400, 600], [300, 500, 700], [400, 600, 800]])
CORNERS = [(r, c) for r in ("r0", "r1") for c in ("c0", "c1")]
OTHERS = [(r, c) for r in ("r1", "r2") for c in ("c1", "c2")]


def _release(made: Cube, hidden: list[tuple[str, str]], rule: tuple[str, str], name: str) -> Evidence:
    secret, rules = np.zeros(made.size, dtype=bool), np.zeros(made.size, dtype=bool)
    secret[[made.cell(row=r, column=c) for r, c in hidden]] = True
    rules[made.cell(row=rule[0], column=rule[1])] = True
    return evidence_of(frames(made, secret, rules), POLICY, META, name=name)


def _codes(audit: Audit) -> set[str]:
    return {finding.code for finding in audit.findings}


def test_releases_pass_when_they_show_and_hide_the_same() -> None:
    first = _release(SQUARE, CORNERS, ("r0", "c0"), "first")
    assert audit_evidence(_release(SQUARE, CORNERS, ("r0", "c0"), "second"), [first]).passed


def test_two_safe_releases_give_a_cell_away_together() -> None:
    first = _release(SQUARE, CORNERS, ("r1", "c1"), "first")
    second = _release(SQUARE, OTHERS, ("r1", "c1"), "second")
    assert audit_evidence(first).passed
    assert audit_evidence(second).passed
    assert {"AUD-104", "AUD-110"} <= _codes(audit_evidence(second, [first]))


def test_cell_hidden_before_is_found_when_it_is_shown() -> None:
    first = _release(SQUARE, CORNERS, ("r0", "c0"), "first")
    second = _release(SQUARE, [], ("r2", "c2"), "second")
    found = [one for one in audit_evidence(second, [first]).findings if one.code == "AUD-110"]
    assert len(found) == 4
    assert {one.attacker for one in found} == {Attacker.RELEASES}


def test_cell_shown_before_may_be_hidden_now_but_stays_known() -> None:
    first = _release(SQUARE, OTHERS, ("r2", "c2"), "first")
    second = _release(SQUARE, [*OTHERS, ("r0", "c0")], ("r2", "c2"), "second")
    assert audit_evidence(second, [first]).passed
    whole = joined([first.blocks["pay"], second.blocks["pay"]])
    assert whole.is_published[whole.keys.index('{"column":"c0","row":"r0"}')]


def test_joined_block_has_a_changed_cell_twice_and_every_equation_once() -> None:
    later = from_grid([[210, 400, 600], [300, 500, 700], [400, 600, 800]])
    blocks = [_release(made, CORNERS, ("r0", "c0"), "one").blocks["pay"] for made in (SQUARE, later)]
    whole = joined(blocks)
    assert whole.size == SQUARE.size + 4
    assert not (whole.equations @ whole.units).any()
    assert whole.equations.shape[0] == SQUARE.equations.shape[0] + 4
    assert joined([blocks[0], blocks[0]]).equations.shape[0] == SQUARE.equations.shape[0]


def _pay(added: dict[str, int], persons: int = 10) -> Cube:
    """Ten firms in each of two rows; ``added`` dollars come to firms of row r0, from so many persons each."""
    firms = {f"F{n}": 100 + 20 * n for n in range(10)}
    rows = [(firm, row, units, 10) for row in ("r0", "r1") for firm, units in firms.items()]
    rows += [(firm, "r0", units, persons) for firm, units in added.items()]
    listed = pd.DataFrame(rows, columns=["firm", "row", "units", "persons"])
    return cube(listed.groupby(["firm", "row"], as_index=False).sum(), {"row": ["row"]})


@pytest.mark.parametrize(
    "added, persons, is_found",
    [
        ({"F1": 500}, 10, True),
        ({"newcomer": 500}, 10, True),
        ({"F1": 500, "F2": 400}, 10, True),
        ({"F1": 500, "F2": 450, "F3": 400}, 4, False),
        ({"F1": 500, "F2": 450, "F3": 400}, 3, True),
        ({"F1": 5000, "F2": 4, "F3": 4}, 10, True),
        ({"F1": 500, "F2": -450, "F3": 400}, 40, False),
    ],
    ids=[
        "one firm restates",
        "one firm joins",
        "two firms",
        "three firms, 12 persons",
        "three firms, 9 persons",
        "one firm dominates the change",
        "up and down, three firms",
    ],
)
def test_change_of_a_shown_cell_meets_the_primary_rules(
    added: dict[str, int], persons: int, is_found: bool
) -> None:
    nothing = np.zeros(3, dtype=bool)
    first, second = (
        evidence_of(frames(made, nothing, nothing), POLICY, META, name="one")
        for made in (_pay({}), _pay(added, persons))
    )
    assert audit_evidence(first).passed
    assert ("AUD-109" in _codes(audit_evidence(second, [first]))) is is_found


def _four_rows(added: dict[tuple[str, str], int]) -> Cube:
    """Ten firms in each of four rows, and what comes to firms of some of them, of ten persons each."""
    firms = {f"F{n}": 100 + 20 * n for n in range(10)}
    rows = [(firm, row, units, 10) for row in ("r0", "r1", "r2", "r3") for firm, units in firms.items()]
    rows += [(firm, row, units, 10) for (row, firm), units in added.items()]
    listed = pd.DataFrame(rows, columns=["firm", "row", "units", "persons"])
    return cube(listed.groupby(["firm", "row"], as_index=False).sum(), {"row": ["row"]})


OF_A_SHOWN_ROW = {("r2", f"F{n}"): 300 for n in range(4)}


@pytest.mark.parametrize(
    "of_hidden, is_found",
    [
        ({("r0", "F1"): 500}, True),
        ({("r0", "F1"): 500, ("r1", "F1"): 400}, True),
        ({("r0", "F1"): 500, ("r1", "F2"): 400}, True),
        ({("r0", "F1"): 500, ("r0", "F2"): 450, ("r1", "F3"): 400}, False),
        ({}, False),
    ],
    ids=[
        "one firm in one hidden row",
        "one firm in both",
        "two firms",
        "three firms",
        "no change of the hidden rows",
    ],
)
def test_change_of_the_hidden_rows_of_a_sum_meets_the_primary_rules(
    of_hidden: dict[tuple[str, str], int], is_found: bool
) -> None:
    before, after = _four_rows({}), _four_rows(OF_A_SHOWN_ROW | of_hidden)
    hidden, rule = (
        np.isin(np.arange(before.size), [before.cell(row=row) for row in rows])
        for rows in (("r0", "r1"), ("r0",))
    )
    first, second = (
        evidence_of(frames(made, hidden, rule), POLICY, META, name="one") for made in (before, after)
    )
    assert audit_evidence(first).passed
    assert ("AUD-109" in _codes(audit_evidence(second, [first]))) is is_found


@pytest.mark.parametrize("more, step, is_found", [(1, 10, False), (1, 1, True), (5, 10, True)])
def test_change_of_a_count_is_seen_where_its_rounding_shows_it(more: int, step: int, is_found: bool) -> None:
    """Rows of 1,900 people each, and one firm's that come to one of them."""
    nothing, policy = np.zeros(3, dtype=bool), {**POLICY, "round_counts_to": step}
    people = {"systems": {"pay": {"unit": "persons", "kind": "count"}}}
    first, second = (
        evidence_of(frames(_pay(added), nothing, nothing), policy, people, name="one")
        for added in ({}, {"F1": more})
    )
    assert ("AUD-109" in _codes(audit_evidence(second, [first]))) is is_found


def test_firm_that_leaves_is_a_change_too() -> None:
    nothing = np.zeros(3, dtype=bool)
    with_firm, without = (
        evidence_of(frames(made, nothing, nothing), POLICY, META, name="one")
        for made in (_pay({"leaver": 600}), _pay({}))
    )
    found = audit_evidence(without, [with_firm]).findings
    assert {one.code for one in found} == {"AUD-109"}
    assert "leaver" not in " ".join(map(str, found))


def test_persons_that_nobody_counted_are_not_held_against_a_change() -> None:
    def unknown(made: Cube) -> Frames:
        nothing = np.zeros(made.size, dtype=bool)
        tables = frames(made, nothing, nothing)
        return tables | {"contributors": tables["contributors"].assign(persons=None)}

    first, second = (
        evidence_of(unknown(made), POLICY, META, name="one")
        for made in (_pay({}), _pay({"F1": 500, "F2": 450, "F3": 400}, 1))
    )
    assert audit_evidence(second, [first]).passed
