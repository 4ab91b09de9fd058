"""How ``guildhall status --firms`` shows where everyone stands: a table, JSON, or a page.

What is shown is found in ``warehouse.standing``.
"""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from warehouse.attendance import Place
from warehouse.standing import StandingOfAll


def show_standing(standing: StandingOfAll, page: Path | None, as_json: bool) -> None:
    """To a file when one is named, else to the terminal."""
    if page is not None:
        page.write_text(standing.as_page(), encoding="utf-8")
        click.echo(f"Written to {page}. It names every firm: for the operator only.")
    elif as_json:
        click.echo(json.dumps(standing.as_json(), indent=2))
    else:
        Console(soft_wrap=True).print(_drawn(standing))


def _drawn(standing: StandingOfAll) -> Table:
    title = f"{standing.period}, due on {standing.due}, seen on {standing.as_of}"
    table = Table("firm", title=title, title_justify="left")
    for place in standing.firms[0].places if standing.firms else ():
        table.add_column(place.contract)
    table.add_column("rows accepted", justify="right")
    table.add_column("score", justify="right")
    for firm in standing.firms:
        share = "–" if firm.accepted_share is None else f"{100 * firm.accepted_share:.1f} %"
        score = "–" if firm.score is None else str(firm.score)
        table.add_row(firm.firm_id, *map(_words, firm.places), share, score)
    return table


def _words(place: Place) -> str:
    marks = ("late",) * place.is_late + ("a file waits",) * place.waiting
    return ", ".join((place.state.lower(), *marks))
