"""The second look at published tables: each planted indiscretion is seen, and a clean release passes."""

from __future__ import annotations

import pandas as pd
import pytest

from reports.disclosure.gate import VALUE_COLUMNS
from reports.disclosure.reread import indiscretions


def _tables() -> dict[str, pd.DataFrame]:
    row = {"metric_id": "a", "value_status": 1, **dict.fromkeys(VALUE_COLUMNS, 1.0)}
    hidden = {"metric_id": "b", "value_status": 5, **dict.fromkeys(VALUE_COLUMNS)}
    early = {"metric_id": "a", "value_status": -1, **dict.fromkeys(VALUE_COLUMNS)}
    return {
        "outcomes": pd.DataFrame([row, hidden, early]),
        "metric_definitions": pd.DataFrame({"metric_id": ["a"]}),
        "withheld": pd.DataFrame({"table_name": ["outcomes"], "metric_id": ["b"]}),
    }


def test_nothing_is_found_when_every_row_keeps_to_its_status() -> None:
    assert indiscretions(_tables()) == []


@pytest.mark.parametrize("column", VALUE_COLUMNS)
@pytest.mark.parametrize("row", [1, 2])
def test_number_in_a_row_without_a_published_status_is_found(column: str, row: int) -> None:
    tables = _tables()
    tables["outcomes"].loc[row, column] = 0.5
    assert len(indiscretions(tables)) == 1


def test_hidden_measure_that_is_not_listed_is_found() -> None:
    tables = _tables()
    tables["withheld"] = tables["withheld"].iloc[:0]
    assert len(indiscretions(tables)) == 1


def test_listed_measure_that_is_not_hidden_is_found() -> None:
    tables = _tables()
    tables["outcomes"].loc[1, "value_status"] = 1
    assert len(indiscretions(tables)) == 1


def test_release_without_its_list_of_withheld_measures_is_found() -> None:
    tables = _tables()
    del tables["withheld"]
    assert len(indiscretions(tables)) == 1
    assert indiscretions({}) != []


def test_table_of_words_about_statuses_is_no_table_of_measures() -> None:
    tables = _tables() | {"value_statuses": pd.DataFrame({"value_status": [1, 5], "meaning": ["a", "b"]})}
    assert indiscretions(tables) == []
