"""The four steps that fill a staged release, the same for the journey and for a rebuild of an old one.

When they run and what blocks them is decided by the assets in ``assets.publication``.
"""

from __future__ import annotations

from orchestration import facts
from reports.page import render_report
from reports.queryable import furnishing
from reports.tables import MARTS, Publication, publish_tables
from warehouse import builds, releases
from warehouse.builds import Build
from warehouse.home import CalendarEntry, Home


def gated_tables(home: Home, build: Build, entry: CalendarEntry) -> Publication:
    """Every table of the plan, passed by the disclosure gate."""
    marts = {name: builds.read_mart(build, name) for name in MARTS}
    return publish_tables(marts, facts.policy_of(home), facts.release_facts(home, build, entry))


def write_tables(publication: Publication, staging: releases.Staging) -> None:
    """The gated tables as files, and the furnished database."""
    frames = publication.frames()
    releases.write_tables(staging, frames, publication.comments(), furnishing(frames))


def write_page(home: Home, build: Build, entry: CalendarEntry, staging: releases.Staging) -> int:
    """The report, rendered from the staged tables as they were written; returns its size in bytes."""
    page = render_report(releases.read_tables(staging.root), facts.release_facts(home, build, entry))
    releases.write_report(staging, page)
    return len(page.encode())


def write_manifest(home: Home, build: Build, entry: CalendarEntry, staging: releases.Staging) -> None:
    """The manifest over everything staged; it comes last."""
    releases.write_manifest(staging, facts.manifest_facts(home, build, entry))
