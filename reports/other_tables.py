"""The published tables that are neither outcomes nor fund: intake, definitions, study arms.

Which of them a release holds is decided in ``tables.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from contracts import CONTRACTS
from reports import cells as shape
from reports.columns import PUBLISHED, published, require
from reports.disclosure.gate import Candidate, Reference
from reports.disclosure.policy import Policy
from reports.facts import ReleaseFacts
from reports.intervals import mean_interval, round_count, round_share
from reports.outcome_tables import rounded_rows

INTAKE, DEFINITIONS, ARMS = "agg_intake_quality", "metric_definitions", "agg_earnings_by_arm"
EXTRACTS = ("enrollment", "credential", "placement", "wage")
"""What firms send. Registers are the operator's own and are left to the operator's status page."""


def intake_candidate(marts: Mapping[str, pd.DataFrame], policy: Policy, facts: ReleaseFacts) -> Candidate:
    """Rows received and accepted, one row per extract; the number of firms behind each is judged."""
    intake = require(marts, INTAKE, ("contract", "rows_in", "accepted", "firms"))
    extracts = intake[intake["contract"].isin(EXTRACTS)]
    return Candidate(
        name="intake_quality",
        description="Rows that firms sent and that met the data contracts, by extract, all periods together",
        columns=PUBLISHED,
        cells=_intake_cells(extracts),
        contributors=_one_part_per_firm(extracts),
        finish=partial(_intake_rows, policy=policy, facts=facts),
        equations=(),
    )


def _intake_cells(extracts: pd.DataFrame) -> pd.DataFrame:
    rows = extracts.assign(
        cell_id=shape.cell_ids(extracts, ("contract",)),
        metric_id="rows_accepted",
        value_status=extracts["rows_in"].gt(0).map({True: 1, False: -2}),
        maturity="MATURE",
        is_wage_derived=False,
        newest_quarter=None,
        persons=extracts["rows_in"].astype("Int64"),
        denominator=extracts["rows_in"].astype("Int64"),
        numerator=extracts["accepted"].astype("Int64"),
        value=1.0,
        value_lower=None,
        value_upper=None,
        money=None,
    )
    return shape.judged(rows).reset_index(drop=True)


def _one_part_per_firm(extracts: pd.DataFrame) -> pd.DataFrame:
    """As many equal parts as firms sent the extract: how many there are is judged, not how large they are."""
    parts = extracts.loc[extracts.index.repeat(extracts["firms"].astype("int64")), ["contract"]]
    numbered = parts.assign(parent_group_id=parts.groupby("contract").cumcount().astype("str"), persons=1)
    return shape.contributors(numbered.assign(numerator_persons=0, amount_usd=0), ("contract",))


def _intake_rows(cells: pd.DataFrame, policy: Policy, facts: ReleaseFacts) -> pd.DataFrame:
    step = policy.round_counts_to
    accepted, received = (
        cells[name].map(lambda n: round_count(int(n), step), na_action="ignore").astype("Int64")
        for name in ("numerator", "denominator")
    )
    share = (accepted.astype("Float64") / received.astype("Float64")).map(round_share, na_action="ignore")
    rows = cells.assign(
        periodicity="A",
        geo_level="K",
        geography=facts.consortium_id,
        group_dim="extract",
        group_value=cells["contract"],
        label=cells["contract"].map(lambda name: CONTRACTS[name].meta.title),
        unit="share",
        value=share.astype("float64"),
        numerator_rounded_count=accepted,
        denominator_rounded_count=received,
    )
    return published(rows, facts)


def arms_candidate(marts: Mapping[str, pd.DataFrame], policy: Policy, facts: ReleaseFacts) -> Candidate:
    """Mean annual earnings of participants and the comparison group, one row per year × arm.

    The mart knows no firms behind these means, so only a policy without thresholds lets them pass.
    """
    arms = require(marts, ARMS, ("calendar_year", "arm", "persons", "mean_annual_earnings_usd", "sd_usd"))
    return Candidate(
        name="earnings_by_arm",
        description="Mean annual earnings of participants and of the comparison group of a randomized study",
        columns=PUBLISHED,
        cells=_arm_cells(arms, facts),
        contributors=shape.no_contributors(),
        finish=partial(rounded_rows, policy=policy, facts=facts),
        equations=(),
    )


def _arm_cells(arms: pd.DataFrame, facts: ReleaseFacts) -> pd.DataFrame:
    year = arms["calendar_year"].astype("int64").astype("str")
    intervals = [
        mean_interval(float(mean), float(sd), int(n))
        for mean, sd, n in zip(
            arms["mean_annual_earnings_usd"], arms["sd_usd"].fillna(0), arms["persons"], strict=True
        )
    ]
    rows = arms.assign(
        cell_id=shape.cell_ids(arms, ("calendar_year", "arm")),
        metric_id="mean_annual_earnings",
        geo_level="K",
        geography=facts.consortium_id,
        cohort_start=year + "Q1",
        cohort_end=year + "Q4",
        newest_quarter=year + "Q4",
        group_dim="arm",
        group_value=arms["arm"],
        label=arms["arm"].map({"participants": "Participants", "comparison": "Comparison group"}),
        unit="usd_per_year",
        value_status=1,
        maturity="MATURE",
        is_wage_derived=True,
        persons=arms["persons"].astype("Int64"),
        denominator=arms["persons"].astype("Int64"),
        numerator=pd.Series(pd.NA, index=arms.index, dtype="Int64"),
        value=arms["mean_annual_earnings_usd"],
        value_lower=[interval.lower for interval in intervals],
        value_upper=[interval.upper for interval in intervals],
        money=None,
    )
    return shape.judged(rows).reset_index(drop=True)


def definitions_reference(marts: Mapping[str, pd.DataFrame]) -> Reference:
    """The metric definitions, word for word as the marts were built by them."""
    rows = require(marts, DEFINITIONS, ("metric_id",)).sort_values("metric_id").reset_index(drop=True)
    words = {
        "metric_id": "The measure",
        "numerator": "What is counted",
        "denominator": "Out of what",
        "exclusions": "Who is left out",
        "citation": "Where the definition comes from",
        "source": "Where the definition comes from",
        "unit": "Unit of the value",
        "variant": "Whose records count",
    }
    columns = {name: words.get(name, name.replace("_", " ").capitalize()) for name in rows.columns}
    return Reference("metric_definitions", "What every measure counts, and who is left out", columns, rows)
