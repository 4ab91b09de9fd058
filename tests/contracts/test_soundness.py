"""Soundness, by drawing: where the judges differ about a cell, Hypothesis finds the smallest such cell.

Breadth is for ``soundness``: a hundred thousand cells a kind. Here few are drawn, freely, and shrunk.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contracts.soundness.fields_on_trial import TRIALS, Trial
from tests.contracts.soundness.nasty_cells import ALIEN
from tests.contracts.soundness.three_judges import hear

CELLS_AT_ONCE = 150
ROUNDS = 8
POOL = 400


def cells_of(trial: Trial) -> st.SearchStrategy[list[str]]:
    """Lists of good texts, good ones with something alien in them, and noise."""
    good = st.sampled_from(trial.good(np.random.default_rng(7), POOL))
    noise = st.text(st.characters(codec="utf-8"), max_size=12)
    one = st.one_of(good, good, spliced(good), spliced(good), noise).filter(bool)
    return st.lists(one, min_size=1, max_size=CELLS_AT_ONCE)


@st.composite
def spliced(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text with one alien character put in, put over or put behind."""
    text, alien = draw(texts), draw(st.sampled_from(ALIEN))
    at = draw(st.integers(0, len(text)))
    return text[:at] + alien + text[at + draw(st.integers(0, 1)) :]


@pytest.mark.parametrize("kind", sorted(TRIALS))
def test_three_judges_give_every_drawn_cell_the_same_verdict(kind: str) -> None:
    trial = TRIALS[kind][0]

    @settings(max_examples=ROUNDS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cells_of(trial))
    def agree(texts: list[str]) -> None:
        assert hear(trial, texts).differences == ()

    agree()
