"""``guildhall seal``: make a firm's export fit to leave the firm. Runs offline, on the firm's own machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from orchestration.cli.options import HELP, Command
from warehouse.sealing import IdentifierColumns, SealOrder, SealReport, read_key, seal_file

_EPOCHS = click.IntRange(0, 9999)
_COLUMNS = ("ssn", "last", "first", "dob", "zip", "position")
_FILE = click.Path(path_type=Path, dir_okay=False)


def _column(option: str, holds: str) -> Callable[[Command], Command]:
    return click.option(f"--{option}", metavar="COLUMN", help=f"The column that holds {holds}.")


@click.command("seal", context_settings=HELP)
@click.argument("source", metavar="IN.csv", type=_FILE)
@click.option(
    "--out", "target", metavar="OUT.csv", type=_FILE, required=True, help="The sealed file to write."
)
@click.option(
    "--link-key", metavar="FILE", type=_FILE, required=True, help="The file with the consortium's link key."
)
@click.option(
    "--key-epoch", type=_EPOCHS, metavar="N", required=True, help="The link key's number, as issued with it."
)
@_column("ssn", "social security numbers")
@_column("last", "last names")
@_column("first", "first names")
@_column("dob", "dates of birth, as YYYY-MM-DD")
@_column("zip", "ZIP codes of residence")
@_column("position", "your identifiers of positions; needs --firm-key")
@click.option("--drop", metavar="COLUMN", multiple=True, help="A column to leave out; may be repeated.")
@click.option("--firm-key", metavar="FILE", type=_FILE, help="The file with your own key, for positions.")
@click.option(
    "--encrypt-for",
    "recipients",
    metavar="RECIPIENT",
    multiple=True,
    help="Also write OUT.csv.age for the holder of this public key (age1…); may be repeated.",
)
def command(source: Path, target: Path, **given: Any) -> None:
    """Turn the identifiers in IN.csv into pseudonyms and write OUT.csv, which holds none.

    The named columns are left out; learner_key and key_epoch come in, position_key with --position, and
    age_at_entry where there is a date of birth and an entry_date. Keys are read from files only.

    Exit status: 0 every row sealed; 1 some rows could not be, they are listed in OUT.rejected.csv by record
    and reason; 2 the file, a key or an option is not usable, and nothing was written.
    """
    order, warnings = _read_order(source, target, given)
    for warning in warnings:
        click.echo(f"Warning: {warning}", err=True)
    report = _seal(order)
    click.echo("\n".join(_summarize(order, report)))
    if report.refused:
        raise SystemExit(1)


def _read_order(source: Path, target: Path, given: dict[str, Any]) -> tuple[SealOrder, list[str]]:
    link = read_key(given["link_key"], "link key")
    firm = read_key(given["firm_key"], "firm key") if given["firm_key"] else None
    order = SealOrder(
        source=source,
        target=target,
        columns=IdentifierColumns(**{name: given[name] for name in _COLUMNS}, drop=given["drop"]),
        link_key=link.key,
        key_epoch=given["key_epoch"],
        firm_key=firm.key if firm else None,
        recipients=given["recipients"],
        protected=tuple(given[key] for key in ("link_key", "firm_key") if given[key]),
    )
    return order, [one.warning for one in (link, firm) if one and one.warning]


def _seal(order: SealOrder) -> SealReport:
    """Seal with a bar on a terminal, silently on a pipe."""
    with click.progressbar(
        length=0, label=f"Sealing {order.source.name}", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def count(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return seal_file(order, count)


def _summarize(order: SealOrder, report: SealReport) -> list[str]:
    kinds = ", ".join(f"{kind} {rows:,}" for kind, rows in report.kinds.items())
    lines = [
        f"Sealed {report.sealed:,} of {report.rows_in:,} rows into {order.target}",
        f"  keys made of   {kinds or 'nothing'}",
        f"  key epoch      {order.key_epoch}; check digits of the link key {order.link_key.check_digits()}",
    ]
    if order.recipients:
        lines.append(f"  encrypted      {order.encrypted}, recipients {len(order.recipients)}")
    return [*lines, *_list_refusals(order, report)]


def _list_refusals(order: SealOrder, report: SealReport) -> list[str]:
    if not report.refused:
        return []
    lines = [f"Not sealed: rows {report.refused:,}. They are in no file but {order.source}."]
    for reason, count in sorted(report.refusals.items(), key=lambda one: one[0].code):
        first = ", ".join(str(record) for record in count.first_records)
        more = ", …" if count.rows > len(count.first_records) else ""
        lines += [
            f"  {reason.code}  {count.rows:,} × {reason.message}",
            f"           to do: {reason.hint}; records {first}{more}",
        ]
    return [*lines, f"All of them, by record and line: {order.rejected}. Correct them and seal again."]
