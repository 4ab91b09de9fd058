"""A stricter policy reaches what the dbt project computes at all, and another build is made for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration import dbt
from orchestration.dbt import basis, floors
from reports.disclosure.policy import load_preset
from transforms import PROJECT_DIR
from warehouse.config import CalendarEntry, Consortium, ConsortiumConfig, PolicyChoice, Study
from warehouse.home import Home, init_home

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


DAY = date(2026, 11, 12)


def _home(folder: Path, **settings: Any) -> Home:
    config = ConsortiumConfig(
        consortium=Consortium(id="test", name="Test", region="Test"),
        releases=(CalendarEntry(period="2026-Q3", date=DAY),),
        **settings,
    )
    return init_home(folder, config)


def test_basis_is_the_same_for_the_same_day_and_settings(tmp_path: Path) -> None:
    assert basis(_home(tmp_path / "one"), DAY) == basis(_home(tmp_path / "other"), DAY)


def test_basis_changes_with_day_design_policy_code_and_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _home(tmp_path / "home")
    stricter = PolicyChoice(tighten={"count": {"min_persons": 20}})
    found = [
        basis(home, DAY),
        basis(home, date(2026, 11, 13)),
        basis(_home(tmp_path / "lottery", study=Study(design="randomised")), DAY),
        basis(_home(tmp_path / "stricter", policy=stricter), DAY),
    ]
    with monkeypatch.context() as other:
        other.setattr(dbt, "version", lambda name: f"another {name}")
        found.append(basis(home, DAY))
    with monkeypatch.context() as other:
        other.setattr(dbt, "code_digest", lambda: "other code")
        found.append(basis(home, DAY))
    assert len(set(found)) == len(found)
    assert basis(home, DAY) == found[0]
