"""The published tables of the warehouse's systems beside outcomes and fund: one module for each system.

To add one: its module with ``TABLES``, a line here, its measures in ``reports/measures``.
"""

from __future__ import annotations

from reports.systems import (
    assurance,
    credentials,
    demand,
    funding,
    governance,
    groups,
    impact,
    mobility,
    practice,
    returns,
    skills,
    steering,
    supply,
)
from reports.systems.reference import SystemReference, reference
from reports.systems.table import Sum, SystemTable, candidate

__all__ = [
    "SYSTEM_REFERENCES",
    "SYSTEM_TABLES",
    "Sum",
    "SystemReference",
    "SystemTable",
    "candidate",
    "reference",
]

SYSTEM_TABLES: tuple[SystemTable, ...] = (
    *groups.TABLES,
    *skills.TABLES,
    *practice.TABLES,
    *impact.TABLES,
    *returns.TABLES,
    *demand.TABLES,
    *supply.TABLES,
    *mobility.TABLES,
    *credentials.TABLES,
    *assurance.TABLES,
    *funding.TABLES,
    *steering.TABLES,
)

SYSTEM_REFERENCES: tuple[SystemReference, ...] = (
    *supply.REFERENCES,
    *credentials.REFERENCES,
    *governance.REFERENCES,
    *funding.REFERENCES,
    *returns.REFERENCES,
)
