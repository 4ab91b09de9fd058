"""Marts → disclosure → release → report: what leaves the building, and the checks that hold it back.

Nothing is published before its day, and nothing that the gate has not passed. Where no release is due,
or the due one already stands, these assets materialize nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from orchestration import facts
from orchestration.resources import HomeResource, Occasion
from reports.page import render_report
from reports.tables import MARTS, publish_tables
from warehouse import builds, releases

GROUP = "publication"
Published = Iterator[dg.Output[None] | dg.AssetCheckResult]


def publication_assets() -> list[dg.AssetsDefinition]:
    """The assets of a release, in their order."""
    return [published_tables, report_page, release]


@dg.asset(
    deps=[dg.AssetKey(mart) for mart in MARTS],
    group_name=GROUP,
    kinds={"python"},
    output_required=False,
    check_specs=[dg.AssetCheckSpec("only_gated_tables", asset="published_tables", blocking=True)],
)
def published_tables(home: HomeResource, occasion: Occasion) -> Published:
    """The tables of the due release, each passed by the disclosure gate, staged beside the releases."""
    place = home.open()
    entry = facts.unpublished(place, occasion)
    if entry is None:
        return
    build = builds.latest_build(place)
    marts = {name: builds.read_mart(build, name) for name in MARTS}
    publication = publish_tables(marts, facts.policy_of(place), facts.release_facts(place, build, entry))
    staging = releases.stage_release(place, entry.period)
    releases.write_tables(staging, publication.frames(), publication.comments())
    yield dg.Output(
        None, metadata={"tables": len(publication.tables), "withheld": publication.withheld_count}
    )
    yield dg.AssetCheckResult(
        check_name="only_gated_tables",
        passed=publication.is_whole(),
        metadata={"withheld_for": dict(publication.reasons())},
    )


@dg.asset(deps=[published_tables], group_name=GROUP, kinds={"html"}, output_required=False)
def report_page(home: HomeResource, occasion: Occasion) -> Iterator[dg.Output[None]]:
    """The report, rendered from the staged tables as they were written and from nothing else."""
    place = home.open()
    entry = facts.unpublished(place, occasion)
    if entry is None:
        return
    staging = releases.open_staging(place, entry.period)
    page = render_report(
        releases.read_tables(staging.root), facts.release_facts(place, builds.latest_build(place), entry)
    )
    releases.write_report(staging, page)
    yield dg.Output(None, metadata={"bytes": len(page.encode())})


@dg.asset(
    deps=[report_page],
    group_name=GROUP,
    kinds={"python"},
    output_required=False,
    check_specs=[dg.AssetCheckSpec("release_verifies", asset="release", blocking=True)],
)
def release(home: HomeResource, occasion: Occasion) -> Published:
    """The immutable release: manifest, one rename, the CURRENT pointer, and the ledger's word on it."""
    place = home.open()
    entry = facts.unpublished(place, occasion)
    if entry is None:
        return
    staging = releases.open_staging(place, entry.period)
    releases.write_manifest(staging, facts.manifest_facts(place, builds.latest_build(place), entry))
    with home.ledger() as ledger:
        made = releases.promote(staging, ledger)
    yield dg.Output(None, metadata={"release": f"{made.period} {made.version}"})
    verified = releases.verify_release(made.root)
    yield dg.AssetCheckResult(
        check_name="release_verifies", passed=True, metadata={"manifest": verified.manifest_sha256}
    )
