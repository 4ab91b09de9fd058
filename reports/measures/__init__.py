"""The measures a release may hold, in the order in which every published table lists them.

One module for each system of measures. How a measure is computed stands in the marts and in
``metric_definitions.csv``. Thresholds do not belong here.
"""

from __future__ import annotations

from contracts.errors import DisclosureError
from reports.measures.credentials import CREDENTIALS
from reports.measures.demand import DEMAND
from reports.measures.fund import FUND
from reports.measures.impact import IMPACT
from reports.measures.measure import Measure, Statistic
from reports.measures.mobility import MOBILITY
from reports.measures.outcomes import OUTCOMES
from reports.measures.people import PEOPLE
from reports.measures.quality import QUALITY
from reports.measures.returns import RETURNS
from reports.measures.steering import STEERING
from reports.measures.study import STUDY
from reports.measures.supply import SUPPLY

__all__ = ["MEASURES", "Measure", "Statistic", "measure", "rank"]

MEASURES = (
    *OUTCOMES,
    *PEOPLE,
    *IMPACT,
    *RETURNS,
    *FUND,
    *DEMAND,
    *SUPPLY,
    *MOBILITY,
    *CREDENTIALS,
    *STEERING,
    *QUALITY,
    *STUDY,
)
_BY_ID = {measure.metric_id: measure for measure in MEASURES}
_RANK = {metric_id: place for place, metric_id in enumerate(_BY_ID)}


def measure(metric_id: str) -> Measure:
    """The measure of this id; DisclosureError DIS-010 for one that no release plan knows."""
    if metric_id not in _BY_ID:
        raise DisclosureError(
            "DIS-010",
            found=f"the measure {metric_id!r}",
            expected="a measure listed in reports/measures",
            where="the marts handed to the disclosure gate",
            remedy="Describe the measure there, with its kind, before it is published.",
        )
    return _BY_ID[metric_id]


def rank(metric_id: str) -> int:
    """The place of a measure in every published table."""
    return _RANK[measure(metric_id).metric_id]
