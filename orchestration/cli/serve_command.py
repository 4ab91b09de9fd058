"""``guildhall serve``: the boards' door on the web."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import click

from orchestration.cli.options import HELP, home_option


@click.command("serve", context_settings=HELP)
@home_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8484, show_default=True, help="The port.")
@click.option("--open", "is_open", is_flag=True, help="Let everybody in on an address that others reach.")
@click.option(
    "--at-once", type=click.IntRange(1, 64), default=2, show_default=True, help="Questions run at once."
)
def command(home_path: Path, host: str, port: int, is_open: bool, at_once: int) -> None:
    """Show the published releases: report, tables by address, a page for SQL, `/query` for programs.

    Nothing but public releases is shown, none before its day. Boards that have a token (`guildhall token`)
    must present it to read tables and to ask. Behind a proxy that does TLS; one line a request in `door.log`.
    """
    import uvicorn

    from reports.door.app import Settings, make_app
    from reports.door.boards import Boards
    from reports.door.guarding import Log
    from warehouse.home import Home

    home = Home.open(home_path)
    if not (is_open or _is_here(host) or Boards.read(home.root / "keys").hashes):
        raise click.UsageError(
            f"others can reach {host}: give boards tokens first (guildhall token), or --open"
        )
    app = make_app(home, Settings(at_once=at_once, log=Log(home.root / "door.log")))
    click.echo(f"Open at http://{host}:{port}/ (Ctrl+C closes it)")
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, access_log=False)


def _is_here(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
