"""The four steps that fill a staged release, the same for the journey and for a rebuild of an old one.

When they run and what blocks them is decided by the assets in ``assets.publication``.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from orchestration import facts
from reports import companions
from reports.dcat import DCAT
from reports.disclosure.amounts import read_amounts, write_amounts
from reports.disclosure.protect.evidence import read_evidence, write_evidence
from reports.disclosure.standing import Standing
from reports.disclosure.suppression import EFFORT, SYSTEMS
from reports.queryable import furnishing
from reports.rendering import report_files
from reports.revisions import CORRECTIONS, affected_cells, read_affected, with_kept_back
from reports.tables import MARTS, Publication, publish_tables
from warehouse import builds, releases
from warehouse.builds import Build
from warehouse.editions import Edition, nothing_to_correct
from warehouse.home import Home
from warehouse.release_tables import csv_bytes, typed_table


def gated_tables(home: Home, build: Build, edition: Edition) -> Publication:
    """Every table of the plan, passed by the disclosure gate."""
    marts = builds.read_marts(build, MARTS)
    folders = _earlier(home, edition)
    standing, last = None, _tables_before(home, edition)
    if last is not None:
        amounts = [read_amounts(one) for one in folders]
        standing = Standing(last, amounts, is_corrected=edition.correction is not None)
    said = facts.release_facts(home, build, edition)
    evidence = [read_evidence(folder) for folder in folders]
    return publish_tables(marts, facts.policy_of(home), said, evidence, standing)


def _earlier(home: Home, edition: Edition) -> list[Path]:
    """The folders of evidence of the published releases before this one, oldest first."""
    before = [one for one in releases.all_releases(home) if one.order < edition.order]
    folders = [home.evidence / one.period / one.version for one in before]
    return [folder for folder in folders if folder.is_dir()]


def write_tables(
    home: Home, build: Build, edition: Edition, publication: Publication, staging: releases.Staging
) -> None:
    """The gated tables as files, the furnished database, and what lies beside them."""
    frames, comments = publication.frames(), publication.comments()
    releases.write_tables(staging, frames, comments, furnishing(frames))
    said = facts.release_facts(home, build, edition)
    releases.write_files(staging, companions.table_companions(staging.root, comments, said))
    package = companions.data_package(staging.root, comments, said)
    catalog = companions.dcat_catalog(staging.root, comments, said, home.config)
    releases.write_files(staging, {companions.PACKAGE: package, DCAT: catalog})
    if edition.correction is not None:
        write_corrections(home, edition, staging, publication.kept_back)


def write_corrections(
    home: Home, edition: Edition, staging: releases.Staging, kept_back: Sequence[tuple[str, str]] = ()
) -> None:
    """The list of the cells that differ from the version it corrects, and of the tables and measures of
    which figures are ``kept_back``.

    ReleaseError REL-042 when no cell differs; nothing stays staged then.
    """
    cells = affected_cells(_tables_before(home, edition) or {}, releases.read_tables(staging.root))
    if cells.empty:
        shutil.rmtree(staging.root)
        raise nothing_to_correct(edition, sorted({metric for _, metric in kept_back}))
    cells = with_kept_back(cells, kept_back)
    releases.write_files(staging, {CORRECTIONS: csv_bytes(typed_table("corrections", cells))})


def write_proof(home: Home, edition: Edition, publication: Publication) -> None:
    """The operator's folder of a release: why each hidden cell is hidden, and the evidence; never in the
    release.
    """
    folder = home.evidence / edition.period / edition.version
    shutil.rmtree(folder, ignore_errors=True)
    policy = facts.policy_of(home)
    meta = {
        "release": edition.name,
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
    write_amounts(folder, publication.internal_amounts)
    explained = publication.internal_explanations
    explained.to_csv(folder / "explanations.csv", index=False, lineterminator="\n")


def write_report(home: Home, build: Build, edition: Edition, staging: releases.Staging) -> int:
    """The report as pages, PDF and workbook, from the staged tables as they were written; the largest page's
    bytes.
    """
    said, listed = facts.release_facts(home, build, edition), staging.root / CORRECTIONS
    if listed.is_file():
        said = replace(said, affected=read_affected(listed.read_bytes()))
    files = report_files(releases.read_tables(staging.root), said, _tables_before(home, edition))
    releases.write_files(staging, files)
    return max(len(content) for name, content in files.items() if name.endswith(".html"))


def _tables_before(home: Home, edition: Edition) -> dict[str, pd.DataFrame] | None:
    """What was published before this: the version it corrects, else the last release of an earlier period."""
    if edition.correction is not None:
        before = releases.named_release(home, f"{edition.period}/{edition.correction.of}")
        return releases.read_tables(before.root)
    last = releases.release_before(home, edition.period, edition.date)
    return None if last is None else releases.read_tables(last.root)


def write_manifest(home: Home, build: Build, edition: Edition, staging: releases.Staging) -> None:
    """Checksums and the manifest over everything staged; they come last."""
    releases.write_files(staging, {companions.CHECKSUMS: companions.checksums(staging.root)})
    releases.write_manifest(staging, facts.manifest_facts(home, build, edition))
