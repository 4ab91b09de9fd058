"""Kinds of column that many registers share: identifiers of one another, days, amounts, shares, counts.

A list of codes that belongs to one register is declared there; lists about metrics lie in ``metrics``.
"""

from __future__ import annotations

from typing import Annotated

from contracts.extracts.columns import COUNTY
from contracts.fields import (
    BoxFirm,
    Code,
    HexKey,
    Identifier,
    IsoDate,
    Money,
    Privacy,
    Quantity,
    QuarterField,
    Ref,
    WholeNumber,
)
from contracts.gates import Gate

ReportingFirm = Annotated[
    str, BoxFirm(description="The firm that reports: the one whose box the file comes from, and no other.")
]
"""``firm_id`` of registers that firms drop."""

RULE_VERSION = Gate("[0-9]{1,3}(?:[.][0-9]{1,3}){1,2}")

CASH_SOURCES = {
    "EMPLOYER": "member firms, in cash",
    "PUBLIC_FEDERAL": "federal money",
    "PUBLIC_STATE": "state money",
    "PHILANTHROPY": "philanthropy",
}
"""Where cash of the fund comes from; what is given in kind is never moved or promised as cash."""


def opaque(description: str, privacy: Privacy = Privacy.FIRM) -> Identifier:
    """An identifier without a register of its own."""
    return Identifier(description=description, privacy=privacy)


def member(description: str) -> Ref:
    """A firm of the firm register."""
    return Ref("firm", key="firm_id", description=description, privacy=Privacy.FIRM)


def program(description: str) -> Ref:
    """A program of the program register."""
    return Ref("program", key="program_id", description=description, privacy=Privacy.PUBLIC)


def catalogued(description: str, source: str = "") -> Ref:
    """A credential of the catalog."""
    key = "credential_id"
    return Ref(
        "credential_definition", key=key, description=description, source=source, privacy=Privacy.PUBLIC
    )


def competency(description: str) -> Ref:
    """A competency of the competency register."""
    return Ref("competency", key="competency_id", description=description, privacy=Privacy.PUBLIC)


def body(description: str) -> Ref:
    """A body of the consortium's governance."""
    return Ref("governance_body", key="body_id", description=description, privacy=Privacy.PUBLIC)


def decision(description: str = "Decision that put the row in force.") -> Ref:
    """A decision of the decision log."""
    return Ref("decision_log", key="decision_id", description=description, privacy=Privacy.PUBLIC)


def version(description: str) -> Code:
    """The version of a rule or an agreement, in two or three numbers."""
    return Code(None, description=description, shape=RULE_VERSION, like="1.2.0")


def day(description: str, source: str = "", privacy: Privacy = Privacy.FIRM) -> IsoDate:
    """A calendar day."""
    return IsoDate(description=description, source=source, privacy=privacy)


def quarter(description: str) -> QuarterField:
    """A calendar quarter."""
    return QuarterField(description=description, privacy=Privacy.PUBLIC)


def amount(description: str, privacy: Privacy = Privacy.FIRM) -> Money:
    """US dollars and cents, zero included."""
    return Money(description=description, privacy=privacy)


def sum_moved(description: str) -> Money:
    """US dollars and cents above zero."""
    return Money(description=description, privacy=Privacy.FIRM, least="0.01")


def share(description: str, source: str = "") -> Quantity:
    """A share from 0 to 1: half a percent is 0.005."""
    hint = "Write a share of 1, not a percentage: half a percent is 0.005."
    return Quantity(
        description=description,
        source=source,
        digits=7,
        scale=6,
        most="1",
        privacy=Privacy.PUBLIC,
        hint=hint,
    )


def measured(description: str, privacy: Privacy = Privacy.PUBLIC) -> Quantity:
    """A value of a metric in the metric's own unit; it may be negative."""
    return Quantity(description=description, digits=16, scale=4, least="-999999999999.9999", privacy=privacy)


def count(description: str, most: int = 1_000_000, privacy: Privacy = Privacy.FIRM) -> WholeNumber:
    """How many, zero included."""
    return WholeNumber(description=description, privacy=privacy, least=0, most=most)


def digest(description: str) -> HexKey:
    """SHA-256 of a document that is kept elsewhere."""
    return HexKey(description=description, privacy=Privacy.FIRM)


def place(description: str) -> Code:
    """The county of a site or a job, not of a person."""
    return Code(
        "county_fips",
        description=description,
        source="FIPS 6-4",
        shape=COUNTY,
        like="06037",
        privacy=Privacy.FIRM,
        hint="State and county are five digits; a spreadsheet drops the leading zero unless told text.",
    )
