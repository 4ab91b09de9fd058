"""``guildhall rebuild``: make a published release again and see whether it comes out the same."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from contracts.errors import ReleaseError
from orchestration.cli.options import HELP, home_option
from orchestration.cli.progress import TerminalProgress
from orchestration.rebuilding import Comparison, rebuild
from warehouse import releases
from warehouse.home import Home


@click.command("rebuild", context_settings=HELP)
@home_option
@click.option("--release", "name", metavar="PERIOD/VERSION", required=True, help="For example 2026-Q3/v1.0.")
@click.option(
    "--into",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="An empty folder, or one to be made, for the release made again.",
)
def command(home_path: Path, name: str, into: Path) -> None:
    """Make a published release again from the ledger head it names, and compare the two byte for byte.

    What came later plays no part: the lake is read as it stood at that head. The home is not changed. Exit
    status 0 when every file and the manifest are the same, 1 when anything differs, 2 when it cannot be made.
    """
    home = Home.open(home_path)
    with TerminalProgress(Console(soft_wrap=True, highlight=False, stderr=True)) as progress:
        result = rebuild(home, _release(home, name), into, progress)
    click.echo(_in_words(result))
    if not result.is_identical:
        raise SystemExit(1)


def _release(home: Home, name: str) -> releases.Release:
    standing = {one.name: one for one in releases.all_releases(home)}
    if name not in standing:
        raise ReleaseError(
            "REL-003",
            found="no such release",
            expected="one of " + (", ".join(standing) or "none, for nothing is published"),
            where=str(home.releases),
            remedy="Name the period and the version with a slash between them.",
        )
    return standing[name]


def _in_words(result: Comparison) -> str:
    name = f"{result.release.period} {result.release.version}"
    if result.is_identical:
        return f"{name} comes out the same: {result.same} files and the manifest, byte for byte."
    lines = [f"{name} comes out DIFFERENT; {result.same} files are the same."]
    lines += [f"  file      {file}" for file in result.files]
    lines += [f"  manifest  {fact}" for fact in result.facts]
    if "code_version" in result.facts:
        lines.append("It was made by other code: install that version of Guildhall and rebuild with it.")
    return "\n".join(lines)
