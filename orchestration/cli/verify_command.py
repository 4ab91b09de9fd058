"""``guildhall verify``: does what is written still hold?"""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli.options import HELP, home_option
from warehouse import releases
from warehouse.erasure import require_kept
from warehouse.home import Home
from warehouse.ledger import Ledger


@click.command("verify", context_settings=HELP)
@home_option
def command(home_path: Path) -> None:
    """Walk the ledger's chain and signatures, read everything that landed, check every file of every release.

    What was erased must be gone; its entry in the ledger says that it was there.

    Needs no network. Names the first entry or file that does not hold and exits with 2.
    """
    home = Home.open(home_path)
    with Ledger.open(home) as ledger:
        verified = ledger.verify()
        files, erased = require_kept(home, ledger)
    click.echo(f"Ledger: {verified.entries:,} entries hold; head {verified.head.seq} {verified.head.hash}")
    click.echo(f"Landing: {files:,} files hold" + (f"; {erased:,} submissions are erased" if erased else ""))
    for made in releases.all_releases(home):
        checked = releases.verify_release(made.root)
        click.echo(f"Release {made.period} {made.version}: {checked.files} files hold")
