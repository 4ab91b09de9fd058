"""Credentials: the catalog with its ladders, how long they last, who recognizes them, and do they come along.

Who holds what is never here; how the ladders are found is the marts'.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reports.systems.mobility import group_label
from reports.systems.reference import SystemReference
from reports.systems.table import Marts, SystemTable

_SECTION = "Credentials"
_YEARS = {0: "On the day", 1: "One year on", 2: "Two years on", 3: "Three years on", 4: "Four years on"}


def _validity(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    """All credentials together, from one year on: on the day itself all but those refused at once are."""
    cells = rows[(rows["credential_id"] == "all") & (rows["years_held"] > 0)]
    return cells.assign(
        metric_id="credential_validity",
        unit="share",
        group_dim="years_held",
        group_value=cells["years_held"].astype("str"),
        label=[_YEARS.get(int(years), f"{years} years on") for years in cells["years_held"]],
        numerator=cells["active"],
        denominator=cells["attained"],
        value=cells["active_share"],
        value_lower=cells["active_lower"],
        value_upper=cells["active_upper"],
        cohort_start=cells["first_quarter"],
        cohort_end=cells["last_quarter"],
        newest_quarter=cells["last_quarter"],
    )


def _recognition(rows: pd.DataFrame, marts: Marts) -> pd.DataFrame:
    catalog = marts["dim_credential"]
    names = dict(zip(catalog["credential_id"], catalog["credential_name"], strict=True))
    return rows.assign(
        metric_id="recognition_coverage",
        unit="share",
        group_dim="credential",
        group_value=rows["credential_id"],
        label=rows["credential_id"].map(names),
        numerator=rows["recognizing_parents"],
        denominator=rows["parents"],
        value=rows["recognition_coverage"],
        cohort_start=rows["year_quarter"],
        cohort_end=rows["year_quarter"],
        newest_quarter=rows["year_quarter"],
    )


def _integrity(rows: pd.DataFrame, _marts: Marts) -> pd.DataFrame:
    cells = rows[rows["is_newest"].astype(bool) & (rows["group_dim"] == "all")]
    return cells.assign(
        metric_id="credential_integrity",
        unit="share",
        label=list(map(group_label, cells["group_dim"], cells["group_value"])),
        numerator=cells["movers_with_kept"],
        denominator=cells["movers_with_credential"],
        value=cells["integrity_share"],
        value_lower=cells["integrity_lower"],
        value_upper=cells["integrity_upper"],
        cohort_start=cells["base_quarter"],
        cohort_end=cells["base_quarter"],
    )


TABLES = (
    SystemTable(
        name="credential_integrity",
        description="Movers with a credential that is active and recognized by the new employer, all pooled",
        mart="agg_credential_integrity",
        contributors="agg_credential_integrity_contributors",
        keys=("base_quarter", "group_dim", "group_value"),
        cells=_integrity,
        section=_SECTION,
        member=("group of movers", "groups of movers"),
    ),
    SystemTable(
        name="credential_recognition",
        description="Members, counted by parent, that recognize each credential of the catalog",
        mart="agg_credential_recognition",
        contributors="agg_credential_recognition_contributors",
        keys=("credential_id",),
        cells=_recognition,
        section=_SECTION,
        member=("credential", "credentials"),
    ),
    SystemTable(
        name="credential_validity",
        description="Credentials still active so many years after they were attained",
        mart="agg_credential_validity",
        contributors="agg_credential_validity_contributors",
        keys=("credential_id", "years_held"),
        cells=_validity,
        section=_SECTION,
        member=("time since", "times since"),
        # Those who held one longer are among those who held one shorter: no row is the sum of others.
        adds_up=(),
    ),
)


def _rungs(frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Ladders, each from its first credential up."""
    on_ladders = frame[frame["ladder_id"].notna() & (frame["ladder_id"] != "")]
    for row in on_ladders.sort_values(["ladder_id", "stack_depth", "credential_id"]).to_dict("records"):
        note = " (on a circle of steps: mend the catalog)" if row["is_on_circle"] else ""
        yield str(row["credential_name"]), str(row["ladder_id"]), f"{row['stack_depth']}{note}"


def _losses(frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for row in frame[frame["credits_lost"].astype("float64") > 0].to_dict("records"):
        unit = str(row["credit_unit_code"]).replace("_", " ").lower()
        lost, held = float(row["credits_lost"]), float(row["credits_held"])
        yield f"{row['from_program_id']} to {row['to_program_id']}", f"{lost:g} of {held:g} {unit}s"


REFERENCES = (
    SystemReference(
        name="credential_catalog",
        description="The catalog of credentials with their ladders",
        mart="dim_credential",
        columns={
            "credential_id": "Credential",
            "ctid": "Identifier in the Credential Registry",
            "credential_name": "Its name",
            "ctdl_type": "Its class in CTDL",
            "issuer_id": "Who issues it",
            "renewal_months": "Months until it must be renewed; empty for never",
            "ladder_id": "Its ladder; empty where it stands alone",
            "stack_depth": "Steps of the longest way up to it",
            "is_on_circle": "Whether steps lead from it back to it",
        },
        section=_SECTION,
        header=("Credential", "Ladder", "Steps up to it"),
        lines=_rungs,
    ),
    SystemReference(
        name="credits_on_change",
        description="Credit that does not count when somebody changes from one program to another",
        mart="agg_credits_on_change",
        columns={
            "from_program_id": "The program left",
            "to_program_id": "The program entered",
            "credit_unit_code": "Unit of the credit",
            "credits_held": "What the credentials of the one count for where they count most",
            "credits_kept": "What they count for toward the credentials of the other",
            "credits_lost": "What is lost",
        },
        section=_SECTION,
        header=("Change of program", "Credit lost"),
        lines=_losses,
    ),
)
