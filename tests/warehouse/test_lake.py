"""Which submissions are in force, whatever the order of arrival, and how they are written down."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from contracts import CONTRACTS
from warehouse.duck import connect
from warehouse.home import Home
from warehouse.in_force import load_accepted, submissions_in_force, write_in_force
from warehouse.lake import ZONES, InForce, accepted_path, are_alike, ensure_schemas, schema_path
from warehouse.ledger import RECEIVED, STATED, VALIDATED, Entry, Ledger

Body = dict[str, object]


def received(name: str, slot: str = "wage F001 2026Q1", **changes: object) -> Body:
    contract, firm, period = slot.split()
    body: Body = {"submission_id": name, "firm_id": firm, "contract": contract, "period": period}
    body |= {
        "file_name": f"{contract}_{period}.csv",
        "sha256": f"hash of {name}",
        "bytes": 1,
        "manifest": None,
    }
    kind = "REPLACEMENT" if changes.get("supersedes") else "ORIGINAL"
    return body | {"submission_type": kind, "supersedes": None, "held": False} | changes


def validated(name: str, status: str = "ACCEPTED", accepted: int = 3) -> Body:
    body: Body = {"submission_id": name, "contract_version": "1.0.0", "status": status}
    return body | {"rows_in": 3, "accepted": accepted, "quarantined": 3 - accepted, "violations": {}}


def entries(bodies: list[Body]) -> list[Entry]:
    kinds = [VALIDATED if "status" in body else STATED if "answers" in body else RECEIVED for body in bodies]
    return [
        Entry(seq, kind, body, "", "", "", "")  # type: ignore[arg-type]
        for seq, (kind, body) in enumerate(zip(kinds, bodies, strict=True), 1)
    ]


def in_force(*bodies: Body) -> list[str]:
    return [one.submission_id for one in submissions_in_force(entries(list(bodies)))]


def test_submission_is_in_force_when_it_was_validated() -> None:
    (one,) = submissions_in_force(entries([received("a"), validated("a", "PARTIAL", 2)]))
    assert one == InForce("a", "wage", "F001", "2026Q1", "PARTIAL", 3, 2, 1, tx_from=1)


def test_submission_is_not_in_force_when_it_waits_or_is_held() -> None:
    assert in_force(received("a"), received("b", "wage F002 2026Q1", held=True)) == []


def test_replacement_takes_the_place_of_what_it_names_when_both_are_validated() -> None:
    chain = [received("a"), received("b", supersedes="a"), received("c", supersedes="b")]
    for order in permutations("abc"):
        assert in_force(*chain, *(validated(name) for name in order)) == ["c"]


def test_original_stays_in_force_when_its_replacement_is_rejected() -> None:
    both = [received("a"), received("b", supersedes="a")]
    assert in_force(*both, validated("a"), validated("b", "REJECTED", 0)) == ["a"]


def test_rejected_submission_is_listed_without_rows_when_nothing_better_was_sent() -> None:
    (one,) = submissions_in_force(entries([received("a"), validated("a", "REJECTED", 0)]))
    assert (one.status, one.accepted, one.quarantined) == ("REJECTED", 0, 3)


def test_one_of_two_rival_replacements_is_in_force_whichever_came_first() -> None:
    manifest = {"nil_return": False, "row_count": None, "as_of": None}
    early = received("e", supersedes="a", manifest=manifest | {"as_of": "2026-05-01T00:00:00+00:00"})
    late = received("l", supersedes="a", manifest=manifest | {"as_of": "2026-05-02T00:00:00+00:00"})
    for rivals in ([early, late], [late, early]):
        names = ("a", "e", "l")
        assert in_force(received("a"), *rivals, *(validated(name) for name in names)) == ["l"]


def test_only_the_latest_period_counts_when_a_register_states_the_whole() -> None:
    sent = [received(f"p{q}", f"program operator 2026Q{q}") for q in (2, 1)]
    sent += [received(f"c{q}", f"contribution operator 2026Q{q}") for q in (2, 1)]
    results = [validated(name) for name in ("p1", "p2", "c1", "c2")]
    assert in_force(*sent, *results) == ["p2", "c1", "c2"]


def test_earlier_register_stays_in_force_when_the_latest_is_rejected() -> None:
    sent = [received(f"p{q}", f"program operator 2026Q{q}") for q in (1, 2)]
    assert in_force(*sent, validated("p1"), validated("p2", "REJECTED", 0)) == ["p1"]


def test_submissions_are_listed_in_the_order_of_contracts_periods_and_firms() -> None:
    slots = ["wage F002 2026Q1", "wage F001 2026Q2", "placement F009 2026Q3", "wage F001 2026Q1"]
    bodies = [received(slot, slot) for slot in slots]
    listed = in_force(*bodies, *(validated(slot) for slot in slots))
    assert listed == [slots[2], slots[3], slots[0], slots[1]]


def test_in_force_file_tells_the_state_at_a_head_when_one_is_named(home: Home, ledger: Ledger) -> None:
    ledger.append(RECEIVED, received("a"))  # type: ignore[arg-type]
    head = ledger.append(VALIDATED, validated("a")).seq  # type: ignore[arg-type]
    ledger.append(RECEIVED, received("b", supersedes="a"))  # type: ignore[arg-type]
    ledger.append(VALIDATED, validated("b"))  # type: ignore[arg-type]
    path = home.builds / "in_force.parquet"
    assert write_in_force(home, ledger, path, at_head=head) == 1
    assert pq.read_table(path)["submission_id"].to_pylist() == ["a"]
    write_in_force(home, ledger, path)
    assert pq.read_table(path)["submission_id"].to_pylist() == ["b"]


def test_in_force_file_has_its_columns_when_nothing_is_in_force(home: Home, ledger: Ledger) -> None:
    path = home.builds / "in_force.parquet"
    assert write_in_force(home, ledger, path) == 0
    assert pq.read_schema(path).names == [*InForce.__dataclass_fields__, "overruled"]


def test_every_glob_finds_a_typed_file_when_nothing_was_ever_accepted(home: Home) -> None:
    ensure_schemas(home)
    with connect() as con:
        for zone, columns in ZONES.items():
            for name in CONTRACTS:
                pattern = str(home.lake / zone / name / "**" / "*.parquet")
                described = con.execute("DESCRIBE SELECT * FROM read_parquet(?)", [pattern]).fetchall()
                assert {row[0]: row[1] for row in described} == dict(columns(name))


def test_schema_files_are_written_again_when_missing_or_of_another_version_only(home: Home) -> None:
    ensure_schemas(home)
    before = {path: path.read_bytes() for path in home.lake.rglob("*.parquet")}
    missing, older, kept = list(before)[:3]
    missing.unlink()
    older.write_bytes(before[kept] + b"older")
    untouched = kept.stat().st_ino
    ensure_schemas(home)
    assert {path: path.read_bytes() for path in home.lake.rglob("*.parquet")} == before
    assert kept.stat().st_ino == untouched


def test_files_are_alike_unless_some_lay_there_before_their_empty_one(home: Home) -> None:
    ensure_schemas(home)
    empty = schema_path(home, "accepted", "firm")
    assert are_alike(home, "accepted", "firm")
    rows = pq.read_table(empty, partitioning=None)
    older = InForce("s1", "firm", "operator", "2026Q1", "ACCEPTED", 1, 1, 0, 1)
    row = {"submission_id": "s1", "firm_id": "F001"}
    path = accepted_path(home, older)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows.from_pylist([row], schema=rows.schema).drop_columns(["naics_code"]), path)
    ensure_schemas(home)
    assert are_alike(home, "accepted", "firm")
    pq.write_table(rows.drop_columns(["naics_code"]), empty)
    ensure_schemas(home)
    assert "naics_code" in pq.read_schema(empty).names
    assert not are_alike(home, "accepted", "firm")
    with connect() as con:
        load_accepted(con, home, "firm", [older], "mine", ["firm_id", "naics_code"])
        assert con.execute("SELECT firm_id, naics_code FROM mine").fetchall() == [("F001", None)]


@pytest.mark.parametrize("folder", ["plain", "q[1]", "a=b", "star*"])
def test_load_accepted_reads_only_the_files_in_force_when_the_folder_looks_like_a_pattern(
    home: Home, tmp_path: Path, folder: str
) -> None:
    home = Home(tmp_path / folder, home.config)
    ensure_schemas(home)
    submissions = [
        InForce(name, "firm", "operator", "2026Q1", "ACCEPTED", 0, 0, 0, 1) for name in ("s1", "s[1]")
    ]
    empty = pq.read_table(schema_path(home, "accepted", "firm"), partitioning=None)
    for one in submissions:
        row = {"submission_id": one.submission_id, "firm_id": "F001"}
        path = accepted_path(home, one)
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(empty.from_pylist([row], schema=empty.schema), path)
    with connect() as con:
        chosen = InForce(**{**vars(submissions[1]), "accepted": 1})
        load_accepted(con, home, "firm", [chosen, submissions[0]], "mine")
        assert con.execute("SELECT submission_id, firm_id FROM mine").fetchall() == [("s[1]", "F001")]
