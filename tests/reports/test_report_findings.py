"""Sentences and alerts agree with their numbers and claim no more than the intervals allow."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from reports import findings, wording
from reports.alerts import alerts, is_below_limit
from reports.columns import PUBLISHED
from reports.intervals import Interval, wilson
from reports.published import Published, Row


def _row(label: str, numerator: int, denominator: int, *, start: str = "2025Q1", status: int = 1) -> Row:
    interval = wilson(numerator, denominator)
    return Row(
        metric_id="employment_rate_q2",
        label=label,
        group="",
        start=start,
        end=start,
        status=status,
        unit="share",
        value=numerator / denominator if status == 1 else None,
        cents=None,
        interval=interval if status == 1 else None,
        numerator=numerator if status == 1 else None,
        denominator=denominator if status == 1 else None,
        base="",
    )


def _cohorts(*counts: tuple[int, int]) -> tuple[Row, ...]:
    quarters = [f"{2023 + n // 4}Q{n % 4 + 1}" for n in range(len(counts))]
    return tuple(_row(q, *c, start=q) for q, c in zip(quarters, counts, strict=True))


def test_contrast_names_both_ends_when_their_intervals_are_apart() -> None:
    rows = (_row("Welding", 190, 200), _row("Nursing", 150, 200), _row("Driving", 120, 200))
    title = "Employment two quarters after exit ranges from 60% (Driving) to 95% (Welding)"
    assert findings.contrast(rows, "programs") == title


def test_contrast_ranks_nobody_when_intervals_overlap() -> None:
    rows = (_row("Welding", 84, 100), _row("Nursing", 80, 100))
    expected = (
        "Employment two quarters after exit: differences between programs are within the margin of error"
    )
    assert findings.contrast(rows, "programs") == expected


def test_contrast_names_no_range_when_both_ends_are_printed_alike() -> None:
    rows = (_row("Welding", 800_400, 1_000_000), _row("Nursing", 804_000, 1_000_000))
    assert (
        findings.contrast(rows, "programs") == "Employment two quarters after exit: 80% in all programs shown"
    )


def test_tally_counts_each_verdict_and_leaves_out_what_is_not_shown() -> None:
    verdicts = [
        replace(_row("Gate", 1, 2), metric_id="tier_gate", unit="gate", value=v) for v in (1, -1, 1, None)
    ]
    assert findings.tally(tuple(verdicts)) == f"{verdicts[0].measure.title}: 2 passed; 1 failed"
    assert findings.tally(tuple(verdicts[3:])) == ""


@pytest.mark.parametrize(
    ("women", "young", "said"),
    [
        (190, 100, " differs beyond the margin of error by sex, and not by the other"),
        (190, 190, " differs beyond the margin of error by sex and age at entry"),
        (100, 100, ": differences between groups are within the margin of error"),
    ],
)
def test_contrast_sets_no_group_against_one_of_another_dimension(women: int, young: int, said: str) -> None:
    rows = (
        replace(_row("Sex: women", women, 200), dimension="sex"),
        replace(_row("Sex: men", 100, 200), dimension="sex"),
        replace(_row("Age at entry: under 25", young, 200), dimension="age"),
        replace(_row("Age at entry: 25 and over", 100, 200), dimension="age"),
        replace(_row("Everybody", 60, 200), dimension="all"),
    )
    assert findings.contrast(rows, "groups") == f"Employment two quarters after exit{said}"


def test_contrast_compares_nothing_when_each_dimension_has_one_group() -> None:
    rows = tuple(replace(_row(name, 100, 200), dimension=name) for name in ("all", "role"))
    assert findings.contrast(rows, "groups").endswith(": no two of the groups shown can be compared")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.824, "share", "82%"),
        (0.001, "share", "[low]"),
        (9300.0, "usd_per_quarter", "$9,300"),
        (1.8, "usd_per_hour", "$1.80"),
        (-0.2, "usd_per_hour", "−$0.20"),
        (34.0, "days", "34 days"),
        (1250.0, "persons", "1,250"),
    ],
)
def test_value_is_printed_as_finely_as_its_unit_is_published(value: float, unit: str, said: str) -> None:
    assert wording.in_unit(value, unit) == said


def test_contrast_leaves_out_what_is_not_shown() -> None:
    rows = (_row("Welding", 190, 200), _row("Secret", 10, 200, status=5))
    assert findings.contrast(rows, "programs") == "Employment two quarters after exit: 95% in Welding"
    assert findings.contrast(rows[1:], "programs") == findings.NOTHING_SHOWN


@pytest.mark.parametrize(
    ("last", "word"), [((190, 200), "is higher"), ((80, 200), "is lower"), ((150, 200), "within")]
)
def test_trend_says_what_the_intervals_allow(last: tuple[int, int], word: str) -> None:
    assert word in findings.trend(_cohorts((145, 200), (100, 200), last))


@pytest.mark.parametrize(("later", "said"), [(61, "+1 point ("), (59, "−1 point ("), (60, "0 points (")])
def test_change_on_year_is_told_in_points(later: int, said: str) -> None:
    assert findings.change_on_year(_cohorts(*[(60, 100)] * 4, *[(later, 100)] * 4)).startswith(said)


def test_change_on_year_pools_four_quarters_when_there_are_eight() -> None:
    sentence = findings.change_on_year(_cohorts(*[(60, 100)] * 4, *[(70, 100)] * 4))
    assert sentence.startswith("+10 points (95% interval +3 to +16)")
    assert "newest four quarters" in sentence


def test_change_on_year_compares_one_quarter_when_there_are_five() -> None:
    assert "2024Q1 against 2023Q1" in findings.change_on_year(_cohorts(*[(60, 100)] * 5))


def test_change_on_year_is_silent_when_a_quarter_is_missing() -> None:
    rows = _cohorts(*[(60, 100)] * 5)
    assert findings.change_on_year(rows[:2] + rows[3:]) == ""


def test_fund_sentence_compares_with_the_quarter_a_year_before() -> None:
    totals = {f"2025Q{n}": Decimal(1_000_000 + n) for n in range(1, 5)} | {"2026Q1": Decimal(900_000)}
    assert (
        findings.fund_balance(totals)
        == "The fund held $900,000 at the end of 2026Q1, $100,000 less than a year before"
    )


@pytest.mark.parametrize("target", [(0.5, "above"), (0.75, "within the margin of error"), (0.9, "below")])
def test_target_is_judged_by_the_interval(target: tuple[float, str]) -> None:
    assert target[1] in findings.target_gap(_row("All", 150, 200), target[0])


@pytest.mark.parametrize(("newest", "alarms"), [(58, True), (62, True), (75, False), (90, False)])
def test_alert_fires_only_when_a_cohort_is_below_its_limit(newest: int, alarms: bool) -> None:
    """p̄ = 0.8, n = 100: the limit is 0.8 − 3 × 0.04 = 0.68."""
    assert is_below_limit((newest, 100), (800, 1000)) is alarms


def test_alert_does_not_fire_when_intervals_overlap() -> None:
    assert not is_below_limit((6, 10), (10, 10))


def _cohort_frame(values: list[int | None]) -> pd.DataFrame:
    rows = [
        {
            "metric_id": "employment_rate_q2",
            "label": f"{2023 + n // 4}Q{n % 4 + 1}",
            "cohort_start": f"{2023 + n // 4}Q{n % 4 + 1}",
            "value_status": -1 if numerator is None else 1,
            "value": None if numerator is None else numerator / 100,
            "value_lower": None if numerator is None else wilson(numerator, 100).lower,
            "value_upper": None if numerator is None else wilson(numerator, 100).upper,
            "numerator_rounded_count": numerator,
            "denominator_rounded_count": None if numerator is None else 100,
            "unit": "share",
        }
        for n, numerator in enumerate(values)
    ]
    return pd.DataFrame(rows).reindex(columns=list(PUBLISHED))


def test_alert_names_what_since_when_how_many_and_who() -> None:
    found = alerts(Published({"outcomes_by_cohort": _cohort_frame([80, 82, 79, 81, 80, 50])}))
    assert len(found) == 1
    assert "fell to 50%" in found[0].what
    assert (found[0].since, found[0].on_how_many) == ("the cohort of 2024Q2", "100 people")
    assert found[0].who_acts


def test_alert_does_not_fire_on_an_immature_cohort() -> None:
    """Trap 28."""
    assert alerts(Published({"outcomes_by_cohort": _cohort_frame([80, 82, 79, 81, 80, None])})) == ()


def test_headline_says_nothing_when_nothing_is_shown() -> None:
    assert findings.headline(Published({})).startswith("This release shows no outcome")


def test_effect_is_said_by_its_careful_estimator_and_never_against_another() -> None:
    def estimate(name: str, value: float | None, lower: float, upper: float) -> Row:
        row = _row(name, 1, 2)
        interval = Interval(lower, upper)
        return replace(
            row,
            metric_id="effect_earnings",
            group=name,
            unit="usd_per_quarter",
            value=value,
            interval=interval,
        )

    rows = (
        estimate("default", 500, 400, 600),
        estimate("careful", 600, 100, 1100),
        estimate("placebo", -100, -200, 0),
    )
    said = findings.governing(rows)
    assert said.endswith(": $600 (95% interval $100 to $1,100) by the careful estimator")
    assert findings.governing(rows[:1]).endswith(
        ": $500 (95% interval $400 to $600) by the default estimator"
    )
    assert findings.governing((estimate("careful", None, 0, 0),)) == findings.NOTHING_SHOWN
