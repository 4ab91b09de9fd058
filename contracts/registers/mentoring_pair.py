"""Mentoring: who accompanied whom, in which form, from when to when, how often.

Both people are pseudonyms of the firm's own sealing. Notes of sessions are not collected.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.extracts.columns import KeyEpoch
from contracts.fields import HexKey, Identifier, OneOf, Privacy, Quantity
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import count, day, program
from contracts.registers.row_rules import given_where, unlike
from contracts.registers.validity import valid_in_order
from contracts.rules import Rule


class MentoringPair(Contract):
    """One mentor and one mentee over one time."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="mentoring_pair",
        version="1.0.0",
        prefix="MEN",
        title="Mentoring",
        description="Pairs of mentor and mentee; a group or circle is as many pairs, with its group_id. "
        "A later file's row with the same key takes the earlier one's place.",
        grain="mentor_key × mentee_key × started_on",
        key=("mentor_key", "mentee_key", "started_on"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    mentor_key: Annotated[str, HexKey(description="Pseudonym of the mentor, made like a learner_key.")]
    mentee_key: Annotated[
        str, HexKey(description="Pseudonym of the mentee: the learner_key of the extracts.")
    ]
    key_epoch: KeyEpoch
    mode: Annotated[
        str,
        OneOf(
            {
                "ONE_TO_ONE": "one experienced mentor, one learner",
                "REVERSE": "the less senior one teaches",
                "GROUP": "one mentor, several learners",
                "MICRO": "a few short meetings on one question",
                "PEER_CIRCLE": "equals who teach each other",
            },
            description="Form of the mentoring.",
        ),
    ]
    group_id: Annotated[
        str | None, Identifier(description="Group or circle, opaque.", privacy=Privacy.FIRM)
    ] = None
    program_id: Annotated[str | None, program("Program it accompanies.")] = None
    started_on: Annotated[date, day("First session.", privacy=Privacy.PERSON)]
    ended_on: Annotated[date | None, day("Last session; blank while it lasts.", privacy=Privacy.PERSON)] = (
        None
    )
    sessions_held: Annotated[int, count("Sessions held so far.", 1000, Privacy.PERSON)]
    hours_held: Annotated[
        Decimal | None, Quantity(description="Hours held so far.", unit="hours", most="5000")
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        valid_in_order("MEN-201", "started_on", "ended_on"),
        unlike("MEN-202", "mentor_key", "mentee_key", why="Nobody is their own mentor."),
        given_where(
            "MEN-203",
            "mode",
            ("GROUP", "PEER_CIRCLE"),
            ("group_id",),
            why="Sessions of a group are counted once, not once a pair.",
        ),
    )
