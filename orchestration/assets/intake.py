"""Box → landing → contract → lake, as Dagster assets with checks that block.

One run takes every pending drop: a run costs seconds, a drop costs milliseconds.
"""

from __future__ import annotations

import dagster as dg

from orchestration.resources import HomeResource, Progress, SignOfLife
from warehouse import releases, status
from warehouse.intake import batch_checks
from warehouse.intake.validate import validate_landed
from warehouse.intake.witness import great_expectations_witness
from warehouse.landing import land_pending

GROUP = "intake"


@dg.asset(group_name=GROUP, kinds={"python", "sqlite"})
def landed_drops(
    home: HomeResource, sign_of_life: SignOfLife, progress: dg.ResourceParam[Progress]
) -> dg.MaterializeResult[None]:
    """Every pending drop, copied under its sha256 and entered in the ledger.

    First, what a killed run left half-published is finished or voided. The first step of every run asks for
    the sign of life, which is then held until the run ends.
    """
    with home.ledger() as ledger:
        releases.settle(home.open(), ledger)
        report = land_pending(home.open(), ledger, progress.stage("Landing drops"))
    return dg.MaterializeResult(
        metadata={
            "received": report.received,
            "duplicates": report.duplicates,
            "held": report.held,
            "refused": report.refused,
            "waiting": report.waiting,
            "boxes_out_of_reach": report.unreachable,
        }
    )


@dg.asset_check(asset=landed_drops, blocking=True)
def ledger_verifies(home: HomeResource) -> dg.AssetCheckResult:
    """The hash chain and every signature of the ledger hold."""
    with home.ledger() as ledger:
        verified = ledger.verify()
    return dg.AssetCheckResult(
        passed=True, metadata={"entries": verified.entries, "head": verified.head.hash}
    )


@dg.asset(deps=[landed_drops], group_name=GROUP, kinds={"duckdb", "parquet"})
def accepted_extracts(home: HomeResource, progress: dg.ResourceParam[Progress]) -> dg.MaterializeResult[None]:
    """Landed drops judged by their contracts: typed rows in the lake, the rest in quarantine with reasons."""
    with home.ledger() as ledger:
        stage = progress.stage("Checking rows against contracts")
        report = validate_landed(home.open(), ledger, stage, witness=great_expectations_witness)
    return dg.MaterializeResult(
        metadata={
            "submissions": report.submissions,
            "rows_in": report.rows_in,
            "accepted": report.accepted,
            "quarantined": report.quarantined,
            "disputed_batches": report.disputed,
        }
    )


@dg.asset_check(asset=accepted_extracts, blocking=True)
def rows_add_up(home: HomeResource) -> dg.AssetCheckResult:
    """Rows in = accepted + quarantined, by the ledger and counted again from the lake's files."""
    with home.ledger() as ledger:
        standings = status.standings(home.open(), ledger)
    off = [standing.contract for standing in standings if not standing.adds_up]
    return dg.AssetCheckResult(passed=not off, metadata={"contracts_that_do_not_add_up": off})


@dg.asset_check(asset=accepted_extracts, blocking=False)
def batch_as_a_whole(home: HomeResource) -> dg.AssetCheckResult:
    """Great Expectations looks at the newest period of every extract: volume, absence, shares. A warning."""
    with home.ledger() as ledger:
        findings = batch_checks.check_batches(home.open(), ledger)
    odd = [_in_words(finding) for finding in findings if not finding.passed]
    return dg.AssetCheckResult(
        passed=not odd,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"looked_at": len(findings), "odd": odd},
    )


def _in_words(finding: batch_checks.BatchFinding) -> str:
    about = "/".join(filter(None, (finding.column, finding.category)))
    found = f"{finding.observed:g}, expected {finding.low} to {finding.high}"
    return f"{finding.contract} {finding.period} {finding.check} {about}: {found}"
