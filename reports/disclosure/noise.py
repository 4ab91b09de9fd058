"""Permanent noise: every firm's amounts are multiplied by a factor of its own, away from 1, the same always.

A firm's factor follows from a secret and the firm's name, so it is the same in every cell, table and release
made with that secret. Sizes have the ramp distribution of the Quarterly Workforce Indicators (Abowd, Stephens
and Vilhuber 2006): density (most − size) on [least, most], as often up as down. Whole numbers throughout.
What is done with distorted amounts is ``noised``'s.
"""

from __future__ import annotations

import hmac
from fractions import Fraction
from math import ceil, floor, isqrt

from reports.disclosure.policy import Noise

SCALE = 10**9
"""Factors are kept as their distance from 1, in billionths, with its sign."""

_DRAWN = 64
_PURPOSE = b"guildhall noise 1|"


def factor_of(secret: bytes, firm: str, noise: Noise) -> int:
    """How far a firm's factor is from 1, in billionths: ``least`` to ``most``, below 0 where it is down."""
    drawn = hmac.digest(secret, _PURPOSE + firm.encode("utf-8"), "sha256")
    low, high = ceil(Fraction(noise.least) * SCALE), floor(Fraction(noise.most) * SCALE)
    above = 2**_DRAWN - int.from_bytes(drawn[:8], "big")
    size = high - isqrt((high - low) ** 2 * above >> _DRAWN)
    return size if drawn[8] % 2 else -size


def distorted(units: int, factor: int) -> int:
    """An amount times its factor, in whole units, rounded away from the true amount: never nearer than the
    factor says.
    """
    moved = -(-units * abs(factor) // SCALE)
    return units + moved if factor > 0 else units - moved
