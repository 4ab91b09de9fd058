"""The published fund tables: the ledger by quarter and source, and what the fund paid per person.

The fund's own amounts are published to the cent, unlike every other money figure: they are the cash book of
a common fund, they must foot, and they say nothing about a person. What they could say about a firm, its
contribution, is judged first: rows that add up firms' money pass the rules on firms or take the ledger down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd
import pyarrow as pa

from contracts.quarters import Quarter
from reports import cells as shape
from reports.columns import PUBLISHED, published, require
from reports.disclosure.gate import Candidate, MeasureKey
from reports.disclosure.joint import CellRef, Equation
from reports.disclosure.policy import MeasureKind, Policy
from reports.disclosure.rules import VALUE_STATUSES, is_too_young, to_cents
from reports.facts import ReleaseFacts
from reports.intervals import round_count, round_money
from reports.labels import FUNDING_SOURCES
from reports.outcome_tables import names_by_code
from reports.published import WHOLE

LEDGER, LEDGER_FIRMS = "agg_fund_ledger", "agg_fund_contributors"
COSTS, COSTS_FIRMS = "agg_unit_costs", "agg_unit_cost_contributors"
TABLE = "fund_ledger"
CENTS = pd.ArrowDtype(pa.decimal128(18, 2))

LINES: Mapping[str, str] = {
    "fund_opening": "opening_usd",
    "fund_contributions": "contributions_usd",
    "fund_match": "match_usd",
    "fund_interest": "interest_usd",
    "fund_transfers_in": "transferred_in_usd",
    "fund_transfers_out": "transferred_out_usd",
    "fund_disbursed": "disbursed_usd",
    "fund_lapsed": "lapsed_usd",
    "fund_closing": "closing_usd",
    "fund_assessed": "assessed_usd",
    "fund_receivable": "receivable_usd",
    "fund_in_kind": "in_kind_in_usd",
}
"""The lines of the ledger, and the column of its mart that holds each."""
FROM_FIRMS: Mapping[str, str] = {
    "fund_contributions": "amount_usd",
    "fund_assessed": "assessed_usd",
    "fund_receivable": "receivable_usd",
    "fund_in_kind": "in_kind_usd",
}
"""Lines that add up firms' money, and the column that splits each by firm."""
_CASH = (
    *("fund_opening", "fund_contributions", "fund_match", "fund_interest", "fund_transfers_in"),
    *("fund_transfers_out", "fund_disbursed", "fund_lapsed", "fund_closing"),
)
_DUES = ("fund_assessed", "fund_receivable")
_LEDGER_KEYS = ("metric_id", "period", "funding_source")

_UNITS: Mapping[str, tuple[str, str]] = {
    "participant": ("cost_per_participant", "participants_served"),
    "completer": ("cost_per_completer", "completion_rate"),
    "placement_q2": ("cost_per_placement_q2", "employment_rate_q2"),
}
"""Each unit's measure, and the outcome whose count it divides by."""
_COST_KEYS = ("unit", "breakdown", "member")


def ledger_candidate(marts: Mapping[str, pd.DataFrame], policy: Policy, facts: ReleaseFacts) -> Candidate:
    """The fund ledger: one row per line × quarter × funding source, exact cents.

    Quarters that are too young for the policy wait for the next release; they do not take the ledger down.
    Opening + contributions + match + interest + transfers in − transfers out − disbursed − lapsed = closing,
    for every source and quarter.
    """
    ledger = require(marts, LEDGER, ("period", "funding_source", *LINES.values()))
    firms = require(
        marts, LEDGER_FIRMS, ("period", "parent_group_id", "amount_usd", "assessed_usd", "in_kind_usd")
    )
    is_old_enough = ledger["period"].map(partial(_is_old_enough, policy=policy, facts=facts)).astype(bool)
    cells = _ledger_cells(ledger[is_old_enough])
    # A ledger must be seen to foot: a line with a hidden quarter is hidden whole, with those it foots with.
    return Candidate(
        name=TABLE,
        description="Cash of the training fund by quarter and funding source, nominal dollars to the cent; "
        "what became known after a quarter was published is in the quarter after it",
        columns=PUBLISHED,
        cells=cells,
        contributors=_ledger_contributors(firms, cells),
        finish=partial(_ledger_rows, facts=facts),
        shares_counts_with=_linked_lines(),
        equations=(),
        is_whole=True,
    )


def line_cells(marts: Mapping[str, pd.DataFrame], line: str) -> list[CellRef]:
    """The rows of the published ledger that hold a line (a metric_id): one for each quarter × funding source.

    Quarters that wait for the next release are among them.
    """
    if LEDGER not in marts:
        return []
    rows = _line_cells(marts[LEDGER], line, LINES[line])
    return [(TABLE, str(cell)) for cell in shape.cell_ids(rows, _LEDGER_KEYS)]


def ledger_cells(line: str, places: Collection[tuple[str, str]]) -> list[CellRef]:
    """The rows of the published ledger that hold a line in quarters and funding sources."""
    keys = pd.DataFrame([(line, *place) for place in places], columns=list(_LEDGER_KEYS))
    return [(TABLE, str(cell)) for cell in shape.cell_ids(keys, _LEDGER_KEYS)]


def _is_old_enough(period: str, policy: Policy, facts: ReleaseFacts) -> bool:
    floor = policy.thresholds(MeasureKind.COUNT).min_age_days
    return floor is None or not is_too_young(Quarter.parse(period).last_day, facts.published_on, floor)


def _linked_lines() -> dict[str, frozenset[MeasureKey]]:
    """Cash lines give each other away by subtraction; so do assessments, receivables and contributions."""
    links = {line: frozenset((TABLE, other) for other in _CASH if other != line) for line in _CASH}
    dues = {line: frozenset((TABLE, o) for o in (*_DUES, "fund_contributions")) for line in _DUES}
    return links | dues


def _ledger_cells(ledger: pd.DataFrame) -> pd.DataFrame:
    lines = [_line_cells(ledger, metric, column) for metric, column in LINES.items()]
    cells = pd.concat(lines, ignore_index=True)
    return cells.assign(cell_id=shape.cell_ids(cells, _LEDGER_KEYS))


def _line_cells(ledger: pd.DataFrame, metric: str, column: str) -> pd.DataFrame:
    amounts = ledger[column].map(lambda usd: Decimal(to_cents(usd)).scaleb(-2)).astype(object)
    used = ledger.loc[amounts != 0, "funding_source"].unique()
    rows = ledger.assign(value=amounts)[ledger["funding_source"].isin(used)]
    cells = rows[["period", "funding_source", "value"]].assign(
        metric_id=metric,
        value_status=1,
        maturity="MATURE",
        is_wage_derived=False,
        newest_quarter=rows["period"],
        money=rows["value"] if metric in FROM_FIRMS else None,
    )
    nothing = {
        name: pd.Series(pd.NA, index=cells.index, dtype="Int64")
        for name in ("persons", "numerator", "denominator")
    }
    return shape.judged(cells).assign(value_lower=None, value_upper=None, **nothing)


def _ledger_contributors(firms: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Each firm's part of every cell that adds up firms' money: cells of one line and quarter share it.

    The ledger's receivable runs on from quarter to quarter, so a firm's part is what it owes by then.
    """
    cents = {name: firms[name].map(to_cents) for name in ("amount_usd", "assessed_usd", "in_kind_usd")}
    split = firms[["period", "parent_group_id"]].assign(**cents)
    owed = split.assign(owed=split["assessed_usd"] - split["amount_usd"])
    quarters = owed.pivot_table(index="period", columns="parent_group_id", values="owed", aggfunc="sum")
    running = quarters.fillna(0).cumsum().reset_index().melt("period", value_name="receivable_usd")
    parts = [
        _line_contributors(
            running if metric == "fund_receivable" else split, column, cells[cells["metric_id"] == metric]
        )
        for metric, column in FROM_FIRMS.items()
    ]
    return pd.concat([shape.no_contributors(), *parts], ignore_index=True)


def _line_contributors(firms: pd.DataFrame, column: str, cells: pd.DataFrame) -> pd.DataFrame:
    joined = firms.merge(cells[["period", "cell_id"]], on="period")
    shaped = joined[["cell_id", "parent_group_id"]].assign(
        persons=0, numerator_persons=0, amount_cents=joined[column].astype("int64")
    )
    return shaped[list(shape.CONTRIBUTOR_COLUMNS)]


def _ledger_rows(cells: pd.DataFrame, facts: ReleaseFacts) -> pd.DataFrame:
    rows = cells.assign(
        periodicity="Q",
        geo_level="K",
        geography=facts.consortium_id,
        cohort_start=cells["period"],
        cohort_end=cells["period"],
        group_dim="funding_source",
        group_value=cells["funding_source"],
        label=cells["funding_source"].map(lambda source: FUNDING_SOURCES.get(source, source)),
        unit="usd",
        value=cells["value"].astype(CENTS),
    )
    return published(rows, facts)


def cost_candidate(marts: Mapping[str, pd.DataFrame], policy: Policy, facts: ReleaseFacts) -> Candidate:
    """Unit costs: one row per unit × (consortium or program): exact fund dollars over the rounded count."""
    needed = ("program_id", "cohort_start", "cohort_end", "cost_usd", "count", "value_status", "maturity")
    costs = require(marts, COSTS, (*_COST_KEYS, *needed, "newest_quarter", "is_wage_derived"))
    firms = require(marts, COSTS_FIRMS, (*_COST_KEYS, "parent_group_id", "persons", "amount_usd"))
    cells = _cost_cells(costs, names_by_code(marts, "dim_program", "program_id", "name"))
    return Candidate(
        name="unit_costs",
        description="What the fund paid out per person served, completer and person employed",
        columns=PUBLISHED,
        cells=cells,
        contributors=shape.contributors(firms.assign(numerator_persons=0), _COST_KEYS),
        finish=partial(_cost_rows, policy=policy, facts=facts),
        shares_counts_with={
            metric: frozenset((table, outcome) for table in ("outcomes_consortium", "outcomes_by_program"))
            for metric, outcome in _UNITS.values()
        },
        equations=tuple(_cost_sums(cells)),
    )


def _cost_sums(cells: pd.DataFrame) -> Iterator[Equation]:
    """The people of all programs are the sum of those of each."""
    for _, rows in cells.groupby("unit"):
        signs = (rows["breakdown"] == "consortium").map({True: -1, False: 1})
        pairs = zip(rows["cell_id"], signs, strict=True)
        yield {("unit_costs", str(cell)): int(sign) for cell, sign in pairs}


def _cost_cells(costs: pd.DataFrame, programs: Mapping[str, str]) -> pd.DataFrame:
    named = costs["program_id"].map(lambda code: programs.get(code, f"Program {code}"))
    rows = costs.assign(
        cell_id=shape.cell_ids(costs, _COST_KEYS),
        metric_id=costs["unit"].map(lambda unit: _UNITS[unit][0]),
        persons=costs["count"].astype("Int64"),
        denominator=costs["count"].astype("Int64"),
        numerator=pd.Series(pd.NA, index=costs.index, dtype="Int64"),
        value=costs["cost_usd"],
        value_lower=None,
        value_upper=None,
        money=None,
        label=named.where(costs["breakdown"] == "program", WHOLE),
    )
    return shape.judged(rows).reset_index(drop=True)


def _cost_rows(cells: pd.DataFrame, policy: Policy, facts: ReleaseFacts) -> pd.DataFrame:
    counts = [
        round_count(int(n), policy.round_counts_to) if _has_value(status, n) else pd.NA
        for status, n in zip(cells["value_status"], cells["denominator"], strict=True)
    ]
    costs = [
        _unit_cost(dollars, count, policy) for dollars, count in zip(cells["value"], counts, strict=True)
    ]
    rows = cells.assign(
        periodicity="A",
        geo_level="K",
        geography=facts.consortium_id,
        unit="usd_per_person",
        value=pd.Series(costs, index=cells.index, dtype="float64"),
        denominator_rounded_count=pd.Series(counts, index=cells.index, dtype="Int64"),
    )
    return published(rows, facts)


def _has_value(status: int, persons: Any) -> bool:
    return status in VALUE_STATUSES and not pd.isna(persons)


def _unit_cost(dollars: Any, count: Any, policy: Policy) -> float | None:
    if pd.isna(count) or count == 0:
        return None
    return round_money(Decimal(to_cents(dollars)).scaleb(-2) / int(count), policy.round_money_to)
