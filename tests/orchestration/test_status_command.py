"""What ``guildhall status`` draws: on a narrow terminal too, no number is cut."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table

from orchestration.cli.status_command import print_whole


def test_no_number_is_cut_when_the_terminal_is_narrow() -> None:
    counts = [f"{10**power:,}" for power in range(9)]
    table = Table(*counts)
    table.add_row(*counts)
    printed = io.StringIO()
    print_whole(Console(width=40, file=printed, soft_wrap=True), table)
    assert all(printed.getvalue().count(f" {count} ") == 2 for count in counts)
