"""Progress on a terminal, by rich; on a pipe it says each stage once."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from orchestration.resources import Counter


class TerminalProgress:
    """A bar for every stage of a long command; a context manager."""

    def __init__(self, console: Console) -> None:
        self._bars = Progress(
            TextColumn("{task.description:<40}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._console = console

    def __enter__(self) -> TerminalProgress:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    @property
    def is_shown(self) -> bool:
        """Whether somebody is looking: a terminal, not a pipe."""
        return self._console.is_terminal

    def stage(self, name: str) -> Counter:
        """Begin a stage; the returned function moves its bar to (done, total)."""
        if not self._console.is_terminal:
            self._console.print(f"{name} …")
        task = self._bars.add_task(name, total=None)

        def count(done: int, total: int) -> None:
            self._bars.update(task, completed=done, total=total)

        return count
