"""Who moves between members, who stays, what becomes of pay, and which occupations follow which: pooled."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

MOBILITY = (
    Measure(
        "mobility_rate",
        Statistic.RATE,
        True,
        "The share of workers who moved to another member",
        "Moved to another member within a year",
        "workers",
        "of the workers paid again within four quarters, the share whose main employer became another member",
    ),
    Measure(
        "upward_mobility",
        Statistic.RATE,
        True,
        "The share of movers who earn more",
        "Movers with at least 5% more real pay",
        "movers",
        "of the movers, the share whose first quarter's real pay there is at least 1.05 times what it was",
    ),
    Measure(
        "job_retention",
        Statistic.RATE,
        True,
        "The share of workers still with a member",
        "Still paid by a member a year later",
        "workers",
        "of the workers whose main employer was a member, the share any member pays four quarters later",
    ),
    Measure(
        "wage_change",
        Statistic.MEDIAN,
        True,
        "The change of real quarterly pay",
        "Change of real quarterly pay over a year",
        "workers",
        "median change of real pay between a quarter and the same a year later; it says nothing of why",
    ),
    Measure(
        "pathway_share",
        Statistic.RATE,
        True,
        "The share who worked in the other occupation a year later",
        "From one group of occupations to another within a year",
        "workers' years",
        "of the years begun in one group of occupations, the share that ended in the other",
    ),
)
