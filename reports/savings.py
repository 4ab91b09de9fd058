"""Savings as the committee words them (turnover, time to fill, ramp-up), in dollars under assumed values.

They rest on descriptions, not on effects, and they overlap: what it costs to replace somebody holds the
vacancy and the ramp-up of the successor. So each stands alone, none is added to another, and none enters a
ledger of ``impact.returns``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from reports.columns import require
from reports.disclosure.gate import MeasureKey
from reports.disclosure.policy import Policy
from reports.impact.assumptions import AssumptionSet
from reports.impact.estimates import ALL, EFFECTS
from reports.impact.returns import Ranged
from reports.rounding import rounder
from reports.systems.table import Marts

FILLS, RAMP = "agg_fill_channels", "agg_time_to_productivity"
TURNOVER, TIME_TO_FILL, RAMP_UP = "saving_turnover", "saving_time_to_fill", "saving_ramp_up"

SAVINGS: Mapping[str, frozenset[MeasureKey]] = {
    TURNOVER: frozenset({("effects", "retention_difference_firm")}),
    TIME_TO_FILL: frozenset({("fill_channels", "fill_days")}),
    RAMP_UP: frozenset({("time_to_productivity", "time_to_productivity")}),
}
"""Each saving, and the published measures it is a multiple of."""

_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Saving:
    """One described saving, in dollars per participant, or per seat filled or person hired out of a program;
    without an interval where what it rests on has none.
    """

    metric_id: str
    name: str
    label: str
    evidence: str
    figure: Ranged


def savings(marts: Marts, hourly_pay: float, assumed: AssumptionSet, policy: Policy) -> Iterator[Saving]:
    """Those that the marts know the evidence of. Pay: in dollars an hour, as published."""
    a_year = hourly_pay * assumed.fixed("hours_a_quarter") * 4
    a_day = a_year / _DAYS_A_YEAR * float(assumed.central.side_costs)
    found = (_turnover(marts, a_year, assumed, policy), _fill(marts, a_day, assumed, policy))
    yield from (one for one in (*found, _ramp(marts, a_day, assumed)) if one is not None)


def _turnover(marts: Marts, a_year: float, assumed: AssumptionSet, policy: Policy) -> Saving | None:
    rows = require(marts, EFFECTS, ("metric_id", "program_id", "interval", "value"))
    row = _only(
        rows[(rows["metric_id"] == "retention_difference_firm") & (rows["program_id"] == ALL)], "value"
    )
    if row is None:
        return None
    points = _rounded(row, ("value", "value_lower", "value_upper"), rounder("points", policy))
    return Saving(
        TURNOVER,
        "turnover",
        "Turnover: each participant's difference in staying with the firm, at the cost of replacing somebody",
        "A description: those on the payroll just before entry, against co-workers; who enrolls may have "
        "been more, or less, likely to stay",
        _times(points, a_year / 100, assumed, "turnover_cost"),
    )


def _fill(marts: Marts, a_day: float, assumed: AssumptionSet, policy: Policy) -> Saving | None:
    rows = require(marts, FILLS, ("channel", "mean_days", "mean_lower", "mean_upper"))
    row = _only(rows[rows["channel"] == "saved"], "mean_days")
    if row is None:
        return None
    days = _rounded(row, ("mean_days", "mean_lower", "mean_upper"), rounder("days", policy))
    return Saving(
        TIME_TO_FILL,
        "time_to_fill",
        "Time to fill: each seat filled out of a program, by the days it was filled sooner than others",
        "A description: filled seats of the same occupations; seats still open are in neither mean",
        _times(days, a_day, assumed, "vacancy_day"),
    )


def _ramp(marts: Marts, a_day: float, assumed: AssumptionSet) -> Saving | None:
    rows = require(marts, RAMP, ("metric_id", "group_dim", "group_value", "median_days"))
    rows = rows[(rows["metric_id"] == "time_to_productivity") & (rows["group_dim"] == "hired")]
    days = {str(name): n for name, n in zip(rows["group_value"], rows["median_days"], strict=True)}
    program, other = days.get("program_hire"), days.get("other_hire")
    if program is None or other is None or pd.isna(program) or pd.isna(other):
        return None
    saved = (int(other) - int(program)) * a_day * assumed.items["ramp_gap"].central
    return Saving(
        RAMP_UP,
        "ramp_up",
        "Ramp-up: each person hired out of a program, by the days until full productivity",
        "A description: medians of program hires and others at firms with a written standard; no interval",
        Ranged(saved, saved, saved),
    )


def _only(rows: pd.DataFrame, value: str) -> pd.Series | None:
    known = rows.dropna(subset=[value])
    return known.iloc[0] if len(known) == 1 else None


def _rounded(row: pd.Series, names: tuple[str, str, str], rounded: Callable[[float], float]) -> Ranged:
    """The value and its ends as they are published."""
    return Ranged(*(rounded(float(row[name])) for name in names))


def _times(difference: Ranged, usd: float, assumed: AssumptionSet, name: str) -> Ranged:
    """The central value; an interval over both the difference's own and the range of the assumption."""
    value = assumed.items[name]
    ends = [
        end * usd * share for end in (difference.lower, difference.upper) for share in (value.low, value.high)
    ]
    return Ranged(difference.value * usd * value.central, min(ends), max(ends))
