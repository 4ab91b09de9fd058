"""Placement extracts: jobs that began after a program: hires, promotions, recalls; and how they ended.

A placement is reported when it begins, again when the person works to standard, and again when it ends. Its
days lie so that a job covers exactly the quarters with wages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from warehouse.sample.apprentices import apprentice_columns
from warehouse.sample.draws import Bools, Floats, Ints, choose, stream
from warehouse.sample.enrollments import Files
from warehouse.sample.seats import OUT
from warehouse.sample.text import cents_texts, day_texts, flag_texts, frame, only_where
from warehouse.sample.wages import is_first_job_subsidized

_PROMOTED, _MOVED_INSIDE, _REPORTED_AS_RETAINED = 0.32, 0.08, 0.15
_RECALL_WITHIN = 4
_RELATED, _CONFIRMED = 0.8, 0.93
_TO_STANDARD = 2
"""Quarters until a person works to standard, at the latest, and the placement is reported again."""


@dataclass(frozen=True)
class Spells:
    """Arrays over jobs begun after exit: seat, firm, first and last quarter with wages.

    ``kinds`` decides what an incumbent's step at the sponsor was; NaN for jobs that are no such step.
    """

    seats: Ints
    firms: Ints
    first: Ints
    last: Ints
    kinds: Floats

    def __len__(self) -> int:
        return len(self.seats)


def placement_rows(files: Files) -> pd.DataFrame:
    """Every placement row of every file: ``box`` and ``quarter`` first, sorted by them."""
    rng = stream(files.region.settings.seed, "placements")
    spells = _spells(files, rng)
    described = _described(files, spells, rng)
    newest = files.region.settings.quarters - 1
    ended, proven = spells.last < newest, np.minimum(spells.first + _TO_STANDARD, newest + 1)
    numbers = np.arange(len(spells))
    ripe = (proven <= spells.last) & (proven <= newest)
    reports = pd.DataFrame(
        {
            "spell": np.concatenate([numbers, numbers[ripe], numbers[ended]]),
            "quarter": np.concatenate([spells.first, proven[ripe], spells.last[ended]]),
        }
    ).drop_duplicates()
    spell, quarter = reports["spell"].to_numpy(), reports["quarter"].to_numpy()
    rows = described.iloc[spell].reset_index(drop=True)
    shows_end = ended[spell] & (quarter == spells.last[spell])
    for column in ("job_end_date", "separation_reason"):
        rows[column] = only_where(shows_end, rows[column])
    for column in ("proficiency_date", "full_productivity_date"):
        rows[column] = only_where(quarter >= proven[spell], rows[column])
    rows.insert(0, "quarter", files.periods(quarter))
    rows.insert(0, "box", rows["firm_id"])
    return rows.iloc[np.lexsort((spell, quarter, rows["box"]))].reset_index(drop=True)


def _spells(files: Files, rng: np.random.Generator) -> Spells:
    """Jobs that began after exit, and incumbents' next step at their firm where there was one."""
    seats, history = files.region.seats, files.careers.history
    quarters = np.arange(history.shape[1])[None, :]
    after = quarters - seats.exit_quarters[:, None]
    before = np.column_stack([np.full(len(seats), OUT), history[:, :-1]])
    begins = (after >= 1) & (history != OUT) & (history != before)
    steps = (after == 1) & (history != OUT) & (history == before) & seats.completed[:, None]
    kinds = rng.random(history.shape)
    steps &= kinds < _PROMOTED + _MOVED_INSIDE + _REPORTED_AS_RETAINED
    seat, first = np.nonzero(begins | steps)
    return Spells(
        seats=seat,
        firms=history[seat, first],
        first=first,
        last=_last_quarters(history)[seat, first],
        kinds=np.where(steps[seat, first], kinds[seat, first], np.nan),
    )


def _last_quarters(history: Ints) -> Ints:
    """Seat × quarter: the last quarter of the unbroken run at the same firm."""
    last = np.empty_like(history)
    last[:, -1] = history.shape[1] - 1
    for quarter in range(history.shape[1] - 2, -1, -1):
        goes_on = history[:, quarter] == history[:, quarter + 1]
        last[:, quarter] = np.where(goes_on, last[:, quarter + 1], quarter)
    return last


def _described(files: Files, spells: Spells, rng: np.random.Generator) -> pd.DataFrame:
    """One row per spell with everything that will ever be known of it."""
    firms, seats, count = files.region.firms, files.region.seats, len(spells)
    start = files.calendar.after_start(spells.first, rng.integers(0, 10, count))
    end = files.calendar.before_end(spells.last, rng.integers(0, 20, count))
    proficient = start + rng.integers(30, 80, count).astype("timedelta64[D]")
    productive = proficient + rng.integers(20, 70, count).astype("timedelta64[D]")
    related = rng.random(count) < _RELATED
    subsidized = is_first_job_subsidized(seats)[spells.seats] & (spells.firms == seats.sponsors[spells.seats])
    columns = {
        "learner_key": files.keys(spells.seats),
        "key_epoch": "1",
        "firm_id": firms.ids[spells.firms],
        "position_key": [
            f"POS-{seat:06d}-{quarter:02d}" for seat, quarter in zip(spells.seats, spells.first, strict=True)
        ],
        "job_start_date": day_texts(start),
        "job_end_date": day_texts(end),
        "separation_reason": _reasons(files, spells, rng),
        **_kind_columns(files, spells),
        "soc_code": only_where(related, files.of_program("soc_code", spells.seats)),
        "naics_code": firms.naics_codes[spells.firms],
        "work_county_fips": firms.counties[spells.firms],
        "worker_type": choose(("FT", "PT"), (0.92, 0.08), count, rng),
        "unsubsidized": flag_texts(~subsidized),
        "training_related": flag_texts(related),
        "entry_wage_rate_usd_hr": cents_texts(rng.integers(1_650, 3_100, count)),
        "proficiency_date": day_texts(proficient),
        "full_productivity_date": day_texts(productive),
        "supervisor_confirm": flag_texts(rng.random(count) < _CONFIRMED),
    }
    columns |= apprentice_columns(files, spells.seats, spells.first, columns["entry_wage_rate_usd_hr"])
    return frame(columns, count)


def _kind_columns(files: Files, spells: Spells) -> dict[str, object]:
    """placement_type and hire_source of each spell."""
    seats = files.region.seats
    inside = ~np.isnan(spells.kinds)
    retained = spells.kinds >= _PROMOTED + _MOVED_INSIDE
    promoted = spells.kinds < _PROMOTED
    recalled = ~inside & _worked_there_lately(files.careers.history, spells)
    at_sponsor = spells.firms == seats.sponsors[spells.seats]
    from_program = seats.new_entrant[spells.seats] & at_sponsor & ~inside
    types = ["RETAINED_INCUMBENT", "PROMOTION", "INTERNAL_MOVE", "RECALL"]
    sources = np.select(
        [inside, from_program & ~recalled], ["INTERNAL", "CONSORTIUM_PROGRAM"], "OTHER_MEMBER"
    )
    newcomer = seats.new_entrant[spells.seats] & ~at_sponsor
    return {
        "placement_type": np.select([retained, promoted, inside, recalled], types, "NEW_HIRE"),
        "hire_source": np.where(newcomer, "EXTERNAL", sources),
    }


def _worked_there_lately(history: Ints, spells: Spells) -> Bools:
    lately = np.zeros(len(spells), dtype=bool)
    for before in range(1, _RECALL_WITHIN + 1):
        earlier = spells.first - before
        lately |= (earlier >= 0) & (history[spells.seats, earlier] == spells.firms)
    return lately


def _reasons(files: Files, spells: Spells, rng: np.random.Generator) -> object:
    """Why a job ended: a step to another member is a quit, the rest is drawn."""
    history = files.careers.history
    following = history[spells.seats, np.minimum(spells.last + 1, history.shape[1] - 1)]
    drawn = choose(("QUIT", "LAYOFF", "DISCHARGE", "RETIRE", "OTHER"), (50, 28, 12, 4, 6), len(spells), rng)
    return np.where(following != OUT, "QUIT", drawn)
