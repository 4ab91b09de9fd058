"""``guildhall effect``: what a treatment did, on any panel an analyst brings. The same core as the release's.

Estimating belongs to ``reports.impact``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.options import HELP

if TYPE_CHECKING:
    from reports.impact.frame import Columns
    from reports.impact.panel import Panel, Window


@click.command("effect", context_settings=HELP)
@click.argument("panel_path", metavar="PANEL", type=click.Path(path_type=Path))
@click.option("--person", required=True, metavar="COLUMN", help="Who: the same in all rows of a person.")
@click.option(
    "--unit", required=True, metavar="COLUMN", help="The firm; the person's own column for a panel of firms."
)
@click.option("--time", required=True, metavar="COLUMN", help="Whole numbers, or quarters written 2026Q1.")
@click.option("--entry", required=True, metavar="COLUMN", help="First treated period; blank or 0 for never.")
@click.option("--outcome", required=True, metavar="COLUMN", help="A number; blank where not observed.")
@click.option(
    "--design",
    type=click.Choice(["observational", "randomized"]),
    default="observational",
    show_default=True,
    help="Randomized only where chance decided who took part.",
)
@click.option("--window", metavar="FIRST:LAST", help="Periods after entry that count.  [default: 4:8]")
@click.option("--skip", type=click.IntRange(0, 40), help="Periods before entry left out.  [default: 4]")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the bootstrap below 20 units.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, unrounded.")
def command(
    panel_path: Path,
    person: str,
    unit: str,
    time: str,
    entry: str,
    outcome: str,
    design: str,
    window: str | None,
    skip: int | None,
    seed: int,
    as_json: bool,
) -> None:
    """Estimate what taking part did, on PANEL (CSV or Parquet, one row per person and period).

    Words first, then every estimator side by side. Where an estimate would rest on too little, the answer is
    "not estimable" with its code, never a zero. What is printed has passed no disclosure control: it is for
    those who may see the panel.

    Exit status: 0 with an answer, a refusal included; 2 for a panel that cannot be read or is none.
    """
    # Imported here so that --help answers at once.
    from reports.impact.frame import Columns
    from reports.impact.study import Design, Settings, study
    from reports.impact.words import as_data, in_words

    columns = Columns(person=person, unit=unit, time=time, entry=entry, outcome=outcome)
    panel = _read(panel_path, columns)
    result = study(panel, Settings(Design(design), _window(window, skip), seed=seed))
    if as_json:
        click.echo(json.dumps(as_data(result), indent=2))
        return
    for line in in_words(result):
        click.echo(line)


def _read(path: Path, columns: Columns) -> Panel:
    from reports.impact.frame import panel_of
    from warehouse.panel_file import read_panel_file

    text = (columns.person, columns.unit, columns.time, columns.entry)
    return panel_of(read_panel_file(path, columns.all, text), columns)


def _window(text: str | None, skip: int | None) -> Window | None:
    """``4:8`` and the quarters left out; None when neither is given, so that the design's own apply."""
    from reports.impact.panel import Window

    if text is None and skip is None:
        return None
    usual = Window()
    first, last = (usual.first, usual.last) if text is None else _ends(text)
    return Window(first, last, usual.skip if skip is None else skip)


def _ends(text: str) -> tuple[int, int]:
    first, _, last = text.partition(":")
    if not (first.isdigit() and last.isdigit()) or int(first) > int(last):
        raise click.BadParameter("write FIRST:LAST, for example 4:8", param_hint="--window")
    return int(first), int(last)
