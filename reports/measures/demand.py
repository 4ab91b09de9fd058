"""Where talent is wanted, and how long it takes to find it."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

DEMAND = (
    Measure(
        "time_to_fill",
        Statistic.MEDIAN,
        False,
        "The time until half of the seats are filled",
        "Days until half of the seats are filled",
        "seats",
        "days from approval until half of all seats have been filled, cancelled seats never being filled",
    ),
    Measure(
        "internal_fill_rate",
        Statistic.RATE,
        False,
        "The share of seats filled from within",
        "Seats filled from within",
        "seats filled",
        "of the seats that were filled, the share filled by an internal move or a promotion",
    ),
)
