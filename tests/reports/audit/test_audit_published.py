"""What the published files of a release say against themselves: each fault planted and seen."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from reports.disclosure.audit.published import Opened, is_percentile, published_findings, strange_numbers
from reports.disclosure.policy import load_preset
from reports.tables import Publication

BOARD = load_preset("board").model_dump(mode="json")
Frames = dict[str, pd.DataFrame]


def _codes(tables: Frames, page: str = "") -> set[str]:
    return {finding.code for finding in published_findings(Opened(tables, page, BOARD))}


def test_publication_of_the_house_says_nothing_against_itself(
    publication: Publication, pages: dict[str, str]
) -> None:
    shown = "\n".join(page for name, page in pages.items() if name.endswith(".html"))
    opened = Opened(publication.frames(), shown, BOARD)
    assert not list(published_findings(opened))
    assert not strange_numbers(opened)


def _speak(tables: Frames) -> None:
    tables["outcomes_by_program"].loc[3, "value_status"] = 5


def _mumble(tables: Frames) -> None:
    tables["outcomes_by_program"].loc[3, "value_status"] = 4


def _exact_median(tables: Frames) -> None:
    rows = tables["outcomes_by_area"]
    place = rows.index[rows["metric_id"] == "median_earnings_q2"][0]
    rows.loc[place, "value"] = 9123.45


def _thin_median(tables: Frames) -> None:
    rows = tables["outcomes_by_area"]
    place = rows.index[rows["metric_id"] == "median_earnings_q2"][0]
    rows.loc[place, "denominator_rounded_count"] = 25


@pytest.mark.parametrize(
    "spoil, code",
    [(_speak, "AUD-202"), (_mumble, "AUD-203"), (_exact_median, "AUD-207"), (_thin_median, "AUD-207")],
)
def test_fault_in_a_table_is_found(
    publication: Publication, spoil: Callable[[Frames], None], code: str
) -> None:
    tables = publication.frames()
    spoil(tables)
    assert code in _codes(tables)


def _row(**facts: object) -> dict[str, object]:
    return {
        "metric_id": "participants_served",
        "geo_level": "K",
        "geography": "K1",
        "program_id": None,
        "cohort_start": "2024Q1",
        "cohort_end": "2024Q4",
        "label": "all",
        "unit": "persons",
        "group_dim": None,
        "value": 60,
        "value_lower": None,
        "value_upper": None,
        "value_status": 1,
        "numerator_rounded_count": None,
        "denominator_rounded_count": None,
    } | facts


def _by_program(hidden: int) -> Frames:
    parts = [_row(program_id=f"P{n}", label=f"P{n}", value=20) for n in range(3)]
    for row in parts[:hidden]:
        row |= {"value": None, "value_status": 5}
    other = [
        _row(cohort_end="2025Q4", program_id=code, value=n)
        for code, n in ((None, 50), ("P0", 30), ("P1", 20))
    ]
    return {"served": pd.DataFrame([_row(), *parts, *other])}


@pytest.mark.parametrize("hidden, codes", [(0, set()), (1, {"AUD-204"}), (2, set())])
def test_hidden_cell_is_found_when_it_follows_from_its_total(hidden: int, codes: set[str]) -> None:
    assert _codes(_by_program(hidden)) == codes


def test_average_and_count_beside_a_hidden_sum_are_found() -> None:
    average = _row(metric_id="cost_per_participant", unit="usd_per_person", denominator_rounded_count=60)
    total = _row(metric_id="fund_disbursed", unit="usd", value=None, value_status=5)
    assert _codes({"costs": pd.DataFrame([average]), "fund": pd.DataFrame([total])}) == {"AUD-206"}


@pytest.mark.parametrize(
    "text, is_strange",
    [("60", False), ("$60", False), ("61", True), ("6,000%", False), ("120", True), ("withheld [c]", False)],
)
def test_number_under_a_chart_is_strange_when_no_table_holds_it(text: str, is_strange: bool) -> None:
    page = f"<figure><table><tr><th>all</th><td>{text}</td></tr></table></figure>"
    opened = Opened({"served": pd.DataFrame([_row()])}, page, BOARD)
    assert bool(strange_numbers(opened)) is is_strange


def test_percentiles_are_known_by_registry_and_by_name() -> None:
    assert is_percentile("median_earnings_q2")
    assert is_percentile("wage_p25")
    assert not is_percentile("participants_served")
