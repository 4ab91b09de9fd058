"""Are announced days kept? Looked at every evening, apart from the journey that should keep them.

What counts as missed lies in ``warehouse.missed``, who is told in ``warehouse.owners``.
"""

# Dagster reads the annotation of `context` as a class, so annotations must not be postponed here.

import dagster as dg

from orchestration.resources import HomeResource, Occasion
from orchestration.watching import days_missed
from warehouse.owners import tell_owners

GROUP = "watch"


@dg.asset(group_name=GROUP, kinds={"python", "sqlite"})
def owners_told(
    context: dg.AssetExecutionContext, home: HomeResource, occasion: Occasion
) -> dg.MaterializeResult[None]:
    """Owners told, each once: of announced days that passed without their release, and of open alerts.

    A channel that is down waits for the next evening.
    """
    with home.ledger() as ledger:
        missed = days_missed(home.open(), ledger, occasion.day, context.instance)
        told = tell_owners(home.open(), ledger, missed)
    counts = {"sent": told.sent, "failed": told.failed, "without_address": told.without_address}
    return dg.MaterializeResult(
        metadata={"missed_days": len(missed)} | {name: len(found) for name, found in counts.items()}
    )


@dg.asset_check(asset=owners_told, blocking=False)
def announced_days_are_kept(
    context: dg.AssetCheckExecutionContext, home: HomeResource, occasion: Occasion
) -> dg.AssetCheckResult:
    """No announced day has passed without its release; else which, and why."""
    with home.ledger() as ledger:
        missed = days_missed(home.open(), ledger, occasion.day, context.instance)
    return dg.AssetCheckResult(passed=not missed, metadata={"missed": [one.words for one in missed]})
