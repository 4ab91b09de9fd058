"""Two majors of one contract at once: chosen by manifest or header, lifted, and said in the receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pyarrow.parquet as pq
import pytest

from contracts.extracts.wage import Wage
from contracts.versions.describe import describe
from contracts.versions.description import ContractDescription
from contracts.versions.upcasts import TextRow, Upcast
from tests.faults.region import CONFIG, put
from warehouse.home import Home, init_home
from warehouse.intake import validate
from warehouse.intake.majors import BY_HEADER, BY_MANIFEST, Versions
from warehouse.intake.validate import validate_landed
from warehouse.landing import land_pending
from warehouse.ledger import Ledger

LAST_DAY = date(2026, 11, 12)
HEADER = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd,hours_paid"
OLD_HEADER = HEADER.replace("gross_wages_usd", "gross_wages_cents")


def in_dollars(row: TextRow) -> TextRow:
    rest = {name: text for name, text in row.items() if name != "gross_wages_cents"}
    return {**rest, "gross_wages_usd": f"{Decimal(row['gross_wages_cents']) / 100:.2f}"}


STEP = Upcast("wage", 0, 1, in_dollars, LAST_DAY)


def described(name: str, major: int) -> ContractDescription:
    """Version 0.9 of the wage extract: wages in cents."""
    today = describe(Wage)
    columns = [
        one.model_copy(update={"name": "gross_wages_cents"}) if one.name == "gross_wages_usd" else one
        for one in today.columns
    ]
    return today.model_copy(update={"version": "0.9.0", "columns": tuple(columns)})


def file(firm: str, header: str, *wages: str) -> bytes:
    keys = (hashlib.sha256(str(number).encode()).hexdigest() for number in range(len(wages)))
    rows = [f"{key},1,{firm},2026Q1,{wage},520" for key, wage in zip(keys, wages, strict=True)]
    return "\n".join((header, *rows, "")).encode()


DOLLARS, CENTS = ("4000.00", "4001.50", "-1.00"), ("400000", "400150", "-100")
NOT_A_NUMBER = "Zanzibar"
OLD, NEW, FUTURE = ({"contract_version": version} for version in ("0.9.0", "1.0.0", "7.0.0"))
SENT: Mapping[str, tuple[str, tuple[str, ...], Mapping[str, object] | None]] = {
    "today": (HEADER, DOLLARS, None),
    "said-today": (HEADER, DOLLARS, NEW),
    "said-old": (OLD_HEADER, CENTS, OLD),
    "old": (OLD_HEADER, CENTS, None),
    "future": (HEADER, DOLLARS, FUTURE),
    "otherwise": (HEADER, DOLLARS, OLD),
    "nonsense": (OLD_HEADER, ("400000", NOT_A_NUMBER), None),
    "neither": (HEADER.replace("gross", "net"), DOLLARS, None),
}


@dataclass(frozen=True)
class Judged:
    """A home in which version 0.9 is still taken, and what every firm's receipt says."""

    home: Home
    receipts: Mapping[str, Mapping[str, Any]]

    def rows(self, zone: str, firm: str) -> list[dict[str, Any]]:
        (path,) = (self.home.lake / zone / "wage" / f"firm={firm}").glob("*/*.parquet")
        own = {"submission_id", "box_firm_id", "firm_id", "tx_from"}
        found = pq.read_table(path, partitioning=None).to_pylist()
        return [{name: cell for name, cell in row.items() if name not in own} for row in found]


def take(home: Home, day: date) -> None:
    with Ledger.open(
        home, clock=lambda: datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
    ) as ledger:
        land_pending(home, ledger)
        validate_landed(home, ledger)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    home = init_home(tmp_path_factory.mktemp("majors") / "home", CONFIG)
    with pytest.MonkeyPatch.context() as world:
        world.setattr(validate, "Versions", partial(Versions, upcasts=(STEP,), describe=described))
        for firm, (header, wages, manifest) in SENT.items():
            put(home, firm, "wage_2026Q1.csv", file(firm, header, *wages), manifest)
        take(home, LAST_DAY)
        for firm, manifest in (("late", None), ("said-late", OLD)):
            put(home, firm, "wage_2026Q1.csv", file(firm, OLD_HEADER, *CENTS), manifest)
        take(home, LAST_DAY + timedelta(1))
    return Judged(home, {firm: _receipt(home, firm) for firm in (*SENT, "late", "said-late")})


def _receipt(home: Home, firm: str) -> Mapping[str, Any]:
    (path,) = home.outbox(firm).glob("*.receipt.json")
    said: Mapping[str, Any] = json.loads(path.read_text())
    return said


@pytest.mark.parametrize("firm", ["said-today", "said-old", "old"])
def test_older_major_gives_the_same_lake_as_todays(judged: Judged, firm: str) -> None:
    for zone in ("accepted", "quarantine", "violations"):
        assert judged.rows(zone, firm) == judged.rows(zone, "today")
    receipt = judged.receipts[firm]
    assert [receipt[name] for name in ("rows_in", "accepted", "quarantined")] == [3, 2, 1]


@pytest.mark.parametrize("firm,because", [("said-old", BY_MANIFEST), ("old", BY_HEADER)])
def test_receipt_says_which_major_was_read_and_why(judged: Judged, firm: str, because: str) -> None:
    receipt = judged.receipts[firm]
    assert receipt["sent_as"] == {"version": "0.9.0", "because": because, "taken_through": "2026-11-12"}
    assert receipt["contract_version"] == Wage.meta.version
    page = (judged.home.outbox(firm) / f"{receipt['receipt_id']}.receipt.html").read_text()
    assert f"Read as version 0.9.0 of the contract ({because})" in page


def test_receipt_of_todays_major_says_nothing_of_another(judged: Judged) -> None:
    assert judged.receipts["today"]["sent_as"] is judged.receipts["said-today"]["sent_as"] is None


@pytest.mark.parametrize(
    "firm,code",
    [
        ("future", "FIL-043"),
        ("said-late", "FIL-043"),
        ("late", "FIL-020"),
        ("neither", "FIL-020"),
        ("otherwise", "FIL-020"),
        ("nonsense", "FIL-044"),
    ],
)
def test_major_that_is_not_taken_or_misfits_is_refused(judged: Judged, firm: str, code: str) -> None:
    receipt = judged.receipts[firm]
    assert (receipt["status"], receipt["rows_in"]) == ("REJECTED", 0)
    assert receipt["file_findings"][0]["code"] == code
    assert NOT_A_NUMBER not in json.dumps(receipt)
