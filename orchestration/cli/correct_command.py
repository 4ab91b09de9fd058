"""``guildhall correct``: publish a correction of a release, beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.console import Console

from orchestration.cli.options import HELP, as_of_option, home_option
from orchestration.cli.progress import TerminalProgress
from orchestration.journey import run_journey
from reports.revisions import CORRECTIONS, changed_and_kept, read_affected
from warehouse import releases
from warehouse.editions import Wrong
from warehouse.home import Home


@click.command("correct", context_settings=HELP)
@home_option
@click.option("--release", "period", metavar="PERIOD", required=True, help="For example 2026-Q3.")
@click.option("--reason", required=True, help="What was wrong, in one public line that names nobody.")
@click.option("--by", metavar="NAME", required=True, help="Who corrects: a role, for everybody to read.")
@as_of_option
def command(home_path: Path, period: str, reason: str, by: str, as_of: date | None) -> None:
    """Take what is pending, build, and publish the next version (v1.1) of a release from what is in force.

    Version v1.0 stays as it is. The reason, the day, who, and every published cell that differs
    (corrections.csv) go into the new version, its report and the site. Counts, averages and sums of dollars
    change only where the change itself could not give a person or a firm away; the others stay as they
    were, and corrections.csv says of which measures. The audit joins all releases before it, and blocks.

    Exit status 2 when there is no reason, when no cell would differ, or when a later period is published.
    """
    home = Home.open(home_path)
    with TerminalProgress(Console(soft_wrap=True, highlight=False)) as progress:
        run_journey(home, as_of=as_of, progress=progress, wrong=Wrong(period, reason, by))
    if home.config.publication.is_required:
        click.echo(f"A correction of {period} is staged and waits for approval: `guildhall approve`.")
        return
    made = releases.read_release(home, period)
    cells, kept = changed_and_kept(read_affected((made.root / CORRECTIONS).read_bytes()))
    click.echo(f"Release {made.period} {made.version} stands; {len(cells):,} published cells differ:")
    click.echo(str(made.root / CORRECTIONS))
    if len(kept):
        click.echo(
            f"Figures of {len(kept)} measures stay as they were: the difference would be about too few. "
            "The list names them."
        )
