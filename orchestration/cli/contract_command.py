"""``guildhall contract``: read contracts, and render them for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import click
from rich.console import Console
from rich.table import Table

from contracts import CONTRACTS, contract
from contracts.render import RENDERINGS, ContractDescription, describe, rendered_files
from orchestration.cli.contract_diff import command as diff
from orchestration.cli.contract_diff import release
from orchestration.cli.options import HELP

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "page": "dictionary.md",
        "json-schema": "schema.json",
        "odcs": "odcs.yaml",
        "gx": "gx_suite.json",
        "header": "header.csv",
    }
)
"""What a rendering is called on the command line, and its file."""


@click.group("contract", context_settings=HELP)
def command() -> None:
    """Read the contracts: what may be sent, column by column and rule by rule."""


command.add_command(diff)
command.add_command(release)


@command.command("list")
def list_contracts() -> None:
    """List all contracts: version, who drops them, how many columns they have, and what a row is."""
    table = Table(box=None)
    for heading in ("contract", "version", "dropped by", "columns"):
        table.add_column(heading, no_wrap=True)
    table.add_column("one row per")
    for name, of in CONTRACTS.items():
        meta = of.meta
        table.add_row(name, meta.version, str(meta.dropped_by), str(len(of.columns())), meta.grain)
    Console(soft_wrap=True).print(table)


@command.command("show")
@click.argument("name")
@click.option(
    "--as",
    "form",
    type=click.Choice(list(FORMS)),
    help="One of the contract's renderings instead, to standard output.",
)
def show(name: str, form: str | None) -> None:
    """Show the contract NAME: its terms, its columns and its rules."""
    of = contract(name)
    if form is not None:
        click.echo(RENDERINGS[FORMS[form]](of), nl=False)
        return
    told, console = describe(of), Console(soft_wrap=True, highlight=False, markup=False)
    console.print(f"{told.name} {told.version}: {told.description}")
    console.print(f"One row per {told.grain}. Dropped by the {told.dropped_by}.\n")
    console.print(_columns(told))
    console.print(_rules(told))


def _columns(told: ContractDescription) -> Table:
    table = Table("column", "key", "required", "it must be", "meaning", title="Columns", title_justify="left")
    for column in told.columns:
        key, required = (_yes(one) for one in (column.key_position is not None, column.required))
        table.add_row(column.name, key, required, column.expected, column.description)
    return table


def _rules(told: ContractDescription) -> Table:
    table = Table(
        "code", "severity", "a row breaks it when", "what to do", title="Rules", title_justify="left"
    )
    for rule in told.rules:
        table.add_row(rule.code, rule.severity, rule.message, rule.hint)
    return table


def _yes(holds: bool) -> str:
    return "yes" if holds else ""


@command.command("render")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("docs/reference/contracts"),
    show_default=True,
    help="The folder to write into.",
)
def render(out: Path) -> None:
    """Render all contracts for other programs and for people.

    A folder for each: JSON Schema, ODCS, Great Expectations suite, CSV header and page; dbt sources for all.
    """
    files = rendered_files(CONTRACTS.values())
    for name, text in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    click.echo(f"{len(files)} files of {len(CONTRACTS)} contracts are in {out}.")
