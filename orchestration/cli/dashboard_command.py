"""``guildhall dashboard``: where things stand between publications, for operator and committee."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from orchestration.cli.options import HELP, as_of_option, home_option


@click.command("dashboard", context_settings=HELP)
@home_option
@as_of_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    show_default="dashboards/<month> in the home",
    help="The folder to write; pages that are there are replaced.",
)
def command(home_path: Path, as_of: date | None, out: Path | None) -> None:
    """Write two pages: committee/dashboard.html, and operator/dashboard.html, which names firms.

    Announced days, files that are in, alerts and actions, beside the figures of the newest release. The
    committee's page holds published figures only, and counts out no small number of firms. The schedule
    `dashboards` writes the same on the first of every month. Neither page is ever published.
    """
    from orchestration.cli.missed_view import missed_with_reasons
    from orchestration.dashboards import look, write_dashboards
    from warehouse.home import Home
    from warehouse.ledger import Ledger

    home, day = Home.open(home_path), as_of or date.today()
    with Ledger.open(home) as ledger:
        seen = look(home, ledger, day, missed_with_reasons(home, ledger, day))
    for page in write_dashboards(seen, out or home.dashboards / f"{day:%Y-%m}"):
        click.echo(str(page))
