"""The funding rules of the sample region, as its committee adopted them: a version for every calendar year.

What firms are assessed follows from them to the cent (``fund``, ``assessment``): the warehouse, which reckons
assessments from the rules, must find no difference. Public money lapses after a term.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import JsonValue

from warehouse.sample.assessment import RATE, RELIEF
from warehouse.sample.enrollments import Files
from warehouse.sample.fund import rule_bounds
from warehouse.sample.registers import fund_start
from warehouse.sample.systems.system import OPERATOR, Drawn, in_boxes
from warehouse.sample.text import BLANK, cents_texts, frame

RULE, PUBLIC_RULE = "PAYROLL-LEVY", "PUBLIC-GRANTS"
BETA, LEAST, MOST, RESERVE_FLOOR = "0.1", "0.8", "1.2", "0.25"
"""The outlay rule: change per point of unemployment, the band of the factor, the reserve against the base."""

EXPIRY_MONTHS = 24

USUAL, DOWNTURN, DOWNTURN_QUARTERS, YEARS_KNOWN = 400, 550, 2, 11
"""Made-up unemployment in hundredths of a point: the usual, that of the last quarters; for how many years."""


def draw(files: Files) -> Drawn:
    """The rules, one file; the truth says that nothing differs from what was booked."""
    rows = pd.concat([_levy(files), _grants(files)], ignore_index=True)
    period = str(files.region.settings.calendar[-1])
    frames = {
        "funding_rule": in_boxes(rows, OPERATOR, period),
        "unemployment_reference": in_boxes(_unemployment(files), OPERATOR, period),
    }
    return Drawn(frames, _truth(files))


def versions(files: Files) -> list[tuple[str, int]]:
    """Each version of the levy with the quarter it begins in: the fund's first, then every January."""
    calendar, start = files.region.settings.calendar, fund_start(files)
    begins = [n for n in range(start, len(calendar)) if n == start or calendar[n].number == 1]
    return [(f"{number}.0", quarter) for number, quarter in enumerate(begins, start=1)]


def _levy(files: Files) -> pd.DataFrame:
    names, begins = zip(*versions(files), strict=True)
    first_days = files.calendar.first_days
    ends = [str(first_days[quarter] - np.timedelta64(1, "D")) for quarter in begins[1:]]
    limits = [rule_bounds(files, quarter) for quarter in begins]
    columns = {
        "rule_id": RULE,
        "rule_version": list(names),
        "billed_party": "MEMBER_FIRM",
        "basis": "PAYROLL_PCT",
        "payroll_rate": f"{float(RATE):.6f}",
        "flat_usd": BLANK,
        "floor_usd": cents_texts(np.array([one.floor for one in limits])),
        "cap_usd": cents_texts(np.array([one.cap for one in limits])),
        **{f"relief_size_{size}": f"{float(RELIEF[size]):.6f}" for size in (1, 2, 3)},
        "assessed_every": "QUARTER",
        "expiry_months": BLANK,
        "admin_cap": "0.1",
        "reserve_floor": RESERVE_FLOOR,
        "cycle_beta": BETA,
        "outlay_factor_least": LEAST,
        "outlay_factor_most": MOST,
        "effective_from": [str(first_days[quarter]) for quarter in begins],
        "effective_to": [*ends, BLANK],
    }
    return frame(columns, len(names))


def _grants(files: Files) -> pd.DataFrame:
    """What public partners owe is agreed grant by grant; the rule only says when their money lapses."""
    columns = {
        "rule_id": PUBLIC_RULE,
        "rule_version": "1.0",
        "billed_party": "PUBLIC_PARTNER",
        "basis": "FLAT",
        "flat_usd": "0.00",
        "assessed_every": "YEAR",
        "expiry_months": str(EXPIRY_MONTHS),
        "effective_from": str(files.calendar.first_days[fund_start(files)]),
    }
    levy = _levy(files).columns
    return frame({name: columns.get(name, BLANK) for name in levy}, 1)


def _unemployment(files: Files) -> pd.DataFrame:
    """Two counties, one as much above the region's rate as the other is below it, to the last quarter."""
    last = files.region.settings.calendar[-1]
    quarters = [last + -back for back in reversed(range(4 * YEARS_KNOWN))]
    rows = [
        (str(one), county, rate + off)
        for one, rate in zip(quarters, _rates(), strict=True)
        for county, off in (("55015", 25), ("55105", -25))
    ]
    columns = {
        "year_quarter": [quarter for quarter, *_ in rows],
        "geo_level": "C",
        "geography": [county for _, county, _ in rows],
        "unemployment_rate": [f"{rate / 100:.2f}" for *_, rate in rows],
        "public_source": "BLS_LAUS",
        "retrieved_on": str(files.calendar.last_day),
    }
    return frame(columns, len(rows))


def _rates() -> list[int]:
    return [USUAL] * (4 * YEARS_KNOWN - DOWNTURN_QUARTERS) + [DOWNTURN] * DOWNTURN_QUARTERS


def _factor() -> float:
    """What the outlay rule makes of the last quarters: 32 of them in the mean."""
    points = (DOWNTURN - sum(_rates()[-32:]) / 32) / 100
    return min(float(MOST), max(float(LEAST), 1 + float(BETA) * points))


def _truth(files: Files) -> dict[str, JsonValue]:
    return {
        "rule": RULE,
        "versions": [name for name, _ in versions(files)],
        "quarters": files.region.settings.quarters - fund_start(files),
        "booked_less_asked_usd": "0.00",
        "outlay_factor_after_the_downturn": _factor(),
    }
