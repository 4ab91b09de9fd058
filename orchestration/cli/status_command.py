"""``guildhall status``: that every row is accounted for, and where every firm stands."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from contracts.quarters import Quarter
from orchestration.cli.options import HELP, as_of_option, home_option
from orchestration.cli.standing_view import show_standing
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.missed import missed_days
from warehouse.standing import where_everyone_stands
from warehouse.status import RefusedFile, Standing, WaitingFile, refused_files, standings, waiting_files


def _quarter(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    try:
        return None if value is None else str(Quarter.parse(value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


COUNTS = ("submissions", "held", "refused", "pending", "rows_in", "accepted", "quarantined")


@click.command("status", context_settings=HELP)
@home_option
@click.option("--refused", "only_refused", is_flag=True, help="List the files that were refused, and why.")
@click.option("--waiting", "only_waiting", is_flag=True, help="List what waits in the boxes, and why.")
@click.option("--firms", "by_firm", is_flag=True, help="Show where every firm stands for one quarter.")
@click.option("--firm", "firm_id", default=None, help="Only this firm (with --firms, which it implies).")
@click.option(
    "--period",
    default=None,
    callback=_quarter,
    show_default="the newest that has ended",
    help="The quarter, as 2026Q1 (implies --firms).",
)
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write where every firm stands as a page for the operator (implies --firms).",
)
@as_of_option
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON document.")
def command(
    home_path: Path,
    only_refused: bool,
    only_waiting: bool,
    by_firm: bool,
    firm_id: str | None,
    period: str | None,
    page: Path | None,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Show per extract: submissions, rows in, accepted, quarantined, and that they add up.

    Rows are counted twice, by the ledger and from the files in the lake. Exit status 1 when they differ. A
    release that missed its announced day is named with the reason.

    With --firms: who has sent what for a quarter, who is late, held or waiting, the share of rows accepted,
    and the data-quality score, 0 to 100: the mean of three shares, of the extracts that are in, of those that
    came in time, and of the rows accepted. For the operator's eyes only.
    """
    home = Home.open(home_path)
    if only_waiting:
        _show_waiting(waiting_files(home), as_json)
        return
    with Ledger.open(home) as ledger:
        if only_refused:
            _show_refused(refused_files(ledger), as_json)
            return
        if by_firm or firm_id or period or page:
            standing = where_everyone_stands(home, ledger, period, as_of or date.today())
            show_standing(standing.only(firm_id), page, as_json)
            return
        found = standings(home, ledger)
        missed = missed_days(home, ledger, as_of or date.today())
    if as_json:
        listed = [dataclasses.asdict(one) | {"adds_up": one.adds_up} for one in found]
        click.echo(json.dumps(listed, indent=2))
    else:
        print_whole(Console(soft_wrap=True), _drawn([one for one in found if one.submissions or one.refused]))
        waiting = len(waiting_files(home))
        if waiting:
            click.echo(f"{waiting} in the boxes not taken yet: `guildhall status --waiting` says why.")
        for one in missed:
            click.echo(f"MISSED  {one.words}")
    if not all(one.adds_up for one in found):
        raise SystemExit(1)


def _show_waiting(files: Sequence[WaitingFile], as_json: bool) -> None:
    if as_json:
        listed = [dataclasses.asdict(file) | {"since": file.since.isoformat()} for file in files]
        click.echo(json.dumps(listed, indent=2))
        return
    table = Table("firm", "file", "since", "code", "why", title="Waiting in the boxes", title_justify="left")
    for file in files:
        since = f"{file.since:%Y-%m-%d %H:%M} UTC"
        table.add_row(file.firm_id, file.file_name, since, file.code, file.message)
    print_whole(Console(soft_wrap=True), table)


def _show_refused(files: Sequence[RefusedFile], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(file) for file in files], indent=2))
        return
    table = Table("firm", "file", "code", title="Refused files", title_justify="left")
    for file in files:
        table.add_row(file.firm_id, file.file_name, file.code)
    print_whole(Console(soft_wrap=True), table)


def print_whole(console: Console, table: Table) -> None:
    """Print a table as wide as it is: a narrow terminal breaks its lines, and cuts no number."""
    console.width = max(
        console.width, console.measure(table, options=console.options.update(width=1_000)).maximum
    )
    console.print(table)


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
