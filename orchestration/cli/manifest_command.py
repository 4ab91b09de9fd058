"""``guildhall manifest``: write what a firm has to say about a file. Runs offline, at the firm."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from orchestration.cli.options import HELP

_TYPES = ("ORIGINAL", "REPLACEMENT", "CORRECTION", "WITHDRAWAL")
_REASONS = (
    *("KEYING", "LATE_INFO", "RECLASS", "LEGAL_NAME_CHANGE"),
    *("COURT_ORDER", "FIRM_LEAVES", "LEGAL_HOLD", "OTHER"),
)


@click.command("manifest", context_settings=HELP)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--type", "kind", type=click.Choice(_TYPES), default="ORIGINAL", show_default=True, help="What FILE is."
)
@click.option("--supersedes", metavar="ID", help="The submission_id of the receipt that it follows.")
@click.option("--answers", metavar="ID", help="The submission_id of the HELD receipt that it speaks for.")
@click.option("--reason", type=click.Choice(_REASONS), help="Why it is replaced, corrected or withdrawn.")
@click.option("--nil", "is_nil", is_flag=True, help="There is nothing to report: FILE has no rows.")
def command(
    file: Path, kind: str, supersedes: str | None, answers: str | None, reason: str | None, is_nil: bool
) -> None:
    """Write FILE.manifest.json, which says what FILE is: drop it first, then FILE.

    FILE has the name it is dropped under, such as wage_2026Q1.csv. Its rows are counted and its bytes hashed;
    it is not changed, and nothing is sent. A WITHDRAWAL, and a manifest with --answers, are dropped alone:
    FILE then only says which extract and quarter is meant, and need not exist.
    """
    # Imported here so that --help answers at once.
    from warehouse.drafting import RANDOM_BYTES, DraftOrder, draft, write_draft

    order = DraftOrder(
        path=file, kind=kind, supersedes=supersedes, answers=answers, reason=reason, is_nil=is_nil
    )
    path = write_draft(order, draft(order, datetime.now(UTC), os.urandom(RANDOM_BYTES)))
    click.echo(f"Wrote {path}")
    click.echo("Drop it alone." if order.comes_alone else f"Drop it into your box, then {file.name}.")
