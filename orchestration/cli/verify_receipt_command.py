"""``guildhall verify-receipt``: is a receipt the one that was issued? For a firm, offline."""

from __future__ import annotations

from pathlib import Path

import click

from contracts.errors import ReceiptError
from orchestration.cli.options import HELP
from warehouse.issuing import PAGE_SUFFIX, RECEIPT_SUFFIX, require_page, verify_receipt
from warehouse.keys import fingerprint, read_public_key

PUBLIC_KEY = "ledger.pub"


@click.command("verify-receipt", context_settings=HELP)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--key",
    "key_path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    show_default=f"{PUBLIC_KEY} beside the receipt",
    help="The consortium's public key.",
)
def command(file: Path, key_path: Path | None) -> None:
    """Check that FILE, a receipt *.receipt.json, is byte for byte what the consortium issued and signed.

    Needs the file and the public key, nothing else: no home, no network. A page of the same name beside it is
    checked as well. Exit status 0 when all holds, 1 when not.
    """
    key = read_public_key(key_path or _key_beside(file))
    try:
        receipt = verify_receipt(file.read_bytes(), key)
        page = file.with_name(file.name.removesuffix(RECEIPT_SUFFIX) + PAGE_SUFFIX)
        if page.is_file():
            require_page(receipt, page.read_bytes())
    except ReceiptError as error:
        click.echo(f"DOES NOT HOLD  {error.code}  found {error.found}; expected {error.expected}.", err=True)
        click.echo(f"To do: {error.remedy}", err=True)
        raise SystemExit(1) from None
    said = receipt.content
    ledger = said["ledger"]
    click.echo(f"HOLDS  {said['receipt_id']}: {said['status']}, {said['file_name']}, for {said['firm_id']}")
    click.echo(
        "Checked: every byte of the receipt" + (" and of the page beside it" if page.is_file() else "")
    )
    click.echo(f"Signed with key sha256:{fingerprint(key)}")
    if isinstance(ledger, dict):
        click.echo(f"Ledger entry {ledger['seq']} {ledger['hash']}, recorded {said['recorded_at']}")


def _key_beside(file: Path) -> Path:
    beside = file.with_name(PUBLIC_KEY)
    if not beside.is_file():
        raise click.UsageError(f"there is no {PUBLIC_KEY} beside the receipt: name the public key with --key")
    return beside
