"""``guildhall query``: one SELECT over a published release."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.options import HELP, home_option

if TYPE_CHECKING:
    import pyarrow as pa

    from warehouse.door.catalog import Catalog

FORMATS = ("table", "csv", "json", "xlsx", "parquet", "arrow")
_BINARY = ("xlsx", "parquet", "arrow")


@click.command("query", context_settings=HELP)
@click.argument("sql", required=False)
@home_option
@click.option(
    "--release",
    "release_id",
    default=None,
    show_default="the newest",
    help="The release, as 2026-Q3 or 2026-Q3/v1.0.",
)
@click.option(
    "--format", "format_name", type=click.Choice(FORMATS), default="table", help="How rows are written."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write to this file instead of the screen; needed for xlsx, parquet and arrow on a terminal.",
)
def command(
    sql: str | None, home_path: Path, release_id: str | None, format_name: str, out: Path | None
) -> None:
    """Ask a published release one SELECT in DuckDB's SQL.

    Without SQL, lists the tables and views that can be asked. `figures` has every published figure in plain
    words; `example_queries` has questions to begin from. The release cannot be changed, and nothing but it
    can be reached.
    """
    from reports.door.about import About, Described
    from reports.door.formats import FORMATS as WRITERS
    from warehouse.door.catalog import read_catalog
    from warehouse.home import Home
    from warehouse.releases import named_release

    release = named_release(Home.open(home_path), release_id)
    catalog = read_catalog(release.root)
    if sql is None:
        _list(catalog)
        return
    rows = _ask(catalog, sql)
    if format_name == "table":
        _show(rows)
        return
    described = Described("query", sql, About.of(release), _known_words(catalog, rows))
    _deliver(WRITERS[format_name].write(rows, described), out, format_name)


def _ask(catalog: Catalog, sql: str) -> pa.Table:
    from warehouse.door.answering import Question
    from warehouse.door.limits import AT_HOME
    from warehouse.door.workers import Workers

    with Workers() as workers:
        return workers.ask(Question(catalog.path, sql, catalog.names, AT_HOME))


def _known_words(catalog: Catalog, rows: pa.Table) -> dict[str, str]:
    """The words of columns that kept their published names."""
    known = {column.name: column.words for table in catalog.tables.values() for column in table.columns}
    return {name: known[name] for name in rows.column_names if name in known}


def _list(catalog: Catalog) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table("table", "columns", "what it holds", box=None, pad_edge=False)
    for table in sorted(catalog.tables.values(), key=lambda one: (not one.is_view, one.name)):
        shown.add_row(table.name, str(len(table.columns)), table.words)
    Console().print(shown)


def _show(rows: pa.Table) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    shown = Table(*map(escape, rows.column_names), box=None, pad_edge=False)
    for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        shown.add_row(*("" if value is None else escape(_printed(value)) for value in row))
    Console().print(shown)
    click.echo(f"{rows.num_rows:,} rows", err=True)


def _printed(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _deliver(content: bytes, out: Path | None, format_name: str) -> None:
    if out is not None:
        out.write_bytes(content)
        click.echo(f"{out}: {len(content):,} bytes", err=True)
        return
    if format_name in _BINARY and sys.stdout.isatty():
        raise click.UsageError(f"{format_name} is not for a screen; give --out FILE")
    sys.stdout.buffer.write(content)
