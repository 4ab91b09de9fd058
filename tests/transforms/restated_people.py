"""People restated: periods of participation, employment after exit, credentials, real earnings.

Definitions: WIOA exit rule and indicators (29 USC 3141), PIRL 900-1803, CPI-U. Counting people belongs to
`restatement.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np
import pandas as pd

from contracts.quarters import Quarter
from tests.transforms.restated_lake import LakeFrames, Record, by

EXCLUDED_EXITS = {"01", "02", "03", "04", "05", "06", "07"}
ON_THE_JOB_ONLY = {"01", "05"}
POSTSECONDARY = set("234567")
LEADS_TO_POSTSECONDARY = set("123456")


@dataclass
class Period:
    """One period of participation: enrollments of one person and program less than 90 days apart."""

    rows: list[Record]

    @property
    def first(self) -> Record:
        return self.rows[0]

    @property
    def latest(self) -> Record:
        return self.rows[-1]

    @property
    def learner(self) -> str:
        return str(self.first["learner_key"])

    @property
    def program(self) -> str:
        return str(self.first["program_id"])

    @property
    def entry(self) -> date:
        entry: date = self.first["entry_date"]
        return entry

    @property
    def id(self) -> str:
        return f"{self.learner}|{self.program}|{self.entry}"

    @cached_property
    def exit(self) -> date | None:
        exits = [row["exit_date"] for row in self.rows]
        return None if None in exits else max(exits)

    @cached_property
    def entry_quarter(self) -> Quarter:
        return Quarter.of(self.entry)

    @cached_property
    def exit_quarter(self) -> Quarter | None:
        return None if self.exit is None else Quarter.of(self.exit)

    def after_exit(self, quarters: int) -> Quarter:
        """The quarter so many after the exit quarter; only of periods that have one."""
        if self.exit_quarter is None:
            raise ValueError("an open period has no quarter after exit")
        return self.exit_quarter + quarters

    @property
    def is_exiter(self) -> bool:
        """Whether it has an exit, and PIRL 923 of the last one leaves it in."""
        if self.exit is None:
            return False
        last_out = max(self.rows, key=lambda row: (row["exit_date"], row["entry_date"], row["box_firm_id"]))
        return last_out["other_reason_for_exit"] not in EXCLUDED_EXITS

    @property
    def is_asked_for_credential(self) -> bool:
        """In training other than on-the-job or customized; with the type blank, a start says so."""
        return any(
            row["training_start_date"] is not None
            if row["training_type"] is None
            else row["training_type"] not in ON_THE_JOB_ONLY | {"00"}
            for row in self.rows
        )

    @property
    def training_end_quarter(self) -> Quarter | None:
        """Where completion is known: the quarter in which training ended."""
        known = self.latest["training_completed"] in (0, 1)
        ended = self.latest["training_end_date"]
        return Quarter.of(ended) if known and ended is not None else None


def merged_periods(enrollments: Iterable[Record]) -> list[Period]:
    """Periods of participation: a gap of 89 days between exit and next entry merges, one of 90 does not."""
    periods: list[Period] = []
    for row in sorted(enrollments, key=_order):
        last = periods[-1] if periods else None
        if (
            last
            and (last.learner, last.program) == (row["learner_key"], row["program_id"])
            and _reaches(last, row)
        ):
            periods[-1] = Period([*last.rows, row])
        else:
            periods.append(Period([row]))
    return periods


def _order(row: Record) -> tuple[str, str, date, str]:
    return (row["learner_key"], row["program_id"], row["entry_date"], row["box_firm_id"])


def _reaches(period: Period, row: Record) -> bool:
    return period.exit is None or (row["entry_date"] - period.exit).days < 90


@dataclass(frozen=True)
class Job:
    """What members know of one person's employment in one quarter."""

    employer: str | None
    primary_payer: str | None
    pay: Decimal | None

    @property
    def is_employed(self) -> bool:
        return self.employer is not None


class People:
    """Everybody who ever enrolled, with their pay, spells and credentials."""

    def __init__(self, lake: LakeFrames) -> None:
        self.periods = merged_periods(lake.rows("enrollment"))
        self.lake = lake.of_people({period.learner for period in self.periods})
        self.pay: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for row in self.lake.rows("wage"):
            self.pay[row["learner_key"], row["year_quarter"]].append(row)
        self.spells = by(self.lake.rows("placement"), "learner_key")
        self.credentials = by(self.lake.rows("credential"), "learner_key")
        self.enrollments = by((row for period in self.periods for row in period.rows), "learner_key")
        self._jobs: dict[tuple[str, Quarter], Job] = {}

    def paid(self, learner: str, quarter: Quarter) -> list[Record]:
        """The person's wage rows of a quarter."""
        return self.pay.get((learner, str(quarter)), [])

    def job(self, period: Period, quarters_after_exit: int) -> Job:
        """Employment in Qk: unsubsidized pay above 0, or a confirmed unsubsidized spell in part of it."""
        key = (period.learner, period.after_exit(quarters_after_exit))
        if key not in self._jobs:
            self._jobs[key] = self._job(*key)
        return self._jobs[key]

    def _job(self, learner: str, quarter: Quarter) -> Job:
        rows = self.paid(learner, quarter)
        pay = sum((row["gross_wages_usd"] for row in rows), Decimal(0)) if rows else None
        payers = [row for row in rows if _is_unsubsidized(row)]
        if payers:
            primary = min(payers, key=lambda row: (-row["gross_wages_usd"], row["firm_id"]))["firm_id"]
            return Job(primary, primary, pay)
        spells = [spell for spell in self.spells.get(learner, []) if _confirms(spell, quarter)]
        newest = sorted(spells, key=lambda spell: (-spell["job_start_date"].toordinal(), spell["firm_id"]))
        return Job(newest[0]["firm_id"] if newest else None, None, pay)

    def has_credential(self, period: Period) -> bool:
        """Postsecondary by a year after exit, or a secondary diploma with work or study in that year."""
        limit = _year_after(period)
        types = {
            row["credential_type_pirl"] or self.lake.credential_types.get(row["credential_id"])
            for row in self.credentials.get(period.learner, [])
            if row["program_id"] in (None, period.program) and period.entry <= row["attained_date"] <= limit
        }
        works = any(self.job(period, k).is_employed for k in (1, 2, 3, 4))
        return bool(types & POSTSECONDARY) or ("1" in types and (works or self._studies_after(period)))

    def _studies_after(self, period: Period) -> bool:
        return any(
            set(row["program_of_study_outcome"] or "") & LEADS_TO_POSTSECONDARY
            and row["entry_date"] <= _year_after(period)
            and (row["exit_date"] is None or row["exit_date"] > period.exit)
            for row in self.enrollments[period.learner]
        )

    def is_retained(self, period: Period) -> bool | None:
        """Whether the primary payer of Q2 pays unsubsidized wages in Q4; None without one."""
        payer = self.job(period, 2).primary_payer
        if payer is None:
            return None
        fourth = self.paid(period.learner, period.after_exit(4))
        return any(row["firm_id"] == payer and _is_unsubsidized(row) for row in fourth)

    @cached_property
    def price(self) -> dict[str, tuple[float, int]]:
        """Mean index of the available months of each quarter, and how many there are."""
        months: dict[str, list[float]] = defaultdict(list)
        for month, index in zip(self.lake.prices["month"], self.lake.prices["cpi_u"], strict=True):
            months[str(Quarter.of(date(int(month[:4]), int(month[5:]), 1)))].append(float(index))
        return {quarter: (float(np.mean(values)), len(values)) for quarter, values in months.items()}

    @cached_property
    def base_quarter(self) -> str | None:
        """The latest ended quarter with all three months."""
        ended = {q: n for q, (_, n) in self.price.items() if self.lake.has_ended(Quarter.parse(q))}
        return max((quarter for quarter, months in ended.items() if months == 3), default=None)

    def real_change(self, period: Period) -> float | None:
        """P_base · (W₂/P₂ - mean of W₋ⱼ/P₋ⱼ, j = 1..3); None unless all are known."""
        job = self.job(period, 2)
        if not job.is_employed or not job.pay or self.base_quarter is None:
            return None
        after = self._real(job.pay, period.after_exit(2))
        before = [self._real(self._pay_before(period, j), period.entry_quarter + -j) for j in (1, 2, 3)]
        known = [wages for wages in before if wages is not None]
        if after is None or len(known) < 3:
            return None
        return self.price[self.base_quarter][0] * (after - sum(known) / 3)

    def _pay_before(self, period: Period, quarters: int) -> Decimal | int | None:
        """Members' wage rows where there are any (0 is an observation), else what was reported at entry."""
        rows = self.paid(period.learner, period.entry_quarter + -quarters)
        if rows:
            return sum((row["gross_wages_usd"] for row in rows), Decimal(0))
        reported: int | None = period.first[f"wages_q{quarters}_prior"]
        return reported

    def _real(self, dollars: Decimal | int | None, quarter: Quarter) -> float | None:
        if dollars is None or str(quarter) not in self.price:
            return None
        return float(dollars) / self.price[str(quarter)][0]

    def employments(self, period: Period) -> Iterator[tuple[str, Quarter]]:
        """(firm, first or any quarter) of everybody who paid, placed or sponsored the person since entry."""
        for firm, quarter in self._payers[period.learner]:
            if quarter >= period.entry_quarter:
                yield firm, quarter
        for spell in self.spells.get(period.learner, []):
            if spell["job_end_date"] is None or spell["job_end_date"] >= period.entry:
                yield spell["firm_id"], max(period.entry_quarter, Quarter.of(spell["job_start_date"]))
        for row in period.rows:
            if row["firm_id"] is not None:
                yield row["firm_id"], period.entry_quarter

    @cached_property
    def _payers(self) -> dict[str, list[tuple[str, Quarter]]]:
        paid: dict[str, list[tuple[str, Quarter]]] = defaultdict(list)
        for (learner, quarter), rows in self.pay.items():
            paid[learner] += [
                (r["firm_id"], Quarter.parse(quarter)) for r in rows if r["gross_wages_usd"] > 0
            ]
        return paid


def _is_unsubsidized(row: Record) -> bool:
    return bool(row["gross_wages_usd"] > 0 and row["subsidized"] == 0)


def _confirms(spell: Record, quarter: Quarter) -> bool:
    ends = spell["job_end_date"] or date.max
    overlaps = spell["job_start_date"] <= quarter.last_day and ends >= quarter.first_day
    return bool(overlaps and spell["unsubsidized"] == 1 and spell["supervisor_confirm"] == 1)


def _year_after(period: Period) -> date:
    return (pd.Timestamp(period.exit) + pd.DateOffset(years=1)).date()
