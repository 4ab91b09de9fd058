"""What makes a panel, and who is too few for an estimate: refusals with codes, never zeros."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from contracts.errors import PanelError
from reports.impact.frame import Columns, panel_of
from reports.impact.panel import NEVER, Panel, Window, refusal
from reports.impact.results import Reason
from reports.impact.study import study
from reports.impact.verdict import Verdict
from tests.reports.impact.worlds import World, draw

COLUMNS = Columns(person="who", unit="firm", time="quarter", entry="first", outcome="pay")


def _rows(**changes: object) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "who": ["a", "a", "b", "b"],
            "firm": ["F1", "F1", "F1", "F1"],
            "quarter": ["2025Q4", "2026Q1"] * 2,
            "first": ["2026Q1", "2026Q1", "", ""],
            "pay": [1.0, 2.0, 3.0, 4.0],
        }
    )
    return rows.assign(**changes)


def test_panel_has_a_row_per_person_and_a_column_per_quarter_when_rows_are_long() -> None:
    panel = panel_of(_rows(), COLUMNS)
    assert panel.outcome.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert panel.entry.tolist() == [1, NEVER]
    assert panel.quarters == ("2025Q4", "2026Q1")


def test_panel_is_the_same_when_rows_come_in_another_order() -> None:
    drawn = draw(World("small", workers=60, firms=3, history=8), 1).panel
    rows = _long(drawn)
    one, other = (panel_of(frame, COLUMNS) for frame in (rows, rows.sample(frac=1, random_state=3)))
    assert sorted(map(tuple, one.outcome)) == sorted(map(tuple, other.outcome))
    assert study(one).default == study(other).default


def _long(panel: Panel) -> pd.DataFrame:
    persons, quarters = panel.shape
    return pd.DataFrame(
        {
            "who": np.repeat(np.arange(persons), quarters),
            "firm": np.repeat(panel.unit, quarters),
            "quarter": np.tile(np.arange(quarters), persons) + 1,
            "first": np.repeat(np.where(panel.entry == NEVER, 0, panel.entry + 1), quarters),
            "pay": panel.outcome.ravel(),
        }
    ).dropna(subset=["pay"])


def test_quarters_nobody_wrote_about_are_not_observed_rather_than_zero() -> None:
    panel = panel_of(_rows().iloc[[0, 2, 3]], COLUMNS)
    assert np.isnan(panel.outcome[0, 1])
    assert not panel.observed[0, 1]


def test_participant_belongs_to_the_firm_of_the_last_quarter_before_entry_when_moving() -> None:
    rows = _rows(firm=["F1", "F2", "F2", "F2"])
    assert panel_of(rows, COLUMNS).unit.tolist() == [0, 1]


def test_comparison_worker_belongs_to_the_firm_of_most_quarters_when_moving() -> None:
    moved = pd.DataFrame(
        {
            "who": ["c"] * 3,
            "firm": ["F1", "F2", "F2"],
            "quarter": ["2025Q3", "2025Q4", "2026Q1"],
            "first": [None] * 3,
            "pay": [1.0, 1.0, 1.0],
        }
    )
    panel = panel_of(pd.concat([_rows(), moved], ignore_index=True), COLUMNS)
    assert panel.unit_count == 2
    assert panel.unit.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("IMP-004", _rows().iloc[:0]),
        ("IMP-005", _rows(quarter=["soon", "later"] * 2)),
        ("IMP-005", _rows(quarter=[1.5, 2.5] * 2, first=[2.5, 2.5, None, None])),
        ("IMP-005", _rows(quarter=[20250101, 20260101] * 2, first=[20260101, 20260101, None, None])),
        ("IMP-006", _rows(who=["a", "a", None, "b"])),
        ("IMP-006", _rows(quarter=["2025Q4", None] * 2)),
        ("IMP-007", _rows(quarter=["2025Q4"] * 4)),
        ("IMP-008", _rows(first=["2026Q1", "2025Q4", "", ""])),
        ("IMP-009", _rows(pay=["1", "2", "much", "4"])),
        ("IMP-009", _rows(pay=[1.0, 2.0, float("inf"), 4.0])),
    ],
)
def test_panel_is_refused_with_a_code_when_rows_are_no_panel(code: str, rows: pd.DataFrame) -> None:
    with pytest.raises(PanelError) as caught:
        panel_of(rows, COLUMNS)
    assert caught.value.code == code
    assert "much" not in str(caught.value)


def _panel(world: World | None = None) -> Panel:
    return draw(world or World("enough", workers=900, firms=12, share=0.15, history=8), 2).panel


def _with_entry(panel: Panel, entry: np.ndarray) -> Panel:
    return Panel.of(panel.outcome, entry, panel.unit)


def test_estimate_is_given_when_every_floor_is_met() -> None:
    assert refusal(_panel(), Window()) is None


def _participants(panel: Panel, count: int) -> Panel:
    """Only so many of the participants, the others never enrolled."""
    entry = panel.entry.copy()
    entry[np.flatnonzero(panel.is_participant)[count:]] = NEVER
    return _with_entry(panel, entry)


@pytest.mark.parametrize(("count", "refused"), [(99, True), (100, False), (101, False)])
def test_fewer_than_a_hundred_participants_are_refused(count: int, refused: bool) -> None:
    # Spread over many firms: only the number of persons is at stake.
    panel = draw(World("spread", workers=900, firms=12, share=0.15, history=8), 2).panel
    chosen = np.flatnonzero(panel.is_participant)
    order = np.argsort(np.arange(len(chosen)) % 12, kind="stable")
    entry = panel.entry.copy()
    entry[chosen[order][count:]] = NEVER
    found = refusal(_with_entry(panel, entry), Window())
    assert (found is not None and found.reason is Reason.FEW_PARTICIPANTS) == refused


@pytest.mark.parametrize(("firms", "refused"), [(9, True), (10, False), (11, False)])
def test_fewer_than_ten_firms_with_both_groups_are_refused(firms: int, refused: bool) -> None:
    panel = draw(World("firms", workers=100 * firms, firms=firms, share=0.15, history=8), 4).panel
    found = refusal(panel, Window())
    assert (found is not None and found.reason is Reason.FEW_UNITS) == refused


def test_panel_is_refused_when_nobody_is_left_to_compare_with() -> None:
    panel = _panel()
    answer = study(_with_entry(panel, np.where(panel.is_participant, panel.entry, 14)))
    assert answer.refusal is not None
    assert answer.refusal.reason is Reason.NO_COMPARISON
    assert answer.judgement.verdict is Verdict.NOT_ESTIMABLE


def test_panel_is_refused_when_one_quarter_is_all_there_is() -> None:
    panel = _panel()
    one = Panel.of(panel.outcome[:, :1], panel.entry, panel.unit)
    found = refusal(one, Window())
    assert found is not None
    assert found.reason is Reason.ONE_PERIOD


def test_panel_is_refused_when_nobody_is_seen_in_the_effect_window() -> None:
    panel = _panel()
    cut = np.where(panel.event >= 4, np.nan, panel.outcome)
    found = refusal(Panel.of(cut, panel.entry, panel.unit), Window())
    assert found is not None
    assert found.reason is Reason.EMPTY_WINDOW


def test_panel_is_refused_when_the_outcome_never_varies() -> None:
    panel = _panel()
    found = refusal(Panel.of(np.ones(panel.shape), panel.entry, panel.unit), Window())
    assert found is not None
    assert found.reason is Reason.NO_VARIATION


def test_careful_interval_is_refused_and_nothing_called_positive_when_history_is_short() -> None:
    whole = draw(World("clear", workers=900, firms=12, share=0.15, history=8, effect=0.3), 2).panel
    panel = Panel.of(whole.outcome[:, 1:], whole.entry - 1 * whole.is_participant, whole.unit)
    answer = study(panel)
    assert panel.history == 7
    assert answer.careful is None
    assert {one.reason for one in answer.adjusted.values()} == {Reason.SHORT_HISTORY}  # type: ignore[union-attr]
    assert answer.judgement.verdict is Verdict.MAYBE_GAIN


def test_refusals_name_no_small_count() -> None:
    answer = study(_participants(_panel(), 3))
    assert answer.refusal is not None
    assert "3" not in answer.refusal.found
