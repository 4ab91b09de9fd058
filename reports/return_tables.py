"""The published returns: one row for each ledger, line, scenario and described saving, for all programs; net
present values by ledger for each program.

Reckoned from figures as they are published (``return_inputs``), judged with the people and firms behind the
effect, and hidden with it and with the costs. Sentences about them are in ``return_blocks``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from reports import cells as shape
from reports.columns import PUBLISHED, require
from reports.disclosure.gate import Candidate, MeasureKey
from reports.disclosure.policy import Policy
from reports.facts import ReleaseFacts
from reports.impact.assumptions import AssumptionSet, assumptions_of
from reports.impact.estimates import ALL, CONTRIBUTORS, KEYS, PROGRAM_CONTRIBUTORS
from reports.impact.returns import LEDGERS, SOCIETY, Ranged, Returns, returns
from reports.outcome_tables import names_by_code, rounded_rows
from reports.return_inputs import EARNINGS, PAY, Inputs, inputs_by_program, inputs_of_all
from reports.savings import SAVINGS, savings
from reports.systems.table import Marts, gate_cells

ASSUMPTIONS = "return_assumptions"
RETURNS, BY_PROGRAM = "returns", "returns_by_program"

NET, OBSERVED, BENEFIT, COST = "return_net", "return_observed", "return_benefit", "return_cost"
RATIO, LINE, SCENARIO = "return_ratio", "return_line", "return_scenario"
BREAK_EVEN, PAYBACK, HOURS = "return_break_even_fade", "return_payback", "return_class_hours"

LEDGER_WORDS = {
    "worker": "Workers",
    "firm": "Member firms",
    "public": "Public and foundations",
    SOCIETY: "Society",
}
LINE_WORDS = {
    "output": "output of the gain",
    "pay": "pay",
    "fringe": "fringe benefits",
    "payroll_tax": "payroll taxes",
    "income_tax": "income taxes",
    "benefits": "public benefits",
    "outlay": "money paid by the fund",
    "foundations": "money of foundations",
    "stipend": "stipends received",
    "in_kind": "gifts in kind",
    "paid_time": "class hours paid as work",
    "backfill": "stepping in for people in class",
    "forgone_pay": "pay lost while in class",
    "excess_burden": "cost of raising public money",
}
_SCENARIO_WORDS = {
    "discount_rate": "discounted at {:.0%} a year",
    "fade_rate": "{:.0%} of the gain lost a year",
    "horizon_quarters": "counted for {:.0f} quarters",
    "excess_burden": "raising public money costs nothing",
    "effect": "effect at its interval's lower end",
}
_EVIDENCE = {
    HOURS: "The programs' register",
    LINE: "Costs from the books, and the estimated effect under the assumptions of the set",
}
_OF_EFFECT = "The estimated effect, its careful interval, and the assumptions of the set"

COLUMNS: Mapping[str, str] = {
    **PUBLISHED,
    "ledger": "worker, firm, public or society; empty where a row is about none of them",
    "line": "The line of the ledger, the scenario or the saving; empty where a row is a total",
    "evidence": "What the row rests on, in words",
    "assumption_set": "Version of the set in return_assumptions",
}

_SEED = 2026
"""Of the draws: fixed, so that the same figures give the same interval."""

Row = dict[str, Any]
Finish = Callable[[pd.DataFrame], pd.DataFrame]


def return_candidates(marts: Marts, policy: Policy, facts: ReleaseFacts) -> Iterator[Candidate]:
    """Both tables as candidates for the gate; without rows where no assumptions or no effect are there."""
    seed = require(marts, ASSUMPTIONS, ("assumption_id", "assumption_set", "low", "central", "high"))
    assumed = None if seed.empty else assumptions_of(seed)
    finish = partial(_finish, policy=policy, facts=facts, version=assumed.version if assumed else "")
    for name, rows_of in ((RETURNS, _of_all), (BY_PROGRAM, _by_program)):
        rows = [] if assumed is None else list(rows_of(marts, assumed, policy))
        yield _candidate(name, _outward(rows, float(policy.round_money_to)), marts, finish)


_DESCRIPTIONS = {
    RETURNS: "What training came to, per participant, by ledger: present values under stated assumptions",
    BY_PROGRAM: "Net present value of training per participant, by program and ledger",
}
_HIDDEN_WITH: Mapping[str, frozenset[MeasureKey]] = {
    RETURNS: frozenset(
        {
            ("effects", EARNINGS),
            ("unit_costs", "cost_per_participant"),
            ("training_costs", "training_cost"),
            ("outcomes_consortium", PAY),
        }
    ),
    BY_PROGRAM: frozenset(
        {
            ("effects_by_program", EARNINGS),
            ("unit_costs", "cost_per_participant"),
            ("training_costs", "training_cost"),
            ("outcomes_by_program", PAY),
        }
    ),
}


def _outward(rows: list[Row], step: float) -> list[Row]:
    """Rows whose intervals in dollars end on the steps around them: rounding never narrows one."""
    return [
        row
        | {
            "value_lower": math.floor(row["value_lower"] / step) * step,
            "value_upper": math.ceil(row["value_upper"] / step) * step,
        }
        if row["unit"] == "usd_per_person" and row["value_lower"] is not None
        else row
        for row in rows
    ]


def _candidate(name: str, rows: list[Row], marts: Marts, finish: Finish) -> Candidate:
    cells = pd.DataFrame(rows, columns=list(_CELL)).astype({"persons": "Int64"})
    keys = ("metric_id", "program_id", "group_dim", "group_value")
    named = cells.assign(denominator=cells["persons"], is_wage_derived=True)
    ids = shape.cell_ids(named, keys)
    whose = cells["program_id"].fillna(ALL)
    return Candidate(
        name=name,
        description=_DESCRIPTIONS[name],
        columns=COLUMNS,
        cells=gate_cells(named, ids),
        contributors=_behind(marts, pd.DataFrame({"cell_id": ids, "program_id": whose})),
        finish=finish,
        shares_counts_with={
            str(metric): _HIDDEN_WITH[name] | SAVINGS.get(str(metric), frozenset())
            for metric in cells["metric_id"].unique()
        },
    )


_CELL = (
    *("metric_id", "program_id", "breakdown", "member", "group_dim", "group_value", "label", "unit"),
    *("persons", "value", "value_lower", "value_upper", "value_status"),
    *("cohort_start", "cohort_end", "newest_quarter", "maturity", "evidence"),
)


def _behind(marts: Marts, cells: pd.DataFrame) -> pd.DataFrame:
    """The firms behind a row are those behind the effect, default and careful alike."""
    needed = (*KEYS, "parent_group_id", "persons", "numerator_persons", "amount_usd")
    parts = [require(marts, name, needed) for name in (CONTRIBUTORS, PROGRAM_CONTRIBUTORS)]
    rows = pd.concat([part[part["metric_id"] == EARNINGS] for part in parts], ignore_index=True)
    rows = rows[rows["interval"] == "default"].drop(columns=["metric_id", "interval"])
    joined = cells.merge(rows.astype({"program_id": "str"}), on="program_id")
    return shape.contributors(joined, ("cell_id",))


def _of_all(marts: Marts, assumed: AssumptionSet, policy: Policy) -> Iterator[Row]:
    whole = inputs_of_all(marts, assumed, policy)
    if whole is None:
        return
    if whole.gain is None or whole.costs is None:
        yield from (_row(whole, NET, ("ledger", ledger), LEDGER_WORDS[ledger]) for ledger in LEDGER_WORDS)
        return
    found = returns(whole.gain, whole.costs, assumed, _SEED)
    yield from _ledgers(whole, found)
    yield from _lines(whole, found)
    yield from _scenarios(whole, found)
    for saving in savings(marts, whole.costs.hourly_pay, assumed, policy):
        row = _row(whole, saving.metric_id, ("saving", saving.name), saving.label, saving.figure)
        yield row | {"evidence": saving.evidence}
    hours = whole.costs.class_hours
    yield _row(whole, HOURS, ("all", "all"), "All programs", Ranged(hours, hours, hours), "hours")


def _by_program(marts: Marts, assumed: AssumptionSet, policy: Policy) -> Iterator[Row]:
    names = names_by_code(marts, "dim_program", "program_id", "name")
    for one in inputs_by_program(marts, assumed, policy):
        yield from _of_program(one, assumed, names)


def _of_program(one: Inputs, assumed: AssumptionSet, names: Mapping[str, str]) -> Iterator[Row]:
    net: Mapping[str, Ranged] = {}
    if one.gain is not None and one.costs is not None:
        net = returns(one.gain, one.costs, assumed, _SEED).net
    name = names.get(one.program, f"Program {one.program}")
    for ledger in LEDGER_WORDS:
        yield _row(one, NET, ("ledger", ledger), f"{name}, {LEDGER_WORDS[ledger].lower()}", net.get(ledger))


def _ledgers(whole: Inputs, found: Returns) -> Iterator[Row]:
    parts = {NET: found.net, OBSERVED: found.observed, BENEFIT: found.benefit, COST: found.cost}
    for metric, by_ledger in parts.items():
        for ledger, figure in by_ledger.items():
            yield _row(whole, metric, ("ledger", ledger), LEDGER_WORDS[ledger], figure)
    for ledger, ratio in found.ratio.items():
        row = _row(whole, RATIO, ("ledger", ledger), LEDGER_WORDS[ledger], ratio, "ratio")
        yield row if ratio else row | {"value_status": -2}
    fade, back = found.break_even_fade, found.payback
    in_points = Ranged(100 * fade.value, 100 * fade.lower, 100 * fade.upper)
    yield _row(whole, BREAK_EVEN, ("ledger", SOCIETY), LEDGER_WORDS[SOCIETY], in_points, "points")
    yield _row(whole, PAYBACK, ("ledger", SOCIETY), LEDGER_WORDS[SOCIETY], back, "quarters")


def _lines(whole: Inputs, found: Returns) -> Iterator[Row]:
    order = {(ledger, line): place for place, (ledger, line) in enumerate(found.lines)}
    for ledger, line in sorted(order, key=lambda key: (LEDGERS.index(key[0]), order[key])):
        label = f"{LEDGER_WORDS[ledger]}: {LINE_WORDS[line]}"
        yield _row(whole, LINE, ("ledger_line", f"{ledger}:{line}"), label, found.lines[ledger, line])


def _scenarios(whole: Inputs, found: Returns) -> Iterator[Row]:
    for name, figure in found.scenarios.items():
        what, _, end = name.partition(":")
        words = _SCENARIO_WORDS[what]
        label = words.format(float(end)) if "{" in words else words
        yield _row(whole, SCENARIO, ("scenario", name), f"{label[0].upper()}{label[1:]}", figure)


def _row(
    one: Inputs,
    metric: str,
    group: tuple[str, str],
    label: str,
    figure: Ranged | None = None,
    unit: str = "usd_per_person",
) -> Row:
    is_all = one.program == ALL
    has_interval = figure is not None and figure.lower < figure.upper
    return {
        "metric_id": metric,
        "program_id": None if is_all else one.program,
        "breakdown": "consortium" if is_all else "program",
        "member": "consortium" if is_all else one.program,
        "group_dim": group[0],
        "group_value": group[1],
        "label": label,
        "unit": unit,
        "persons": one.persons,
        "value": None if figure is None else figure.value,
        "value_lower": figure.lower if figure and has_interval else None,
        "value_upper": figure.upper if figure and has_interval else None,
        "value_status": -1 if figure is None else 1,
        "cohort_start": one.cohort[0],
        "cohort_end": one.cohort[1],
        "newest_quarter": one.cohort[1],
        "maturity": "MATURE",
        "evidence": _EVIDENCE.get(metric, _OF_EFFECT),
    }


def _finish(cells: pd.DataFrame, policy: Policy, facts: ReleaseFacts, version: str) -> pd.DataFrame:
    """Rounded rows, with what is said beside them."""
    rows = rounded_rows(cells, policy, facts)
    pair = rows["group_value"].astype("str").str.split(":", n=1)
    is_line = rows["group_dim"] == "ledger_line"
    has_ledger = is_line | (rows["group_dim"] == "ledger")
    said = cells.drop_duplicates(["metric_id", "group_value"]).set_index(["metric_id", "group_value"])
    keys = zip(rows["metric_id"], rows["group_value"], strict=True)
    is_about_all = rows["group_dim"] == "all"
    return rows.assign(
        ledger=pair.str[0].where(has_ledger).astype("str"),
        line=pair.str[1].where(is_line, rows["group_value"].where(~has_ledger & ~is_about_all)).astype("str"),
        evidence=pd.Series([said.at[key, "evidence"] for key in keys], index=rows.index, dtype="str"),
        assumption_set=pd.Series(version, index=rows.index, dtype="str"),
    )[list(COLUMNS)]
