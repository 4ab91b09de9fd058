"""The few words of Ibis that contracts say themselves, and when Ibis is loaded: with the first of them.

A contract whose program is kept is judged without an expression, and Ibis takes longer to load than a small
file takes to check. What is said of columns is said by the columns' own methods; programs belong to
``compiler``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir


def literal(value: object, kind: str | None = None) -> ir.Scalar:
    """A constant, of the Ibis type ``kind`` if one is named."""
    return _ibis().literal(value, type=kind)


def null(kind: str) -> ir.Scalar:
    """Null of the Ibis type ``kind``."""
    return _ibis().null(kind)


def date(iso: str) -> ir.DateScalar:
    """A day, from YYYY-MM-DD."""
    return _ibis().date(iso)


def cases(*branches: tuple[ir.BooleanValue, ir.Value]) -> ir.Value:
    """The value of the first branch whose condition holds; null where none does."""
    return _ibis().cases(*branches)


def _ibis() -> Any:
    import ibis

    return ibis
