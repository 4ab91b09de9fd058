"""Spot checks of the sample region: once a year the quality panel draws records of some firms.

Each checked fact agrees with a share that is planted. One check in eight is drawn where errors were likely:
it finds many, and must not count in a rate.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from pydantic import JsonValue

from warehouse.sample.draws import Ints, stream
from warehouse.sample.enrollments import Files
from warehouse.sample.registers import fund_start
from warehouse.sample.systems.system import OPERATOR, Drawn, in_boxes
from warehouse.sample.text import day_texts, frame, number_texts

FACTS: Mapping[tuple[str, str], tuple[float, str]] = {
    ("wage", "gross_wages_usd"): (0.97, "PAYROLL"),
    ("enrollment", "training_completed"): (0.94, "PROVIDER"),
    ("placement", "job_start_date"): (0.88, "HR_FILE"),
}
"""What is checked, the share that agrees, and what it is held against."""

_EVERY = 4
_CHECKED_SHARE = 0.4
_RISK_BASED_EVERY = 8
_RISK_BASED_AGREES = 0.55
_NO_DOCUMENT = 0.04


def draw(files: Files) -> Drawn:
    """The checks of every year since the fund began; the truth has the planted shares and drawn counts."""
    checks = pd.concat([_year(files, quarter) for quarter in _quarters(files)], ignore_index=True)
    return Drawn(
        {"spot_check": in_boxes(checks.drop(columns="is_random"), OPERATOR, checks["period"])}, _truth(checks)
    )


def _quarters(files: Files) -> range:
    return range(fund_start(files) + _EVERY - 1, files.region.settings.quarters, _EVERY)


def _year(files: Files, quarter: int) -> pd.DataFrame:
    """One row per firm checked × fact, of the files of one quarter."""
    rng = stream(files.region.settings.seed, "spot checks", quarter)
    firms = np.flatnonzero(rng.random(len(files.region.firms)) < _CHECKED_SHARE)
    return pd.concat([_fact(files, quarter, firms, fact, rng) for fact in FACTS], ignore_index=True)


def _fact(
    files: Files, quarter: int, firms: Ints, fact: tuple[str, str], rng: np.random.Generator
) -> pd.DataFrame:
    agrees, evidence = FACTS[fact]
    period, count = str(files.region.settings.calendar[quarter]), len(firms)
    risky = (np.arange(count) + quarter) % _RISK_BASED_EVERY == 0
    sampled = rng.integers(12, 31, count)
    missing = rng.binomial(sampled, _NO_DOCUMENT)
    agreed = rng.binomial(sampled - missing, np.where(risky, _RISK_BASED_AGREES, agrees))
    days = files.calendar.before_end(np.full(count, quarter), rng.integers(5, 40, count))
    columns = {
        "spot_check_id": [f"SC-{period}-{firm}" for firm in files.region.firms.ids[firms]],
        "firm_id": files.region.firms.ids[firms],
        "checked_contract": fact[0],
        "checked_column": fact[1],
        "period": period,
        "sample_method": np.where(risky, "RISK_BASED", "RANDOM"),
        "frame_n": number_texts(sampled * 8),
        "sampled_n": number_texts(sampled),
        "agreed_n": number_texts(agreed),
        "disagreed_n": number_texts(sampled - missing - agreed),
        "unverifiable_n": number_texts(missing),
        "evidence": evidence,
        "checked_by": "PEER_PANEL",
        "checked_on": day_texts(days),
    }
    return frame(columns, count).assign(is_random=~risky)


def _truth(checks: pd.DataFrame) -> dict[str, JsonValue]:
    drawn = checks[checks["is_random"]]
    return {f"{name}.{column}": _of_fact(drawn, name, column) for name, column in FACTS}


def _of_fact(drawn: pd.DataFrame, name: str, column: str) -> JsonValue:
    rows = drawn[(drawn["checked_contract"] == name) & (drawn["checked_column"] == column)]
    agreed, disagreed = (int(rows[count].astype("int64").sum()) for count in ("agreed_n", "disagreed_n"))
    return {"agrees": FACTS[name, column][0], "agreed": agreed, "verified": agreed + disagreed}
