"""``guildhall dagster``: open the Dagster UI on a home."""

from __future__ import annotations

import os
from pathlib import Path

import click

from orchestration.cli.options import HELP, home_option
from orchestration.definitions import HOME_VARIABLE
from orchestration.journey import instance_folder, instance_of
from orchestration.programs import installed
from orchestration.reconciling import end_dead_runs
from warehouse.home import Home


@click.command("dagster", context_settings=HELP)
@home_option
@click.option("--port", default=3000, show_default=True, help="The port of the UI on this machine.")
def command(home_path: Path, port: int) -> None:
    """Open the Dagster UI on a home: assets, checks, runs, the box sensor and the publication schedule."""
    home = Home.open(home_path)
    with instance_of(home) as instance:
        end_dead_runs(home, instance, nothing_runs=True)
    os.environ[HOME_VARIABLE] = str(home.root.resolve())
    os.environ["DAGSTER_HOME"] = str(instance_folder(home))
    dagster = installed("dagster")
    arguments = ["dev", "-m", "orchestration.definitions", "--host", "127.0.0.1", "--port", str(port)]
    os.execv(dagster, [dagster, *arguments])
