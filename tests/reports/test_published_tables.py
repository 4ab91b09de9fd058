"""What the published tables hold: rounded numbers, the agreed columns, and a ledger that foots."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest

from reports.columns import PUBLISHED
from reports.disclosure.policy import Policy, load_preset
from reports.facts import ReleaseFacts
from reports.intervals import wilson
from reports.page import render_pages
from reports.report import impact_report
from reports.report_workbook import render_workbook
from reports.systems import SYSTEM_REFERENCES, SYSTEM_TABLES, candidate
from reports.tables import MARTS, Publication, publish_tables

Frames = dict[str, pd.DataFrame]
OUTCOMES = tuple(
    f"outcomes_{name}" for name in ("consortium", "by_program", "by_area", "by_sector", "by_cohort")
)

CAME_IN = ("fund_contributions", "fund_match", "fund_interest", "fund_transfers_in")
WENT_OUT = ("fund_transfers_out", "fund_disbursed", "fund_lapsed")


def test_release_holds_the_planned_tables(publication: Publication) -> None:
    planned = {*OUTCOMES, "fund_ledger", "unit_costs", "intake_quality", "metric_definitions", "withheld"}
    planned |= {"study_cards", "returns", "returns_by_program", "performance_cards"}
    planned |= {"value_statuses", "example_queries"}
    systems = {one.name for one in (*SYSTEM_TABLES, *SYSTEM_REFERENCES)}
    assert set(publication.tables) == planned | systems


@pytest.mark.parametrize("name", [*OUTCOMES, "fund_ledger", "unit_costs", "intake_quality"])
def test_table_has_the_published_columns_in_order(publication: Publication, name: str) -> None:
    assert list(publication.tables[name].frame.columns) == list(PUBLISHED)


@pytest.mark.parametrize("name", OUTCOMES)
def test_counts_are_multiples_of_five_and_rates_come_from_them(publication: Publication, name: str) -> None:
    frame = publication.tables[name].frame
    shown = frame[(frame["unit"] == "share") & (frame["value_status"] == 1)]
    assert len(shown) > 0
    for row in shown.to_dict("records"):
        numerator, denominator = int(row["numerator_rounded_count"]), int(row["denominator_rounded_count"])
        interval = wilson(numerator, denominator)
        assert numerator % 5 == denominator % 5 == 0
        assert row["value"] == round(numerator / denominator, 4)
        assert (row["value_lower"], row["value_upper"]) == (
            round(interval.lower, 4),
            round(interval.upper, 4),
        )


@pytest.mark.parametrize("name", [*OUTCOMES, "unit_costs"])
def test_money_is_a_multiple_of_a_hundred_dollars(publication: Publication, name: str) -> None:
    frame = publication.tables[name].frame
    money = frame[frame["unit"].str.startswith("usd")]
    for column in ("value", "value_lower", "value_upper"):
        assert (money[column].dropna() % 100 == 0).all()


def test_median_is_the_fuzzy_one_and_not_the_exact_one(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    outcomes = marts["agg_outcomes"]
    medians = outcomes["metric_id"] == "median_earnings_q2"
    outcomes.loc[medians, "value"] = 123456.0
    rows = publish_tables(marts, board, facts).tables["outcomes_consortium"].frame
    published = rows.set_index("metric_id")["value"]["median_earnings_q2"]
    fuzzy = outcomes.loc[medians & (outcomes["breakdown"] == "consortium"), "value_fuzzy"].item()
    assert published == pytest.approx(fuzzy, abs=50)


def test_ledger_foots_to_the_cent_and_runs_on_from_quarter_to_quarter(publication: Publication) -> None:
    ledger = publication.tables["fund_ledger"].frame
    wide = ledger.pivot_table(
        index=["group_value", "cohort_start"], columns="metric_id", values="value", aggfunc=list
    ).map(lambda cell: cell[0] if isinstance(cell, list) else Decimal(0))
    for (source, quarter), row in wide.iterrows():
        came = sum((row.get(line, Decimal(0)) for line in CAME_IN), row["fund_opening"])
        assert came - sum(row.get(line, Decimal(0)) for line in WENT_OUT) == row["fund_closing"], (
            source,
            quarter,
        )
    for _, rows in wide.groupby(level=0):
        assert list(rows["fund_opening"][1:]) == list(rows["fund_closing"][:-1])


def test_ledger_waits_for_a_quarter_that_has_not_ended(publication: Publication) -> None:
    assert publication.tables["fund_ledger"].frame["cohort_end"].max() == "2026Q3"


def test_ledger_waits_longer_when_every_measure_is_treated_as_wages(
    marts: Frames, make_facts: Callable[..., ReleaseFacts]
) -> None:
    strict = load_preset("earnings")
    ledger = publish_tables(marts, strict, make_facts(policy=strict)).tables["fund_ledger"].frame
    assert ledger["cohort_end"].max() == "2026Q2"


def test_ledger_is_exact_when_marts_bring_floats(marts: Frames, board: Policy, facts: ReleaseFacts) -> None:
    exact = publish_tables(marts, board, facts).tables["fund_ledger"].frame
    ledger = marts["agg_fund_ledger"]
    amounts = [name for name in ledger.columns if name.endswith("_usd")]
    marts["agg_fund_ledger"] = ledger.astype(dict.fromkeys(amounts, "float64"))
    assert publish_tables(marts, board, facts).tables["fund_ledger"].frame.equals(exact)


def test_unit_cost_is_exact_dollars_over_the_rounded_count(marts: Frames, publication: Publication) -> None:
    costs = marts["agg_unit_costs"]
    mart = costs[(costs["unit"] == "completer") & (costs["breakdown"] == "consortium")].iloc[0]
    frame = publication.tables["unit_costs"].frame
    row = frame[(frame["metric_id"] == "cost_per_completer") & frame["program_id"].isna()].iloc[0]
    rounded = 5 * round(int(mart["count"]) / 5)
    assert row["denominator_rounded_count"] == rounded
    assert row["value"] == 100 * round(float(mart["cost_usd"]) / rounded / 100)


def test_intake_leaves_out_the_operators_registers(publication: Publication) -> None:
    frame = publication.tables["intake_quality"].frame
    assert set(frame["group_value"]) == {"enrollment", "wage"}


def test_intake_is_withheld_when_few_firms_sent_an_extract(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    marts["agg_intake_quality"].loc[lambda rows: rows["contract"] == "wage", "firms"] = 2
    intake = publish_tables(marts, board, facts).tables["intake_quality"].frame.set_index("group_value")
    assert intake["value_status"].to_dict() == {"enrollment": 1, "wage": 5}


def test_finer_breakdowns_of_the_mart_are_not_published(marts: Frames, publication: Publication) -> None:
    assert "program_cohort_year" in set(marts["agg_outcomes"]["breakdown"])
    windows = publication.tables["outcomes_by_program"].frame["cohort_start"]
    assert set(windows) == {"2023Q4"}


def test_tables_do_not_depend_on_the_order_of_the_marts_rows(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    straight = publish_tables(marts, board, facts)
    shuffled = {name: frame.sample(frac=1, random_state=7) for name, frame in marts.items()}
    again = publish_tables(shuffled, board, facts)
    for name, table in straight.tables.items():
        assert table.fingerprint == again.tables[name].fingerprint, name


def test_table_is_empty_when_its_mart_has_rows_and_none_is_to_be_published(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    marts["agg_mobility"]["is_newest"] = False
    table = next(one for one in SYSTEM_TABLES if one.name == "mobility")
    assert len(marts["agg_mobility"]) > 0
    assert len(candidate(table, marts, board, facts).cells) == 0


def _from_the_warehouse(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as a build hands it over: Arrow-backed columns, exact decimals."""
    return pa.Table.from_pandas(frame, preserve_index=False).to_pandas(types_mapper=pd.ArrowDtype)


def test_tables_are_the_same_when_marts_are_arrow_backed(
    marts: Frames, board: Policy, facts: ReleaseFacts, publication: Publication
) -> None:
    backed = {name: _from_the_warehouse(frame) for name, frame in marts.items()}
    again = publish_tables(backed, board, facts)
    for name, table in publication.tables.items():
        assert table.fingerprint == again.tables[name].fingerprint, name


@pytest.mark.parametrize("empty", [*(MARTS[at::8] for at in range(8)), MARTS])
def test_release_and_page_are_made_when_marts_are_empty(
    marts: Frames, board: Policy, make_facts: Callable[..., ReleaseFacts], empty: tuple[str, ...]
) -> None:
    facts = make_facts(design="randomised")
    thinned = {name: frame.iloc[:0] if name in empty else frame for name, frame in marts.items()}
    publication = publish_tables(thinned, board, facts)
    assert publication.is_whole()
    document = impact_report(publication.frames(), facts)
    assert render_pages(document)
    assert render_workbook(document).startswith(b"PK")
