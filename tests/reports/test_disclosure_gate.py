"""The gate: failing cells and those that give them away are hidden, nothing leaks, nobody else publishes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import reports
from contracts.errors import DisclosureError
from reports.disclosure.gate import VALUE_COLUMNS, PublishedTable, Reference, pass_gate
from reports.disclosure.policy import Policy, load_preset
from reports.facts import ReleaseFacts
from reports.outcome_tables import outcome_candidates
from reports.tables import MARTS, Publication, publish_tables
from tests.reports.protect.brute import exposed_in

Frames = dict[str, pd.DataFrame]


def _cell(frame: pd.DataFrame, metric: str, breakdown: str, member: str) -> pd.Series:
    return (frame["metric_id"] == metric) & (frame["breakdown"] == breakdown) & (frame["member"] == member)


def _starve(marts: Frames, metric: str, member: str, *, breakdown: str = "program") -> None:
    """Leave a cell with firms of one parent only: it fails, whatever else it holds."""
    behind = marts["agg_outcome_contributors"]
    behind.loc[_cell(behind, metric, breakdown, member), "parent_group_id"] = "G00"


def _rows(publication: Publication, table: str, metric: str) -> pd.DataFrame:
    frame = publication.tables[table].frame
    return frame[frame["metric_id"] == metric]


def test_region_passes_whole_when_every_cell_is_safe(publication: Publication) -> None:
    withheld = publication.tables["withheld"].frame
    assert list(withheld["metric_id"]) == ["fund_in_kind"]


def test_cell_is_hidden_with_what_gives_it_away_and_no_more_when_it_fails(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    _starve(marts, "completion_rate", "P4")
    rows = _rows(publish_tables(marts, board, facts), "outcomes_by_program", "completion_rate")
    hidden = rows[rows["value_status"] == 5]
    assert "P4" in set(hidden["program_id"])
    assert 2 <= len(hidden) < len(rows) / 2
    assert hidden[list(VALUE_COLUMNS)].isna().all(axis=None)
    assert rows.loc[rows["value_status"] == 1, "value"].notna().all()


def test_hidden_cells_cannot_be_worked_out_when_an_independent_attacker_tries(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    _starve(marts, "completion_rate", "P4")
    _starve(marts, "employment_rate_q2", "18010", breakdown="area")
    publication = publish_tables(marts, board, facts)
    assert not list(exposed_in(publication.internal_evidence))


def test_tiny_region_gets_a_release_when_one_firm_alone_is_on_a_side(
    tiny_marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    tables = [*outcome_candidates(tiny_marts, board, facts)]
    passage = pass_gate(tables, [], board, facts.published_on)
    rows = passage.tables["outcomes_by_area"].frame
    assert set(rows.loc[rows["metric_id"] == "retention_same_employer_q2_q4", "value_status"]) == {5}
    knew = {(key, sign) for key, sign, _ in exposed_in(passage.evidence)}
    assert knew
    assert all(is_side(key) and sign > 0 for key, sign in knew)
    assert not list(exposed_in(passage.evidence, sure=lambda key: not is_side(key)))


def is_side(key: str) -> bool:
    return '"number":"rest"' in key


def test_attacker_works_a_hidden_cell_out_when_one_that_protects_it_is_shown(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    _starve(marts, "completion_rate", "P4")
    evidence = publish_tables(marts, board, facts).internal_evidence
    cells = evidence.cells.to_pandas()
    secondary = cells[(cells["status"] == "SECONDARY") & cells["key"].str.contains('"numerator"')]
    assert len(secondary)
    assert list(exposed_in(evidence, shown=set(secondary["cell"])))


def test_hidden_cells_are_the_same_when_the_marts_rows_come_in_another_order(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    _starve(marts, "completion_rate", "P4")
    straight = publish_tables(marts, board, facts)
    shuffled = {name: frame.sample(frac=1, random_state=3) for name, frame in marts.items()}
    again = publish_tables(shuffled, board, facts)
    assert straight.internal_explanations.equals(again.internal_explanations)
    assert straight.internal_evidence == again.internal_evidence


def test_other_measures_and_tables_stay_when_one_measure_is_withheld(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    _starve(marts, "completion_rate", "P4")
    publication = publish_tables(marts, board, facts)
    assert _rows(publication, "outcomes_by_program", "employment_rate_q2")["value"].notna().all()
    assert _rows(publication, "outcomes_consortium", "completion_rate")["value"].notna().all()


def test_withheld_table_uses_public_words_only(marts: Frames, board: Policy, facts: ReleaseFacts) -> None:
    _starve(marts, "completion_rate", "P4")
    withheld = publish_tables(marts, board, facts).tables["withheld"].frame
    assert ("outcomes_by_program", "completion_rate") in set(
        zip(withheld["table_name"], withheld["metric_id"], strict=True)
    )
    assert not re.search(r"EMPLOYER_N|DOMINANCE|PERSON_N|P4", withheld.to_csv())


def test_explanations_tell_the_operator_which_cell_and_rule(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    _starve(marts, "completion_rate", "P4")
    why = publish_tables(marts, board, facts).internal_explanations
    cells = why[(why["table_name"] == "outcomes_by_program") & (why["reason"] == "EMPLOYER_N")]
    assert cells["cell"].str.contains("P4").all()
    assert publish_tables(marts, board, facts).reasons()["EMPLOYER_N"] > 0


def test_measures_that_share_its_counts_are_withheld_when_employment_is(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    _starve(marts, "employment_rate_q2", "18010", breakdown="area")
    publication = publish_tables(marts, board, facts)
    for metric in ("median_earnings_q2", "retention_same_employer_q2_q4"):
        status = _rows(publication, "outcomes_by_area", metric).set_index("geography")["value_status"]
        assert status["18010"] == 5
    assert "COMPLEMENTARY" in publication.reasons()


def test_unit_cost_is_withheld_when_the_count_it_divides_by_is(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    _starve(marts, "employment_rate_q2", "P1")
    publication = publish_tables(marts, board, facts)
    costs = _rows(publication, "unit_costs", "cost_per_placement_q2").set_index("program_id")
    assert costs["value_status"]["P1"] == 5
    assert _rows(publication, "unit_costs", "cost_per_completer")["value"].notna().all()


def test_whole_ledger_is_withheld_when_one_quarter_rests_on_two_firms(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    firms = marts["agg_fund_contributors"]
    few = (firms["period"] == "2025Q1") & ~firms["parent_group_id"].isin(["G00", "G01"])
    marts["agg_fund_contributors"] = firms[~few]
    ledger = publish_tables(marts, board, facts).tables["fund_ledger"].frame
    cash = ledger[ledger["metric_id"].isin(["fund_opening", "fund_contributions", "fund_closing"])]
    assert set(cash["value_status"]) == {5}
    assert cash["value"].isna().all()


def test_receivable_is_withheld_with_assessments_when_one_firm_owes_it_all(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    firms = marts["agg_fund_contributors"]
    firms["assessed_usd"] = firms["amount_usd"].where(
        firms["parent_group_id"] != "G01", firms["amount_usd"] + 9
    )
    ledger = publish_tables(marts, board, facts).tables["fund_ledger"].frame
    by_line = ledger.groupby("metric_id")["value_status"].unique().map(set)
    assert by_line["fund_receivable"] == by_line["fund_assessed"] == {5}
    assert by_line["fund_closing"] == {1}


def test_immature_and_undefined_cells_carry_nothing_and_do_not_fail(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    outcomes = marts["agg_outcomes"]
    undefined = _cell(outcomes, "completion_rate", "program", "P2")
    outcomes.loc[undefined, "value_status"] = -2
    late = _cell(outcomes, "completion_rate", "program", "P3")
    outcomes.loc[late, "maturity"] = "INCOMPLETE"
    rows = _rows(publish_tables(marts, board, facts), "outcomes_by_program", "completion_rate")
    status = rows.set_index("program_id")["value_status"]
    assert (status["P2"], status["P3"], status["P1"]) == (-2, -1, 1)
    silent = rows[rows["value_status"] < 0]
    assert silent[list(VALUE_COLUMNS)].isna().all(axis=None)


def test_wage_measure_is_withheld_when_released_92_days_after_its_quarter(
    marts: Frames, board: Policy, make_facts: Callable[..., ReleaseFacts]
) -> None:
    on_time = publish_tables(marts, board, make_facts(published_on=date(2026, 10, 1)))
    too_soon = publish_tables(marts, board, make_facts(published_on=date(2026, 9, 30)))
    assert _rows(on_time, "outcomes_consortium", "employment_rate_q2")["value"].notna().all()
    assert set(_rows(too_soon, "outcomes_consortium", "employment_rate_q2")["value_status"]) == {5}


def test_wage_measure_stays_wage_derived_when_the_mart_says_otherwise(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    marts["agg_outcomes"]["is_wage_derived"] = False
    behind = marts["agg_outcome_contributors"]
    behind["parent_group_id"] = "G0" + (behind["parent_group_id"].str[-1].astype(int) % 4).astype(str)
    publication = publish_tables(marts, board, facts)
    assert set(_rows(publication, "outcomes_consortium", "median_earnings_q2")["value_status"]) == {5}
    assert set(_rows(publication, "outcomes_consortium", "completion_rate")["value_status"]) == {1}


def test_arms_are_withheld_under_board_and_shown_when_already_public(
    marts: Frames, board: Policy, make_facts: Callable[..., ReleaseFacts]
) -> None:
    kept = publish_tables(marts, board, make_facts(design="randomised"))
    assert kept.tables["earnings_by_arm"].frame["value"].isna().all()
    public = load_preset("already_public", source="published_before")
    shown = publish_tables(marts, public, make_facts(design="randomised", policy=public))
    means = shown.tables["earnings_by_arm"].frame.set_index(["cohort_start", "group_value"])["value"]
    assert means["1978Q1", "participants"] - means["1978Q1", "comparison"] == 1794


def test_arms_are_not_published_when_the_study_is_observational(publication: Publication) -> None:
    assert "earnings_by_arm" not in publication.tables


def test_release_is_refused_when_the_page_would_state_another_policy(
    marts: Frames, facts: ReleaseFacts
) -> None:
    with pytest.raises(DisclosureError, match="DIS-003"):
        publish_tables(marts, load_preset("earnings"), facts)


@pytest.mark.parametrize("mart", ["agg_outcomes", "agg_fund_contributors", "metric_definitions"])
def test_release_is_refused_when_a_mart_is_missing(
    marts: Frames, board: Policy, facts: ReleaseFacts, mart: str
) -> None:
    assert mart in MARTS
    del marts[mart]
    with pytest.raises(DisclosureError, match="DIS-011"):
        publish_tables(marts, board, facts)


def test_release_is_refused_when_a_measure_is_unknown(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    marts["agg_outcomes"].loc[0, "metric_id"] = "happiness"
    with pytest.raises(DisclosureError, match="DIS-010"):
        publish_tables(marts, board, facts)


def test_published_table_cannot_be_made_outside_the_gate() -> None:
    words = Reference("words", "", {"a": "A"}, pd.DataFrame({"a": ["b"]}))
    with pytest.raises(DisclosureError, match="DIS-001"):
        PublishedTable(object(), words, words.rows)


def test_no_other_module_names_the_gates_key() -> None:
    sources = {path.name: path.read_text() for path in Path(reports.__path__[0]).rglob("*.py")}
    makers = {name for name, text in sources.items() if re.search(r"\b_KEY\b|PublishedTable\(", text)}
    assert makers == {"gate.py"}


def test_published_table_is_whole_until_somebody_changes_its_rows(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    publication = publish_tables(marts, board, facts)
    table = publication.tables["fund_ledger"]
    copy = table.frame
    copy.loc[0, "value"] = Decimal(1)
    assert publication.is_whole()
    table._frame.loc[0, "label"] = "changed behind the gate's back"
    assert not publication.is_whole()
    with pytest.raises(DisclosureError, match="DIS-004"):
        publication.frames()


def test_gate_refuses_a_finish_that_brings_back_what_was_withheld(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    from dataclasses import replace

    from reports.outcome_tables import outcome_candidates

    _starve(marts, "completion_rate", "P4")
    honest = {c.name: c for c in outcome_candidates(marts, board, facts)}["outcomes_by_program"]
    leaking = replace(honest, finish=lambda cells: honest.finish(cells).assign(value=1.0))
    with pytest.raises(DisclosureError, match="DIS-002"):
        pass_gate([leaking], [], board, facts.published_on)


def test_every_published_column_is_described(publication: Publication) -> None:
    for name, words in publication.comments().items():
        assert all(words.values())
        assert set(words) == {"", *publication.tables[name].frame.columns}
