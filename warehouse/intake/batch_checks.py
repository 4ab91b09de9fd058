"""A second witness at batch level: Great Expectations on a contract's accepted rows of one period.

It asks what no single row can show, compared with the period before, pooled over the firms that reported
both: far fewer or more rows, an optional column suddenly blank, a category that is gone. Only aggregates
leave this module: counts and shares, a column's name, a code of the contract's own closed lists. Rules of
rows belong to the contracts; what follows from a finding is decided in orchestration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from contracts import CONTRACTS
from contracts.fields import OneOf
from contracts.model import Contract, Party
from warehouse.duck import connect
from warehouse.home import Home
from warehouse.in_force import KINDS, load_accepted, submissions_in_force
from warehouse.intake.expectations import great_expectations, new_context, validated, whole_frame
from warehouse.lake import InForce
from warehouse.ledger import Ledger

_SEEN = "seen:"


@dataclass(frozen=True)
class BatchLimits:
    """When a batch is remarkable beside the period before it.

    ``volume``: rows as a multiple of the earlier rows. ``blank_rise``: how much the blank share of a column
    may rise (0 to 1). ``category_rows``: a category with that many rows before must still occur.
    """

    volume: tuple[float, float] = (0.5, 2.0)
    blank_rise: float = 0.2
    category_rows: int = 20


LIMITS = BatchLimits()


@dataclass(frozen=True)
class Watch:
    """What to look at in a contract: its optional columns, and the codes of its closed lists."""

    optional: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class BatchFinding:
    """One expectation about one contract and period: ``volume``, ``blank_share`` or ``absent_category``.

    ``observed`` is a number of rows, or a share of blanks (0 to 1); ``low`` and ``high`` bound it.
    """

    contract: str
    period: str
    check: str
    column: str | None
    category: str | None
    observed: float
    low: float | None
    high: float | None
    passed: bool


@dataclass(frozen=True)
class _Expected:
    """A finding before its observation: the expectation's class name, its arguments and the bounds."""

    check: str
    kind: str
    arguments: Mapping[str, Any]
    low: float | None
    high: float | None
    column: str | None = None
    category: str | None = None


def check_batch(
    now: pd.DataFrame, before: pd.DataFrame, watch: Watch, limits: BatchLimits, *, contract: str, period: str
) -> tuple[BatchFinding, ...]:
    """Judge one period's accepted rows against the period before; both frames have ``box_firm_id``.

    Without an earlier period, or without a firm in both, there is nothing to compare and nothing to find.
    """
    firms = set(now["box_firm_id"]) & set(before["box_firm_id"])
    now, before = (frame[frame["box_firm_id"].isin(firms)] for frame in (now, before))
    if now.empty or before.empty:
        return ()
    expected = [_volume(before, limits), *_blanks(before, watch, limits), *_categories(before, watch, limits)]
    observed = _validate(_witness_frame(now, watch, expected), expected)
    return tuple(
        BatchFinding(contract, period, one.check, one.column, one.category, value, one.low, one.high, passed)
        for one, (value, passed) in zip(expected, observed, strict=True)
    )


def _volume(before: pd.DataFrame, limits: BatchLimits) -> _Expected:
    low, high = (round(len(before) * factor) for factor in limits.volume)
    arguments = {"min_value": low, "max_value": high}
    return _Expected("volume", "ExpectTableRowCountToBeBetween", arguments, low, high)


def _blanks(before: pd.DataFrame, watch: Watch, limits: BatchLimits) -> list[_Expected]:
    expected = []
    for column in watch.optional:
        high = float(before[column].isna().mean()) + limits.blank_rise
        if high < 1:
            arguments = {"column": column, "mostly": 1 - high}
            expected.append(
                _Expected("blank_share", "ExpectColumnValuesToNotBeNull", arguments, None, high, column)
            )
    return expected


def _categories(before: pd.DataFrame, watch: Watch, limits: BatchLimits) -> list[_Expected]:
    expected = []
    for column, codes in watch.categories.items():
        counts = before[column].value_counts()
        for code in codes:
            if counts.get(code, 0) >= limits.category_rows:
                arguments = {"column": f"{_SEEN}{column}:{code}", "min_value": 1}
                expected.append(
                    _Expected(
                        "absent_category", "ExpectColumnSumToBeBetween", arguments, 1, None, column, code
                    )
                )
    return expected


def _witness_frame(now: pd.DataFrame, watch: Watch, expected: Sequence[_Expected]) -> pd.DataFrame:
    """What Great Expectations sees: optional columns as 1 or missing, a 0/1 column per category."""
    filled = {column: now[column].notna().map({True: 1.0, False: None}) for column in watch.optional}
    seen = {
        one.arguments["column"]: (now[one.column] == one.category).astype(int)
        for one in expected
        if one.category
    }
    return pd.DataFrame({**filled, **seen}, index=now.index)


def _validate(frame: pd.DataFrame, expected: Sequence[_Expected]) -> list[tuple[float, bool]]:
    """Observation and verdict of each expectation, in order."""
    gx, expectations = great_expectations()
    batch = whole_frame(new_context(gx), "accepted", frame)
    results = [validated(batch, getattr(expectations, one.kind)(**one.arguments)) for one in expected]
    return [(_observation(result.result), bool(result.success)) for result in results]


def _observation(result: Mapping[str, Any]) -> float:
    if "observed_value" in result:
        return float(result["observed_value"])
    return float(result["unexpected_percent"]) / 100


def watch_of(of: type[Contract]) -> Watch:
    """What a contract says is optional, and its closed lists."""
    columns = of.columns()
    return Watch(
        optional=tuple(column.name for column in columns if not column.required),
        categories={column.name: column.field.codes for column in columns if isinstance(column.field, OneOf)},
    )


def check_batches(home: Home, ledger: Ledger, limits: BatchLimits = LIMITS) -> tuple[BatchFinding, ...]:
    """Judge the newest period of each extract that firms drop against the period before it."""
    in_force = submissions_in_force(ledger.entries(*KINDS))
    findings: list[BatchFinding] = []
    for name, of in CONTRACTS.items():
        periods = sorted({one.period for one in in_force if one.contract == name and one.accepted})[-2:]
        if of.meta.dropped_by is Party.FIRM and len(periods) == 2:
            before, now = (_accepted(home, name, period, in_force) for period in periods)
            findings += check_batch(now, before, watch_of(of), limits, contract=name, period=periods[1])
    return tuple(findings)


def _accepted(home: Home, contract: str, period: str, in_force: Sequence[InForce]) -> pd.DataFrame:
    submissions = [one for one in in_force if (one.contract, one.period) == (contract, period)]
    with connect() as con:
        load_accepted(con, home, contract, submissions, "accepted")
        return con.execute("FROM accepted").df()
