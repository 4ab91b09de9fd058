"""A drop's way from the box to its receipt: goldens, planted faults, replays, kills and canaries."""

from __future__ import annotations

import hashlib
import json
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow.parquet as pq
import pytest

from contracts.errors import IntakeError
from contracts.extracts.wage import Wage
from tests.warehouse.conftest import Drop, MakeHome
from warehouse.home import Home
from warehouse.in_force import KINDS, submissions_in_force
from warehouse.intake.fairness import batches
from warehouse.intake.receipts import ReceiptFacts, receipt_content
from warehouse.intake.records import RecordIndex, index_records
from warehouse.intake.validate import IntakeReport, validate_landed
from warehouse.issuing import SHOWN_ON_PAGE, Issuer
from warehouse.keys import read_private_key
from warehouse.lake import Submission, schema_path
from warehouse.landing import LandingReport, land_pending
from warehouse.ledger import VALIDATED, Entry, Ledger
from warehouse.programs import statements_of

Row = tuple[Any, ...]


def key(person: str) -> str:
    return hashlib.sha256(person.encode()).hexdigest()


ANN, BEN, CAT, DAN = (key(name) for name in ("ann", "ben", "cat", "dan"))
WAGE_HEADER = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd,hours_paid,hours_worked"


def wage(*rows: str, header: str = WAGE_HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


def wage_row(person: str, dollars: str = "9000.00", firm: str = "F001", quarter: str = "2026Q1") -> str:
    return f"{person},1,{firm},{quarter},{dollars},520,500"


def run(home: Home, ledger: Ledger, **options: Any) -> IntakeReport:
    land_pending(home, ledger)
    return validate_landed(home, ledger, **options)


def zone(home: Home, name: str, contract: str = "wage") -> list[dict[str, Any]]:
    files = sorted((home.lake / name / contract).glob("firm=*/period=*/*.parquet"))
    return [row for path in files for row in pq.read_table(path, partitioning=None).to_pylist()]


def findings(home: Home, contract: str = "wage") -> list[Row]:
    return [(r["record"], r["line"], r["column"], r["code"]) for r in zone(home, "violations", contract)]


def receipts(home: Home, firm: str = "F001") -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(home.outbox(firm).glob("*.receipt.json"))]


def receipt(home: Home, firm: str = "F001") -> dict[str, Any]:
    (only,) = receipts(home, firm)
    return only


def everything(home: Home) -> Mapping[str, bytes]:
    """Every file of the lake by its path."""
    files = (path for path in home.lake.rglob("*.parquet") if path.is_file())
    return {path.relative_to(home.lake).as_posix(): path.read_bytes() for path in files}


def test_intake_types_and_keeps_every_row_when_the_file_is_sound(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row(ANN, "0"), wage_row(BEN, "9234.5")))
    assert run(home, ledger) == IntakeReport(submissions=1, rows_in=2, accepted=2)
    rows = zone(home, "accepted")
    assert [(r["record"], r["learner_key"], r["gross_wages_usd"]) for r in rows] == [
        (1, ANN, Decimal("0.00")),
        (2, BEN, Decimal("9234.50")),
    ]
    assert {(r["box_firm_id"], r["box_period"], r["tx_from"], r["soc_code"]) for r in rows} == {
        ("F001", "2026Q1", 1, None)
    }
    assert zone(home, "quarantine") == zone(home, "violations") == []
    assert receipt(home)["status"] == "ACCEPTED"


def test_accepted_rows_have_the_columns_of_the_schema_file_when_written(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row(ANN), wage_row(BEN, "x"), "1,2"))
    # A contract whose two columns of a correction are blank in any other file.
    drop(home, "operator", "program_2026Q1.csv", b"program_id,name,effective_from\nP1,Welding,2020-01-01\n")
    run(home, ledger)
    for zone_of, name in (
        *(("accepted", "wage"), ("quarantine", "wage"), ("violations", "wage")),
        ("accepted", "program"),
    ):
        (written,) = (home.lake / zone_of / name).glob("firm=*/period=*/*.parquet")
        expected = pq.read_schema(schema_path(home, zone_of, name))
        assert pq.read_schema(written).equals(expected), (zone_of, name)


@pytest.mark.parametrize(
    "content",
    [
        wage(wage_row(ANN)).replace(b"\n", b"\r\n"),
        wage(wage_row(ANN)).removesuffix(b"\n"),
        b"\xef\xbb\xbf" + wage(wage_row(ANN)),
        wage(
            f"9000.00,2026Q1,F001,1,{ANN}",
            header="gross_wages_usd,year_quarter,firm_id,key_epoch,learner_key",
        ),
        wage(wage_row(ANN).replace("F001", '"F001"')),
        wage("", wage_row(ANN), ""),
    ],
    ids=["crlf", "no-trailing-newline", "bom", "reordered", "quoted", "blank-lines"],
)
def test_intake_accepts_the_row_when_the_file_is_only_unusual(
    home: Home, ledger: Ledger, drop: Drop, content: bytes
) -> None:
    drop(home, "F001", "wage_2026Q1.csv", content)
    assert run(home, ledger) == IntakeReport(submissions=1, rows_in=1, accepted=1)
    assert [row["learner_key"] for row in zone(home, "accepted")] == [ANN]


def test_intake_points_at_record_and_line_when_a_quoted_field_spans_lines(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    rows = ['P1,"Two', 'lines",2020-01-01', "P2,Fine,2020-01-01", 'P3,"Three', "", 'lines",soon']
    drop(home, "operator", "program_2026Q1.csv", wage(*rows, header="program_id,name,effective_from"))
    assert run(home, ledger).rows_in == 3
    late = [found for found in findings(home, "program") if found[0] == 3]
    assert (3, 5, "effective_from", "CEL-120") in late


def test_intake_quarantines_rows_losslessly_when_cells_are_bad(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    bad = wage_row(BEN, '"1,234.50"')
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row(ANN), bad, wage_row(CAT, quarter="2025Q4")))
    assert run(home, ledger) == IntakeReport(submissions=1, rows_in=3, accepted=1, quarantined=2)
    assert findings(home) == [
        (2, 3, "gross_wages_usd", "CEL-140"),
        (3, 4, "year_quarter", "BOX-002"),
    ]
    kept = zone(home, "quarantine")
    assert [(r["record"], r["line"], r["codes"], r["raw_text"]) for r in kept] == [
        (2, 3, ["CEL-140"], None),
        (3, 4, ["BOX-002"], None),
    ]
    assert [(r["gross_wages_usd"], r["hours_paid"]) for r in kept] == [
        ("1,234.50", "520"),
        ("9000.00", "520"),
    ]
    assert receipt(home)["status"] == "PARTIAL"


def test_intake_quarantines_ragged_records_when_the_rest_is_sound(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    ragged = f"{BEN},1,F001"
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row(ANN), ragged, wage_row(CAT), wage_row(DAN) + ",9,9"))
    assert run(home, ledger) == IntakeReport(submissions=1, rows_in=4, accepted=2, quarantined=2)
    assert [row["record"] for row in zone(home, "accepted")] == [1, 3]
    assert findings(home) == [(2, 3, None, "ROW-001"), (4, 5, None, "ROW-001")]
    kept = zone(home, "quarantine")
    assert [row["raw_text"] for row in kept] == [ragged, wage_row(DAN) + ",9,9"]
    assert kept[0]["learner_key"] is None


def test_intake_accepts_the_row_when_it_has_only_warnings(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "F001", "wage_2026Q1.csv", wage(f"{ANN},1,F001,2026Q1,9000.00,500,520"))
    assert run(home, ledger) == IntakeReport(submissions=1, rows_in=1, accepted=1)
    assert [found[3] for found in findings(home)] == ["WAG-201"]
    assert receipt(home)["status"] == "ACCEPTED"
    assert receipt(home)["codes"][0]["severity"] == "WARNING"


def test_intake_flags_every_row_of_a_group_when_keys_repeat(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row(ANN), wage_row(BEN), wage_row(ANN, "9001.00")))
    assert run(home, ledger) == IntakeReport(submissions=1, rows_in=3, accepted=1, quarantined=2)
    assert [(record, code) for record, _, _, code in findings(home)] == [(1, "WAG-301"), (3, "WAG-301")]


@pytest.mark.parametrize(
    "content,code",
    [
        (wage(wage_row(ANN)).decode().encode("utf-16"), "FIL-010"),
        (wage(wage_row(ANN)).replace(b"520", b"5\x002"), "FIL-011"),
        (wage(wage_row(ANN)).replace(b"\n", b"\r"), "FIL-012"),
        (wage(wage_row(ANN), header=WAGE_HEADER.replace("key_epoch", "epoch")), "FIL-020"),
        (wage(wage_row(ANN), header=WAGE_HEADER.replace("hours_paid", "hours_payed")), "FIL-021"),
        (wage(wage_row(ANN), header=WAGE_HEADER.replace("hours_paid", "hours_worked")), "FIL-022"),
        (wage(), "FIL-023"),
        (b"", "FIL-023"),
        (wage(wage_row(ANN).replace(",520", ',"520')), "FIL-024"),
        (wage(wage_row(ANN), header=WAGE_HEADER.replace("hours_paid", "ssn")), "FIL-040"),
    ],
)
def test_intake_refuses_the_file_and_says_so_when_preflight_finds_a_fault(
    home: Home, ledger: Ledger, drop: Drop, content: bytes, code: str
) -> None:
    drop(home, "F001", "wage_2026Q1.csv", content)
    assert run(home, ledger) == IntakeReport(submissions=1, rejected=1)
    (entry,) = ledger.entries(VALIDATED)
    assert entry.body["status"] == "REJECTED"
    assert receipt(home)["file_findings"][0]["code"] == code
    assert zone(home, "accepted") == zone(home, "quarantine") == []
    assert code in home.outbox("F001").glob("*.html").__next__().read_text()


def test_intake_takes_no_rows_when_the_manifest_declares_a_nil_return(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "F001", "wage_2026Q1.csv", wage(), manifest='{"nil_return": true}')
    assert run(home, ledger) == IntakeReport(submissions=1)
    assert receipt(home)["status"] == "ACCEPTED"


def test_nil_return_is_held_and_counts_when_its_bytes_were_rejected_without_the_word(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    name, nil = "wage_2026Q1.csv", '{"nil_return": true}'
    drop(home, "F001", name, wage())
    run(home, ledger)
    rejected = receipt(home)["submission_id"]
    drop(home, "F001", name, wage(), manifest=nil)
    assert land_pending(home, ledger) == LandingReport(received=1, held=1)
    (held,) = (one["submission_id"] for one in receipts(home) if one["status"] == "HELD")
    answer = {"submission_type": "REPLACEMENT", "supersedes": rejected, "answers": held}
    drop(home, "F001", name, manifest=json.dumps(answer)).unlink()
    run(home, ledger)
    (counts,) = submissions_in_force(ledger.entries(*KINDS))
    assert (counts.submission_id, counts.status, counts.rows_in) == (held, "ACCEPTED", 0)
    drop(home, "F001", name, wage(), manifest=nil)
    assert land_pending(home, ledger) == LandingReport(duplicates=1)


@pytest.mark.parametrize("count", [0, 2])
def test_intake_refuses_the_file_when_the_manifest_counts_other_rows(
    home: Home, ledger: Ledger, drop: Drop, count: int
) -> None:
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row(ANN)), manifest=f'{{"row_count": {count}}}')
    run(home, ledger)
    assert receipt(home)["file_findings"][0]["code"] == "FIL-027"


def forgetful(data: bytes) -> RecordIndex:
    """A second counter that misses every file's last record."""
    index = index_records(data)
    cut = {name: getattr(index, name)[:-1] for name in ("starts", "ends", "lines", "fields")}
    return replace(index, **cut)


@pytest.mark.parametrize("rows", [[wage_row(ANN), wage_row(BEN)], [wage_row(ANN), "1,2", wage_row(BEN)]])
def test_intake_loads_nothing_when_the_two_counters_disagree(
    home: Home, ledger: Ledger, drop: Drop, rows: Sequence[str]
) -> None:
    drop(home, "F001", "wage_2026Q1.csv", wage(*rows))
    assert run(home, ledger, counter=forgetful) == IntakeReport(submissions=1, rejected=1)
    assert receipt(home)["file_findings"][0]["code"] == "FIL-025"
    assert zone(home, "accepted") == zone(home, "quarantine") == []


def test_intake_sees_the_own_box_only_when_a_rule_looks_at_another_extract(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    drop(home, "operator", "program_2026Q1.csv", b"program_id,name,effective_from\nP1,Welding,2020-01-01\n")
    enrollment = f"learner_key,key_epoch,program_id,entry_date\n{ANN},1,P1,2026-01-15\n".encode()
    drop(home, "F001", "enrollment_2026Q1.csv", enrollment)
    header = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd,participant_flag"
    for firm in ("F001", "F002"):
        row = f"{ANN},1,{firm},2026Q1,9000.00,1"
        drop(home, firm, "wage_2026Q1.csv", wage(row, header=header))
    assert run(home, ledger).accepted == 4
    assert [(r["firm_id"], r["code"]) for r in zone(home, "violations")] == [("F002", "WAG-401")]


def test_intake_knows_the_latest_register_only_when_a_later_period_replaced_it(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    for quarter, program in (("2026Q1", "OLD"), ("2026Q2", "NEW")):
        row = f"program_id,name,effective_from\n{program},Welding,2020-01-01\n".encode()
        drop(home, "operator", f"program_{quarter}.csv", row)
    rows = "".join(f"{ANN},1,{program},2026-01-15\n" for program in ("OLD", "NEW"))
    drop(
        home, "F001", "enrollment_2026Q1.csv", f"learner_key,key_epoch,program_id,entry_date\n{rows}".encode()
    )
    run(home, ledger)
    assert findings(home, "enrollment") == [(1, 2, "program_id", "CEL-190")]


def test_second_run_is_a_no_op_when_nothing_is_new(home: Home, ledger: Ledger, drop: Drop) -> None:
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row(ANN), wage_row(BEN, "x")))
    run(home, ledger)
    before, head = everything(home), ledger.head()
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row(ANN), wage_row(BEN, "x")))
    assert run(home, ledger) == IntakeReport()
    assert (everything(home), ledger.head()) == (before, head)


class Killed(Exception):
    """The process ends here."""


def kill_at(point: str, time: int) -> Any:
    passed = []

    def at(name: str) -> None:
        passed.append(name)
        if name == point and passed.count(point) == time:
            raise Killed

    return at


def drop_several(home: Home, drop: Drop) -> None:
    for firm in ("F001", "F002", "F003"):
        rows = [wage_row(ANN, firm=firm), wage_row(BEN, "x", firm=firm), "1,2"]
        drop(home, firm, "wage_2026Q1.csv", wage(*rows))
    drop(home, "operator", "program_2026Q1.csv", b"program_id,name,effective_from\nP1,Welding,2020-01-01\n")


@pytest.mark.fault("F01", "F04", "F24")
@pytest.mark.parametrize("point", ["written", "recorded", "delivered"])
@pytest.mark.parametrize("time", [1, 2])
def test_intake_ends_in_the_same_bytes_and_chain_when_it_was_killed(
    make_home: MakeHome, drop: Drop, point: str, time: int
) -> None:
    straight, killed = make_home("straight"), make_home("killed")
    for home in (straight, killed):
        drop_several(home, drop)
    with Ledger.open(straight) as ledger:
        run(straight, ledger)
        head = ledger.head()
    with Ledger.open(killed) as ledger:
        with pytest.raises(Killed):
            run(killed, ledger, at=kill_at(point, time))
        run(killed, ledger)
        assert ledger.head() == head
    assert everything(killed) == everything(straight)
    assert len(receipts(killed, "F003")) == 1


@pytest.mark.parametrize(
    "sizes,expected",
    [
        ([10, 10, 10], [[10, 10], [10]]),
        ([40, 60], [[40, 60]]),
        ([40, 61], [[40], [61]]),
        ([101, 5], [[101], [5]]),
        ([], []),
    ],
)
def test_batches_end_at_two_files_or_a_hundred_bytes_when_so_bounded(
    sizes: Sequence[int], expected: Sequence[Sequence[int]]
) -> None:
    pending = [
        Submission(f"s{seq}", "wage", "F001", "2026Q1", "", "", size, None, False, seq)
        for seq, size in enumerate(sizes)
    ]
    assert [[one.size for one in batch] for batch in batches(pending, 2, 100)] == expected


@pytest.mark.parametrize("files", [1, 2, 500])
def test_lake_files_are_the_same_bytes_when_batches_are_cut_otherwise(
    make_home: MakeHome, drop: Drop, files: int
) -> None:
    reference, home = make_home("reference"), make_home("other")
    intake = home.config.intake.model_copy(update={"batch_files": files})
    home = replace(home, config=home.config.model_copy(update={"intake": intake}))
    for one in (reference, home):
        drop_several(one, drop)
        with Ledger.open(one) as ledger:
            run(one, ledger)
    assert everything(home) == everything(reference)


def test_batch_judges_each_submission_alone_when_two_boxes_send_the_same_bytes(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    content = wage(f"{ANN},1,F001,2026Q1,9000.00,520,500")
    for firm in ("F001", "F002"):
        drop(home, firm, "wage_2026Q1.csv", content)
    assert run(home, ledger) == IntakeReport(submissions=2, rejected=1, rows_in=2, accepted=1, quarantined=1)
    assert [(r["firm_id"], r["code"]) for r in zone(home, "violations")] == [("F002", "BOX-001")]


@pytest.mark.fault("S06")
def test_no_receipt_holds_a_cell_of_the_file_when_every_cell_is_a_canary(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    canary = "Zz9canary"
    cells = [f"{canary}{n}" for n in range(7)]
    rows = [
        ",".join(cells),
        ",".join(cells[:3]),
        wage_row(canary, canary),
        f"{ANN},1,F001,2026Q1,{canary},1,2",
    ]
    drop(home, "F001", "wage_2026Q1.csv", wage(*rows))
    drop(home, "F001", "wage_2026Q2.csv", wage(*rows, header=",".join(cells)))
    drop(home, "F001", "wage_2026Q3.csv", f'{WAGE_HEADER}\n"{canary}\n'.encode())
    run(home, ledger)
    outgoing = [path.read_bytes() for path in home.outbox("F001").iterdir() if path.suffix != ".xlsx"]
    violations = [path.read_bytes() for path in (home.lake / "violations").rglob("*.parquet")]
    assert len(outgoing) == 8
    assert all(canary.encode() not in content for content in outgoing + violations)
    assert canary not in repr(list(ledger.entries())) + repr(zone(home, "violations"))
    assert all(canary.encode() not in file.content for file in ledger.outbox())
    assert canary in repr(zone(home, "quarantine"))


@pytest.mark.fault("I51")
def test_receipt_page_escapes_markup_when_a_name_holds_some(home: Home) -> None:
    evil = "<script>alert(1)</script>"
    submission = Submission("sub-1", "wage", "F001", "2026Q1", evil, "0" * 64, 1, None, False, 1)
    body = {"status": "ACCEPTED", "contract_version": "1.0.0", "accepted_sha256": None}
    body |= {"rows_in": 0, "accepted": 0, "quarantined": 0}
    entry = Entry(2, VALIDATED, body, "", "f" * 64, "2026-11-12T09:30:00+00:00", "")
    facts = ReceiptFacts(submission, (), (), ())
    issuer = Issuer(read_private_key(home.private_key_path), home.config)
    page = issuer.page_and_json(lambda entry: receipt_content(facts, entry), entry)[0].decode()
    assert evil not in page
    assert "&lt;script&gt;" in page


def test_intake_stops_and_records_nothing_when_the_second_judge_disagrees(
    home: Home, ledger: Ledger, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row(ANN, "x")))
    land_pending(home, ledger)
    field = Wage.column("gross_wages_usd").field
    monkeypatch.setattr(type(field), "admit", lambda self, text, around: "1.00")
    with pytest.raises(IntakeError, match="INT-010") as raised:
        validate_landed(home, ledger)
    assert ANN not in str(raised.value)
    assert list(ledger.entries(VALIDATED)) == []


def test_intake_says_nothing_of_a_cell_when_the_engine_raises(
    home: Home, ledger: Ledger, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(home, "F001", "wage_2026Q1.csv", wage(wage_row("Zz9canary")))
    land_pending(home, ledger)
    broken = replace(statements_of(Wage), screened="SELECT learner_key::INTEGER FROM raw")
    monkeypatch.setattr("warehouse.intake.validate.statements_of", lambda _: broken)
    with pytest.raises(IntakeError, match="INT-012") as raised:
        validate_landed(home, ledger)
    assert "Zz9canary" not in "".join(traceback.format_exception(raised.value))


def test_receipt_page_lists_the_first_places_only_when_there_are_many(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    rows = [wage_row(key(str(n)), "x") for n in range(SHOWN_ON_PAGE + 1)]
    drop(home, "F001", "wage_2026Q1.csv", wage(*rows))
    run(home, ledger)
    (page,) = home.outbox("F001").glob("*.html")
    assert page.read_text().count("<td>CEL-140</td>") == SHOWN_ON_PAGE + 1
    assert len(receipt(home)["violations"]) == SHOWN_ON_PAGE + 1
