"""The fund's books over several releases: what became known late is booked in the first quarter that no
release showed yet.

Two versions of one line differ by what was late, often one firm's payment; and a closing that stays beside an
opening that does not tells it as well. So quarters that were published stay closed in the next period's
release, with the firms' parts they were judged by, and the difference is money of the quarter after them.
A correction opens them again, by rules of its own. Whether a quarter may be shown is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from reports.disclosure.amounts import Amount
from reports.disclosure.rules import to_cents
from reports.disclosure.standing import Standing, is_shown
from reports.fund_tables import FROM_FIRMS, LEDGER, LEDGER_FIRMS, LINES, TABLE, ledger_cells

_OPENING, _CLOSING = "fund_opening", "fund_closing"
_BALANCES = (_OPENING, _CLOSING, "fund_receivable")
"""Lines that are what there is at a time; the others are what moved in a quarter."""
_FLOWS_OF_FIRMS = tuple(line for line in FROM_FIRMS if line not in _BALANCES)

Frames = Mapping[str, pd.DataFrame]
Place = tuple[str, str]
"""A quarter and a funding source."""


def booked(marts: Frames, standing: Standing | None) -> Frames:
    """The marts with the quarters that ``standing`` shows as they were published, and what they miss in the
    quarter after them; as they are before the first release, in a correction, and where it is not known which
    firms were behind what is shown.

    Lines still foot: opening and what moved is the closing, and a quarter opens with the last one's closing.
    """
    if standing is None or standing.is_corrected or TABLE not in standing.tables:
        return marts
    shown = {line: _published(standing.tables[TABLE], line) for line in LINES}
    known = {line: _known(standing, line, shown[line]) for line in _FLOWS_OF_FIRMS}
    if any(shown[line] and not known[line] for line in _FLOWS_OF_FIRMS):
        return marts
    ledger, firms = marts[LEDGER], marts[LEDGER_FIRMS]
    following = {line: _following(ledger["period"], shown[line]) for line in LINES}
    shown[_OPENING] |= _carried(shown[_CLOSING], following[_OPENING])
    columns = {c: _closed(ledger, c, shown[line], following[line], line) for line, c in LINES.items()}
    for line in _FLOWS_OF_FIRMS:
        firms = _parts_closed(firms, FROM_FIRMS[line], known[line], following[line])
    return {**marts, LEDGER: ledger.assign(**columns), LEDGER_FIRMS: firms}


def _published(rows: pd.DataFrame, line: str) -> dict[Place, Decimal]:
    """What each quarter and source of a line shows."""
    return {
        (str(row["cohort_start"]), str(row["group_value"])): Decimal(str(row["value"]))
        for row in rows[rows["metric_id"] == line].to_dict("records")
        if is_shown(row)
    }


def _following(periods: pd.Series[Any], shown: Mapping[Place, Decimal]) -> str | None:
    """The first quarter after those that are shown; None where there is none, or none are shown."""
    last = max((period for period, _ in shown), default=None)
    return None if last is None else min((str(p) for p in periods if p > last), default=None)


def _closed(
    ledger: pd.DataFrame, column: str, shown: Mapping[Place, Decimal], following: str | None, line: str
) -> pd.Series[Any]:
    """A line of every row: as published, and what those miss where it follows them."""
    late: dict[str, Decimal] = {}
    places = list(zip(ledger["period"], ledger["funding_source"], strict=True))
    true = [Decimal(to_cents(usd)).scaleb(-2) for usd in ledger[column]]
    for place, usd in zip(places, true, strict=True):
        if place in shown and line not in _BALANCES:
            late[place[1]] = late.get(place[1], Decimal(0)) + usd - shown[place]
    closed = [
        shown.get(place, usd + (late.get(place[1], Decimal(0)) if place[0] == following else 0))
        for place, usd in zip(places, true, strict=True)
    ]
    return pd.Series(closed, index=ledger.index, dtype="object")


def _carried(closings: Mapping[Place, Decimal], following: str | None) -> dict[Place, Decimal]:
    """What each source opens with in the quarter after those shown: as the last of them closed."""
    if following is None or not closings:
        return {}
    last = max(period for period, _ in closings)
    return {(following, source): usd for (period, source), usd in closings.items() if period == last}


def _known(standing: Standing, line: str, shown: Mapping[Place, Decimal]) -> Mapping[str, Amount]:
    """By quarter the newest amounts of a line whose firms are known."""
    cells = [(period, ref) for (period, _), ref in zip(shown, ledger_cells(line, shown), strict=True)]
    return {period: amounts[ref] for amounts in standing.amounts for period, ref in cells if ref in amounts}


def _parts_closed(
    firms: pd.DataFrame, column: str, known: Mapping[str, Amount], following: str | None
) -> pd.DataFrame:
    """Each firm's part of a line: as it was judged in the quarters that are known, the rest after them."""
    places = list(zip(firms["period"], firms["parent_group_id"], strict=True))
    parts = dict(zip(places, map(to_cents, firms[column]), strict=True))
    for period, firm, cents in list(_judged(parts, known)):
        late = parts.get((period, firm), 0) - cents
        parts[period, firm] = cents
        if following is not None and late:
            parts[following, firm] = parts.get((following, firm), 0) + late
    usd = {place: Decimal(cents).scaleb(-2) for place, cents in parts.items()}
    known_places = set(places)
    more = [place for place in usd if place not in known_places and usd[place]]
    nothing: dict[str, Any] = {FROM_FIRMS[line]: Decimal(0) for line in _FLOWS_OF_FIRMS}
    joined = [dict(zip(("period", "parent_group_id"), place, strict=True)) | nothing for place in more]
    whole = pd.concat([firms, pd.DataFrame(joined)], ignore_index=True) if joined else firms
    now: dict[str, Any] = {column: [usd[place] for place in (*places, *more)]}
    return whole.assign(**now)


def _judged(parts: Mapping[Place, int], known: Mapping[str, Amount]) -> Iterator[tuple[str, str, int]]:
    """Quarter, firm and cents as they were judged, of every firm of then and of now."""
    for period, amount in known.items():
        for firm in sorted({*amount.parts, *(one for when, one in parts if when == period)}):
            yield period, firm, amount.parts.get(firm, (0, 0))[0]
