"""Each file of a batch beside what its firm sent for the quarter before: volume, blanks, shares, means.

Everything is counted in two queries for the whole batch, whatever the number of files; what a firm is told
comes from its own two files alone. Only counts, shares and ratios leave this module, never a mean or a cell.
A second count, by Great Expectations, belongs to ``witness``; what a firm reads, to ``checks_page``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from string import Template

import duckdb
import pyarrow as pa

from contracts.fields import Quantity
from contracts.model import Contract
from warehouse.duck import identifier, literal
from warehouse.home import Home
from warehouse.in_force import accepted_rows, load_accepted
from warehouse.intake.batch_checks import BatchFinding, Watch, watch_of
from warehouse.lake import InForce, Submission
from warehouse.lineage import CORRECTION

_COUNT = Template("SELECT $by, count(*) AS n$counts FROM $table GROUP BY ALL")

Slot = tuple[str, str]
"""Firm and period."""


@dataclass(frozen=True)
class FirmLimits:
    """When a file is remarkable beside the firm's quarter before. Nothing is said below ``rows`` rows before.

    ``volume`` and ``mean``: as a multiple of what was. ``blank_rise`` and ``share_change``: by how much the
    share of blanks, or of one code among the rows, may rise (0 to 1) or change. ``category_rows``: a code
    that so many rows had must still occur.
    """

    rows: int = 20
    volume: tuple[float, float] = (0.5, 2.0)
    mean: tuple[float, float] = (0.5, 2.0)
    blank_rise: float = 0.2
    share_change: float = 0.3
    category_rows: int = 20


FIRM_LIMITS = FirmLimits()
Counted = Mapping[str, float | None]
"""What was counted of one file, by what."""


def compare_with_earlier(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    of: type[Contract],
    in_force: Sequence[InForce],
    accepted: pa.Table,
    submissions: Sequence[Submission],
    limits: FirmLimits = FIRM_LIMITS,
) -> dict[str, tuple[BatchFinding, ...]]:
    """By submission what was compared with the quarter before; nothing of files without one, nor corrections.

    ``accepted``: the batch's accepted rows; ``in_force``: what counts before the batch.
    """
    earlier = _earlier(of, in_force, submissions)
    if not earlier:
        return {}
    asked = _Asked(of.meta.name, watch_of(of), _numbers(of), limits)
    con.register("accepted_rows", accepted)
    now = {name: one for (name,), one in _counted(con, "accepted_rows", ("submission_id",), asked)}
    con.unregister("accepted_rows")
    chosen = {one.submission_id: one for several in earlier.values() for one in several}
    before = dict(
        _counted(con, _rows_of(con, home, of, chosen.values()), ("box_firm_id", "box_period"), asked)
    )
    con.execute("DROP TABLE IF EXISTS earlier_rows")
    found = {}
    for one in submissions:
        slot = _slot(earlier[one.submission_id][0]) if one.submission_id in earlier else ("", "")
        this, that = now.get(one.submission_id), before.get(slot)
        if this and that and _amount(that, "n") >= limits.rows:
            found[one.submission_id] = tuple(_findings(asked, one.period, this, that))
    return found


def _rows_of(
    con: duckdb.DuckDBPyConnection, home: Home, of: type[Contract], chosen: Collection[InForce]
) -> str:
    """Where the rows can be counted: in their files, or where corrections must be heeded, in a table."""
    if any(one.place for one in chosen):
        load_accepted(con, home, of.meta.name, chosen, "earlier_rows")
        return "earlier_rows"
    return accepted_rows(home, of.meta.name, chosen)


@dataclass(frozen=True)
class _Asked:
    """What is looked at in a contract, and when it is remarkable."""

    contract: str
    watch: Watch
    numbers: tuple[str, ...]
    limits: FirmLimits


def _earlier(
    of: type[Contract], in_force: Iterable[InForce], submissions: Iterable[Submission]
) -> dict[str, list[InForce]]:
    """By submission the files of its firm's latest earlier period."""
    slots: dict[Slot, list[InForce]] = {}
    for one in in_force:
        if one.contract == of.meta.name and one.accepted:
            slots.setdefault(_slot(one), []).append(one)
    periods: dict[str, list[str]] = {}
    for firm_id, period in sorted(slots):
        periods.setdefault(firm_id, []).append(period)
    found = {}
    for new in submissions:
        past = [period for period in periods.get(new.firm_id, ()) if period < new.period]
        if past and new.submission_type != CORRECTION:
            found[new.submission_id] = slots[new.firm_id, past[-1]]
    return found


def _slot(one: InForce) -> Slot:
    return one.firm_id, one.period


def _numbers(of: type[Contract]) -> tuple[str, ...]:
    return tuple(column.name for column in of.columns() if isinstance(column.field, Quantity))


def _counted(
    con: duckdb.DuckDBPyConnection, table: str, by: Sequence[str], asked: _Asked
) -> Iterator[tuple[tuple[str, ...], Counted]]:
    """Per group: rows, filled cells of optional columns, rows of each code, means of amounts."""
    filled = (*asked.watch.optional, *asked.numbers)
    wanted = {f"filled {name}": f"count({identifier(name)})" for name in filled}
    for name, codes in asked.watch.categories.items():
        wanted |= {
            f"code {name} {code}": f"count(*) FILTER ({identifier(name)} = {literal(code)})" for code in codes
        }
    wanted |= {f"mean {name}": f"avg({identifier(name)})::DOUBLE" for name in asked.numbers}
    counts = "".join(f", {sql}" for sql in wanted.values())
    query = _COUNT.substitute(by=", ".join(by), counts=counts, table=table)
    for row in con.execute(query).fetchall():
        yield row[: len(by)], dict(zip(("n", *wanted), row[len(by) :], strict=True))


def _findings(asked: _Asked, period: str, now: Counted, before: Counted) -> Iterator[BatchFinding]:
    """Every comparison there is, whether it is remarkable or not."""
    looks = (look(asked, now, before) for look in (_volume, _blanks, _shares, _means))
    for check, column, category, observed, (low, high) in chain.from_iterable(looks):
        passed = low <= observed <= high
        yield BatchFinding(asked.contract, period, check, column, category, observed, low, high, passed)


Comparison = tuple[str, str | None, str | None, float, tuple[float, float]]
"""Check, column, code, what is observed, and within what it is expected."""


def _volume(asked: _Asked, now: Counted, before: Counted) -> Iterator[Comparison]:
    low, high = asked.limits.volume
    was = _amount(before, "n")
    yield "volume", None, None, _amount(now, "n"), (float(round(was * low)), float(round(was * high)))


def _blanks(asked: _Asked, now: Counted, before: Counted) -> Iterator[Comparison]:
    for name in asked.watch.optional:
        blank, was = (1 - _share(one, f"filled {name}") for one in (now, before))
        if was < 1:
            yield "blank_share", name, None, blank, (0.0, min(1.0, was + asked.limits.blank_rise))


def _shares(asked: _Asked, now: Counted, before: Counted) -> Iterator[Comparison]:
    """A code that many rows had may become rare, not vanish."""
    for name, codes in asked.watch.categories.items():
        for what, code in ((f"code {name} {code}", code) for code in codes):
            share, was = (_share(one, what) for one in (now, before))
            least = max(0.0, was - asked.limits.share_change)
            if _amount(before, what) >= asked.limits.category_rows:
                least = max(least, 1 / _amount(now, "n"))
            if share or was:
                yield "share", name, code, share, (least, min(1.0, was + asked.limits.share_change))


def _means(asked: _Asked, now: Counted, before: Counted) -> Iterator[Comparison]:
    for name in asked.numbers:
        mean, was = now[f"mean {name}"], before[f"mean {name}"]
        filled = min(_amount(one, f"filled {name}") for one in (now, before))
        if mean is not None and was and filled >= asked.limits.rows:
            yield "mean", name, None, mean / was, asked.limits.mean


def _share(counted: Counted, what: str) -> float:
    return _amount(counted, what) / _amount(counted, "n")


def _amount(counted: Counted, what: str) -> float:
    return float(counted[what] or 0)
