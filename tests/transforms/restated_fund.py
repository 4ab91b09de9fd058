"""The fund restated: booked flows, running balances by source, and who is behind them.

Rule (ETA-9169 items 3, 4, 7, 8, 13): opening + in - out = closing; cash counts in the quarter it was paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from contracts.quarters import Quarter, quarters_between
from tests.transforms.restated_lake import LakeFrames, Record

NOTHING = Decimal(0)
INFLOWS = ("contributions", "match", "interest", "transferred_in")
OUTFLOWS = ("transferred_out", "disbursed", "lapsed")
FLOWS = (*INFLOWS, *OUTFLOWS, "in_kind", "assessed", "settled")
MOVED = {"INTEREST": "interest", "IN": "transferred_in", "OUT": "transferred_out", "LAPSE": "lapsed"}
COLUMNS = ["period", "funding_source", "flow", "amount", "firm_id", "program_id"]
CONTRIBUTORS = ["period", "parent_group_id", "firms", "amount_usd", "assessed_usd", "in_kind_usd"]
Flow = tuple[str | None, str, str, Decimal, str | None, str | None]


def fund_flows(lake: LakeFrames) -> pd.DataFrame:
    """Every booked flow of quarters that have ended (COLUMNS)."""
    flows: list[Flow] = [flow for row in lake.rows("contribution") for flow in _contributed(row)]
    for row in lake.rows("disbursement"):
        if row["funding_source"] != "IN_KIND":
            quarter = str(Quarter.of(row["incurred_on"]))
            flows.append(
                (quarter, row["funding_source"], "disbursed", row["amount_usd"], None, row["program_id"])
            )
    flows += [
        (str(Quarter.of(row["booked_on"])), row["funding_source"], MOVED[kind], row["amount_usd"], None, None)
        for row in lake.rows("transfer")
        if (kind := row["transfer_type"]) in MOVED
    ]
    ended = [flow for flow in flows if flow[0] and lake.has_ended(Quarter.parse(flow[0]))]
    return pd.DataFrame(ended, columns=COLUMNS).astype(dict.fromkeys(COLUMNS, "object"))


def _contributed(row: Record) -> Iterator[Flow]:
    in_kind, firm = row["kind"] == "IN_KIND", row["firm_id"]
    source = "IN_KIND" if in_kind else "EMPLOYER"
    booked = str(Quarter.of(row["paid_on"])) if row["paid_on"] else row["period"] if in_kind else None
    yield booked, source, "in_kind" if in_kind else "contributions", row["amount_usd"], firm, None
    if row["matched_by"] is not None and row["match_amount_usd"] is not None:
        yield booked, row["matched_by"], "match", row["match_amount_usd"], firm, None
    if row["assessed_usd"] is not None:
        yield row["period"], source, "assessed", row["assessed_usd"], firm, None
        yield booked, source, "settled", row["amount_usd"], firm, None


def fund_ledger(flows: pd.DataFrame) -> pd.DataFrame:
    """`agg_fund_ledger`: running balances, quarter by quarter, for every source."""
    if flows.empty:
        return pd.DataFrame()
    span = quarters_between(Quarter.parse(flows["period"].min()), Quarter.parse(flows["period"].max()))
    sums: dict[Any, Decimal] = flows.groupby(["period", "funding_source", "flow"])["amount"].sum().to_dict()
    sources = sorted(flows["funding_source"].unique())
    return pd.DataFrame([line for source in sources for line in _book(source, span, sums)])


def _book(source: str, span: list[Quarter], sums: Mapping[Any, Decimal]) -> Iterator[dict[str, Any]]:
    balance = owed = NOTHING
    for quarter in span:
        flow = {name: sums.get((str(quarter), source, name), NOTHING) for name in FLOWS}
        opening = balance
        balance += sum((flow[name] for name in INFLOWS), NOTHING) - sum(
            (flow[name] for name in OUTFLOWS), NOTHING
        )
        owed += flow["assessed"] - flow.pop("settled")
        in_kind = flow.pop("in_kind")
        line = {
            "opening": opening,
            "closing": balance,
            "receivable": owed,
            "in_kind_in": in_kind,
            "in_kind_out": in_kind,
        }
        amounts = {f"{name}_usd": amount for name, amount in {**line, **flow}.items()}
        yield {"period": str(quarter), "funding_source": source, **amounts}


def fund_contributors(flows: pd.DataFrame, lake: LakeFrames) -> pd.DataFrame:
    """`agg_fund_contributors`: cash, assessments and help in kind by quarter and parent."""
    firms = flows[flows["flow"].isin(["contributions", "assessed", "in_kind"])]
    rows = []
    for (period, parent), part in firms.groupby(["period", firms["firm_id"].map(lake.parent)]):
        sums = part.groupby("flow")["amount"].sum()
        amounts = {"amount_usd": "contributions", "assessed_usd": "assessed", "in_kind_usd": "in_kind"}
        line = {column: sums.get(flow, NOTHING) for column, flow in amounts.items()}
        rows.append({"period": period, "parent_group_id": parent, "firms": part["firm_id"].nunique(), **line})
    return pd.DataFrame(rows, columns=CONTRIBUTORS)
