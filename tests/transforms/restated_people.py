"""People restated: periods of participation, employment after exit, credentials, real earnings.

Definitions: WIOA exit rule and indicators (29 USC 3141), PIRL 900-1803, CPI-U. Counting people belongs to
`restatement.py`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
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
GAINS = (
    *("msg_efl_date", "msg_ps_transcript_date", "msg_sec_transcript_date"),
    *("msg_milestone_date", "msg_skills_progression_date"),
)


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
        return self.exit is not None and not self.is_exit_excluded

    @property
    def is_exit_excluded(self) -> bool:
        """Whether PIRL 923 of the enrollment that ended last (an open one is last) leaves it out."""
        last_out = max(
            self.rows, key=lambda row: (row["exit_date"] or date.max, row["entry_date"], row["box_firm_id"])
        )
        return last_out["other_reason_for_exit"] in EXCLUDED_EXITS

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
    def is_completed(self) -> bool:
        """Whether its latest enrollment was completed."""
        return bool(self.latest["training_completed"] == 1)

    @property
    def has_training(self) -> bool:
        """Whether training began in any of its enrollments."""
        return any(row["training_start_date"] is not None for row in self.rows)

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


@dataclass(frozen=True)
class AnyJob:
    """What members and the state's records together know of one person's employment in one quarter."""

    is_employed: bool
    is_known: bool
    pay: Decimal | None
    parent: str | None


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
        self.matches: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for row in self.lake.rows("ui_match"):
            if row["received_on"] <= lake.as_of <= row["destroy_after"]:
                self.matches[row["learner_key"], row["year_quarter"]].append(row)
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

    def is_retained(self, period: Period, quarters: int = 4) -> bool | None:
        """Whether Q2's primary payer, or who took it over, pays unsubsidized wages; None without one."""
        payer = self.job(period, 2).primary_payer
        if payer is None:
            return None
        quarter = period.after_exit(quarters)
        same = self._continued(payer, quarter.last_day)
        rows = self.paid(period.learner, quarter)
        return any(row["firm_id"] in same and _is_unsubsidized(row) for row in rows)

    def _continued(self, firm: str, day: date) -> set[str]:
        """The firm and every firm that took it over as a whole by the day."""
        names = {firm}
        while True:
            more = {
                row["successor_firm_id"]
                for row in self.lake.rows("firm_succession")
                if row["predecessor_firm_id"] in names
                and row["transfer_extent"] == "TOTAL"
                and row["succession_date"] <= min(day, self.lake.as_of)
            }
            if more <= names:
                return names
            names |= more

    def on_time(self, period: Period) -> tuple[Quarter, bool] | None:
        """The quarter in which 1.5 times the planned weeks were over; whether it was completed by then."""
        weeks = self.lake.programs.get(period.program, {}).get("weeks")
        start = period.first["training_start_date"]
        if start is None or weeks is None:
            return None
        last = start + timedelta(days=math.floor(1.5 * 7 * weeks))
        ended = period.latest["training_end_date"]
        on_time = period.is_completed and ended is not None and ended <= last
        return (Quarter.of(last), on_time) if last <= self.lake.as_of else None

    def has_any_credential(self, period: Period) -> bool:
        """Any credential of the program (or naming none) from entry to a year after the end of training."""
        limit = (pd.Timestamp(period.latest["training_end_date"]) + pd.DateOffset(years=1)).date()
        return any(
            period.entry <= row["attained_date"] <= limit and self._type(row) not in (None, "0")
            for row in self._credentials_of(period)
        )

    def _credentials_of(self, period: Period) -> list[Record]:
        rows = self.credentials.get(period.learner, [])
        return [row for row in rows if row["program_id"] in (None, period.program)]

    def _type(self, credential: Record) -> str | None:
        registered = self.lake.credential_types.get(credential["credential_id"])
        return credential["credential_type_pirl"] or registered

    def gains(self, period: Period) -> Iterator[tuple[Quarter, bool]]:
        """Per program year in training toward a credential or a job (named by its last quarter): any gain."""
        since = [row["enrolled_in_credential_program_date"] for row in period.rows]
        begun = min((day for day in since if day is not None), default=None)
        if begun is None or period.is_exit_excluded:
            return
        leaves = period.exit or date.max
        dates = [row[name] for row in period.rows for name in GAINS if row[name] is not None]
        for row in self._credentials_of(period):
            if self._type(row) == "1" and period.entry <= row["attained_date"] <= leaves:
                dates.append(row["attained_date"])
        for year in range(begun.year - 1, self.lake.as_of.year + 1):
            first, last = date(year, 7, 1), date(year + 1, 6, 30)
            if begun <= last and leaves >= first and first <= self.lake.as_of:
                yield Quarter.of(last), any(first <= day <= last for day in dates)

    def is_related(self, period: Period) -> bool | None:
        """PIRL 1608 of the job at Q2's employer; of several, of the one that began last."""
        job, quarter = self.job(period, 2), period.after_exit(2)
        if not job.is_employed or not period.has_training:
            return None
        told = [
            spell
            for spell in self.spells.get(period.learner, [])
            if spell["firm_id"] == job.employer
            and spell["job_start_date"] <= quarter.last_day
            and (spell["job_end_date"] or date.max) >= quarter.first_day
            and spell["training_related"] is not None
        ]
        told.sort(key=lambda spell: (-spell["job_start_date"].toordinal(), spell["position_key"]))
        return bool(told[0]["training_related"] == 1) if told else None

    def real_hourly_change(self, period: Period) -> float | None:
        """P_base · (w₂/P₂ - mean of w₋ⱼ/P₋ⱼ) of pay an hour; None unless all four quarters are plausible."""
        job = self.job(period, 2)
        if not job.is_employed or not job.pay or self.base_quarter is None:
            return None
        quarters = [period.after_exit(2), *(period.entry_quarter + -j for j in (1, 2, 3))]
        hourly = [self._hourly(period.learner, quarter) for quarter in quarters]
        known = [rate for rate in hourly if rate is not None]
        if len(known) < 4:
            return None
        return self.price[self.base_quarter][0] * (known[0] - sum(known[1:]) / 3)

    def _hourly(self, learner: str, quarter: Quarter) -> float | None:
        """Real pay an hour: at least 20 hours, all known, and 3.625 to 250 USD an hour."""
        rows = self.paid(learner, quarter)
        if not rows or any(row["hours_paid"] is None for row in rows) or str(quarter) not in self.price:
            return None
        hours = sum((row["hours_paid"] for row in rows), Decimal(0))
        pay = sum((row["gross_wages_usd"] for row in rows), Decimal(0))
        if hours < 20 or not Decimal("3.625") <= pay / hours <= 250:
            return None
        return float(pay) / float(hours) / self.price[str(quarter)][0]

    def wioa(self, period: Period, quarters: int) -> AnyJob:
        """Employment anywhere: a member's or the state's yes; known when either answered (9 is none)."""
        seen = self.job(period, quarters)
        rows = self.matches.get((period.learner, str(period.after_exit(quarters))), [])
        yes = [row for row in rows if row["employed"] in {"1", "2", "3"}]
        paid = [row for row in yes if row["wages_usd"] is not None]
        known = seen.is_employed or any(row["employed"] != "9" for row in rows)
        pay = sum((row["wages_usd"] for row in paid), Decimal(0)) if paid else None
        if not paid and seen.is_employed:
            pay = seen.pay
        best = sorted(yes, key=lambda row: (-(row["wages_usd"] or 0), row["employer_id_hash"] or ""))
        account = best[0]["employer_id_hash"] if best else None
        parent = f"UI:{account[:16]}" if account else seen.employer and self.lake.parent(seen.employer)
        return AnyJob(seen.is_employed or bool(yes), known, pay, parent)

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
