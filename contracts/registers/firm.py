"""The firm register: who is a member, owned by whom, in which industry, of what size.

Successions and establishments have registers of their own. Names of firms are never held, only their hashes.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.extracts.columns import BOARD, NAICS, county
from contracts.fields import Code, Flag, HexKey, Identifier, IsoDate, Money, OneOf, Privacy, Text, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.validity import first_day, last_day, valid_in_order
from contracts.rules import Rule


class Firm(Contract):
    """One member firm, over a time in which nothing about it changed."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="firm",
        version="1.0.0",
        prefix="FRM",
        title="Firm register",
        description="Member firms with owner, industry, size and place, effective-dated.",
        grain="firm_id × valid_from",
        key=("firm_id", "valid_from"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    firm_id: Annotated[str, Identifier(description="Member firm.", privacy=Privacy.FIRM)]
    parent_group_id: Annotated[
        str | None,
        Identifier(
            description="Group that owns the firm; a group counts as one contributor. Blank: its own.",
            privacy=Privacy.FIRM,
        ),
    ] = None
    display_label: Annotated[
        str | None,
        Text(description="Label in committee papers ('Firm A').", privacy=Privacy.FIRM, most=60),
    ] = None
    legal_name_hash: Annotated[
        str | None, HexKey(description="SHA-256 of the legal name.", privacy=Privacy.FIRM)
    ] = None
    fein_hash: Annotated[
        str | None,
        HexKey(description="SHA-256 of the federal employer number.", privacy=Privacy.FIRM),
    ] = None
    naics_code: Annotated[
        str | None,
        Code(
            "naics_2022",
            description="Main industry, six digits.",
            source="NAICS 2022",
            shape=NAICS,
            like="336411",
        ),
    ] = None
    size_class: Annotated[
        str | None,
        OneOf(
            {
                "1": "0-19 employees",
                "2": "20-49 employees",
                "3": "50-249 employees",
                "4": "250-499 employees",
                "5": "500 or more employees",
            },
            description="Size class.",
            source="LEHD firmsize",
            privacy=Privacy.FIRM,
        ),
    ] = None
    headcount: Annotated[
        int | None,
        WholeNumber(description="Employees.", privacy=Privacy.FIRM, least=0, most=10_000_000),
    ] = None
    payroll_usd: Annotated[Decimal | None, Money(description="Yearly payroll.", privacy=Privacy.FIRM)] = None
    county_fips: Annotated[str | None, county("County of the main site.", "FIPS 6-4")] = None
    lwdb_code: Annotated[
        str | None,
        Code(
            None,
            description="Local workforce board of the main site.",
            source="PIRL 108-A",
            shape=BOARD,
            like="06045",
        ),
    ] = None
    value_chain_tier: Annotated[
        str | None,
        Identifier(
            description="Place in the value chain, as the consortium names its tiers.", privacy=Privacy.FIRM
        ),
    ] = None
    union_represented: Annotated[
        int | None, Flag(description="A union represents some of the workers.", privacy=Privacy.FIRM)
    ] = None
    joined_on: Annotated[date, IsoDate(description="Day the firm joined.", privacy=Privacy.FIRM)]
    left_on: Annotated[
        date | None,
        IsoDate(description="Day the firm left; blank while a member.", privacy=Privacy.FIRM),
    ] = None
    valid_from: Annotated[date | None, first_day()] = None
    valid_to: Annotated[date | None, last_day()] = None

    rules: ClassVar[tuple[Rule, ...]] = (valid_in_order("FRM-201", "valid_from", "valid_to"),)
