"""The dashboards of one day, gathered from a home and written, each audience's in a folder of its own.

What they say and what the committee may see belongs to ``reports.dashboards``; when, to the schedule.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from orchestration import facts
from reports.dashboards.committee import committee_dashboard
from reports.dashboards.operator import operator_dashboard
from reports.dashboards.seen import Inside, Shared, extracts_in, not_cleared, open_alerts
from reports.page import render_sheet
from reports.published import Published
from warehouse import releases
from warehouse.disk import replace_bytes
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.missed import MissedDay
from warehouse.owners import alerts_of
from warehouse.standing import StandingOfAll, where_everyone_stands
from warehouse.status import standings, waiting_files

COMMITTEE, OPERATOR = "committee/dashboard.html", "operator/dashboard.html"


def look(home: Home, ledger: Ledger, day: date, missed: Sequence[MissedDay]) -> tuple[Shared, Inside]:
    """What there is to see on a day; releases that are not public by then are left out."""
    standing, alerts = where_everyone_stands(home, ledger, None, day), not_cleared(alerts_of(home))
    inside = Inside(standing, standings(home, ledger), waiting_files(home), alerts)
    return _shared(home, standing, alerts, missed), inside


def _shared(home: Home, standing: StandingOfAll, alerts: pd.DataFrame, missed: Sequence[MissedDay]) -> Shared:
    config, policy, newest = home.config, facts.policy_of(home), releases.release_on(home, standing.as_of)
    return Shared(
        day=standing.as_of,
        consortium=config.consortium.name,
        region=config.consortium.region,
        notice=policy.notice if policy.is_off else "",
        calendar=config.releases,
        missed=missed,
        release=newest,
        published=Published({} if newest is None else releases.read_tables(newest.root)),
        alerts=open_alerts(alerts),
        quarter=standing.period,
        due=standing.due,
        extracts=extracts_in(standing, policy.count.min_firms),
    )


def write_dashboards(seen: tuple[Shared, Inside], out: Path) -> tuple[Path, ...]:
    """Both pages below ``out``, each in a folder that can be handed on alone; what lay there is replaced."""
    shared, inside = seen
    pages = {COMMITTEE: committee_dashboard(shared), OPERATOR: operator_dashboard(shared, inside)}
    for name, document in pages.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_bytes(path, render_sheet(document))
    return tuple(out / name for name in pages)
