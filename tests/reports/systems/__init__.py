"""Small marts of every system, for the tests of publication: one module for each system, listed here."""

from __future__ import annotations

import pandas as pd

from tests.reports.systems import (
    assurance,
    credentials,
    demand,
    funding,
    governance,
    impact,
    mobility,
    people,
    returns,
    steering,
    supply,
)

__all__ = ["system_marts"]

_SYSTEMS = (
    assurance,
    credentials,
    demand,
    impact,
    mobility,
    people,
    supply,
    funding,
    governance,
    returns,
    steering,
)


def system_marts() -> dict[str, pd.DataFrame]:
    """Every mart that a system's table is made from."""
    return {name: frame for system in _SYSTEMS for name, frame in system.marts().items()}
