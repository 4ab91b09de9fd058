"""``guildhall audit``: does what is published give anyone away?

Auditing itself belongs to ``reports.disclosure.audit``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.options import HELP

if TYPE_CHECKING:
    from reports.disclosure.audit.findings import Audit

LISTED = 50
"""How many findings are printed; --json has them all."""


@click.command("audit", context_settings=HELP)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--public", is_flag=True, help="Say only whether the audit passed: the words for everybody.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print everything as JSON. It names exposed cells: keep it."
)
@click.option(
    "--earlier",
    metavar="DIR",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Earlier tables of the same firms under noise: do firms keep their factors? May be repeated.",
)
def command(folder: Path, public: bool, as_json: bool, earlier: tuple[Path, ...]) -> None:
    """Audit DIR: a release, or the folder that `guildhall disclose` wrote.

    From the published files alone: are they those of the manifest, does no row say more than its status, does
    no hidden cell follow from totals, averages or the page? Where the operator's evidence lies beside them,
    also: could anybody, any single firm, or a reader of all releases work out or narrow down a hidden cell?

    What is printed names cells that are exposed and is for the operator; with --public it is for everybody.

    Exit status: 0 the audit passed; 1 it did not; 2 the folder cannot be audited; 70 a fault of ours.
    """
    audit = _audit(folder, earlier)
    if public:
        click.echo(audit.in_public())
    elif as_json:
        click.echo(json.dumps(_document(audit), indent=1, ensure_ascii=False))
    else:
        for line in _summary(audit):
            click.echo(line)
    raise SystemExit(0 if audit.passed else 1)


def _audit(folder: Path, earlier: tuple[Path, ...]) -> Audit:
    # Imported here so that --help answers at once.
    from rich.console import Console

    from orchestration.auditing import audit_folder
    from orchestration.cli.progress import TerminalProgress, teller

    with TerminalProgress(Console(stderr=True)) as progress:
        return audit_folder(folder, teller(progress), earlier)


def _document(audit: Audit) -> Mapping[str, Any]:
    findings = [
        {
            "code": one.code,
            "where": one.where,
            "meaning": one.meaning,
            "attack": one.attack,
            "attacker": str(one.attacker),
        }
        for one in audit.findings
    ]
    checked = [{"what": what, "count": count} for what, count in audit.checked]
    return {
        "passed": audit.passed,
        "findings": findings,
        "checked": checked,
        "not_checked": list(audit.unchecked),
    }


def _summary(audit: Audit) -> Iterator[str]:
    yield audit.in_public()
    yield "Looked at: " + ", ".join(f"{what} {count:,}" for what, count in audit.checked) + "."
    yield from audit.unchecked
    for finding in audit.findings[:LISTED]:
        yield str(finding)
    if len(audit.findings) > LISTED:
        yield f"… and {len(audit.findings) - LISTED:,} more; --json lists all."
