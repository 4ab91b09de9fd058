"""``guildhall run``: take all pending drops, build the warehouse, publish what is due."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.console import Console

from orchestration.cli.options import HELP, as_of_option, home_option
from orchestration.cli.progress import TerminalProgress
from orchestration.journey import run_journey
from warehouse import releases
from warehouse.home import Home, due_release


@click.command("run", context_settings=HELP)
@home_option
@as_of_option
@click.option("--take-only", is_flag=True, help="Take drops and give receipts; build and publish nothing.")
def command(home_path: Path, as_of: date | None, take_only: bool) -> None:
    """Take all pending drops, build the warehouse, and publish the release that is due.

    Safe to run again at any time: nothing is taken twice, and a release that stands is not touched.
    """
    home = Home.open(home_path)
    if take_only:
        take(home)
    else:
        journey(home, as_of)


def take(home: Home) -> None:
    """Take what is pending, with progress: its receipts lie in the boxes when this returns."""
    console = Console(soft_wrap=True, highlight=False)
    with TerminalProgress(console) as progress:
        run_journey(home, progress=progress, take_only=True)
    console.print("What was pending is taken; receipts lie in the boxes. `guildhall status` counts it.")


def journey(home: Home, as_of: date | None) -> None:
    """Run the whole journey with progress, and say where its end lies."""
    console = Console(soft_wrap=True, highlight=False)
    with TerminalProgress(console) as progress:
        run_journey(home, as_of=as_of, progress=progress)
    entry = due_release(home.config, as_of or date.today())
    if entry is None:
        console.print("The warehouse is built. No release of the calendar is due yet.")
        return
    if releases.published(home, entry.period) is None and home.config.publication.is_required:
        console.print(f"Release {entry.period} is staged and waits for approval: `guildhall approve`.")
        return
    made = releases.read_release(home, entry.period)
    console.print(f"Release {made.period} {made.version} stands. Its report:")
    console.print(str(made.report))
