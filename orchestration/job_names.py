"""The names of the house's jobs, as Dagster's records know them. What a job runs is in ``definitions``."""

from __future__ import annotations

JOURNEY = "journey"
PREPARATION = "preparation"
INTAKE = "intake"
WATCH = "watch"
DELIVERY = "delivery"
DASHBOARDS = "dashboards"
