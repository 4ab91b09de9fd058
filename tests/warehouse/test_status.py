"""Where everyone stands, counted by the ledger and again from the lake's files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts import CONTRACTS
from warehouse.home import Home
from warehouse.landing import land_pending
from warehouse.ledger import Ledger
from warehouse.status import UNPLACED, Standing, standings

Drop = Callable[..., Path]


def put_rows(home: Home, zone: str, submission_id: str, rows: int) -> None:
    path = home.lake / zone / "wage" / "firm=acme" / "period=2026Q1" / f"{submission_id}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"record": list(range(rows))}), path)


def validate(ledger: Ledger, rows_in: int, accepted: int, quarantined: int) -> str:
    submission_id = str(next(iter(ledger.entries("RECEIVED"))).body["submission_id"])
    body = {
        "submission_id": submission_id,
        "rows_in": rows_in,
        "accepted": accepted,
        "quarantined": quarantined,
    }
    ledger.append("VALIDATED", body)
    return submission_id


def wage(home: Home, ledger: Ledger) -> Standing:
    return next(standing for standing in standings(home, ledger) if standing.contract == "wage")


@pytest.fixture
def landed(home: Home, ledger: Ledger, drop: Drop) -> Ledger:
    drop(home, "acme", "wage_2026Q1.csv", b"rows")
    land_pending(home, ledger)
    return ledger


def test_standings_list_every_contract_with_zeros_when_nothing_came(home: Home, ledger: Ledger) -> None:
    found = standings(home, ledger)
    assert [standing.contract for standing in found] == list(CONTRACTS)
    assert all(standing.submissions == 0 and standing.adds_up for standing in found)


def test_submission_is_pending_when_it_is_not_validated(home: Home, landed: Ledger) -> None:
    assert (wage(home, landed).submissions, wage(home, landed).pending) == (1, 1)


def test_standing_adds_up_when_ledger_and_lake_agree(home: Home, landed: Ledger) -> None:
    submission_id = validate(landed, 5, 3, 2)
    put_rows(home, "accepted", submission_id, 3)
    put_rows(home, "quarantine", submission_id, 2)
    assert wage(home, landed) == Standing(
        contract="wage",
        submissions=1,
        held=0,
        refused=0,
        pending=0,
        rows_in=5,
        accepted=3,
        quarantined=2,
        lake_accepted=3,
        lake_quarantined=2,
    )
    assert wage(home, landed).adds_up


@pytest.mark.parametrize(
    "rows_in,accepted,quarantined,in_lake",
    [
        (6, 3, 2, (3, 2)),
        (4, 3, 2, (3, 2)),
        (5, 3, 2, (2, 2)),
        (5, 3, 2, (4, 2)),
        (5, 3, 2, (3, 1)),
        (5, 3, 2, (2, 3)),
    ],
)
def test_standing_does_not_add_up_when_any_count_is_off_by_one(
    home: Home, landed: Ledger, rows_in: int, accepted: int, quarantined: int, in_lake: tuple[int, int]
) -> None:
    submission_id = validate(landed, rows_in, accepted, quarantined)
    put_rows(home, "accepted", submission_id, in_lake[0])
    put_rows(home, "quarantine", submission_id, in_lake[1])
    assert not wage(home, landed).adds_up


def test_rows_a_killed_run_left_are_not_counted_before_they_are_recorded(home: Home, landed: Ledger) -> None:
    put_rows(home, "accepted", "sub-unfinished", 7)
    assert wage(home, landed).lake_accepted == 0
    assert wage(home, landed).adds_up


def test_held_file_counts_until_the_firm_says_what_it_is(home: Home, landed: Ledger, drop: Drop) -> None:
    drop(home, "acme", "wage_2026Q1.csv", b"other rows")
    land_pending(home, landed)
    assert (wage(home, landed).submissions, wage(home, landed).held) == (2, 1)
    first = next(iter(landed.entries("RECEIVED"))).body["submission_id"]
    answer = json.dumps({"submission_type": "REPLACEMENT", "supersedes": first})
    drop(home, "acme", "wage_2026Q1.csv", b"other rows", answer)
    land_pending(home, landed)
    assert (wage(home, landed).submissions, wage(home, landed).held) == (3, 0)


def test_refused_drop_counts_for_its_contract_or_for_none(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "acme", "firm_2026Q1.csv")
    drop(home, "acme", "notes.txt")
    land_pending(home, ledger)
    refused = {
        standing.contract: standing.refused for standing in standings(home, ledger) if standing.refused
    }
    assert refused == {"firm": 1, UNPLACED: 1}
