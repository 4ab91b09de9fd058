"""How long a firm's seats wait to be filled: the median that is published for all, of one firm's seats."""

from __future__ import annotations

from collections.abc import Sequence

from warehouse.own_figures import SeatLine

FILLED, OPEN = "FILLED", "OPEN"
_ALMOST = 1e-9
"""A share that should be exactly one half may miss it by a last digit of floating point."""


def median_wait(lines: Sequence[SeatLine]) -> int | None:
    """The first day by which half of the seats are filled, in days; None while that is not reached.

    Cancelling is another way to end; open seats are still waiting. Source: Aalen and Johansen (1978),
    Scandinavian Journal of Statistics 5; the same as ``agg_time_to_fill`` computes over all members.
    """
    filled_share, open_before = 0.0, 1.0
    for day in sorted({line.waited_days for line in lines if line.outcome != OPEN}):
        at_risk = seats_of([line for line in lines if line.waited_days >= day])
        ending = [line for line in lines if line.waited_days == day and line.outcome != OPEN]
        filled = seats_of([line for line in ending if line.outcome == FILLED])
        filled_share += open_before * filled / at_risk
        if filled_share >= 0.5 - _ALMOST:
            return day
        open_before *= 1 - seats_of(ending) / at_risk
    return None


def seats_of(lines: Sequence[SeatLine]) -> int:
    """Seats of these lines together."""
    return sum(line.seats for line in lines)
