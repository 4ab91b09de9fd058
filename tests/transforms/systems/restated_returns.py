"""Costs of training and seats filled both ways, stated a second time from the lake's rows."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from math import sqrt

import pandas as pd

from contracts.quarters import Quarter
from tests.transforms.restatement import Restatement
from tests.transforms.systems.restated_demand import Seat, seats

LIFE = 20
"""Quarters that bought equipment serves."""


def _last_served(restated: Restatement) -> Quarter:
    costs = restated.unit_costs().set_index(["unit", "breakdown"])
    return Quarter.parse(costs.loc[("participant", "consortium"), "cohort_end"])


def training_costs(restated: Restatement) -> pd.DataFrame:
    """One row per funding source × category, in prices of the base quarter."""
    last, price = _last_served(restated), restated.people.price
    booked: defaultdict[tuple[str, str], list[tuple[Quarter, float]]] = defaultdict(list)
    for row in restated.whole_lake.rows("disbursement"):
        if row["funding_source"] != "IN_KIND":
            key = (row["funding_source"], row["category"])
            booked[key].append((Quarter.of(row["incurred_on"]), float(row["amount_usd"])))
    for row in restated.whole_lake.rows("contribution"):
        if row["kind"] == "IN_KIND":
            given = Quarter.of(row["paid_on"]) if row["paid_on"] else Quarter.parse(row["period"])
            key = ("IN_KIND", row["in_kind_category"] or "UNSTATED")
            booked[key].append((given, float(row["amount_usd"])))
    base = price[str(restated.people.base_quarter)][0]
    rows = []
    for (source, category), amounts in booked.items():
        known = [(quarter, usd) for quarter, usd in amounts if quarter <= last]
        served = {q: min(1.0, ((last - q) + 1) / LIFE) for q, _ in known}
        is_bought = category == "EQUIPMENT" and source != "IN_KIND"
        used = [
            (usd * (served[q] if is_bought else 1.0)) * base / price.get(str(q), (base, 0))[0]
            for q, usd in known
        ]
        if known:
            rows.append((source, category, sum(usd for _, usd in known), sum(used)))
    return pd.DataFrame(rows, columns=["funding_source", "category_code", "amount_usd", "used_usd_real"])


def fill_channels(restated: Restatement) -> pd.DataFrame:
    """One row per way of filling, and the days saved: line by line, occupation by occupation."""
    lines: defaultdict[str, defaultdict[str, list[list[Seat]]]] = defaultdict(lambda: defaultdict(list))
    for line in _lines(restated):
        if line[0].ended == "F" and line[0].channel:
            way = "program" if line[0].channel == "CONSORTIUM_PROGRAM" else "other"
            lines[line[0].soc][way].append(line)
    both = {soc: ways for soc, ways in lines.items() if len(ways) == 2}
    weight = {soc: sum(map(len, ways["program"])) for soc, ways in both.items()}
    total = sum(weight.values())
    mean: dict[str, float] = dict.fromkeys(("program", "other"), 0.0)
    variance, count = dict(mean), dict.fromkeys(mean, 0)
    for soc, ways in both.items():
        for way, filled in ways.items():
            n = sum(map(len, filled))
            days = sum(len(line) * line[0].days for line in filled) / n
            spread = sum((len(line) * (line[0].days - days)) ** 2 for line in filled) / n**2
            mean[way] += weight[soc] / total * days
            variance[way] += (weight[soc] / total) ** 2 * spread
            count[way] += n
    mean["saved"] = mean["other"] - mean["program"]
    variance["saved"], count["saved"] = sum(variance.values()), sum(count.values())
    return pd.DataFrame(
        [
            (way, count[way], mean[way], mean[way] - half, mean[way] + half)
            for way in mean
            for half in [1.959963984540054 * sqrt(variance[way])]
        ],
        columns=["channel", "seats", "mean_days", "mean_lower", "mean_upper"],
    )


def _lines(restated: Restatement) -> list[list[Seat]]:
    """Seats by the requisition line that they belong to: those of one line are one and the same."""
    return [list(line) for _, line in groupby(seats(restated.whole_lake), key=id)]
