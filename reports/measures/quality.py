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
    Measure(
        "verified_rate",
        Statistic.RATE,
        False,
        "The share of checked facts that agreed",
        "Reported facts confirmed by spot checks",
        "facts checked",
        "of the reported facts drawn for a check and found in the firm's own records, the share that agreed",
    ),
)
