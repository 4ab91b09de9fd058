"""Options that several commands share. What a command does belongs in its own module."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

HELP: dict[str, Any] = {"help_option_names": ["-h", "--help"]}
"""Context settings of every command, so that its help reads the same however it is reached."""


def home_option(command: Command) -> Command:
    """``--home DIR``: the consortium home a command works on (default: the current folder)."""
    return click.option(
        "--home",
        "home_path",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        show_default="the current folder",
        help="The consortium home to work on.",
    )(command)


def as_of_option(command: Command) -> Command:
    """``--as-of DATE``: the day to act as if it were today; decides what is due."""
    return click.option(
        "--as-of",
        type=click.DateTime(formats=["%Y-%m-%d"]),
        default=None,
        show_default="today",
        callback=_to_date,
        help="Act as on this day: it decides what is due, releases and files.",
    )(command)


def _to_date(_ctx: click.Context, _param: click.Parameter, value: datetime | None) -> date | None:
    return None if value is None else value.date()
