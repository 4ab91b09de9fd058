"""Marts → effects: what the training did, between the build and its publication.

The arithmetic belongs to ``reports.impact``; which effects may be shown, to the disclosure gate.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from orchestration.estimating import estimate
from orchestration.resources import HomeResource
from reports.impact.estimates import EFFECTS, ESTIMATED
from reports.impact.outcomes import GROUP_MART, MART
from reports.impact.performance import PERFORMANCE_MART
from warehouse import builds

GROUP = "impact"


_FROM = [dg.AssetKey(mart) for mart in (MART, GROUP_MART, PERFORMANCE_MART)]


@dg.multi_asset(
    specs=[dg.AssetSpec(mart, deps=_FROM, group_name=GROUP, kinds={"python"}) for mart in ESTIMATED]
)
def effects(home: HomeResource) -> Iterator[dg.MaterializeResult[None]]:
    """Every effect, for the whole consortium and by program, kept beside the build it was estimated on."""
    build = builds.latest_build(home.open())
    estimate(build)
    said = _said(builds.read_mart(build, EFFECTS))
    for mart in ESTIMATED:
        yield dg.MaterializeResult(asset_key=mart, metadata=said if mart == EFFECTS else {})


def _said(rows: pd.DataFrame) -> dict[str, dg.MetadataValue]:
    """The words of every effect on the whole consortium, for the operator."""
    default = rows[rows["interval"] == "default"]
    said = dict(zip(default["metric_id"], default["sentence"], strict=True))
    return {"said": dg.MetadataValue.json({str(k): str(v) for k, v in said.items()})}
