"""The sample region's systems beside training and fund: what each drops, and what is true of it.

One module for each; to add one, write its module and a line here. What a system's figures must come to is in
the truth that it tells, never in the product.
"""

from __future__ import annotations

from warehouse.sample.systems import (
    assurance,
    credentials,
    demand,
    funding,
    governance,
    practice,
    skills,
    state_records,
    steering,
    surveys,
)
from warehouse.sample.systems.system import Drawn, System

__all__ = ["SYSTEMS", "Drawn", "System"]

SYSTEMS: tuple[System, ...] = (
    System("assurance", assurance.draw),
    System("demand", demand.draw),
    System("state_records", state_records.draw),
    System("practice", practice.draw),
    System("skills", skills.draw),
    System("surveys", surveys.draw),
    System("funding", funding.draw),
    System("steering", steering.draw),
    System("governance", governance.draw),
    System("credentials", credentials.draw),
)
