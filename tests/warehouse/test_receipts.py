"""A receipt says what is wrong and what changed, holds nobody else's value, and cannot be altered unseen."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from contracts.errors import ReceiptError
from tests.warehouse.conftest import Drop, MakeHome
from tests.warehouse.test_intake_journey import ANN, BEN, CAT, DAN, key, receipts, run, wage, wage_row
from warehouse.error_rows import MOST_ROWS
from warehouse.home import Home
from warehouse.issuing import require_page, verify_receipt
from warehouse.keys import fingerprint, read_public_key
from warehouse.landing import land_pending
from warehouse.ledger import Ledger
from warehouse.outbox import deliver, restore

NAME = "wage_2026Q1.csv"


def replacement(supersedes: str) -> str:
    return json.dumps({"submission_type": "REPLACEMENT", "supersedes": supersedes})


def newest(home: Home, firm: str = "F001") -> dict[str, Any]:
    return max(receipts(home, firm), key=lambda one: int(one["ledger"]["seq"]))


def again(home: Home, ledger: Ledger, drop: Drop, content: bytes) -> dict[str, Any]:
    """Send a replacement of the newest submission; its receipt."""
    drop(home, "F001", NAME, content, replacement(newest(home)["receipt_id"]))
    run(home, ledger)
    return newest(home)


def changes(receipt: dict[str, Any]) -> set[tuple[Any, ...]]:
    names = ("code", "column", "fixed", "persisting", "new")
    return {tuple(change[name] for name in names) for change in receipt["since_last_try"]["changes"]}


def test_receipt_tells_what_is_fixed_persisting_and_new_when_rows_come_in_another_order(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "F001", NAME, wage(wage_row(ANN, "x"), wage_row(BEN, "x"), wage_row(CAT)))
    run(home, ledger)
    assert newest(home)["since_last_try"] is None
    receipt = again(
        home, ledger, drop, wage(wage_row(CAT), wage_row(DAN, "x"), wage_row(BEN, "x"), wage_row(ANN))
    )
    assert receipt["since_last_try"]["status"] == "PARTIAL"
    assert changes(receipt) == {("CEL-140", "gross_wages_usd", 1, 1, 1)}
    receipt = again(home, ledger, drop, wage(wage_row(CAT), wage_row(DAN), wage_row(BEN), wage_row(ANN)))
    assert changes(receipt) == {("CEL-140", "gross_wages_usd", 2, 0, 0)}
    receipt = again(home, ledger, drop, wage(wage_row(CAT), wage_row(DAN), wage_row(BEN)))
    assert receipt["since_last_try"]["changes"] == []


def test_receipt_compares_warnings_of_accepted_rows_and_ragged_records(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "F001", NAME, wage(f"{ANN},1,F001,2026Q1,9000.00,500,520", "1,2", "3,4", wage_row(BEN)))
    run(home, ledger)
    receipt = again(home, ledger, drop, wage(wage_row(BEN), f"{ANN},1,F001,2026Q1,9000.00,500,520", "5,6"))
    assert changes(receipt) == {("WAG-201", "hours_worked", 0, 1, 0), ("ROW-001", None, 1, 1, 0)} or changes(
        receipt
    ) == {("WAG-201", "hours_paid", 0, 1, 0), ("ROW-001", None, 1, 1, 0)}


def test_receipt_compares_with_a_drop_that_was_refused_at_the_door(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "F001", NAME, wage(wage_row(ANN)), manifest="not a manifest")
    run(home, ledger)
    assert (newest(home)["status"], newest(home)["due_on"]) == ("REFUSED", "2026-04-30")
    drop(home, "F001", NAME, wage(wage_row(ANN, "x")))
    run(home, ledger)
    assert newest(home)["since_last_try"]["receipt_id"] == "refused-1"
    assert changes(newest(home)) == {("FIL-031", None, 1, 0, 0), ("CEL-140", "gross_wages_usd", 0, 0, 1)}


def test_receipts_are_the_same_when_two_tries_are_judged_in_one_batch_or_in_two(
    make_home: MakeHome, drop: Drop
) -> None:
    found = []
    for name, batch_files in (("together", 500), ("apart", 1)):
        home = make_home(name)
        object.__setattr__(
            home.config, "intake", home.config.intake.model_copy(update={"batch_files": batch_files})
        )
        with Ledger.open(home, clock=lambda: datetime(2026, 4, 1, tzinfo=UTC)) as ledger:
            run_order(home, ledger, drop)
        contents = [json.loads(one.read_text()) for one in sorted(home.outbox("F001").glob("*.receipt.json"))]
        for one in contents:
            del one["signature"], one["recorded_at"], one["page_sha256"]
        found.append(contents)
    assert found[0] == found[1]
    assert any(one["since_last_try"] for one in found[0])


def run_order(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "F001", NAME, wage(wage_row(ANN, "x")))
    land_pending(home, ledger)
    (body,) = (entry.body for entry in ledger.entries("RECEIVED"))
    drop(home, "F001", NAME, wage(wage_row(ANN)), replacement(str(body["submission_id"])))
    run(home, ledger)


@pytest.mark.parametrize("day,late", [(29, False), (30, False), (31, True)])
def test_receipt_says_late_when_it_was_recorded_after_the_due_day(
    home: Home, drop: Drop, day: int, late: bool
) -> None:
    moment = datetime(2026, 4, day, 23, 59, tzinfo=UTC) if day < 31 else datetime(2026, 5, 1, tzinfo=UTC)
    with Ledger.open(home, clock=lambda: moment) as ledger:
        drop(home, "F001", NAME, wage(wage_row(ANN)))
        run(home, ledger)
    assert (newest(home)["due_on"], newest(home)["late"]) == ("2026-04-30", late)


@pytest.fixture
def issued(home: Home, ledger: Ledger, drop: Drop) -> Path:
    drop(home, "F001", NAME, wage(wage_row(ANN, "x"), wage_row(BEN)))
    run(home, ledger)
    (path,) = home.outbox("F001").glob("*.receipt.json")
    return path


def test_receipt_verifies_with_its_bytes_and_the_public_key_alone(home: Home, issued: Path) -> None:
    receipt = verify_receipt(issued.read_bytes(), read_public_key(issued.with_name("ledger.pub")))
    assert receipt.content["status"] == "PARTIAL"
    assert receipt.key_sha256 == fingerprint(read_public_key(home.public_key_path))
    require_page(receipt, issued.with_name(issued.name.replace(".json", ".html")).read_bytes())


def tampered(data: bytes) -> Iterator[bytes]:
    """Every byte changed, one removed, one added."""
    for place in range(len(data)):
        yield data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    yield data[:-1]
    yield data + b"\n"
    yield data.replace(b'"accepted": 1', b'"accepted": 1, "accepted": 1')
    yield data.replace(b'"quarantined": 1', b'"quarantined": 1.0')
    yield json.dumps(json.loads(data)).encode()
    value = json.loads(data)["signature"]["value"]
    yield data.replace(value.encode(), value.upper().encode())


def test_receipt_does_not_verify_when_any_byte_was_changed(home: Home, issued: Path) -> None:
    public = read_public_key(home.public_key_path)
    for changed in tampered(issued.read_bytes()):
        with pytest.raises(ReceiptError):
            verify_receipt(changed, public)


def test_receipt_does_not_verify_with_the_key_of_another_home(make_home: MakeHome, issued: Path) -> None:
    with pytest.raises(ReceiptError, match="RCP-002"):
        verify_receipt(issued.read_bytes(), read_public_key(make_home("other").public_key_path))


def test_page_is_not_the_receipts_when_it_was_changed(home: Home, issued: Path) -> None:
    receipt = verify_receipt(issued.read_bytes(), read_public_key(home.public_key_path))
    page = issued.with_name(issued.name.replace(".json", ".html")).read_bytes()
    with pytest.raises(ReceiptError, match="RCP-004"):
        require_page(receipt, page.replace(b"<strong>1</strong> accepted", b"<strong>2</strong> accepted"))


def book(home: Home, firm: str = "F001") -> Any:
    (path,) = home.outbox(firm).glob("*.errors.xlsx")
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


def test_workbook_holds_the_refused_rows_with_failing_cells_colored_and_the_reason_beside(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "F001", NAME, wage(wage_row(ANN), wage_row(BEN, "=x"), "1,2"))
    run(home, ledger)
    head, *rows = book(home)["Rows"].iter_rows()
    names = [cell.value for cell in head]
    bad = names.index("gross_wages_usd")
    assert [row[0].value for row in rows] == ["2", "3"]
    assert (rows[0][bad].value, rows[0][bad].data_type) == ("=x", "s")
    assert rows[0][bad].fill.fgColor.rgb == "FFF4B6B6"
    assert "CEL-140" in rows[0][names.index("codes")].value
    assert rows[0][names.index("what to do")].value
    assert rows[1][names.index("raw_text")].value == "1,2"
    assert newest(home)["errors_workbook"].endswith(".errors.xlsx")


def test_no_workbook_is_made_when_every_row_is_taken(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "F001", NAME, wage(wage_row(ANN)))
    run(home, ledger)
    assert newest(home)["errors_workbook"] is None
    assert not list(home.outbox("F001").glob("*.xlsx"))


@pytest.mark.parametrize("rows,shown", [(MOST_ROWS, MOST_ROWS), (MOST_ROWS + 1, MOST_ROWS)])
def test_workbook_shows_the_first_rows_only_when_there_are_many(
    home: Home, ledger: Ledger, drop: Drop, rows: int, shown: int
) -> None:
    drop(home, "F001", NAME, wage(*(wage_row(key(str(n)), "x") for n in range(rows))))
    run(home, ledger)
    made = book(home)
    assert made["Rows"].max_row == shown + 1
    said = f"all {rows}" if rows == shown else f"the first {shown} of {rows}"
    assert said in [row[1].value for row in made["Summary"].iter_rows(max_col=2)]


def test_files_are_made_again_with_the_same_bytes_when_they_are_missing(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "F001", NAME, wage(wage_row(ANN, "x"), wage_row(BEN)))
    drop(home, "F001", "wages.csv", b"?")
    run(home, ledger)
    before = {path: path.read_bytes() for path in home.outbox("F001").iterdir()}
    assert len(before) == 7
    for path in before:
        path.unlink()
    assert restore(home, ledger) == 5
    assert {path: path.read_bytes() for path in home.outbox("F001").iterdir()} == before
    assert deliver(home, ledger) == 0


def test_no_out_box_or_outbox_table_holds_a_value_of_another_firm(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    """Every firm's rows and file names are canaries; each appears in its own out box at most."""
    firms = [f"F{number:03d}" for number in range(1, 5)]
    for firm in firms:
        learner, dollars = key(f"person of {firm}"), f"wage-of-{firm}"
        good, bad = wage_row(learner, firm=firm), wage_row(learner, dollars, firm=firm)
        drop(home, firm, NAME, wage(good, bad, f"ragged-of-{firm}"))
        drop(home, firm, f"named-by-{firm}.csv", b"?")
        drop(home, firm, "wage_2026Q2.csv", wage(wage_row(learner, dollars, firm, "2026Q2")), manifest="{")
    run(home, ledger)
    for firm in firms:
        marks = [key(f"person of {firm}"), f"wage-of-{firm}", f"ragged-of-{firm}", f"named-by-{firm}", firm]
        for other in (one for one in firms if one != firm):
            assert list(home.outbox(other).iterdir())
            for path in home.outbox(other).iterdir():
                assert not [mark for mark in marks if mark.encode() in unpacked(path)], path.name
    values = [
        mark for firm in firms for mark in (key(f"person of {firm}"), f"wage-of-{firm}", f"ragged-of-{firm}")
    ]
    stored = b"".join(path.read_bytes() for path in home.root.glob("ledger.sqlite*"))
    assert not [value for value in values if value.encode() in stored]


def unpacked(path: Path) -> bytes:
    """A file's bytes, and those inside it when it is an archive."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
