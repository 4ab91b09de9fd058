"""A consortium's own, stricter thresholds: from its settings into the gate, the manifest and the audit."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest

from contracts.errors import PolicyError
from orchestration import auditing, facts
from orchestration.journey import run_journey
from reports.disclosure.policy import load_preset
from warehouse.config import CalendarEntry, Consortium, ConsortiumConfig, PolicyChoice
from warehouse.home import Home, init_home

STRICTER = {"count": {"min_firms": 5, "dominance": [[1, 80], [2, 90]]}, "min_persons_distribution": 50}


def _home(folder: Path, tighten: dict[str, Any], revision: Literal["frozen", "batch"] = "frozen") -> Home:
    config = ConsortiumConfig(
        consortium=Consortium(id="test", name="Test", region="Test"),
        releases=(CalendarEntry(period="2026-Q3", date=date(2026, 11, 12)),),
        policy=PolicyChoice(tighten=tighten, revision=revision),
    )
    init_home(folder, config)
    return Home.open(folder)


def test_policy_is_as_strict_as_the_settings_say(tmp_path: Path) -> None:
    home = _home(tmp_path / "home", STRICTER)
    policy = facts.policy_of(home)
    assert (policy.count.min_firms, policy.min_persons_distribution) == (5, 50)
    assert policy.sha256 != load_preset("board").sha256
    assert policy == load_preset("board").tightened_by(home.config.policy.tighten)


def test_policy_revises_as_the_settings_say_and_its_hash_names_it(tmp_path: Path) -> None:
    home = _home(tmp_path / "home", {}, revision="batch")
    assert home.config.policy.revision == "batch"
    assert facts.policy_of(home) == load_preset("board").revising("batch")
    assert facts.policy_of(home).sha256 != load_preset("board").sha256


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


@pytest.mark.parametrize("tightened", [STRICTER, {}])
def test_audit_of_a_folder_judges_by_what_its_manifest_tightens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tightened: dict[str, Any]
) -> None:
    said = {"name": "board"} | ({"tightened": tightened} if tightened else {})
    manifest = {"period": "2026-Q3", "version": "v1.0", "policy": said}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    judged_by = []
    monkeypatch.setattr(auditing, "audit_release", lambda _places, policy, _tell: judged_by.append(policy))
    auditing.audit_folder(tmp_path)
    assert judged_by == [load_preset("board").tightened_by(tightened).model_dump(mode="json")]
    assert (judged_by != [load_preset("board").model_dump(mode="json")]) == bool(tightened)
