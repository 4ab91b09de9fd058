"""``guildhall demo``: make a sample region and run the whole journey on it."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from orchestration.cli.options import HELP
from orchestration.cli.progress import TerminalProgress
from orchestration.cli.run_command import journey
from warehouse.home import Home
from warehouse.sample import CALENDAR, SampleSettings, make_sample_home


@click.command("demo", context_settings=HELP)
@click.option(
    "--home",
    "home_path",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where to make the sample region's home.",
)
@click.option("--seed", default=SampleSettings().seed, show_default=True, help="The generator's seed.")
@click.option("--scale", default=1.0, show_default=True, help="1 is 20,000 workers at 60 firms; up to 100.")
@click.option("--no-run", is_flag=True, help="Only make the home and its drops; do not run the journey.")
def command(home_path: Path, seed: int, scale: float, no_run: bool) -> None:
    """Make a sample region with a known true effect and known planted faults, and run the whole journey.

    A home that is already there is used as it is, so a run that was stopped goes on.
    """
    home = _existing(home_path) or _made(home_path, SampleSettings(seed=seed, scale=scale))
    if not no_run:
        journey(home, CALENDAR[0].date)


def _existing(path: Path) -> Home | None:
    return Home.open(path) if (path / "truth" / "truth.json").is_file() else None


def _made(path: Path, settings: SampleSettings) -> Home:
    with TerminalProgress(Console(soft_wrap=True, highlight=False)) as progress:
        return make_sample_home(path, settings, progress.stage("Making the sample region"))
