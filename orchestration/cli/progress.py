"""Progress on a terminal, by rich; on a pipe it says each stage once."""

from __future__ import annotations

from collections.abc import Callable
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

    def stage(self, name: str) -> Counter:
        """Begin a stage; the returned function moves its bar to (done, total)."""
        if not self._console.is_terminal:
            self._console.print(f"{name} …")
        task = self._bars.add_task(name, total=None)

        def count(done: int, total: int) -> None:
            self._bars.update(task, completed=done, total=total)

        return count


def teller(progress: TerminalProgress) -> Callable[[str, int, int], None]:
    """Moves a bar for every stage it is told of; a pipe hears of each stage once."""
    counters: dict[str, Counter] = {}

    def tell(stage: str, done: int, total: int) -> None:
        if stage not in counters:
            counters[stage] = progress.stage(stage)
        counters[stage](done, total)

    return tell
