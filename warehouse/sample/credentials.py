"""Credential extracts: a row when a credential is attained, the row again when its status changes.

Most who complete attain their program's credential; some more than a year after exit, which is too late to
count, some a secondary diploma instead, and some who withdrew attain it all the same. Some go on to the next
credential of a ladder.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from warehouse.sample.draws import Days, Ints, choose, hex_key, stream
from warehouse.sample.enrollments import Files
from warehouse.sample.region import CIRCLE, CREDENTIALS, DIPLOMA, STACKED, STEPS
from warehouse.sample.seats import COUNTED
from warehouse.sample.text import Texts, day_texts, frame, only_where

ATTAINED, LATE, SECONDARY_ONLY, SECONDARY_TOO, NONE = range(5)

NEXT_RUNG = {smaller: larger for larger, smaller, *_ in STEPS if larger not in CIRCLE}
GOES_ON = 0.4
"""Of those who hold a credential that another builds on: who attains it, all within eight quarters."""

_FIRST_DAY, _LAST_DAY = 120, 725
_OF_COMPLETERS = (0.83, 0.05, 0.03, 0.02, 0.07)
_OF_ON_THE_JOB = (0.12, 0.0, 0.0, 0.0, 0.88)
_OF_WITHDRAWN = (0.05, 0.02, 0.0, 0.0, 0.93)
_STATUS_CHANGES = 0.03


def credential_rows(files: Files) -> pd.DataFrame:
    """Every credential row of every file: ``box`` and ``quarter`` first, sorted by them."""
    attained = _attained(files)
    changed = attained[attained["status_day"].notna()]
    opening = attained.assign(status="ACTIVE", status_date="", day=attained["attained_day"])
    closing = changed.assign(
        status_date=day_texts(changed["status_day"].to_numpy()), day=changed["status_day"]
    )
    rows = pd.concat([opening, closing], ignore_index=True)
    quarters = files.calendar.quarter_of(rows["day"].to_numpy().astype("datetime64[D]"))
    rows.insert(0, "quarter", files.periods(quarters))
    rows.insert(0, "box", files.region.firms.ids[files.region.seats.sponsors[rows["seat"]]])
    order = np.lexsort((rows["credential_id"], rows["seat"], quarters, rows["box"]))
    return rows.iloc[order].drop(columns=["seat", "day", "attained_day", "status_day"]).reset_index(drop=True)


def _attained(files: Files) -> pd.DataFrame:
    """One row per credential attained within the region's quarters, with its final status."""
    terms, rng = files.terms, stream(files.region.settings.seed, "credentials")
    able = np.flatnonzero(terms.is_over & (terms.excluded == COUNTED))
    kinds = _kinds(files, able, rng)
    soon = rng.integers(0, 40, len(able)).astype("timedelta64[D]")
    late = rng.integers(370, 430, len(able)).astype("timedelta64[D]")
    days = np.where(kinds == LATE, terms.exit[able] + late, terms.end[able] + soon)
    own = np.isin(kinds, (ATTAINED, LATE, SECONDARY_TOO))
    secondary = np.isin(kinds, (SECONDARY_ONLY, SECONDARY_TOO))
    seats = terms.seats[able]
    diplomas = np.full(int(secondary.sum()), DIPLOMA.credential_id, dtype=object)
    awards = _Awards(
        seats=np.append(seats[own], seats[secondary]),
        days=np.append(days[own], days[secondary]),
        credential_ids=np.append(files.of_program("credential_id", seats[own]), diplomas),
    )
    climbing = stream(files.region.settings.seed, "next rungs")
    second = _next_rungs(awards, climbing)
    steps = [(awards, rng), (second, climbing), (_next_rungs(second, climbing), climbing)]
    last_day = files.calendar.last_day
    return pd.concat([_rows(files, one.until(last_day), draws) for one, draws in steps], ignore_index=True)


def _next_rungs(awards: _Awards, rng: np.random.Generator) -> _Awards:
    """What is attained on top of these; drawn apart, so that the first ones stay as they are."""
    count = len(awards.seats)
    goes_on = (rng.random(count) < GOES_ON) & np.isin(awards.credential_ids, list(NEXT_RUNG))
    after = rng.integers(_FIRST_DAY, _LAST_DAY + 1, count).astype("timedelta64[D]")
    above = np.array([NEXT_RUNG[name] for name in awards.credential_ids[goes_on]], dtype=object)
    return _Awards(awards.seats[goes_on], (awards.days + after)[goes_on], above)


@dataclass(frozen=True)
class _Awards:
    """Arrays over credentials attained: seat, day, credential."""

    seats: Ints
    days: Days
    credential_ids: Texts

    def until(self, day: np.datetime64) -> _Awards:
        """Those attained by a day."""
        kept = self.days <= day
        return _Awards(self.seats[kept], self.days[kept], self.credential_ids[kept])


def _kinds(files: Files, able: Ints, rng: np.random.Generator) -> Ints:
    terms = files.terms
    completed = terms.completed[able]
    ojt = files.region.seats.on_the_job_only[terms.seats[able]]
    shares = [_OF_COMPLETERS, _OF_ON_THE_JOB, _OF_WITHDRAWN]
    draws = [rng.choice(5, size=len(able), p=share) for share in shares]
    return np.select([completed & ~ojt, completed & ojt], draws[:2], draws[2])


def _rows(files: Files, awards: _Awards, rng: np.random.Generator) -> pd.DataFrame:
    seats, day, ids, count = awards.seats, awards.days, awards.credential_ids, len(awards.seats)
    keys = files.keys(seats)
    columns = {
        "learner_key": keys,
        "key_epoch": "1",
        "credential_id": ids,
        "credential_type_pirl": _of_definition("pirl_type", ids),
        "ctdl_type": _of_definition("ctdl_type", ids),
        "attained_date": day_texts(day),
        "valid_until": _valid_until(ids, day),
        "status": choose(("EXPIRED", "SUSPENDED", "REVOKED"), (0.4, 0.4, 0.2), count, rng),
        "status_date": "",
        "issuer_id": _of_definition("issuer_id", ids),
        "program_id": files.of_program("program_id", seats),
        "assessment_mode": choose(
            ("PERFORMANCE", "WRITTEN", "SUPERVISED_PROJECT", "PORTFOLIO"), (5, 3, 1, 1), count, rng
        ),
        "verification": choose(("ISSUER_API", "VC_SIGNED", "DOCUMENT"), (6, 1, 3), count, rng),
        "ob3_credential_hash": [hex_key("badge", key, name) for key, name in zip(keys, ids, strict=True)],
    }
    rows = frame(columns, count)
    return rows.assign(seat=seats, attained_day=day, status_day=_status_days(files, day, rng))


def _of_definition(name: str, ids: Texts) -> Texts:
    values = {one.credential_id: getattr(one, name) for one in (*CREDENTIALS, *STACKED)}
    return np.array([values[one] for one in ids], dtype=object)


def _valid_until(ids: Texts, days: Days) -> Texts:
    """The day the credential lapses, blank for one that does not: months counted as 30 days."""
    months = np.array([one or 0 for one in _of_definition("renewal_months", ids)], dtype=np.int64)
    return only_where(months > 0, day_texts(days + (30 * months).astype("timedelta64[D]")))


def _status_days(files: Files, days: Days, rng: np.random.Generator) -> Days:
    """The day a credential's status changes within the region's quarters, NaT for nearly all."""
    changes = rng.random(len(days)) < _STATUS_CHANGES
    later = days + rng.integers(120, 500, len(days)).astype("timedelta64[D]")
    return np.where(changes & (later <= files.calendar.last_day), later, np.datetime64("NaT", "D"))
