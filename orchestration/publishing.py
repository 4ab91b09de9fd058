"""The four steps that fill a staged release, the same for the journey and for a rebuild of an old one.

When they run and what blocks them is decided by the assets in ``assets.publication``.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration import facts
from reports import companions
from reports.disclosure.protect.evidence import read_evidence, write_evidence
from reports.disclosure.suppression import EFFORT, SYSTEMS
from reports.page import render_pages
from reports.pdf import render_pdf
from reports.queryable import furnishing
from reports.report import impact_report
from reports.report_workbook import render_workbook
from reports.tables import MARTS, Publication, publish_tables
from warehouse import builds, releases
from warehouse.builds import Build
from warehouse.home import CalendarEntry, Home


def gated_tables(home: Home, build: Build, entry: CalendarEntry) -> Publication:
    """Every table of the plan, passed by the disclosure gate."""
    marts = {name: builds.read_mart(build, name) for name in MARTS}
    earlier = [read_evidence(folder) for folder in _earlier(home, entry)]
    return publish_tables(marts, facts.policy_of(home), facts.release_facts(home, build, entry), earlier)


def _earlier(home: Home, entry: CalendarEntry) -> list[Path]:
    """The folders of evidence of the releases before this one, oldest first."""
    folders = home.evidence.glob("*/v*/")
    return sorted(folder for folder in folders if folder.parent.name < entry.period)


def write_tables(
    home: Home, build: Build, entry: CalendarEntry, publication: Publication, staging: releases.Staging
) -> None:
    """The gated tables as files, the furnished database, and what lies beside them."""
    frames, comments = publication.frames(), publication.comments()
    releases.write_tables(staging, frames, comments, furnishing(frames))
    said = facts.release_facts(home, build, entry)
    releases.write_files(staging, companions.table_companions(staging.root, comments, said))
    releases.write_files(staging, {companions.PACKAGE: companions.data_package(staging.root, comments, said)})


def write_proof(home: Home, entry: CalendarEntry, publication: Publication) -> None:
    """The operator's folder of a release: why each hidden cell is hidden, and the evidence; never in the
    release.
    """
    folder = home.evidence / entry.period / releases.FIRST_VERSION
    shutil.rmtree(folder, ignore_errors=True)
    policy = facts.policy_of(home)
    meta = {
        "release": f"{entry.period}/{releases.FIRST_VERSION}",
        "seed": EFFORT.seed,
        "iterations": EFFORT.rounds,
        "bounds": policy.attacker_bounds,
        "attackers": "the public and every single firm",
        "systems": {name: dict(words) for name, words in SYSTEMS.items()},
        "unprotectable": [],
    }
    write_evidence(
        folder,
        publication.internal_evidence,
        policy.model_dump(mode="json") | {"sha256": policy.sha256},
        meta,
    )
    explained = publication.internal_explanations
    explained.to_csv(folder / "explanations.csv", index=False, lineterminator="\n")


def write_report(home: Home, build: Build, entry: CalendarEntry, staging: releases.Staging) -> int:
    """The report as pages, PDF and workbook, from the staged tables as they were written; the largest page's
    bytes.
    """
    tables = releases.read_tables(staging.root)
    document = impact_report(tables, facts.release_facts(home, build, entry))
    pages = render_pages(document)
    whole = {"report.pdf": render_pdf(document), "report.xlsx": render_workbook(document)}
    releases.write_files(staging, pages | whole)
    return max(len(page) for page in pages.values())


def write_manifest(home: Home, build: Build, entry: CalendarEntry, staging: releases.Staging) -> None:
    """Checksums and the manifest over everything staged; they come last."""
    releases.write_files(staging, {companions.CHECKSUMS: companions.checksums(staging.root)})
    releases.write_manifest(staging, facts.manifest_facts(home, build, entry))
