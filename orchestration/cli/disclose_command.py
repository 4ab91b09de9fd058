"""``guildhall disclose``: protect a table of cells outside a consortium home.

Reading, protecting and writing belong to ``reports.disclosure``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.options import HELP

if TYPE_CHECKING:
    from reports.disclosure.disclosed_files import Terms
    from reports.disclosure.disclosing import Disclosed
    from reports.disclosure.policy import Policy
    from reports.disclosure.protect.planning import Targets
    from reports.disclosure.tables_of_cells import Columns, Given

_SHARE = click.FloatRange(0, 1)
_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True)
class Order:
    """What a person asked for."""

    cells: tuple[Path, ...]
    value: str
    count: str
    largest: str | None
    persons: str | None
    hierarchies: tuple[str, ...]
    policy: str
    kind: str
    out: Path
    decimals: int | None
    tolerance: str
    rounds: int
    seed: int
    plan: bool
    cells_share: float | None
    value_share: float | None
    contributions: Path | None
    firm: str
    noise_key: Path | None

    @property
    def has_noise(self) -> bool:
        """Whether the contributions and the secret that noise takes are named; a usage error for one of
        them.
        """
        named = [self.contributions is not None, self.noise_key is not None]
        if any(named) and (not all(named) or self.plan):
            raise click.UsageError("noise takes --contributions and --noise-key, and has no --plan")
        return all(named)


@click.command("disclose", context_settings=HELP)
@click.argument("cells", metavar="CELLS.csv...", type=_FILE, nargs=-1, required=True)
@click.option("--value", metavar="COLUMN", default="TOT", show_default=True, help="What each cell adds up.")
@click.option(
    "--count", metavar="COLUMN", default="N_OBS", show_default=True, help="How many firms are behind a cell."
)
@click.option("--largest", metavar="COLUMN", help="The largest firm's part of a cell.")
@click.option("--persons", metavar="COLUMN", help="How many persons are behind a cell.")
@click.option(
    "--hierarchy",
    "hierarchies",
    metavar="DIM=FILE",
    multiple=True,
    help="A dimension's levels: a CSV file, one column a level, coarsest first. Once for each dimension.",
)
@click.option(
    "--policy", default="board", show_default=True, help="A preset, or a YAML file with its values."
)
@click.option(
    "--kind",
    type=click.Choice(["wage_derived", "count"]),
    default="wage_derived",
    show_default=True,
    help="Which thresholds of the policy the values are held to.",
)
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), required=True, help="A new folder.")
@click.option("--decimals", type=click.IntRange(0, 6), help="Round amounts to so many decimals first.")
@click.option("--tolerance", default="0", show_default=True, help="By how much rounded totals may be off.")
@click.option("--rounds", type=click.IntRange(0), default=60, show_default=True, help="How long to search.")
@click.option("--seed", default=0, show_default=True, help="Same seed and rounds, same result.")
@click.option("--plan", is_flag=True, help="Publish only as many levels as leave enough to show; say which.")
@click.option(
    "--cells-share", type=_SHARE, help="With --plan: how much of their cells to show.  [default: 0.7]"
)
@click.option(
    "--value-share", type=_SHARE, help="With --plan: how much of their value to show.  [default: 0.95]"
)
@click.option(
    "--contributions", metavar="FILE", type=_FILE, help="For noise: one row for each finest cell and firm."
)
@click.option(
    "--firm", metavar="COLUMN", default="FIRM", show_default=True, help="The firm of a contribution."
)
@click.option("--noise-key", metavar="FILE", type=_FILE, help="For noise: the secret of all firms' factors.")
def command(**options: object) -> None:
    """Protect CELLS.csv: hide what gives a firm away, and what would give the hidden away.

    Every column of CELLS.csv that no option names is a dimension; totals are rows named Total. Several files
    are linked tables: protected together, because the same cell may stand in each of them.

    With --plan, combinations of levels are given up, the finest first, until 70 % of the cells and 95 % of
    the value of the others can be shown. It refuses where no choice does.

    With --contributions and --noise-key, and a policy of mechanism ramp_noise, every firm's amounts are
    distorted by a factor of its own before they are added up, and only what a rule hides is hidden.

    DIR/public is what may be published: the tables with hidden cells empty, the hierarchies, a page.
    DIR/private is to be kept: why every cell is hidden, and the evidence that hiding is enough, which
    `guildhall audit DIR` checks.

    Exit status: 0 written; 2 refused, with the cell named and nothing written; 70 a fault of ours.
    """
    order = Order(**options)  # type: ignore[arg-type]
    given, terms = _given(order), _terms(order)
    found = _protected(order, given, terms)
    _tell_plan(found)
    click.echo(_counted(found))
    if found.distortion is not None:
        said = f"{found.distortion.close:,} of the hidden cells are less distorted than the policy's width"
        click.echo(f"Shown figures are distorted; {said}.")
    for one in _notes(given, terms, knows_firms=order.has_noise):
        click.echo(f"Not judged: {one}.")
    click.echo(f"To publish: {order.out / 'public'}")
    click.echo(f"To keep:    {order.out / 'private'}")
    click.echo(f"Check it:   guildhall audit {order.out}")


def _given(order: Order) -> Given:
    from reports.disclosure.disclosed_files import require_free
    from reports.disclosure.tables_of_cells import read_given

    require_free(order.out)
    return read_given(order.cells, _columns(order), _files(order.hierarchies), _decimal(order.tolerance))


def _files(hierarchies: tuple[str, ...]) -> dict[str, Path]:
    pairs = [one.partition("=") for one in hierarchies]
    if wrong := [name for name, sign, path in pairs if not (name and sign and path)]:
        raise click.BadParameter(f"{wrong[0]!r} is not DIM=FILE", param_hint="--hierarchy")
    return {name: Path(path) for name, _, path in pairs}


def _decimal(text: str) -> Decimal:
    try:
        tolerance = Decimal(text)
    except InvalidOperation:
        tolerance = Decimal(-1)
    if not tolerance.is_finite() or tolerance < 0:
        raise click.BadParameter(f"{text!r} is no amount", param_hint="--tolerance")
    return tolerance


def _terms(order: Order) -> Terms:
    from reports.disclosure.disclosed_files import Terms
    from reports.disclosure.policy import MeasureKind
    from reports.disclosure.protect.search import Effort

    return Terms(_policy(order.policy), MeasureKind(order.kind), Effort(order.seed, order.rounds))


def _policy(name: str) -> Policy:
    from reports.disclosure.policy import load_preset, read_policy

    path = Path(name)
    return read_policy(path) if path.suffix in (".yaml", ".yml") else load_preset(name)


def _protected(order: Order, given: Given, terms: Terms) -> Disclosed:
    # Imported here so that --help answers at once.
    from rich.console import Console

    from orchestration.cli.progress import TerminalProgress, teller
    from reports.disclosure.disclosed_files import write_disclosed
    from reports.disclosure.disclosing import disclose
    from reports.disclosure.planned import disclose_planned

    targets = _targets(order)
    if order.has_noise:
        found = _noised(order, given, terms)
        write_disclosed(order.out, found, terms)
        return found
    with TerminalProgress(Console(stderr=True)) as progress:
        tell = teller(progress)
        if targets is None:
            found = disclose(given, terms.policy, terms.kind, terms.effort, tell)
        else:
            found = disclose_planned(given, terms, targets, tell)
    write_disclosed(order.out, found, terms)
    return found


def _noised(order: Order, given: Given, terms: Terms) -> Disclosed:
    from reports.disclosure.contributions import read_contributions
    from reports.disclosure.noised import disclose_noised, noise_of, read_secret

    if order.contributions is None or order.noise_key is None:
        raise click.UsageError("noise takes --contributions and --noise-key")
    noise_of(terms.policy)
    secret = read_secret(order.noise_key)
    parts = read_contributions(order.contributions, _columns(order), order.firm, given)
    return disclose_noised(given, terms.policy, terms.kind, parts, secret)


def _columns(order: Order) -> Columns:
    from reports.disclosure.tables_of_cells import Columns

    return Columns(order.value, order.count, order.largest, order.persons, order.decimals)


def _targets(order: Order) -> Targets | None:
    """What a plan is to keep; None without one."""
    from reports.disclosure.protect.planning import Targets

    asked = {"cells": order.cells_share, "value": order.value_share}
    given = {name: Fraction(str(share)) for name, share in asked.items() if share is not None}
    if given and not order.plan:
        raise click.UsageError("--cells-share and --value-share are for --plan")
    return Targets(**given) if order.plan else None


def _counted(found: Disclosed) -> str:
    counts = found.counts
    hidden = counts["PRIMARY"] + counts["SECONDARY"]
    said = f"{len(found.status):,} cells: {counts['PUBLISHED']:,} shown, {hidden:,} hidden"
    return f"{said}, {counts['LOCKED']:,} of levels that are not published" if counts["LOCKED"] else said


def _tell_plan(found: Disclosed) -> None:
    from reports.disclosure.plan_words import words_of

    for line in () if found.chosen is None else words_of(found.chosen).lines:
        click.echo(line)


def _notes(given: Given, terms: Terms, *, knows_firms: bool) -> tuple[str, ...]:
    from reports.disclosure.disclosing import unjudged

    return unjudged(terms.policy, terms.kind, given, knows_firms=knows_firms)
