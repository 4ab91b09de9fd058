"""The policy: presets, tightening, sources, and the words it may and may not use."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contracts.errors import PolicyError
from reports.disclosure.policy import PRESETS, MeasureKind, Policy, load_policy, load_preset


def _any_source(name: str) -> Policy:
    return load_preset(name, source="published_before")


def test_board_has_the_house_defaults_when_loaded() -> None:
    wage, count = load_preset("board").wage_derived, load_preset("board").count
    assert (wage.min_persons, wage.min_firms, wage.max_firm_share) == (10, 5, Decimal("0.25"))
    assert (wage.p_percent, wage.min_age_days) == (Decimal(15), 92)
    assert wage.dominance == ((1, Decimal(85)), (2, Decimal(90)))
    assert (count.min_persons, count.min_firms, count.max_firm_share) == (10, 3, None)
    assert (count.p_percent, count.min_age_days) == (Decimal(10), 0)
    assert load_preset("board").min_persons_distribution == 30


@pytest.mark.parametrize("name", ["earnings", "legacy_safety_zone"])
def test_stricter_preset_treats_every_measure_as_wage_derived(name: str) -> None:
    policy = load_preset(name)
    assert policy.thresholds(MeasureKind.COUNT) == policy.thresholds(MeasureKind.WAGE_DERIVED)


def test_legacy_safety_zone_says_that_it_is_a_floor_and_no_clearance() -> None:
    notice = load_preset("legacy_safety_zone").notice
    assert "floor, not a legal clearance" in notice
    assert "withdrew" in notice


@pytest.mark.parametrize("name", PRESETS)
def test_policy_never_calls_itself_compliant(name: str) -> None:
    policy = _any_source(name)
    assert "complian" not in " ".join((policy.notice, *policy.in_words())).lower()


@pytest.mark.parametrize("name", PRESETS)
def test_hash_names_the_content_when_loaded_twice(name: str) -> None:
    assert _any_source(name).sha256 == _any_source(name).sha256
    assert len({_any_source(other).sha256 for other in PRESETS}) == len(PRESETS)


def test_hash_changes_when_one_value_is_tightened() -> None:
    board = load_preset("board")
    assert board.tightened_by({"count": {"min_firms": 4}}).sha256 != board.sha256


def test_unknown_preset_is_refused() -> None:
    with pytest.raises(PolicyError, match="POL-001"):
        load_preset("lenient")


def test_already_public_is_refused_when_firms_drop_the_data() -> None:
    with pytest.raises(PolicyError, match="POL-002"):
        load_preset("already_public", source="member_drops")


def test_already_public_switches_thresholds_off_when_published_before() -> None:
    limits = _any_source("already_public").wage_derived
    assert (limits.min_persons, limits.min_firms, limits.min_age_days) == (0, 0, None)


TIGHTER = [
    {"wage_derived": {"min_persons": 11}},
    {"count": {"max_firm_share": "0.5"}},
    {"wage_derived": {"max_firm_share": "0.20"}},
    {"count": {"dominance": [[1, "80"], [2, "90"]]}},
    {"count": {"p_percent": "12"}},
    {"wage_derived": {"min_age_days": 180}},
    {"min_persons_distribution": 50},
    {"round_counts_to": 10},
    {"round_money_to": "200"},
    {"protection": {"share": "0.15"}},
    {"zeros": "sensitive"},
    {"coalition": 2},
    {"percentiles": "off"},
]
LOOSER = [
    {"wage_derived": {"min_persons": 9}},
    {"wage_derived": {"max_firm_share": "0.26"}},
    {"wage_derived": {"max_firm_share": None}},
    {"count": {"dominance": [[1, "86"], [2, "90"]]}},
    {"count": {"dominance": [[1, "85"]]}},
    {"count": {"p_percent": "9"}},
    {"count": {"p_percent": None}},
    {"wage_derived": {"min_age_days": 91}},
    {"min_persons_distribution": 29},
    {"round_counts_to": 1},
    {"round_counts_to": 7},
    {"round_money_to": "50"},
    {"protection": {"units": 0}},
]


@pytest.mark.parametrize("overrides", TIGHTER)
def test_policy_is_tightened_when_the_value_is_stricter(overrides: dict[str, object]) -> None:
    assert load_preset("board").tightened_by(overrides).tightened


@pytest.mark.parametrize("overrides", LOOSER)
def test_policy_is_not_loosened_when_the_value_is_laxer(overrides: dict[str, object]) -> None:
    with pytest.raises(PolicyError, match="POL-003"):
        load_preset("board").tightened_by(overrides)


@pytest.mark.parametrize(
    "overrides", [{"min_people": 5}, {"name": "mine"}, {"count": 3}, {"count": {"min_firms": "many"}}]
)
def test_tightening_is_refused_when_it_names_nothing_known(overrides: dict[str, object]) -> None:
    with pytest.raises(PolicyError, match="POL-004"):
        load_preset("board").tightened_by(overrides)


def test_policy_is_loaded_with_its_tightening_in_one_step() -> None:
    policy = load_policy("board", source="member_drops", tighten={"count": {"min_persons": 20}})
    assert policy.count.min_persons == 20
    assert policy.tightened == ("count.min_persons",)


def test_tightened_words_state_the_tightened_values() -> None:
    words = " ".join(load_preset("board").tightened_by({"wage_derived": {"min_persons": 25}}).in_words())
    assert "at least 25 people" in words
