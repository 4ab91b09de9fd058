"""Who could take the seats that are wanted, where they are scarcest, and how demand swings."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

SUPPLY = (
    Measure(
        "hiring_signal",
        Statistic.COUNT,
        True,
        "The number of seats expected",
        "Seats that members expect in the coming year",
        "seats",
        "seats that member firms expect to fill, pooled, from statements that are a quarter old",
    ),
    Measure(
        "members_demand",
        Statistic.COUNT,
        True,
        "The number of seats wanted",
        "Seats open, or expected next quarter",
        "seats",
        "seats open at member firms on the last day of the quarter, and those expected for the next one",
    ),
    Measure(
        "talent_supply",
        Statistic.COUNT,
        False,
        "The number of people who could take a seat",
        "People trained and not placed",
        "people",
        "people who completed a program, hold an active credential of it and do not work in its occupations",
    ),
    Measure(
        "bottleneck_rank",
        Statistic.MEAN,
        False,
        "The rank among bottlenecks",
        "Bottlenecks, the worst first",
        "jobs and open seats",
        "rank by days to fill × share of jobs vacant × criticality; 1 is the worst",
    ),
    Measure(
        "vacancy_rate",
        Statistic.RATE,
        False,
        "The share of jobs that are vacant",
        "Jobs vacant along the value chain",
        "jobs and open seats",
        "of the jobs held and the seats open at members over four quarters, the share that is open",
    ),
    Measure(
        "demand_cycle",
        Statistic.MEAN,
        False,
        "The seats opened against the usual",
        "Seats opened, against the mean of eight quarters",
        "seats",
        "seats opened in the quarter over the mean of the eight quarters that end with it; 1 is usual",
    ),
)
