"""What ``guildhall status`` draws: on a narrow terminal too, no number is cut."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from orchestration.cli.status_command import print_whole


def test_no_number_is_cut_when_the_terminal_is_narrow() -> None:
    counts = [f"{10**power:,}" for power in range(9)]
    table = Table(*counts)
    table.add_row(*counts)
    console = Console(width=40, record=True, quiet=True, soft_wrap=True)
    print_whole(console, table)
    assert all(console.export_text(clear=False).count(f" {count} ") == 2 for count in counts)
