"""The program register: what is taught, by whom, how, for how much, and toward which credentials.

Who takes part is an extract (``enrollment``).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.extracts.columns import CIP, CTID
from contracts.fields import Code, Identifier, IsoDate, Money, OneOf, Privacy, Quantity, Text, WholeNumber
from contracts.gates import Gate
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.validity import valid_in_order
from contracts.rules import Rule

_SOC_LIST = Gate("[0-9]{2}-[0-9]{4}(?:;[0-9]{2}-[0-9]{4})*")
_ID = "[A-Za-z0-9][A-Za-z0-9_.-]{0,31}"
_ID_LIST = Gate(f"{_ID}(?:;{_ID})*")


def registry_id() -> Code:
    """An identifier of the Credential Registry."""
    return Code(
        None,
        description="Identifier in the Credential Registry (CTID).",
        source="CTDL CTID",
        shape=CTID,
        like="ce-0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0",
    )


def _price(description: str) -> Money:
    return Money(description=description, privacy=Privacy.PUBLIC)


class Program(Contract):
    """One program of study, over a time in which nothing about it changed."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="program",
        version="1.0.0",
        prefix="PRG",
        title="Program register",
        description="Programs of study with provider, subject, form, length and price, effective-dated.",
        grain="program_id × effective_from",
        key=("program_id", "effective_from"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    program_id: Annotated[str, Identifier(description="Program.", privacy=Privacy.PUBLIC)]
    ctid: Annotated[str | None, registry_id()] = None
    name: Annotated[str, Text(description="Name of the program.", privacy=Privacy.PUBLIC, most=200)]
    provider_id: Annotated[
        str | None, Identifier(description="Training provider.", privacy=Privacy.PUBLIC)
    ] = None
    cip_2020: Annotated[
        str | None,
        Code(
            "cip_2020",
            description="Subject, by the Classification of Instructional Programs.",
            source="CIP 2020",
            shape=CIP,
            like="48.0508",
            hint="Write NN.NNNN as text; a spreadsheet makes 1.0101 of 01.0101.",
        ),
    ] = None
    soc_codes: Annotated[
        str | None,
        Code(
            None,
            description="Occupations it prepares for, separated by semicolons.",
            source="SOC 2018",
            shape=_SOC_LIST,
            like="49-9041;51-4041",
        ),
    ] = None
    credential_ids: Annotated[
        str | None,
        Code(
            None,
            description="Credentials it leads to, separated by semicolons.",
            shape=_ID_LIST,
            like="CRED-1;CRED-2",
        ),
    ] = None
    delivery_mode: Annotated[
        str | None,
        Identifier(
            description="Form of delivery, such as IN_PERSON, ONLINE or BLENDED.", privacy=Privacy.PUBLIC
        ),
    ] = None
    wbl_type: Annotated[
        str | None,
        OneOf(
            {
                "0": "none",
                "1": "summer employment or internship",
                "2": "employment or internship, not limited to summer",
                "3": "pre-apprenticeship",
                "4": "job shadowing",
                "5": "on-the-job training",
                "6": "transitional job",
                "7": "other work experience",
            },
            description="Kind of work-based learning.",
            source="PIRL 1205",
            privacy=Privacy.PUBLIC,
        ),
    ] = None
    clock_hours: Annotated[
        Decimal | None,
        Quantity(description="Planned length in clock hours.", unit="hours", privacy=Privacy.PUBLIC),
    ] = None
    weeks: Annotated[
        int | None,
        WholeNumber(description="Planned length in weeks.", privacy=Privacy.PUBLIC, least=0, most=520),
    ] = None
    tuition_usd: Annotated[Decimal | None, _price("Tuition for a place.")] = None
    fees_usd: Annotated[Decimal | None, _price("Fees for a place.")] = None
    books_usd: Annotated[Decimal | None, _price("Books for a place.")] = None
    supplies_usd: Annotated[Decimal | None, _price("Supplies for a place.")] = None
    effective_from: Annotated[date, IsoDate(description="First day the row holds.", privacy=Privacy.PUBLIC)]
    effective_to: Annotated[
        date | None,
        IsoDate(description="Last day the row holds; blank: until further notice.", privacy=Privacy.PUBLIC),
    ] = None
    replaced_by: Annotated[
        str | None, Identifier(description="Program that follows it.", privacy=Privacy.PUBLIC)
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (valid_in_order("PRG-201", "effective_from", "effective_to"),)
