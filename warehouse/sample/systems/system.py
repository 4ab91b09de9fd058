"""What a system of the sample region is: a name, and a function that draws its files and tells its truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pydantic import JsonValue

from warehouse.sample.enrollments import Files
from warehouse.sample.text import Texts

OPERATOR = "operator"


@dataclass(frozen=True)
class Drawn:
    """Files and truth of one system.

    ``frames``: by contract, text columns with ``box`` and ``quarter`` (of the file) first, sorted by them.
    """

    frames: Mapping[str, pd.DataFrame]
    truth: Mapping[str, JsonValue]


@dataclass(frozen=True)
class System:
    """One system; ``draw`` uses streams of its own, so that adding a system changes no other one's files."""

    name: str
    draw: Callable[[Files], Drawn]


def in_boxes(
    rows: pd.DataFrame, boxes: pd.Series[str] | Texts | str, quarters: pd.Series[str] | Texts | str
) -> pd.DataFrame:
    """Rows with the box and the quarter of the file before their columns, sorted by them."""
    placed = rows.copy()
    placed.insert(0, "quarter", quarters)
    placed.insert(0, "box", boxes)
    return placed.sort_values(["box", "quarter"], kind="stable", ignore_index=True)


def reporting_quarters(files: Files, quarters: np.typing.NDArray[np.int64]) -> Texts:
    """The file in which an event of a quarter is reported where firms report once a year.

    The fourth quarter of its year, or the region's last quarter if that comes first.
    """
    calendar, last = files.region.settings.calendar, files.region.settings.quarters - 1
    ends = np.array([min(number + 4 - q.number, last) for number, q in enumerate(calendar)])
    return files.periods(ends[quarters])
