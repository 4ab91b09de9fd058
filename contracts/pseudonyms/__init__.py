"""Pseudonyms as a promise: how identifiers are written alike, and which keyed hash is made of them.

``refusals`` names what is wrong with an identifier, ``normalize`` writes identifiers alike, ``tokens`` turns
them into keys. Reading key files and sealing files belong to ``warehouse.sealing``.
"""

from __future__ import annotations

from contracts.pseudonyms.refusals import Refusal, SealError, UnusableIdentifierError
from contracts.pseudonyms.tokens import FirmPseudonyms, LearnerPseudonyms, Person, SecretKey, TokenKind

__all__ = [
    "FirmPseudonyms",
    "LearnerPseudonyms",
    "Person",
    "Refusal",
    "SealError",
    "SecretKey",
    "TokenKind",
    "UnusableIdentifierError",
]
