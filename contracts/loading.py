"""What a program does without: libraries that others load only to ask whether a value is one of theirs.

What a program does need is imported where it is used.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class _Absent:
    """A finder that says of these modules that they are not installed."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in self._names:
            raise ModuleNotFoundError(f"{name} is not needed here", name=name)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """For a program's main: inside, modules of these names that are not loaded yet are not found.

    DuckDB and pyarrow load pandas with the first value they are given, which takes a third of a second, and
    work without it where it is not installed. pyarrow asks once: what comes after in the same process, and
    does use pandas, is not recognised by it.
    """
    finder = _Absent(frozenset(names))
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
