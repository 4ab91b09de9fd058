"""``guildhall status``: who stands where, and that every row is accounted for."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from orchestration.cli.options import home_option
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.status import Standing, standings

COLUMNS = ("submissions", "held", "rows_in", "accepted", "quarantined")


@click.command("status")
@home_option
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON document.")
def command(home_path: Path, as_json: bool) -> None:
    """Show per extract: submissions, rows in, accepted, quarantined, and that they add up.

    Rows are counted twice, by the ledger and from the files in the lake. Exit status 1 when they differ.
    """
    home = Home.open(home_path)
    with Ledger.open(home) as ledger:
        found = standings(home, ledger)
    if as_json:
        click.echo(
            json.dumps([dataclasses.asdict(one) | {"adds_up": one.adds_up} for one in found], indent=2)
        )
    else:
        Console(soft_wrap=True).print(_drawn(found))
    if not all(one.adds_up for one in found):
        raise SystemExit(1)


def _drawn(found: Sequence[Standing]) -> Table:
    table = Table(title="Rows in = accepted + quarantined", title_justify="left", show_footer=True)
    table.add_column("extract", footer="all")
    for name in COLUMNS:
        table.add_column(
            name.replace("_", " "), justify="right", footer=f"{sum(getattr(one, name) for one in found):,}"
        )
    table.add_column("adds up", footer="yes" if all(one.adds_up for one in found) else "NO")
    for one in found:
        counts = (f"{getattr(one, name):,}" for name in COLUMNS)
        table.add_row(one.contract, *counts, "yes" if one.adds_up else "NO")
    return table
