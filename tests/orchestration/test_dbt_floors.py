"""A stricter policy reaches what the dbt project computes at all."""

from __future__ import annotations

import yaml

from orchestration.dbt import floors
from reports.disclosure.policy import load_preset
from transforms import PROJECT_DIR

_DECLARED = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


def test_floors_of_the_board_policy_are_those_the_project_declares() -> None:
    board = floors(load_preset("board"))
    assert board == {name: _DECLARED[name] for name in board}


def test_floors_rise_with_a_tightened_policy() -> None:
    stricter = load_preset("board").tightened_by(
        {"count": {"min_persons": 20}, "wage_derived": {"min_firms": 7}, "min_responders": 15}
    )
    assert floors(stricter) == {
        "min_persons": 20,
        "min_responders": 15,
        "pool_below": 100,
        "alert_least_persons": 20,
        "shrink_below_firms": 7,
    }


def test_policy_without_thresholds_leaves_the_projects_floors_in_force() -> None:
    assert floors(load_preset("already_public", source="published_before")) == {}
