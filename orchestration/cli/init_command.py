"""``guildhall init``: make a consortium home."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from contracts.quarters import Quarter
from orchestration.cli.options import HELP
from warehouse.config import Consortium, ConsortiumConfig
from warehouse.home import announce_releases, init_home
from warehouse.keys import fingerprint, read_public_key

ANNOUNCED = 4
"""Quarterly releases in a new home's calendar: a year, to be changed by hand."""


@click.command("init", context_settings=HELP)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", default="My consortium", show_default=True, help="What the consortium is called.")
@click.option("--region", default="My region", show_default=True, help="The region its reports speak of.")
def command(folder: Path, name: str, region: str) -> None:
    """Make a consortium home in FOLDER, with a commented consortium.toml to fill in."""
    home = init_home(folder, first_settings(name, region, date.today()))
    click.echo(f"A consortium home is at {home.root}.")
    click.echo("Tell every firm, on paper or by telephone, the fingerprint of the key that signs receipts:")
    click.echo(f"  sha256:{fingerprint(read_public_key(home.public_key_path))}")
    click.echo("Next: read consortium.toml, put the registers into boxes/operator/in/, make a box folder")
    click.echo(
        f"boxes/<firm>/in/ for every firm, and `guildhall run --home {folder}` once files are dropped."
    )


def first_settings(name: str, region: str, today: date) -> ConsortiumConfig:
    """Settings for a new home: releases for the quarter that holds ``today`` and the three after it."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:32] or "consortium"
    return ConsortiumConfig(
        consortium=Consortium(id=slug, name=name, region=region),
        releases=announce_releases(Quarter.of(today), ANNOUNCED, today),
    )
