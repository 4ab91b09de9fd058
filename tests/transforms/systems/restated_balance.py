"""Outlay against the cycle, contribution against benefit, public benefits: stated a second time.

From the definitions, in fractions and Decimals. Ledger and statements come from their own restatements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from contracts.quarters import Quarter
from tests.transforms.restatement import Restatement
from tests.transforms.systems.restated_assessments import Assessments

CENT, MILLIONTH = Decimal("0.01"), Decimal("0.000001")
EIGHT_YEARS = 32


def rounded(amount: Fraction, to: Decimal) -> Decimal:
    """Half up, as money is rounded."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(to, rounding=ROUND_HALF_UP)


class Outlay:
    """The fund's quarters and the region's unemployment, and what the rule makes of them."""

    def __init__(self, restated: Restatement) -> None:
        self.lake = restated.whole_lake
        self.came_in: dict[int, Decimal] = defaultdict(Decimal)
        self.left: dict[int, Decimal] = defaultdict(Decimal)
        for row in restated.fund_ledger().to_dict("records"):
            if row["funding_source"] != "IN_KIND":
                self._book(row)
        self.unemployment = self._unemployment()

    def _book(self, row: dict[Any, Any]) -> None:
        quarter = Quarter.parse(row["period"]).index
        came = sum(
            (row[name] for name in ("contributions_usd", "match_usd", "interest_usd", "transferred_in_usd")),
            Decimal(0),
        )
        self.came_in[quarter] += came
        self.left[quarter] += came - row["transferred_out_usd"] - row["disbursed_usd"] - row["lapsed_usd"]

    def _unemployment(self) -> dict[int, Fraction]:
        areas: dict[int, dict[tuple[str, str], Decimal]] = defaultdict(dict)
        for row in self.lake.rows("unemployment_reference"):
            area = areas[Quarter.parse(row["year_quarter"]).index]
            place = (row["geo_level"], row["geography"])
            area[place] = min(row["unemployment_rate"], area.get(place, row["unemployment_rate"]))
        return {quarter: Fraction(sum(of.values())) / len(of) for quarter, of in areas.items()}

    def outlays(self) -> pd.DataFrame:
        """`agg_outlay`: every quarter with four of the fund before it, the next one included."""
        first = min(self.came_in) + 4
        quarters = (Quarter(index // 4, index % 4 + 1) for index in range(first, first + 100))
        ahead = (one for one in quarters if self.lake.has_ended(one + -1))
        return pd.DataFrame([row for quarter in ahead for row in self._outlay(quarter)])

    def _outlay(self, quarter: Quarter) -> Iterator[dict[str, Any]]:
        rule = self._rule(quarter.first_day)
        if rule is None:
            return
        at = quarter.index
        known = [self.unemployment[q] for q in range(at - EIGHT_YEARS, at) if q in self.unemployment]
        base = rounded(Fraction(sum(self.came_in[q] for q in range(at - 4, at))) / 4, CENT)
        opening = sum((change for q, change in self.left.items() if q < at), Decimal(0))
        kept = rounded(Fraction(rule["reserve_floor"] or 0) * Fraction(base), CENT)
        factor = self._factor(rule, at, known)
        yield {
            "period": str(quarter),
            "quarters_in_mean": len(known),
            "base_usd": base,
            "opening_usd": opening,
            "factor": None if factor is None else factor,
            "outlay_usd": None if factor is None else _cut(Fraction(base) * Fraction(factor), opening - kept),
            "outlay_without_usd": _cut(Fraction(base), opening - kept),
            "state": "NOT_ENOUGH_DATA" if factor is None else "STATED",
        }

    def _factor(self, rule: dict[str, Any], at: int, known: list[Fraction]) -> Decimal | None:
        if len(known) < EIGHT_YEARS:
            return None
        mean = rounded(sum(known, Fraction(0)) / EIGHT_YEARS, MILLIONTH)
        above = rounded(self.unemployment[at - 1], MILLIONTH) - mean
        wanted = 1 + Fraction(rule["cycle_beta"]) * Fraction(above)
        least, most = (Fraction(rule[f"outlay_factor_{end}"]) for end in ("least", "most"))
        return rounded(min(most, max(least, wanted)), MILLIONTH)

    def _rule(self, day: date) -> dict[str, Any] | None:
        """The newest version in force that leans at all."""
        leaning = [
            row
            for row in self.lake.rows("funding_rule")
            if row["cycle_beta"] is not None
            and row["effective_from"] <= day <= (row["effective_to"] or date.max)
        ]
        return max(leaning, key=lambda row: row["effective_from"], default=None)


def _cut(outlay: Fraction, most: Decimal) -> Decimal:
    return max(min(rounded(outlay, CENT), most), Decimal("0.00"))


def balance(restated: Restatement, rules: Assessments) -> pd.DataFrame:
    """`fct_contribution_balance`: each parent's shares, from its firms' statements and the people it kept."""
    sums: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for row in rules.statements().to_dict("records"):
        parent = restated.lake.parent(row["firm_id"])
        for line in ("paid_usd", "seats", "benefit_usd"):
            sums[parent][line] += Fraction(row[line])
    for period in restated.people.periods:
        if period.is_completed and period.is_exiter and restated.people.is_retained(period):
            payer = restated.people.job(period, 2).primary_payer
            sums[restated.lake.parent(str(payer))]["hires"] += 1
    names = ("paid_usd", "seats", "hires", "benefit_usd")
    whole = {name: sum(of[name] for of in sums.values()) for name in names}
    taking_part = {parent: of for parent, of in sums.items() if any(of[name] for name in names[:3])}
    return pd.DataFrame([_point(parent, of, whole) for parent, of in taking_part.items()])


def _point(parent: str, of: dict[str, Fraction], whole: dict[str, Any]) -> dict[str, Any]:
    kinds = [of[name] / whole[name] for name in ("seats", "hires", "benefit_usd") if whole[name]]
    paid, got = of["paid_usd"] / whole["paid_usd"], sum(kinds) / len(kinds)
    return {
        "parent_group_id": parent,
        "hires": int(of["hires"]),
        "contribution_share": float(paid),
        "benefit_share": float(got),
        "band": _band(paid, got),
    }


def _band(paid: Fraction, got: Fraction) -> str:
    if paid == 0:
        return "pays nothing"
    if got / paid < Fraction(8, 10):
        return "below 0.8"
    return "above 1.25" if got / paid > Fraction(125, 100) else "0.8 to 1.25"


def public_bases(restated: Restatement) -> dict[str, Decimal]:
    """Wages two quarters after exit, mature cohorts; and those of people who then left that employer."""
    bases: dict[str, Decimal] = defaultdict(Decimal)
    seen = {"wages_q2": "median_earnings_q2", "separations": "retention_same_employer_q2_q4"}
    for base, metric in seen.items():
        for unit in restated.units[metric]:
            is_counted = base == "wages_q2" or not unit.hit
            if is_counted and restated.cohorts.maturity[metric][unit.cohort] == "MATURE":
                bases[base] += restated.people.job(unit.period, 2).pay or Decimal(0)
    return dict(bases)
