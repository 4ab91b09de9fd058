"""The four steps that fill a staged release, the same for the journey and for a rebuild of an old one.

When they run and what blocks them is decided by the assets in ``assets.publication``.
"""

from __future__ import annotations

from orchestration import facts
from reports import companions
from reports.page import render_html
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
    return publish_tables(marts, facts.policy_of(home), facts.release_facts(home, build, entry))


def write_tables(
    home: Home, build: Build, entry: CalendarEntry, publication: Publication, staging: releases.Staging
) -> None:
    """The gated tables as files, the furnished database, and what lies beside them."""
    frames, comments = publication.frames(), publication.comments()
    releases.write_tables(staging, frames, comments, furnishing(frames))
    said = facts.release_facts(home, build, entry)
    releases.write_files(staging, companions.table_companions(staging.root, comments, said))
    releases.write_files(staging, {companions.PACKAGE: companions.data_package(staging.root, comments, said)})


def write_report(home: Home, build: Build, entry: CalendarEntry, staging: releases.Staging) -> int:
    """The report as page, PDF and workbook, from the staged tables as they were written; the page's bytes."""
    tables = releases.read_tables(staging.root)
    document = impact_report(tables, facts.release_facts(home, build, entry))
    page = render_html(document)
    releases.write_report(staging, page)
    releases.write_files(
        staging, {"report.pdf": render_pdf(document), "report.xlsx": render_workbook(document)}
    )
    return len(page.encode())


def write_manifest(home: Home, build: Build, entry: CalendarEntry, staging: releases.Staging) -> None:
    """Checksums and the manifest over everything staged; they come last."""
    releases.write_files(staging, {companions.CHECKSUMS: companions.checksums(staging.root)})
    releases.write_manifest(staging, facts.manifest_facts(home, build, entry))
