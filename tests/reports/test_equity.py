"""The four-fifths rule on published counts: who is flagged, and that many looks are corrected for."""

from __future__ import annotations

import pytest

from reports.equity import RESIDUAL, flagged, four_fifths, gaps
from reports.published import Published, Row
from reports.systems.groups import group_label
from reports.tables import Publication


def _row(label: str, numerator: int, denominator: int, group: str = "x") -> Row:
    return Row(
        metric_id="completion_rate",
        label=label,
        group=group,
        start="2023Q4",
        end="2025Q4",
        status=1,
        unit="share",
        value=numerator / denominator,
        cents=None,
        interval=None,
        numerator=numerator,
        denominator=denominator,
        base="",
    )


@pytest.mark.parametrize(
    ("numerator", "is_flagged"),
    [(320, False), (319, True)],
    ids=["exactly four fifths", "just below four fifths"],
)
def test_group_is_flagged_below_four_fifths_and_not_at_it(numerator: int, is_flagged: bool) -> None:
    rows = [_row("Trait: no", 400, 500), _row("Trait: yes", numerator, 500)]
    assert bool(flagged(gaps(rows))) is is_flagged


def test_small_group_below_four_fifths_is_not_flagged_when_the_interval_holds_zero() -> None:
    rows = [_row("Trait: no", 80, 100), _row("Trait: yes", 6, 10)]
    assert gaps(rows)[0].ratio < 0.8
    assert flagged(gaps(rows)) == []


def test_one_finding_among_many_looks_is_corrected_away() -> None:
    alone = [_row("Trait: no", 80, 100), _row("Trait: yes", 25, 40)]
    many = [_row(f"Trait {number}: {group}", 80, 100) for number in range(30) for group in ("a", "b")]
    assert len(flagged(gaps(alone))) == 1
    assert flagged(gaps([*alone, *many])) == []


def test_those_who_did_not_answer_are_held_against_nobody() -> None:
    rows = [_row("Trait: no", 80, 100), _row("Trait: undisclosed or small", 10, 100, RESIDUAL)]
    assert gaps(rows) == []


def test_report_names_the_planted_group_and_no_other(publication: Publication) -> None:
    blocks = four_fifths(Published(publication.frames()), "equity_outcomes", ("completion_rate",))
    listed = [row for block in blocks for row in getattr(block, "rows", ())]
    assert [row[1] for row in listed] == ["Single parent: yes"]


@pytest.mark.parametrize(
    ("dimension", "group", "said"),
    [
        ("race_ethnicity", "black", "Race and ethnicity: Black"),
        ("race_ethnicity", "another_race", "Race and ethnicity: another race"),
        ("single_parent", "yes", "Single parent: yes"),
        ("some_dimension", "1_to_3", "Some dimension: 1 to 3"),
    ],
)
def test_group_is_named_in_words(dimension: str, group: str, said: str) -> None:
    assert group_label(dimension, group) == said
