"""Files refused whole though their header is in order: identifiers of people, wages not opted in."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.warehouse.conftest import Drop
from warehouse.home import Home
from warehouse.intake.validate import IntakeReport, validate_landed
from warehouse.landing import land_pending
from warehouse.ledger import Ledger

Send = Callable[..., IntakeReport]
WAGE = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd,hours_paid"
PLACEMENT = "learner_key,key_epoch,firm_id,position_key,job_start_date,placement_type,job_title"
COMPARISON = "learner_key,key_epoch,firm_id,year_quarter,comparison_clause_id,soc_code,gross_wages_usd"
FIRMS = (
    "firm_id,naics_code,size_class,headcount,county_fips,joined_on,valid_from",
    "F001,336411,3,180,06037,2020-01-01,2020-01-01",
    "F002,332710,2,40,06037,2020-01-01,2020-01-01",
)
AGREEMENT = (
    "agreement_id,agreement_version,firm_id,signed_on,effective_from,effective_to,permits_reporting,"
    "permits_evaluation,permits_ui_match,permits_research,comparison_pool_opt_in,comparison_clause_id,"
    "comparison_opted_in_on"
)


def key(name: object) -> str:
    return sha256(str(name).encode()).hexdigest()


def ssn(rng: random.Random) -> str:
    return f"{rng.randint(268, 302)}{rng.randint(1, 99):02}{rng.randint(1, 9999):04}"


@pytest.fixture
def send(home: Home, ledger: Ledger, drop: Drop) -> Send:
    """``send(firm, contract, header, *rows)``: one file of 2026Q1, landed and judged."""

    def put(firm: str, contract: str, header: str, *rows: str) -> IntakeReport:
        drop(home, firm, f"{contract}_2026Q1.csv", "\n".join((header, *rows, "")).encode())
        land_pending(home, ledger)
        return validate_landed(home, ledger)

    return put


def receipts(home: Home, firm: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(home.outbox(firm).glob("*.receipt.json"))]


def refusals(home: Home, firm: str = "F001") -> list[tuple[str, str | None]]:
    return [(one["code"], one["column"]) for each in receipts(home, firm) for one in each["file_findings"]]


def lake_rows(home: Home, contract: str) -> list[dict[str, Any]]:
    files = home.lake.glob(f"*/{contract}/firm=*/period=*/*.parquet")
    return [row for path in files for row in pq.read_table(path, partitioning=None).to_pylist()]


def everything_told(home: Home) -> bytes:
    """The lake, the outbox and the ledger."""
    folders = (home.lake, home.root / "boxes")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in [*files, home.ledger_path])


def wage(person: str, dollars: str = "9000", hours: str = "520") -> str:
    return f"{person},1,F001,2026Q1,{dollars},{hours}"


RNG = random.Random(7)
SSNS = [ssn(RNG) for _ in range(40)]
FILLED = {
    "F001": SSNS,
    "F002": [f"{one[:3]}-{one[3:5]}-{one[5:]}" for one in SSNS],
    "F003": [f"ann{n}@mail.example.org" for n in range(40)],
    "F004": [key(n) for n in range(40)],
}
"""What four firms put where learner_key belongs; the last does as it should."""


def test_files_are_refused_by_content_when_their_headers_are_innocent(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    for firm, cells in FILLED.items():
        rows = [wage(cell).replace("F001", firm) for cell in cells]
        drop(home, firm, "wage_2026Q1.csv", "\n".join((WAGE, *rows, "ragged", "")).encode())
    land_pending(home, ledger)
    report = validate_landed(home, ledger)
    assert report == IntakeReport(submissions=4, rejected=3, rows_in=41, accepted=40, quarantined=1)
    found = {firm: refusals(home, firm) for firm in FILLED}
    assert found == {firm: [] if firm == "F004" else [("FIL-041", "learner_key")] for firm in FILLED}
    assert {row["box_firm_id"] for row in lake_rows(home, "wage") if "box_firm_id" in row} == {"F004"}
    told = everything_told(home)
    assert not any(cell.encode() in told for firm in ("F001", "F002", "F003") for cell in FILLED[firm])


def test_file_is_refused_when_a_free_text_holds_telephone_numbers(home: Home, send: Send) -> None:
    rows = [f"{key(n)},1,F001,{key(n)},2026-01-05,NEW_HIRE,(212) 555-01{n:02}" for n in range(20)]
    assert send("F001", "placement", PLACEMENT, *rows).rejected == 1
    assert refusals(home) == [("FIL-041", "job_title")]


def test_few_numbers_that_could_be_anything_are_left_to_the_rules(home: Home, send: Send) -> None:
    assert send("F001", "wage", WAGE, *(wage(key(one), dollars=one) for one in SSNS)).rejected == 0
    assert refusals(home) == []


def agreement(opt_in: str, until: str = "", firm: str = "F001") -> str:
    clause = "CL-01,2025-01-01" if opt_in == "1" else ","
    return f"AG-{firm},1.0.0,{firm},2025-01-01,2025-01-01,{until},1,1,1,1,{opt_in},{clause}"


def comparison(home: Home, ledger: Ledger, drop: Drop, *agreements: str) -> IntakeReport:
    """Two comparison wages of F001, one of them bad, beside the operator's registers."""
    wages = [
        f"{key('ann')},1,F001,2026Q1,CL-01,51-4121,8123.45",
        f"{key('ben')},1,F001,2026Q1,CL-01,51-4121,no",
    ]
    for box, name, lines in (
        ("operator", "firm", FIRMS),
        ("operator", "membership_agreement", (AGREEMENT, *agreements)),
        ("F001", "comparison_wage", (COMPARISON, *wages)),
    ):
        if len(lines) > 1:
            drop(home, box, f"{name}_2026Q1.csv", "\n".join((*lines, "")).encode())
    land_pending(home, ledger)
    return validate_landed(home, ledger)


@pytest.mark.parametrize(
    "agreements",
    [
        (),
        (agreement("0"),),
        (agreement("1", until="2026-03-30"),),
        (agreement("0"), agreement("1", firm="F002")),
    ],
    ids=["no agreement", "no opt-in", "ends a day before the quarter does", "another firm's opt-in"],
)
def test_comparison_wages_are_refused_whole_when_the_firm_has_not_opted_in(
    home: Home, ledger: Ledger, drop: Drop, agreements: tuple[str, ...]
) -> None:
    report, registered = comparison(home, ledger, drop, *agreements), 2 + len(agreements)
    assert (report.rejected, report.rows_in, report.accepted) == (1, registered, registered)
    assert refusals(home) == [("FIL-042", None)]
    assert lake_rows(home, "comparison_wage") == []
    told = everything_told(home)
    assert not any(secret in told for secret in (b"8123.45", key("ann").encode(), key("ben").encode()))


@pytest.mark.parametrize("until", ["", "2026-03-31"])
def test_comparison_wages_are_taken_row_by_row_when_the_firm_has_opted_in(
    home: Home, ledger: Ledger, drop: Drop, until: str
) -> None:
    comparison(home, ledger, drop, agreement("1", until))
    assert refusals(home) == []
    assert {row["record"] for row in lake_rows(home, "comparison_wage") if "tx_from" in row} == {1}
    assert {row["record"] for row in lake_rows(home, "comparison_wage") if "raw_text" in row} == {2}
