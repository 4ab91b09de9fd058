"""The month's dashboards, for the operator and the steering committee, between publications.

What they say belongs to ``reports.dashboards``. They are no part of the journey: nothing is published.
"""

# Dagster reads the annotation of `context` as a class, so annotations must not be postponed here.

import dagster as dg

from orchestration.dashboards import look, write_dashboards
from orchestration.resources import HomeResource, Occasion
from orchestration.watching import days_missed

GROUP = "dashboards"


@dg.asset(group_name=GROUP, kinds={"html"})
def dashboard_pages(
    context: dg.AssetExecutionContext, home: HomeResource, occasion: Occasion
) -> dg.MaterializeResult[None]:
    """Both pages of the day's month in the home, ``dashboards/<month>/``; made again, they are replaced."""
    place, day = home.open(), occasion.day
    with home.ledger() as ledger:
        seen = look(place, ledger, day, days_missed(place, ledger, day, context.instance))
    pages = write_dashboards(seen, place.dashboards / f"{day:%Y-%m}")
    return dg.MaterializeResult(
        metadata={"pages": [str(page) for page in pages], "missed_days": len(seen[0].missed)}
    )
