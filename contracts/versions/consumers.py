"""What readers of the lake have declared about how they read.

A reader who counts by a closed list breaks on a code it has never met. One who takes codes it does not know
(shows them as they are, or under "other") may say so here; then a longer list is no breach for readers.
"""

from __future__ import annotations

from collections.abc import Mapping

OPEN_LISTS: Mapping[str, frozenset[str]] = {}
"""By contract, the columns whose list may grow. Put a column here only once every reader of it is ready."""


def open_lists(name: str) -> frozenset[str]:
    """The columns of a contract whose readers take codes they do not know."""
    return OPEN_LISTS.get(name, frozenset())
