"""A whole release of the made-up region as a run writes it: tables, companions, pages, PDF, workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from reports import companions
from reports.dcat import DCAT
from reports.facts import ReleaseFacts
from reports.queryable import furnishing
from reports.rendering import report_files
from reports.revisions import CORRECTIONS
from reports.tables import Publication
from warehouse import releases
from warehouse.chain import Head
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.release_tables import Comments, csv_bytes, typed_table

Tables = tuple[Mapping[str, pd.DataFrame], Comments]
"""Published rows by table, and the words beside them."""


def tables_of(publication: Publication) -> Tables:
    """What the gate passed."""
    return publication.frames(), publication.comments()


def stage(home: Home, tables: Tables, facts: ReleaseFacts) -> releases.Staging:
    """Everything of a release but its manifest."""
    staging = releases.stage_release(home, facts.period, facts.version)
    frames, comments = tables
    releases.write_tables(staging, frames, comments, furnishing(frames))
    releases.write_files(staging, companions.table_companions(staging.root, comments, facts))
    package = companions.data_package(staging.root, comments, facts)
    catalog = companions.dcat_catalog(staging.root, comments, facts, home.config)
    releases.write_files(staging, {companions.PACKAGE: package, DCAT: catalog})
    if facts.affected is not None:
        releases.write_files(staging, {CORRECTIONS: csv_bytes(typed_table("corrections", facts.affected))})
    releases.write_files(staging, report_files(releases.read_tables(staging.root), facts))
    return staging


def publish(home: Home, tables: Tables, facts: ReleaseFacts, on: date) -> releases.Release:
    """The release with checksums and manifest, in its place."""
    staging = stage(home, tables, facts)
    releases.write_files(staging, {companions.CHECKSUMS: companions.checksums(staging.root)})
    said = releases.ReleaseFacts(
        ledger_head=Head(12, "ab" * 32),
        published_on=on,
        rule_version="1.0.0",
        code_version="c0de",
        policy={"name": "board", "version": "1.0.0"},
        more={"consortium": "rivers"} | ({"correction": facts.correction.body()} if facts.correction else {}),
    )
    releases.write_manifest(staging, said)
    with Ledger.open(home) as ledger:
        return releases.promote(staging, ledger)
