"""The measures a release may hold: what kind of number each is and what it is called in plain words.

How a measure is computed stands in the marts and in ``metric_definitions.csv``. Thresholds do not
belong here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contracts.errors import DisclosureError


class Statistic(StrEnum):
    """What kind of number a measure is: it decides how it is judged, rounded and printed."""

    COUNT = "count"
    RATE = "rate"
    MEDIAN = "median"
    MEAN = "mean"
    UNIT_COST = "unit_cost"
    LEDGER = "ledger"
    ROWS = "rows"


@dataclass(frozen=True)
class Measure:
    """One measure: ``subject`` opens a sentence about it, ``title`` heads a figure, ``counted``
    names what its denominator counts, ``meaning`` explains it.

    ``is_wage_derived`` is a floor: a mart may say yes where this says no, never the reverse.
    """

    metric_id: str
    statistic: Statistic
    is_wage_derived: bool
    subject: str
    title: str
    counted: str
    meaning: str


_ALL = (
    Measure(
        "participants_served",
        Statistic.COUNT,
        False,
        "The number of people served",
        "People served",
        "people",
        "people with an enrollment open at any time in the period",
    ),
    Measure(
        "completion_rate",
        Statistic.RATE,
        False,
        "Completion of training",
        "Training completed",
        "periods of training",
        "of the people whose training ended, the share who completed it",
    ),
    Measure(
        "credential_attainment",
        Statistic.RATE,
        False,
        "Credential attainment",
        "Credential earned",
        "exits",
        "of the people who left, the share with a recognized credential by one year later",
    ),
    Measure(
        "employment_rate_q2",
        Statistic.RATE,
        True,
        "Employment two quarters after exit",
        "Employed two quarters after exit",
        "exits",
        "of the people who left, the share employed by a member firm two quarters later",
    ),
    Measure(
        "employment_rate_q4",
        Statistic.RATE,
        True,
        "Employment four quarters after exit",
        "Employed four quarters after exit",
        "exits",
        "of the people who left, the share employed by a member firm four quarters later",
    ),
    Measure(
        "median_earnings_q2",
        Statistic.MEDIAN,
        True,
        "Median quarterly pay two quarters after exit",
        "Median quarterly earnings two quarters after exit",
        "exits with pay",
        "the middle of what member firms paid in that quarter to people who had left two quarters before",
    ),
    Measure(
        "retention_same_employer_q2_q4",
        Statistic.RATE,
        True,
        "Retention with the same employer",
        "Still with the same employer",
        "exits with pay",
        "of the people employed two quarters after exit, the share with the same employer two quarters later",
    ),
    Measure(
        "real_earnings_change",
        Statistic.MEDIAN,
        True,
        "The median change in real quarterly pay",
        "Median change in real quarterly earnings",
        "exits with pay before and after",
        "the middle difference between pay two quarters after exit and the average of the three quarters "
        "before entry, in constant prices; a description, not an effect of the training",
    ),
    Measure(
        "cost_per_participant",
        Statistic.UNIT_COST,
        False,
        "The fund's cost per person served",
        "Fund dollars per person served",
        "people",
        "money the fund paid out for programs, divided by the people served in the same quarters",
    ),
    Measure(
        "cost_per_completer",
        Statistic.UNIT_COST,
        False,
        "The fund's cost per completer",
        "Fund dollars per completer",
        "completions",
        "money the fund paid out for the cohorts' programs, divided by the people who completed",
    ),
    Measure(
        "cost_per_placement_q2",
        Statistic.UNIT_COST,
        True,
        "The fund's cost per person employed two quarters after exit",
        "Fund dollars per person employed two quarters after exit",
        "exits with employment",
        "money the fund paid out for the cohorts' programs, divided by the people employed two quarters on",
    ),
    Measure(
        "fund_opening",
        Statistic.LEDGER,
        False,
        "Opening balance",
        "Opening balance",
        "dollars",
        "cash in the fund at the start",
    ),
    Measure(
        "fund_contributions",
        Statistic.LEDGER,
        False,
        "Firms' contributions",
        "Firms' contributions",
        "dollars",
        "cash received from firms",
    ),
    Measure(
        "fund_match",
        Statistic.LEDGER,
        False,
        "Matching money",
        "Matching money",
        "dollars",
        "cash received to match contributions",
    ),
    Measure(
        "fund_disbursed",
        Statistic.LEDGER,
        False,
        "Paid out",
        "Paid out",
        "dollars",
        "cash paid out",
    ),
    Measure(
        "fund_closing",
        Statistic.LEDGER,
        False,
        "Closing balance",
        "Closing balance",
        "dollars",
        "cash in the fund at the end",
    ),
    Measure(
        "fund_assessed",
        Statistic.LEDGER,
        False,
        "Assessed contributions",
        "Assessed contributions",
        "dollars",
        "what the funding rule asked of firms",
    ),
    Measure(
        "fund_receivable",
        Statistic.LEDGER,
        False,
        "Assessed, not yet received",
        "Assessed, not yet received",
        "dollars",
        "assessed contributions less cash received",
    ),
    Measure(
        "fund_in_kind",
        Statistic.LEDGER,
        False,
        "Contributions in kind",
        "Contributions in kind",
        "dollars",
        "rooms, equipment and instructors' time, booked in and out at the same value",
    ),
    Measure(
        "rows_accepted",
        Statistic.ROWS,
        False,
        "The share of rows accepted",
        "Rows accepted",
        "rows",
        "of the rows firms and the operator sent, the share that met the data contract",
    ),
    Measure(
        "mean_annual_earnings",
        Statistic.MEAN,
        True,
        "Mean annual pay",
        "Mean annual earnings",
        "people",
        "mean of the year's observed pay, quarters without pay counted as zero",
    ),
)
_BY_ID = {measure.metric_id: measure for measure in _ALL}


def measure(metric_id: str) -> Measure:
    """The measure of this id; DisclosureError DIS-010 for one that no release plan knows."""
    if metric_id not in _BY_ID:
        raise DisclosureError(
            "DIS-010",
            found=f"the measure {metric_id!r}",
            expected="a measure listed in reports/measures.py",
            where="the marts handed to the disclosure gate",
            remedy="Describe the measure there, with its kind, before it is published.",
        )
    return _BY_ID[metric_id]


def rank(metric_id: str) -> int:
    """The place of a measure in every published table."""
    return list(_BY_ID).index(measure(metric_id).metric_id)
