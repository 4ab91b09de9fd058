"""Effects through the gate: rounded, with their words, and nothing where firms are too few."""

from __future__ import annotations

import pandas as pd
import pytest

from reports.disclosure.policy import Policy
from reports.facts import ReleaseFacts
from reports.rendering import render_report
from reports.study_cards import _WORDS, CARD_COLUMNS
from reports.tables import Publication, publish_tables

Frames = dict[str, pd.DataFrame]


def test_effect_is_published_rounded_beside_its_careful_interval(publication: Publication) -> None:
    rows = publication.tables["effects"].frame.set_index(["metric_id", "group_value"])
    default, careful = (rows.loc[("effect_earnings", one)] for one in ("default", "careful"))
    assert (default["value"], default["value_lower"], default["value_upper"]) == (500.0, 400.0, 600.0)
    assert (careful["value_lower"], careful["value_upper"]) == (100.0, 1200.0)
    assert default["denominator_rounded_count"] % 5 == 0


def test_effect_that_is_not_estimable_has_a_reason_and_no_number(publication: Publication) -> None:
    cards = publication.tables["study_cards"].frame.set_index("metric_id")
    card = cards.loc["effect_hourly_wage"]
    assert card["value_status"] == -1
    assert pd.isna(card["value"])
    assert "IMP-107" in card["statement"]


def test_card_says_what_may_be_said_and_what_could_have_been_found(publication: Publication) -> None:
    card = publication.tables["study_cards"].frame.set_index("metric_id").loc["effect_earnings"]
    assert card["statement"].startswith("Positive")
    assert card["detectable"] == 300.0
    assert card["history"] == 20
    assert list(publication.tables["study_cards"].frame.columns) == list(CARD_COLUMNS)


@pytest.fixture
def at_few_firms(marts: Frames, board: Policy, facts: ReleaseFacts) -> Publication:
    for name in ("agg_effect_contributors", "agg_program_effect_contributors"):
        marts[name] = marts[name][marts[name]["parent_group_id"].isin(["G1", "G2", "G3"])]
    return publish_tables(marts, board, facts)


def test_effect_and_its_card_are_withheld_together_when_firms_are_too_few(at_few_firms: Publication) -> None:
    effects = at_few_firms.tables["effects"].frame
    cards = at_few_firms.tables["study_cards"].frame
    shown = cards[cards["metric_id"] == "effect_earnings"]
    assert (effects.loc[effects["metric_id"] == "effect_earnings", "value_status"] == 5).all()
    assert (shown["value_status"] == 5).all()
    assert shown[list(_WORDS)].isna().all(axis=None)


def test_report_says_the_words_before_the_figures(pages: dict[str, str]) -> None:
    page = pages["report/what-the-training-did.html"]
    assert page.index("Positive: the default") < page.index("Careful: drift and dip")


def test_withheld_effect_says_nothing_in_the_report(at_few_firms: Publication, facts: ReleaseFacts) -> None:
    pages = render_report(at_few_firms.frames(), facts)
    assert not any(b"Positive: the default" in page for page in pages.values())
