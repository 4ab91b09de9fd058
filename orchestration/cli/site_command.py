"""``guildhall site``: a static site of all public releases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from orchestration.cli.options import HELP, as_of_option, home_option


@click.command("site", context_settings=HELP)
@home_option
@as_of_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder to write; a site that is there already is brought up to date.",
)
def command(home_path: Path, as_of: date | None, out: Path) -> None:
    """Write a site that any web server can show, or that is opened from the folder.

    Releases under addresses that never change, `latest`, the calendar, revisions, method, and every table
    with its dictionary and a search. Releases whose day has not come are not in it.
    """
    from reports.door.shelf import Shelf
    from reports.site.pages import Site
    from reports.site.writing import write_site
    from warehouse.home import Home

    home = Home.open(home_path)
    volumes = Shelf(home, lambda: as_of or date.today()).volumes()
    files = write_site(Site(home.config, volumes), out)
    click.echo(f"{files} files, {len(volumes)} releases: {out / 'index.html'}")
