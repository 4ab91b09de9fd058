"""The project's own tests can fail: in a copy of the warehouse every identity is broken, and each says so."""

from __future__ import annotations

import json
import shutil

import duckdb
import pytest

from tests.transforms.conftest import Warehouse

# One warehouse for all of them: a second worker would build its own.
pytestmark = pytest.mark.xdist_group("transforms")

# For each singular test, the table that is changed and the change.
CHANGED = {
    "assert_assessments_are_feasible": ("fct_assessments", "is_feasible = (rule_id <> 'BOTH')"),
    "assert_assessments_foot": ("agg_assessments", "assessed_usd = assessed_usd + 0.01"),
    "assert_balance_shares_sum_to_one": (
        "fct_contribution_balance",
        "contribution_share = contribution_share + 0.01",
    ),
    "assert_contributors_sum_to_cells": ("agg_outcome_contributors", "persons = persons + 1"),
    "assert_findings_add_up": ("agg_audit_findings", "findings = findings + 1"),
    "assert_group_contributors_sum_to_groups": ("agg_equity_outcomes", "denominator = denominator + 1"),
    "assert_ladder_shares_never_fall": ("agg_stack_progression", "at_risk = at_risk + quarters_since * 100"),
    "assert_fund_contributors_sum_to_ledger": ("agg_fund_contributors", "amount_usd = amount_usd + 0.01"),
    "assert_fund_foots": ("agg_fund_ledger", "closing_usd = closing_usd + 0.01"),
    "assert_in_kind_is_used_as_given": ("agg_in_kind_costs", "used_usd = used_usd + 0.01"),
    "assert_lags_agree": ("metric_lags", "quarters_after = quarters_after + 1"),
    "assert_no_money_is_past_its_term_before_it_came": (
        "agg_fund_age",
        "past_term_usd = closing_usd + 0.01",
    ),
    "assert_no_alert_on_what_is_not_judged": (
        "agg_alert_limits",
        "p_chart_state = 'NOT_JUDGED', not_judged_because = 'IMMATURE'",
    ),
    "assert_numerator_not_above_denominator": ("agg_outcomes", "distinct_persons = denominator + 1"),
    "assert_outlay_keeps_the_reserve": ("agg_outlay", "outlay_usd = outlay_usd + opening_usd + 1"),
    "assert_payables_stay_within_their_fees": ("agg_performance_payables", "due_usd = due_usd + 1000000"),
    "assert_program_costs_sum_to_consortium": ("agg_unit_costs", "cost_usd = cost_usd + 0.01"),
    "assert_slices_sum_to_consortium": ("agg_outcomes", "denominator = denominator + 1"),
    "assert_statements_sum_to_ledger": ("fct_contribution_statements", "booked_usd = booked_usd + 0.01"),
    "assert_status_follows_maturity": ("agg_outcomes", "value = 0"),
    "assert_submissions_add_up": ("agg_intake_quality", "quarantined = quarantined + 1"),
    "assert_tiers_follow_their_gates": ("agg_tier_decisions", "decision = 'PASS'"),
    "assert_unit_cost_contributors_sum_to_cells": ("agg_unit_cost_contributors", "persons = persons + 1"),
}
# The same for rows that are removed.
REMOVED = {
    "assert_every_accepted_wage_row_is_here": ("int_wages__by_person_firm_quarter", "wages_usd = 900.00"),
    "assert_fund_periods_have_no_gap": ("agg_fund_ledger", "period = '2024Q3'"),
}


@pytest.fixture(scope="module")
def caught(warehouse: Warehouse) -> dict[str, str]:
    """Status of every singular test on a copy of the warehouse in which everything is broken."""
    broken = warehouse.folder / "broken.duckdb"
    shutil.copy(warehouse.database, broken)
    with duckdb.connect(str(broken)) as con:
        for table, change in CHANGED.values():
            con.execute(f"UPDATE {table} SET {change}")
        for table, rows in REMOVED.values():
            con.execute(f"DELETE FROM {table} WHERE {rows}")
    done = warehouse.dbt("test", "--select", "test_type:singular", database=broken)
    assert done.returncode == 1, done.stdout[-3000:]
    results = json.loads((warehouse.folder / "target" / "run_results.json").read_text())["results"]
    named = [(result["unique_id"].split("."), result["status"]) for result in results]
    return {parts[2]: status for parts, status in named if parts[0] == "test"}


def test_every_singular_test_has_an_error_planted_for_it(caught: dict[str, str]) -> None:
    assert set(caught) == CHANGED.keys() | REMOVED.keys()


@pytest.mark.parametrize("name", sorted(CHANGED.keys() | REMOVED.keys()))
def test_singular_test_catches_its_planted_error(caught: dict[str, str], name: str) -> None:
    assert caught[name] == "fail"
