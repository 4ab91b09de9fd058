"""``guildhall export``: a published release into a PostgreSQL database."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli.options import HELP, home_option


@click.command("export", context_settings=HELP)
@home_option
@click.option("--to", "address", required=True, help="postgresql://USER@HOST/DATABASE")
@click.option(
    "--schema", default="guildhall", show_default=True, help="The schema that is written or replaced."
)
@click.option("--release", "release_id", default=None, show_default="the newest", help="The release.")
def command(home_path: Path, address: str, schema: str, release_id: str | None) -> None:
    """Write a release's tables, views and comments into a PostgreSQL schema, in one transaction.

    The password belongs in PGPASSWORD or ~/.pgpass rather than in the address. An older export in the schema
    is replaced when the new one is whole.
    """
    from warehouse.exporting import export_release
    from warehouse.home import Home
    from warehouse.releases import named_release

    release = named_release(Home.open(home_path), release_id)
    export_release(release.root, address, schema, lambda name, rows: click.echo(f"{name}: {rows:,} rows"))
    click.echo(f"{release.period} {release.version} stands in schema {schema}")
