"""Keyed hashes of identifiers: what is hashed, in which order of preference, and with whose key.

``learner_key`` is HMAC-SHA256 under the consortium's link key, ``position_key`` under the firm's own. A plain
hash is never made: nine digits have too few values to hide in one. Where keys are kept belongs in
``warehouse.sealing``; how identifiers are written alike in ``normalize``.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple, NoReturn

from contracts.pseudonyms.normalize import (
    FIRST_LETTERS,
    normalize_birth_date,
    normalize_name,
    normalize_ssn,
    normalize_zip3,
)
from contracts.pseudonyms.refusals import Refusal, UnusableIdentifierError

KEY_BYTES = 32
"""The least length of a key: that of the hash (RFC 2104, section 3)."""

_DISTINCT_BYTES = 16
"""A random key of 32 bytes has fewer different bytes less than once in 10^16 tries; a typed one, often."""

POSITION_DIGITS = 32
"""128 bits: as much as fits the contract's ``position_key``, and enough for no two positions to meet."""

_HEX = re.compile(r"\A(?:[0-9a-fA-F]{2})+\Z")


class TokenKind(StrEnum):
    """What a learner's key is made of, the most reliable first: that order is the order of preference."""

    SSN = "ssn"
    LAST_FIRST3_DOB = "last+first3+dob"
    LAST_DOB_ZIP3 = "last+dob+zip3"


_PREFERENCE = tuple(TokenKind)


class WeakKeyError(ValueError):
    """What should be a key is not hexadecimal, too short, or far from random. Never holds the key."""


class SecretKey:
    """A key that shows itself to nobody: not printed, not compared in variable time, not pickled."""

    __slots__ = ("_bytes", "_keyed")

    def __init__(self, secret: bytes) -> None:
        if len(secret) < KEY_BYTES:
            raise WeakKeyError(f"{len(secret)} bytes, fewer than {KEY_BYTES}")
        if len(set(secret)) < _DISTINCT_BYTES:
            raise WeakKeyError("bytes that repeat too much to be random")
        self._bytes = secret
        self._keyed = hmac.new(secret, digestmod="sha256")

    @classmethod
    def from_hex(cls, text: str) -> SecretKey:
        """Read a key written as hexadecimal digits, blanks around it allowed; WeakKeyError otherwise."""
        digits = text.strip()
        if not _HEX.match(digits):
            raise WeakKeyError("something other than pairs of hexadecimal digits")
        return cls(bytes.fromhex(digits))

    def sign(self, message: str) -> str:
        """HMAC-SHA256 of a message in UTF-8, as 64 lower-case hexadecimal digits."""
        keyed = self._keyed.copy()
        keyed.update(message.encode())
        return keyed.hexdigest()

    def check_digits(self) -> str:
        """Eight digits by which two holders see over the telephone that they have the same key.

        They betray nothing: the key has 256 bits, these are 32 of a hash under it.
        """
        return self.sign("v1|check")[:8]

    def is_same_as(self, other: SecretKey) -> bool:
        """Whether two keys are one and the same."""
        return hmac.compare_digest(self._bytes, other._bytes)

    def __repr__(self) -> str:
        return "SecretKey(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret key is not written anywhere")


class Person(NamedTuple):
    """One person's identifiers as a file holds them; blank = not known. Never printed.

    A tuple because one is made for every row of files with millions.
    """

    ssn: str = ""
    last: str = ""
    first: str = ""
    dob: str = ""
    zip: str = ""

    def __repr__(self) -> str:
        return "Person(hidden)"


class LearnerPseudonyms:
    """Makes learners' keys with one link key for one epoch.

    A key is ``HMAC-SHA256(link key, "v1|<kind>|<epoch>|<parts>")``, parts joined by ``|``: the version of the
    rules, what is hashed and the epoch keep keys apart that must not meet. The same link key issued again
    for another epoch therefore still gives other keys.
    """

    def __init__(self, link_key: SecretKey, epoch: int) -> None:
        self._key = link_key
        self._epoch = str(epoch)

    def learner_key(self, person: Person) -> tuple[TokenKind, str]:
        """The key a person goes by (64 lower-case hexadecimal digits) and what it is made of.

        It is the first kind of ``TokenKind`` all of whose parts are filled in. What is filled in must be
        right: a wrong social security number is refused, not passed over, for the key would link to nobody.
        UnusableIdentifierError with the reason; SEA-141 when no kind can be made.
        """
        for kind, message in self._messages(person):
            return kind, self._key.sign(message)
        raise UnusableIdentifierError(Refusal.TOO_LITTLE)

    def tokens(self, person: Person) -> dict[TokenKind, str]:
        """Every key that can be made of a person, in the order of preference; errors as ``learner_key``.

        For the linkage agent, who alone may join a person's keys of several kinds.
        """
        return {kind: self._key.sign(message) for kind, message in self._messages(person)}

    def _messages(self, person: Person) -> Iterator[tuple[TokenKind, str]]:
        for kind in _PREFERENCE:
            parts = _parts(kind, person)
            if parts:
                yield kind, "|".join(("v1", kind, self._epoch, *parts))


def _parts(kind: TokenKind, person: Person) -> tuple[str, ...]:
    """The normalized parts of one kind of key; empty when one of them is not filled in."""
    if kind is TokenKind.SSN:
        return (normalize_ssn(person.ssn),) if person.ssn.strip() else ()
    third = person.first if kind is TokenKind.LAST_FIRST3_DOB else person.zip
    if not (person.last.strip() and person.dob.strip() and third.strip()):
        return ()
    last, born = normalize_name(person.last), normalize_birth_date(person.dob).isoformat()
    if kind is TokenKind.LAST_FIRST3_DOB:
        return last, normalize_name(person.first)[:FIRST_LETTERS], born
    return last, born, normalize_zip3(person.zip)


class FirmPseudonyms:
    """Makes a firm's own opaque identifiers, with a key that never leaves the firm."""

    def __init__(self, firm_key: SecretKey) -> None:
        self._key = firm_key

    def position_key(self, position: str) -> str:
        """A position's key: the first 32 hexadecimal digits of ``HMAC(firm key, "v1|firm|position|<id>")``.

        Blanks around the firm's identifier are dropped; nothing else is changed. Blank stays blank.
        """
        named = position.strip()
        return self._key.sign(f"v1|firm|position|{named}")[:POSITION_DIGITS] if named else ""
