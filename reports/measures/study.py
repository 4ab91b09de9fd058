"""Earnings in a study that was designed as one."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

STUDY = (
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
