"""The vocabulary of columns: each kind says what a cell may hold, twice.

Once for pydantic (a validator over the text) and once for Ibis (a gated cast and the checks in order). Both
sides share nothing but the gate's pattern and the bounds, so each can judge the other. Which columns an
extract has, and rules over several columns, do not belong here.
"""

from __future__ import annotations

from contracts.fields.base import Cell, Fault, Field, Membership, Privacy, Surroundings
from contracts.fields.lists import Code, MultiDigit, OneOf
from contracts.fields.numbers import Flag, Money, Quantity, WholeNumber
from contracts.fields.texts import BoxFirm, HexKey, Identifier, Ref, Text
from contracts.fields.times import BoxQuarter, IsoDate, QuarterField

__all__ = [
    "BoxFirm",
    "BoxQuarter",
    "Cell",
    "Code",
    "Fault",
    "Field",
    "Flag",
    "HexKey",
    "Identifier",
    "IsoDate",
    "Membership",
    "Money",
    "MultiDigit",
    "OneOf",
    "Privacy",
    "Quantity",
    "QuarterField",
    "Ref",
    "Surroundings",
    "Text",
    "WholeNumber",
]
