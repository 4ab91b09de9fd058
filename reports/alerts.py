"""Alerts for the committee: newest cohorts outside the control limits of the earlier ones.

At most three, never on a suppressed or immature value, never where intervals overlap. From published
cohort rows only. Who is told and how does not belong here.
"""

from __future__ import annotations

import math

from reports.document import Alert
from reports.intervals import wilson
from reports.published import Published, Row
from reports.wording import number, span

WATCHED = ("employment_rate_q2", "completion_rate", "retention_same_employer_q2_q4", "credential_attainment")
MIN_EARLIER_COHORTS = 4
MOST_ALERTS = 3
ACCEPTED_SHARE_FLOOR = 0.95
"""Below this share of accepted rows of an extract, the operator has something to mend (house choice)."""


def alerts(published: Published) -> tuple[Alert, ...]:
    """The alerts of this release, the most consequential first."""
    falters = [_falter(published.rows("outcomes_by_cohort", metric)) for metric in WATCHED]
    intake = [_rejected(row) for row in published.rows("intake_quality", "rows_accepted")]
    return tuple(alert for alert in (*falters, *intake) if alert is not None)[:MOST_ALERTS]


def is_below_limit(newest: tuple[int, int], earlier: tuple[int, int]) -> bool:
    """Whether a cohort lies below the lower limit of a p-chart and apart from the earlier cohorts' interval.

    Each pair is (numerator, denominator); the limit is p̄ − 3·√(p̄(1 − p̄)/n) with p̄ from the earlier cohorts.
    """
    mean = earlier[0] / earlier[1]
    limit = mean - 3 * math.sqrt(mean * (1 - mean) / newest[1])
    return newest[0] / newest[1] < limit and not wilson(*newest).overlaps(wilson(*earlier))


def _falter(rows: tuple[Row, ...]) -> Alert | None:
    shown = [row for row in rows if row.is_shown and row.denominator]
    if len(shown) <= MIN_EARLIER_COHORTS:
        return None
    newest, earlier = shown[-1], shown[:-1]
    pooled = (sum(row.numerator or 0 for row in earlier), sum(row.denominator or 0 for row in earlier))
    if not is_below_limit((newest.numerator or 0, newest.denominator or 0), pooled):
        return None
    return Alert(
        what=f"{newest.measure.subject} fell to {number(newest)} "
        f"(95% interval {span(newest.interval, newest.unit)}), below the limit that earlier cohorts set",
        since=f"the cohort of {newest.label}",
        on_how_many=f"{newest.denominator:,} people",
        who_acts="the committee's program lead",
    )


def _rejected(row: Row) -> Alert | None:
    if row.value is None or row.value >= ACCEPTED_SHARE_FLOOR:
        return None
    return Alert(
        what=f"Only {number(row)} of the rows of the extract “{row.label}” met the data contract",
        since="this release's submissions",
        on_how_many=f"{row.denominator or 0:,} rows",
        who_acts="the operator, with the firms whose receipts list the rows",
    )
