"""``guildhall token``: let a board in, or no longer."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli.options import HELP, home_option


@click.command("token", context_settings=HELP)
@click.argument("board", required=False)
@home_option
@click.option("--withdraw", is_flag=True, help="Let the board's token hold no longer.")
def command(board: str | None, home_path: Path, withdraw: bool) -> None:
    """Give a workforce board the token with which it asks at `guildhall serve`; without a name, list the
    boards.

    The token is told once and kept as a hash only. A new token replaces the board's older one. A running
    server reads tokens when it starts.
    """
    from reports.door.boards import Boards, give_token, take_token
    from warehouse.home import Home

    keys = Home.open(home_path).root / "keys"
    if board is None:
        for name in sorted(Boards.read(keys).hashes):
            click.echo(name)
    elif withdraw:
        click.echo(f"{board}: " + ("withdrawn" if take_token(keys, board) else "had no token"))
    else:
        click.echo(give_token(keys, board))
