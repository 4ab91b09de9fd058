"""How good the data are that the figures rest on."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

QUALITY = (
    Measure(
        "rows_accepted",
        Statistic.ROWS,
        False,
        "The share of rows accepted",
        "Rows accepted",
        "rows",
        "of the rows firms and the operator sent, the share that met the data contract",
    ),
)
