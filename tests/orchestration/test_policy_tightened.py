"""A consortium's own, stricter thresholds: from its settings into the gate, the manifest and the audit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import PolicyError
from orchestration import facts
from orchestration.journey import run_journey
from reports.disclosure.policy import load_preset
from warehouse.config import CalendarEntry, Consortium, ConsortiumConfig, PolicyChoice
from warehouse.home import Home, init_home

STRICTER = {"count": {"min_firms": 5, "dominance": [[1, 80], [2, 90]]}, "min_persons_distribution": 50}


def _home(folder: Path, tighten: dict[str, Any]) -> Home:
    config = ConsortiumConfig(
        consortium=Consortium(id="test", name="Test", region="Test"),
        releases=(CalendarEntry(period="2026-Q3", date=date(2026, 11, 12)),),
        policy=PolicyChoice(tighten=tighten),
    )
    init_home(folder, config)
    return Home.open(folder)


def test_policy_is_as_strict_as_the_settings_say(tmp_path: Path) -> None:
    home = _home(tmp_path / "home", STRICTER)
    policy = facts.policy_of(home)
    assert (policy.count.min_firms, policy.min_persons_distribution) == (5, 50)
    assert policy.sha256 != load_preset("board").sha256
    assert policy == load_preset("board").tightened_by(home.config.policy.tighten)


@pytest.mark.parametrize(
    ("tighten", "code"),
    [
        ({"count": {"min_firms": 2}}, "POL-003"),
        ({"coutn": {"min_firms": 9}}, "POL-004"),
        ({"name": "mine"}, "POL-004"),
        ({"min_responders": "many"}, "POL-004"),
    ],
)
def test_run_takes_nothing_when_the_settings_loosen_or_misspell_a_threshold(
    tmp_path: Path, tighten: dict[str, Any], code: str
) -> None:
    home = _home(tmp_path / "home", tighten)
    with pytest.raises(PolicyError, match=code):
        run_journey(home, as_of=date(2026, 11, 12))
    assert not list(home.root.glob("builds/b*"))
