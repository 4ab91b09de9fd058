"""``guildhall check``: what intake would say of a file, before it is sent. Runs offline, at the firm.

Checking itself belongs to ``warehouse.checking``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.options import HELP

if TYPE_CHECKING:
    from warehouse.checking import CheckOrder, CheckReport, CodeSummary
    from warehouse.checking.report import Assumed
    from warehouse.intake.findings import FileFinding

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("check", context_settings=HELP)
@click.argument("file", metavar="FILE", type=_FILE)
@click.option("--contract", metavar="NAME", help="The contract to check against; guessed when left out.")
@click.option("--period", metavar="YYYYQn", help="The quarter the file is for; else by its name.")
@click.option("--firm", metavar="ID", help="Your firm's identifier; else the one most rows name.")
@click.option(
    "--with",
    "given",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder with files of the registers and of your other extracts, to check against them too.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, every violation listed.")
@click.option(
    "--workbook", metavar="OUT.xlsx", type=_FILE, help="Also write your rows with failing cells colored."
)
def command(
    file: Path,
    contract: str | None,
    period: str | None,
    firm: str | None,
    given: Path | None,
    as_json: bool,
    workbook: Path | None,
) -> None:
    """Check FILE (CSV, XLSX or Parquet) against its contract, as intake would.

    Nothing is sent or kept, and no home is needed. What is printed names records, columns and codes, never
    values; only the workbook holds your rows.

    Exit status: 0 clean, warnings allowed; 1 rows that would be quarantined; 2 a file that would be refused,
    or one that cannot be checked; 70 a fault of Guildhall itself.
    """
    # Imported here so that --help answers at once.
    from warehouse.checking import CheckOrder
    from warehouse.checking.rendering import render_json

    order = CheckOrder(path=file, contract=contract, period=period, firm=firm, given=given, workbook=workbook)
    report = _check(order)
    for piece in render_json(report) if as_json else (f"{line}\n" for line in _summarize(order, report)):
        click.echo(piece, nl=False)
    if report.exit_status:
        raise SystemExit(report.exit_status)


def _check(order: CheckOrder) -> CheckReport:
    """Check with a bar on a terminal, silently on a pipe."""
    from warehouse.checking import check_file

    with click.progressbar(
        length=0, label=f"Checking {order.path.name}", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def count(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return check_file(order, count)


def _summarize(order: CheckOrder, report: CheckReport) -> Iterator[str]:
    from warehouse.checking.wording import VERDICTS

    yield f"{report.file_name} ({report.kind.value}): {VERDICTS[report.verdict]}"
    yield from _assumptions(report)
    if not report.findings:
        errors, warnings = f"with errors {report.rows_failing:,}", f"with warnings {report.rows_warned:,}"
        yield f"  rows      {report.rows_in:,}, {errors}, {warnings}"
    for title, findings in (("Refused because", report.findings), ("Noted", report.notes)):
        yield from _list_findings(title, findings, report)
    for severity, title in (("ERROR", "Errors"), ("WARNING", "Warnings")):
        yield from _list_codes(title, [one for one in report.codes if one.severity == severity], report)
    yield from _list_not_checked(report)
    if report.workbook is not None:
        yield f"Your rows, failing cells colored: {report.workbook}. It holds values: keep it in your firm."
    elif order.workbook is not None:
        yield "No workbook was written, for no rows could be read."


def _assumptions(report: CheckReport) -> Iterator[str]:
    version = f" {report.contract_version}" if report.contract_version else ""
    if report.chosen is not None:
        yield f"  contract  {report.chosen.value}{version}, {report.chosen.because}"
    for name, one in (("period", report.period), ("firm", report.firm)):
        if one is not None:
            yield f"  {name:<8}  {_said(one)}"


def _said(one: Assumed) -> str:
    return f"{one.value}, {one.because}" if one.shown else one.because


def _list_findings(title: str, findings: tuple[FileFinding, ...], report: CheckReport) -> Iterator[str]:
    if findings:
        yield f"{title}:"
    for one in findings:
        yield f"  {one.code}  {one.message}{_where(one, report)}"
        yield f"           to do: {one.hint}"


def _where(one: FileFinding, report: CheckReport) -> str:
    from warehouse.formats import PLACE_WORDS

    parts = [one.column] if one.column else []
    parts += [f"{PLACE_WORDS[report.kind]} {one.line}"] if one.line else []
    return f" ({', '.join(parts)})" if parts else ""


def _list_codes(title: str, codes: list[CodeSummary], report: CheckReport) -> Iterator[str]:
    if codes:
        yield f"{title}, by code:"
    for one in codes:
        yield f"  {one.code}  {one.rows:,} × {one.message}"
        yield f"           to do: {one.hint}"
        yield f"           first: {_places(one, report)}"


def _places(one: CodeSummary, report: CheckReport) -> str:
    """``record 3 (line 4, digits, length 5); …``."""
    from warehouse.formats import PLACE_WORDS

    word = PLACE_WORDS[report.kind]
    masked = [f": {place.masked_value}" if place.masked_value else "" for place in one.examples]
    shown = [
        f"record {place.record} ({word} {place.line}{kind})"
        for place, kind in zip(one.examples, masked, strict=True)
    ]
    return "; ".join(shown) + ("; …" if one.rows > len(shown) else "")


def _list_not_checked(report: CheckReport) -> Iterator[str]:
    from warehouse.checking.wording import NOT_CHECKED

    if report.not_checked:
        yield f"{NOT_CHECKED.capitalize()}, for it needs more than the file:"
    for one in report.not_checked:
        yield f"  {one.code}  {one.column}: {one.needs}"
