"""What the committee steers by: gates of tiers, what falls due by result, alerts, verdicts of pilots."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

STEERING = (
    Measure(
        "tier_gate",
        Statistic.VERDICT,
        False,
        "Whether a tier's gate is passed",
        "Gates of funding tiers",
        "people in the cohorts tested",
        "whether the newest mature cohorts stand on the right side of the gate's threshold",
    ),
    Measure(
        "performance_payable",
        Statistic.AMOUNT,
        False,
        "Pay for performance",
        "Pay for performance, all terms together",
        "people in the cohorts tested",
        "fees for mature cohorts that met their mark: due, held back until the second test, or lost in it",
    ),
    Measure(
        "alert_signal",
        Statistic.VERDICT,
        False,
        "Whether a cohort is within its control limits",
        "Cohorts against their control limits",
        "people in the cohort",
        "whether the cohort lies within three standard errors of earlier mature cohorts and without a drift",
    ),
    Measure(
        "pilot_verdict",
        Statistic.VERDICT,
        False,
        "The verdict on a pilot",
        "Verdicts on pilots",
        "people in the pilot",
        "whether the 95% interval of the registered measure lies on the good side of the registered margin",
    ),
)
