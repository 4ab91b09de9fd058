"""A file beside its firm's quarter before: what is remarkable, its page, and the second witness."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from contracts.extracts.wage import Wage
from tests.faults.region import CONFIG, put
from warehouse.home import Home, init_home
from warehouse.intake.batch_checks import BatchFinding
from warehouse.intake.validate import validate_landed
from warehouse.intake.witness import Witnessed, great_expectations_witness
from warehouse.landing import land_pending
from warehouse.ledger import Ledger

HEADER = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd,hours_paid,pay_basis"
Row = tuple[str, str, str]
"""Wages, hours, pay basis."""
USUAL: list[Row] = [("9000.00", "520", "HOURLY")] * 24 + [("9000.00", "520", "SALARY")] * 24
CHANGED: Mapping[str, tuple[list[Row], set[tuple[str, str | None, str | None]]]] = {
    "as-before": (USUAL, set()),
    "half": (USUAL[12:36], set()),
    "fewer": (USUAL[13:36], {("volume", None, None)}),
    "in-cents": ([("900000.00", *rest) for _, *rest in USUAL], {("mean", "gross_wages_usd", None)}),
    "lost-column": ([(wage, "", basis) for wage, _, basis in USUAL], {("blank_share", "hours_paid", None)}),
    "lost-group": (
        [("9000.00", "520", "HOURLY")] * 48,
        {("share", "pay_basis", "SALARY"), ("share", "pay_basis", "HOURLY")},
    ),
}


def file(firm: str, quarter: str, rows: list[Row]) -> bytes:
    lines = [HEADER]
    for number, cells in enumerate(rows):
        key = hashlib.sha256(f"{firm}{number}".encode()).hexdigest()
        lines.append(",".join((key, "1", firm, quarter, *cells)))
    return ("\n".join(lines) + "\n").encode()


@dataclass(frozen=True)
class Asked:
    """What the witness was shown: how many rows, and what was compared."""

    rows: int
    findings: tuple[BatchFinding, ...]


@dataclass(frozen=True)
class Judged:
    """A home after two quarters, with every firm's receipt of the second and what the witness was asked."""

    home: Home
    receipts: Mapping[str, Mapping[str, Any]]
    asked: list[Asked]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    home = init_home(tmp_path_factory.mktemp("comparing") / "home", CONFIG)
    asked: list[Asked] = []

    def witness(con: Any, of: Any, accepted: pa.Table, findings: Any) -> Witnessed:
        asked.append(Asked(len(accepted), tuple(findings)))
        return Witnessed(5)

    with Ledger.open(home) as ledger:
        for firm in CHANGED:
            put(home, firm, "wage_2025Q4.csv", file(firm, "2025Q4", USUAL))
        land_pending(home, ledger)
        validate_landed(home, ledger)
        for firm, (rows, _) in CHANGED.items():
            put(home, firm, "wage_2026Q1.csv", file(firm, "2026Q1", rows))
        put(home, "new", "wage_2026Q1.csv", file("new", "2026Q1", USUAL))
        land_pending(home, ledger)
        validate_landed(home, ledger, witness=witness)
    return Judged(home, {firm: _receipt(home, firm) for firm in (*CHANGED, "new")}, asked)


def _receipt(home: Home, firm: str) -> Mapping[str, Any]:
    receipts = [json.loads(path.read_text()) for path in home.outbox(firm).glob("*.receipt.json")]
    (said,) = (one for one in receipts if one["period"] == "2026Q1")
    return said


@pytest.mark.parametrize("firm", CHANGED)
def test_receipt_counts_what_is_remarkable_and_names_its_page(judged: Judged, firm: str) -> None:
    receipt, expected = judged.receipts[firm], CHANGED[firm][1]
    assert receipt["status"] == "ACCEPTED"
    assert receipt["checks"]["remarkable"] == len(expected)
    page = (judged.home.outbox(firm) / receipt["checks_page"]).read_bytes()
    assert hashlib.sha256(page).hexdigest() == receipt["checks"]["page_sha256"]
    text = page.decode()
    assert text.count(">remarkable<") == len(expected)
    assert all(name in text for _, *names in expected for name in names if name)
    assert not any(other in text for other in CHANGED if other != firm)
    shown = (judged.home.outbox(firm) / f"{receipt['receipt_id']}.receipt.html").read_text()
    assert f'href="{receipt["checks_page"]}"' in shown


def test_what_is_remarkable_is_found_in_every_way(judged: Judged) -> None:
    (asked,) = judged.asked
    found = [(one.check, one.column, one.category) for one in asked.findings if not one.passed]
    wanted = [one for _, several in CHANGED.values() for one in several]
    assert sorted(found, key=str) == sorted(wanted, key=str)
    assert asked.rows == sum(len(rows) for rows, _ in CHANGED.values()) + len(USUAL)


def test_first_quarter_of_a_firm_has_nothing_to_compare_with(judged: Judged) -> None:
    receipt = judged.receipts["new"]
    assert (receipt["checks"], receipt["checks_page"]) == (None, None)


def test_no_page_holds_a_key_or_an_amount(judged: Judged) -> None:
    pages = [path.read_text() for path in judged.home.boxes.glob("*/out/*.checks.html")]
    assert len(pages) == len(CHANGED)
    key = hashlib.sha256(b"as-before0").hexdigest()
    assert not any(cell in page for page in pages for cell in (key, "9000", "9,000", "520"))


def accepted(**changed: list[object]) -> pa.Table:
    """Two accepted wage rows as the program types them, some cells replaced."""
    kinds = {column.name: column.field.column_type for column in Wage.columns()}
    good: dict[str, list[object]] = {name: [None, None] for name in kinds}
    good |= {"learner_key": ["0" * 64, "1" * 64], "key_epoch": [1, 1], "firm_id": ["A", "A"]}
    good |= {"year_quarter": ["2026Q1"] * 2, "gross_wages_usd": ["9000.00"] * 2, **changed}
    columns = ", ".join(f"{name}::{kind} AS {name}" for name, kind in kinds.items())
    with duckdb.connect() as con:
        texts = {name: [None if cell is None else str(cell) for cell in good[name]] for name in good}
        con.register("texts", pa.table({name: pa.array(texts[name], pa.string()) for name in texts}))
        return con.execute(f"SELECT 'S1' AS submission_id, {columns} FROM texts").to_arrow_table()


def finding(*, observed: float, passed: bool) -> BatchFinding:
    return BatchFinding("wage", "2026Q1", "volume", None, None, observed, 5.0, 20.0, passed)


@pytest.mark.parametrize(
    "rows,findings,failed",
    [
        (accepted(), [], ()),
        (accepted(), [finding(observed=10, passed=True), finding(observed=4, passed=False)], ()),
        (accepted(), [finding(observed=4, passed=True)], ("comparison",)),
        (accepted(learner_key=["0" * 64, "Zanzibar"]), [], ("CEL-110 learner_key",)),
        (accepted(learner_key=["0" * 64] * 2), [], ("WAG-301",)),
    ],
    ids=["sound", "compared", "compared otherwise", "cell", "key twice"],
)
def test_great_expectations_finds_the_same_or_says_where_it_does_not(
    rows: pa.Table, findings: list[BatchFinding], failed: tuple[str, ...]
) -> None:
    with duckdb.connect() as con:
        said = great_expectations_witness(con, Wage, rows, findings)
    assert said.failed == failed
    assert said.expectations > len(Wage.columns())
