"""What became of the people who took part."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

OUTCOMES = (
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
)
