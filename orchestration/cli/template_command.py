"""``guildhall template``: an empty file of a contract, to be filled in."""

from __future__ import annotations

from pathlib import Path

import click

from contracts import contract
from contracts.model import Contract
from contracts.render import csv_header
from orchestration.cli.options import HELP
from warehouse.templates_xlsx import xlsx_template


@click.command("template", context_settings=HELP)
@click.argument("name")
@click.option("--csv", "form", flag_value="csv", help="A CSV file with the header line.")
@click.option("--xlsx", "form", flag_value="xlsx", help="A workbook with drop-downs and remarks.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    show_default="NAME.csv or NAME.xlsx in the current folder",
    help="The file to write; - writes CSV to standard output. Its ending decides if no format is asked for.",
)
def command(name: str, form: str | None, out: Path | None) -> None:
    """Write an empty file of the contract NAME, to be filled in and checked with `guildhall check`.

    CSV unless --xlsx or --out asks for a workbook. A file that is there is never overwritten.
    `guildhall contract list` names the contracts.
    """
    of = contract(name)
    chosen = form or ("xlsx" if out is not None and out.suffix.lower() == ".xlsx" else "csv")
    target = out or Path(f"{name}.{chosen}")
    if str(target) == "-":
        click.echo(_content(of, chosen), nl=False)
        return
    _write(target, _content(of, chosen))
    click.echo(str(target))


def _content(of: type[Contract], form: str) -> bytes:
    return xlsx_template(of) if form == "xlsx" else csv_header(of).encode()


def _write(target: Path, content: bytes) -> None:
    try:
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise click.ClickException(
            f"{target} is there already, and may be filled in. Move it, or name another file with --out."
        ) from None
    except OSError as error:
        raise click.ClickException(f"{target} cannot be written: {error.strerror}.") from None
