"""``guildhall remind``: tell firms what is due, overdue, refused or held, and owners what was missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from orchestration.cli.missed_view import missed_with_reasons
from orchestration.cli.options import HELP, as_of_option, home_option
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.owners import OwnerNotice, owner_notices, tell_owners
from warehouse.reminding import OUTCOMES, REMINDERS, Notice, due_notices, remind


@click.command("remind", context_settings=HELP)
@home_option
@as_of_option
@click.option("--dry-run", is_flag=True, help="Print what would be sent, and send nothing.")
def command(home_path: Path, as_of: date | None, dry_run: bool) -> None:
    """Write to firms whose files are due or overdue, or were refused, rejected or held, and to owners.

    The operator is told when an announced day passed without its release, with the reason, and of alerts that
    nobody owns; a seat, of the open alerts that are its own ([notify] owner). Each notice goes out once, by
    the address that [notify] in consortium.toml names; run it every day. Exit status 1 when a channel did not
    take a notice; the next run tries again.
    """
    home, day = Home.open(home_path), as_of or date.today()
    with Ledger.open(home) as ledger:
        if dry_run:
            _print("would be sent", due_notices(home, ledger, day, (*REMINDERS, *OUTCOMES)), with_text=True)
            _print_owners(
                "would be sent", owner_notices(home, ledger, missed_with_reasons(home, ledger, day))
            )
            return
        done = remind(home, ledger, day)
        told = tell_owners(home, ledger, missed_with_reasons(home, ledger, day))
    _print("sent", done.sent)
    _print("not taken by the channel", done.failed)
    _print("without an address in [notify]", done.without_address)
    _print_owners("sent", told.sent)
    _print_owners("not taken by the channel", told.failed)
    _print_owners("without an address in [notify]", told.without_address)
    if done.failed or told.failed:
        raise SystemExit(1)


def _print(what: str, notices: Sequence[Notice], *, with_text: bool = False) -> None:
    click.echo(f"{len(notices)} {what}")
    for notice in notices:
        click.echo(f"  {notice.firm_id}  {notice.period}  {notice.kind}")
        if with_text:
            click.echo("".join(f"    {line}\n" for line in notice.text.splitlines()), nl=False)


def _print_owners(what: str, notices: Sequence[OwnerNotice]) -> None:
    for notice in notices:
        click.echo(f"{what}: {notice.owner}  {notice.kind}  {notice.subject}")
