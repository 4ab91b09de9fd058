"""Imported once by the server that forks the matrix: what every one of its processes would compile anyway."""

from __future__ import annotations

from contracts import CONTRACTS
from warehouse.programs import statements_of

for _contract in CONTRACTS.values():
    statements_of(_contract)
