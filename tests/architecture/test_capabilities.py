"""The table of capabilities names only what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.capabilities import CAPABILITIES, TITLES, Capability
from reports import outcome_tables, performance_cards, return_tables, study_cards
from reports.systems import SYSTEM_REFERENCES, SYSTEM_TABLES
from transforms import PROJECT_DIR

ROOT = Path(__file__).parents[2]
PUBLISHED = {
    *(table.name for table in outcome_tables.OUTCOME_TABLES),
    *(table.name for table in (*SYSTEM_TABLES, *SYSTEM_REFERENCES)),
    *("fund_ledger", "unit_costs", "intake_quality", "metric_definitions", "withheld", "earnings_by_arm"),
    *(return_tables.RETURNS, return_tables.BY_PROGRAM, study_cards.NAME, performance_cards.NAME),
}


def _by_number(capability: Capability) -> str:
    return str(capability.number)


def test_rows_come_once_and_in_order() -> None:
    numbers = [one.number for one in CAPABILITIES]
    assert numbers == sorted(set(numbers) & set(TITLES))


@pytest.mark.parametrize("capability", CAPABILITIES, ids=_by_number)
def test_capability_names_marts_tests_and_tables_that_exist(capability: Capability) -> None:
    models = {path.stem for path in PROJECT_DIR.glob("models/marts/**/*.sql")}
    assert set(capability.marts) <= models
    assert [name for name in capability.tests if not (ROOT / "tests" / name).is_file()] == []
    assert set(capability.published) <= PUBLISHED


def test_every_published_system_table_belongs_to_a_capability() -> None:
    told = {name for one in CAPABILITIES for name in one.published}
    assert {table.name for table in (*SYSTEM_TABLES, *SYSTEM_REFERENCES)} <= told
