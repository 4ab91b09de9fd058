"""Private scorecards and fund statements, delivered after a release: to every member once, and late where
needed.

Every run delivers what is still missing for the newest release, so a box that was out of reach and a run
that was killed behind the release get theirs with the next one. What the pages say belongs to
``reports.scorecards``.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from contracts.errors import BuildError
from orchestration.assets.publication import release
from orchestration.resources import HomeResource, Progress
from orchestration.scorecards import Wish, is_missing, make_scorecards

GROUP = "members"


@dg.asset(deps=[release], group_name=GROUP, kinds={"html"}, output_required=False)
def scorecards(home: HomeResource, progress: dg.ResourceParam[Progress]) -> Iterator[dg.Output[None]]:
    """Each member's own scorecard and fund statement for the newest release, in its box.

    A firm whose pages cannot be made or delivered stops nobody; its code is told, never what it says. Where
    the release's build is no longer kept, nothing is delivered and the run goes on.
    """
    place = home.open()
    if not is_missing(place):
        return
    try:
        outcome = make_scorecards(place, Wish(), progress.stage("Scorecards and fund statements"))
    except BuildError as error:
        yield dg.Output(None, metadata={"delivered": 0, "why": f"{error.code} {error.found}"})
        return
    failed = {one.firm_id: f"{one.code} {one.found}" for one in outcome.failed}
    yield dg.Output(
        None,
        metadata={
            "release": outcome.release,
            "delivered": len(outcome.done),
            "had_theirs": len(outcome.already),
            "failed": dg.MetadataValue.json(failed),
        },
    )
