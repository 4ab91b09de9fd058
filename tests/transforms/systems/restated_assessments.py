"""The fund's rules stated a second time, in exact fractions: what firms are assessed, and what they get.

Written from the definitions (``metric_definitions``, ADR 0016) and not from the SQL.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pandas as pd

from contracts.quarters import Quarter, quarters_between
from tests.transforms.restated_lake import Record
from tests.transforms.restatement import Restatement

ALWAYS, NEVER = date.min, date.max
HALF, NOTHING = Fraction(1, 2), Fraction(0)


def round_to(total: int, exact: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole cents that sum to ``total``: all are cut, and the largest fractions get one more."""
    whole = {name: math.floor(amount) for name, amount in exact.items()}
    order = sorted(exact, key=lambda name: (whole[name] - exact[name], name))
    for name in order[: total - sum(whole.values())]:
        whole[name] += 1
    return whole


def share_out(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Whole cents in proportion to weights, by largest remainder."""
    return round_to(total, {name: Fraction(total * w, sum(weights.values())) for name, w in weights.items()})


def dollars(cents: int) -> Decimal:
    """Dollars of whole cents."""
    return Decimal(cents).scaleb(-2)


def versions_on(rows: Sequence[Record], day: date, since: str, until: str) -> list[Record]:
    """Versions whose first and last day enclose a day, newest first."""
    found = [row for row in rows if (row[since] or ALWAYS) <= day <= (row[until] or NEVER)]
    return sorted(found, key=lambda row: row[since] or ALWAYS, reverse=True)


class Assessments:
    """Everything that follows from the funding rules on one lake."""

    def __init__(self, restated: Restatement) -> None:
        self.restated, self.lake = restated, restated.whole_lake
        self.benefits = self._benefits()

    def _benefits(self) -> pd.DataFrame:
        """One row per firm × quarter × program: open periods of training, and their part of the spending."""
        flows = self.restated.flows
        paid = flows[flows["flow"] == "disbursed"].groupby(["period", "program_id"])["amount"].sum().to_dict()
        seats: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for unit in self.restated.units["participants_served"]:
            firm = unit.period.latest["box_firm_id"]
            seats[str(unit.cohort), unit.period.program][firm] += 1
        rows = []
        for (quarter, program), of_firms in seats.items():
            parts = share_out(int(paid.get((quarter, program), Decimal(0)) * 100), of_firms)
            rows += [(f, quarter, program, of_firms[f], dollars(cents)) for f, cents in parts.items()]
        return pd.DataFrame(rows, columns=["firm_id", "year_quarter", "program_id", "seats", "benefit_usd"])

    def _due(self) -> Iterator[tuple[Quarter, Record]]:
        """Every period of every rule that bills firms: the newest version in force on its first day."""
        last = max(q for q in quarters_between(Quarter(2020, 1), Quarter(2030, 1)) if self.lake.has_ended(q))
        rules = [row for row in self.lake.rows("funding_rule") if row["billed_party"] == "MEMBER_FIRM"]
        for quarter in quarters_between(Quarter(2020, 1), last):
            for rule in sorted({row["rule_id"] for row in rules}):
                mine = [row for row in rules if row["rule_id"] == rule]
                found = versions_on(mine, quarter.first_day, "effective_from", "effective_to")
                found = [row for row in found if row["assessed_every"] == "QUARTER" or quarter.number == 1]
                yield from ((quarter, row) for row in found[:1])

    def assessments(self) -> pd.DataFrame:
        """`fct_assessments`: one row per rule × period × member firm."""
        return pd.DataFrame([row for quarter, rule in self._due() for row in self._charged(quarter, rule)])

    def _charged(self, quarter: Quarter, rule: Record) -> Iterator[dict[str, Any]]:
        firms = {firm["firm_id"]: firm for firm in self._members(quarter)}
        weights = {name: self._weight(firm, quarter, rule) for name, firm in firms.items()}
        factor = _factor(weights, rule)
        exact = {name: _limited(weight * factor, rule) * 100 for name, weight in weights.items()}
        budget = rule["budget_usd"]
        total = math.floor(sum(exact.values(), HALF)) if budget is None else int(budget * 100)
        for name, cents in round_to(total, exact).items():
            yield {
                "rule_id": rule["rule_id"],
                "funding_rule_version": rule["rule_version"],
                "period": str(quarter),
                "firm_id": name,
                "assessed_usd": dollars(cents),
            }

    def _members(self, quarter: Quarter) -> Iterator[Record]:
        rows = self.lake.rows("firm")
        for name in sorted({row["firm_id"] for row in rows}):
            mine = [row for row in rows if row["firm_id"] == name]
            begun = [row for row in mine if (row["valid_from"] or ALWAYS) <= quarter.first_day]
            firm = max(begun, key=lambda row: row["valid_from"] or ALWAYS) if begun else mine[0]
            if (firm["joined_on"] or ALWAYS) <= quarter.first_day <= (firm["left_on"] or NEVER):
                yield firm

    def _weight(self, firm: Record, quarter: Quarter, rule: Record) -> Fraction:
        """Rate × basis × relief, bases of a hybrid added up."""
        part = Fraction(1) if rule["assessed_every"] == "YEAR" else Fraction(1, 4)
        booked = self._booked_basis(firm["firm_id"], str(quarter))
        payroll = Fraction(firm["payroll_usd"] or 0) * part if booked is None else booked
        above = max(payroll - Fraction(rule["payroll_exempt_usd"] or 0) * part, NOTHING)
        unrelieved = (
            Fraction(rule["payroll_rate"] or 0) * Fraction(math.floor(above * 100 + HALF), 100)
            + Fraction(rule["per_head_usd"] or 0) * int(firm["headcount"] or 0)
            + Fraction(rule["benefit_rate"] or 0) * self._benefit_before(firm["firm_id"], quarter, rule)
            + Fraction(rule["flat_usd"] or 0)
        )
        relief = rule.get(f"relief_size_{firm['size_class']}")
        return unrelieved * (Fraction(1) if relief is None else Fraction(relief))

    def _booked_basis(self, firm: str, period: str) -> Fraction | None:
        rows = self.lake.rows("contribution")
        mine = [row for row in rows if (row["firm_id"], row["period"]) == (firm, period)]
        known = [Fraction(r["basis_amount_usd"]) for r in mine if r["basis_amount_usd"] is not None]
        return sum(known, NOTHING) if known else None

    def _benefit_before(self, firm: str, quarter: Quarter, rule: Record) -> Fraction:
        """Benefit of the quarter before, or of the calendar year before for a yearly rule."""
        mine = self.benefits[self.benefits["firm_id"] == firm]
        if rule["assessed_every"] == "YEAR":
            kept = mine[mine["year_quarter"].str[:4] == str(quarter.year - 1)]
        else:
            kept = mine[mine["year_quarter"] == str(quarter + -1)]
        return sum((Fraction(usd) for usd in kept["benefit_usd"]), NOTHING)

    def statements(self) -> pd.DataFrame:
        """`fct_contribution_statements`, its sums: one row per firm × quarter with anything in it."""
        sums: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for firm, quarter, line, usd in self._lines():
            if self.lake.has_ended(Quarter.parse(quarter)):
                sums[firm, quarter][line] += usd or Decimal(0)
        lines = ("assessed", "booked", "paid", "matched", "in_kind", "given_to_firms", "received_from_firms")
        return pd.DataFrame(
            [
                {"firm_id": firm, "period": quarter, "seats": int(of["seats"])}
                | {f"{line}_usd": of[line] for line in (*lines, "benefit")}
                for (firm, quarter), of in sums.items()
            ]
        )

    def _lines(self) -> Iterator[tuple[str, str, str, Decimal]]:
        for row in self.assessments().to_dict("records"):
            yield row["firm_id"], row["period"], "assessed", row["assessed_usd"]
        for row in self.lake.rows("contribution"):
            yield from self._of_contribution(row)
        for row in self.lake.rows("transfer"):
            if row["transfer_type"] == "BETWEEN_FIRMS":
                quarter = str(Quarter.of(row["booked_on"]))
                yield row["from_firm_id"], quarter, "given_to_firms", row["amount_usd"]
                yield row["to_firm_id"], quarter, "received_from_firms", row["amount_usd"]
        for row in self.benefits.to_dict("records"):
            yield row["firm_id"], row["year_quarter"], "benefit", row["benefit_usd"]
            yield row["firm_id"], row["year_quarter"], "seats", Decimal(row["seats"])

    def _of_contribution(self, row: Record) -> Iterator[tuple[str, str, str, Decimal]]:
        firm, period, paid_on = row["firm_id"], row["period"], row["paid_on"]
        yield firm, period, "booked", row["assessed_usd"]
        if row["kind"] == "IN_KIND":
            quarter = str(Quarter.of(paid_on)) if paid_on else period
            yield firm, quarter, "in_kind", row["amount_usd"]
        elif paid_on and paid_on <= self.lake.as_of:
            yield firm, period, "paid", row["amount_usd"]
            yield firm, period, "matched", row["match_amount_usd"]

    def in_kind_costs(self) -> pd.DataFrame:
        """`agg_in_kind_costs`: what was given for no program is shared by the quarter's seats."""
        gifts: dict[tuple[str, str, str | None], int] = defaultdict(int)
        for row in self.lake.rows("contribution"):
            quarter = str(Quarter.of(row["paid_on"])) if row["paid_on"] else row["period"]
            if row["kind"] == "IN_KIND" and self.lake.has_ended(Quarter.parse(quarter)):
                key = (quarter, row["in_kind_category"], row["restricted_to_program_id"])
                gifts[key] += int(row["amount_usd"] * 100)
        used: dict[tuple[str, str, str], int] = defaultdict(int)
        seats = self.benefits.groupby(["year_quarter", "program_id"])["seats"].sum()
        for (quarter, category, program), cents in gifts.items():
            open_then = {p: int(n) for (q, p), n in seats.items() if q == quarter} or {"none": 1}
            for name, part in share_out(cents, {program: 1} if program else open_then).items():
                used[quarter, category, name] += part
        rows = [(*key, dollars(cents)) for key, cents in used.items()]
        return pd.DataFrame(rows, columns=["period", "category_code", "program_id", "used_usd"])


def _limited(amount: Fraction, rule: Record) -> Fraction:
    floor, cap = Fraction(rule["floor_usd"] or 0), rule["cap_usd"]
    return max(floor, amount if cap is None else min(Fraction(cap), amount))


def _factor(weights: Mapping[str, Fraction], rule: Record) -> Fraction:
    """What every rate is multiplied by so that the budget is met, to twelve decimals; 1 without a budget."""
    if rule["budget_usd"] is None:
        return Fraction(1)
    budget, some = Fraction(rule["budget_usd"]), [weight for weight in weights.values() if weight > 0]

    def asked(factor: Fraction) -> Fraction:
        return sum((_limited(weight * factor, rule) for weight in weights.values()), NOTHING)

    edges = {Fraction(rule[name]) / w for name in ("floor_usd", "cap_usd") if rule[name] for w in some}
    points = sorted({NOTHING, *edges, 1 + max(edges, default=NOTHING) + budget / sum(some)})
    for low, high in pairwise(points):
        below, above = asked(low), asked(high)
        if below <= budget <= above and below < above:
            exact = low + (budget - below) * (high - low) / (above - below)
            return Fraction(math.floor(exact * 10**12 + HALF), 10**12)
    raise ValueError(f"no factor of {rule['rule_id']} reaches its budget")
