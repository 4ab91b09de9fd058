"""``guildhall verify``: does what is written still hold?"""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli.options import HELP, home_option
from warehouse import releases
from warehouse.erasure import require_kept
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.witnesses import find_witnesses


@click.command("verify", context_settings=HELP)
@home_option
def command(home_path: Path) -> None:
    """Walk the ledger's chain and signatures, read everything that landed, check every file of every release.

    Every head that a release or a receipt in a box of the home names must be an entry of the chain: a ledger
    that was cut, or begun anew, is found out. What was erased must be gone; its entry says that it was there.

    Where there are releases, CURRENT must name one that stands.

    Needs no network. Names the first entry or file that does not hold and exits with 2.
    """
    home = Home.open(home_path)
    witnesses = find_witnesses(home)
    with Ledger.open(home) as ledger:
        verified = ledger.verify(*witnesses.heads)
        files, erased = require_kept(home, ledger)
    click.echo(f"Ledger: {verified.entries:,} entries hold; head {verified.head.seq} {verified.head.hash}")
    click.echo(f"Landing: {files:,} files hold" + (f"; {erased:,} submissions are erased" if erased else ""))
    altered = f"; {witnesses.altered:,} are not as they were issued" if witnesses.altered else ""
    click.echo(f"Receipts: {witnesses.receipts:,} name entries that stand{altered}")
    made = None
    for made in releases.all_releases(home):
        checked = releases.verify_release(made.root)
        click.echo(f"Release {made.period} {made.version}: {checked.files} files hold")
    if made is not None:
        click.echo(f"CURRENT names {releases.read_release(home).name}")
