"""Successor firms: who took over whom, so that a merger is not read as everybody leaving.

Owners of firms are in ``firm``. Chains of successions are followed in the dbt project.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from contracts.fields import OneOf, Privacy
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import count, day, member
from contracts.registers.row_rules import unlike
from contracts.rules import Rule


class FirmSuccession(Contract):
    """One firm followed by another on one day."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="firm_succession",
        version="1.0.0",
        prefix="SUC",
        title="Successor firms",
        description="Which firm continues another one's business, from which day, wholly or in part.",
        grain="predecessor_firm_id × successor_firm_id × succession_date",
        key=("predecessor_firm_id", "successor_firm_id", "succession_date"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    predecessor_firm_id: Annotated[str, member("Firm that was taken over or split.")]
    successor_firm_id: Annotated[str, member("Firm that continues the business.")]
    succession_date: Annotated[
        date, day("First day on which the successor is the employer.", "QCEW predecessor and successor")
    ]
    succession_type: Annotated[
        str,
        OneOf(
            {
                "ACQUISITION": "bought as a whole and continued",
                "MERGER": "two firms became one",
                "ASSET_SALE": "sites or lines of business were sold",
                "SPIN_OFF": "a part became a firm of its own",
                "REORGANIZATION": "new legal form or account, same owner",
            },
            description="How the business passed on.",
            privacy=Privacy.FIRM,
        ),
    ]
    transfer_extent: Annotated[
        str,
        OneOf(
            {"TOTAL": "all workers passed on", "PARTIAL": "some workers passed on"},
            description="How much of the workforce passed on.",
            source="UI transfer of experience",
            privacy=Privacy.FIRM,
        ),
    ]
    workers_transferred: Annotated[int | None, count("Workers who passed on.")] = None
    evidence: Annotated[
        str | None,
        OneOf(
            {
                "UI_ACCOUNT": "unemployment-insurance account of the successor names the predecessor",
                "LEGAL_FILING": "a filing with a court or a state",
                "FIRM_NOTICE": "notice of the firm",
            },
            description="What the entry rests on.",
            privacy=Privacy.FIRM,
        ),
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        unlike(
            "SUC-201",
            "successor_firm_id",
            "predecessor_firm_id",
            why="A firm that follows itself would make a loop in the chain of employers.",
        ),
    )
