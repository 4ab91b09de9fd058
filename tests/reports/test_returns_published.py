"""Returns through the gate: reckoned from what is printed beside them, hidden with it, and said in words."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from reports.disclosure.policy import Policy
from reports.document import Note
from reports.facts import ReleaseFacts
from reports.impact import returns as core
from reports.impact.assumptions import AssumptionSet, assumptions_of
from reports.impact.returns import Costs, Gain
from reports.published import Published
from reports.rendering import render_report
from reports.report import impact_report
from reports.return_blocks import return_blocks, verdict
from reports.return_tables import COLUMNS, return_candidates
from reports.tables import Publication, publish_tables

Frames = dict[str, pd.DataFrame]
PAGE = "report/what-the-training-did.html"


def _of_release(frames: Frames) -> tuple[Gain, Costs, AssumptionSet]:
    """What a reader of the published tables alone would reckon with."""
    effects = frames["effects"].set_index(["metric_id", "group_value"]).loc["effect_earnings"]
    card = frames["study_cards"].set_index("metric_id").loc["effect_earnings"]
    both = effects.loc[["default", "careful"]]
    gain = Gain(
        value=effects.loc["careful", "value"],
        lower=both["value_lower"].min() - 50,
        upper=both["value_upper"].max() + 50,
        seen_share=1 - card["attrition_participants"],
    )
    return gain, costs_of_release(frames), assumptions_of(frames["return_assumptions"])


def costs_of_release(frames: Frames) -> Costs:
    """Costs per participant, by hand from the published tables."""
    of_unit = frames["unit_costs"][frames["unit_costs"]["metric_id"] == "cost_per_participant"]
    served = of_unit.loc[of_unit["program_id"].isna(), "denominator_rounded_count"].item()
    spent = frames["training_costs"].set_index("group_value")["value"].astype("float64") / served
    spent.index = spent.index.astype(str)  # of a release that was read: Arrow text, which has no .str here
    source = spent.index.str.split(":").str[0]
    pay = frames["outcomes_consortium"].set_index("metric_id").loc["median_earnings_q2", "value"]
    return Costs(
        firms=spent[source == "EMPLOYER"].sum(),
        public=spent[source.str.startswith("PUBLIC")].sum(),
        foundations=spent[source == "PHILANTHROPY"].sum(),
        stipends=spent[spent.index.str.endswith(":STIPEND") & (source != "IN_KIND")].sum(),
        in_kind=spent[source == "IN_KIND"].sum(),
        class_hours=frames["returns"].set_index("metric_id").loc["return_class_hours", "value"],
        hourly_pay=pay / 500,
    )


def test_returns_can_be_worked_out_from_the_published_tables_alone(publication: Publication) -> None:
    frames = publication.frames()
    found = core.returns(*_of_release(frames), seed=2026)
    rows = frames["returns"].set_index(["metric_id", "group_value"])
    for metric, part in (
        ("return_net", found.net),
        ("return_observed", found.observed),
        ("return_benefit", found.benefit),
        ("return_cost", found.cost),
    ):
        for ledger, figure in part.items():
            row = rows.loc[(metric, ledger)]
            # Hours of class are printed whole: half an hour of them is a few dollars.
            assert row["value"] == pytest.approx(figure.value, abs=60)
            assert row["value_lower"] == pytest.approx(math.floor(figure.lower / 100) * 100, abs=100)
            assert row["value_upper"] == pytest.approx(math.ceil(figure.upper / 100) * 100, abs=100)
            # Rounded outward: to the nearest step, an end would lie up to 50 inside.
            assert row["value_lower"] <= figure.lower + 10
            assert row["value_upper"] >= figure.upper - 10


def test_published_interval_holds_what_the_exact_careful_interval_implies(
    marts: Frames, publication: Publication
) -> None:
    _, costs, assumed = _of_release(publication.frames())
    effects = marts["agg_effects"]
    careful = effects[(effects["metric_id"] == "effect_earnings") & (effects["interval"] == "careful")]
    seen = 1 - 0.21
    ends = [
        core.returns(Gain(end, end, end, seen), costs, assumed).net["society"].value
        for end in (float(careful["value_lower"].item()), float(careful["value_upper"].item()))
    ]
    rows = publication.tables["returns"].frame.set_index(["metric_id", "group_value"])
    society = rows.loc[("return_net", "society")]
    assert society["value_lower"] <= min(ends)
    assert society["value_upper"] >= max(ends)


def test_published_ledgers_sum_to_society_up_to_rounding(publication: Publication) -> None:
    rows = publication.tables["returns"].frame
    for metric in ("return_net", "return_observed", "return_benefit", "return_cost"):
        value = rows[rows["metric_id"] == metric].set_index("ledger")["value"]
        assert value["society"] == pytest.approx(value[["worker", "firm", "public"]].sum(), abs=200)
    pay = rows[rows["line"] == "pay"].set_index("ledger")["value"]
    assert pay["worker"] == -pay["firm"]


def test_rows_say_their_ledger_line_evidence_and_assumptions(publication: Publication) -> None:
    rows = publication.tables["returns"].frame
    assert list(rows.columns) == list(COLUMNS)
    assert set(rows["assumption_set"]) == {"1.0.0"}
    assert rows["evidence"].notna().all()
    saving = rows[rows["metric_id"] == "saving_time_to_fill"].iloc[0]
    assert saving["evidence"].startswith("A description")
    assert pd.isna(saving["ledger"])
    line = rows[rows["group_value"] == "worker:pay"].iloc[0]
    assert (line["ledger"], line["line"]) == ("worker", "pay")


def _rows(marts: Frames, policy: Policy, facts: ReleaseFacts) -> pd.DataFrame:
    """The rows of ``returns`` as they would be published if the gate hid none."""
    candidate = next(one for one in return_candidates(marts, policy, facts) if one.name == "returns")
    return candidate.finish(candidate.cells)


def test_worker_has_no_ratio_when_stipends_exceed_pay_lost(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    costs = marts["agg_training_costs"]
    costs.loc[costs["category_code"] == "STIPEND", "used_usd_real"] = 3_000_000.0
    rows = _rows(marts, board, facts)
    ratio = rows[rows["metric_id"] == "return_ratio"].set_index("ledger")
    assert ratio.loc["worker", "value_status"] == -2
    assert pd.isna(ratio.loc["worker", "value"])
    assert ratio.loc["society", "value_status"] == 1


def test_savings_are_in_no_ledger(marts: Frames, board: Policy, facts: ReleaseFacts) -> None:
    before = _rows(marts, board, facts)
    fills = marts["agg_fill_channels"]
    saved = fills["channel"] == "saved"
    fills.loc[saved, ["mean_days", "mean_lower", "mean_upper"]] = [90.0, 80.0, 99.0]
    after = _rows(marts, board, facts)
    is_saving = before["metric_id"].str.startswith("saving")
    pd.testing.assert_frame_equal(before[~is_saving], after[~is_saving])
    value = after.set_index("metric_id")["value"]["saving_time_to_fill"]
    assert value == pytest.approx(3 * before.set_index("metric_id")["value"]["saving_time_to_fill"], abs=150)


def _few_behind_the_effect(marts: Frames) -> None:
    for name in ("agg_effect_contributors", "agg_program_effect_contributors"):
        marts[name] = marts[name][marts[name]["parent_group_id"].isin(["G1", "G2", "G3"])]


def _few_givers(marts: Frames) -> None:
    givers = marts["agg_training_cost_contributors"]
    marts["agg_training_cost_contributors"] = givers[givers["parent_group_id"] == "G1"]


def _few_behind_the_pay(marts: Frames) -> None:
    behind = marts["agg_outcome_contributors"]
    is_pay = (behind["metric_id"] == "median_earnings_q2") & (behind["breakdown"] == "consortium")
    marts["agg_outcome_contributors"] = behind[~is_pay | (behind["parent_group_id"] == "G01")]


@pytest.mark.parametrize("hide", [_few_behind_the_effect, _few_givers, _few_behind_the_pay])
def test_returns_are_withheld_with_the_effect_or_the_cost_that_they_rest_on(
    hide: object, marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    hide(marts)  # type: ignore[operator]
    publication = publish_tables(marts, board, facts)
    rows = publication.tables["returns"].frame
    assert set(rows["value_status"]) <= {5, -2}
    assert rows[["value", "value_lower", "value_upper"]].isna().all(axis=None)
    page = render_report(publication.frames(), facts)[PAGE].decode()
    assert "What the fund got for it: withheld" in page
    assert "For society" not in page


def test_returns_are_not_available_without_a_careful_effect(
    marts: Frames, board: Policy, facts: ReleaseFacts
) -> None:
    effects = marts["agg_effects"]
    marts["agg_effects"] = effects[effects["interval"] != "careful"].reset_index(drop=True)
    rows = _rows(marts, board, facts)
    assert set(rows["value_status"]) == {-1}
    (said,) = return_blocks(Published({"returns": rows}))
    assert isinstance(said, Note)
    assert "not available: there is no careful effect" in said.text


@pytest.mark.parametrize(
    ("value", "lower", "upper", "words"),
    [
        (1400.0, 100.0, 9000.0, "For society, training came to more than it cost: a net $1,400"),
        (-1400.0, -9000.0, -100.0, "For society, training came to less than it cost: a net −$1,400"),
        (1400.0, 0.0, 9000.0, "cannot be told from what it cost: a net $1,400"),
        (1400.0, -100.0, 9000.0, "cannot be told from what it cost: a net $1,400"),
    ],
)
def test_words_name_a_side_only_when_the_interval_lies_on_it(
    value: float, lower: float, upper: float, words: str, publication: Publication
) -> None:
    frame = publication.tables["returns"].frame
    is_society = (frame["metric_id"] == "return_net") & (frame["ledger"] == "society")
    frame.loc[is_society, ["value", "value_lower", "value_upper"]] = [value, lower, upper]
    rows = {row.group: row for row in Published({"returns": frame}).rows("returns", "return_net")}
    assert words in verdict(rows["society"])


def test_report_says_in_words_what_the_interval_supports_before_the_figures(
    publication: Publication, facts: ReleaseFacts
) -> None:
    society = next(
        row for row in Published(publication.frames()).rows("returns", "return_net") if row.group == "society"
    )
    assert society.interval is not None
    assert society.interval.lower < 0 < society.interval.upper
    assert verdict(society).startswith("For society, what training came to cannot be told from what it cost")
    page = render_report(publication.frames(), facts)[PAGE].decode()
    assert page.index("cannot be told from what it cost") < page.index('id="return-ledgers-title"')
    assert "They must not be added up." in page


def test_heading_keeps_a_minus_sign_with_its_dollars(publication: Publication, facts: ReleaseFacts) -> None:
    page = render_report(publication.frames(), facts)[PAGE].decode()
    heading = next(line for line in page.splitlines() if "<h3>By ledger" in line)
    assert heading.strip() == (
        '<h3>By ledger: workers $5,500, member firms <span class="amount">−$5,000</span>, '
        "public and foundations $800, society $1,300</h3>"
    )


def test_chapter_holds_effects_first_then_returns(publication: Publication, facts: ReleaseFacts) -> None:
    document = impact_report(publication.frames(), facts)
    chapter = next(one for one in document.chapters if one.chapter_id == "what-the-training-did")
    assert [one.section_id for one in chapter.sections] == ["effects", "effects-by-group", "returns"]
