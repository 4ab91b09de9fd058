"""The pages of the site: releases, calendar, revisions, method, tables with their dictionary, and ``latest``.

Every link is relative and leads to a page of the site or a file of a release, so that the site works from a
folder, from a web server and at the door. A script serves the search only; without it all tables are listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Any

import jinja2
import pandas as pd

from reports import findings
from reports.dcat import DCAT
from reports.door.shelf import Volume
from reports.measures import Measure, measure
from reports.published import Published
from reports.queryable import STATUSES
from reports.revisions import (
    COLUMNS,
    CORRECTION,
    CORRECTIONS,
    KEPT_BACK,
    changed_and_kept,
    kind_and_reason,
    read_affected,
    revised_cells,
)
from reports.summary import NAME as SUMMARY
from reports.templating import environment
from reports.wording import day
from warehouse.config import CalendarEntry, ConsortiumConfig
from warehouse.door.catalog import Table
from warehouse.releases import read_tables

STATIC: Mapping[str, str] = {
    "style.css": "report/style.css",
    "site.css": "site/site.css",
    "search.js": "site/search.js",
}
"""Files of the site by name, and the templates' files they are."""
REVISIONS = "revisions.csv"
SHOWN_REVISIONS = 100


@dataclass(frozen=True)
class Revision:
    """What a release changed of the one before: both, the cells as ``revised_cells`` gives them, of which
    kind that is, and why; ``kept``: a row for each table and measure of which a correction keeps figures.
    """

    before: Volume
    after: Volume
    cells: pd.DataFrame
    kind: str
    reason: str
    kept: pd.DataFrame

    @property
    def kept_measures(self) -> list[tuple[str, str]]:
        """Title and table of each measure of which figures are kept as they were."""
        pairs = zip(self.kept["metric_id"], self.kept["table_name"], strict=True)
        return [(measure(metric).title, table) for metric, table in pairs]

    @property
    def is_correction(self) -> bool:
        """Whether it is a version of the same release; else a later period's, on schedule."""
        return self.kind == CORRECTION


@dataclass(frozen=True)
class Site:
    """What the site shows: the consortium with its calendar, and its public releases, oldest first."""

    config: ConsortiumConfig
    volumes: Sequence[Volume]

    @property
    def newest(self) -> Volume | None:
        """The newest release, if there is one."""
        return self.volumes[-1] if self.volumes else None

    @property
    def coming(self) -> list[CalendarEntry]:
        """Announced releases that are not public yet."""
        public = {volume.release.period for volume in self.volumes}
        return [entry for entry in self.config.releases if entry.period not in public]

    @cached_property
    def tables(self) -> list[Table]:
        """Tables of the newest release that lie as files, by name."""
        if self.newest is None:
            return []
        return [self.newest.catalog.tables[name] for name in self.newest.tables]

    @cached_property
    def published(self) -> list[Mapping[str, pd.DataFrame]]:
        """The published tables of each release, in the same order."""
        return [read_tables(volume.release.root) for volume in self.volumes]

    @cached_property
    def revisions(self) -> list[Revision]:
        """Each release against the one before it, newest first."""
        read = list(zip(self.volumes, self.published, strict=True))
        return [
            _revision(before, earlier, after, later)
            for (before, earlier), (after, later) in reversed(list(pairwise(read)))
        ]

    def measures(self, table: str) -> list[Measure]:
        """What is measured in a table of the newest release, in its order; none for tables of words."""
        rows = None if self.newest is None else self.newest.table(table)
        if rows is None or not {"metric_id", "value_status"} <= set(rows.column_names):
            return []
        return [measure(one) for one in rows.column("metric_id").unique().to_pylist()]


def _revision(
    before: Volume, earlier: Mapping[str, pd.DataFrame], after: Volume, later: Mapping[str, pd.DataFrame]
) -> Revision:
    """With a correction's own list of cells; else with what a later release revised."""
    kind, reason = kind_and_reason(before.release, after.release)
    listed = after.release.root / CORRECTIONS
    if kind == CORRECTION and listed.is_file():
        cells, kept = changed_and_kept(read_affected(listed.read_bytes()))
        return Revision(before, after, cells[list(COLUMNS)], kind, reason, kept[list(COLUMNS)])
    return Revision(before, after, revised_cells(earlier, later), kind, reason, revised_cells({}, {}))


def site_pages(site: Site) -> dict[str, bytes]:
    """Every page of the site and what belongs to them, by name below its folder; the same bytes each time."""
    made = {name: _file(template) for name, template in STATIC.items()}
    made |= {name: page.encode() for name, page in _pages(site)}
    made[REVISIONS] = _revisions_csv(site).encode()
    return made


def _pages(site: Site) -> Iterator[tuple[str, str]]:
    headline = findings.headline(Published(site.published[-1])) if site.published else ""
    yield "index.html", _render("index", site, headline=headline, summary=SUMMARY, dcat=DCAT)
    yield "calendar.html", _render("calendar", site)
    yield "revisions.html", _render("revisions", site, shown=SHOWN_REVISIONS)
    yield "method.html", _render("method", site, statuses=STATUSES)
    yield "tables.html", _render("tables", site)
    for table in site.tables:
        yield f"dictionary/{table.name}.html", _render("table", site, root="../", table=table)
    if site.newest is not None:
        for name in ("index.html", "report.html"):
            yield f"latest/{name}", _render("moved", site, root="../", volume=site.newest)


def _revisions_csv(site: Site) -> str:
    """All revisions of all releases in one table, and what corrections keep back."""
    found = [
        cells.assign(
            release_before=one.before.name,
            release_after=one.after.name,
            kind=kind,
            reason=one.reason,
        )
        for one in site.revisions
        for cells, kind in ((one.cells, one.kind), (one.kept, KEPT_BACK))
    ]
    blank = dict.fromkeys(("release_before", "release_after", "kind", "reason"), "")
    every = pd.concat([revised_cells({}, {}).assign(**blank), *found])
    return every.to_csv(index=False, lineterminator="\n")


def _render(name: str, site: Site, *, root: str = "", **shown: Any) -> str:
    return (
        _environment().get_template(f"site/{name}.html.j2").render(site=site, root=root, here=name, **shown)
    )


def _file(template: str) -> bytes:
    return files("reports").joinpath("templates", template).read_bytes()


@cache
def _environment() -> jinja2.Environment:
    return environment(day=day)
