"""``guildhall contract diff`` and ``release``: what changed since a released version, and the next one.

Comparing belongs to ``contracts.versions``, running a version over the past to ``warehouse.replay``.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from contracts import CONTRACTS, contract
from contracts.versions.diff import Change
from contracts.versions.history import Standing, release_files, standing
from orchestration.cli.options import HELP

if TYPE_CHECKING:
    from warehouse.replay import Replay


@click.command("diff", context_settings=HELP)
@click.argument("name")
@click.option("--from", "version", metavar="VERSION", help="The released version to compare with.")
@click.option(
    "--replay",
    "home_path",
    metavar="HOME",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Also judge what firms have sent to this home, and count the rows that would newly fail.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON document.")
def command(name: str, version: str | None, home_path: Path | None, as_json: bool) -> None:
    """Show what changed in the contract NAME since a released version (the latest unless told).

    Every change is judged for producers (a firm that goes on sending as before) and consumers (a reader who
    goes on reading as before). Nothing is left undetermined.

    Exit status: 0 when the version declared is a large enough step; 1 when it is too small; 2 when there is
    no such contract or version.
    """
    now = standing(contract(name), version)
    replayed = None if home_path is None else _replay(home_path, name)
    if as_json:
        click.echo(json.dumps(_as_json(now, replayed), indent=2))
    else:
        _print(Console(soft_wrap=True, highlight=False, markup=False), now, replayed)
    if not now.honored:
        raise SystemExit(1)


@click.command("release", context_settings=HELP)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--into",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder of released descriptions: contracts/versions/released of a source tree.",
)
def release(names: tuple[str, ...], into: Path) -> None:
    """Write what the contracts NAME... (all unless told) promise now, to be committed.

    Refused, with nothing written, when a version is too small a step for what changed. What is released
    already stays as it is.
    """
    written = {
        path: text for name in names or CONTRACTS for path, text in release_files(contract(name)).items()
    }
    new = {path: text for path, text in written.items() if not (into / path).is_file()}
    for path, text in new.items():
        (into / path).parent.mkdir(exist_ok=True)
        (into / path).write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"Wrote {path}")
    if not new:
        click.echo("Every version is released already")


def _replay(home_path: Path, name: str) -> Replay:
    # Imported here: comparing alone needs no engine.
    from warehouse.home import Home
    from warehouse.ledger import Ledger
    from warehouse.replay import replay

    home = Home.open(home_path)
    with Ledger.open(home) as ledger:
        return replay(home, ledger, contract(name))


def _as_json(now: Standing, replayed: Replay | None) -> dict[str, object]:
    changes = [dataclasses.asdict(change) | {"bump": change.bump.name} for change in now.difference.changes]
    return {
        "contract": now.new.name,
        "from": now.old.version,
        "declared": now.new.version,
        "due": str(now.due),
        "bump": now.difference.bump.name,
        "compatibility": now.difference.compatibility,
        "honored": now.honored,
        "changes": changes,
        "replay": None if replayed is None else dataclasses.asdict(replayed),
    }


def _print(console: Console, now: Standing, replayed: Replay | None) -> None:
    console.print(_heading(now))
    if now.difference.changes:
        for change in now.difference.changes:
            console.print(_change(change))
        console.print(f"Compatibility: {now.difference.compatibility}")
        console.print(_verdict(now))
    if replayed is not None:
        _print_replay(console, replayed)


def _heading(now: Standing) -> str:
    compared = f"{now.new.name}: released {now.old.version}, declared {now.new.version}"
    return compared if now.difference.changes else f"{compared}. Nothing changed."


def _verdict(now: Standing) -> str:
    if now.honored:
        return f"Step: {now.difference.bump.name}. The declared version is large enough."
    return f"Step: {now.difference.bump.name}. Declare version {now.due} or later."


def _change(one: Change) -> str:
    """Two lines, however narrow the screen: what, and for whom it is a breach."""
    verdict = f"producer {one.producer}, consumer {one.consumer}: {one.bump.name}"
    return f"{one.place}: {one.what}\n    {verdict}"


def _print_replay(console: Console, replayed: Replay) -> None:
    files = sum(firm.submissions for firm in replayed.firms)
    rows = sum(firm.accepted for firm in replayed.firms)
    console.print(
        f"Replayed {files:,} files with {rows:,} accepted rows: {replayed.newly_failing:,} would newly fail."
    )
    if replayed.findings:
        table = Table("firm", "code", "rows", box=None)
        for one in replayed.findings:
            table.add_row(one.firm_id, one.code, f"{one.rows:,}")
        console.print(table)
