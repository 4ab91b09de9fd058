"""What the drawn rows must come to, worked out by hand: the marts and their restatement could both be wrong.

Numbers in names are those of the known traps. People are drawn in `grids.py`.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from tests.transforms.conftest import Warehouse
from tests.transforms.grids import key_of
from tests.transforms.restatement import median_interval, wilson

# One warehouse for all of them: a second worker would build its own.
pytestmark = pytest.mark.xdist_group("transforms")


@pytest.fixture(scope="module")
def people(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("fct_participation")


def _of(people: pd.DataFrame, nickname: str) -> dict[str, Any]:
    rows = people[people["learner_key"] == key_of(nickname)].sort_values("entry_date").to_dict("records")
    return {str(name): value for name, value in rows[0].items()}


def _units(warehouse: Warehouse, nickname: str, metric: str) -> list[bool | None]:
    units = warehouse.read("int_outcomes__by_unit")
    theirs = units["unit_id"].str.startswith(key_of(nickname)) & (units["metric_id"] == metric)
    return list(units.loc[theirs, "is_hit"])


def _prices(warehouse: Warehouse) -> dict[str, dict[str, Any]]:
    quarters = warehouse.read("dim_quarter").to_dict("records")
    return {str(row["year_quarter"]): {str(k): v for k, v in row.items()} for row in quarters}


def test_trap_01_price_of_2025q4_is_the_mean_of_two_months(warehouse: Warehouse) -> None:
    priced = _prices(warehouse)["2025Q4"]
    assert priced["price_index"] == pytest.approx((324.122 + 324.054) / 2)
    assert priced["months_available"] == 2


def test_base_is_the_latest_ended_quarter_with_three_months(warehouse: Warehouse) -> None:
    prices = _prices(warehouse)
    assert [quarter for quarter, row in prices.items() if row["is_base"]] == ["2026Q1"]
    assert prices["2026Q2"]["months_available"] == 2


def test_real_change_runs_through_the_quarter_without_october(
    warehouse: Warehouse, people: pd.DataFrame
) -> None:
    price = {quarter: row["price_index"] for quarter, row in _prices(warehouse).items()}
    before = sum(8000 / price[quarter] for quarter in ("2024Q2", "2024Q3", "2024Q4")) / 3
    expected = price["2026Q1"] * (9000 / price["2025Q4"] - before)
    assert _of(people, "cpi_gap")["real_change_usd"] == pytest.approx(expected)


def test_trap_05_observed_zero_counts_and_blank_does_not(people: pd.DataFrame) -> None:
    assert _of(people, "zero_pay")["real_change_usd"] > 6500
    assert math.isnan(_of(people, "blank_pay")["real_change_usd"])


def test_trap_06_gap_of_89_days_merges_and_of_90_does_not(people: pd.DataFrame) -> None:
    of_89 = people[people["learner_key"] == key_of("gap89")]
    of_90 = people[people["learner_key"] == key_of("gap90")]
    assert [len(of_89), len(of_90)] == [1, 2]
    assert _of(people, "gap89")["training_completed"] == 1
    assert _of(people, "gap89")["exit_quarter"] == "2024Q3"


def test_trap_07_fourth_quarter_of_a_december_exit_is_next_december(people: pd.DataFrame) -> None:
    row = _of(people, "december")
    assert (row["exit_quarter"], row["wages_q2_usd"], row["wages_q4_usd"]) == (
        "2024Q4",
        Decimal(7000),
        Decimal(7200),
    )


def test_trap_08_excluded_exit_is_in_no_denominator(warehouse: Warehouse, people: pd.DataFrame) -> None:
    assert not _of(people, "deceased")["is_exiter"]
    assert _of(people, "other_exit")["is_exiter"]
    assert _units(warehouse, "deceased", "employment_rate_q2") == []
    assert _units(warehouse, "other_exit", "employment_rate_q2") == [True]


@pytest.mark.parametrize(
    ("nickname", "credential"),
    [("on_the_job", []), ("mixed_ojt", [False]), ("no_type", [False]), ("untrained", [])],
)
def test_trap_09_on_the_job_training_alone_asks_for_no_credential(
    warehouse: Warehouse, nickname: str, credential: list[bool]
) -> None:
    assert _units(warehouse, nickname, "credential_attainment") == credential
    assert len(_units(warehouse, nickname, "employment_rate_q2")) == 1


@pytest.mark.parametrize(
    ("nickname", "counts"),
    [
        ("diploma", False),
        ("dipl_works", True),
        ("dipl_study", True),
        ("dipl_late", False),
        ("dipl_brief", True),
        ("dipl_over", False),
        ("year_day", True),
        ("year_late", False),
        ("other_prog", False),
        ("attended", False),
        ("gap89", True),
    ],
)
def test_trap_10_credential_counts_by_kind_and_time(
    people: pd.DataFrame, nickname: str, counts: bool
) -> None:
    assert _of(people, nickname)["has_counted_credential"] == counts


def test_trap_11_two_employers_add_up_and_the_better_paying_one_retains(people: pd.DataFrame) -> None:
    row = _of(people, "two_jobs")
    assert row["wages_q2_usd"] == Decimal("12000.01")
    assert row["employer_q2_id"] == "F1"
    assert row["is_retained"]
    assert (_of(people, "tied")["employer_q2_id"], _of(people, "tied")["is_retained"]) == ("F2", False)


@pytest.mark.parametrize("nickname", ["subsidized", "not_known", "unsure"])
def test_pay_or_spell_that_is_not_known_unsubsidized_is_no_employment(
    people: pd.DataFrame, nickname: str
) -> None:
    assert not _of(people, nickname)["is_employed_q2"]


def test_confirmed_spell_of_one_day_is_employment_without_a_wage(
    warehouse: Warehouse, people: pd.DataFrame
) -> None:
    row = _of(people, "placed")
    assert (row["is_employed_q2"], row["employer_q2_id"], row["wages_q2_usd"]) == (True, "F4", Decimal(900))
    assert _units(warehouse, "placed", "retention_same_employer_q2_q4") == []


def test_withdrawal_without_an_end_date_falls_in_no_quarter(warehouse: Warehouse) -> None:
    assert _units(warehouse, "not_known", "completion_rate") == []
    assert _units(warehouse, "subsidized", "completion_rate") == [False]


def test_person_in_two_programs_is_served_once(warehouse: Warehouse) -> None:
    served = warehouse.read("agg_outcomes").query("metric_id == 'participants_served'")
    whole = served[served["breakdown"] == "consortium"].iloc[0]
    assert whole["denominator"] == whole["distinct_persons"]
    assert served[served["breakdown"] == "program"]["denominator"].sum() > whole["denominator"]


def test_later_report_of_a_key_replaces_the_earlier_one(people: pd.DataFrame) -> None:
    assert _of(people, "two_jobs")["exit_quarter"] == "2024Q2"
    assert people[people["learner_key"] == key_of("nobody")].empty


def test_parent_is_the_one_of_the_announced_day(warehouse: Warehouse) -> None:
    firms = warehouse.read("dim_firm").set_index("firm_id")
    assert dict(firms["parent_group_id"]) == {
        "F1": "P1",
        "F2": "P1",
        "F3": "F3",
        "F4": "F4",
        "F5": "P5",
        "F6": "P6",
    }
    assert firms.loc["F4", "sector_code"] == "unreported"
    assert firms.loc["F5", "sector_code"] == "44-45"


def _maturity(warehouse: Warehouse, metric: str) -> dict[str, str]:
    rows = warehouse.query(
        f"SELECT cohort_quarter, maturity FROM int_cohorts__matured WHERE metric_id = '{metric}'"
    )
    return dict(zip(rows["cohort_quarter"], rows["maturity"], strict=True))


def test_cohort_is_incomplete_while_a_member_that_employed_one_owes_the_quarter(warehouse: Warehouse) -> None:
    second = _maturity(warehouse, "employment_rate_q2")
    assert (second["2025Q1"], second["2025Q2"], second["2025Q3"]) == ("MATURE", "INCOMPLETE", "MATURE")
    assert _maturity(warehouse, "employment_rate_q4")["2024Q4"] == "INCOMPLETE"


def test_firm_that_left_owes_nothing_after(warehouse: Warehouse) -> None:
    owing = warehouse.read("int_cohorts__outstanding")
    assert "F6" not in set(owing["firm_id"])


def test_quarter_that_nobody_reported_enrollments_for_is_not_stated(warehouse: Warehouse) -> None:
    served = _maturity(warehouse, "participants_served")
    assert (served["2026Q2"], served["2026Q3"], served["2026Q4"]) == ("MATURE", "INCOMPLETE", "NOT_YET")


def test_pool_leaves_out_what_is_not_mature(warehouse: Warehouse) -> None:
    rates = warehouse.read("agg_outcomes").query("metric_id == 'employment_rate_q2'")
    quarters = rates[(rates["breakdown"] == "cohort") & (rates["maturity"] == "MATURE")]
    whole = rates[rates["breakdown"] == "consortium"].iloc[0]
    assert (whole["numerator"], whole["denominator"]) == (
        quarters["numerator"].sum(),
        quarters["denominator"].sum(),
    )
    assert (whole["cohort_start"], whole["cohort_end"], whole["newest_quarter"]) == (
        "2023Q3",
        "2025Q4",
        "2026Q2",
    )


def test_fund_of_the_first_quarters_is_the_one_worked_out_by_hand(warehouse: Warehouse) -> None:
    book = warehouse.read("agg_fund_ledger").set_index(["funding_source", "period"])
    first, second = book.loc[("EMPLOYER", "2024Q1")], book.loc[("EMPLOYER", "2024Q2")]
    assert first["closing_usd"] == Decimal("10000.01") - Decimal("4000.10")
    assert first["receivable_usd"] == Decimal("16000.01") - Decimal("10000.01")
    assert second["contributions_usd"] == Decimal("3000.33") + Decimal("250.50")
    assert second["receivable_usd"] == Decimal("6000.00") - Decimal("3000.33")
    assert book.loc[("PUBLIC_STATE", "2024Q2"), "closing_usd"] == Decimal("4000.01")
    assert book.loc[("IN_KIND", "2024Q2"), "in_kind_out_usd"] == Decimal(800)


def test_unit_costs_end_with_the_last_books_of_disbursements(warehouse: Warehouse) -> None:
    costs = warehouse.read("agg_unit_costs").set_index(["unit", "member"])
    assert costs.loc[("participant", "consortium"), "cohort_end"] == "2026Q1"
    assert costs.loc[("participant", "WELD"), "cost_usd"] == Decimal("5000.10")
    assert costs.loc[("placement_q2", "consortium"), "cohort_end"] == "2025Q1"


def test_subsidized_pay_in_the_fourth_quarter_does_not_retain(people: pd.DataFrame) -> None:
    assert _of(people, "helped_q4")["is_retained"] is False


def test_comparison_year_needs_all_four_quarters(warehouse: Warehouse) -> None:
    arms = warehouse.read("agg_earnings_by_arm").set_index(["calendar_year", "arm"])
    year = arms.loc[(2024, "comparison")]
    assert year["persons"] == 2
    assert year["mean_annual_earnings_usd"] == pytest.approx((6000 + 28001.75) / 2)
    assert year["sd_usd"] == pytest.approx((28001.75 - 6000) / math.sqrt(2))


@pytest.mark.parametrize(
    ("hits", "n", "lower", "upper"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)]
)
def test_wilson_interval_is_the_textbook_one(hits: int, n: int, lower: float, upper: float) -> None:
    assert wilson(hits, n) == pytest.approx((lower, upper), abs=5e-5)


@pytest.mark.parametrize("n", [1, 5, 6, 7, 8, 17, 25, 44, 100, 301, 500])
def test_median_interval_covers_at_least_95_percent_or_is_not_stated(n: int) -> None:
    lower, upper = median_interval([float(rank) for rank in range(1, n + 1)])
    if lower is None or upper is None:
        assert n < 6
        return
    outside = 2 * sum(math.comb(n, below) for below in range(int(lower)))
    assert outside / 2**n <= 0.05
    assert upper == n + 1 - lower


def test_merger_of_the_employer_is_no_separation_and_a_later_or_partial_one_no_bridge(
    warehouse: Warehouse, people: pd.DataFrame
) -> None:
    retained = {name: _of(people, name)["is_retained"] for name in ("merged", "premerger", "partial")}
    assert retained == {"merged": True, "premerger": False, "partial": False}
    eighth = {
        name: _units(warehouse, name, "retention_same_employer_q2_q8")
        for name in ("merged", "premerger", "partial")
    }
    assert eighth == {"merged": [True], "premerger": [True], "partial": [False]}


@pytest.mark.parametrize(
    ("nickname", "on_time"), [("on_time", [True]), ("too_late", [False]), ("open", [False])]
)
def test_completion_is_on_time_up_to_one_and_a_half_times_the_planned_weeks(
    warehouse: Warehouse, nickname: str, on_time: list[bool]
) -> None:
    assert _units(warehouse, nickname, "on_time_completion") == on_time


def test_program_without_planned_weeks_is_in_no_rate_of_time(warehouse: Warehouse) -> None:
    assert _units(warehouse, "hourly", "on_time_completion") == []


@pytest.mark.parametrize(
    ("nickname", "by_year"),
    [
        ("gain_june", {"2024Q2": True, "2025Q2": False}),
        ("gain_july", {"2024Q2": False, "2025Q2": True}),
        ("gain_dipl", {"2024Q2": True}),
        ("gain_out", {}),
    ],
)
def test_trap_07_gain_counts_in_the_program_year_on_its_side_of_30_june(
    warehouse: Warehouse, nickname: str, by_year: dict[str, bool]
) -> None:
    units = warehouse.read("int_outcomes__by_unit")
    theirs = units["unit_id"].str.startswith(key_of(nickname)) & (
        units["metric_id"] == "measurable_skill_gains"
    )
    assert dict(zip(units.loc[theirs, "cohort_quarter"], units.loc[theirs, "is_hit"], strict=True)) == by_year


@pytest.mark.parametrize(
    ("nickname", "related"), [("related", [True]), ("unrelated", [False]), ("not_told", []), ("placed", [])]
)
def test_work_is_related_as_the_latest_job_at_the_employer_says(
    warehouse: Warehouse, nickname: str, related: list[bool]
) -> None:
    assert _units(warehouse, nickname, "training_related_employment") == related


def test_hourly_change_is_told_where_hours_are_plausible(warehouse: Warehouse) -> None:
    price = {quarter: row["price_index"] for quarter, row in _prices(warehouse).items()}
    changes = warehouse.read("int_hourly_wages__real_change")
    by_person = dict(
        zip(changes["participation_id"].str[:64], changes["real_hourly_change_usd"], strict=True)
    )
    before = sum(20 / price[quarter] for quarter in ("2023Q2", "2023Q3", "2023Q4")) / 3
    assert by_person[key_of("hourly")] == pytest.approx(price["2026Q1"] * (30 / price["2024Q4"] - before))
    assert key_of("cheap") in by_person
    assert {key_of("hours_19"), key_of("dear"), key_of("half_told")}.isdisjoint(by_person)


@pytest.mark.parametrize(
    ("nickname", "employed"),
    [
        ("elsewhere", True),
        ("no_work", False),
        ("nine", False),
        ("destroyed", False),
        ("kept", True),
        ("gap89", True),
    ],
)
def test_employment_anywhere_adds_what_the_state_says_and_may_still_be_kept(
    warehouse: Warehouse, nickname: str, employed: bool
) -> None:
    assert _units(warehouse, nickname, "employment_rate_q2_wioa") == [employed]
    assert _units(warehouse, "elsewhere", "employment_rate_q2") == [False]


def test_wages_of_two_accounts_add_up_and_replace_what_members_paid(warehouse: Warehouse) -> None:
    jobs = warehouse.query("SELECT * FROM int_employment__wioa WHERE quarters_after_exit = 2")
    wages = dict(zip(jobs["participation_id"].str[:64], jobs["wages_usd"], strict=True))
    assert wages[key_of("elsewhere")] == Decimal("6000.50")
    assert wages[key_of("gap89")] == Decimal("9300.00")


def test_trap_05_not_yet_available_keeps_a_cohort_open_and_is_never_a_no(warehouse: Warehouse) -> None:
    open_still = warehouse.read("agg_outcomes").query(
        "metric_id == 'employment_rate_q2_wioa' and breakdown == 'cohort' and cohort_start == '2024Q2'"
    )
    assert list(open_still["maturity"]) == ["INCOMPLETE"]
    assert list(open_still["value_status"]) == [-1]
    assert open_still["value"].isna().all()
    # Nobody of the assembly line has a state record, so every cohort they exited in stays open.
    assert set(_maturity(warehouse, "employment_rate_q2_wioa").values()) == {"INCOMPLETE", "NOT_YET"}
