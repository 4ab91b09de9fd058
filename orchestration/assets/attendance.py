"""Where everyone stands, as an asset: the operator sees in the UI who has sent what for the newest quarter.

The rules lie in ``warehouse.attendance``; the same view on a terminal is ``guildhall status --firms``.
"""

from __future__ import annotations

import dagster as dg

from orchestration.assets.intake import accepted_extracts
from orchestration.resources import HomeResource, Occasion
from warehouse.attendance import MISSING, USABLE
from warehouse.reminding import OUTCOMES, remind
from warehouse.standing import StandingOfAll, where_everyone_stands


@dg.asset(deps=[accepted_extracts], group_name="intake", kinds={"python", "sqlite"})
def attendance(home: HomeResource, occasion: Occasion) -> dg.MaterializeResult[None]:
    """Who has sent what for the newest quarter that has ended, who is late, and each firm's score.

    Firms with an address are told of files that were refused, rejected or held; a channel that is down waits
    for the next run and stops nothing.
    """
    with home.ledger() as ledger:
        standing = where_everyone_stands(home.open(), ledger, None, occasion.day)
        told = remind(home.open(), ledger, occasion.day, OUTCOMES) if home.open().config.notify.firm else None
    notices = {} if told is None else {"notices_sent": len(told.sent), "notices_failed": len(told.failed)}
    return dg.MaterializeResult(metadata={**_metadata(standing), **notices})


def _metadata(standing: StandingOfAll) -> dict[str, dg.MetadataValue | str | int]:
    places = [place for firm in standing.firms for place in firm.places]
    records = [
        dg.TableRecord(
            {"firm": firm.firm_id}
            | {place.contract: place.state + " late" * place.is_late for place in firm.places}
            | {"score": "" if firm.score is None else str(firm.score)}
        )
        for firm in standing.firms
    ]
    return {
        "period": standing.period,
        "due_on": standing.due.isoformat(),
        "expected": len(places),
        "usable": sum(place.state in USABLE for place in places),
        "missing": sum(place.state == MISSING for place in places),
        "late": sum(place.is_late for place in places),
        "waiting": sum(place.waiting for place in places),
        "firms": dg.MetadataValue.table(records) if records else "no member firm yet",
    }
