"""What each program teaches: its competencies, the level aimed at, and whether it is assessed.

What an occupation requires is public reference data, not a register.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.extracts.columns import flag
from contracts.fields import Privacy, Quantity
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import competency, program
from contracts.registers.competency import level
from contracts.registers.row_rules import not_above
from contracts.registers.validity import first_day, last_day, valid_in_order
from contracts.rules import Rule


class ProgramCompetency(Contract):
    """One competency of one program, over a time in which nothing about it changed."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="program_competency",
        version="1.0.0",
        prefix="PCM",
        title="Competencies of programs",
        description="Which competencies a program teaches, to which level; effective-dated.",
        grain="program_id × competency_id × valid_from",
        key=("program_id", "competency_id", "valid_from"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    program_id: Annotated[str, program("Program that teaches it.")]
    competency_id: Annotated[str, competency("Competency taught.")]
    entry_level: Annotated[int | None, level("Level a learner should bring.")] = None
    target_level: Annotated[int, level("Level a completer should reach.")]
    is_assessed: Annotated[
        int, flag("The program assesses it by the consortium's standard.", privacy=Privacy.PUBLIC)
    ]
    clock_hours: Annotated[
        Decimal | None,
        Quantity(description="Planned clock hours.", unit="hours", privacy=Privacy.PUBLIC),
    ] = None
    valid_from: Annotated[date | None, first_day()] = None
    valid_to: Annotated[date | None, last_day()] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        valid_in_order("PCM-201", "valid_from", "valid_to"),
        not_above(
            "PCM-202",
            "entry_level",
            "target_level",
            why="A gain is reckoned from the level at entry to the level at the end.",
        ),
    )
