"""The published tables of the warehouse's systems beside outcomes and fund: one module for each system.

To add one: its module with ``TABLES``, a line here, its measures in ``reports/measures``.
"""

from __future__ import annotations

from reports.systems import assurance, demand
from reports.systems.table import SystemTable, candidate

__all__ = ["SYSTEM_TABLES", "SystemTable", "candidate"]

SYSTEM_TABLES: tuple[SystemTable, ...] = (*demand.TABLES, *assurance.TABLES)
