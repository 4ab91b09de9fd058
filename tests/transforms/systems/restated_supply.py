"""Demand against supply, stated a second time: one seat, one statement and one person at a time.

Written from the definitions of gap, hiring signal, bottleneck rank and cycle, in exact numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from contracts.quarters import Quarter, quarters_between
from tests.transforms.restated_lake import LakeFrames, Record, by
from tests.transforms.restated_people import Period, merged_periods
from tests.transforms.systems.restated_demand import Seat, median_days, seats

ALL, NONE = "all", "99-9999"
FEW_FIRMS = 5
Cell = tuple[str, str, str]


def comparable(county: str | None) -> str:
    """The code that both vintages of a county nest in."""
    if not county:
        return "unreported"
    if county.startswith("09"):
        return "09"
    return "02261" if county in ("02063", "02066") else county


@dataclass(frozen=True)
class Supply:
    """What the small region's registers and people say of supply and demand."""

    lake: LakeFrames
    crosswalk: Path

    @cached_property
    def quarters(self) -> list[Quarter]:
        """From the first seat or statement to the newest quarter after which another one has ended."""
        begun = [Quarter.of(seat.start) for seat in self.seats]
        begun += [Quarter.parse(row["stated_quarter"]) for row in self.lake.rows("hiring_intent")]
        last = max(q for q in quarters_between(min(begun), Quarter.of(self.lake.as_of)) if self._is_old(q))
        return list(quarters_between(min(begun), last))

    def _is_old(self, quarter: Quarter) -> bool:
        return self.lake.has_ended(quarter + 1)

    @cached_property
    def seats(self) -> list[Seat]:
        return list(seats(self.lake))

    @cached_property
    def occupations_of(self) -> dict[str, list[str]]:
        listed = pd.read_csv(self.crosswalk, dtype=str)
        return {str(cip): list(rows["soc_code"]) for cip, rows in listed.groupby("cip_code")}

    @cached_property
    def statements(self) -> list[Record]:
        """Statements of intent that are a quarter old."""
        rows = self.lake.rows("hiring_intent")
        return [row for row in rows if self._is_old(Quarter.parse(row["stated_quarter"]))]

    # --- the hiring signal ---------------------------------------------------------------------------------

    def hiring_signal(self) -> pd.DataFrame:
        """One row per occupation × county, and for all counties."""
        newest = max(row["stated_quarter"] for row in self.statements)
        by_firm: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in self.statements:
            if row["stated_quarter"] == newest:
                for county in (comparable(row["county_fips"]), ALL):
                    firm = self.lake.parent(row["firm_id"])
                    by_firm[row["soc_code"], county][firm] += row["seats_expected"]
        wholes = [firms for (_, county), firms in by_firm.items() if county == ALL]
        everything = Fraction(sum(sum(f.values()) for f in wholes), sum(len(f) for f in wholes))
        rows = []
        for (soc, county), firms in by_firm.items():
            whole = by_firm[soc, ALL]
            wider = everything if county == ALL else Fraction(sum(whole.values()), len(whole))
            own, weight = Fraction(sum(firms.values()), len(firms)), Fraction(min(len(firms), 5), 5)
            shrunk = len(firms) * (weight * own + (1 - weight) * wider)
            rows.append((soc, county, newest, len(firms), sum(firms.values()), len(firms) < 5, float(shrunk)))
        names = ["soc_code", "county_fips", "stated_quarter", "firms", "seats_expected", "is_shrunk"]
        return pd.DataFrame(rows, columns=[*names, "seats_shrunk"])

    # --- supply --------------------------------------------------------------------------------------------

    @cached_property
    def completions(self) -> list[tuple[Period, Record]]:
        """Completed periods of participation, with the latest enrollment of the person and program."""
        rows = self.lake.rows("enrollment")
        found = []
        for period in merged_periods(rows):
            done = period.latest
            if done["training_completed"] == 1 and done["training_end_date"] is not None:
                same = [
                    r for r in rows if (r["learner_key"], r["program_id"]) == (period.learner, period.program)
                ]
                found.append((period, max(same, key=lambda r: (r["entry_date"], r["box_firm_id"]))))
        return found

    def _occupations(self, row: Record) -> dict[str, Fraction]:
        """Occupations that a completed program leads to, in equal parts."""
        cip = row["cip_code"] or self._programs.get(row["program_id"], {}).get("cip_2020")
        if cip is None:
            return {(row["onet_soc_code"] or NONE)[:7]: Fraction(1)}
        listed = self.occupations_of.get(cip, [])
        return {soc: Fraction(1, len(listed)) for soc in listed}

    def _is_certified(self, learner: str, program: str, day: date) -> bool:
        return any(
            (row["program_id"] or program) == program and is_active(row, day)
            for row in self._credentials.get(learner, [])
        )

    @cached_property
    def _programs(self) -> dict[str, Record]:
        return {row["program_id"]: row for row in self.lake.rows("program")}

    @cached_property
    def _credentials(self) -> dict[str, list[Record]]:
        return by(self.lake.rows("credential"), "learner_key")

    @cached_property
    def _worked(self) -> set[tuple[str, str, str]]:
        paid = {
            (r["learner_key"], r["year_quarter"], r["soc_code"])
            for r in self.lake.rows("wage")
            if r["soc_code"]
        }
        for row in self.lake.rows("placement"):
            for quarter in self.quarters:
                ends = row["job_end_date"] or date.max
                if row["soc_code"] and row["job_start_date"] <= quarter.last_day <= ends:
                    paid.add((row["learner_key"], str(quarter), row["soc_code"]))
        return paid

    @cached_property
    def people(self) -> dict[tuple[str, str, str], tuple[Fraction, str, str]]:
        """(quarter, learner, occupation) → weight, county and parent of whoever could take a seat."""
        best: dict[tuple[str, str, str], list[tuple[Any, ...]]] = defaultdict(list)
        for quarter in self.quarters:
            for period, row in self.completions:
                day, ended = quarter.last_day, period.latest["training_end_date"]
                if ended > day or not self._is_certified(period.learner, period.program, day):
                    continue
                county = comparable(
                    row["residence_county_fips"]
                    or self.lake.firms.get(row["box_firm_id"], {}).get("county_fips")
                )
                for soc, weight in self._occupations(row).items():
                    rank = (weight, ended, [-ord(c) for c in period.program])
                    found = (rank, weight, county, self.lake.parent(row["box_firm_id"]))
                    best[str(quarter), period.learner, soc].append(found)
        return {
            key: max(found)[1:] for key, found in best.items() if (key[1], key[0], key[2]) not in self._worked
        }

    def talent_supply(self) -> pd.DataFrame:
        """One row per quarter with anybody."""
        rows = []
        for quarter in sorted({key[0] for key in self.people}):
            everybody = {learner for q, learner, _ in self.people if q == quarter}
            lost = {learner for q, learner, soc in self.people if (q, soc) == (quarter, NONE)}
            rows.append((quarter, len(everybody), len(lost)))
        return pd.DataFrame(rows, columns=["year_quarter", "persons", "unmatched_persons"])

    # --- the gap -------------------------------------------------------------------------------------------

    def gap(self) -> pd.DataFrame:
        """One row per occupation × county (and all) × quarter with a seat or a person in it."""
        cells: dict[Cell, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        for soc, county, quarter, name, amount in self._parts():
            for place in (county, ALL):
                cells[soc, place, quarter][name] += amount
        openings = self._openings()
        return pd.DataFrame([self._gap_row(cell, sums, openings) for cell, sums in cells.items()])

    def _parts(self) -> Iterator[tuple[str, str, str, str, Fraction]]:
        for row in self.lake.rows("demand_requisition"):
            start = row["approved_on"] or row["opened_on"]
            ended = min((d for d in (row["accepted_on"], row["cancelled_on"]) if d), default=date.max)
            for quarter in self.quarters:
                is_open = start <= quarter.last_day < (ended if ended <= self.lake.as_of else date.max)
                if start <= self.lake.as_of and (is_open or Quarter.of(start) == quarter):
                    seats_open = Fraction(row["seats"] if is_open else 0)
                    yield row["soc_code"], comparable(row["county_fips"]), str(quarter), "open", seats_open
        for row in self.statements:
            follows = Quarter.parse(row["expected_quarter"]) == Quarter.parse(row["stated_quarter"]) + 1
            uncovered = row["seats_expected"] - int(row["seats_requisitioned"] or 0) if follows else 0
            place = (row["soc_code"], comparable(row["county_fips"]), row["stated_quarter"])
            yield (*place, "expected", Fraction(uncovered))
        for (quarter, _, soc), (weight, county, _) in self.people.items():
            yield soc, county, quarter, "supply", weight

    def _openings(self) -> dict[Cell, Fraction]:
        found: dict[Cell, Fraction] = defaultdict(Fraction)
        for quarter in self.quarters:
            newest: dict[tuple[str, str], Record] = {}
            for row in sorted(self.lake.rows("occupation_reference"), key=lambda r: int(r["reference_year"])):
                has_openings = row["geo_level"] == "C" and row["annual_openings_count"] is not None
                if (
                    has_openings
                    and not pd.isna(row["annual_openings_count"])
                    and row["reference_year"] <= quarter.year
                ):
                    newest[row["soc_code"], row["geography"]] = row
            for (soc, geography), row in newest.items():
                for place in (comparable(geography), ALL):
                    found[soc, place, str(quarter)] += Fraction(int(row["annual_openings_count"]), 4)
        return found

    @staticmethod
    def _gap_row(cell: Cell, sums: dict[str, Fraction], openings: dict[Cell, Fraction]) -> dict[str, Any]:
        demand, supply, area = sums["open"] + sums["expected"], sums["supply"], openings.get(cell)
        return {
            "soc_code": cell[0],
            "county_fips": cell[1],
            "year_quarter": cell[2],
            "open_seats": int(sums["open"]),
            "expected_seats": int(sums["expected"]),
            "members_demand": int(demand),
            "area_openings": None if area is None else float(area),
            "supply_persons": float(supply),
            "members_gap": float(demand - supply),
            "supply_per_member_seat": float(supply / demand) if demand else None,
            "area_gap": None if area is None else float(area - supply),
            "supply_per_area_opening": float(supply / area) if area else None,
        }

    # --- bottlenecks and the cycle -------------------------------------------------------------------------

    def bottlenecks(self) -> pd.DataFrame:
        """One row per occupation and per place in the value chain that members have jobs or seats in."""
        last = self.quarters[-4:]
        jobs: dict[tuple[str, str], int] = defaultdict(int)
        for row in self.lake.rows("wage"):
            if row["year_quarter"] in map(str, last) and row["gross_wages_usd"] > 0:
                jobs["tier", self._tier(row["firm_id"])] += 1
                if row["soc_code"]:
                    jobs["occupation", row["soc_code"]] += 1
        waiting: dict[tuple[str, str], list[Seat]] = defaultdict(list)
        for seat in self.seats:
            waiting["occupation", seat.soc].append(seat)
            waiting["tier", seat.tier].append(seat)
        rows = [self._bottleneck(group, jobs[group], members, last) for group, members in waiting.items()]
        return pd.DataFrame([row for row in rows if row["job_quarters"] + row["open_seat_quarters"]])

    def _tier(self, firm: str) -> str:
        return self.lake.firms.get(firm, {}).get("value_chain_tier") or "unreported"

    @staticmethod
    def _bottleneck(
        group: tuple[str, str], jobs: int, members: list[Seat], last: list[Quarter]
    ) -> dict[str, Any]:
        days_counted = [quarter.last_day for quarter in last]
        vacant = sum(
            s.start <= day and (s.ended == "O" or s.end > day) for s in members for day in days_counted
        )
        median = median_days(members, cancelling_competes=True)
        days = max(s.days for s in members) if median is None else median
        rate = vacant / (jobs + vacant) if jobs + vacant else 0.0
        criticality = 1 + sum(s.is_critical for s in members) / len(members)
        return {
            "group_dim": group[0],
            "group_value": group[1],
            "job_quarters": jobs,
            "open_seat_quarters": vacant,
            "fill_days": days,
            "is_fill_days_lower_bound": median is None,
            "vacancy_rate": rate,
            "criticality": criticality,
            "bottleneck_score": days * rate * criticality,
        }

    def cycle(self) -> pd.DataFrame:
        """One row per occupation (and all) × quarter."""
        began: dict[tuple[str, str], int] = defaultdict(int)
        for seat in self.seats:
            for soc in (seat.soc, ALL):
                began[soc, str(Quarter.of(seat.start))] += 1
        known = {soc for soc, quarter in began if quarter <= str(self.quarters[-1])}
        rows = []
        for soc in known:
            for place, quarter in enumerate(self.quarters):
                eight = [began[soc, str(quarter + -step)] for step in range(8)] if place >= 7 else None
                index = eight[0] * 8 / sum(eight) if eight and sum(eight) else None
                rows.append(
                    (soc, str(quarter), began[soc, str(quarter)], sum(eight) if eight else None, index)
                )
        names = ["soc_code", "year_quarter", "opened_seats", "opened_in_eight", "cycle_index"]
        return pd.DataFrame(rows, columns=names)


def is_active(row: Record, day: date) -> bool:
    """Whether a credential is active on a day: attained, not lapsed, and its status not changed by then."""
    lost = row["status"] != "ACTIVE" and (row["status_date"] or row["attained_date"]) <= day
    return bool(row["attained_date"] <= day <= (row["valid_until"] or date.max) and not lost)
