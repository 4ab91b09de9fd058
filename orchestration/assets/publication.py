"""Marts → disclosure → release → report: what leaves the building, and the checks that hold it back.

Nothing is published before its day, and nothing that the gate has not passed. Where no release is due,
or the due one already stands, these assets materialize nothing and their checks are skipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import dagster as dg

from orchestration import facts
from orchestration.auditing import audit_staged
from orchestration.publishing import (
    gated_tables,
    write_manifest,
    write_proof,
    write_report,
    write_tables,
)
from orchestration.resources import HomeResource, Occasion
from reports.disclosure.reread import indiscretions
from reports.tables import MARTS
from warehouse import builds, releases
from warehouse.approving import park
from warehouse.editions import Edition
from warehouse.missed import REFUSED, record_held_back

GROUP = "publication"
Nothing = Iterator[dg.Output[None]]


@dg.asset(
    deps=[dg.AssetKey(mart) for mart in MARTS], group_name=GROUP, kinds={"python"}, output_required=False
)
def published_tables(home: HomeResource, occasion: Occasion) -> Nothing:
    """The tables of the due release, each passed by the disclosure gate, staged beside the releases."""
    place = home.open()
    edition = occasion.edition(place)
    if edition is None:
        return
    publication = gated_tables(place, builds.latest_build(place), edition)
    staging = releases.stage_release(place, edition.period, edition.version)
    write_proof(place, edition, publication)
    write_tables(place, builds.latest_build(place), edition, publication, staging)
    # Reasons can give something away: they are for the operator's record of the run, never for the release.
    yield dg.Output(
        None,
        metadata={
            "tables": len(publication.tables),
            "withheld": publication.withheld_count,
            "shown_share": publication.shown_share,
            "withheld_for": dg.MetadataValue.json(publication.reasons()),
        },
    )


@dg.asset_check(asset=published_tables, blocking=True)
def tables_keep_to_their_status(home: HomeResource, occasion: Occasion) -> dg.AssetCheckResult:
    """Read back from the files: no row says more than its status, and all that is withheld is listed."""
    place = home.open()
    edition = occasion.edition(place)
    if edition is None:
        return dg.AssetCheckResult(passed=True, description="No release is due, so nothing is staged.")
    wrong = indiscretions(
        releases.read_tables(releases.open_staging(place, edition.period, edition.version).root)
    )
    if wrong:
        _held_back(home, edition, [])
    return dg.AssetCheckResult(passed=not wrong, metadata={"wrong": wrong})


def _held_back(home: HomeResource, edition: Edition, codes: Sequence[str]) -> None:
    """Put into the ledger that the release was refused, by code only, so that a missed day has its reason."""
    place = {"period": edition.period, "version": edition.version}
    with home.ledger() as ledger:
        record_held_back(ledger, place | {"why": REFUSED, "codes": [*sorted(set(codes))]})


@dg.asset(deps=[published_tables], group_name=GROUP, kinds={"html"}, output_required=False)
def report_page(home: HomeResource, occasion: Occasion) -> Nothing:
    """The report, rendered from the staged tables as they were written and from nothing else."""
    place = home.open()
    edition = occasion.edition(place)
    if edition is None:
        return
    staging = releases.open_staging(place, edition.period, edition.version)
    size = write_report(place, builds.latest_build(place), edition, staging)
    yield dg.Output(None, metadata={"bytes_of_largest_page": size})


@dg.asset_check(asset=report_page, blocking=True)
def nothing_gives_anyone_away(home: HomeResource, occasion: Occasion) -> dg.AssetCheckResult:
    """The disclosure audit of the staged tables and their pages; it shares no code with what hid their cells.

    Counts by code only: a cell that is named as exposed is exposed twice. `guildhall audit` names them.
    """
    place = home.open()
    edition = occasion.edition(place)
    if edition is None:
        return dg.AssetCheckResult(passed=True, description="No release is due, so nothing is staged.")
    policy = facts.policy_of(place).model_dump(mode="json")
    audit = audit_staged(releases.open_staging(place, edition.period, edition.version).root, policy)
    if not audit.passed:
        _held_back(home, edition, [finding.code for finding in audit.findings])
    counts = Counter(f"{finding.code} {finding.meaning}" for finding in audit.findings)
    return dg.AssetCheckResult(
        passed=audit.passed,
        description=" ".join((audit.in_public(), *audit.unchecked)),
        metadata={"found": dict(counts), "looked_at": dict(audit.checked), "not_checked": [*audit.unchecked]},
    )


@dg.asset(deps=[report_page], group_name=GROUP, kinds={"python"}, output_required=False)
def release(home: HomeResource, occasion: Occasion) -> Nothing:
    """The immutable release: manifest, one rename, the CURRENT pointer, and the ledger's word on it.

    Where somebody must approve, it is staged whole and waits instead.
    """
    place = home.open()
    edition = occasion.edition(place)
    if edition is None:
        return
    staging = releases.open_staging(place, edition.period, edition.version)
    write_manifest(place, builds.latest_build(place), edition, staging)
    with home.ledger() as ledger:
        if place.config.publication.is_required:
            yield dg.Output(None, metadata={"waits_for_approval": park(place, staging, ledger).name})
            return
        made = releases.promote(staging, ledger)
    yield dg.Output(None, metadata={"release": f"{made.period} {made.version}"})


@dg.asset_check(asset=release, blocking=True)
def release_verifies(home: HomeResource) -> dg.AssetCheckResult:
    """Every file of the newest release has the hash its manifest says."""
    if not releases.all_releases(home.open()):
        return dg.AssetCheckResult(passed=True, description="No release is public: one waits for approval.")
    verified = releases.verify_release(releases.read_release(home.open()).root)
    return dg.AssetCheckResult(
        passed=True, metadata={"manifest": verified.manifest_sha256, "files": verified.files}
    )
