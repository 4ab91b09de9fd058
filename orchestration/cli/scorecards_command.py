"""``guildhall scorecards``: every member firm's own scorecard and fund statement, into its box."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from orchestration.cli.options import HELP, home_option
from orchestration.cli.progress import TerminalProgress
from warehouse.home import Home

if TYPE_CHECKING:
    from orchestration.scorecards import Outcome


@click.command("scorecards", context_settings=HELP)
@home_option
@click.option("--firm", "firms", multiple=True, help="Only this member firm; may be given more than once.")
@click.option("--release", metavar="PERIOD[/VERSION]", default=None, show_default="the newest")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    show_default="each firm's box",
    help="Write into DIR/<firm>/ instead, and deliver nothing.",
)
@click.option("--again", is_flag=True, help="Deliver also to firms that have theirs.")
def command(
    home_path: Path, firms: tuple[str, ...], release: str | None, out: Path | None, again: bool
) -> None:
    """Make each member firm's scorecard and fund statement, and put them into the `out` of its box.

    Two pages and a workbook: the firm's own figures beside those of the release, and its account with the
    fund to the cent. Nothing in them comes from another firm's rows. Each firm gets those of a release once;
    run it again and only what is missing is delivered. One firm's fault stops no other.

    Exit status: 0 all is where it belongs; 1 something failed for some firm; 2 nothing could be made.
    """
    from orchestration.scorecards import Wish, make_scorecards

    home = Home.open(home_path)
    with TerminalProgress(Console(soft_wrap=True, highlight=False, stderr=True)) as progress:
        count = progress.stage("Scorecards and fund statements")
        outcome = make_scorecards(home, Wish(release, firms, out, again), count)
    click.echo(_in_words(outcome, out))
    if outcome.failed:
        raise SystemExit(1)


def _in_words(outcome: Outcome, out: Path | None) -> str:
    where = "delivered to their boxes" if out is None else f"written to {out}"
    lines = [f"{outcome.release}: {len(outcome.done)} firms, {where}"]
    if outcome.already:
        lines.append(f"{len(outcome.already)} had theirs already")
    lines += [f"  {one.firm_id}  {one.code}  {one.found}" for one in outcome.failed]
    return "\n".join(lines)
