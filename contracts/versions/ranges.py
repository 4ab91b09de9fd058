"""Numbers within bounds and days within bounds as terms: the very texts, so that bounds compare exactly.

How a number or a day is written (how many decimals, with or without hyphens) is a pattern's business; here is
only what it is worth.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from contracts.versions.terms import BLANK, DIGITS, NOTHING, Term, Terms

_ZERO = Decimal(0)


def term_of_numbers(terms: Terms, least: Decimal, most: Decimal) -> Term:
    """Decimals written plainly (sign, digits, point, digits) that are worth ``least`` to ``most``."""
    builder = _Numbers(terms)
    positive = builder.between(max(least, _ZERO), most)
    negative = builder.between(max(-most, _ZERO), -least)
    return terms.either(positive, terms.then(terms.text("-"), negative))


def term_of_days(terms: Terms, earliest: date, latest: date) -> Term:
    """Days of the calendar from ``earliest`` to ``latest``, written YYYY-MM-DD or YYYYMMDD."""
    return terms.either(*(_days(terms, earliest, latest, between) for between in ("-", "")))


class _Numbers:
    """Comparisons with a number, digit by digit; leading and trailing zeros are worth nothing."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._digit = terms.one_of(DIGITS)
        self._any = terms.times(self._digit)
        self._zeros = terms.times(terms.text("0"))
        self._fraction = self._optional(terms.then(terms.text("."), self._any))

    def between(self, least: Decimal, most: Decimal) -> Term:
        """Unsigned numbers from ``least`` to ``most``, neither of them below zero."""
        return NOTHING if most < least else self._terms.both(self._at_least(least), self._at_most(most))

    def _at_least(self, bound: Decimal) -> Term:
        whole, fraction = _digits(bound)
        longer = self._then(self._between_digits("1", "9"), self._count(len(whole)), self._any)
        greater = self._terms.either(longer, self._greater(whole))
        beyond = self._then(self._point(), self._fraction_from(fraction)) if fraction else self._fraction
        return self._compared(greater, whole, beyond)

    def _at_most(self, bound: Decimal) -> Term:
        whole, fraction = _digits(bound)
        shorter = self._terms.times(self._digit, 0, len(whole) - 1) if whole else NOTHING
        smaller = self._terms.either(shorter, self._smaller(whole))
        within = self._optional(self._then(self._point(), self._fraction_to(fraction)))
        return self._compared(smaller, whole, within)

    def _compared(self, other: Term, whole: str, rest: Term) -> Term:
        """Decided by the whole part, or else by what stands behind the point."""
        same = self._then(self._terms.text(whole), rest)
        return self._then(self._zeros, self._terms.either(self._then(other, self._fraction), same))

    def _greater(self, whole: str) -> Term:
        """As many digits as ``whole``, and worth more."""
        if not whole:
            return NOTHING
        here = self._then(self._after_digit(whole[0]), self._count(len(whole) - 1))
        return self._terms.either(here, self._then(self._terms.text(whole[0]), self._greater(whole[1:])))

    def _smaller(self, whole: str) -> Term:
        if not whole:
            return NOTHING
        here = self._then(self._before_digit(whole[0]), self._count(len(whole) - 1))
        return self._terms.either(here, self._then(self._terms.text(whole[0]), self._smaller(whole[1:])))

    def _fraction_from(self, fraction: str) -> Term:
        if not fraction:
            return self._any
        here = self._then(self._after_digit(fraction[0]), self._any)
        further = self._then(self._terms.text(fraction[0]), self._fraction_from(fraction[1:]))
        return self._terms.either(here, further)

    def _fraction_to(self, fraction: str) -> Term:
        if not fraction:
            return self._zeros
        here = self._then(self._before_digit(fraction[0]), self._any)
        further = self._then(self._terms.text(fraction[0]), self._fraction_to(fraction[1:]))
        return self._optional(self._terms.either(here, further))

    def _after_digit(self, digit: str) -> Term:
        return self._between_digits(chr(ord(digit) + 1), "9")

    def _before_digit(self, digit: str) -> Term:
        return self._between_digits("0", chr(ord(digit) - 1))

    def _between_digits(self, first: str, last: str) -> Term:
        return self._terms.one_of(range(ord(first), ord(last) + 1))

    def _count(self, digits: int) -> Term:
        return self._terms.times(self._digit, digits, digits)

    def _point(self) -> Term:
        return self._terms.text(".")

    def _optional(self, term: Term) -> Term:
        return self._terms.either(term, BLANK)

    def _then(self, *parts: Term) -> Term:
        return self._terms.then(*parts)


def _digits(bound: Decimal) -> tuple[str, str]:
    """The digits before and behind the point that are worth something."""
    whole, _, fraction = format(bound, "f").partition(".")
    return whole.lstrip("0"), fraction.rstrip("0")


def _days(terms: Terms, earliest: date, latest: date, between: str) -> Term:
    """Years with the same days are one branch, so that two thousand years cost no more than two."""
    years: dict[Term, list[str]] = {}
    whole = {leap: _days_of_year(terms, 2024 if leap else 2023, between) for leap in (True, False)}
    for year in range(earliest.year, latest.year + 1):
        first, last = max(earliest, date(year, 1, 1)), min(latest, date(year, 12, 31))
        complete = (first, last) == (date(year, 1, 1), date(year, 12, 31))
        days = whole[isleap(year)] if complete else _words(terms, first, last, between)
        years.setdefault(days, []).append(f"{year:04d}")
    return terms.either(*(terms.then(terms.words(named), days) for days, named in years.items()))


def _days_of_year(terms: Terms, year: int, between: str) -> Term:
    return _words(terms, date(year, 1, 1), date(year, 12, 31), between)


def _words(terms: Terms, first: date, last: date, between: str) -> Term:
    return terms.words(f"{between}{day.month:02d}{between}{day.day:02d}" for day in _each(first, last))


def _each(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=step) for step in range((last - first).days + 1))
