"""An analyst's panel through ``guildhall effect``: words first, refusals with codes, no cell repeated."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from contracts.errors import PanelError
from orchestration.cli import guildhall
from reports.impact.panel import NEVER
from tests.reports.impact.worlds import World, draw

WORLD = World("analyst", workers=1_500, firms=24, share=0.25, history=20, dip=1.0, effect=0.1)
COLUMNS = ("--person", "who", "--unit", "firm", "--time", "quarter", "--entry", "first", "--outcome", "pay")


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    panel = draw(WORLD, 1).panel
    persons, quarters = panel.shape
    names = [f"{2015 + n // 4}Q{n % 4 + 1}" for n in range(quarters)]
    first = [None if entry == NEVER else names[entry] for entry in panel.entry]
    return pd.DataFrame(
        {
            "who": np.repeat([f"worker{n}" for n in range(persons)], quarters),
            "firm": np.repeat(panel.unit, quarters),
            "quarter": names * persons,
            "first": np.repeat(np.array(first, dtype=object), quarters),
            "pay": panel.outcome.ravel(),
        }
    )


def _effect(path: Path, *more: str) -> Result:
    return CliRunner().invoke(guildhall, ["effect", str(path), *COLUMNS, *more])


def test_effect_of_a_csv_panel_is_said_in_words_first(rows: pd.DataFrame, tmp_path: Path) -> None:
    rows.to_csv(tmp_path / "panel.csv", index=False)
    said = _effect(tmp_path / "panel.csv")
    assert said.exit_code == 0, said.output
    lines = said.output.splitlines()
    assert lines[0].startswith("Positive")
    assert "quarters 4 to 8 after entry" in said.output
    assert "worker1" not in said.output


def test_csv_and_parquet_of_the_same_panel_answer_the_same(rows: pd.DataFrame, tmp_path: Path) -> None:
    rows.to_csv(tmp_path / "panel.csv", index=False)
    rows.to_parquet(tmp_path / "panel.parquet", index=False)
    one, other = (
        json.loads(_effect(tmp_path / f"panel.{kind}", "--json").output) for kind in ("csv", "parquet")
    )
    assert one["default"]["value"] == pytest.approx(other["default"]["value"], abs=1e-9)
    assert one["verdict"] == other["verdict"] == "positive"
    assert set(one["drift_and_dip"]) == {"2", "4"}


def test_too_few_firms_are_an_answer_with_a_code_and_no_number(rows: pd.DataFrame, tmp_path: Path) -> None:
    rows[rows["firm"] < 9].to_csv(tmp_path / "panel.csv", index=False)
    said = _effect(tmp_path / "panel.csv", "--json")
    answer = json.loads(said.output)
    assert said.exit_code == 0
    assert answer["verdict"] == "not_estimable"
    assert answer["default"]["not_estimable"] in ("IMP-101", "IMP-102")
    assert "value" not in answer["default"]


@pytest.mark.parametrize(
    ("code", "name", "text"),
    [
        ("IMP-001", "nowhere.csv", None),
        ("IMP-001", "panel.doc", "who"),
        ("IMP-002", "panel.csv", "who,firm\n1,2,3\n"),
        ("IMP-002", "panel.parquet", "no parquet"),
        ("IMP-003", "panel.csv", "who,firm\n1,2\n"),
        ("IMP-009", "panel.csv", "who,firm,quarter,first,pay\n1,2,3,,secret\n1,2,4,,5\n"),
    ],
)
def test_panel_that_is_none_is_refused_with_a_code(
    code: str, name: str, text: str | None, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    said = _effect(tmp_path / name)
    assert isinstance(said.exception, PanelError)
    assert said.exception.code == code
    assert "secret" not in str(said.exception)
    assert str(tmp_path) not in str(said.exception)


@pytest.mark.parametrize("window", ["4", "8:4", "a:b"])
def test_window_that_is_none_is_refused(window: str, rows: pd.DataFrame, tmp_path: Path) -> None:
    rows.head(50).to_csv(tmp_path / "panel.csv", index=False)
    assert _effect(tmp_path / "panel.csv", "--window", window).exit_code == 2
