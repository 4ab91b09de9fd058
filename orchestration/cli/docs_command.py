"""``guildhall docs``: write the rendered reference pages."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli.options import HELP
from orchestration.reference import write_pages


@click.command("docs", context_settings=HELP)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("docs/reference"),
    show_default=True,
    help="The folder to write into.",
)
def command(out: Path) -> None:
    """Render the reference of commands, contracts and codes from the program itself."""
    for path in write_pages(out):
        click.echo(str(path))
