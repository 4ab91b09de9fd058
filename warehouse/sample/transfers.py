"""Movements of the sample fund's cash beside contributions and payments: interest, transfers, a lapse.

None of it is spent, so payments stay what they are. How the ledger foots is restated by the dbt project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from warehouse.sample.draws import stream
from warehouse.sample.enrollments import Files
from warehouse.sample.registers import fund_start
from warehouse.sample.text import BLANK, frame

LAPSED_SOURCE = "PUBLIC_FEDERAL"
LAPSED_PART = 20
"""One in so many cents left of the source lapses in the last quarter."""

_SIGNS: Mapping[str, int] = {"IN": 1, "INTEREST": 1, "OUT": -1, "LAPSE": -1}
_FROM_STATE_CENTS, _LENT_CENTS, _MOVED_CENTS = 2_500_000, 150_000, 400_000

Movement = dict[str, str]


def transfer_rows(files: Files, left: Mapping[str, int]) -> pd.DataFrame:
    """Every movement since the fund began; ``left`` is what payments leave of each source, in cents."""
    quarters = range(fund_start(files), files.region.settings.quarters)
    rows = [
        *(row for quarter in quarters for row in _of_quarter(files, quarter, quarters.start)),
        *_lapse(files, left),
    ]
    for number, row in enumerate(rows, start=1):
        row["transfer_id"] = f"T-{number:04d}"
    columns = {name: [row.get(name, BLANK) for row in rows] for name in ("quarter", *_COLUMNS)}
    return frame({"box": "operator", **columns}, len(rows))


def moved(transfers: pd.DataFrame) -> dict[str, int]:
    """Cents by source that movements add to a balance, or take from it."""
    sums: dict[str, int] = {}
    for row in transfers.to_dict("records"):
        cents = int(row["amount_usd"].replace(".", "")) * _SIGNS.get(row["transfer_type"], 0)
        sums[row["funding_source"]] = sums.get(row["funding_source"], 0) + cents
    return sums


_COLUMNS = (
    *("transfer_id", "transfer_type", "funding_source", "amount_usd", "booked_on", "from_firm_id"),
    *("to_firm_id", "from_program_id", "to_program_id", "other_fund", "expired_on"),
)


def _of_quarter(files: Files, quarter: int, first: int) -> Iterator[Movement]:
    """Interest every quarter; once a year a grant from the state, money lent and a budget moved."""
    rng = stream(files.region.settings.seed, "transfers", quarter)
    yield _movement(files, quarter, "INTEREST", "EMPLOYER", int(rng.integers(60_000, 140_000)))
    if (quarter - first) % 4 == 3:
        grant = _movement(files, quarter, "IN", "PUBLIC_STATE", _FROM_STATE_CENTS)
        yield grant | {"other_fund": "STATE-WORKFORCE-FUND"}
        giver, taker = rng.permutation(files.region.firms.ids)[:2]
        lent = _movement(files, quarter, "BETWEEN_FIRMS", "EMPLOYER", _LENT_CENTS)
        yield lent | {"from_firm_id": str(giver), "to_firm_id": str(taker)}
        names = [program.program_id for program in files.region.settings.offered]
        budget = _movement(files, quarter, "BETWEEN_PROGRAMS", "EMPLOYER", _MOVED_CENTS)
        if len(names) > 1:
            yield budget | {"from_program_id": names[0], "to_program_id": names[-1]}


def _lapse(files: Files, left: Mapping[str, int]) -> Iterator[Movement]:
    last = files.region.settings.quarters - 1
    cents = left.get(LAPSED_SOURCE, 0) // LAPSED_PART
    if cents > 0:
        expired = files.calendar.first_days[last] - np.timedelta64(1, "D")
        yield _movement(files, last, "LAPSE", LAPSED_SOURCE, cents) | {"expired_on": str(expired)}


def _movement(files: Files, quarter: int, kind: str, source: str, cents: int) -> Movement:
    day = files.calendar.before_end(np.array([quarter]), np.array([9]))[0]
    return {
        "quarter": str(files.region.settings.calendar[quarter]),
        "transfer_type": kind,
        "funding_source": source,
        "amount_usd": f"{cents // 100}.{cents % 100:02d}",
        "booked_on": str(day),
    }
