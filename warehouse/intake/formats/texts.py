"""Typed values written as the text a contract reads: exactly, without exponents, days as YYYY-MM-DD.

Whether the text is what the contract wants is for the contract to say; nothing is rounded or repaired here.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Scalar = str | bool | int | float | Decimal | datetime | date | time | timedelta | None


def as_text(value: Scalar) -> str:
    """``value`` as text; None is blank, yes and no are 1 and 0, a day at midnight is the day."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "1" if value else "0"
        case int():
            return str(value)
        case float():
            return _plain(Decimal(repr(value))) if math.isfinite(value) else str(value)
        case Decimal():
            return _plain(value)
        case datetime():
            return _moment(value)
    # A time of day or a duration is no day: written out, it is refused as one.
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _plain(number: Decimal) -> str:
    """The shortest digits that mean this number, a whole one without a point."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: datetime) -> str:
    is_day = value.tzinfo is None and value.time() == time()
    return value.date().isoformat() if is_day else value.isoformat()
