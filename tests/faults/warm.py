"""Imported once by the server that forks the matrix: what every one of its processes would compile anyway."""

from __future__ import annotations

from contracts.compiler import compile_contract
from contracts.extracts.wage import Wage
from contracts.registers.program import Program

for _contract in (Wage, Program):
    _program = compile_contract(_contract)
    _program.sql_violations()
    _program.sql_accepted()
