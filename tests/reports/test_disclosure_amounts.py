"""A correction states an amount anew when enough firms' dollars moved; else the cell shows what it showed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pytest

from reports.disclosure.amounts import by_cell, name_of, write_amounts, written
from reports.disclosure.audit.amounts import other_amounts
from reports.disclosure.audit.evidence import Evidence, read_evidence
from reports.disclosure.audit.proof import audit_evidence
from reports.disclosure.gate import Candidate, Passage, pass_gate
from reports.disclosure.policy import Policy
from reports.disclosure.standing import Standing
from reports.disclosure.suppression import SYSTEMS
from reports.facts import ReleaseFacts
from reports.fund_books import booked
from reports.fund_tables import ledger_candidate, ledger_cells
from reports.tables import Publication
from tests.reports.test_disclosure_restating import stands
from tests.reports.test_disclosure_vintages import Frames, _audited, _cohorts, _without_sums

MEDIAN, QUARTER = "median_earnings_q2", "2025Q1"
Make = Callable[[Sequence[Passage]], Passage]


@pytest.fixture
def make(marts: Frames, board: Policy, facts: ReleaseFacts) -> Make:
    """A release of the marts as they are, which corrects the last of the versions given."""

    def made(before: Sequence[Passage]) -> Passage:
        standing = stands(before) if before else None
        earlier = [one.evidence for one in before]
        plan = _plan(marts, board, facts)
        return pass_gate(plan, [], board, facts.published_on, earlier, standing=standing)

    return made


@pytest.fixture
def read(board: Policy, tmp_path: Path) -> Callable[[Passage], Evidence]:
    """A passage's evidence as the auditor reads it."""

    def found(passage: Passage) -> Evidence:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        _audited(folder, passage, board)
        write_amounts(folder, passage.amounts)
        return read_evidence(folder)

    return found


def _plan(marts: Frames, board: Policy, facts: ReleaseFacts) -> list[Candidate]:
    cohorts = [_without_sums(one) for one in _cohorts(marts, board, facts)]
    return [*cohorts, ledger_candidate(marts, board, facts)]


def _raise_pay(marts: Frames, firms: int, dollars: int = 400) -> None:
    """At so many firms everybody of a quarter earned more: the median and its ends rise."""
    outcomes, behind = marts["agg_outcomes"], marts["agg_outcome_contributors"]
    cell, part = (
        (frame["metric_id"] == MEDIAN) & (frame["breakdown"] == "cohort") & (frame["cohort_start"] == QUARTER)
        for frame in (outcomes, behind)
    )
    outcomes.loc[cell, ["value", "value_lower", "value_upper", "value_fuzzy"]] += dollars
    at = behind[part].index[:firms]
    assert len(at) == firms
    behind.loc[at, "amount_usd"] += behind.loc[at, "persons"].map(Decimal) * dollars


def _pay_more(marts: Frames, firms: int) -> None:
    """So many firms paid 500 dollars more into the fund in one quarter than was booked."""
    ledger, behind = marts["agg_fund_ledger"], marts["agg_fund_contributors"]
    of_firms, more = ledger["funding_source"] == "EMPLOYER", Decimal(500) * firms
    ledger.loc[of_firms & (ledger["period"] == QUARTER), "contributions_usd"] += more
    ledger.loc[of_firms & (ledger["period"] > QUARTER), "opening_usd"] += more
    ledger.loc[of_firms & (ledger["period"] >= QUARTER), "closing_usd"] += more
    behind.loc[behind[behind["period"] == QUARTER].index[:firms], "amount_usd"] += Decimal(500)


def _median(passage: Passage) -> float:
    rows = passage.tables["outcomes_by_cohort"].frame.set_index(["metric_id", "cohort_start"])
    return float(rows.loc[(MEDIAN, QUARTER), "value"])


def _ledger(passage: Passage) -> pd.DataFrame:
    rows = passage.tables["fund_ledger"].frame
    return rows[rows["group_value"] == "EMPLOYER"].set_index(["metric_id", "cohort_start"])["value"]


def _codes(later: Evidence, earlier: Sequence[Evidence]) -> set[str]:
    return {finding.code for finding in audit_evidence(later, earlier).findings}


@pytest.mark.parametrize("firms", [1, 4, 9])
def test_median_stays_when_pay_of_too_few_firms_was_corrected(
    marts: Frames, make: Make, read: Callable[[Passage], Evidence], firms: int
) -> None:
    first = make([])
    _raise_pay(marts, firms)
    careless, second = make([]), make([first])
    assert _median(careless) == _median(first) + 400
    assert _median(second) == _median(first)
    assert second.kept_back == (("outcomes_by_cohort", MEDIAN),)
    assert "AUD-109" in _codes(read(careless), [read(first)])
    assert _codes(read(second), [read(first)]) == set()


def test_median_is_stated_anew_when_pay_of_many_firms_was_corrected(
    marts: Frames, make: Make, read: Callable[[Passage], Evidence]
) -> None:
    first = make([])
    _raise_pay(marts, 12)
    second = make([first])
    assert (_median(second), second.kept_back) == (_median(first) + 400, ())
    assert _codes(read(second), [read(first)]) == set()


def test_median_stays_when_nobody_is_known_whose_pay_moved(marts: Frames, make: Make) -> None:
    first = make([])
    _raise_pay(marts, 0)
    assert _median(make([first])) == _median(first)


def test_median_stays_where_the_parts_of_the_first_version_were_not_kept(
    marts: Frames, board: Policy, facts: ReleaseFacts, make: Make
) -> None:
    first = make([])
    _raise_pay(marts, 12)
    tables = {name: table.frame for name, table in first.tables.items()}
    plan = _plan(marts, board, facts)
    second = pass_gate(plan, [], board, facts.published_on, [first.evidence], standing=Standing(tables, []))
    assert _median(second) == _median(first)


def test_median_that_stays_is_judged_with_the_dollars_it_was_shown_with(marts: Frames, make: Make) -> None:
    first = make([])
    _raise_pay(marts, 1)
    second = make([first])
    cell = ("outcomes_by_cohort", f"{MEDIAN} | cohort{f' | {QUARTER}' * 5}")
    kept = [by_cell(one.amounts)[cell] for one in (first, second)]
    assert kept[0] == kept[1]


def test_correction_is_held_against_every_earlier_version(
    marts: Frames, make: Make, read: Callable[[Passage], Evidence]
) -> None:
    """Twelve firms rise, then eleven of them fall back: beside the first version one firm is left."""
    first = make([])
    _raise_pay(marts, 12)
    second = make([first])
    assert _median(second) != _median(first)
    behind = marts["agg_outcome_contributors"]
    part = (behind["metric_id"] == MEDIAN) & (behind["breakdown"] == "cohort")
    at = behind[part & (behind["cohort_start"] == QUARTER)].index[1:12]
    behind.loc[at, "amount_usd"] -= behind.loc[at, "persons"].map(Decimal) * 400
    _raise_pay(marts, 0, -200)
    careless, third = make([]), make([first, second])
    assert _median(third) == _median(second) != _median(careless)
    assert "AUD-109" in _codes(read(careless), [read(first), read(second)])
    assert _codes(read(third), [read(first), read(second)]) == set()


def test_ledger_stays_whole_when_one_firm_paid_otherwise(
    marts: Frames, make: Make, read: Callable[[Passage], Evidence]
) -> None:
    first = make([])
    _pay_more(marts, 1)
    careless, second = make([]), make([first])
    assert _codes(read(careless), [read(first)]) == {"AUD-109"}
    assert _ledger(second).equals(_ledger(first))
    lines = ("fund_closing", "fund_contributions", "fund_opening")
    assert second.kept_back == tuple(("fund_ledger", line) for line in lines)
    assert _codes(read(second), [read(first)]) == set()


def test_ledger_is_stated_anew_and_foots_when_many_firms_paid_otherwise(
    marts: Frames, make: Make, read: Callable[[Passage], Evidence]
) -> None:
    first = make([])
    _pay_more(marts, 40)
    second = make([first])
    before, after = _ledger(first), _ledger(second)
    assert after["fund_contributions", QUARTER] - before["fund_contributions", QUARTER] == Decimal(20_000)
    opened, closed = after["fund_opening"], after["fund_closing"]
    assert opened.iloc[1:].tolist() == closed.iloc[:-1].tolist()
    assert second.kept_back == ()
    assert _codes(read(second), [read(first)]) == set()


def test_nothing_is_kept_back_when_nothing_was_wrong(make: Make) -> None:
    first = make([])
    second = make([first])
    assert second.kept_back == ()
    assert all(second.tables[name].frame.equals(first.tables[name].frame) for name in first.tables)


def test_auditor_finds_amounts_that_are_not_those_published(
    marts: Frames, make: Make, read: Callable[[Passage], Evidence]
) -> None:
    first = make([])
    evidence, tables = read(first), {name: table.frame for name, table in first.tables.items()}
    assert list(other_amounts(evidence, tables)) == []
    other = tables["outcomes_by_cohort"]
    other.loc[(other["metric_id"] == MEDIAN) & other["value"].notna(), "value"] += 100
    assert [one.code for one in other_amounts(evidence, tables)] == ["AUD-113"]


def test_auditor_takes_every_amount_of_a_whole_release_as_its_files_say_it(
    publication: Publication, board: Policy, tmp_path: Path
) -> None:
    passage = Passage(
        publication.tables,
        publication.internal_explanations,
        publication.internal_evidence,
        publication.internal_amounts,
    )
    _audited(tmp_path, passage, board)
    write_amounts(tmp_path, passage.amounts)
    evidence, tables = read_evidence(tmp_path), publication.frames()
    assert evidence.amounts is not None
    assert evidence.amounts["table_name"].nunique() > 10
    assert list(other_amounts(evidence, tables)) == []


@pytest.mark.parametrize("number", [-0.0, 0.0, -0.0000000001])
def test_zero_is_one_amount_whatever_its_sign(
    make: Make, read: Callable[[Passage], Evidence], number: float
) -> None:
    assert written(number) == "0.000000"
    evidence = read(make([]))
    assert evidence.amounts is not None
    row = evidence.amounts.head(1).assign(value=written(0), value_lower="", value_upper="")
    metric, table = row["metric_id"].iloc[0], row["table_name"].iloc[0]
    shown = pd.DataFrame({"metric_id": [metric], "value": number, "value_lower": None, "value_upper": None})
    assert list(other_amounts(replace(evidence, amounts=row), {table: shown})) == []


def test_auditor_lets_rows_that_no_firm_paid_stand_beside_those_that_firms_did(
    make: Make, read: Callable[[Passage], Evidence]
) -> None:
    evidence = read(make([]))
    assert evidence.amounts is not None
    paid = evidence.amounts[evidence.amounts["is_money"]].head(1)
    metric, table, value = (paid[name].iloc[0] for name in ("metric_id", "table_name", "value"))
    shown = pd.DataFrame({"metric_id": metric, "value": [float(value), 1.0]})
    shown = shown.assign(value_lower=None, value_upper=None)
    assert list(other_amounts(replace(evidence, amounts=paid), {table: shown})) == []
    assert list(other_amounts(replace(evidence, amounts=paid), {table: shown.tail(1)})) != []


@pytest.fixture
def follow(board: Policy, facts: ReleaseFacts) -> Callable[..., Passage]:
    """The next period's release of marts, after the ones given, by a revision policy."""

    def made(marts: Frames, before: Sequence[Passage], revision: Literal["frozen", "batch"]) -> Passage:
        standing = stands(before, is_corrected=False)
        policy, earlier = board.revising(revision), [one.evidence for one in before]
        plan = _plan(booked(marts, standing), policy, facts)
        return pass_gate(plan, [], policy, facts.published_on, earlier, standing=standing)

    return made


@pytest.mark.parametrize("revision, firms, moves", [("frozen", 12, 0), ("batch", 12, 400), ("batch", 4, 0)])
def test_median_of_an_earlier_cohort_changes_in_the_next_release_only_by_batches_that_give_nobody_away(
    marts: Frames,
    follow: Callable[..., Passage],
    read: Callable[[Passage], Evidence],
    revision: str,
    firms: int,
    moves: int,
) -> None:
    first = follow(marts, [], revision)
    _raise_pay(marts, firms)
    second = follow(marts, [first], revision)
    assert _median(second) - _median(first) == moves
    assert _codes(read(second), [read(first)]) == set()


def test_auditor_finds_a_median_that_the_next_release_states_anew_for_too_few(
    marts: Frames, follow: Callable[..., Passage], read: Callable[[Passage], Evidence]
) -> None:
    first = follow(marts, [], "frozen")
    _raise_pay(marts, 4)
    careless = replace(read(follow(marts, [], "frozen")), meta=_named("2026-Q4/v1.0"))
    assert _codes(careless, [replace(read(first), meta=_named("2026-Q3/v1.0"))]) == {"AUD-109"}


def _named(release: str) -> dict[str, Any]:
    return {"release": release, "systems": {name: dict(words) for name, words in SYSTEMS.items()}}


def test_median_is_hidden_where_it_may_not_change_and_what_was_shown_stands_no_more(
    marts: Frames, follow: Callable[..., Passage], read: Callable[[Passage], Evidence]
) -> None:
    first = follow(marts, [], "frozen")
    cell = marts["agg_outcomes"]
    is_median = (cell["metric_id"] == MEDIAN) & (cell["breakdown"] == "cohort")
    is_median &= cell["cohort_start"] == QUARTER
    without = {**marts, "agg_outcomes": cell.assign(value_status=cell["value_status"].mask(is_median, -1))}
    second = follow(without, [first], "frozen")
    again, same = follow(marts, [first, second], "frozen"), follow(marts, [first], "frozen")
    assert _median(again) == _median(same) == _median(first)
    _raise_pay(marts, 4)
    third = follow(marts, [first, second], "frozen")
    assert pd.isna(_median(third))
    assert _codes(read(third), [read(first), read(second)]) == set()


def test_amount_is_another_one_where_its_window_moved(marts: Frames) -> None:
    cell = {"cell_id": "participant | consortium | *", "cohort_start": "2024Q1", "cohort_end": "2025Q4"}
    assert name_of(cell) != name_of(cell | {"cohort_end": "2026Q1"})
    assert name_of(cell | {"cohort_start": None, "cohort_end": None}) == cell["cell_id"]


@pytest.mark.parametrize("revision", ["frozen", "batch"])
@pytest.mark.parametrize("firms", [1, 40])
def test_payment_that_came_late_is_in_the_next_quarter_of_the_ledger_which_foots(
    marts: Frames,
    follow: Callable[..., Passage],
    read: Callable[[Passage], Evidence],
    revision: str,
    firms: int,
) -> None:
    first = follow(_ends(marts, "2025Q4"), [], revision)
    on_time = _ledger(follow(_ends(marts, "2026Q1"), [first], revision))
    _pay_more(marts, firms)
    second = follow(_ends(marts, "2026Q1"), [first], revision)
    before, after = _ledger(first), _ledger(second)
    assert after[before.index].equals(before)
    for line in ("fund_contributions", "fund_closing"):
        assert after[line, "2026Q1"] - on_time[line, "2026Q1"] == Decimal(500) * firms
    opened, closed = after["fund_opening"], after["fund_closing"]
    assert opened.iloc[1:].tolist() == closed.iloc[:-1].tolist()
    moved = sum(after[line, "2026Q1"] for line in ("fund_opening", "fund_contributions"))
    assert moved - after["fund_disbursed", "2026Q1"] == after["fund_closing", "2026Q1"]
    assert _codes(read(second), [read(first)]) == set()
    third = follow(_ends(marts, "2026Q2"), [first, second], revision)
    assert _ledger(third)[after.index].equals(after)
    assert _codes(read(third), [read(first), read(second)]) == set()


def test_late_payment_of_one_firm_is_judged_in_the_quarter_that_takes_it(
    marts: Frames, follow: Callable[..., Passage]
) -> None:
    first = follow(_ends(marts, "2025Q4"), [], "frozen")
    _pay_more(marts, 1)
    (parts,) = (
        amount.parts
        for cell, amount in by_cell(follow(_ends(marts, "2026Q1"), [first], "frozen").amounts).items()
        if cell in ledger_cells("fund_contributions", [("2026Q1", "EMPLOYER")])
    )
    behind = marts["agg_fund_contributors"]
    rows = behind[behind["period"] == "2026Q1"].set_index("parent_group_id")["amount_usd"]
    late = {firm: cents - int(rows[firm] * 100) for firm, (cents, _) in parts.items()}
    assert sorted(late.values())[-2:] == [0, 50_000]


def test_every_firm_has_paid_as_much_in_all_when_late_money_is_booked(
    marts: Frames, follow: Callable[..., Passage]
) -> None:
    first = follow(_ends(marts, "2025Q4"), [], "frozen")
    before = marts["agg_fund_contributors"].copy()
    _pay_more(marts, 12)
    now = booked(_ends(marts, "2026Q2"), stands([first], is_corrected=False))["agg_fund_contributors"]
    true = _ends(marts, "2026Q2")["agg_fund_contributors"]
    totals = [one.groupby("parent_group_id")["amount_usd"].sum().to_dict() for one in (now, true)]
    assert totals[0] == totals[1]
    closed = [
        one[one["period"] <= "2025Q4"].set_index(["period", "parent_group_id"]) for one in (now, before)
    ]
    assert closed[0]["amount_usd"].to_dict() == closed[1]["amount_usd"].to_dict()


def _ends(marts: Frames, last: str) -> Frames:
    """The marts as they were when the ledger ended with a quarter."""
    fund = ("agg_fund_ledger", "agg_fund_contributors")
    return {name: rows[rows["period"] <= last] if name in fund else rows for name, rows in marts.items()}
