"""The reference pages: commands, contracts, codes. Rendered from the program, never edited by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from contracts.render import codes_page, contracts_page
from orchestration.capabilities import capabilities_page
from orchestration.cli import guildhall
from warehouse.intake.findings import FILE_CODES, RAGGED_CODE, RAGGED_MESSAGE
from warehouse.refusals import REFUSALS

RENDERED = "<!-- Rendered by `make render`; edit the program instead. -->\n\n"


def pages() -> Mapping[str, str]:
    """Every rendered page by its path from the folder of references, in Markdown."""
    return {
        # Beside the folder: readers look for it first, and it is about the whole house.
        "../capabilities.md": RENDERED + capabilities_page(),
        "commands.md": RENDERED + commands_page(),
        "contracts.md": RENDERED + contracts_page(),
        "codes.md": RENDERED + codes_page({**REFUSALS, **FILE_CODES, RAGGED_CODE: RAGGED_MESSAGE}),
    }


def write_pages(folder: Path) -> list[Path]:
    """Write every page into ``folder``; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in pages().items():
        path = folder / name
        path.write_text(text)
        written.append(path)
    return written


def commands_page() -> str:
    """Every command with its help, as the command line itself prints it (80 columns)."""
    root = click.Context(
        guildhall,
        info_name="guildhall",
        terminal_width=80,
        max_content_width=80,
        **guildhall.context_settings,
    )
    return "\n".join(["# Commands", "", *_command_sections(root)])


def _command_sections(root: click.Context) -> Iterator[str]:
    for verb in guildhall.list_commands(root):
        command = guildhall.get_command(root, verb)
        if command is None:
            continue
        yield from _sections_of(command, verb, root)


def _sections_of(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    """The command's own section, then one for each command of a group."""
    context = click.Context(command, info_name=name, parent=parent, terminal_width=80, max_content_width=80)
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for verb in command.list_commands(context):
            member = command.get_command(context, verb)
            if member is not None:
                yield from _sections_of(member, verb, context)
