"""``guildhall status``: who stands where, and that every row is accounted for."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from orchestration.cli.options import HELP, home_option
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.status import RefusedFile, Standing, refused_files, standings

COUNTS = ("submissions", "held", "refused", "pending", "rows_in", "accepted", "quarantined")


@click.command("status", context_settings=HELP)
@home_option
@click.option("--refused", "only_refused", is_flag=True, help="List the files that were refused, and why.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON document.")
def command(home_path: Path, only_refused: bool, as_json: bool) -> None:
    """Show per extract: submissions, rows in, accepted, quarantined, and that they add up.

    Rows are counted twice, by the ledger and from the files in the lake. Exit status 1 when they differ.
    """
    home = Home.open(home_path)
    with Ledger.open(home) as ledger:
        if only_refused:
            _show_refused(refused_files(ledger), as_json)
            return
        found = standings(home, ledger)
    if as_json:
        listed = [dataclasses.asdict(one) | {"adds_up": one.adds_up} for one in found]
        click.echo(json.dumps(listed, indent=2))
    else:
        Console(soft_wrap=True).print(_drawn([one for one in found if one.submissions or one.refused]))
    if not all(one.adds_up for one in found):
        raise SystemExit(1)


def _show_refused(files: Sequence[RefusedFile], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(file) for file in files], indent=2))
        return
    table = Table("firm", "file", "code", title="Refused files", title_justify="left")
    for file in files:
        table.add_row(file.firm_id, file.file_name, file.code)
    Console(soft_wrap=True).print(table)


def _drawn(found: Sequence[Standing]) -> Table:
    table = Table(title="Rows in = accepted + quarantined", title_justify="left", show_footer=True)
    table.add_column("extract", footer="all", no_wrap=True)
    for name in COUNTS:
        total = sum(getattr(one, name) for one in found)
        table.add_column(name.replace("_", " "), justify="right", footer=f"{total:,}", no_wrap=True)
    table.add_column("adds up", footer=_yes(all(one.adds_up for one in found)), no_wrap=True)
    for one in found:
        counts = (f"{getattr(one, name):,}" for name in COUNTS)
        table.add_row(one.contract, *counts, _yes(one.adds_up))
    return table


def _yes(adds_up: bool) -> str:
    return "yes" if adds_up else "NO"
