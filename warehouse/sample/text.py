"""Columns as the text firms would write: dates, money, flags, blanks.

What the columns mean belongs to the extracts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from warehouse.sample.draws import Bools, Days, Ints

Texts = npt.NDArray[np.object_]

BLANK = ""


def day_texts(days: Days) -> Texts:
    """YYYY-MM-DD, blank for NaT."""
    return np.where(np.isnat(days), BLANK, np.datetime_as_string(days.astype("datetime64[D]")).astype(object))


def cents_texts(cents: Ints) -> Texts:
    """Dollars and cents of whole cents (none negative)."""
    return np.array([f"{amount // 100}.{amount % 100:02d}" for amount in cents.tolist()], dtype=object)


def number_texts(numbers: Ints) -> Texts:
    """Whole numbers, blank where negative."""
    return np.where(numbers < 0, BLANK, numbers.astype(str).astype(object))


def flag_texts(flags: Bools) -> Texts:
    """1 and 0."""
    return np.where(flags, "1", "0").astype(object)


def only_where(shown: Bools, texts: Any) -> Texts:
    """The text where it is to be shown, blank elsewhere."""
    return np.where(shown, texts, BLANK).astype(object)


def frame(columns: dict[str, Any], count: int) -> pd.DataFrame:
    """A frame of text columns; single values are repeated."""
    spread = {
        name: np.broadcast_to(np.asarray(values, dtype=object), (count,)) for name, values in columns.items()
    }
    return pd.DataFrame(spread, dtype=object)
