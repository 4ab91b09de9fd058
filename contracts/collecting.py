"""When Python looks for garbage: contracts are many objects that all live until the process ends.

Looking through them again and again finds nothing. What is worth keeping in memory belongs elsewhere.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (100_000, 20, 50)


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing is looked for inside the block."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """For a program's main: garbage is looked for seldom inside, and not at all when the process ends."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.freeze()
