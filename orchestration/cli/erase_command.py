"""``guildhall erase``: erase what a firm sent for a quarter, for good."""

from __future__ import annotations

from pathlib import Path

import click

from contracts.quarters import Quarter
from orchestration.cli.options import HELP, home_option
from warehouse.erasure import erase_period
from warehouse.home import Home
from warehouse.ledger import Ledger


@click.command("erase", context_settings=HELP)
@home_option
@click.option("--firm", "firm_id", required=True, help="Whose rows.")
@click.option("--period", required=True, callback=lambda _c, _p, value: _quarter(value), help="As 2026Q1.")
@click.option("--reason", required=True, help="Why; kept in the ledger for good, so it must name nobody.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(home_path: Path, firm_id: str, period: str, reason: str, yes: bool) -> None:
    """Destroy the key and every file of what a firm sent for a quarter. It cannot be undone.

    Landed files, rows in the lake, quarantine, error workbooks and warehouse builds go; the ledger keeps an
    entry that certifies it, and still verifies. Published releases stay as they are, the next build has
    none of these rows. Copies of the landing zone can no longer be read, unless their keys were copied too.
    """
    home = Home.open(home_path)
    if not yes:
        click.confirm(f"Erase everything {firm_id} sent for {period}, for good?", abort=True)
    with Ledger.open(home) as ledger:
        done = erase_period(home, ledger, firm_id, period, reason)
    click.echo(f"Erased: {done.submissions} submissions and {done.files} files of {firm_id} for {period}.")
    click.echo(f"Certified by ledger entry {done.seq} {done.hash}")
    click.echo(
        "Next: `guildhall run` builds the warehouse anew. Destroy copies of keys/data in your backups."
    )


def _quarter(value: str) -> str:
    try:
        return str(Quarter.parse(value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
