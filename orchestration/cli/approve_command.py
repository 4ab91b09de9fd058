"""``guildhall approve``: let a staged release out, or send it back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from orchestration.cli.options import HELP, as_of_option, home_option
from warehouse.approving import Approver, approve, send_back, waiting
from warehouse.home import Home
from warehouse.ledger import Ledger


@click.command("approve", context_settings=HELP)
@home_option
@click.option("--release", "name", metavar="PERIOD[/VERSION]", default=None, help="For example 2026-Q3.")
@click.option("--as", "approver", metavar="NAME", default=None, help="A name under [publication] approvers.")
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="The approver's private key (Ed25519, PEM); it stays with the approver.",
)
@click.option(
    "--send-back", "reason", metavar="REASON", default=None, help="Take it away instead, and say why."
)
@as_of_option
def command(
    home_path: Path,
    name: str | None,
    approver: str | None,
    key: Path | None,
    reason: str | None,
    as_of: date | None,
) -> None:
    """Publish exactly the bytes that were staged, with the approver's signature in the ledger.

    Without --release: list what waits, and where it lies to be read. Nothing of a staged release is public.
    With --send-back it is taken away, with the reason in the ledger, and the next run makes it anew.

    Refused (status 2) when the approver is who built it, is not listed, signs with another key, when the day
    has not come, or when a byte has changed since.
    """
    home = Home.open(home_path)
    with Ledger.open(home) as ledger:
        if name is None:
            _list(home, ledger)
        elif approver is None:
            raise click.UsageError("--as NAME says who decides.")
        elif reason is not None:
            send_back(home, ledger, name, approver, reason)
            click.echo(f"{name} is sent back; the next run makes it anew.")
        elif key is None:
            raise click.UsageError("--key FILE signs the approval.")
        else:
            made = approve(home, ledger, name, Approver(approver, key), as_of or date.today())
            click.echo(f"Release {made.period} {made.version} stands, approved by {approver}:")
            click.echo(str(made.report))


def _list(home: Home, ledger: Ledger) -> None:
    found = waiting(home, ledger)
    for one in found:
        click.echo(f"{one.name}, for {one.release.public_on}, sha256 {one.entry.body['manifest_sha256']}")
        click.echo(f"  {one.release.root}")
    if not found:
        click.echo("Nothing waits for approval.")
